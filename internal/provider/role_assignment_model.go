package provider

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

type roleAssignmentModel struct {
	ID            types.String    `tfsdk:"id"`
	RoleID        canonicalString `tfsdk:"role_id"`
	PrincipalID   canonicalString `tfsdk:"principal_id"`
	PrincipalType types.String    `tfsdk:"principal_type"`
	Scope         canonicalString `tfsdk:"scope"`
	assignmentDisplay
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

type roleAssignmentIdentityModel struct {
	OrganizationID types.String `tfsdk:"organization_id"`
	Scope          types.String `tfsdk:"scope"`
	RoleID         types.String `tfsdk:"role_id"`
	PrincipalID    types.String `tfsdk:"principal_id"`
}

// known reports whether all that identifies the assignment is known.
func (m roleAssignmentModel) known() bool {
	return !m.RoleID.IsUnknown() && !m.PrincipalID.IsUnknown() && !m.PrincipalType.IsUnknown() && !m.Scope.IsUnknown()
}

func (m roleAssignmentModel) key(diags *diag.Diagnostics) uipath.AssignmentKey {
	return uipath.AssignmentKey{
		RoleID:      m.RoleID.guid(path.Root("role_id"), diags),
		PrincipalID: m.PrincipalID.guid(path.Root("principal_id"), diags),
		Scope:       m.Scope.scope(path.Root("scope"), diags),
	}
}

func (m roleAssignmentModel) principalType() access.PrincipalType {
	return access.PrincipalType(m.PrincipalType.ValueString())
}

// assignmentID is the canonical spelling of an assignment's key.
func assignmentID(key uipath.AssignmentKey) string {
	return strings.Join([]string{key.Scope.String(), key.RoleID.String(), key.PrincipalID.String()}, "|")
}

// sameAssignment reports whether both are the same assignment, in any spelling.
func (m roleAssignmentModel) sameAssignment(other roleAssignmentModel) bool {
	return m.RoleID.sameMeaning(other.RoleID) && m.PrincipalID.sameMeaning(other.PrincipalID) && m.Scope.sameMeaning(other.Scope) &&
		m.PrincipalType.Equal(other.PrincipalType)
}

// fill takes over what the server holds.
func (m *roleAssignmentModel) fill(found uipath.Assignment) {
	m.ID = types.StringValue(assignmentID(found.Key))
	m.RoleID, m.PrincipalID = guidForm.value(found.Key.RoleID.String()), guidForm.value(found.Key.PrincipalID.String())
	m.Scope = scopeForm.value(found.Key.Scope.String())
	m.PrincipalType = types.StringValue(string(found.PrincipalType))
}
