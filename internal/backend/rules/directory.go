package rules

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/catalogue"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// The OAuth2 scopes that an external application needs one of (contract 2.4).
var (
	scopesToReadUsers   = []string{"PM.User", "PM.User.Read"}
	scopesToReadGroups  = []string{"PM.Group", "PM.Group.Read"}
	scopesToWriteGroups = []string{"PM.Group", "PM.Group.Write"}
	scopesToReadRobots  = []string{"PM.RobotAccount", "PM.RobotAccount.Read"}
	scopesToReadClients = []string{"PM.OAuthApp", "PM.OAuthApp.Read"}
	scopesToReadFolders = []string{"OR.Folders", "OR.Folders.Read"}
)

// Entity is a principal as the directory shows it, whatever its kind.
type Entity struct {
	ID   access.GUID
	Kind access.PrincipalType
	// Name is the user name of a user, and the name of everything else.
	Name        string
	DisplayName string
	// Email is empty for everything but users.
	Email  string
	Source access.PrincipalSource
}

// DirectoryQuery asks for entities. Kinds and sources that are empty do not narrow it.
type DirectoryQuery struct {
	// StartsWith is the beginning of a name, display name or email in any case.
	StartsWith string
	Kinds      []access.PrincipalType
	Among      []EntityClass
}

// EntityClass is a kind of principals from one source.
type EntityClass struct {
	Kind   access.PrincipalType
	Source access.PrincipalSource
}

// Partition returns what is wrong with the id of an organization in a request.
func (s *Session) Partition(id string) []Violation {
	if strings.EqualFold(id, s.organization.ID.String()) {
		return nil
	}
	return []Violation{{Field: FieldPartition, Message: fmt.Sprintf("The value '%s' is not valid.", id)}}
}

// hasScope refuses an external application whose token has none of the given OAuth2 scopes.
func (s *Session) hasScope(oneOf []string) error {
	if s.callerKind != access.PrincipalExternalApplication || slices.ContainsFunc(oneOf, func(scope string) bool { return slices.Contains(s.scopes, scope) }) {
		return nil
	}
	// The text is the platform's own (contract 2.2), with its blank at the end.
	return refuse(ScopeMissing, "Scope(s) '%s' is(are) invalid. Expect to have '%s'. ", strings.Join(s.scopes, " "), strings.Join(oneOf, "' or '"))
}

// administers refuses who may not look after the accounts of the organization: external applications without the scope, and
// users who are not organization administrators (contract 2.5).
func (s *Session) administers(scopes []string) error {
	if err := s.hasScope(scopes); err != nil || s.callerKind == access.PrincipalExternalApplication {
		return err
	}
	if !s.isOrganizationAdministrator() {
		return refuse(Forbidden, "Only organization administrators, and external applications with the scope %s, may use this.",
			strings.Join(scopes, " or "))
	}
	return nil
}

// isOrganizationAdministrator reports whether the caller holds the role that grants everything, at the organization.
func (s *Session) isOrganizationAdministrator() bool {
	return slices.ContainsFunc(s.grants, func(g grant) bool {
		return catalogue.IsOrganizationAdministrator(g.role.ID) && g.scope == access.Organization
	})
}

// entities returns everybody in the directory by display name, those included that were not added to the organization.
func (s *Session) entities(ctx context.Context) ([]Entity, error) {
	users, err := s.tx.AllUsers(ctx)
	if err != nil {
		return nil, err
	}
	groups, err := s.tx.AllGroups(ctx)
	if err != nil {
		return nil, err
	}
	robots, err := s.tx.Robots(ctx)
	if err != nil {
		return nil, err
	}
	applications, err := s.tx.Applications(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]Entity, 0, len(users)+len(groups)+len(robots)+len(applications))
	for _, u := range users {
		all = append(all, Entity{u.ID, access.PrincipalUser, u.UserName, u.DisplayName, u.Email, u.Source})
	}
	for _, g := range groups {
		all = append(all, groupEntity(g))
	}
	for _, r := range robots {
		all = append(all, Entity{r.ID, access.PrincipalRobot, r.Name, r.DisplayName, "", access.SourceLocal})
	}
	for _, a := range applications {
		all = append(all, Entity{a.ID, access.PrincipalExternalApplication, a.Name, a.Name, "", access.SourceLocal})
	}
	slices.SortFunc(all, func(a, b Entity) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.DisplayName), strings.ToLower(b.DisplayName)), cmp.Compare(a.ID, b.ID))
	})
	return all, nil
}

func groupEntity(g model.Group) Entity {
	return Entity{g.ID, access.PrincipalGroup, g.Name, g.Name, "", g.Source}
}

// Search returns the entities that a query asks for, by display name. Every caller may search.
func (s *Session) Search(ctx context.Context, q DirectoryQuery) ([]Entity, error) {
	all, err := s.entities(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(e Entity) bool { return !q.matches(e) }), nil
}

func (q DirectoryQuery) matches(e Entity) bool {
	begins := func(text string) bool {
		return strings.HasPrefix(strings.ToLower(text), strings.ToLower(q.StartsWith))
	}
	return (len(q.Kinds) == 0 || slices.Contains(q.Kinds, e.Kind)) &&
		(len(q.Among) == 0 || slices.Contains(q.Among, EntityClass{e.Kind, e.Source})) &&
		(begins(e.Name) || begins(e.DisplayName) || begins(e.Email))
}

// ResolveNames returns the entities of one kind that have the given names, by name. A user is found by user name and email in
// any case, an application by name in any case, a group by the exact spelling of its name. Every caller may ask.
func (s *Session) ResolveNames(ctx context.Context, kind access.PrincipalType, names []string) (map[string]Entity, error) {
	all, err := s.entities(ctx)
	if err != nil {
		return nil, err
	}
	found := map[string]Entity{}
	for _, name := range names {
		i := slices.IndexFunc(all, func(e Entity) bool { return e.Kind == kind && name != "" && e.isNamed(name) })
		if i >= 0 {
			found[name] = all[i]
		}
	}
	return found, nil
}

func (e Entity) isNamed(name string) bool {
	if e.Kind == access.PrincipalGroup {
		return e.Name == name
	}
	return strings.EqualFold(e.Name, name) || strings.EqualFold(e.Email, name)
}

// GroupMembership returns those of the given groups that a principal is in, itself or through other groups, by name. Every
// caller may ask.
func (s *Session) GroupMembership(ctx context.Context, principalID string, groupIDs []string) ([]Entity, error) {
	in, err := s.tx.GroupsOf(ctx, access.OptionalGUID(principalID))
	if err != nil {
		return nil, err
	}
	groups, err := s.tx.AllGroups(ctx)
	if err != nil {
		return nil, err
	}
	asked, found := canonical(groupIDs), []Entity{}
	for _, g := range groups {
		if slices.Contains(in, g.ID) && slices.Contains(asked, g.ID) {
			found = append(found, groupEntity(g))
		}
	}
	return found, nil
}
