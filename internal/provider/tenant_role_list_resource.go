package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

var _ list.ListResourceWithConfigure = (*tenantRoleListResource)(nil)

func newTenantRoleListResource() list.ListResource { return &tenantRoleListResource{} }

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
	roles, diags := r.find(ctx, req)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = listResults(roles, req.Limit, func(role uipath.Role) list.ListResult { return r.result(ctx, req, role) })
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
			diags.AddAttributeError(path.Root("tenant"), "Tenant not found", err.Error())
			return nil, diags
		}
	}
	roles, err := r.session.client.Roles(ctx)
	if err != nil {
		diags.Append(failure("Reading roles failed", "Listing the custom roles of the tenants.", err))
		return nil, diags
	}
	contains := strings.ToLower(query.Contains.ValueString())
	var found []uipath.Role
	for _, role := range roles {
		if isCustomTenantRole(role) && (tenant.ID == "" || role.TenantID == tenant.ID) && strings.Contains(strings.ToLower(role.Name), contains) {
			found = append(found, role)
		}
	}
	return found, diags
}

func (r *tenantRoleListResource) result(ctx context.Context, req list.ListRequest, role uipath.Role) list.ListResult {
	result := req.NewListResult(ctx)
	tenantName := r.session.tenantName(ctx, role.TenantID)
	result.DisplayName = fmt.Sprintf("%s (%s)", role.Name, tenantName)
	result.Diagnostics.Append(r.identify(ctx, result.Identity, role.ID)...)
	if !req.IncludeResource {
		return result
	}
	model := tenantRoleModel{Timeouts: timeouts.Value{Object: nullTimeouts(ctx)}}
	result.Diagnostics.Append(model.fill(ctx, role, tenantName)...)
	result.Diagnostics.Append(result.Resource.Set(ctx, model)...)
	return result
}

func nullTimeouts(ctx context.Context) basetypes.ObjectValue {
	object, ok := timeoutsAttribute(ctx, "", 0).GetType().(attr.TypeWithAttributeTypes)
	if !ok {
		return types.ObjectNull(nil)
	}
	return types.ObjectNull(object.AttributeTypes())
}
