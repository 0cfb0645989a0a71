package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/taskmining"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

var _ list.ListResourceWithConfigure = (*roleAssignmentListResource)(nil)

func newRoleAssignmentListResource() list.ListResource {
	return &roleAssignmentListResource{roleAssignmentResource{configuredResource{typeName: "role_assignment"}}}
}

// roleAssignmentListResource lists what [roleAssignmentResource] can manage, and shares its name and its models.
type roleAssignmentListResource struct{ roleAssignmentResource }

type roleAssignmentListModel struct {
	Scope         canonicalString `tfsdk:"scope"`
	ScopeName     types.String    `tfsdk:"scope_name"`
	IncludeBelow  types.Bool      `tfsdk:"include_below"`
	PrincipalID   canonicalString `tfsdk:"principal_id"`
	PrincipalName types.String    `tfsdk:"principal_name"`
	RoleID        canonicalString `tfsdk:"role_id"`
	RoleName      types.String    `tfsdk:"role_name"`
	IncludeAll    types.Bool      `tfsdk:"include_all"`
}

func (r *roleAssignmentListResource) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists role assignments, for `terraform query`. It leaves out what `uipath_role_assignment` would not create: what the " +
			"platform made, roles of Task Mining, which belong to `uipath_task_mining_permission`, and assignments without effect. A warning counts them.",
		Attributes: map[string]schema.Attribute{
			"scope": schema.StringAttribute{
				Optional: true, CustomType: scopeForm.attributeType(),
				MarkdownDescription: "Where to look, as a path, such as `/` or `/tenant/{id}`. Give this or `scope_name`; there is no default.",
				Validators:          []validator.String{scopeRule},
			},
			"scope_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Where to look, in names, such as `/` or `Production / Task Mining`.",
				Validators:          []validator.String{scopeNameRule},
			},
			"include_below": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether assignments at every scope under it are listed too; `false` by default. This needs the right to list " +
					"the whole organization.",
			},
			"principal_id":   listFilter("Only assignments of this principal."),
			"principal_name": listName("Only assignments of the principal of this name."),
			"role_id":        listFilter("Only assignments of this role."),
			"role_name":      listName("Only assignments of roles of this name."),
			"include_all": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Whether to list what would be left out, too; `false` by default.",
			},
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
	if diags.Append(req.Config.Get(ctx, &query)...); diags.HasError() {
		return nil, diags
	}
	wanted, scope := r.filter(ctx, query, &diags)
	if diags.HasError() {
		return nil, diags
	}
	found, err := r.session.client.Assignments(ctx, scope, uipath.Reach{Below: query.IncludeBelow.ValueBool()})
	if err != nil {
		diags.Append(failure("Reading role assignments failed", fmt.Sprintf("Listing the role assignments at %s.", scope), err))
		return nil, diags
	}
	found = slices.DeleteFunc(found, func(a uipath.Assignment) bool { return !wanted(a.Key) })
	out, all := leftOut{}, query.IncludeAll.ValueBool()
	found = slices.DeleteFunc(found, func(a uipath.Assignment) bool {
		reason := r.session.unmanageable(ctx, a)
		if reason == "" || all && reason != atUnknownService {
			return false
		}
		out[reason]++
		return true
	})
	advice := ""
	if !all {
		advice = "With include_all = true they are listed too, unless the provider does not know their service."
	}
	out.warn("Role assignments", advice, &diags)
	return found, diags
}

// filter returns what the query wants of the assignments at a scope, and the scope.
func (r *roleAssignmentListResource) filter(
	ctx context.Context, query roleAssignmentListModel, diags *diag.Diagnostics,
) (func(uipath.AssignmentKey) bool, access.Scope) {
	at := pair{query.Scope, query.ScopeName}
	needOne(at, "scope", "scope", "scope_name", diags)
	if diags.HasError() {
		return nil, access.Scope{}
	}
	scope := r.session.scopeNaming().settle(ctx, at, nil, nil, diags)
	if diags.HasError() {
		return nil, access.Scope{}
	}
	principal := pair{query.PrincipalID, query.PrincipalName}
	if !query.PrincipalName.IsNull() {
		principal = r.session.principalNaming("").settle(ctx, principal, nil, nil, diags).pair
	}
	var roles []string
	if !query.RoleName.IsNull() {
		roles = r.session.idsOfRole(ctx, query.RoleName.ValueString(), path.Root("role_name"), diags)
	}
	return func(key uipath.AssignmentKey) bool {
		return (principal.id.IsNull() || guidForm.same(principal.id.ValueString(), key.PrincipalID.String())) &&
			(query.RoleID.IsNull() || guidForm.same(query.RoleID.ValueString(), key.RoleID.String())) &&
			(query.RoleName.IsNull() || slices.Contains(roles, key.RoleID.String()))
	}, scope.object.value
}

const (
	// atUnknownService is why an assignment is left out in any case: no configuration could have its scope.
	atUnknownService = "at a service that this provider does not know"
	ofTaskMining     = "of a role of Task Mining, which uipath_task_mining_permission manages"
)

// unmanageable says why the resource would not create an assignment, "" where it would.
func (s *session) unmanageable(ctx context.Context, a uipath.Assignment) string {
	role, err := s.client.Role(ctx, a.Key.RoleID)
	_, carries := taskmining.PermissionOf(role)
	_, known := access.FindService(a.Key.Scope.ServiceSlug())
	switch {
	case a.Type == access.AssignmentBuiltIn:
		return "made by the platform"
	case a.Key.Scope.ServiceSlug() != "" && !known:
		return atUnknownService
	case err == nil && carries:
		return ofTaskMining
	case errors.Is(err, uipath.ErrNotFound) && !a.Mutable && a.Key.Scope.ServiceSlug() == "orchestrator":
		return "of a role of Orchestrator, which uipath_orchestrator_role_assignment manages"
	case err == nil && !a.HasEffect(role) || errors.Is(err, uipath.ErrNotFound):
		return "without effect"
	}
	return ""
}

func (r *roleAssignmentListResource) result(ctx context.Context, req list.ListRequest, found uipath.Assignment) list.ListResult {
	result := req.NewListResult(ctx)
	model := roleAssignmentModel{Service: serviceForm.null(), Timeouts: nullTimeouts(ctx)}
	var diags diag.Diagnostics
	if r.session.refreshAssignment(ctx, &model, found, &diags); diags.HasError() {
		// The warnings about a single assignment do not belong in a list.
		result.Diagnostics = diags
		return result
	}
	result.DisplayName = model.Name.ValueString()
	result.Diagnostics.Append(result.Identity.Set(ctx, r.identity(found.Key))...)
	if req.IncludeResource {
		result.Diagnostics.Append(result.Resource.Set(ctx, model)...)
	}
	return result
}
