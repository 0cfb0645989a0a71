package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

type tenantRoleModel struct {
	ID           types.String    `tfsdk:"id"`
	Name         types.String    `tfsdk:"name"`
	Description  types.String    `tfsdk:"description"`
	TenantID     canonicalString `tfsdk:"tenant_id"`
	TenantName   types.String    `tfsdk:"tenant_name"`
	Service      canonicalString `tfsdk:"service"`
	OwnerService types.String    `tfsdk:"owner_service"`
	Type         types.String    `tfsdk:"type"`
	Permissions  types.Set       `tfsdk:"permissions"`
	ForceDestroy types.Bool      `tfsdk:"force_destroy"`
	Timeouts     timeouts.Value  `tfsdk:"timeouts"`
}

type tenantRoleIdentityModel struct {
	OrganizationID types.String `tfsdk:"organization_id"`
	ID             types.String `tfsdk:"id"`
}

// id is the role's, which the state has in canonical spelling.
func (m tenantRoleModel) id() access.GUID { return access.GUID(m.ID.ValueString()) }

func (m tenantRoleModel) tenant() pair      { return pair{m.TenantID, m.TenantName} }
func (m *tenantRoleModel) setTenant(p pair) { m.TenantID, m.TenantName = p.id, p.name }

func (m tenantRoleModel) label() string { return label(m.Name.ValueString(), m.ID.ValueString()) }

// spec is the whole role as the configuration wants it.
func (m tenantRoleModel) spec(ctx context.Context, diags *diag.Diagnostics) uipath.RoleSpec {
	spec := uipath.RoleSpec{
		Name:        m.Name.ValueString(),
		Description: m.Description.ValueString(),
		Shape:       access.ShapeTenant,
		TenantID:    m.TenantID.guid(path.Root("tenant_id"), diags),
	}
	if service, ok := access.FindService(m.Service.ValueString()); ok {
		spec.Service = service.Name
	}
	diags.Append(m.Permissions.ElementsAs(ctx, &spec.Permissions, false)...)
	slices.Sort(spec.Permissions)
	return spec
}

// checkTexts refuses white space around the texts that this run writes. What others have written stays as it is.
func (m tenantRoleModel) checkTexts(state *tenantRoleModel, diags *diag.Diagnostics) {
	var before tenantRoleModel
	if state != nil {
		before = *state
	}
	for _, text := range []struct {
		attribute   string
		now, before types.String
	}{{"name", m.Name, before.Name}, {"description", m.Description, before.Description}} {
		if text.now.IsUnknown() || text.now.Equal(text.before) {
			continue
		}
		if objection := plainTextRule.objection(text.now.ValueString()); objection != "" {
			diags.AddAttributeError(path.Root(text.attribute), plainTextRule.title, objection)
		}
	}
}

// planned is the role as this run makes it.
func (m tenantRoleModel) planned() plannedRole {
	role := uipath.Role{Name: m.Name.ValueString(), Type: access.RoleCustom, Shape: access.ShapeTenant, Service: m.OwnerService.ValueString()}
	if m.tenant().known() {
		role.TenantID = access.GUID(guidForm.spell(m.TenantID.ValueString()))
	}
	return plannedRole{Role: role, vague: !m.tenant().known() || m.OwnerService.IsUnknown()}
}

// held is the role as those hold it who have it.
func (m tenantRoleModel) held() uipath.Role {
	role := m.planned().Role
	role.ID = m.id()
	return role
}

// fill takes over what the server holds.
func (m *tenantRoleModel) fill(ctx context.Context, role uipath.Role, tenant *named[uipath.Tenant], diags *diag.Diagnostics) {
	m.ID = types.StringValue(role.ID.String())
	m.Name = types.StringValue(role.Name)
	m.Description = types.StringValue(role.Description)
	m.TenantID = guidForm.value(role.TenantID.String())
	m.setTenant(refreshed(m.tenant(), tenant))
	m.Service = serviceForm.null()
	if service, _ := access.FindService(role.Service); service != access.MultiService {
		m.Service = serviceForm.value(access.ServiceDisplayName(role.Service))
	}
	m.OwnerService = types.StringValue(role.Service)
	m.Type = types.StringValue(string(role.Type))
	m.Permissions = stringSet(ctx, role.Permissions, diags)
	if m.ForceDestroy.IsNull() {
		m.ForceDestroy = types.BoolValue(false)
	}
}

// ownerService returns the API's name of what will own the role.
func ownerService(service canonicalString) types.String {
	if service.IsUnknown() {
		return types.StringUnknown()
	}
	if s, ok := access.FindService(service.ValueString()); ok {
		return types.StringValue(s.Name)
	}
	return types.StringValue(access.MultiService.Name)
}
