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
	ID                         types.String    `tfsdk:"id"`
	PrincipalID                canonicalString `tfsdk:"principal_id"`
	PrincipalType              types.String    `tfsdk:"principal_type"`
	Tenant                     canonicalString `tfsdk:"tenant"`
	Permission                 types.String    `tfsdk:"permission"`
	Projects                   types.Set       `tfsdk:"projects"`
	RequireAICenterPermissions types.Bool      `tfsdk:"require_ai_center_permissions"`
	Name                       types.String    `tfsdk:"name"`
	PrincipalName              types.String    `tfsdk:"principal_name"`
	TenantName                 types.String    `tfsdk:"tenant_name"`
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

// known reports whether all that identifies the permission is known.
func (m taskMiningPermissionModel) known() bool {
	return !m.PrincipalID.IsUnknown() && !m.PrincipalType.IsUnknown() && !m.Tenant.IsUnknown()
}

func (m taskMiningPermissionModel) key(diags *diag.Diagnostics) taskmining.Key {
	return taskmining.Key{Tenant: m.Tenant.guid(path.Root("tenant"), diags), Principal: m.PrincipalID.guid(path.Root("principal_id"), diags)}
}

func (m taskMiningPermissionModel) principalType() access.PrincipalType {
	return access.PrincipalType(m.PrincipalType.ValueString())
}

func (m taskMiningPermissionModel) level() access.TaskMiningPermission {
	return access.TaskMiningPermission(m.Permission.ValueString())
}

// wanted is the permission that the model describes, with the projects that are known.
func (m taskMiningPermissionModel) wanted(diags *diag.Diagnostics) taskmining.Permission {
	return taskmining.Permission{Key: m.key(diags), PrincipalType: m.principalType(), Level: m.level(), Projects: knownStrings(m.Projects)}
}

// sameKey reports whether both are the permission of the same principal in the same tenant.
func (m taskMiningPermissionModel) sameKey(other taskMiningPermissionModel) bool {
	return m.PrincipalID.sameMeaning(other.PrincipalID) && m.Tenant.sameMeaning(other.Tenant) && m.PrincipalType.Equal(other.PrincipalType)
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

// showName puts the permission into words.
func (m *taskMiningPermissionModel) showName() {
	if m.Permission.IsUnknown() || m.PrincipalName.IsUnknown() || m.TenantName.IsUnknown() || m.PrincipalID.IsUnknown() {
		m.Name = types.StringUnknown()
		return
	}
	who := cmp.Or(m.PrincipalName.ValueString(), guidForm.spell(m.PrincipalID.ValueString()))
	what := cmp.Or(m.Permission.ValueString(), "projects only")
	m.Name = types.StringValue(fmt.Sprintf("%s -> Task Mining %s @ %s", who, what, m.TenantName.ValueString()))
}

// showMissingAICenter fills in null where it cannot be told what is missing.
func (m *taskMiningPermissionModel) showMissingAICenter(ctx context.Context, missing taskmining.MissingAICenter, diags *diag.Diagnostics) {
	m.MissingAICenterPermissions = types.SetNull(types.StringType)
	if missing.Unknown == nil {
		m.MissingAICenterPermissions = stringSet(ctx, missing.Permissions, diags)
	}
}

// fill takes over what the server holds. An empty set of projects stays empty and does not become null.
func (m *taskMiningPermissionModel) fill(ctx context.Context, held taskmining.Holding, diags *diag.Diagnostics) {
	m.PrincipalType = types.StringValue(string(held.PrincipalType))
	m.Permission = optionalString(held.Level)
	if m.RequireAICenterPermissions.IsNull() {
		m.RequireAICenterPermissions = types.BoolValue(false)
	}
	switch {
	case len(held.Projects) > 0:
		m.Projects = stringSet(ctx, held.Projects, diags)
	case len(m.Projects.Elements()) > 0:
		m.Projects = types.SetNull(types.StringType)
	}
	m.showPermission(ctx, diags)
}

func (m taskMiningPermissionModel) checkProjects(diags *diag.Diagnostics) {
	if !m.Permission.IsUnknown() && m.level() != access.TaskMiningUser && len(m.Projects.Elements()) > 0 {
		diags.AddAttributeError(path.Root("projects"), "Projects are for the permission User", fmt.Sprintf("%q reaches every project. Leave projects out, "+
			"or give the permission %q.", m.Permission.ValueString(), access.TaskMiningUser))
	}
}
