package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/taskmining"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

var _ datasource.DataSourceWithConfigure = (*taskMiningPermissionsDataSource)(nil)

func newTaskMiningPermissionsDataSource() datasource.DataSource {
	return &taskMiningPermissionsDataSource{configuredDataSource{typeName: "task_mining_permissions"}}
}

type taskMiningPermissionsDataSource struct{ configuredDataSource }

type taskMiningPermissionsModel struct {
	TenantID    canonicalString         `tfsdk:"tenant_id"`
	TenantName  types.String            `tfsdk:"tenant_name"`
	Permissions []taskMiningMemberModel `tfsdk:"permissions"`
}

type taskMiningMemberModel struct {
	PrincipalID      types.String `tfsdk:"principal_id"`
	PrincipalType    types.String `tfsdk:"principal_type"`
	PrincipalName    types.String `tfsdk:"principal_name"`
	Email            types.String `tfsdk:"email"`
	Permission       types.String `tfsdk:"permission"`
	ProjectIDs       types.Set    `tfsdk:"project_ids"`
	ThroughGroupID   types.String `tfsdk:"through_group_id"`
	ThroughGroupName types.String `tfsdk:"through_group_name"`
}

func (d *taskMiningPermissionsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Who may do what in Task Mining of a tenant, as the service's own list of users shows it: e-mail, name, permission, " +
			"projects, and for a member of a group the group that the permission comes through.",
		Attributes: map[string]schema.Attribute{
			"tenant_id":   tenantIDAttribute(),
			"tenant_name": tenantNameAttribute(),
			"permissions": schema.ListNestedAttribute{
				Computed: true,
				MarkdownDescription: "One row for each principal that holds a permission itself, and one for each member of a group that holds " +
					"one, sorted by name, permission and group. Members are not listed if the provider's " +
					"`resolve_principals` is `false`, and, with a warning, if these credentials may not read groups.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"principal_id":   computedString("GUID of the principal."),
					"principal_type": computedString("`User`, `Group`, or the type of another member of a group."),
					"principal_name": computedString("Name of the principal, or its id if the directory does not know it. Never blank."),
					"email":          computedString("E-mail of a user, null for all others."),
					"permission":     computedString("`User`, `Process SME` or `Admin`: the strongest, if several are held. Null for projects only."),
					"project_ids": computedStrings("Ids of the projects that a `User` records for. Null if these credentials may not list the " +
						"organization: only that listing shows projects."),
					"through_group_id":   computedString("GUID of the group it comes through; null for the principal's own."),
					"through_group_name": computedString("Name of that group."),
				}},
			},
		},
	}
}

func (d *taskMiningPermissionsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model taskMiningPermissionsModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &model)...); resp.Diagnostics.HasError() {
		return
	}
	at := d.session.settleTenant(ctx, "The list of Task Mining permissions", pair{model.TenantID, model.TenantName}, nil, nil, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	model.TenantID, model.TenantName = at.id, at.name
	tenant := model.TenantID.guid(path.Root("tenant_id"), &resp.Diagnostics)
	holdings, complete, err := d.session.taskMining().In(ctx, tenant)
	if err != nil {
		resp.Diagnostics.Append(failure("Reading Task Mining permissions failed", fmt.Sprintf("Reading who may do what in Task Mining of the tenant %s.",
			at.label()), err))
		return
	}
	model.Permissions = []taskMiningMemberModel{}
	for _, held := range holdings {
		model.Permissions = append(model.Permissions, d.rows(ctx, held, complete, &resp.Diagnostics)...)
	}
	slices.SortFunc(model.Permissions, func(a, b taskMiningMemberModel) int {
		return cmp.Or(strings.Compare(a.PrincipalName.ValueString(), b.PrincipalName.ValueString()),
			strings.Compare(a.Permission.ValueString(), b.Permission.ValueString()),
			strings.Compare(a.ThroughGroupName.ValueString(), b.ThroughGroupName.ValueString()),
			strings.Compare(a.PrincipalID.ValueString(), b.PrincipalID.ValueString()),
			strings.Compare(a.ThroughGroupID.ValueString(), b.ThroughGroupID.ValueString()))
	})
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
	}
}

// rows are the row of the holder and, of a group, one for each of its members.
func (d *taskMiningPermissionsDataSource) rows(
	ctx context.Context, held taskmining.Holding, complete bool, diags *diag.Diagnostics,
) []taskMiningMemberModel {
	own := taskMiningMemberModel{Permission: optionalString(held.Level), ProjectIDs: types.SetNull(types.StringType)}
	if complete {
		own.ProjectIDs = stringSet(ctx, held.Projects, diags)
	}
	d.name(ctx, &own, held.Principal, held.PrincipalType, held.PrincipalName, diags)
	rows := []taskMiningMemberModel{own}
	// Only the directory tells who is in a group.
	if held.PrincipalType != access.PrincipalGroup || !d.session.resolvePrincipals {
		return rows
	}
	members, err := d.session.client.GroupMembers(ctx, held.Principal)
	switch {
	case errors.Is(err, uipath.ErrForbidden):
		// The framework keeps one of several warnings that are the same.
		diags.AddWarning("Members of groups left out", "These credentials may not read who is in a group, so that a group has one row and its "+
			"members have none. Organization administrators may, and external applications with the scope PM.Group.Read.")
		return rows
	case err != nil && !errors.Is(err, uipath.ErrNotFound):
		diags.Append(failure("Reading group failed", fmt.Sprintf("Reading who is in the group %s.", label(held.PrincipalName, held.Principal)), err))
		return rows
	}
	for id, t := range members {
		member := own
		member.ThroughGroupID, member.ThroughGroupName = own.PrincipalID, own.PrincipalName
		d.name(ctx, &member, id, t, "", diags)
		rows = append(rows, member)
	}
	return rows
}

// name shows a principal by the directory, else by the name that its assignments have, else by its id.
func (d *taskMiningPermissionsDataSource) name(
	ctx context.Context, row *taskMiningMemberModel, id access.GUID, t access.PrincipalType, assigned string, diags *diag.Diagnostics,
) {
	var known uipath.Principal
	// A group may have members of a kind that the directory does not list.
	if slices.Contains(access.PrincipalTypes(), t) {
		if held, _ := d.session.heldPrincipal(ctx, id, t, "", diags); held != nil {
			known = held.value
		}
	}
	row.PrincipalID, row.PrincipalType = types.StringValue(id.String()), types.StringValue(string(t))
	row.PrincipalName, row.Email = types.StringValue(cmp.Or(known.Name, assigned, id.String())), optionalString(known.Email)
}
