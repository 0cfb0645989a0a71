package httpapi

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/backend/catalogue"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

// The arguments of functions in paths.
const (
	argumentKey        = "key"
	argumentIdentifier = "identifier"
	argumentInherited  = "includeInherited"
)

// The members of a role of Orchestrator and of its permissions (contract 8.2).
const (
	memberRoleName        = "Name"
	memberRoleDisplayName = "DisplayName"
	memberRoleType        = "Type"
	memberRolePermissions = "Permissions"
	memberOrchestratorID  = "Id"
	memberIsGranted       = "IsGranted"
	memberAddedUsers      = "addedUserIds"
	memberRemovedUsers    = "removedUserIds"
	memberContext         = "@odata.context"
)

var orchestratorRoleMembers = memberNames{
	model.PartName: memberRoleName, model.PartDisplayName: memberRoleDisplayName, model.PartType: memberRoleType, model.PartID: memberOrchestratorID,
	model.PartPermissions: memberRolePermissions,
}

// maxOrchestratorNumbers is how many users, roles, folders or permissions a request names at most.
const maxOrchestratorNumbers = 5000

// permissionBody is a permission of a role, or the bare name of a resource (contract 8.2-4).
type permissionBody struct {
	ID        int64                       `json:"Id"`
	Name      string                      `json:"Name"`
	IsGranted bool                        `json:"IsGranted"`
	RoleID    int64                       `json:"RoleId"`
	Scope     catalogue.OrchestratorScope `json:"Scope"`
}

// orchestratorRoleSet is the roles of Orchestrator of a tenant (contract 8.2-15).
func (a *API) orchestratorRoleSet() odataSet[model.OrchestratorRole] {
	type role = model.OrchestratorRole
	return odataSet[role]{
		name: "Roles",
		entity: odataEntity[role]{
			{"Id", odataNumber, func(r role) any { return r.ID }},
			{"Key", odataText, func(r role) any { return r.Key.String() }},
			{"Name", odataText, func(r role) any { return r.Name }},
			{"DisplayName", odataText, func(r role) any { return r.DisplayName }},
			{"Type", odataText, func(r role) any { return string(r.Type) }},
			{"Groups", odataText, func(role) any { return nil }},
			{"IsStatic", odataFlag, func(r role) any { return r.Static }},
			{"IsEditable", odataFlag, func(r role) any { return r.Editable }},
		},
		expanded: odataEntity[role]{{"Permissions", odataObject, func(r role) any { return a.permissionBodies(r) }}},
	}
}

// permissionBodies are what a role grants, each resource before what it grants of it.
func (a *API) permissionBodies(r model.OrchestratorRole) []permissionBody {
	bodies := []permissionBody{}
	last := ""
	add := func(name string) {
		if p, ok := a.rules.Catalogue.OrchestratorPermission(name); ok {
			bodies = append(bodies, permissionBody{p.ID, p.Name, true, r.ID, p.Scope})
		}
	}
	for _, name := range r.Permissions {
		if resource, _, _ := strings.Cut(name, "."); resource != last {
			add(resource)
			last = resource
		}
		add(name)
	}
	return bodies
}

// orchestratorPermissionSet is what roles of Orchestrator can grant (contract 8.3).
var orchestratorPermissionSet = odataSet[catalogue.OrchestratorPermission]{
	name: "Permissions",
	entity: odataEntity[catalogue.OrchestratorPermission]{
		{"Id", odataNumber, func(p catalogue.OrchestratorPermission) any { return p.ID }},
		{"Name", odataText, func(p catalogue.OrchestratorPermission) any { return p.Name }},
		{"IsGranted", odataFlag, func(catalogue.OrchestratorPermission) any { return true }},
		{"RoleId", odataNumber, func(catalogue.OrchestratorPermission) any { return int64(0) }},
		{"Scope", odataText, func(p catalogue.OrchestratorPermission) any { return string(p.Scope) }},
	},
}

// numberOf reads the number of a role or a user in the path.
func numberOf(r *request) rules.OrchestratorKey {
	return rules.OrchestratorKey{Tenant: r.PathValue("tenant"), ID: arguments(r, "").number(r, "")}
}

// numberAlone is [numberOf] for a request without parameters.
func numberAlone(r *request) rules.OrchestratorKey {
	r.query()
	return numberOf(r)
}

