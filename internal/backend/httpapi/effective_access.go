package httpapi

import (
	"encoding/json"
	"math"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/catalogue"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

const (
	// maxEffective is the largest page of what somebody can do in the whole organization, and defaultEffective the page where top
	// is left out (contract 6).
	maxEffective     = 50
	defaultEffective = 10
)

// The members of a question about effective access (contract 6).
const (
	memberUser            = "userId"
	memberGroup           = "groupId"
	memberRoleStart       = "roleNameStartsWith"
	memberService         = "serviceName"
	memberScopeIdentifier = "scopeIdentifier"
	memberScopeType       = "scopeType"
	memberValue           = "value"
	memberParent          = "parentId"
	memberTop             = "top"
	memberSkip            = "skip"
)

// effectiveBody is what somebody can do (contract 6).
type effectiveBody struct {
	RoleAssignments pageBody[effectiveRoleBody] `json:"roleAssignments"`
	Services        []grantedServiceBody        `json:"grantedServicesMetadata"`
	Roles           []grantedRoleNameBody       `json:"grantedRolesMetadata"`
}

// grantedBody is what a role and its assignments have in common. The service is called as people call it.
type grantedBody struct {
	RoleID      access.GUID  `json:"roleId"`
	TenantID    *access.GUID `json:"tenantId"`
	RoleName    string       `json:"roleName"`
	RoleType    string       `json:"roleType"`
	ServiceName string       `json:"serviceName"`
	ServiceID   access.GUID  `json:"serviceId"`
}

type effectiveRoleBody struct {
	grantedBody

	RoleAssignments []effectiveAssignmentBody `json:"roleAssignments"`
}

type effectiveAssignmentBody struct {
	grantedBody

	SecurityPrincipalID   access.GUID          `json:"securityPrincipalId"`
	SecurityPrincipalType access.PrincipalType `json:"securityPrincipalType"`
	OrganizationID        access.GUID          `json:"organizationId"`
	CreatedOn             string               `json:"createdOn"`
	Scope                 string               `json:"scope"`
	FolderName            *string              `json:"folderName"`
}

// grantedServiceBody is a service that owns some of the roles. What the platform calls a type of services is not public.
type grantedServiceBody struct {
	ID          access.GUID `json:"id"`
	Name        string      `json:"serviceName"`
	DisplayName string      `json:"serviceDisplayName"`
	Type        *string     `json:"serviceType"`
}

type grantedRoleNameBody struct {
	ID   access.GUID `json:"id"`
	Name string      `json:"roleName"`
}

func newEffectiveBody(found rules.EffectiveAccess) effectiveBody {
	owners := make([]string, len(found.Granted))
	for i, role := range found.Granted {
		owners[i] = role.Service
	}
	return effectiveBody{
		RoleAssignments: page(func(role rules.EffectiveRole) effectiveRoleBody {
			return newEffectiveRoleBody(role, found.OrganizationID)
		})(found.Page),
		Services: each(newGrantedServiceBody)(model.SortedUnique(owners)),
		Roles:    each(func(role model.Role) grantedRoleNameBody { return grantedRoleNameBody{role.ID, role.Name} })(found.Granted),
	}
}

func newGrantedServiceBody(owner string) grantedServiceBody {
	return grantedServiceBody{ID: catalogue.ServiceID(owner), Name: owner, DisplayName: access.ServiceDisplayName(owner)}
}

func newEffectiveRoleBody(role rules.EffectiveRole, organizationID access.GUID) effectiveRoleBody {
	granted := grantedBody{
		RoleID: role.ID, TenantID: orNull(role.TenantID), RoleName: role.Name, RoleType: strings.ToUpper(string(role.Type)),
		ServiceName: access.ServiceDisplayName(role.Service), ServiceID: catalogue.ServiceID(role.Service),
	}
	b := effectiveRoleBody{granted, make([]effectiveAssignmentBody, len(role.Assignments))}
	for i, a := range role.Assignments {
		granted.TenantID = orNull(a.Scope.TenantID())
		b.RoleAssignments[i] = effectiveAssignmentBody{
			grantedBody: granted, SecurityPrincipalID: a.PrincipalID, SecurityPrincipalType: a.PrincipalType, OrganizationID: organizationID,
			CreatedOn: model.FormatTime(a.CreatedOn), Scope: a.Scope.String(), FolderName: orNull(a.FolderName),
		}
	}
	return b
}

// effectiveQuery reads a question about a tenant or a folder.
func effectiveQuery(r *request) rules.EffectiveQuery {
	b := r.body(memberUser, memberGroup, memberPrincipal, memberRoleStart, memberService, memberScopeIdentifier, memberTop, memberSkip)
	wanted := rules.EffectiveQuery{RoleNameStartsWith: deref(member[string](b, memberRoleStart)), ServiceName: b.service()}
	members := memberNames{}
	r.memberOf = members.of
	b.askedPrincipal(&wanted, members)
	wanted.Scope = b.askedScope(members)
	wanted.Paging = b.paging(math.MaxInt32, math.MaxInt32)
	return wanted
}

// organizationEffectiveQuery reads a question about the organization and all of its tenants.
func organizationEffectiveQuery(r *request) rules.EffectiveQuery {
	b := r.body(memberUser, memberGroup, memberPrincipal, memberScopeIdentifier, memberTop, memberSkip)
	var wanted rules.EffectiveQuery
	members := memberNames{}
	r.memberOf = members.of
	b.askedPrincipal(&wanted, members)
	if b.has(memberScopeIdentifier) {
		b.wrongf(memberScopeIdentifier, "The whole organization is answered for here: leave it out, or ask pap_/api/geteffectiveaccess about one tenant.")
	}
	wanted.Paging = b.paging(defaultEffective, maxEffective)
	return wanted
}

// askedPrincipal reads the one principal of a question.
func (b body) askedPrincipal(wanted *rules.EffectiveQuery, members memberNames) {
	named := 0
	for name, said := range map[string]access.PrincipalType{memberUser: access.PrincipalUser, memberGroup: access.PrincipalGroup, memberPrincipal: ""} {
		if b.has(name) {
			named++
			wanted.PrincipalID, wanted.PrincipalType, members[model.PartPrincipalType] = deref(b.guid(name)), said, name
		}
	}
	if named != 1 {
		b.wrongf(memberPrincipal, "Exactly one of userId, groupId and securityPrincipalId is needed: %d are given.", named)
	}
}

// askedScope reads the tenant or the folder of a question. A folder names its tenant as what it is in.
func (b body) askedScope(members memberNames) access.Scope {
	b.required(memberScopeIdentifier)
	object := member[map[string]json.RawMessage](b, memberScopeIdentifier)
	if object == nil {
		return access.Scope{}
	}
	identifier := b.item(memberScopeIdentifier, *object, memberScopeType, memberValue)
	identifier.required(memberScopeType, memberValue)
	object = member[map[string]json.RawMessage](identifier, memberValue)
	if object == nil {
		return access.Scope{}
	}
	value := identifier.item(memberValue, *object, memberID, memberTenant, memberParent)
	switch kind := deref(member[string](identifier, memberScopeType)); {
	case strings.EqualFold(kind, string(access.ScopeTenant)):
		return value.askedTenant(members)
	case strings.EqualFold(kind, string(access.ScopeFolder)):
		return value.askedFolder(members)
	case kind != "":
		identifier.wrongf(memberScopeType, "The value '%s' is not valid: it is Tenant or Folder.", kind)
	}
	return access.Scope{}
}

// askedTenant reads a tenant, which some clients name twice.
func (b body) askedTenant(members memberNames) access.Scope {
	b.required(memberID)
	members[model.PartTenant] = b.prefix + memberID
	id := deref(b.guid(memberID))
	for _, again := range []string{memberTenant, memberParent} {
		if other := deref(b.guid(again)); other != "" && id != "" && other != id {
			b.wrongf(again, "The value '%s' is not the tenant '%s' that id names.", other, id)
		}
	}
	return access.TenantScope(id)
}

func (b body) askedFolder(members memberNames) access.Scope {
	b.required(memberID)
	tenantMember := memberParent
	if !b.has(memberParent) && b.has(memberTenant) {
		tenantMember = memberTenant
	}
	if !b.has(tenantMember) {
		b.wrongf(memberParent, "The parentId is required: it is the id of the tenant that the folder is in.")
	}
	members[model.PartTenant], members[model.PartFolder] = b.prefix+tenantMember, b.prefix+memberID
	key, tenant := deref(b.guid(memberID)), deref(b.guid(tenantMember))
	if key == "" || tenant == "" {
		return access.Scope{}
	}
	scope, err := access.FolderScope(tenant, key.String())
	if err != nil {
		b.wrongf(memberID, "The value is not valid: %s.", err)
	}
	return scope
}

// service reads the name of a service. One that is not known owns no roles; strict mode refuses it.
func (b body) service() string {
	name := deref(member[string](b, memberService))
	if _, ok := access.FindService(name); name != "" && !ok && b.strict {
		b.wrongf(memberService, "The service %q is not known.", name)
	}
	return name
}

// paging reads top and skip, which are in the query or in the body.
func (b body) paging(absent, most int) rules.Paging {
	q := b.query(memberTop, memberSkip)
	for _, name := range []string{memberTop, memberSkip} {
		switch {
		case b.has(name) && q.values.Has(name):
			q.wrongf(name, "The value is given twice, in the query and in the body.")
		case b.has(name):
			q.values.Set(name, string(b.members[name]))
		}
	}
	return q.paging("", absent, most)
}
