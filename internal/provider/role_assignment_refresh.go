package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// refreshAssignment brings a model up to date with an assignment that exists, whose role or principal may be gone. It warns of one that
// does nothing.
func (s *session) refreshAssignment(ctx context.Context, m *roleAssignmentModel, found uipath.Assignment, diags *diag.Diagnostics) {
	m.fill(found)
	role, err := s.client.Role(ctx, found.Key.RoleID)
	switch {
	case err == nil:
		m.setRole(refreshed(m.role(), namedRole(plannedRole{Role: role})))
	case errors.Is(err, uipath.ErrNotFound):
		// The listing tells the name of a role that is gone.
		role = uipath.Role{ID: found.Key.RoleID, Name: found.RoleName}
		if m.RoleName.IsNull() {
			m.RoleName = optionalString(found.RoleName)
		}
	default:
		diags.Append(failure("Reading role failed", fmt.Sprintf("Reading the role %s.", label(found.RoleName, found.Key.RoleID)), err))
		return
	}
	principal, gone := s.heldPrincipal(ctx, found.Key.PrincipalID, found.PrincipalType, m.PrincipalName.ValueString(), diags)
	m.setPrincipal(refreshed(m.principal(), principal))
	if gone {
		diags.AddWarning("Principal is gone", fmt.Sprintf("The %s %s is not in the directory any more, and its role assignment is left over: %s. Remove "+
			"the assignment.", found.PrincipalType, m.principal().label(), assignmentID(found.Key)))
	}
	s.refreshScope(ctx, m, found, diags)
	m.showName()
	effective := found.HasEffect(role)
	m.Effective = types.BoolValue(effective)
	if !effective {
		diags.AddWarning("Role assignment without effect",
			fmt.Sprintf("%s does nothing: %s", label(m.Name.ValueString(), assignmentID(found.Key)), s.whyInert(ctx, role, found.Key.Scope.TenantID())))
	}
}

// refreshScope brings the scope's name up to date. The name of what is gone stays.
func (s *session) refreshScope(ctx context.Context, m *roleAssignmentModel, found uipath.Assignment, diags *diag.Diagnostics) {
	name, err := s.scopeName(ctx, found.Key.Scope)
	switch {
	case err == nil:
		m.setAt(refreshed(m.at(), s.namedScope(ctx, found.Key.Scope, name)))
	case isGone(err):
	default:
		diags.Append(s.scopeFailure(path.Root("scope"), found.Key.Scope.String(), err))
	}
}

// isGone reports whether what was looked up does not exist.
func isGone(err error) bool {
	_, missing := errors.AsType[*uipath.NotFoundError](err)
	return missing || errors.Is(err, uipath.ErrNotFound)
}

// whyInert says why an assignment of the role does nothing, and what to do. A role that is gone has no shape and fits nowhere.
func (s *session) whyInert(ctx context.Context, role uipath.Role, tenant access.GUID) string {
	if role.PathNeeded() == "" {
		return "its role is gone, or of a kind that cannot be assigned. Remove it."
	}
	return fmt.Sprintf("the role needs %s. Remove it, or make one there.", s.placeNeeded(ctx, role, tenant))
}
