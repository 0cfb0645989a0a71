package access

import (
	"fmt"
	"strings"
)

// RoleType says who made a role.
type RoleType string

const (
	// RoleBuiltIn roles come with a service.
	RoleBuiltIn RoleType = "BuiltIn"
	// RolePlatform roles are built in and shared by all services.
	RolePlatform RoleType = "Platform"
	// RoleCustom roles are made by administrators; the only ones that can be changed.
	RoleCustom RoleType = "Custom"
)

// ParseRoleType reads a role type in any case: a list says BUILTIN where a single read says BuiltIn (contract 3.3).
func ParseRoleType(s string) (RoleType, error) {
	for _, t := range []RoleType{RoleBuiltIn, RolePlatform, RoleCustom} {
		if strings.EqualFold(s, string(t)) {
			return t, nil
		}
	}
	return "", fmt.Errorf("unknown role type %q: want BuiltIn, Platform or Custom", s)
}

// RoleShape says where a role can be assigned (contract 3.4). The server stores a shape as a scope type and a tenant.
type RoleShape string

const (
	// ShapeOrganization roles are assigned at the organization.
	ShapeOrganization RoleShape = "Organization"
	// ShapeTenantGlobal roles are assigned at any tenant.
	ShapeTenantGlobal RoleShape = "TenantGlobal"
	// ShapeTenant roles belong to one tenant and are assigned there.
	ShapeTenant RoleShape = "Tenant"
	// ShapeProject roles are assigned at a project.
	ShapeProject RoleShape = "Project"
)

// ShapeOf tells the shape of a stored role from its scope type, in any case, and the tenant that owns it, if one does. A scope type of
// no shape of its own, such as MIXED, is returned as it is.
func ShapeOf(scopeType string, roleTenant GUID) RoleShape {
	switch {
	case strings.EqualFold(scopeType, string(ShapeTenant)) && unbound(roleTenant):
		return ShapeTenantGlobal
	case strings.EqualFold(scopeType, string(ShapeTenant)):
		return ShapeTenant
	case strings.EqualFold(scopeType, string(ShapeOrganization)):
		return ShapeOrganization
	case strings.EqualFold(scopeType, string(ShapeProject)):
		return ShapeProject
	}
	return RoleShape(scopeType)
}

// ScopeType returns the scope type under which the server stores the shape, in upper case as it returns it.
func (s RoleShape) ScopeType() string {
	if s == ShapeTenantGlobal {
		return strings.ToUpper(string(ShapeTenant))
	}
	return strings.ToUpper(string(s))
}
