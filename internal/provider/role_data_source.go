package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

var _ datasource.DataSourceWithConfigure = (*roleDataSource)(nil)

func newRoleDataSource() datasource.DataSource { return &roleDataSource{} }

type roleDataSource struct{ configuredDataSource }

type roleModel struct {
	Name         types.String `tfsdk:"name"`
	Service      types.String `tfsdk:"service"`
	ID           types.String `tfsdk:"id"`
	Description  types.String `tfsdk:"description"`
	Type         types.String `tfsdk:"type"`
	Shape        types.String `tfsdk:"shape"`
	OwnerService types.String `tfsdk:"owner_service"`
	Tenant       types.String `tfsdk:"tenant"`
	TenantName   types.String `tfsdk:"tenant_name"`
	Permissions  types.Set    `tfsdk:"permissions"`
}

func (d *roleDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_role"
}

func (d *roleDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds a role of any type and shape by its name. No match, or several, is an error that lists candidates.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the role. Letter case does not matter.",
				Validators:          []validator.String{plainTextRule},
			},
			"service": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Service that owns the role, such as `Task Mining` or `IXP`, to tell roles of equal names apart; " +
					"`CentralizedAccess` for multi-service roles.",
				Validators: []validator.String{knownServiceRule},
			},
			"id":          schema.StringAttribute{Computed: true, MarkdownDescription: "GUID of the role."},
			"description": schema.StringAttribute{Computed: true, MarkdownDescription: "What the role is for."},
			"type":        schema.StringAttribute{Computed: true, MarkdownDescription: "`BuiltIn`, `Platform` or `Custom`."},
			"shape": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Where it can be assigned: `Organization`, `TenantGlobal` (any tenant), `Tenant` or `Project`.",
			},
			"owner_service": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The owner as the API spells it, such as `CentralizedAccess` or `Reinfer`.",
			},
			"tenant": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "GUID of the tenant that the role belongs to, null for a role of no tenant.",
			},
			"tenant_name": schema.StringAttribute{Computed: true, MarkdownDescription: "Name of that tenant."},
			"permissions": schema.SetAttribute{
				Computed: true, ElementType: types.StringType,
				MarkdownDescription: "Names of the permissions that the role grants.",
			},
		},
	}
}

func (d *roleDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model roleModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &model)...); resp.Diagnostics.HasError() {
		return
	}
	name := model.Name.ValueString()
	roles, err := d.session.client.Roles(ctx)
	if err != nil {
		resp.Diagnostics.Append(failure("Reading roles failed", fmt.Sprintf("Looking for the role %q.", name), err))
		return
	}
	var matches, others []uipath.Role
	for _, role := range roles {
		switch {
		case !model.Service.IsNull() && !serviceForm.same(role.Service, model.Service.ValueString()):
		case strings.EqualFold(role.Name, name):
			matches = append(matches, role)
		default:
			others = append(others, role)
		}
	}
	if len(matches) != 1 {
		resp.Diagnostics.AddAttributeError(path.Root("name"), "Role not found by its name", d.explain(ctx, model, matches, others))
		return
	}
	role := matches[0]
	model.ID = types.StringValue(string(role.ID))
	model.Description = types.StringValue(role.Description)
	model.Type = types.StringValue(string(role.Type))
	model.Shape = types.StringValue(string(role.Shape))
	model.OwnerService = types.StringValue(role.Service)
	if role.TenantID != "" {
		model.Tenant = types.StringValue(string(role.TenantID))
		model.TenantName = types.StringValue(d.session.tenantName(ctx, access.GUID(role.TenantID)))
	}
	model.Permissions = stringSet(ctx, role.Permissions, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// explain lists what the name may have meant.
func (d *roleDataSource) explain(ctx context.Context, model roleModel, matches, others []uipath.Role) string {
	wanted := fmt.Sprintf("the name %q", model.Name.ValueString())
	if !model.Service.IsNull() {
		wanted += " and the service " + access.ServiceDisplayName(model.Service.ValueString())
	}
	if len(matches) == 0 {
		names := make([]string, len(others))
		for i, role := range others {
			names[i] = role.Name
		}
		return sentences(fmt.Sprintf("No role that these credentials may see has %s.", wanted), access.DidYouMean(model.Name.ValueString(), names))
	}
	lines := []string{fmt.Sprintf("%d roles have %s:", len(matches), wanted), ""}
	for _, role := range matches {
		lines = append(lines, fmt.Sprintf("  %s: %s", label(role.Name, role.ID), d.session.roleKind(ctx, role)))
	}
	return strings.Join(append(lines, "", "Set service to tell them apart."), "\n")
}
