package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// assignmentDisplay is an assignment in words, as plan and state show it.
type assignmentDisplay struct {
	Name     types.String `tfsdk:"name"`
	RoleName types.String `tfsdk:"role_name"`
	// PrincipalName is null where principals are not resolved.
	PrincipalName types.String `tfsdk:"principal_name"`
	ScopeName     types.String `tfsdk:"scope_name"`
	Effective     types.Bool   `tfsdk:"effective"`
}

func unknownDisplay() assignmentDisplay {
	unknown := types.StringUnknown()
	return assignmentDisplay{unknown, unknown, unknown, unknown, types.BoolUnknown()}
}

// describe names the assignment and anchors it by its ids.
func (d assignmentDisplay) describe(key uipath.AssignmentKey) string {
	return fmt.Sprintf("the role %s for %s at %s.", label(d.RoleName.ValueString(), key.RoleID), label(d.PrincipalName.ValueString(), key.PrincipalID),
		label(d.ScopeName.ValueString(), key.Scope.String()))
}

// display puts an assignment into words. Ids stand in for names that are not known.
func (s *session) display(ctx context.Context, key uipath.AssignmentKey, role, principal string, effective bool) assignmentDisplay {
	role, scope := cmp.Or(role, key.RoleID.String()), s.scopeName(ctx, key.Scope)
	name := fmt.Sprintf("%s -> %s @ %s", cmp.Or(principal, key.PrincipalID.String()), role, scope)
	return assignmentDisplay{
		Name: types.StringValue(name), RoleName: types.StringValue(role), PrincipalName: optionalString(principal),
		ScopeName: types.StringValue(scope), Effective: types.BoolValue(effective),
	}
}

// displayExisting displays an assignment that exists, whose role or principal may be gone. It warns of one that does nothing.
func (s *session) displayExisting(ctx context.Context, found uipath.Assignment, diags *diag.Diagnostics) assignmentDisplay {
	key := found.Key
	principal := s.principalName(ctx, key.PrincipalID, found.PrincipalType, diags)
	role, err := s.client.Role(ctx, key.RoleID)
	switch {
	case errors.Is(err, uipath.ErrNotFound):
		role = uipath.Role{ID: key.RoleID, Name: found.RoleName}
	case err != nil:
		diags.Append(failure("Reading role failed", fmt.Sprintf("Reading the role %s.", label(found.RoleName, key.RoleID)), err))
		return assignmentDisplay{}
	}
	effective := found.HasEffect(role)
	display := s.display(ctx, key, role.Name, principal, effective)
	if !effective {
		diags.AddWarning("Role assignment without effect",
			fmt.Sprintf("%s does nothing: %s", label(display.Name.ValueString(), assignmentID(key)), whyInert(role)))
	}
	return display
}

// whyInert says why an assignment of the role does nothing, and what to do. A role that is gone has no shape and fits nowhere.
func whyInert(role uipath.Role) string {
	needed := role.PathNeeded()
	if needed == "" {
		return "its role is gone, or of a kind that cannot be assigned. Remove it."
	}
	return fmt.Sprintf("the role needs the path %s. Remove it, or make one at that path.", needed)
}
