package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/taskmining"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// checkAssignment refuses an assignment that cannot work, and displays one that can. It looks at configuration, directory, roles and
// tenants only, not at what this run changes: Terraform plans every creation again when it applies.
func (s *session) checkAssignment(
	ctx context.Context, key uipath.AssignmentKey, t access.PrincipalType, diags *diag.Diagnostics,
) assignmentDisplay {
	role, err := s.client.Role(ctx, key.RoleID)
	if err != nil {
		diags.Append(attributeFailure(path.Root("role_id"), "Role not found", fmt.Sprintf("The role %s cannot be read.", key.RoleID), err))
	}
	s.checkScopeTenant(ctx, key.Scope, diags)
	if diags.HasError() {
		return assignmentDisplay{}
	}
	if _, carries := taskmining.PermissionOf(role); carries {
		diags.Append(carriesTaskMiningPermission(role))
		return assignmentDisplay{}
	}
	effective := role.HasEffect(key.Scope)
	if !effective && s.validateScope {
		diags.AddAttributeError(path.Root("scope"), "Role has no effect at this scope", fmt.Sprintf("The role %s is %s. Assigned at %s it would do "+
			"nothing, although the server accepts it. It needs the path %s. With validate_scope = false the provider does not check this.",
			label(role.Name, role.ID), s.roleKind(ctx, role), key.Scope, role.PathNeeded()))
		return assignmentDisplay{}
	}
	principal := s.checkPrincipal(ctx, key.PrincipalID, t, diags)
	return s.display(ctx, key, role.Name, principal, effective)
}
