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
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

var _ datasource.DataSourceWithConfigure = (*taskMiningPermissionsDataSource)(nil)

func newTaskMiningPermissionsDataSource() datasource.DataSource {
	return &taskMiningPermissionsDataSource{}
}

type taskMiningPermissionsDataSource struct{ configuredDataSource }

type taskMiningPermissionsModel struct {
	Tenant      canonicalString            `tfsdk:"tenant"`
	TenantName  types.String            `tfsdk:"tenant_name"`
	Permissions []taskMiningMemberModel `tfsdk:"permissions"`
}

type taskMiningMemberModel struct {
	PrincipalID      types.String `tfsdk:"principal_id"`
	PrincipalType    types.String `tfsdk:"principal_type"`
	PrincipalName    types.String `tfsdk:"principal_name"`
	Email            types.String `tfsdk:"email"`
	Permission       types.String `tfsdk:"permission"`
	Projects         types.Set    `tfsdk:"projects"`
	ThroughGroupID   types.String `tfsdk:"through_group_id"`
	ThroughGroupName types.String `tfsdk:"through_group_name"`
}

func (d *taskMiningPermissionsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_task_mining_permissions"
}

func (d *taskMiningPermissionsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Who may do what in Task Mining of a tenant, as the service's own list of users shows it: e-mail, name, permission and " +
			"projects, and for the members of groups the group that it comes through.",
		Attributes: map[string]schema.Attribute{
			"tenant": schema.StringAttribute{
				Optional: true, Computed: true, CustomType: guidForm.attributeType(),
				MarkdownDescription: "GUID of the tenant; the provider's `tenant` by default.",
				Validators:          []validator.String{guidRule},
			},
			"tenant_name": schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the tenant."},
			"permissions": schema.ListNestedAttribute{
				Computed: true,
				MarkdownDescription: "One row for each principal that holds a permission itself, and one for each member of a group that holds one, sorted by " +
					"name, permission and group. Members are not listed where the provider's `resolve_principals` is `false`.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"principal_id":   schema.StringAttribute{Computed: true, MarkdownDescription: "GUID of the principal."},
					"principal_type": schema.StringAttribute{Computed: true, MarkdownDescription: "`User`, `Group`, or what else is in a group."},
					"principal_name": schema.StringAttribute{
						Computed: true, MarkdownDescription: "Name of the principal; its id where the directory does not know it. Never blank.",
					},
					"email": schema.StringAttribute{Computed: true, MarkdownDescription: "E-mail of a user, null for all others."},
					"permission": schema.StringAttribute{
						Computed: true, MarkdownDescription: "`User`, `Process SME` or `Admin`: the strongest, where several are held. Null for projects only.",
					},
					"projects": schema.SetAttribute{
						Computed: true, ElementType: types.StringType,
						MarkdownDescription: "Ids of the projects that a `User` records for. Null where these credentials may not list the organization, which " +
							"alone shows them.",
					},
					"through_group_id": schema.StringAttribute{
						Computed: true, MarkdownDescription: "GUID of the group it comes through; null for the principal's own.",
					},
					"through_group_name": schema.StringAttribute{Computed: true, MarkdownDescription: "Name of that group."},
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
	tenant, name, diags := d.session.chosenTenant(ctx, model.Tenant, model.Tenant, "The list of Task Mining permissions")
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	model.Tenant, model.TenantName = tenant, name
	attempted := fmt.Sprintf("Reading who may do what in Task Mining of the tenant %s.", label(name.ValueString(), tenant.ValueString()))
	roles, err := d.session.taskMiningRoles(ctx)
	var held map[string][]uipath.Assignment
	complete := false
	if err == nil {
		held, complete, err = d.session.taskMiningHeld(ctx, roles, access.CanonicalGUID(tenant.ValueString()), "")
	}
	if err != nil {
		resp.Diagnostics.Append(failure("Reading Task Mining permissions failed", attempted, err))
		return
	}
	model.Permissions = []taskMiningMemberModel{}
	for id, assignments := range held {
		rows, diags := d.rows(ctx, id, roles.holding(assignments), complete)
		resp.Diagnostics.Append(diags...)
		model.Permissions = append(model.Permissions, rows...)
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

// rows are that of who holds a permission and, of a group, those of its members.
func (d *taskMiningPermissionsDataSource) rows(
	ctx context.Context, id string, held taskMiningHolding, complete bool,
) ([]taskMiningMemberModel, diag.Diagnostics) {
	own := taskMiningMemberModel{Permission: optionalString(string(held.permission)), Projects: types.SetNull(types.StringType)}
	var diags diag.Diagnostics
	if complete {
		own.Projects, diags = types.SetValueFrom(ctx, types.StringType, append([]string{}, held.projects...))
	}
	diags.Append(d.name(ctx, &own, id, held.kind, held.name)...)
	rows := []taskMiningMemberModel{own}
	// Who is in a group stands in the directory only.
	if held.kind != access.PrincipalGroup || !d.session.resolvePrincipals {
		return rows, diags
	}
	members, err := d.session.client.GroupMembers(ctx, id)
	if err != nil && !errors.Is(err, uipath.ErrNotFound) {
		diags.Append(failure("Reading group failed", fmt.Sprintf("Reading who is in the group %s.", label(held.name, id)), err))
		return rows, diags
	}
	for memberID, kind := range members {
		member := own
		member.ThroughGroupID, member.ThroughGroupName = types.StringValue(id), own.PrincipalName
		diags.Append(d.name(ctx, &member, memberID, kind, "")...)
		rows = append(rows, member)
	}
	return rows, diags
}

// name shows a principal: by the directory, else by what the assignment says, else by its id.
func (d *taskMiningPermissionsDataSource) name(
	ctx context.Context, row *taskMiningMemberModel, id string, kind access.PrincipalType, said string,
) diag.Diagnostics {
	row.PrincipalID, row.PrincipalType = types.StringValue(id), types.StringValue(string(kind))
	row.PrincipalName, row.Email = types.StringValue(cmp.Or(said, id)), types.StringNull()
	// The directory lists no other kinds than these.
	if _, err := access.ParsePrincipalType(string(kind)); err != nil || !d.session.resolvePrincipals {
		return nil
	}
	known, err := d.session.client.Principal(ctx, id, kind)
	switch {
	case errors.Is(err, uipath.ErrNotFound):
		return nil
	case err != nil:
		return diag.Diagnostics{d.session.unreadableDirectory(id, kind, err)}
	}
	row.PrincipalName, row.Email = types.StringValue(known.Name), optionalString(known.Email)
	return nil
}
