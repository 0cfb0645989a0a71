package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

var _ list.ListResourceWithConfigure = (*taskMiningPermissionListResource)(nil)

func newTaskMiningPermissionListResource() list.ListResource {
	return &taskMiningPermissionListResource{}
}

// taskMiningPermissionListResource lists what [taskMiningPermissionResource] can manage, and shares its name and its models.
type taskMiningPermissionListResource struct{ taskMiningPermissionResource }

type taskMiningPermissionListModel struct {
	Tenant types.String `tfsdk:"tenant"`
}

func (r *taskMiningPermissionListResource) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the Task Mining permissions of a tenant, for `terraform query`.",
		Attributes: map[string]schema.Attribute{
			"tenant": schema.StringAttribute{
				Optional: true, MarkdownDescription: "GUID of the tenant; the provider's `tenant` by default.", Validators: []validator.String{guidRule},
			},
		},
	}
}

// taskMiningFound is a permission that a query has found.
type taskMiningFound struct {
	key  taskMiningKey
	held taskMiningHolding
}

func (r *taskMiningPermissionListResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	found, diags := r.find(ctx, req)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = listResults(found, req.Limit, func(one taskMiningFound) list.ListResult { return r.result(ctx, req, one) })
}

// find returns the permissions of the tenant, by principal.
func (r *taskMiningPermissionListResource) find(ctx context.Context, req list.ListRequest) ([]taskMiningFound, diag.Diagnostics) {
	var query taskMiningPermissionListModel
	diags := req.Config.Get(ctx, &query)
	if diags.HasError() {
		return nil, diags
	}
	configured := guidForm.null()
	if !query.Tenant.IsNull() {
		configured = guidForm.value(query.Tenant.ValueString())
	}
	tenant, name, diags := r.session.chosenTenant(ctx, configured, configured, "The list of Task Mining permissions")
	if diags.HasError() {
		return nil, diags
	}
	id := access.CanonicalGUID(tenant.ValueString())
	roles, err := r.session.taskMiningRoles(ctx)
	if err != nil {
		diags.Append(failure("Reading roles failed", "Listing Task Mining permissions.", err))
		return nil, diags
	}
	held, _, err := r.session.taskMiningHeld(ctx, roles, id, "")
	if err != nil {
		diags.Append(failure("Reading Task Mining permissions failed",
			fmt.Sprintf("Listing the Task Mining permissions in the tenant %s.", label(name.ValueString(), id)), err))
		return nil, diags
	}
	var found []taskMiningFound
	for _, principalID := range slices.Sorted(maps.Keys(held)) {
		found = append(found, taskMiningFound{taskMiningKey{id, principalID}, roles.holding(held[principalID])})
	}
	return found, diags
}

func (r *taskMiningPermissionListResource) result(ctx context.Context, req list.ListRequest, found taskMiningFound) list.ListResult {
	result := req.NewListResult(ctx)
	model := taskMiningPermissionModel{
		Tenant: guidForm.value(found.key.tenantID), PrincipalID: guidForm.value(found.key.principalID),
		Projects: types.SetNull(types.StringType), Timeouts: timeouts.Value{Object: nullTimeouts(ctx)},
	}
	diags := model.fill(ctx, found.held)
	// What a single permission is warned of does not belong in a list; what ends the listing does.
	if diags.Append(r.show(ctx, &model, found.held)...); diags.HasError() {
		result.Diagnostics = diags
		return result
	}
	result.DisplayName = model.Name.ValueString()
	result.Diagnostics.Append(r.identify(ctx, result.Identity, found.key)...)
	if req.IncludeResource {
		result.Diagnostics.Append(result.Resource.Set(ctx, model)...)
	}
	return result
}
