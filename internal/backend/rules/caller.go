package rules

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/catalogue"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/store"
)

// The permissions that the rules ask for.
const (
	readActions = "AUTHZ.ACTION.READ"
	readRoles   = "AUTHZ.ROLE.READ"
	createRoles = "AUTHZ.ROLE.CREATE"
	updateRoles = "AUTHZ.ROLE.UPDATE"
	deleteRoles = "AUTHZ.ROLE.DELETE"

	readAssignments   = "AUTHZ.ROLEASSIGNMENT.READ"
	createAssignments = "AUTHZ.ROLEASSIGNMENT.CREATE"
	deleteAssignments = "AUTHZ.ROLEASSIGNMENT.DELETE"
)

// Rules are the platform's rules with what they depend on.
type Rules struct {
	Catalogue *catalogue.Catalogue
	// Now is the clock.
	Now func() time.Time
	// NewID makes the ids of what is created.
	NewID func() access.GUID
	// TokenLifetime is how long an access token counts.
	TokenLifetime time.Duration
	// Strict refuses what no public source shows to work.
	Strict bool
}

// Session is one caller in one transaction.
type Session struct {
	*Rules

	tx           *store.Tx
	organization model.Organization
	callerID     access.GUID
	callerKind   access.PrincipalType
	// scopes are the OAuth2 scopes of an external application's token.
	scopes []string
	grants []grant
}

// grant is a role that the caller holds somewhere, itself or through a group, and that has an effect there.
type grant struct {
	role  model.Role
	scope access.Scope
}

// session loads what the caller may do.
func (r *Rules) session(ctx context.Context, tx *store.Tx, id access.GUID, kind access.PrincipalType) (*Session, error) {
	s := &Session{Rules: r, tx: tx, callerID: id, callerKind: kind}
	var err error
	if s.organization, err = tx.Organization(ctx); err != nil {
		return nil, err
	}
	groups, err := tx.GroupsOf(ctx, id)
	if err != nil {
		return nil, err
	}
	held, err := tx.AssignmentsHeld(ctx, store.AssignmentFilter{}, append(groups, id))
	if err != nil {
		return nil, err
	}
	for _, a := range held {
		role, ok := r.Catalogue.Role(a.RoleID)
		if !ok {
			if role, ok, err = tx.Role(ctx, a.RoleID); err != nil {
				return nil, err
			}
		}
		if ok && effective(role, a) {
			s.grants = append(s.grants, grant{role, a.Scope})
		}
	}
	return s, nil
}

// Organization returns the organization that the caller is in.
func (s *Session) Organization() model.Organization { return s.organization }

// effective reports whether an assignment does anything. What the platform assigned itself counts always.
func effective(role model.Role, a model.Assignment) bool {
	return a.Type == access.AssignmentBuiltIn || access.HasEffect(role.Shape, role.Service, role.TenantID, a.Scope)
}

func (g grant) gives(permission string) bool {
	return catalogue.IsOrganizationAdministrator(g.role.ID) || slices.Contains(g.role.Permissions, permission)
}

// can reports whether the caller holds a permission at a scope.
func (s *Session) can(permission string, at access.Scope) bool {
	return slices.ContainsFunc(s.grants, func(g grant) bool { return g.scope.Contains(at) && g.gives(permission) })
}

// canSomewhere reports whether the caller holds a permission at any scope.
func (s *Session) canSomewhere(permission string) bool {
	return slices.ContainsFunc(s.grants, func(g grant) bool { return g.gives(permission) })
}

// forbid refuses what the caller may not do, and names the platform's roles that may.
func (s *Session) forbid(ctx context.Context, permission string, at access.Scope) error {
	where := "the organization"
	if at.TenantID() != "" {
		tenant, err := s.tenantNamed(ctx, at.TenantID())
		if err != nil {
			return err
		}
		where = "the tenant " + tenant
	}
	if at.ServiceSlug() != "" {
		where = access.ServiceDisplayName(at.ServiceSlug()) + " in " + where
	}
	what := "manage roles for"
	switch permission {
	case readActions:
		what = "read actions of"
	case readAssignments:
		what = "read role assignments of"
	case createAssignments, deleteAssignments:
		what = "manage role assignments of"
	}
	return refuse(Forbidden, "Caller is not authorized to %s %s. %s is needed there; these roles grant it: %s.",
		what, where, permission, strings.Join(s.rolesThatGive(permission, at), ", "))
}

// rolesThatGive names the platform's roles that give a permission at a scope, there or above it.
func (s *Session) rolesThatGive(permission string, at access.Scope) []string {
	var names []string
	for _, r := range s.Catalogue.Roles() {
		reaches := func(from access.Scope) bool {
			return access.HasEffect(r.Shape, r.Service, r.TenantID, from)
		}
		if !(grant{role: r}).gives(permission) || !slices.ContainsFunc(at.Lineage(), reaches) {
			continue
		}
		name := r.Name
		if r.Shape != access.ShapeOrganization && r.Service != access.MultiService.Name {
			name += " of " + access.ServiceDisplayName(r.Service)
		}
		names = append(names, name)
	}
	return names
}

func (s *Session) tenantNamed(ctx context.Context, id access.GUID) (string, error) {
	tenants, err := s.tx.Tenants(ctx)
	if err != nil {
		return "", err
	}
	for _, t := range tenants {
		if t.ID == id {
			return t.Name, nil
		}
	}
	return id.String(), nil
}
