package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var _ datasource.DataSourceWithConfigure = (*tenantDataSource)(nil)

func newTenantDataSource() datasource.DataSource {
	return &tenantDataSource{configuredDataSource{typeName: "tenant"}}
}

type tenantDataSource struct{ configuredDataSource }

type tenantModel struct {
	Name             types.String `tfsdk:"name"`
	ID               types.String `tfsdk:"id"`
	OrganizationID   types.String `tfsdk:"organization_id"`
	OrganizationName types.String `tfsdk:"organization_name"`
}

func (d *tenantDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds a tenant of the organization by its name. If none matches, the error lists the tenants.",
		Attributes: map[string]schema.Attribute{
			"name":              nameAttribute("Name of the tenant. Letter case does not matter."),
			"id":                computedString("GUID of the tenant."),
			"organization_id":   computedString("GUID of the organization."),
			"organization_name": computedString("Name of the organization."),
		},
	}
}

func (d *tenantDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model tenantModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &model)...); resp.Diagnostics.HasError() {
		return
	}
	tenant, err := d.session.client.Tenant(ctx, model.Name.ValueString())
	if err != nil {
		resp.Diagnostics.Append(attributeFailure(path.Root("name"), "Tenant not found", "", err))
		return
	}
	organization := d.session.client.Organization()
	model.ID = types.StringValue(tenant.ID.String())
	model.OrganizationID = types.StringValue(organization.ID.String())
	model.OrganizationName = types.StringValue(organization.Name)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
