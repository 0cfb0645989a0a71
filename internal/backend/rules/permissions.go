package rules

import (
	"context"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/catalogue"
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

// require refuses a caller who does not hold a permission at a scope.
func (s *Session) require(ctx context.Context, permission string, at access.Scope) error {
	if s.can(permission, at) {
		return nil
	}
	return s.forbid(ctx, permission, at)
}

// requireSomewhere refuses a caller who does not hold a permission at any scope. The refusal speaks of the one that was asked for.
func (s *Session) requireSomewhere(ctx context.Context, permission string, asked access.Scope) error {
	if s.canSomewhere(permission) {
		return nil
	}
	return s.forbid(ctx, permission, asked)
}

// forbid refuses what the caller may not do, and names the platform's roles that may.
func (s *Session) forbid(ctx context.Context, permission string, at access.Scope) error {
	where := "the organization"
	if at.TenantID() != "" {
		tenant, err := s.tenantName(ctx, at.TenantID())
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
		hasEffect := func(from access.Scope) bool { return access.HasEffect(r.Shape, r.Service, r.TenantID, from) }
		if !(grant{role: r}).gives(permission) || !slices.ContainsFunc(at.Lineage(), hasEffect) {
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
