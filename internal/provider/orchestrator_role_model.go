package provider

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

type orchestratorRoleModel struct {
	ID           types.String    `tfsdk:"id"`
	Key          types.String    `tfsdk:"key"`
	Name         types.String    `tfsdk:"name"`
	Type         types.String    `tfsdk:"type"`
	TenantID     canonicalString `tfsdk:"tenant_id"`
	TenantName   types.String    `tfsdk:"tenant_name"`
	Permissions  types.Set       `tfsdk:"permissions"`
	Implied      types.Set       `tfsdk:"implied_permissions"`
	ForceDestroy types.Bool      `tfsdk:"force_destroy"`
	Timeouts     timeouts.Value  `tfsdk:"timeouts"`
}

type orchestratorRoleIdentityModel struct {
	OrganizationID types.String `tfsdk:"organization_id"`
	TenantID       types.String `tfsdk:"tenant_id"`
	ID             types.String `tfsdk:"id"`
}

func (m orchestratorRoleModel) tenant() pair      { return pair{m.TenantID, m.TenantName} }
func (m *orchestratorRoleModel) setTenant(p pair) { m.TenantID, m.TenantName = p.id, p.name }

func (m orchestratorRoleModel) label() string { return label(m.Name.ValueString(), m.ID.ValueString()) }

// orchestratorNumber reads the number of a role. It returns 0 for what is none.
func orchestratorNumber(text string) int32 {
	number, err := strconv.ParseInt(text, 10, 32)
	if err != nil || number < 1 {
		return 0
	}
	return int32(number)
}

// number is the role's, which the state has.
func (m orchestratorRoleModel) number() int32 { return orchestratorNumber(m.ID.ValueString()) }

// spec is the whole role as the configuration wants it.
func (m orchestratorRoleModel) spec(diags *diag.Diagnostics) uipath.OrchestratorRoleSpec {
	spec := uipath.OrchestratorRoleSpec{
		TenantID: m.TenantID.guid(path.Root("tenant_id"), diags), Name: m.Name.ValueString(),
		Type: uipath.OrchestratorRoleType(m.Type.ValueString()), Permissions: knownStrings(m.Permissions),
	}
	slices.Sort(spec.Permissions)
	return spec
}

// fill takes over what the server holds. What it grants beside the permissions of the configuration, and granted from the beginning, stays in
// implied_permissions; everything else is in permissions, so that what was added later is seen.
func (m *orchestratorRoleModel) fill(ctx context.Context, role uipath.OrchestratorRole, tenant *named[uipath.Tenant], diags *diag.Diagnostics) {
	m.ID, m.Key = types.StringValue(strconv.Itoa(int(role.ID))), optionalString(role.Key)
	m.Name, m.Type = types.StringValue(role.Name), types.StringValue(string(role.Type))
	m.TenantID = guidForm.value(role.TenantID.String())
	m.setTenant(refreshed(m.tenant(), tenant))
	written, implied := knownStrings(m.Permissions), knownStrings(m.Implied)
	var permissions, beside []string
	for _, name := range role.Permissions {
		if spelling, ok := spelledAs(name, implied); ok {
			beside = append(beside, spelling)
			continue
		}
		spelling, _ := spelledAs(name, written)
		permissions = append(permissions, spelling)
	}
	m.Permissions, m.Implied = stringSet(ctx, permissions, diags), stringSet(ctx, beside, diags)
	if m.ForceDestroy.IsNull() {
		m.ForceDestroy = types.BoolValue(false)
	}
}

// fillImplied takes over what the server grants right after a write beside what was sent.
func (m *orchestratorRoleModel) fillImplied(ctx context.Context, role uipath.OrchestratorRole, diags *diag.Diagnostics) {
	sent := knownStrings(m.Permissions)
	var beside []string
	for _, name := range role.Permissions {
		if _, ok := spelledAs(name, sent); !ok {
			beside = append(beside, name)
		}
	}
	m.Implied = stringSet(ctx, beside, diags)
}

// spelledAs returns a name as it is spelled among others, which are compared without case, and the name itself where it is not among them.
func spelledAs(name string, others []string) (string, bool) {
	if i := slices.IndexFunc(others, func(other string) bool { return strings.EqualFold(name, other) }); i >= 0 {
		return others[i], true
	}
	return name, false
}

// orchestratorRoleID is what a role is imported by: tenant and number.
func orchestratorRoleID(tenant access.GUID, number int32) string {
	return tenant.String() + importSeparator + strconv.Itoa(int(number))
}
