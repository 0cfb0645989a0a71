package provider

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

type orchestratorGrantModel struct {
	TenantID      canonicalString `tfsdk:"tenant_id"`
	TenantName    types.String    `tfsdk:"tenant_name"`
	FolderKey     canonicalString `tfsdk:"folder_key"`
	FolderName    types.String    `tfsdk:"folder_name"`
	RoleID        canonicalString `tfsdk:"role_id"`
	RoleName      types.String    `tfsdk:"role_name"`
	PrincipalID   canonicalString `tfsdk:"principal_id"`
	PrincipalName types.String    `tfsdk:"principal_name"`
	PrincipalType types.String    `tfsdk:"principal_type"`
	Name          types.String    `tfsdk:"name"`
	Timeouts      timeouts.Value  `tfsdk:"timeouts"`
}

type orchestratorGrantIdentityModel struct {
	OrganizationID types.String `tfsdk:"organization_id"`
	TenantID       types.String `tfsdk:"tenant_id"`
	FolderKey      types.String `tfsdk:"folder_key"`
	RoleID         types.String `tfsdk:"role_id"`
	PrincipalID    types.String `tfsdk:"principal_id"`
}

// The objects of an assignment, each by its id and its name. Without a folder it is at the tenant.

func (m orchestratorGrantModel) tenant() pair    { return pair{m.TenantID, m.TenantName} }
func (m orchestratorGrantModel) folder() pair    { return pair{m.FolderKey, m.FolderName} }
func (m orchestratorGrantModel) role() pair      { return pair{m.RoleID, m.RoleName} }
func (m orchestratorGrantModel) principal() pair { return pair{m.PrincipalID, m.PrincipalName} }

func (m *orchestratorGrantModel) setTenant(p pair)    { m.TenantID, m.TenantName = p.id, p.name }
func (m *orchestratorGrantModel) setFolder(p pair)    { m.FolderKey, m.FolderName = p.id, p.name }
func (m *orchestratorGrantModel) setRole(p pair)      { m.RoleID, m.RoleName = p.id, p.name }
func (m *orchestratorGrantModel) setPrincipal(p pair) { m.PrincipalID, m.PrincipalName = p.id, p.name }

// pairs are the objects, for what is done with each.
func (m orchestratorGrantModel) pairs() map[string]pair {
	return map[string]pair{"tenant_name": m.tenant(), "folder_name": m.folder(), "role_name": m.role(), "principal_name": m.principal()}
}

// atTenant reports whether no folder is given.
func (m orchestratorGrantModel) atTenant() bool { return m.FolderKey.IsNull() && m.FolderName.IsNull() }

// known reports whether all that identifies the assignment is known.
func (m orchestratorGrantModel) known() bool {
	return m.tenant().known() && m.role().known() && m.principal().known() && !m.PrincipalType.IsUnknown() && (m.atTenant() || m.folder().known())
}

func (m orchestratorGrantModel) grant(diags *diag.Diagnostics) uipath.OrchestratorGrant {
	g := uipath.OrchestratorGrant{
		TenantID: m.TenantID.guid(path.Root("tenant_id"), diags), RoleID: orchestratorNumber(m.RoleID.ValueString()),
		PrincipalID: m.PrincipalID.guid(path.Root("principal_id"), diags),
	}
	if !m.FolderKey.IsNull() {
		g.FolderKey = m.FolderKey.guid(path.Root("folder_key"), diags).String()
	}
	return g
}

// sameGrant reports whether both are certainly the same assignment, in any spelling.
func (m orchestratorGrantModel) sameGrant(other orchestratorGrantModel) bool {
	return len(m.replacing(other)) == 0
}

// replacing are the members whose change replaces an assignment.
func (m orchestratorGrantModel) replacing(state orchestratorGrantModel) (changed path.Paths) {
	for attribute, differs := range map[string]bool{
		"tenant_id": m.tenant().changes(state.tenant()), "role_id": m.role().changes(state.role()),
		"principal_id": m.principal().changes(state.principal()), "principal_type": !m.PrincipalType.Equal(state.PrincipalType),
		"folder_key": m.folder().changes(state.folder()),
	} {
		if differs {
			changed.Append(path.Root(attribute))
		}
	}
	return changed
}

// grantNamesMeant are the names that stand for the objects of an assignment from now on: the author's and those that are shown.
func grantNamesMeant(config, plan orchestratorGrantModel) meantNames {
	names := meantNames{}
	for _, m := range []orchestratorGrantModel{config, plan} {
		for attribute, object := range m.pairs() {
			names.add(attribute, object.name.ValueString())
		}
	}
	return names
}

// place is where the assignment is, in names.
func (m orchestratorGrantModel) place() (string, bool) {
	tenant, known := m.tenant().text()
	at := tenant + scopeSeparator + "Orchestrator"
	if m.atTenant() {
		return at, known
	}
	folder, folderKnown := m.folder().text()
	return at + scopeSeparator + folder, known && folderKnown
}

// showName puts the assignment into words. Ids stand in for names that there are not.
func (m *orchestratorGrantModel) showName() {
	role, roleKnown := m.role().text()
	principal, principalKnown := m.principal().text()
	at, placeKnown := m.place()
	m.Name = types.StringUnknown()
	if roleKnown && principalKnown && placeKnown {
		m.Name = types.StringValue(fmt.Sprintf("%s -> %s @ %s", principal, role, at))
	}
}

// describe names the assignment and anchors it by its ids, as far as they are known.
func (m orchestratorGrantModel) describe() string {
	at := "the tenant " + m.tenant().label()
	if !m.atTenant() {
		at = "the folder " + m.folder().label() + " of " + at
	}
	return fmt.Sprintf("the role %s of Orchestrator for %s at %s.", m.role().label(), m.principal().label(), at)
}

// grantID is the canonical spelling of an assignment, by which it is imported.
func grantID(g uipath.OrchestratorGrant) string {
	parts := []string{g.TenantID.String()}
	if g.FolderKey != "" {
		parts = append(parts, g.FolderKey)
	}
	return strings.Join(append(parts, strconv.Itoa(int(g.RoleID)), g.PrincipalID.String()), importSeparator)
}

func (m orchestratorGrantModel) principalType() access.PrincipalType {
	return access.PrincipalType(m.PrincipalType.ValueString())
}
