package provider

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

type taskMiningPermissionModel struct {
	ID                         types.String   `tfsdk:"id"`
	PrincipalID                canonicalString   `tfsdk:"principal_id"`
	PrincipalType              types.String   `tfsdk:"principal_type"`
	Tenant                     canonicalString   `tfsdk:"tenant"`
	Permission                 types.String   `tfsdk:"permission"`
	Projects                   types.Set      `tfsdk:"projects"`
	RequireAICenterPermissions types.Bool     `tfsdk:"require_ai_center_permissions"`
	Name                       types.String   `tfsdk:"name"`
	PrincipalName              types.String   `tfsdk:"principal_name"`
	TenantName                 types.String   `tfsdk:"tenant_name"`
	Rights                     types.List     `tfsdk:"rights"`
	AICenterPermissions        types.Set      `tfsdk:"ai_center_permissions"`
	MissingAICenterPermissions types.Set      `tfsdk:"missing_ai_center_permissions"`
	Timeouts                   timeouts.Value `tfsdk:"timeouts"`
}

// known reports whether all that identifies the permission is known.
func (m taskMiningPermissionModel) known() bool {
	return !m.PrincipalID.IsUnknown() && !m.PrincipalType.IsUnknown() && !m.Tenant.IsUnknown()
}

func (m taskMiningPermissionModel) key() taskMiningKey {
	return taskMiningKey{access.CanonicalGUID(m.Tenant.ValueString()), access.CanonicalGUID(m.PrincipalID.ValueString())}
}

func (m taskMiningPermissionModel) kind() access.PrincipalType {
	return access.PrincipalType(m.PrincipalType.ValueString())
}

func (m taskMiningPermissionModel) permission() access.TaskMiningPermission {
	return access.TaskMiningPermission(m.Permission.ValueString())
}

// sameKey reports whether both are the permission of the same principal in the same tenant.
func (m taskMiningPermissionModel) sameKey(other taskMiningPermissionModel) bool {
	return m.PrincipalID.sameMeaning(other.PrincipalID) && m.Tenant.sameMeaning(other.Tenant) && m.PrincipalType.Equal(other.PrincipalType)
}

// showPermission fills in what follows from the permission alone.
func (m *taskMiningPermissionModel) showPermission(ctx context.Context) diag.Diagnostics {
	switch {
	case m.Permission.IsUnknown():
		m.Rights, m.AICenterPermissions = types.ListUnknown(types.StringType), types.SetUnknown(types.StringType)
		return nil
	case m.Permission.IsNull():
		m.Rights, m.AICenterPermissions = types.ListNull(types.StringType), types.SetNull(types.StringType)
		return nil
	}
	var diags, more diag.Diagnostics
	m.Rights, diags = types.ListValueFrom(ctx, types.StringType, m.permission().Rights())
	m.AICenterPermissions, more = types.SetValueFrom(ctx, types.StringType, m.permission().AICenterPermissions())
	return append(diags, more...)
}

// showName puts the permission into words.
func (m *taskMiningPermissionModel) showName() {
	if m.Permission.IsUnknown() || m.PrincipalName.IsUnknown() || m.TenantName.IsUnknown() || m.PrincipalID.IsUnknown() {
		m.Name = types.StringUnknown()
		return
	}
	who, what := m.PrincipalName.ValueString(), m.Permission.ValueString()
	if who == "" {
		who = m.key().principalID
	}
	if m.Permission.IsNull() {
		what = "projects only"
	}
	m.Name = types.StringValue(fmt.Sprintf("%s -> Task Mining %s @ %s", who, what, m.TenantName.ValueString()))
}

// fill takes over what the server holds. An empty set of projects stays what it is.
func (m *taskMiningPermissionModel) fill(ctx context.Context, held taskMiningHolding) diag.Diagnostics {
	m.PrincipalType = types.StringValue(string(held.kind))
	m.Permission = optionalString(string(held.permission))
	if m.RequireAICenterPermissions.IsNull() {
		m.RequireAICenterPermissions = types.BoolValue(false)
	}
	var diags diag.Diagnostics
	switch {
	case len(held.projects) > 0:
		m.Projects, diags = types.SetValueFrom(ctx, types.StringType, held.projects)
	case !m.Projects.IsNull() && len(m.Projects.Elements()) > 0:
		m.Projects = types.SetNull(types.StringType)
	}
	return append(diags, m.showPermission(ctx)...)
}

func (m taskMiningPermissionModel) checkProjects() diag.Diagnostics {
	var diags diag.Diagnostics
	if !m.Permission.IsUnknown() && m.permission() != access.TaskMiningUser && !m.Projects.IsUnknown() && len(m.Projects.Elements()) > 0 {
		diags.AddAttributeError(path.Root("projects"), "Projects are for the permission User", fmt.Sprintf("%q reaches every project. Leave projects out, "+
			"or give the permission %q.", m.Permission.ValueString(), access.TaskMiningUser))
	}
	return diags
}

// knownProjects are the projects as far as they are known.
func (m taskMiningPermissionModel) knownProjects() []string {
	var projects []string
	for _, element := range m.Projects.Elements() {
		if id, ok := element.(types.String); ok && !id.IsUnknown() {
			projects = append(projects, id.ValueString())
		}
	}
	return projects
}

// describes reports whether the principal holds what the model says, and nothing else.
func (m taskMiningPermissionModel) describes(held taskMiningHolding) bool {
	projects := m.knownProjects()
	slices.Sort(projects)
	return len(held.all) > 0 && len(held.extra) == 0 && held.permission == m.permission() && slices.Equal(projects, held.projects)
}
