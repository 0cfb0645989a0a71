package httpapi

import (
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// clientBody is an external application without its secret (contract 7.5).
type clientBody struct {
	ID             access.GUID    `json:"id"`
	Name           string         `json:"name"`
	IsConfidential bool           `json:"isConfidential"`
	RedirectURI    *string        `json:"redirectUri"`
	Resources      []resourceBody `json:"resources"`
	Secrets        []struct{}     `json:"secrets"`
}

// resourceBody is the OAuth2 scopes that begin with the same segment. How the platform names its resources is not public.
type resourceBody struct {
	Name        string           `json:"name"`
	DisplayName string           `json:"displayName"`
	Description *string          `json:"description"`
	Scopes      []oauthScopeBody `json:"scopes"`
}

type oauthScopeBody struct {
	Name string `json:"name"`
}

func newClientBody(c model.Application) clientBody {
	b := clientBody{ID: c.ID, Name: c.Name, IsConfidential: true, Resources: []resourceBody{}, Secrets: []struct{}{}}
	for _, scope := range c.Scopes {
		name, _, _ := strings.Cut(scope, ".")
		// Scopes are sorted, so those of one resource stand together.
		if n := len(b.Resources); n == 0 || b.Resources[n-1].Name != name {
			b.Resources = append(b.Resources, resourceBody{Name: name, DisplayName: name})
		}
		last := &b.Resources[len(b.Resources)-1]
		last.Scopes = append(last.Scopes, oauthScopeBody{scope})
	}
	return b
}
