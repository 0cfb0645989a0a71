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

var _ list.ListResourceWithConfigure = (*tenantRoleListResource)(nil)

func newTenantRoleListResource() list.ListResource {
	return &tenantRoleListResource{tenantRoleResource{configuredResource{typeName: "tenant_role"}}}
}

// tenantRoleListResource lists what [tenantRoleResource] can manage, and shares its name and its models.
type tenantRoleListResource struct{ tenantRoleResource }

type tenantRoleListModel struct {
	Tenant   types.String `tfsdk:"tenant"`
	Contains types.String `tfsdk:"contains"`
}

func (r *tenantRoleListResource) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the custom roles of the tenants, for `terraform query`.",
		Attributes: map[string]schema.Attribute{
			"tenant": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Only roles of this tenant, by name or GUID. Roles of all tenants otherwise.",
				Validators:          []validator.String{plainTextRule},
			},
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
	var tenant uipath.Tenant
	if !query.Tenant.IsNull() {
		var err error
		if tenant, err = r.session.client.Tenant(ctx, query.Tenant.ValueString()); err != nil {
			diags.Append(attributeFailure(path.Root("tenant"), "Tenant not found", "", err))
			return nil, diags
		}
	}
	roles, err := r.session.client.Roles(ctx)
	if err != nil {
		diags.Append(failure("Reading roles failed", "Listing the custom roles of the tenants.", err))
		return nil, diags
	}
	contains := strings.ToLower(query.Contains.ValueString())
	return slices.DeleteFunc(roles, func(role uipath.Role) bool {
		return !isCustomTenantRole(role) || tenant.ID != "" && role.TenantID != tenant.ID || !strings.Contains(strings.ToLower(role.Name), contains)
	}), diags
}

func (r *tenantRoleListResource) result(ctx context.Context, req list.ListRequest, role uipath.Role) list.ListResult {
	result := req.NewListResult(ctx)
	tenantName := r.session.tenantName(ctx, role.TenantID)
	result.DisplayName = fmt.Sprintf("%s (%s)", role.Name, tenantName)
	result.Diagnostics.Append(result.Identity.Set(ctx, r.identity(role.ID))...)
	if req.IncludeResource {
		model := tenantRoleModel{Timeouts: nullTimeouts(ctx)}
		model.fill(ctx, role, tenantName, &result.Diagnostics)
		result.Diagnostics.Append(result.Resource.Set(ctx, model)...)
	}
	return result
}
