package provider

import (
	"context"
	"fmt"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// roleKind says in words what a role is and where it belongs.
func (s *session) roleKind(ctx context.Context, role uipath.Role) string {
	kind := map[access.RoleType]string{
		access.RoleBuiltIn: "a built-in", access.RolePlatform: "a platform", access.RoleCustom: "a custom",
	}[role.Type]
	if kind == "" {
		kind = fmt.Sprintf("a %q", role.Type)
	}
	kind += " role"
	if service, _ := access.FindService(role.Service); service != access.MultiService {
		kind += " of " + access.ServiceDisplayName(role.Service)
	}
	switch role.Shape {
	case access.ShapeOrganization:
		return kind + " for the organization"
	case access.ShapeTenantGlobal:
		return kind + " for every tenant"
	case access.ShapeTenant:
		return kind + " for the tenant " + label(s.tenantName(ctx, role.TenantID), role.TenantID)
	case access.ShapeProject:
		return kind + " for projects"
	}
	return kind + fmt.Sprintf(" of scope type %q", role.Shape)
}

// isCustomTenantRole reports whether a uipath_tenant_role can manage the role.
func isCustomTenantRole(role uipath.Role) bool {
	return role.Type == access.RoleCustom && role.Shape == access.ShapeTenant
}
