package httpapi

import (
	"cmp"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// clientBody is an external application (contract 7.5).
type clientBody struct {
	ID             access.GUID    `json:"id"`
	Name           string         `json:"name"`
	IsConfidential bool           `json:"isConfidential"`
	RedirectURI    *string        `json:"redirectUri"`
	Resources      []resourceBody `json:"resources"`
	Secrets        []secretBody   `json:"secrets"`
}

// createdClientBody is a new external application with the secret that is told only now.
type createdClientBody struct {
	clientBody

	Secret *string `json:"secret"`
}

// secretBody is a client secret. It is told only when it is made.
type secretBody struct {
	ID           int64   `json:"id"`
	Description  string  `json:"description"`
	Secret       *string `json:"secret"`
	CreationTime string  `json:"creationTime"`
	ExpiryTime   *string `json:"expiryTime"`
}

// resourceBody is the OAuth2 scopes that begin with the same segment. How the platform names its resources is not public.
type resourceBody struct {
	Name        string           `json:"name"`
	DisplayName string           `json:"displayName"`
	Description *string          `json:"description"`
	Scopes      []oauthScopeBody `json:"scopes"`
}

// The types of OAuth2 scopes. What the platform's numbers mean is not public.
const (
	scopeOfUser        = 0
	scopeOfApplication = 1
)

type oauthScopeBody struct {
	Name        string  `json:"name"`
	DisplayName string  `json:"displayName"`
	Description *string `json:"description"`
	Type        int     `json:"type"`
}

func newClientBody(c model.Application) clientBody {
	return clientBody{
		ID: c.ID, Name: c.Name, IsConfidential: c.Confidential, RedirectURI: orNull(c.RedirectURI),
		Resources: newResourceBodies(c.Scopes, c.UserScopes), Secrets: each(newSecretBody)(c.Secrets),
	}
}

func newSecretBody(s model.Secret) secretBody {
	return secretBody{
		ID: s.ID, Description: s.Description, CreationTime: model.FormatAccountTime(s.CreatedOn), ExpiryTime: accountTime(s.Expires),
	}
}

// newResourceBodies sorts OAuth2 scopes into resources.
func newResourceBodies(application, user []string) []resourceBody {
	var all []oauthScopeBody
	for _, name := range application {
		all = append(all, oauthScopeBody{Name: name, DisplayName: name, Type: scopeOfApplication})
	}
	for _, name := range user {
		all = append(all, oauthScopeBody{Name: name, DisplayName: name, Type: scopeOfUser})
	}
	slices.SortStableFunc(all, func(a, b oauthScopeBody) int { return cmp.Compare(a.Name, b.Name) })
	resources := []resourceBody{}
	for _, scope := range all {
		name, _, _ := strings.Cut(scope.Name, ".")
		i := slices.IndexFunc(resources, func(r resourceBody) bool { return r.Name == name })
		if i < 0 {
			i = len(resources)
			resources = append(resources, resourceBody{Name: name, DisplayName: name})
		}
		resources[i].Scopes = append(resources[i].Scopes, scope)
	}
	return resources
}
