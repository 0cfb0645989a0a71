package seed

import (
	"cmp"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

var shapeNames = []string{
	string(access.ShapeOrganization), string(access.ShapeTenantGlobal), string(access.ShapeTenant), string(access.ShapeProject),
}

func (r *resolver) readRoles(entries []roleEntry) []model.Role {
	var roles []model.Role
	names, ids := uniques{what: "role"}, uniques{what: "role id"}
	for _, e := range entries {
		role := model.Role{
			ID: r.id(e.ID, "role", e.Name.value), Name: e.Name.value, Description: e.Description.value,
			Type: access.RoleCustom, Service: access.MultiService.Name, Stamp: r.stamp(e.stampEntry),
		}
		if !e.Service.IsZero() {
			if service, ok := r.service(e.Service); ok {
				role.Service = service.Name
			}
		}
		if names.add(r, role.Name, e.Name.line) {
			ids.add(r, role.ID.String(), e.line)
		}
		if taken := r.platformRole(role); taken != "" {
			r.reportf(e.line, "role %q: %s", role.Name, taken)
		}
		for _, permission := range e.Permissions {
			role.Permissions = append(role.Permissions, strings.ToUpper(permission.value))
		}
		role.Permissions = sortedUnique(role.Permissions)
		if r.shape(&role, e) {
			for _, v := range r.catalogue.CheckRole(role) {
				r.reportf(lineOf(v, e), "role %q: %s", role.Name, v.Message)
			}
		}
		roles = append(roles, role)
	}
	for _, role := range slices.Concat(roles, r.catalogue.Roles()) {
		for _, key := range []string{strings.ToLower(role.Name), role.ID.String()} {
			r.roles[key] = append(r.roles[key], role)
		}
		r.roleNames = append(r.roleNames, role.Name)
	}
	return roles
}

// platformRole says how a role collides with one of the platform.
func (r *resolver) platformRole(role model.Role) string {
	for _, p := range r.catalogue.Roles() {
		if p.ID == role.ID {
			return "its id belongs to the role " + p.Name + " of the platform"
		}
		if strings.EqualFold(p.Name, role.Name) {
			return "the platform has a role of this name"
		}
	}
	return ""
}

// shape reads where a role can be assigned and which tenant owns it.
func (r *resolver) shape(role *model.Role, e roleEntry) bool {
	if e.Shape.IsZero() && e.Tenant.IsZero() {
		r.reportf(e.line, "role %q: tenant or shape is missing", e.Name.value)
		return false
	}
	role.Shape = access.ShapeTenant
	if !e.Shape.IsZero() {
		i := slices.Index(shapeNames, e.Shape.value)
		if i < 0 {
			r.reportf(e.Shape.line, "unknown shape %q%s", e.Shape.value, r.offer(e.Shape.value, shapeNames))
			return false
		}
		role.Shape = access.RoleShape(shapeNames[i])
	}
	bound := role.Shape == access.ShapeTenant || role.Shape == access.ShapeProject
	switch {
	case role.Shape == access.ShapeTenant && e.Tenant.IsZero():
		r.reportf(e.line, "role %q: a role of shape Tenant needs tenant", e.Name.value)
		return false
	case !bound && !e.Tenant.IsZero():
		r.reportf(e.Tenant.line, "role %q: a role of shape %s belongs to no tenant", e.Name.value, role.Shape)
		return false
	case e.Tenant.IsZero():
		return true
	}
	tenant, ok := r.tenant(e.Tenant)
	role.TenantID = tenant.ID
	return ok
}

// lineOf returns the line of the permission that is wrong, or of the role.
func lineOf(v model.Violation, e roleEntry) int {
	for _, permission := range e.Permissions {
		if v.Permission != "" && strings.EqualFold(permission.value, v.Permission) {
			return permission.line
		}
	}
	return e.line
}

func (r *resolver) assignments(entries []assignmentEntry) []model.Assignment {
	var assignments []model.Assignment
	triples, ids := map[[3]string]int{}, uniques{what: "assignment id"}
	for _, e := range entries {
		role, roleKnown := r.role(e)
		var holder principal
		var known bool
		if r.required(e.Principal.name, e.line, "assignment", "principal") {
			holder, known = r.holder(e.Principal)
		}
		scope, scopeKnown := r.scope(e)
		a := model.Assignment{
			RoleID: role.ID, PrincipalID: holder.id, PrincipalType: holder.kind, Scope: scope,
			Type: r.assignmentType(e.Type), Stamp: r.stamp(e.stampEntry),
		}
		a.ID = r.id(e.ID, "assignment", a.RoleID.String(), a.PrincipalID.String(), scope.String())
		if roleKnown && known && scopeKnown {
			triple := [3]string{a.RoleID.String(), a.PrincipalID.String(), scope.String()}
			if before, ok := triples[triple]; ok {
				r.reportf(e.line, "%q has the role %q at %s already, on line %d",
					e.Principal.name.value, cmp.Or(role.Name, role.ID.String()), scope, before)
				continue
			}
			triples[triple] = e.line
			ids.add(r, a.ID.String(), e.line)
		}
		assignments = append(assignments, a)
	}
	return assignments
}

func (r *resolver) assignmentType(t text) access.AssignmentType {
	switch {
	case t.IsZero(), t.value == string(access.AssignmentCustom):
		return access.AssignmentCustom
	case t.value != string(access.AssignmentBuiltIn):
		r.reportf(t.line, "unknown type %q: it is Custom or BuiltIn", t.value)
	}
	return access.AssignmentBuiltIn
}

// role finds the one role that an assignment names. One named by its id may be gone: only the id is known of it then.
func (r *resolver) role(e assignmentEntry) (model.Role, bool) {
	ref := e.Role
	if !ref.id.IsZero() {
		id := r.id(ref.id, "role")
		for _, role := range r.roles[id.String()] {
			if role.ID == id {
				return role, true
			}
		}
		return model.Role{ID: id}, id != ""
	}
	if !r.required(ref.name, e.line, "assignment", "role") {
		return model.Role{}, false
	}
	var owner access.Service
	if !ref.service.IsZero() {
		var ok bool
		if owner, ok = r.service(ref.service); !ok {
			return model.Role{}, false
		}
	}
	var found []model.Role
	var owners []string
	for _, role := range r.roles[strings.ToLower(ref.name.value)] {
		if ref.service.IsZero() || role.Service == owner.Name {
			found = append(found, role)
			owners = append(owners, role.Service)
		}
	}
	switch len(found) {
	case 1:
		return found[0], true
	case 0:
		hint := r.offer(ref.name.value, r.roleNames)
		if _, err := access.ParseGUID(ref.name.value); err == nil {
			hint = ": write {id: ...} for a role that is gone"
		}
		r.reportf(ref.name.line, "unknown role %q%s", ref.name.value, hint)
	default:
		r.reportf(ref.name.line, "%q is a role of %s: write {service: ..., name: %s}", ref.name.value, strings.Join(owners, ", "), ref.name.value)
	}
	return model.Role{}, false
}
