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
	Name          types.String    `tfsdk:"name"`
	RoleName      types.String    `tfsdk:"role_name"`
	PrincipalName types.String    `tfsdk:"principal_name"`
	ScopeName     types.String    `tfsdk:"scope_name"`
	Effective     types.Bool      `tfsdk:"effective"`
	Timeouts      timeouts.Value  `tfsdk:"timeouts"`
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
		RoleID:      string(m.RoleID.guid(path.Root("role_id"), diags)),
		PrincipalID: string(m.PrincipalID.guid(path.Root("principal_id"), diags)),
		Scope:       m.Scope.scope(path.Root("scope"), diags),
	}
}

func (m roleAssignmentModel) principalType() access.PrincipalType {
	return access.PrincipalType(m.PrincipalType.ValueString())
}

// assignmentID is the canonical spelling of an assignment's key.
func assignmentID(key uipath.AssignmentKey) string {
	return strings.Join([]string{key.Scope.String(), string(key.RoleID), string(key.PrincipalID)}, "|")
}

// sameAssignment reports whether both are the same assignment, in any spelling.
func (m roleAssignmentModel) sameAssignment(other roleAssignmentModel) bool {
	return m.RoleID.sameMeaning(other.RoleID) && m.PrincipalID.sameMeaning(other.PrincipalID) && m.Scope.sameMeaning(other.Scope) &&
		m.PrincipalType.Equal(other.PrincipalType)
}

// fill takes over what the server holds.
func (m *roleAssignmentModel) fill(found uipath.Assignment) {
	m.ID = types.StringValue(assignmentID(found.Key))
	m.RoleID, m.PrincipalID = guidForm.value(string(found.Key.RoleID)), guidForm.value(string(found.Key.PrincipalID))
	m.Scope = scopeForm.value(found.Key.Scope.String())
	m.PrincipalType = types.StringValue(string(found.PrincipalType))
}

// show fills in how the assignment is displayed.
func (m *roleAssignmentModel) show(display assignmentDisplay) {
	m.Name, m.RoleName, m.ScopeName = types.StringValue(display.name), types.StringValue(display.role), types.StringValue(display.scope)
	m.PrincipalName = optionalString(display.principal)
	m.Effective = types.BoolValue(display.effective)
}

// keepShown keeps what another model of the same assignment shows.
func (m *roleAssignmentModel) keepShown(other roleAssignmentModel) {
	m.ID, m.Name, m.RoleName, m.PrincipalName = other.ID, other.Name, other.RoleName, other.PrincipalName
	m.ScopeName, m.Effective = other.ScopeName, other.Effective
}

// display is how the plan or the state shows the assignment.
func (m roleAssignmentModel) display() assignmentDisplay {
	return assignmentDisplay{
		name: m.Name.ValueString(), role: m.RoleName.ValueString(), scope: m.ScopeName.ValueString(),
		principal: m.PrincipalName.ValueString(), effective: m.Effective.ValueBool(),
	}
}
