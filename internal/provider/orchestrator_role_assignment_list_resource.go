package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

var _ list.ListResourceWithConfigure = (*orchestratorGrantListResource)(nil)

func newOrchestratorGrantListResource() list.ListResource {
	return &orchestratorGrantListResource{orchestratorGrantResource{configuredResource{typeName: "orchestrator_role_assignment"}}}
}

// orchestratorGrantListResource lists what [orchestratorGrantResource] can manage, and shares its name and its models.
type orchestratorGrantListResource struct{ orchestratorGrantResource }

type orchestratorGrantListModel struct {
	TenantID   canonicalString `tfsdk:"tenant_id"`
	TenantName types.String    `tfsdk:"tenant_name"`
	FolderKey  canonicalString `tfsdk:"folder_key"`
	FolderName types.String    `tfsdk:"folder_name"`
}

func (r *orchestratorGrantListResource) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists who has which role of Orchestrator, at a tenant or at a folder itself, for `terraform query`.",
		Attributes: map[string]schema.Attribute{
			"tenant_id":   listFilter("GUID of the tenant. Give this or `tenant_name`; the provider's `tenant` by default."),
			"tenant_name": listName("Name of the tenant, in any letter case."),
			"folder_key":  listFilter("GUID of the folder. Give this or `folder_name`; what is assigned at the tenant by default."),
			"folder_name": listName("Name of the folder with the folders that it is in, such as `Finance/Invoices`, in exact letter case."),
		},
	}
}

func (r *orchestratorGrantListResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	found, diags := r.find(ctx, req)
	stream.Results = listResults(found, diags, req.Limit, func(one uipath.OrchestratorHolder) list.ListResult { return r.result(ctx, req, one) })
}

// find returns the assignments at the place that the query asks for.
func (r *orchestratorGrantListResource) find(ctx context.Context, req list.ListRequest) ([]uipath.OrchestratorHolder, diag.Diagnostics) {
	var query orchestratorGrantListModel
	diags := req.Config.Get(ctx, &query)
	if diags.HasError() {
		return nil, diags
	}
	tenant := r.session.settleTenant(ctx, "The list of assignments", pair{query.TenantID, query.TenantName}, nil, nil, &diags)
	if diags.HasError() {
		return nil, diags
	}
	at := tenant.id.guid(path.Root("tenant_id"), &diags)
	folder := pair{query.FolderKey, query.FolderName}
	if folder.id.IsNull() && folder.name.IsNull() {
		return r.atTenant(ctx, at, diags)
	}
	folder = r.session.folderNaming(at, "folder_key", "folder_name").settle(ctx, folder, nil, nil, &diags).pair
	if diags.HasError() {
		return nil, diags
	}
	holders, err := r.session.client.OrchestratorFolderHolders(ctx, at, folder.id.ValueString())
	if err != nil {
		diags.Append(failure("Reading assignments of Orchestrator failed", "Listing who has a role at the folder "+folder.label()+".", err))
	}
	return holders, diags
}

// atTenant returns what is assigned at a tenant, role by role.
func (r *orchestratorGrantListResource) atTenant(
	ctx context.Context, tenant access.GUID, diags diag.Diagnostics,
) ([]uipath.OrchestratorHolder, diag.Diagnostics) {
	roles, err := r.session.client.OrchestratorRoles(ctx, tenant)
	var all []uipath.OrchestratorHolder
	for _, role := range roles {
		if !role.AtTenant() || err != nil {
			continue
		}
		var holders []uipath.OrchestratorHolder
		holders, err = r.session.client.OrchestratorHolders(ctx, tenant, role.ID)
		all = append(all, holders...)
	}
	if err != nil {
		diags.Append(failure("Reading assignments of Orchestrator failed", "Listing who has a role at the tenant "+
			""+r.session.tenantName(ctx, tenant)+".", err))
	}
	return all, diags
}

func (r *orchestratorGrantListResource) result(ctx context.Context, req list.ListRequest, held uipath.OrchestratorHolder) list.ListResult {
	result := req.NewListResult(ctx)
	model := orchestratorGrantModel{
		FolderKey: guidForm.null(), Timeouts: nullTimeouts(ctx), PrincipalType: optionalString(held.PrincipalType),
	}
	r.refresh(ctx, &model, held.Grant, &result.Diagnostics)
	result.DisplayName = model.Name.ValueString()
	result.Diagnostics.Append(result.Identity.Set(ctx, r.identity(held.Grant))...)
	if req.IncludeResource {
		result.Diagnostics.Append(result.Resource.Set(ctx, model)...)
	}
	return result
}
