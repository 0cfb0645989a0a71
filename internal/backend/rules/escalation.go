package rules

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/catalogue"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// Nobody gives away, or to themselves, more than they have at a place (contract 4.7).

// everythingElse stands for what only the role Organization Administrator gives.
const everythingElse = "everything in the organization"

// given is a role that somebody gets somewhere.
type given struct {
	role model.Role
	at   access.Scope
}

// checkGiven refuses to give roles that grant more than the caller has there. A role that has no effect there grants nothing.
func (s *Session) checkGiven(ctx context.Context, all []given) error {
	all = slices.DeleteFunc(slices.Clone(all), func(g given) bool {
		return !access.HasEffect(g.role.Shape, g.role.Service, g.role.TenantID, g.at) || s.administersAccess(g.role, g.at)
	})
	if len(all) == 0 {
		return nil
	}
	permissions, err := s.permissionsOf(ctx, all)
	if err != nil {
		return err
	}
	for _, g := range all {
		if missing := s.missing(g.role, permissions[g.role.ID], g.at); len(missing) > 0 {
			return refuse(Forbidden, "The role %q (%s) grants more at %s than the caller has there: %s. Nobody gives more than they have.",
				g.role.Name, g.role.ID, g.at, firstOf(missing))
		}
	}
	return nil
}

// administersAccess reports whether the caller is there to give a role at a scope, whatever it grants: as an administrator of the
// organization, of the tenant, or of access. Only the first gives the role that grants everything. In strict mode an administrator of access
// has what that role lists, because no public source shows that it may give more.
func (s *Session) administersAccess(role model.Role, at access.Scope) bool {
	return slices.ContainsFunc(s.grants, func(g grant) bool {
		switch {
		case !g.scope.Contains(at):
			return false
		case catalogue.IsOrganizationAdministrator(g.role.ID):
			return true
		case catalogue.IsOrganizationAdministrator(role.ID):
			return false
		}
		return catalogue.IsTenantAdministrator(g.role.ID) || !s.Strict && catalogue.IsAccessAdministrator(g.role.ID)
	})
}

// missing returns what a role with these permissions grants and the caller does not have at a scope.
func (s *Session) missing(role model.Role, permissions []string, at access.Scope) []string {
	if catalogue.IsOrganizationAdministrator(role.ID) {
		return []string{everythingElse}
	}
	return slices.DeleteFunc(slices.Clone(permissions), func(permission string) bool { return s.can(permission, at) })
}

// permissionsOf returns the permissions of roles by id. Custom roles are listed without theirs.
func (s *Session) permissionsOf(ctx context.Context, all []given) (map[access.GUID][]string, error) {
	var custom []access.GUID
	for _, g := range all {
		if g.role.Type == access.RoleCustom {
			custom = append(custom, g.role.ID)
		}
	}
	permissions, err := s.tx.Permissions(ctx, model.SortedUnique(custom))
	if err != nil {
		return nil, err
	}
	for _, g := range all {
		if g.role.Type != access.RoleCustom {
			permissions[g.role.ID] = g.role.Permissions
		}
	}
	return permissions, nil
}

// checkJoins refuses, in strict mode, to let somebody act with what groups or applications hold, themselves or through groups, if that is more
// than the caller has. Otherwise the token's scope is enough, as the vendor documents (contract 2.4).
func (s *Session) checkJoins(ctx context.Context, holderIDs ...access.GUID) error {
	if !s.Strict {
		return nil
	}
	for _, id := range holderIDs {
		if err := s.checkJoin(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) checkJoin(ctx context.Context, holderID access.GUID) error {
	held, err := s.heldBy(ctx, holderID)
	if err != nil {
		return err
	}
	roles, err := s.rolesOf(ctx, held)
	if err != nil {
		return err
	}
	var all []given
	for _, a := range held {
		if role, ok := roles[a.RoleID]; ok && !role.OfOrchestrator {
			all = append(all, given{role, a.Scope})
		}
	}
	return s.checkGiven(ctx, all)
}

// checkOwnRole refuses to put permissions into a role that the caller holds, itself or through a group, where the caller does not have them
// at a place where it holds the role.
func (s *Session) checkOwnRole(role model.Role) error {
	for _, g := range s.grants {
		if g.role.ID != role.ID || s.administersAccess(role, g.scope) {
			continue
		}
		if missing := s.missing(role, role.Permissions, g.scope); len(missing) > 0 {
			return refuse(Forbidden, "The caller holds the role %q (%s) at %s and does not have there: %s. "+
				"Nobody puts more into a role of their own than they have: another administrator may.", role.Name, role.ID, g.scope, firstOf(missing))
		}
	}
	return nil
}

// firstOf lists the first of some permissions, and says how many more there are.
func firstOf(permissions []string) string {
	if more := len(permissions) - maxViolations; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(permissions[:maxViolations], ", "), more)
	}
	return strings.Join(permissions, ", ")
}

// keepAdministrator makes a change, and refuses it if it leaves the organization without anybody who can sign in as its administrator. An
// organization that had none before may be changed.
func (s *Session) keepAdministrator(ctx context.Context, change func() error) error {
	before, err := s.hasAdministrator(ctx)
	if err != nil {
		return err
	}
	if err := change(); err != nil || !before {
		return err
	}
	after, err := s.hasAdministrator(ctx)
	if err == nil && !after {
		err = refuse(Forbidden, "This would leave the organization without an organization administrator who can sign in: "+
			"first make somebody else one.")
	}
	return err
}

func (s *Session) hasAdministrator(ctx context.Context) (bool, error) {
	return s.tx.SomebodyHolds(ctx, catalogue.OrganizationAdministratorID(), access.Organization)
}
