package httpapi

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

const (
	// maxNames is how many names are resolved at once (contract 7.1).
	maxNames = 20
	// maxGroupIDs bounds how many groups one question about membership names. The platform's own limit is not public.
	maxGroupIDs = 1000
	// defaultAccounts is the page of users, robot accounts and members where top is left out (contract 7.2).
	defaultAccounts = 10
)

// The names of parameters and members that several endpoints of the directory read.
const (
	entityTypeName = "entityType"
	namesName      = "entityNames"
	groupIDsName   = "groupIds"
)

// Codes of entities, as a search shows them (contract 7.1). Robot accounts count as users there.
var entityCodes = map[access.PrincipalType]int{
	access.PrincipalUser: 0, access.PrincipalRobot: 0, access.PrincipalGroup: 1, access.PrincipalExternalApplication: 2,
}

// objectTypes are the names of the kinds of principals in the directory.
var objectTypes = map[access.PrincipalType]string{
	access.PrincipalUser: "DirectoryUser", access.PrincipalGroup: "DirectoryGroup", access.PrincipalRobot: "DirectoryRobotUser",
	access.PrincipalExternalApplication: "DirectoryApplication",
}

// entityTypes are what a caller may ask for. Which kinds they cover follows from the codes.
var entityTypes = []string{"user", "group", "application"}

// sourceFilters are the classes of entities that a search may be narrowed to.
var sourceFilters = map[string]rules.EntityClass{
	"localUsers":      {Kind: access.PrincipalUser, Source: access.SourceLocal},
	"directoryUsers":  {Kind: access.PrincipalUser, Source: access.SourceDirectory},
	"localGroups":     {Kind: access.PrincipalGroup, Source: access.SourceLocal},
	"directoryGroups": {Kind: access.PrincipalGroup, Source: access.SourceDirectory},
	"robotAccounts":   {Kind: access.PrincipalRobot, Source: access.SourceLocal},
	"applications":    {Kind: access.PrincipalExternalApplication, Source: access.SourceLocal},
}

// directoryError is a refusal in the directory's own envelope.
type directoryError struct {
	status  int
	message string
}

// Error implements error.
func (e *directoryError) Error() string { return e.message }

// searchBody is an entity as a search shows it.
type searchBody struct {
	Source       string      `json:"source"`
	Identifier   access.GUID `json:"identifier"`
	IdentityName string      `json:"identityName"`
	DisplayName  string      `json:"displayName"`
	Email        *string     `json:"email"`
	Domain       *string     `json:"domain"`
	Type         int         `json:"type"`
	ObjectType   string      `json:"objectType"`
}

// entityBody is an entity as everything else shows it: members of groups, groups of somebody, resolved names.
type entityBody struct {
	ObjectType  string      `json:"objectType"`
	ExternalID  *string     `json:"externalId"`
	Source      string      `json:"source"`
	Identifier  access.GUID `json:"identifier"`
	Name        string      `json:"name"`
	Email       *string     `json:"email"`
	DisplayName string      `json:"displayName"`
}

func newEntityBody(e rules.Entity) entityBody {
	return entityBody{
		ObjectType: objectTypes[e.Kind], Source: string(e.Source), Identifier: e.ID, Name: e.Name, Email: orNull(e.Email),
		DisplayName: e.DisplayName,
	}
}

func newEntityBodies(entities []rules.Entity) []entityBody {
	bodies := make([]entityBody, len(entities))
	for i, e := range entities {
		bodies[i] = newEntityBody(e)
	}
	return bodies
}

// scopeBody is a source of accounts. The platform's own shape is not public.
type scopeBody struct {
	Source   string `json:"source"`
	External bool   `json:"external"`
}

// directoryRoutes are the endpoints of the identity service.
func (a *API) directoryRoutes() []route {
	const api = "/{org}/identity_/api/"
	return []route{
		{"SearchDirectory", http.MethodGet, api + "Directory/Search/{p}", a.search},
		{"BulkResolveByName", http.MethodPost, api + "Directory/BulkResolveByName/{p}", a.resolveNames},
		{"DirectoryScopes", http.MethodGet, api + "Directory/Scopes/{p}", a.directoryScopes},
		{"GroupMembership", http.MethodPost, api + "Directory/GroupMembership/{p}", a.groupMembership},
		{"ListUsers", http.MethodGet, api + "User/users/{p}", a.listUsers},
		{"GetUser", http.MethodGet, api + "User/{id}", a.getUser},
		{"DeleteUser", http.MethodDelete, api + "User/{id}", a.deleteUser},
		{"ListGroups", http.MethodGet, api + "Group/{p}", a.listGroups},
		{"CreateGroup", http.MethodPost, api + "Group", a.createGroup},
		// The segment is the group's id here. A pattern cannot have two names for one segment.
		{"UpdateGroup", http.MethodPut, api + "Group/{p}", a.updateGroup},
		{"GetGroup", http.MethodGet, api + "Group/{p}/{id}", a.getGroup},
		{"DeleteGroup", http.MethodDelete, api + "Group/{p}/{id}", a.deleteGroup},
		{"ListGroupMembers", http.MethodGet, api + "Group/{p}/{id}/Members", a.listMembers},
		{"ListRobotAccounts", http.MethodGet, api + "RobotAccount/{p}", a.listRobots},
		{"GetRobotAccount", http.MethodGet, api + "RobotAccount/{p}/{id}", a.getRobot},
		{"ListExternalClients", http.MethodGet, api + "ExternalClient/{p}", a.listClients},
		{"GetExternalClient", http.MethodGet, api + "ExternalClient/{p}/{id}", a.getClient},
		{"ListFolders", http.MethodGet, "/{org}/{tenant}/orchestrator_/odata/Folders", a.listFolders},
	}
}

