package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

var _ datasource.DataSourceWithConfigure = (*rolesDataSource)(nil)

func newRolesDataSource() datasource.DataSource {
	return &rolesDataSource{configuredDataSource{typeName: "roles"}}
}

type rolesDataSource struct{ configuredDataSource }

type rolesModel struct {
	Service    types.String               `tfsdk:"service"`
	Type       types.String               `tfsdk:"type"`
	TenantID   canonicalString            `tfsdk:"tenant_id"`
	TenantName types.String               `tfsdk:"tenant_name"`
	Roles      map[string]listedRoleModel `tfsdk:"roles"`
}

type listedRoleModel struct {
	ID           types.String `tfsdk:"id"`
	Name         types.String `tfsdk:"name"`
	Description  types.String `tfsdk:"description"`
	Type         types.String `tfsdk:"type"`
	Shape        types.String `tfsdk:"shape"`
	ServiceName  types.String `tfsdk:"service_name"`
	OwnerService types.String `tfsdk:"owner_service"`
	TenantID     types.String `tfsdk:"tenant_id"`
	TenantName   types.String `tfsdk:"tenant_name"`
}

func (d *rolesDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	const filter = "Only the roles that belong to this tenant, "
	id, name := tenantIDAttribute(), tenantNameAttribute()
	id.MarkdownDescription, name.MarkdownDescription = filter+"by its GUID.", filter+"by its name in any letter case."
	resp.Schema = schema.Schema{
		MarkdownDescription: "Roles by name, such as for `for_each`. They are read once in a run. What a role grants is told by `uipath_role`.",
		Attributes: map[string]schema.Attribute{
			"service": filterAttribute(knownServiceRule, "Only the roles that this service owns, such as `Task Mining` or `IXP`; `CentralizedAccess` for "+
				"multi-service roles."),
			"type": filterAttribute(stringvalidator.OneOf(string(access.RoleBuiltIn), string(access.RolePlatform), string(access.RoleCustom)),
				"Only the roles of this type: `BuiltIn`, `Platform` or `Custom`."),
			"tenant_id":   id,
			"tenant_name": name,
			"roles": schema.MapNestedAttribute{
				Computed: true,
				MarkdownDescription: "The roles that the caller sees by their names. If several have one name, each is there as `NAME (SERVICE)`, such as " +
					"`Viewer (Insights)`, or as `NAME (ID)` if one service has several of them. Set `service` to keep the names short.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":            computedString("GUID of the role."),
					"name":          computedString("Name of the role."),
					"description":   computedString("What the role is for."),
					"type":          computedString("`BuiltIn`, `Platform` or `Custom`."),
					"shape":         computedString("Where it can be assigned: `Organization`, `TenantGlobal` (any tenant), `Tenant` or `Project`."),
					"service_name":  computedString("Service that owns the role, by its display name."),
					"owner_service": computedString("The owner as the API spells it, such as `CentralizedAccess` or `Reinfer`."),
					"tenant_id":     computedString("GUID of the tenant that the role belongs to, null for a role of no tenant."),
					"tenant_name":   computedString("Name of that tenant."),
				}},
			},
		},
	}
}

func (d *rolesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model rolesModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &model)...); resp.Diagnostics.HasError() {
		return
	}
	var tenant access.GUID
	if asked := (pair{model.TenantID, model.TenantName}); !asked.id.IsNull() || !asked.name.IsNull() {
		found := d.session.tenantNaming("The list of roles").settle(ctx, asked, nil, nil, &resp.Diagnostics)
		if resp.Diagnostics.HasError() {
			return
		}
		model.TenantID, model.TenantName = found.id, found.name
		tenant = found.id.guid(path.Root("tenant_id"), &resp.Diagnostics)
	}
	roles, err := d.session.client.Roles(ctx)
	if err != nil {
		resp.Diagnostics.Append(failure("Reading roles failed", "The roles of the organization were to be read.", err))
		return
	}
	roles = slices.DeleteFunc(roles, func(r uipath.Role) bool {
		return !model.Service.IsNull() && !serviceForm.same(r.Service, model.Service.ValueString()) ||
			!model.Type.IsNull() && string(r.Type) != model.Type.ValueString() || tenant != "" && r.TenantID != tenant
	})
	model.Roles = byName(roles, func(r uipath.Role) string { return r.Name }, func(r uipath.Role) string { return access.ServiceDisplayName(r.Service) },
		func(r uipath.Role) string { return r.ID.String() }, func(r uipath.Role) listedRoleModel { return d.listed(ctx, r) })
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

func (d *rolesDataSource) listed(ctx context.Context, role uipath.Role) listedRoleModel {
	shown := listedRoleModel{
		ID: types.StringValue(role.ID.String()), Name: types.StringValue(role.Name), Description: types.StringValue(role.Description),
		Type: types.StringValue(string(role.Type)), Shape: types.StringValue(string(role.Shape)),
		ServiceName: types.StringValue(access.ServiceDisplayName(role.Service)), OwnerService: types.StringValue(role.Service),
		TenantID: optionalString(role.TenantID),
	}
	if role.TenantID != "" {
		shown.TenantName = types.StringValue(d.session.tenantName(ctx, role.TenantID))
	}
	return shown
}