// orchestratorRoleInput reads a role, whose permissions are an array of objects.
func orchestratorRoleInput(r *request) rules.OrchestratorRoleInput {
	r.query(optionSelect, optionExpand)
	r.memberOf = orchestratorRoleMembers.of
	b := r.body(memberContext, memberOrchestratorID, "Key", memberRoleName, memberRoleDisplayName, memberRoleType, "Groups", "IsStatic", "IsEditable",
		memberRolePermissions)
	in := rules.OrchestratorRoleInput{
		Key: rules.OrchestratorKey{Tenant: r.PathValue("tenant")}, SaidID: deref(member[int64](b, memberOrchestratorID)),
		Name: deref(member[string](b, memberRoleName)), DisplayName: deref(member[string](b, memberRoleDisplayName)),
		Type: model.OrchestratorRoleType(deref(member[string](b, memberRoleType))),
	}
	permissions := deref(member[[]map[string]json.RawMessage](b, memberRolePermissions))
	for _, one := range b.items(memberRolePermissions, permissions, maxOrchestratorNumbers,
		memberOrchestratorID, memberRoleName, memberIsGranted, "RoleId", "Scope", memberRoleDisplayName, "Description") {
		one.required(memberRoleName)
		if deref(member[bool](one, memberIsGranted)) {
			in.Granted = append(in.Granted, deref(member[string](one, memberRoleName)))
		}
	}
	return in
}

// orchestratorRoleChange reads a role that replaces the one in the path.
func orchestratorRoleChange(r *request) rules.OrchestratorRoleInput {
	in := orchestratorRoleInput(r)
	in.Key = numberOf(r)
	return in
}

// createOrchestratorRole serves POST /odata/Roles.
func (a *API) createOrchestratorRole(r *http.Request) (reply, error) {
	set := a.orchestratorRoleSet()
	body := func(role model.OrchestratorRole) map[string]any { return set.entityBody(r, set.entity, role) }
	return created(write(a, orchestratorRoleInput, (*rules.Session).CreateOrchestratorRole, body))(r)
}

// done answers a change with 200 and no body.
func done(handle handler) handler {
	return func(r *http.Request) (reply, error) {
		out, err := handle(r)
		out.status = http.StatusOK
		return out, err
	}
}

// membersInput reads who is to get a role and who is to lose it.
func membersInput(r *request) rules.MembersInput {
	r.query()
	r.memberOf = memberNames{model.PartRoles: memberAddedUsers}.of
	b := r.body(memberAddedUsers, memberRemovedUsers)
	b.required(memberAddedUsers, memberRemovedUsers)
	return rules.MembersInput{Role: numberOf(r), Added: b.numbers(memberAddedUsers), Removed: b.numbers(memberRemovedUsers)}
}

// numbers reads a member that is a list of numbers, up to [maxOrchestratorNumbers] of them.
func (b body) numbers(name string) []int64 {
	numbers := deref(member[[]int64](b, name))
	if len(numbers) > maxOrchestratorNumbers {
		b.wrongf(name, "%d numbers are given; at most %d are read.", len(numbers), maxOrchestratorNumbers)
		return nil
	}
	return numbers
}

// listMembers serves the function GetUserIdsForRole(key={id}).
func (a *API) listMembers(r *http.Request) (reply, error) {
	var counted bool
	parse := func(r *request) rules.OrchestratorKey {
		counted = oneOf(r.query(optionCount), optionCount, false, booleans)
		return rules.OrchestratorKey{Tenant: r.PathValue("tenant"), ID: arguments(r, argumentKey).number(r, argumentKey)}
	}
	body := func(ids []int64) odataList {
		b := odataList{Context: metadata(r, "Collection(Edm.Int64)"), Value: append([]int64{}, ids...)}
		if count := len(ids); counted {
			b.Count = &count
		}
		return b
	}
	return read(a, parse, (*rules.Session).MembersOf, body)(r)
}

// usersOfRole narrows a list of users to the role in the path.
func usersOfRole(q query, asked rules.TenantQuery[rules.OrchestratorUser]) rules.RoleUsersQuery {
	return rules.RoleUsersQuery{TenantQuery: asked, RoleID: arguments(q.request, argumentKey).number(q.request, argumentKey)}
}
