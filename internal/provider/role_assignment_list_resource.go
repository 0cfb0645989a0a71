package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

var _ list.ListResourceWithConfigure = (*roleAssignmentListResource)(nil)

func newRoleAssignmentListResource() list.ListResource { return &roleAssignmentListResource{} }

// roleAssignmentListResource lists what [roleAssignmentResource] can manage, and shares its name and its models.
type roleAssignmentListResource struct{ roleAssignmentResource }

type roleAssignmentListModel struct {
	Scope        types.String `tfsdk:"scope"`
	IncludeBelow types.Bool   `tfsdk:"include_below"`
	PrincipalID  types.String `tfsdk:"principal_id"`
	RoleID       types.String `tfsdk:"role_id"`
}

// wants reports whether an assignment passes the filters.
func (m roleAssignmentListModel) wants(key uipath.AssignmentKey) bool {
	return (m.PrincipalID.IsNull() || guidForm.same(m.PrincipalID.ValueString(), key.PrincipalID)) &&
		(m.RoleID.IsNull() || guidForm.same(m.RoleID.ValueString(), key.RoleID))
}

func (r *roleAssignmentListResource) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists role assignments, for `terraform query`.",
		Attributes: map[string]schema.Attribute{
			"scope": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Where to look, such as `/` or `/tenant/{id}`. It is never implied.",
				Validators:          []validator.String{scopeRule},
			},
			"include_below": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether assignments at every scope under it are listed too; `false` by default. " +
					"That takes the right to list the whole organization.",
			},
			"principal_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Only assignments of this principal.",
				Validators:          []validator.String{guidRule},
			},
			"role_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Only assignments of this role.",
				Validators:          []validator.String{guidRule},
			},
		},
	}
}

func (r *roleAssignmentListResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	assignments, diags := r.find(ctx, req)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = listResults(assignments, req.Limit, func(assignment uipath.Assignment) list.ListResult { return r.result(ctx, req, assignment) })
}

// find returns the assignments that the query asks for.
func (r *roleAssignmentListResource) find(ctx context.Context, req list.ListRequest) ([]uipath.Assignment, diag.Diagnostics) {
	var query roleAssignmentListModel
	diags := req.Config.Get(ctx, &query)
	if diags.HasError() {
		return nil, diags
	}
	scope, err := access.ParseScope(query.Scope.ValueString())
	if err != nil {
		diags.AddAttributeError(path.Root("scope"), "Invalid scope", err.Error())
		return nil, diags
	}
	all, err := r.session.client.Assignments(ctx, scope, uipath.Reach{Below: query.IncludeBelow.ValueBool()})
	if err != nil {
		diags.Append(failure("Reading role assignments failed", fmt.Sprintf("Listing the role assignments at %s.", scope), err))
		return nil, diags
	}
	var found []uipath.Assignment
	for _, assignment := range all {
		if query.wants(assignment.Key) {
			found = append(found, assignment)
		}
	}
	return found, diags
}

func (r *roleAssignmentListResource) result(ctx context.Context, req list.ListRequest, found uipath.Assignment) list.ListResult {
	result := req.NewListResult(ctx)
	shown, diags := r.session.showAssignment(ctx, found.Key, found)
	// What a single assignment is warned of does not belong in a list; what ends the listing does.
	if diags.HasError() {
		result.Diagnostics = diags
		return result
	}
	result.DisplayName = shown.name
	result.Diagnostics.Append(r.identify(ctx, result.Identity, found.Key)...)
	if !req.IncludeResource {
		return result
	}
	model := roleAssignmentModel{Timeouts: timeouts.Value{Object: nullTimeouts(ctx)}}
	model.fill(found)
	model.show(shown)
	result.Diagnostics.Append(result.Resource.Set(ctx, model)...)
	return result
}
