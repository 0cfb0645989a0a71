package provider

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/taskmining"
)

var _ list.ListResourceWithConfigure = (*taskMiningPermissionListResource)(nil)

func newTaskMiningPermissionListResource() list.ListResource {
	return &taskMiningPermissionListResource{taskMiningPermissionResource{configuredResource{typeName: "task_mining_permission"}}}
}

// taskMiningPermissionListResource lists what [taskMiningPermissionResource] can manage, and shares its name and its models.
type taskMiningPermissionListResource struct{ taskMiningPermissionResource }

type taskMiningPermissionListModel struct {
	TenantID   canonicalString `tfsdk:"tenant_id"`
	TenantName types.String    `tfsdk:"tenant_name"`
}

func (r *taskMiningPermissionListResource) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the Task Mining permissions of a tenant, for `terraform query`. It leaves out what " +
			"`uipath_task_mining_permission` cannot manage, and the permission `User` if these credentials may not list projects. A warning counts them.",
		Attributes: map[string]schema.Attribute{
			"tenant_id":   listFilter("GUID of the tenant. Give this or `tenant_name`; the provider's `tenant` by default."),
			"tenant_name": listName("Name of the tenant, in any letter case."),
		},
	}
}

func (r *taskMiningPermissionListResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	found, diags := r.find(ctx, req)
	stream.Results = listResults(found, diags, req.Limit, func(one taskmining.Holding) list.ListResult { return r.result(ctx, req, one) })
}

// find returns the permissions of the tenant that the resource can manage, sorted by the ids of the principals.
func (r *taskMiningPermissionListResource) find(ctx context.Context, req list.ListRequest) (found []taskmining.Holding, diags diag.Diagnostics) {
	var query taskMiningPermissionListModel
	if diags.Append(req.Config.Get(ctx, &query)...); diags.HasError() {
		return nil, diags
	}
	at := r.session.settleTenant(ctx, "The list of Task Mining permissions", pair{query.TenantID, query.TenantName}, nil, nil, &diags)
	if diags.HasError() {
		return nil, diags
	}
	found, complete, err := r.session.taskMining().In(ctx, at.id.guid(path.Root("tenant_id"), &diags))
	if err != nil {
		diags.Append(failure("Reading Task Mining permissions failed",
			fmt.Sprintf("Listing the Task Mining permissions in the tenant %s.", at.label()), err))
		return nil, diags
	}
	out := leftOut{}
	found = slices.DeleteFunc(found, func(held taskmining.Holding) bool {
		reason := unmanageablePermission(held, complete)
		if reason != "" {
			out[reason]++
		}
		return reason != ""
	})
	out.warn("Task Mining permissions", "", &diags)
	return found, diags
}

// unmanageablePermission says why the resource cannot manage what somebody holds, "" where it can.
func unmanageablePermission(held taskmining.Holding, complete bool) string {
	switch {
	case held.PrincipalType != access.PrincipalUser && held.PrincipalType != access.PrincipalGroup:
		return "of a robot account or an external application"
	case held.Level == "":
		return "of projects without a permission at the service"
	case held.Level == access.TaskMiningUser && !complete:
		return "of the permission User, whose projects these credentials may not list: that needs the right to list the whole organization"
	}
	return ""
}

func (r *taskMiningPermissionListResource) result(ctx context.Context, req list.ListRequest, held taskmining.Holding) list.ListResult {
	result := req.NewListResult(ctx)
	model := taskMiningPermissionModel{
		TenantID: guidForm.value(held.Tenant.String()), PrincipalID: guidForm.value(held.Principal.String()),
		ProjectIDs: types.SetNull(types.StringType), ProjectNames: types.SetNull(types.StringType), Timeouts: nullTimeouts(ctx),
	}
	var diags diag.Diagnostics
	model.fill(ctx, held, &diags)
	r.session.refreshProjects(ctx, &model, held, &diags)
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
