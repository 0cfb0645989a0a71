package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/taskmining"
)

var _ list.ListResourceWithConfigure = (*taskMiningPermissionListResource)(nil)

func newTaskMiningPermissionListResource() list.ListResource {
	return &taskMiningPermissionListResource{taskMiningPermissionResource{configuredResource{typeName: "task_mining_permission"}}}
}

// taskMiningPermissionListResource lists what [taskMiningPermissionResource] can manage, and shares its name and its models.
type taskMiningPermissionListResource struct{ taskMiningPermissionResource }

type taskMiningPermissionListModel struct {
	Tenant canonicalString `tfsdk:"tenant"`
}

func (r *taskMiningPermissionListResource) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the Task Mining permissions of a tenant, for `terraform query`.",
		Attributes: map[string]schema.Attribute{
			"tenant": listFilter("GUID of the tenant; the provider's `tenant` by default."),
		},
	}
}

func (r *taskMiningPermissionListResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	found, diags := r.find(ctx, req)
	stream.Results = listResults(found, diags, req.Limit, func(one taskmining.Holding) list.ListResult { return r.result(ctx, req, one) })
}

// find returns the permissions of the tenant, sorted by the ids of the principals.
func (r *taskMiningPermissionListResource) find(ctx context.Context, req list.ListRequest) (found []taskmining.Holding, diags diag.Diagnostics) {
	var query taskMiningPermissionListModel
	if diags.Append(req.Config.Get(ctx, &query)...); diags.HasError() {
		return nil, diags
	}
	value, name := r.session.chosenTenant(ctx, query.Tenant, query.Tenant, "The list of Task Mining permissions", &diags)
	if diags.HasError() {
		return nil, diags
	}
	tenant := value.guid(path.Root("tenant"), &diags)
	found, _, err := r.session.taskMining().In(ctx, tenant)
	if err != nil {
		diags.Append(failure("Reading Task Mining permissions failed",
			fmt.Sprintf("Listing the Task Mining permissions in the tenant %s.", label(name.ValueString(), tenant)), err))
	}
	return found, diags
}

func (r *taskMiningPermissionListResource) result(ctx context.Context, req list.ListRequest, held taskmining.Holding) list.ListResult {
	result := req.NewListResult(ctx)
	model := taskMiningPermissionModel{
		Tenant: guidForm.value(held.Tenant.String()), PrincipalID: guidForm.value(held.Principal.String()),
		Projects: types.SetNull(types.StringType), Timeouts: nullTimeouts(ctx),
	}
	var diags diag.Diagnostics
	model.fill(ctx, held, &diags)
	if r.show(ctx, &model, held, &diags); diags.HasError() {
		// The warnings about a single permission do not belong in a list.
		result.Diagnostics = diags
		return result
	}
	result.DisplayName = model.Name.ValueString()
	result.Diagnostics.Append(result.Identity.Set(ctx, r.identity(held.Key))...)
	if req.IncludeResource {
		result.Diagnostics.Append(result.Resource.Set(ctx, model)...)
	}
	return result
}
