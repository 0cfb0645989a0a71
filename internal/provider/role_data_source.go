package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

var _ datasource.DataSourceWithConfigure = (*roleDataSource)(nil)

func newRoleDataSource() datasource.DataSource {
	return &roleDataSource{configuredDataSource{typeName: "role"}}
}

type roleDataSource struct{ configuredDataSource }

type roleModel struct {
	Name         types.String `tfsdk:"name"`
	Service      types.String `tfsdk:"service"`
	ID           types.String `tfsdk:"id"`
	Description  types.String `tfsdk:"description"`
	Type         types.String `tfsdk:"type"`
	Shape        types.String `tfsdk:"shape"`
	OwnerService types.String `tfsdk:"owner_service"`
	TenantID     types.String `tfsdk:"tenant_id"`
	TenantName   types.String `tfsdk:"tenant_name"`
	Permissions  types.Set    `tfsdk:"permissions"`
}

func (d *roleDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds a role of any type and shape by its name. If none or several match, the error lists candidates.",
		Attributes: map[string]schema.Attribute{
			"name": nameAttribute("Name of the role. Letter case does not matter."),
			"service": filterAttribute(knownServiceRule, "Service that owns the role, such as `Task Mining` or `IXP`, to tell roles of equal names apart; "+
				"`CentralizedAccess` for multi-service roles."),
			"id":            computedString("GUID of the role."),
			"description":   computedString("What the role is for."),
			"type":          computedString("`BuiltIn`, `Platform` or `Custom`."),
			"shape":         computedString("Where it can be assigned: `Organization`, `TenantGlobal` (any tenant), `Tenant` or `Project`."),
			"owner_service": computedString("The owner as the API spells it, such as `CentralizedAccess` or `Reinfer`."),
			"tenant_id":     computedString("GUID of the tenant that the role belongs to, null for a role of no tenant."),
			"tenant_name":   computedString("Name of that tenant."),
			"permissions":   computedStrings("Names of the permissions that the role grants."),
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
	model.ID = types.StringValue(role.ID.String())
	model.Description = types.StringValue(role.Description)
	model.Type = types.StringValue(string(role.Type))
	model.Shape = types.StringValue(string(role.Shape))
	model.OwnerService = types.StringValue(role.Service)
	if role.TenantID != "" {
		model.TenantID = types.StringValue(role.TenantID.String())
		model.TenantName = types.StringValue(d.session.tenantName(ctx, role.TenantID))
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
		return sentences(fmt.Sprintf("No role that these credentials may see has %s.", wanted),
			access.DidYouMean(model.Name.ValueString(), namesOf(others, func(r uipath.Role) string { return r.Name })))
	}
	return ambiguous("roles have "+wanted, matches, func(r uipath.Role) string { return label(r.Name, r.ID) + ": " + d.session.roleKind(ctx, r) },
		"Set service to tell them apart.")
}
