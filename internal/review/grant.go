package review

import (
	"cmp"
	"strings"
)

// The resources that are about access.
const (
	typeAssignment = "uipath_role_assignment"
	typeTenantRole = "uipath_tenant_role"
	typeTaskMining = "uipath_task_mining_permission"
)

// grant is one role for one principal at one scope.
type grant struct {
	principal, role, scope Name
	// kind is the type of the principal, "" where it is not known.
	kind string
	// level says that the role is a permission of Task Mining, of which a principal has one.
	level bool
	// idle says that the role does nothing at the scope.
	idle    bool
	address string
}

// same reports whether both give the same.
func (g grant) same(other grant) bool {
	return g.principal.same(other.principal) && g.role.same(other.role) && g.scope.same(other.scope)
}

// place sorts grants into groups in which the same ones stand together.
func (g grant) place() string { return strings.ToLower(cmp.Or(g.principal.ID, g.principal.value())) }

// readGrants reads what a resource gives. A role gives nothing by itself.
func readGrants(resourceType, address string, a attributes) []grant {
	switch resourceType {
	case typeAssignment:
		idle, ok := a.values["effective"].(bool)
		return []grant{{
			principal: a.name("principal_name", "principal_id"), kind: a.kind(),
			role: a.name("role_name", "role_id"), scope: a.name("scope_name", "scope"),
			idle: ok && !idle, address: address,
		}}
	case typeTaskMining:
		return readTaskMining(address, a)
	}
	return nil
}

func (a attributes) kind() string {
	if a.isSensitive("principal_type") {
		return ""
	}
	return a.text("principal_type")
}

// readTaskMining reads a permission of Task Mining as what carries it: roles at the service, and of a recorder at projects.
func readTaskMining(address string, a attributes) []grant {
	tenant := a.name("tenant_name", "tenant_id")
	base := grant{principal: a.name("principal_name", "principal_id"), kind: a.kind(), address: address}
	var grants []grant
	if permission := taskMiningRole(a); permission.known() || permission.Unknown || permission.Sensitive {
		g := base
		g.role, g.scope, g.level = permission, below(tenant, "Task Mining", "taskmining"), true
		grants = append(grants, g)
	}
	ids, idsShown := a.texts("project_ids")
	names, namesShown := a.texts("project_names")
	// Both are sets, each in an order of its own, so names can stand only where there is one project.
	single := len(ids) == 1 && len(names) == 1 && namesShown
	for _, id := range ids {
		g := base
		g.role = Name{Text: "Task Mining User"}
		if !idsShown {
			g.scope = Name{Sensitive: true, secret: id}
			grants = append(grants, g)
			continue
		}
		id = strings.ToLower(id)
		shown := id
		if single {
			shown = names[0]
		}
		g.scope = below(tenant, "Task Mining / "+shown, "taskmining/project/"+id)
		grants = append(grants, g)
	}
	if len(ids) == 0 && (marked(a.unknown, "project_ids") || len(names) > 0) {
		g := base
		g.role, g.scope = Name{Text: "Task Mining User"}, Name{Unknown: true}
		grants = append(grants, g)
	}
	return grants
}

func taskMiningRole(a attributes) Name {
	permission := a.name("permission", "")
	if permission.Text != "" {
		permission.Text = "Task Mining " + permission.Text
	}
	if permission.secret != "" {
		permission.secret = "Task Mining " + permission.secret
	}
	return permission
}

// below is a scope in a tenant.
func below(tenant Name, name, path string) Name {
	scope := Name{Unknown: tenant.Unknown, Sensitive: tenant.Sensitive}
	if tenant.ID != "" {
		scope.ID = "/tenant/" + strings.ToLower(tenant.ID) + "/" + path
	}
	if tenant.Text != "" {
		scope.Text = tenant.Text + " / " + name
	}
	if tenant.secret != "" {
		scope.secret = tenant.secret + " / " + name
	}
	return scope
}

// tenantRole is a custom role of a tenant, as it is before or after.
type tenantRole struct {
	name, tenant Name
	permissions  []string
	// shown says that the permissions are known and not sensitive.
	shown        bool
	forceDestroy bool
	address      string
}

func readRole(address string, a attributes) tenantRole {
	r := tenantRole{name: a.name("name", "id"), tenant: a.name("tenant_name", "tenant_id"), address: address}
	r.permissions, r.shown = a.texts("permissions")
	r.forceDestroy, _ = a.values["force_destroy"].(bool)
	return r
}
