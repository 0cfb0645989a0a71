package seed

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

const (
	// firstOrchestratorRole is the id of the first role of Orchestrator that is not brought along (contract 8.2-20). Those that are have ids
	// below it, defaultRoleIDs for each tenant.
	firstOrchestratorRole = 10_001
	defaultRoleIDs        = 20
	// firstOrchestratorUser does not fit into 32 bits (contract 8.6-17).
	firstOrchestratorUser = 1<<32 + 1
)

func orchestratorRolePlace(tenant *model.Tenant) place {
	return place{"role", " of Orchestrator in tenant " + tenant.Name}
}

// addOrchestratorRoles makes the roles known that Orchestrator brings along to a tenant. They are numbered in the end.
func (r *reader) addOrchestratorRoles(tenant *model.Tenant) {
	if !slices.Contains(tenant.Services, "orchestrator") {
		return
	}
	for _, role := range r.catalogue.OrchestratorRoles(tenant.ID, 0) {
		r.addOrchestratorRole(tenant, role)
	}
}

func (r *reader) addOrchestratorRole(tenant *model.Tenant, m model.OrchestratorRole) {
	one := role{m.Key, m.Name, model.OrchestratorService}
	r.roles.add(r, orchestratorRolePlace(tenant), one, m.Key.String(), m.Name)
	r.roles[idIn(anyRole, m.Key.String())] = []role{one}
	r.ofOrchestrator[m.Key] = m
}

func (r *reader) orchestratorRole(n node, e orchestratorRoleEntry) model.OrchestratorRole {
	tenant, ok := r.tenantWith(n, e.Tenant, "orchestrator")
	if !ok {
		return model.OrchestratorRole{}
	}
	m := model.OrchestratorRole{
		ID: r.numbered(n, "role of Orchestrator", e.ID), Key: r.roleKey(n, e, tenant),
		TenantID: tenant.ID, Name: e.Name, DisplayName: cmp.Or(e.DisplayName, e.Name), Static: orFalse(e.Static), Editable: orTrue(e.Editable),
		Type: oneOf(r, n, "type", e.Type, model.OrchestratorTenantRole, model.OrchestratorFolderRole, model.OrchestratorMixedRole),
	}
	r.wrongIf(m.ID != 0 && (m.ID < firstOrchestratorRole || m.ID > math.MaxInt32), n.at("id"),
		"id %d is not a number from %d to %d", m.ID, firstOrchestratorRole, math.MaxInt32)
	for _, name := range e.Permissions {
		if p, ok := r.catalogue.OrchestratorPermission(name); ok {
			name = p.Name
		}
		m.Permissions = append(m.Permissions, name)
	}
	m.Permissions = model.SortedUnique(m.Permissions)
	for _, v := range r.catalogue.CheckOrchestratorRole(m) {
		r.wrongf(n, "role %q: %s", m.Name, v.Message)
	}
	at := orchestratorRolePlace(tenant)
	if !r.wrongIf(r.catalogue.IsOrchestratorDefault(m.Name), n, "role %q: Orchestrator brings a role of this name along", m.Name) &&
		r.once(n.at("name"), at, m.Name) && r.once(n, place{kind: "role id"}, m.Key.String()) {
		r.addOrchestratorRole(tenant, m)
	}
	return m
}

// roleKey reads the key of a role of Orchestrator, or derives it.
func (r *reader) roleKey(n node, e orchestratorRoleEntry, tenant *model.Tenant) access.GUID {
	key := access.OptionalGUID(e.Key)
	r.wrongIf(e.Key != "" && key == "", n.at("key"), "key %q is not a GUID", e.Key)
	return cmp.Or(key, model.DerivedID("orchestrator role", tenant.ID.String(), e.Name))
}

func (r *reader) orchestratorUser(n node, e orchestratorUserEntry) model.OrchestratorUser {
	tenant, ok := r.tenantWith(n, e.Tenant, "orchestrator")
	if !ok {
		return model.OrchestratorUser{}
	}
	holder, _ := r.added(n.at("principal"), e.Principal, "be a user of Orchestrator")
	u := model.OrchestratorUser{
		ID: r.numbered(n, "user of Orchestrator", e.ID), TenantID: tenant.ID, PrincipalID: holder.id,
		CreatedOn: r.time(n.at("creationTime"), e.Created, r.now),
	}
	for i, name := range e.Folders {
		if f, ok := r.folders.find(r, n.at("folders").item(i), folderPlace(tenant), name); ok {
			u.FolderIDs = append(u.FolderIDs, f.ID)
		}
	}
	u.FolderIDs = model.SortedUnique(u.FolderIDs)
	if holder.id != "" {
		r.once(n.at("principal"), place{"user", " of Orchestrator in tenant " + tenant.Name}, holder.id.String())
	}
	return u
}

