package seed

import (
	"cmp"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// role is what an assignment names.
type role struct {
	id            access.GUID
	name, service string
}

// String returns a reference that means this role only.
func (r role) String() string { return "{service: " + r.service + ", name: " + r.name + "}" }

// anyRole is the place of roles that are named without their service.
var anyRole = place{kind: "role"}

func rolePlace(service string) place {
	return place{"role", " of " + access.ServiceDisplayName(service)}
}

func (r *reader) addRole(m model.Role) {
	for _, at := range []place{anyRole, rolePlace(m.Service)} {
		r.roles.add(r, at, role{m.ID, m.Name, m.Service}, m.ID.String(), m.Name)
	}
}

func (r *reader) role(n node, e roleEntry) model.Role {
	m := model.Role{
		ID: r.id(n, e.ID, "role", e.Name), Name: e.Name, Description: e.Description,
		Type: access.RoleCustom, Service: access.MultiService.Name, Stamp: r.stamp(n, e.stampEntry),
	}
	if e.Service != "" {
		service, _ := r.services.find(r, n.at("service"), servicePlace, e.Service)
		m.Service = service.Name
	}
	if r.once(n.at("name"), anyRole, m.Name) && r.once(n, place{kind: "role id"}, m.ID.String()) {
		r.addRole(m)
	}
	if platform, ok := r.catalogue.Role(m.ID); !r.wrongIf(ok, n, "role %q: its id belongs to the role %s of the platform", m.Name, platform.Name) {
		r.wrongIf(slices.ContainsFunc(r.catalogue.Roles(), func(p model.Role) bool { return strings.EqualFold(p.Name, m.Name) }), n,
			"role %q: the platform has a role of this name", m.Name)
	}
	for _, permission := range e.Permissions {
		m.Permissions = append(m.Permissions, strings.ToUpper(permission))
	}
	m.Permissions = model.SortedUnique(m.Permissions)
	if r.shape(n, e, &m) {
		for _, v := range r.catalogue.CheckRole(m) {
			at := n
			if i := slices.IndexFunc(e.Permissions, func(p string) bool { return strings.EqualFold(p, v.Permission) }); i >= 0 {
				at = n.at("permissions").item(i)
			}
			r.wrongf(at, "role %q: %s", m.Name, v.Message)
		}
	}
	return m
}

// shape reads where a role can be assigned and which tenant owns it.
func (r *reader) shape(n node, e roleEntry, m *model.Role) bool {
	before := len(r.found)
	m.Shape = oneOf(r, n, "shape", e.Shape, access.ShapeTenant, access.ShapeTenantGlobal, access.ShapeOrganization, access.ShapeProject)
	switch {
	case len(r.found) > before:
	case e.Shape == "" && e.Tenant == "":
		r.wrongf(n, "role %q: tenant or shape is missing", m.Name)
	case m.Shape == access.ShapeTenant && e.Tenant == "":
		r.wrongf(n, "role %q: a role of shape Tenant needs tenant", m.Name)
	case m.Shape != access.ShapeTenant && m.Shape != access.ShapeProject && e.Tenant != "":
		r.wrongf(n.at("tenant"), "role %q: a role of shape %s belongs to no tenant", m.Name, m.Shape)
	case e.Tenant != "":
		if tenant, ok := r.tenants.find(r, n.at("tenant"), tenantPlace, e.Tenant); ok {
			m.TenantID = tenant.ID
		}
	}
	return len(r.found) == before
}

func (r *reader) assignment(n node, e assignmentEntry) model.Assignment {
	role, holder := r.roleOf(n.at("role"), e.Role), r.holder(n.at("principal"), e.Principal)
	a := model.Assignment{
		RoleID: role.id, PrincipalID: holder.id, PrincipalType: holder.kind, Scope: r.scope(n.at("scope"), e.Scope),
		Type: oneOf(r, n, "type", e.Type, access.AssignmentCustom, access.AssignmentBuiltIn), Stamp: r.stamp(n, e.stampEntry),
	}
	triple := []string{a.RoleID.String(), a.PrincipalID.String(), a.Scope.String()}
	a.ID = r.id(n, e.ID, "assignment", triple...)
	k := nameIn(place{kind: "assignment"}, strings.Join(triple, " "))
	before, twice := r.lines[k]
	if !slices.Contains(triple, "") && !r.wrongIf(twice, n, "%q has the role %q at %s already, on line %d",
		e.Principal.name, cmp.Or(role.name, role.id.String()), a.Scope, before) {
		r.lines[k] = n.Line
		r.once(n, place{kind: "assignment id"}, a.ID.String())
		r.checkPlace(n, a)
	}
	return a
}

// roleOf finds the one role that an assignment names. One named by its id may be gone: only the id is known of it then.
func (r *reader) roleOf(n node, ref roleRef) role {
	at, name := anyRole, cmp.Or(ref.text, ref.Name)
	switch {
	case r.wrongIf((ref.ID == "") == (name == "") || ref.ID != "" && (ref.Service != "" || ref.Tenant != "") || ref.Service != "" && ref.Tenant != "", n,
		"a role is a name, {service: ..., name: ...}, {tenant: ..., name: ...} for one of Orchestrator, or {id: ...}"):
		return role{}
	case ref.ID != "":
		id := r.id(n, ref.ID, "role")
		if known := r.roles[idIn(anyRole, id.String())]; len(known) > 0 {
			return known[0]
		}
		return role{id: id}
	case ref.Tenant != "":
		tenant, ok := r.tenants.find(r, n.at("tenant"), tenantPlace, ref.Tenant)
		if !ok {
			return role{}
		}
		at = orchestratorRolePlace(tenant)
	case ref.Service != "":
		service, ok := r.services.find(r, n.at("service"), servicePlace, ref.Service)
		if !ok {
			return role{}
		}
		at = rolePlace(service.Name)
	}
	_, err := access.ParseGUID(name)
	if r.wrongIf(err == nil && len(r.roles.lookUp(at, name)) == 0, n.at("name"), "unknown role %q: write {id: ...} for a role that is gone", name) {
		return role{}
	}
	found, _ := r.roles.find(r, n.at("name"), at, name)
	return found
}
