package httpapi

import (
	"math"
	"net/http"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

// Codes of accounts (contract 7.2). The platform sends numbers where its own description has names.
const (
	accountUser           = 0
	accountDirectoryUser  = 2
	accountDirectoryGroup = 3
	accountRobot          = 4
	accountApplication    = 5

	categoryLocal     = 0
	categoryDirectory = 2
)

// pageBody is a page of a list.
type pageBody[T any] struct {
	TotalCount int `json:"totalCount"`
	Results    []T `json:"results"`
}

// userBody is a user (contract 7.2). Times are null, because the backend keeps none of accounts.
type userBody struct {
	ID                   access.GUID   `json:"id"`
	UserName             string        `json:"userName"`
	Email                *string       `json:"email"`
	EmailConfirmed       bool          `json:"emailConfirmed"`
	Name                 string        `json:"name"`
	Surname              string        `json:"surname"`
	DisplayName          string        `json:"displayName"`
	CreationTime         *string       `json:"creationTime"`
	LastModificationTime *string       `json:"lastModificationTime"`
	LastLoginTime        *string       `json:"lastLoginTime"`
	GroupIDs             []access.GUID `json:"groupIDs"`
	LegacyID             *string       `json:"legacyId"`
	IsActive             bool          `json:"isActive"`
	BypassRestriction    bool          `json:"bypassBasicAuthRestriction"`
	Type                 int           `json:"type"`
	Category             int           `json:"category"`
	InvitationAccepted   bool          `json:"invitationAccepted"`
}

func newUserBody(u rules.UserAccount) userBody {
	b := userBody{
		ID: u.ID, UserName: u.UserName, Email: orNull(u.Email), EmailConfirmed: u.InvitationAccepted, Name: u.Name, Surname: u.Surname,
		DisplayName: u.DisplayName, GroupIDs: u.GroupIDs, IsActive: u.Active, InvitationAccepted: u.InvitationAccepted,
		Type: accountUser, Category: categoryLocal,
	}
	if u.Source == access.SourceDirectory {
		b.Type, b.Category = accountDirectoryUser, categoryDirectory
	}
	return b
}

// robotBody is a robot account (contract 7.4).
type robotBody struct {
	ID            access.GUID   `json:"id"`
	Name          string        `json:"name"`
	DisplayName   string        `json:"displayName"`
	CreationTime  *string       `json:"creationTime"`
	LastLoginTime *string       `json:"lastLoginTime"`
	GroupIDs      []access.GUID `json:"groupIds"`
}

func newRobotBody(r rules.RobotAccount) robotBody {
	return robotBody{ID: r.ID, Name: r.Name, DisplayName: r.DisplayName, GroupIDs: append([]access.GUID{}, r.GroupIDs...)}
}

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

func newPageBody[F, T any](page rules.AccountPage[F], body func(F) T) pageBody[T] {
	out := pageBody[T]{page.Total, make([]T, len(page.Results))}
	for i, one := range page.Results {
		out.Results[i] = body(one)
	}
	return out
}

// accountQuery reads what lists of accounts are asked for with.
func (a *API) accountQuery(r *http.Request, sortKeys []string) (rules.AccountQuery, error) {
	q := a.query(r, "searchTerm", "top", "skip", "sortBy", "sortOrder")
	wanted := rules.AccountQuery{
		SearchTerm: q.text("searchTerm"), SortBy: q.oneOf("sortBy", sortKeys),
		Descending: q.oneOf("sortOrder", []string{"asc", "desc"}) == "desc",
		Top:        q.number("top", defaultAccounts, maxTop), Skip: q.number("skip", 0, math.MaxInt32),
	}
	return wanted, q.err()
}

func (a *API) listUsers(r *http.Request) (reply, error) {
	return readDirectory(a, r, func(s *rules.Session) (pageBody[userBody], error) {
		q, err := a.accountQuery(r, rules.UserSortKeys)
		if err != nil {
			return pageBody[userBody]{}, err
		}
		page, err := s.Users(r.Context(), q)
		return newPageBody(page, newUserBody), err
	})
}

// getUser is an endpoint of the directory whose path does not name the organization by its id.
func (a *API) getUser(r *http.Request) (reply, error) {
	var out userBody
	err := a.read(r, func(s *rules.Session) error {
		if err := a.query(r).err(); err != nil {
			return err
		}
		u, err := s.User(r.Context(), r.PathValue("id"))
		out = newUserBody(u)
		return err
	})
	if err != nil {
		return reply{}, err
	}
	return jsonReply(out)
}

// deleteUser does not name the organization either.
func (a *API) deleteUser(r *http.Request) (reply, error) {
	err := a.change(r, func(s *rules.Session) error {
		if err := a.query(r).err(); err != nil {
			return err
		}
		return s.DeleteUser(r.Context(), r.PathValue("id"))
	})
	return reply{status: http.StatusNoContent}, err
}

func (a *API) listRobots(r *http.Request) (reply, error) {
	return readDirectory(a, r, func(s *rules.Session) (pageBody[robotBody], error) {
		q, err := a.accountQuery(r, rules.RobotSortKeys)
		if err != nil {
			return pageBody[robotBody]{}, err
		}
		page, err := s.Robots(r.Context(), q)
		return newPageBody(page, newRobotBody), err
	})
}

func (a *API) getRobot(r *http.Request) (reply, error) {
	return readDirectory(a, r, func(s *rules.Session) (robotBody, error) {
		if err := a.query(r).err(); err != nil {
			return robotBody{}, err
		}
		robot, err := s.Robot(r.Context(), r.PathValue("id"))
		return newRobotBody(robot), err
	})
}

func (a *API) listClients(r *http.Request) (reply, error) {
	return readDirectory(a, r, func(s *rules.Session) ([]clientBody, error) {
		if err := a.query(r).err(); err != nil {
			return nil, err
		}
		clients, err := s.Clients(r.Context())
		out := make([]clientBody, len(clients))
		for i, c := range clients {
			out[i] = newClientBody(c)
		}
		return out, err
	})
}

func (a *API) getClient(r *http.Request) (reply, error) {
	return readDirectory(a, r, func(s *rules.Session) (clientBody, error) {
		if err := a.query(r).err(); err != nil {
			return clientBody{}, err
		}
		client, err := s.Client(r.Context(), r.PathValue("id"))
		return newClientBody(client), err
	})
}