// readDirectory answers with what f returns for the caller of a request whose path names the organization by its id.
func readDirectory[T any](a *API, r *http.Request, f func(*rules.Session) (T, error)) (reply, error) {
	var out T
	err := a.read(r, func(s *rules.Session) (err error) {
		if err := partition(r, s); err != nil {
			return err
		}
		out, err = f(s)
		return err
	})
	if err != nil {
		return reply{}, err
	}
	return jsonReply(out)
}

// partition refuses a path that names another organization, or names this one otherwise than by its id.
func partition(r *http.Request, s *rules.Session) error {
	if wrong := s.Partition(r.PathValue("p")); len(wrong) > 0 {
		return rules.Invalidate(wrong...)
	}
	return nil
}

func (a *API) search(r *http.Request) (reply, error) {
	return readDirectory(a, r, func(s *rules.Session) ([]searchBody, error) {
		q := a.query(r, "startsWith", entityTypeName, "sourceFilter")
		wanted := rules.DirectoryQuery{StartsWith: q.text("startsWith"), Kinds: kindsOf(q.oneOf(entityTypeName, entityTypes))}
		if wanted.StartsWith == "" {
			q.wrongf("startsWith", "The startsWith field is required.")
		}
		for _, name := range q.values["sourceFilter"] {
			class, ok := sourceFilter(name)
			if !ok {
				q.wrongf("sourceFilter", "The value '%s' is not valid.", name)
				break
			}
			wanted.Among = append(wanted.Among, class)
		}
		if err := q.err(); err != nil {
			return nil, err
		}
		entities, err := s.Search(r.Context(), wanted)
		out := make([]searchBody, len(entities))
		for i, e := range entities {
			out[i] = searchBody{
				Source: string(e.Source), Identifier: e.ID, IdentityName: e.Name, DisplayName: e.DisplayName, Email: orNull(e.Email),
				Type: entityCodes[e.Kind], ObjectType: objectTypes[e.Kind],
			}
		}
		return out, err
	})
}

// kindsOf returns the kinds of principals that an entity type covers: all of them where it is empty.
func kindsOf(entityType string) []access.PrincipalType {
	var kinds []access.PrincipalType
	for kind, code := range entityCodes {
		if entityType == "" || entityTypes[code] == entityType {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

func sourceFilter(name string) (rules.EntityClass, bool) {
	for known, class := range sourceFilters {
		if strings.EqualFold(known, name) {
			return class, true
		}
	}
	return rules.EntityClass{}, false
}

func (a *API) resolveNames(r *http.Request) (reply, error) {
	text, err := readBody(r)
	if err != nil {
		return reply{}, err
	}
	return readDirectory(a, r, func(s *rules.Session) (map[string]*entityBody, error) {
		b, err := a.body(r, text, namesName, entityTypeName)
		if err != nil {
			return nil, err
		}
		names, entityType := member[[]string](b, namesName), member[string](b, entityTypeName)
		if names == nil {
			b.wrongf(namesName, "The entityNames field is required.")
		}
		kind, ok := resolvable(entityType)
		if !ok {
			b.wrongf(entityTypeName, "The value '%s' is not valid: it is one of %s.", deref(entityType), strings.Join(entityTypes, ", "))
		}
		if err := b.err(); err != nil {
			return nil, err
		}
		if len(*names) > maxNames {
			return nil, &directoryError{http.StatusBadRequest,
				fmt.Sprintf("entityNames size is larger that maximum supported value of %d", maxNames)}
		}
		found, err := s.ResolveNames(r.Context(), kind, *names)
		out := make(map[string]*entityBody, len(*names))
		for _, name := range *names {
			out[name] = nil
			if e, ok := found[name]; ok {
				one := newEntityBody(e)
				out[name] = &one
			}
		}
		return out, err
	})
}

// resolvable reads the kind of principals whose names can be resolved. Those of robot accounts cannot (contract 7.1).
func resolvable(entityType *string) (access.PrincipalType, bool) {
	kinds := []access.PrincipalType{access.PrincipalUser, access.PrincipalGroup, access.PrincipalExternalApplication}
	i := slices.IndexFunc(entityTypes, func(known string) bool { return strings.EqualFold(known, deref(entityType)) })
	if i < 0 {
		return "", false
	}
	return kinds[i], true
}

func deref(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// directoryScopes says where accounts come from: there is an external source where a directory is linked.
func (a *API) directoryScopes(r *http.Request) (reply, error) {
	return readDirectory(a, r, func(s *rules.Session) ([]scopeBody, error) {
		out := []scopeBody{{Source: string(access.SourceLocal)}}
		if s.Organization().ExternalDirectory {
			out = append(out, scopeBody{string(access.SourceDirectory), true})
		}
		return out, a.query(r).err()
	})
}

func (a *API) groupMembership(r *http.Request) (reply, error) {
	text, err := readBody(r)
	if err != nil {
		return reply{}, err
	}
	return readDirectory(a, r, func(s *rules.Session) ([]entityBody, error) {
		b, err := a.body(r, text, "userId", groupIDsName)
		if err != nil {
			return nil, err
		}
		user, groups := member[string](b, "userId"), member[[]string](b, groupIDsName)
		if user == nil {
			b.wrongf("userId", "The userId field is required.")
		}
		switch {
		case groups == nil:
			b.wrongf(groupIDsName, "The groupIds field is required.")
		case len(*groups) > maxGroupIDs:
			b.wrongf(groupIDsName, "%d ids are given; at most %d are read.", len(*groups), maxGroupIDs)
		}
		if err := b.err(); err != nil {
			return nil, err
		}
		in, err := s.GroupMembership(r.Context(), *user, *groups)
		return newEntityBodies(in), err
	})
}
