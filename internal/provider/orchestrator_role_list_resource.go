package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

var _ list.ListResourceWithConfigure = (*orchestratorRoleListResource)(nil)

func newOrchestratorRoleListResource() list.ListResource {
	return &orchestratorRoleListResource{orchestratorRoleResource{configuredResource{typeName: "orchestrator_role"}}}
}

// orchestratorRoleListResource lists what [orchestratorRoleResource] can manage, and shares its name and its models.
type orchestratorRoleListResource struct{ orchestratorRoleResource }

type orchestratorRoleListModel struct {
	TenantID   canonicalString `tfsdk:"tenant_id"`
	TenantName types.String    `tfsdk:"tenant_name"`
	Contains   types.String    `tfsdk:"contains"`
}

func (r *orchestratorRoleListResource) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the roles that administrators made in Orchestrator of a tenant, for `terraform query`.",
		Attributes: map[string]schema.Attribute{
			"tenant_id":   listFilter("GUID of the tenant. Give this or `tenant_name`; the provider's `tenant` by default."),
			"tenant_name": listName("Name of the tenant, in any letter case."),
			"contains": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Only roles with this text in their name. Letter case does not matter.",
				Validators:          []validator.String{plainTextRule},
			},
		},
	}
}

func (r *orchestratorRoleListResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	found, diags := r.find(ctx, req)
	stream.Results = listResults(found, diags, req.Limit, func(one uipath.OrchestratorRole) list.ListResult { return r.result(ctx, req, one) })
}

// find returns the roles that the query asks for, sorted by name.
func (r *orchestratorRoleListResource) find(ctx context.Context, req list.ListRequest) ([]uipath.OrchestratorRole, diag.Diagnostics) {
	var query orchestratorRoleListModel
	diags := req.Config.Get(ctx, &query)
	if diags.HasError() {
		return nil, diags
	}
	at := r.session.settleTenant(ctx, "The list of roles of Orchestrator", pair{query.TenantID, query.TenantName}, nil, nil, &diags)
	if diags.HasError() {
		return nil, diags
	}
	roles, err := r.session.client.OrchestratorRoles(ctx, at.id.guid(path.Root("tenant_id"), &diags))
	if err != nil {
		diags.Append(failure("Reading roles of Orchestrator failed", "Listing the roles of the tenant "+at.label()+".", err))
		return nil, diags
	}
	out := leftOut{}
	contains := strings.ToLower(query.Contains.ValueString())
	roles = slices.DeleteFunc(roles, func(role uipath.OrchestratorRole) bool {
		if !strings.Contains(strings.ToLower(role.Name), contains) {
			return true
		}
		unmanageable := role.Static || role.Type == uipath.OrchestratorMixedRole || len(role.Permissions) == 0
		switch {
		case role.Static:
			out["that come with Orchestrator"]++
		case role.Type == uipath.OrchestratorMixedRole:
			out["of the type Mixed"]++
		case unmanageable:
			out["without a permission"]++
		}
		return unmanageable
	})
	out.warn("Roles", "Orchestrator shows them under Tenant, Manage access, Roles.", &diags)
	return roles, diags
}

func (r *orchestratorRoleListResource) result(ctx context.Context, req list.ListRequest, role uipath.OrchestratorRole) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = fmt.Sprintf("%s (%s)", role.Name, r.session.tenantName(ctx, role.TenantID))
	model := orchestratorRoleModel{Timeouts: nullTimeouts(ctx)}
	model.fill(ctx, role, r.session.heldTenant(ctx, role.TenantID), &result.Diagnostics)
	result.Diagnostics.Append(result.Identity.Set(ctx, r.identity(role.TenantID, model.ID))...)
	if req.IncludeResource {
		result.Diagnostics.Append(result.Resource.Set(ctx, model)...)
	}
	return result
}
