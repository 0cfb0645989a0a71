package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

var _ datasource.DataSource = (*servicesDataSource)(nil)

func newServicesDataSource() datasource.DataSource {
	return &servicesDataSource{configuredDataSource{typeName: "services"}}
}

// servicesDataSource tells what the vendor's page on role assignments says. It asks no server.
type servicesDataSource struct{ configuredDataSource }

type servicesModel struct {
	Services map[string]serviceModel `tfsdk:"services"`
}

type serviceModel struct {
	Name        types.String `tfsdk:"name"`
	PartOf      types.String `tfsdk:"part_of"`
	Parts       types.Set    `tfsdk:"parts"`
	ManagedFrom types.String `tfsdk:"managed_from"`
	Containers  types.String `tfsdk:"containers"`
	RolesMadeBy types.String `tfsdk:"roles_made_by"`
}

func (d *servicesDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Where the roles of each service are managed: the table of the vendor's page on role assignments, with what belongs to each " +
			"service. It comes with the provider and asks no server.",
		Attributes: map[string]schema.Attribute{
			"services": schema.MapNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The services, and what belongs to them, by the names that people call them by.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"name":    computedString("Name, such as `AI Center`."),
					"part_of": computedString("The service that it belongs to, null for a service."),
					"parts":   computedStrings("What belongs to the service."),
					"managed_from": computedString("The service where its roles are managed, such as `Orchestrator` for AI Center; `organization-level roles` " +
						"for Task Mining."),
					"containers": computedString("Its smallest scopes: `folders` or `projects`; null if it has none."),
					"roles_made_by": computedString("Who may create roles for it: `Orchestrator` (administrators, in Orchestrator: `uipath_orchestrator_role`), " +
						"`Platform` (administrators: `uipath_tenant_role` with its `service`), `Service` (they come with the service; a multi-service " +
						"`uipath_tenant_role` can grant its permissions) or `Unknown` (no public source tells)."),
				}},
			},
		},
	}
}

func (d *servicesDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	model := servicesModel{Services: map[string]serviceModel{}}
	for _, s := range access.ManagedServices() {
		model.Services[s.Name] = serviceModel{
			Name: types.StringValue(s.Name), PartOf: optionalString(s.PartOf), Parts: stringSet(ctx, s.Parts(), &resp.Diagnostics),
			ManagedFrom: types.StringValue(s.ManagedFrom), Containers: optionalString(s.Containers), RolesMadeBy: types.StringValue(string(s.Makers)),
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