// checkPlace reports an assignment of a role of Orchestrator at a scope where that cannot be, or to somebody who is gone.
func (r *reader) checkPlace(n node, a model.Assignment) {
	m, ok := r.ofOrchestrator[a.RoleID]
	if !ok || a.Scope.Kind() == "" {
		return
	}
	fits := a.Scope.TenantID() == m.TenantID && a.Scope.ServiceSlug() == "orchestrator" &&
		(a.Scope.Kind() == access.ScopeService && m.Type.AtTenant() || a.Scope.Kind() == access.ScopeFolder && m.Type.AtFolders())
	r.wrongIf(!fits, n.at("scope"), "the role %q of Orchestrator has the type %s and cannot be assigned at %s", m.Name, m.Type, a.Scope)
	r.wrongIf(len(r.principals.lookUp(anyPrincipal, a.PrincipalID.String())) == 0, n.at("principal"),
		"a role of Orchestrator cannot be assigned to somebody who is gone")
}

// finishOrchestrator numbers the roles and users of Orchestrator, adds the roles that it brings along, and everybody as a user who has a role
// somewhere, there too.
func (r *reader) finishOrchestrator() {
	s := &r.state
	byName := slices.SortedFunc(slices.Values(s.Tenants), func(a, b model.Tenant) int {
		return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	last := int64(firstOrchestratorRole - 1)
	for _, m := range s.OrchestratorRoles {
		last = max(last, m.ID)
	}
	for i := range s.OrchestratorRoles {
		last = number(&s.OrchestratorRoles[i].ID, last)
	}
	for i, t := range byName {
		if slices.Contains(t.Services, "orchestrator") {
			s.OrchestratorRoles = append(s.OrchestratorRoles, r.catalogue.OrchestratorRoles(t.ID, int64(i)*defaultRoleIDs)...)
		}
	}
	r.addHolders()
	lastUser := int64(firstOrchestratorUser - 1)
	for _, u := range s.OrchestratorUsers {
		lastUser = max(lastUser, u.ID)
	}
	for i := range s.OrchestratorUsers {
		lastUser = number(&s.OrchestratorUsers[i].ID, lastUser)
	}
}

// addHolders adds everybody to Orchestrator who has one of its roles, and to the folders where they have it.
func (r *reader) addHolders() {
	type user struct{ tenant, principal access.GUID }
	s := &r.state
	known := map[user]int{}
	for i, u := range s.OrchestratorUsers {
		known[user{u.TenantID, u.PrincipalID}] = i
	}
	for _, a := range s.Assignments {
		m, ok := r.ofOrchestrator[a.RoleID]
		if !ok {
			continue
		}
		key := user{m.TenantID, a.PrincipalID}
		i, ok := known[key]
		if !ok {
			i = len(s.OrchestratorUsers)
			known[key] = i
			s.OrchestratorUsers = append(s.OrchestratorUsers, model.OrchestratorUser{TenantID: m.TenantID, PrincipalID: a.PrincipalID, CreatedOn: a.CreatedOn})
		}
		if a.Scope.Kind() == access.ScopeFolder {
			u := &s.OrchestratorUsers[i]
			u.FolderIDs = model.SortedUnique(append(u.FolderIDs, access.GUID(a.Scope.Container())))
		}
	}
}

// orchestratorRoles leaves out the roles that Orchestrator brings along.
func (w writer) orchestratorRoles(all []model.OrchestratorRole) []orchestratorRoleEntry {
	var entries []orchestratorRoleEntry
	for _, m := range all {
		if m.ID < firstOrchestratorRole {
			continue
		}
		entries = append(entries, orchestratorRoleEntry{
			m.ID, m.Key.String(), w.tenants[m.TenantID], m.Name, unlessSame(m.DisplayName, m.Name), string(m.Type), ifTrue(m.Static), unlessTrue(m.Editable),
			m.Permissions,
		})
	}
	return entries
}

func (w writer) orchestratorUsers(all []model.OrchestratorUser) []orchestratorUserEntry {
	return apply(all, func(u model.OrchestratorUser) orchestratorUserEntry {
		return orchestratorUserEntry{
			u.ID, w.tenants[u.TenantID], w.principals[u.PrincipalID], apply(u.FolderIDs, func(id access.GUID) string { return w.folders[id] }),
			model.FormatTime(u.CreatedOn),
		}
	})
}

// unlessSame leaves out a text that follows from another.
func unlessSame(text, other string) string {
	if text == other {
		return ""
	}
	return text
}
