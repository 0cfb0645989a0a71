package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/taskmining"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// checkRole refuses a role that cannot work at a scope, and tells whether it has an effect there. That is unknown while the role or the
// scope is. It looks at configuration, roles and tenants only, and at what this run plans of them: Terraform plans every creation again
// when it applies.
func (s *session) checkRole(ctx context.Context, plan roleAssignmentModel, role *named[plannedRole], diags *diag.Diagnostics) types.Bool {
	if role == nil && plan.role().known() {
		role = s.roleWithID(ctx, plan.RoleID.ValueString(), diags)
	}
	if role == nil {
		return types.BoolUnknown()
	}
	if _, carries := taskmining.PermissionOf(role.value.Role); carries {
		diags.Append(carriesTaskMiningPermission(role.value.Role))
		return types.BoolUnknown()
	}
	if role.value.vague || !plan.at().known() {
		return types.BoolUnknown()
	}
	at := plan.Scope.scope(path.Root("scope"), diags)
	effective := role.value.HasEffect(at)
	if !effective && s.validateScope {
		diags.AddAttributeError(path.Root("scope_name"), "Role has no effect at this scope", fmt.Sprintf("The role %s is %s. Assigned at %s it would do "+
			"nothing, although the server accepts it. It needs %s. With validate_scope = false the provider does not check this.",
			label(role.name, role.id), s.roleKind(ctx, role.value.Role), plan.at().label(), s.placeNeeded(ctx, role.value.Role, at.TenantID())))
	}
	return types.BoolValue(effective)
}

// placeNeeded says where a role has an effect, in a tenant if the role leaves that open: by name and as a path.
func (s *session) placeNeeded(ctx context.Context, role uipath.Role, tenant access.GUID) string {
	needed := role.PathNeeded()
	if tenant != "" {
		needed = strings.Replace(needed, "{tenant}", tenant.String(), 1)
	}
	scope, err := access.ParseScope(needed)
	if err != nil {
		return "the path " + needed
	}
	name, err := s.scopeName(ctx, scope)
	if err != nil {
		return "the path " + needed
	}
	return fmt.Sprintf("the scope %q (%s)", name, needed)
}
