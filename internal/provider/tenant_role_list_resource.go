package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

var _ list.ListResourceWithConfigure = (*tenantRoleListResource)(nil)

func newTenantRoleListResource() list.ListResource {
	return &tenantRoleListResource{tenantRoleResource{configuredResource{typeName: "tenant_role"}}}
}

// tenantRoleListResource lists what [tenantRoleResource] can manage, and shares its name and its models.
type tenantRoleListResource struct{ tenantRoleResource }

type tenantRoleListModel struct {
	TenantID   canonicalString `tfsdk:"tenant_id"`
	TenantName types.String    `tfsdk:"tenant_name"`
	Contains   types.String    `tfsdk:"contains"`
}

func (r *tenantRoleListResource) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the custom roles of the tenants, for `terraform query`.",
		Attributes: map[string]schema.Attribute{
			"tenant_id":   listFilter("Only roles of this tenant, by its GUID. Roles of all tenants by default."),
			"tenant_name": listName("Only roles of this tenant, by its name in any letter case."),
			"contains": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Only roles with this text in their name. Letter case does not matter.",
				Validators:          []validator.String{plainTextRule},
			},
		},
	}
}

func (r *tenantRoleListResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	found, diags := r.find(ctx, req)
	stream.Results = listResults(found, diags, req.Limit, func(one uipath.Role) list.ListResult { return r.result(ctx, req, one) })
}

// find returns the roles that the query asks for, sorted by name.
func (r *tenantRoleListResource) find(ctx context.Context, req list.ListRequest) ([]uipath.Role, diag.Diagnostics) {
	var query tenantRoleListModel
	diags := req.Config.Get(ctx, &query)
	if diags.HasError() {
		return nil, diags
	}
	at := pair{query.TenantID, query.TenantName}
	if !at.id.IsNull() || !at.name.IsNull() {
		at = r.session.tenantNaming("The list of roles").settle(ctx, at, nil, nil, &diags).pair
	}
	if diags.HasError() {
		return nil, diags
	}
	roles, err := r.session.client.Roles(ctx)
	if err != nil {
		diags.Append(failure("Reading roles failed", "Listing the custom roles of the tenants.", err))
		return nil, diags
	}
	contains := strings.ToLower(query.Contains.ValueString())
	return slices.DeleteFunc(roles, func(role uipath.Role) bool {
		elsewhere := !at.id.IsNull() && !guidForm.same(at.id.ValueString(), role.TenantID.String())
		return !isCustomTenantRole(role) || elsewhere || !strings.Contains(strings.ToLower(role.Name), contains)
	}), diags
}

func (r *tenantRoleListResource) result(ctx context.Context, req list.ListRequest, role uipath.Role) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = fmt.Sprintf("%s (%s)", role.Name, r.session.tenantName(ctx, role.TenantID))
	result.Diagnostics.Append(result.Identity.Set(ctx, r.identity(role.ID))...)
	if req.IncludeResource {
		model := tenantRoleModel{Timeouts: nullTimeouts(ctx)}
		model.fill(ctx, role, r.session.heldTenant(ctx, role.TenantID), &result.Diagnostics)
		result.Diagnostics.Append(result.Resource.Set(ctx, model)...)
	}
	return result
}
