package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

var _ datasource.DataSourceWithConfigure = (*projectDataSource)(nil)

func newProjectDataSource() datasource.DataSource {
	return &projectDataSource{configuredDataSource{typeName: "project"}}
}

type projectDataSource struct{ configuredDataSource }

type projectModel struct {
	TenantID   canonicalString `tfsdk:"tenant_id"`
	TenantName types.String    `tfsdk:"tenant_name"`
	Service    types.String    `tfsdk:"service"`
	ID         canonicalString `tfsdk:"id"`
	Name       types.String    `tfsdk:"name"`
	Scope      types.String    `tfsdk:"scope"`
	ScopeName  types.String    `tfsdk:"scope_name"`
}

func (d *projectDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds a project of Document Understanding, Test Manager, IXP or Task Mining by its name or by its id. If none matches, " +
			"the error lists candidates, and says whether another tenant has such a project.\n\nThe caller needs the right to read the service's " +
			"projects: an external application one of the scopes `Du.Digitization.Api`, `Du.Classification.Api`, `Du.Extraction.Api` and " +
			"`Du.Validation.Api`, or `TM.Projects.Read`, or `Ixp.ApiAccess`. No public endpoint lists the projects of Task Mining. Those at which a role " +
			"is assigned are found in the export of role assignments, which external applications may not read.",
		Attributes: map[string]schema.Attribute{
			"tenant_id":   tenantIDAttribute(),
			"tenant_name": tenantNameAttribute(),
			"service": schema.StringAttribute{
				Required: true, Validators: []validator.String{projectServiceRule},
				MarkdownDescription: "Service that the project belongs to, such as `Document Understanding`.",
			},
			"id":         chosenKey(containerForm, containerRule, "Id of the project, as scope paths have it. Give this or `name`."),
			"name":       chosenText("Name of the project, in exactly this letter case."),
			"scope":      computedString("Scope of the project as a path, for the `scope` of a `uipath_role_assignment`."),
			"scope_name": computedString("The scope in names, for the `scope_name` of a `uipath_role_assignment`."),
		},
	}
}

func (d *projectDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model projectModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &model)...); resp.Diagnostics.HasError() {
		return
	}
	asked := pair{model.ID, model.Name}
	needOne(asked, "project", "id", "name", &resp.Diagnostics)
	at := d.session.settleTenant(ctx, "The project", pair{model.TenantID, model.TenantName}, nil, nil, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tenant := at.id.guid(path.Root("tenant_id"), &resp.Diagnostics)
	service, _ := access.FindService(model.Service.ValueString())
	found := d.session.projectNaming(tenant, at, service).settle(ctx, asked, nil, nil, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	model.TenantID, model.TenantName, model.ID, model.Name = at.id, at.name, found.id, found.name
	scope, err := access.ProjectScope(tenant, service.Slug, found.id.ValueString())
	if err != nil {
		resp.Diagnostics.AddAttributeError(path.Root("id"), containerRule.title, err.Error())
		return
	}
	model.Scope, model.ScopeName = types.StringValue(scope.String()), d.session.shownScope(ctx, scope)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// projectNaming finds projects of a service in a tenant.
func (s *session) projectNaming(tenant access.GUID, at pair, service access.Service) naming[uipath.Project] {
	named := func(
		attribute string, find func(context.Context, access.GUID, access.Service, string) (uipath.Project, error),
	) lookUp[uipath.Project] {
		return func(ctx context.Context, text string, diags *diag.Diagnostics) *named[uipath.Project] {
			project, err := find(ctx, tenant, service, text)
			if err == nil {
				return namedPlace(project, project.ID, project.Name)
			}
			attempted := fmt.Sprintf("The project %q of %s in the tenant %s was to be looked up.", text, service.DisplayName, at.label())
			if unlisted, ok := errors.AsType[*uipath.UnlistedProjectsError](err); ok && unlisted.Err == nil {
				diags.AddAttributeError(path.Root(attribute), "No such project", paragraphs(attempted, err.Error()))
				return nil
			}
			diags.Append(placeFailure(attribute, "project", attempted, err,
				func() (uipath.Tenant, bool) { return s.client.ProjectElsewhere(ctx, tenant, service, text) }))
			return nil
		}
	}
	return naming[uipath.Project]{
		what: "project", idAttribute: "id", nameAttribute: "name", form: containerForm,
		byID: named("id", s.client.Project), byName: named("name", s.client.ProjectNamed),
	}
}
