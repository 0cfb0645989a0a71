package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

type roleAssignmentModel struct {
	RoleID        canonicalString `tfsdk:"role_id"`
	RoleName      types.String    `tfsdk:"role_name"`
	Service       canonicalString `tfsdk:"service"`
	PrincipalID   canonicalString `tfsdk:"principal_id"`
	PrincipalName types.String    `tfsdk:"principal_name"`
	PrincipalType types.String    `tfsdk:"principal_type"`
	Scope         canonicalString `tfsdk:"scope"`
	ScopeName     types.String    `tfsdk:"scope_name"`
	Name          types.String    `tfsdk:"name"`
	Effective     types.Bool      `tfsdk:"effective"`
	Timeouts      timeouts.Value  `tfsdk:"timeouts"`
}

type roleAssignmentIdentityModel struct {
	OrganizationID types.String `tfsdk:"organization_id"`
	Scope          types.String `tfsdk:"scope"`
	RoleID         types.String `tfsdk:"role_id"`
	PrincipalID    types.String `tfsdk:"principal_id"`
}

// The three objects of an assignment, each by its id and its name.

func (m roleAssignmentModel) role() pair      { return pair{m.RoleID, m.RoleName} }
func (m roleAssignmentModel) principal() pair { return pair{m.PrincipalID, m.PrincipalName} }
func (m roleAssignmentModel) at() pair        { return pair{m.Scope, m.ScopeName} }

func (m *roleAssignmentModel) setRole(p pair)      { m.RoleID, m.RoleName = p.id, p.name }
func (m *roleAssignmentModel) setPrincipal(p pair) { m.PrincipalID, m.PrincipalName = p.id, p.name }
func (m *roleAssignmentModel) setAt(p pair)        { m.Scope, m.ScopeName = p.id, p.name }

// pairs are the three objects, for what is done with each.
func (m roleAssignmentModel) pairs() map[string]pair {
	return map[string]pair{"role_name": m.role(), "principal_name": m.principal(), "scope_name": m.at()}
}

// known reports whether all that identifies the assignment is known.
func (m roleAssignmentModel) known() bool {
	return m.role().known() && m.principal().known() && m.at().known() && !m.PrincipalType.IsUnknown()
}

func (m roleAssignmentModel) key(diags *diag.Diagnostics) uipath.AssignmentKey {
	return uipath.AssignmentKey{
		RoleID:      m.RoleID.guid(path.Root("role_id"), diags),
		PrincipalID: m.PrincipalID.guid(path.Root("principal_id"), diags),
		Scope:       m.Scope.scope(path.Root("scope"), diags),
	}
}

// principalTypeOrNull is the type in a state, null where there is no state.
func (m *roleAssignmentModel) principalTypeOrNull() types.String {
	if m == nil {
		return types.StringNull()
	}
	return m.PrincipalType
}

func (m roleAssignmentModel) principalType() access.PrincipalType {
	return access.PrincipalType(m.PrincipalType.ValueString())
}

// sameAssignment reports whether both are certainly the same assignment, in any spelling.
func (m roleAssignmentModel) sameAssignment(other roleAssignmentModel) bool {
	return m.RoleID.sameMeaning(other.RoleID) && m.PrincipalID.sameMeaning(other.PrincipalID) && m.Scope.sameMeaning(other.Scope) &&
		m.PrincipalType.Equal(other.PrincipalType)
}

// replacing are the members whose change replaces an assignment.
func (m roleAssignmentModel) replacing(state roleAssignmentModel) (changed path.Paths) {
	for attribute, differs := range map[string]bool{
		"role_id": m.role().changes(state.role()), "principal_id": m.principal().changes(state.principal()),
		"scope": m.at().changes(state.at()), "principal_type": !m.PrincipalType.Equal(state.PrincipalType),
	} {
		if differs {
			changed.Append(path.Root(attribute))
		}
	}
	return changed
}

// namesMeant are the names that stand for the objects of an assignment from now on: the author's and those that are shown.
func namesMeant(config, plan roleAssignmentModel) meantNames {
	names := meantNames{}
	for _, m := range []roleAssignmentModel{config, plan} {
		for attribute, object := range m.pairs() {
			names.add(attribute, object.name.ValueString())
		}
	}
	return names
}

// showName puts the assignment into words. Ids stand in for names that there are not.
func (m *roleAssignmentModel) showName() {
	role, roleKnown := m.role().text()
	principal, principalKnown := m.principal().text()
	scope, scopeKnown := m.at().text()
	m.Name = types.StringUnknown()
	if roleKnown && principalKnown && scopeKnown {
		m.Name = types.StringValue(fmt.Sprintf("%s -> %s @ %s", principal, role, scope))
	}
}

// describe names the assignment and anchors it by its ids, as far as they are known.
func (m roleAssignmentModel) describe() string {
	return fmt.Sprintf("the role %s for %s at %s.", m.role().label(), m.principal().label(), m.at().label())
}

// assignmentID is the canonical spelling of an assignment's key, by which it is imported.
func assignmentID(key uipath.AssignmentKey) string {
	return strings.Join([]string{key.Scope.String(), key.RoleID.String(), key.PrincipalID.String()}, "|")
}

// fill takes over what the server holds.
func (m *roleAssignmentModel) fill(found uipath.Assignment) {
	m.RoleID, m.PrincipalID = guidForm.value(found.Key.RoleID.String()), guidForm.value(found.Key.PrincipalID.String())
	m.Scope = scopeForm.value(found.Key.Scope.String())
	m.PrincipalType = types.StringValue(string(found.PrincipalType))
}
