package provider

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

var _ list.ListResourceWithConfigure = (*roleAssignmentListResource)(nil)

func newRoleAssignmentListResource() list.ListResource {
	return &roleAssignmentListResource{roleAssignmentResource{configuredResource{typeName: "role_assignment"}}}
}

// roleAssignmentListResource lists what [roleAssignmentResource] can manage, and shares its name and its models.
type roleAssignmentListResource struct{ roleAssignmentResource }

type roleAssignmentListModel struct {
	Scope        canonicalString `tfsdk:"scope"`
	IncludeBelow types.Bool      `tfsdk:"include_below"`
	PrincipalID  canonicalString `tfsdk:"principal_id"`
	RoleID       canonicalString `tfsdk:"role_id"`
}

// wants reports whether an assignment passes the filters.
func (m roleAssignmentListModel) wants(key uipath.AssignmentKey) bool {
	return (m.PrincipalID.IsNull() || guidForm.same(m.PrincipalID.ValueString(), key.PrincipalID.String())) &&
		(m.RoleID.IsNull() || guidForm.same(m.RoleID.ValueString(), key.RoleID.String()))
}

func (r *roleAssignmentListResource) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists role assignments, for `terraform query`.",
		Attributes: map[string]schema.Attribute{
			"scope": schema.StringAttribute{
				Required: true, CustomType: scopeForm.attributeType(),
				MarkdownDescription: "Where to look, such as `/` or `/tenant/{id}`. There is no default.",
				Validators:          []validator.String{scopeRule},
			},
			"include_below": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether assignments at every scope under it are listed too; `false` by default. This needs the right to list " +
					"the whole organization.",
			},
			"principal_id": listFilter("Only assignments of this principal."),
			"role_id":      listFilter("Only assignments of this role."),
		},
	}
}

func (r *roleAssignmentListResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	found, diags := r.find(ctx, req)
	stream.Results = listResults(found, diags, req.Limit, func(one uipath.Assignment) list.ListResult { return r.result(ctx, req, one) })
}

// find returns the assignments that the query asks for.
func (r *roleAssignmentListResource) find(ctx context.Context, req list.ListRequest) (found []uipath.Assignment, diags diag.Diagnostics) {
	var query roleAssignmentListModel
	diags.Append(req.Config.Get(ctx, &query)...)
	scope := query.Scope.scope(path.Root("scope"), &diags)
	if diags.HasError() {
		return nil, diags
	}
	found, err := r.session.client.Assignments(ctx, scope, uipath.Reach{Below: query.IncludeBelow.ValueBool()})
	if err != nil {
		diags.Append(failure("Reading role assignments failed", fmt.Sprintf("Listing the role assignments at %s.", scope), err))
	}
	return slices.DeleteFunc(found, func(a uipath.Assignment) bool { return !query.wants(a.Key) }), diags
}

func (r *roleAssignmentListResource) result(ctx context.Context, req list.ListRequest, found uipath.Assignment) list.ListResult {
	result := req.NewListResult(ctx)
	var diags diag.Diagnostics
	display := r.session.displayExisting(ctx, found, &diags)
	if diags.HasError() {
		// The warnings about a single assignment do not belong in a list.
		result.Diagnostics = diags
		return result
	}
	result.DisplayName = display.Name.ValueString()
	result.Diagnostics.Append(result.Identity.Set(ctx, r.identity(found.Key))...)
	if req.IncludeResource {
		model := roleAssignmentModel{assignmentDisplay: display, Timeouts: nullTimeouts(ctx)}
		model.fill(found)
		result.Diagnostics.Append(result.Resource.Set(ctx, model)...)
	}
	return result
}
