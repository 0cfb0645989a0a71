package access

import "strings"

// HasEffect reports whether a role does anything where it is assigned: owner service, shape and tenant of the role must agree
// with the scope (contract 4.5). The server accepts an assignment where they do not, and then it does nothing.
//
// The shape is that of the role, ownerService its API name, roleTenant the tenant that owns it, if one does. Assignments that the
// platform made itself count wherever they are, which is not judged here.
func HasEffect(shape RoleShape, ownerService string, roleTenant GUID, at Scope) bool {
	byOwner := at.service == ownerSegment(ownerService)
	inTenant := at.tenant != "" && (unbound(roleTenant) || roleTenant == at.tenant)
	switch shape {
	case ShapeOrganization:
		return at == Organization || at.kind == ScopeService && at.tenant == "" && byOwner
	case ShapeProject:
		return inTenant && byOwner && at.kind == ScopeProject
	case ShapeTenantGlobal, ShapeTenant:
		return inTenant && byOwner
	}
	return false
}

// PathNeeded returns the path that a role has an effect at, for people to read: "{tenant}" and "{project}" stand where the role
// leaves a choice. It is empty for a shape that has none.
func PathNeeded(shape RoleShape, ownerService string, roleTenant GUID) string {
	s := Scope{kind: ScopeTenant, tenant: roleTenant, service: ownerSegment(ownerService)}
	if unbound(roleTenant) {
		s.tenant = "{tenant}"
	}
	switch shape {
	case ShapeOrganization:
		return "/"
	case ShapeProject:
		s.kind, s.container = ScopeProject, "{project}"
		return s.String()
	case ShapeTenantGlobal, ShapeTenant:
		return s.String()
	}
	return ""
}

// unbound reports whether a role belongs to no tenant.
func unbound(roleTenant GUID) bool { return roleTenant == "" || roleTenant == ZeroGUID }

// ownerSegment is the path segment of the service that owns a role. Roles of several services have none.
func ownerSegment(ownerService string) string {
	if strings.EqualFold(ownerService, MultiService.Name) {
		return ""
	}
	return strings.ToLower(ownerService)
}
