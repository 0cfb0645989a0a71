package provider

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

var _ datasource.DataSourceWithConfigure = (*permissionsDataSource)(nil)

func newPermissionsDataSource() datasource.DataSource {
	return &permissionsDataSource{configuredDataSource{typeName: "permissions"}}
}

type permissionsDataSource struct{ configuredDataSource }

type permissionsModel struct {
	Service     types.String      `tfsdk:"service"`
	ScopeType   types.String      `tfsdk:"scope_type"`
	Contains    types.String      `tfsdk:"contains"`
	Names       types.List        `tfsdk:"names"`
	Permissions []permissionModel `tfsdk:"permissions"`
}

type permissionModel struct {
	Name        types.String `tfsdk:"name"`
	Service     types.String `tfsdk:"service"`
	Resource    types.String `tfsdk:"resource"`
	Action      types.String `tfsdk:"action"`
	Description types.String `tfsdk:"description"`
	ScopeType   types.String `tfsdk:"scope_type"`
}

func newPermissionModel(p uipath.Permission) permissionModel {
	return permissionModel{
		Name:        types.StringValue(p.Name),
		Service:     types.StringValue(p.Service),
		Resource:    types.StringValue(p.Resource),
		Action:      types.StringValue(p.Action),
		Description: optionalString(p.Description),
		ScopeType:   optionalString(p.ScopeType),
	}
}

func (d *permissionsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The catalogue of permissions that roles can grant, sorted by name. Without a filter there are about 500.",
		Attributes: map[string]schema.Attribute{
			"service": filterAttribute(knownServiceRule, "Only those of this service, such as `Orchestrator` or `IXP`."),
			"scope_type": filterAttribute(stringvalidator.OneOf("Organization", "Tenant", "Folder", "Project"),
				"Only those that a role of this level can grant: `Organization`, `Tenant`, `Folder` or `Project`. "+
					"A `uipath_tenant_role` grants those of `Tenant`."),
			"contains": filterAttribute(plainTextRule, "Only those with this text in their name. Letter case does not matter."),
			"names": schema.ListAttribute{
				Computed: true, ElementType: types.StringType,
				MarkdownDescription: "Names of the permissions, sorted.",
			},
			"permissions": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The permissions, sorted by name.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"name":        computedString("Name: `NAMESPACE.RESOURCE.ACTION`."),
					"service":     computedString("Service, by its display name."),
					"resource":    computedString("What is acted on."),
					"action":      computedString("What is done."),
					"description": computedString("What the permission is for, if the server tells it."),
					"scope_type":  computedString("Level of the permission, in upper case. `ANY` fits every level; null is no level."),
				}},
			},
		},
	}
}

func (d *permissionsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model permissionsModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &model)...); resp.Diagnostics.HasError() {
		return
	}
	permissions, err := d.session.client.Permissions(ctx, uipath.PermissionFilter{
		ScopeType: strings.ToUpper(model.ScopeType.ValueString()), Service: model.Service.ValueString(),
	})
	if err != nil {
		resp.Diagnostics.Append(failure("Reading permissions failed", "Reading the catalogue of permissions.", err))
		return
	}
	names := []string{}
	model.Permissions = []permissionModel{}
	contains := strings.ToUpper(model.Contains.ValueString())
	for _, permission := range permissions {
		if strings.Contains(permission.Name, contains) {
			names = append(names, permission.Name)
			model.Permissions = append(model.Permissions, newPermissionModel(permission))
		}
	}
	list, diags := types.ListValueFrom(ctx, types.StringType, names)
	resp.Diagnostics.Append(diags...)
	model.Names = list
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
