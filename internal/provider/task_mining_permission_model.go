package provider

import (
	"cmp"
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/taskmining"
)

type taskMiningPermissionModel struct {
	PrincipalID                canonicalString `tfsdk:"principal_id"`
	PrincipalName              types.String    `tfsdk:"principal_name"`
	PrincipalType              types.String    `tfsdk:"principal_type"`
	TenantID                   canonicalString `tfsdk:"tenant_id"`
	TenantName                 types.String    `tfsdk:"tenant_name"`
	Permission                 types.String    `tfsdk:"permission"`
	ProjectIDs                 types.Set       `tfsdk:"project_ids"`
	ProjectNames               types.Set       `tfsdk:"project_names"`
	RequireAICenterPermissions types.Bool      `tfsdk:"require_ai_center_permissions"`
	Name                       types.String    `tfsdk:"name"`
	Rights                     types.List      `tfsdk:"rights"`
	AICenterPermissions        types.Set       `tfsdk:"ai_center_permissions"`
	MissingAICenterPermissions types.Set       `tfsdk:"missing_ai_center_permissions"`
	Timeouts                   timeouts.Value  `tfsdk:"timeouts"`
}

type taskMiningPermissionIdentityModel struct {
	OrganizationID types.String `tfsdk:"organization_id"`
	TenantID       types.String `tfsdk:"tenant_id"`
	PrincipalID    types.String `tfsdk:"principal_id"`
}

func (m taskMiningPermissionModel) principal() pair { return pair{m.PrincipalID, m.PrincipalName} }
func (m taskMiningPermissionModel) tenant() pair    { return pair{m.TenantID, m.TenantName} }
func (m *taskMiningPermissionModel) setPrincipal(p pair) {
	m.PrincipalID, m.PrincipalName = p.id, p.name
}
func (m *taskMiningPermissionModel) setTenant(p pair) { m.TenantID, m.TenantName = p.id, p.name }

// known reports whether all that identifies the permission is known.
func (m taskMiningPermissionModel) known() bool {
	return m.principal().known() && m.tenant().known() && !m.PrincipalType.IsUnknown()
}

func (m taskMiningPermissionModel) key(diags *diag.Diagnostics) taskmining.Key {
	return taskmining.Key{Tenant: m.TenantID.guid(path.Root("tenant_id"), diags), Principal: m.PrincipalID.guid(path.Root("principal_id"), diags)}
}

// principalTypeOrNull is the type in a state, null where there is no state.
func (m *taskMiningPermissionModel) principalTypeOrNull() types.String {
	if m == nil {
		return types.StringNull()
	}
	return m.PrincipalType
}

func (m taskMiningPermissionModel) principalType() access.PrincipalType {
	return access.PrincipalType(m.PrincipalType.ValueString())
}

func (m taskMiningPermissionModel) level() access.TaskMiningPermission {
	return access.TaskMiningPermission(m.Permission.ValueString())
}

// wanted is the permission that the model describes, with the projects that are known.
func (m taskMiningPermissionModel) wanted(diags *diag.Diagnostics) taskmining.Permission {
	return taskmining.Permission{Key: m.key(diags), PrincipalType: m.principalType(), Level: m.level(), Projects: knownStrings(m.ProjectIDs)}
}

// sameKey reports whether both are the permission of the same principal in the same tenant.
func (m taskMiningPermissionModel) sameKey(other taskMiningPermissionModel) bool {
	return m.PrincipalID.sameMeaning(other.PrincipalID) && m.TenantID.sameMeaning(other.TenantID) && m.PrincipalType.Equal(other.PrincipalType)
}

// showPermission fills in what follows from the permission alone.
func (m *taskMiningPermissionModel) showPermission(ctx context.Context, diags *diag.Diagnostics) {
	switch {
	case m.Permission.IsUnknown():
		m.Rights, m.AICenterPermissions = types.ListUnknown(types.StringType), types.SetUnknown(types.StringType)
	case m.Permission.IsNull():
		m.Rights, m.AICenterPermissions = types.ListNull(types.StringType), types.SetNull(types.StringType)
	default:
		rights, more := types.ListValueFrom(ctx, types.StringType, m.level().Rights())
		diags.Append(more...)
		m.Rights, m.AICenterPermissions = rights, stringSet(ctx, m.level().AICenterPermissions(), diags)
	}
}

// replacing are the members whose change replaces a permission.
func (m taskMiningPermissionModel) replacing(state taskMiningPermissionModel) (changed path.Paths) {
	for attribute, differs := range map[string]bool{
		"principal_id": m.principal().changes(state.principal()), "tenant_id": m.tenant().changes(state.tenant()),
		"principal_type": !m.PrincipalType.Equal(state.PrincipalType),
	} {
		if differs {
			changed.Append(path.Root(attribute))
		}
	}
	return changed
}

// permissionNamesMeant are the names that stand for principal and tenant of a permission from now on: the author's and those that are shown.
func permissionNamesMeant(config, plan taskMiningPermissionModel) meantNames {
	names := tenantMeant(config.tenant(), plan.tenant())
	names.add("principal_name", config.PrincipalName.ValueString())
	names.add("principal_name", plan.PrincipalName.ValueString())
	return names
}

// showName puts the permission into words.
func (m *taskMiningPermissionModel) showName() {
	principal, principalKnown := m.principal().text()
	tenant, tenantKnown := m.tenant().text()
	m.Name = types.StringUnknown()
	if principalKnown && tenantKnown && !m.Permission.IsUnknown() {
		what := cmp.Or(m.Permission.ValueString(), "projects only")
		m.Name = types.StringValue(fmt.Sprintf("%s -> Task Mining %s @ %s", principal, what, tenant))
	}
}

// showMissingAICenter fills in null where it cannot be told what is missing.
func (m *taskMiningPermissionModel) showMissingAICenter(ctx context.Context, missing taskmining.MissingAICenter, diags *diag.Diagnostics) {
	m.MissingAICenterPermissions = types.SetNull(types.StringType)
	if missing.Unknown == nil {
		m.MissingAICenterPermissions = stringSet(ctx, missing.Permissions, diags)
	}
}

// fill takes over what the server holds, but for the projects.
func (m *taskMiningPermissionModel) fill(ctx context.Context, held taskmining.Holding, diags *diag.Diagnostics) {
	m.PrincipalType = types.StringValue(string(held.PrincipalType))
	m.Permission = optionalString(held.Level)
	if m.RequireAICenterPermissions.IsNull() {
		m.RequireAICenterPermissions = types.BoolValue(false)
	}
	m.showPermission(ctx, diags)
}
