package httpapi

import (
	"context"
	"encoding/json"
	"math"
	"net/http"
	"slices"
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
	memberID              = "id"
	memberParent          = "parentId"
	memberTop             = "top"
	memberSkip            = "skip"
)

// effectiveBody is what somebody can do (contract 6).
type effectiveBody struct {
	RoleAssignments effectiveRolesBody    `json:"roleAssignments"`
	Services        []grantedServiceBody  `json:"grantedServicesMetadata"`
	Roles           []grantedRoleNameBody `json:"grantedRolesMetadata"`
}

type effectiveRolesBody struct {
	TotalCount int                 `json:"totalCount"`
	Results    []effectiveRoleBody `json:"results"`
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

	SecurityPrincipalID   access.GUID `json:"securityPrincipalId"`
	SecurityPrincipalType string      `json:"securityPrincipalType"`
	OrganizationID        access.GUID `json:"organizationId"`
	CreatedOn             string      `json:"createdOn"`
	Scope                 string      `json:"scope"`
	FolderName            *string     `json:"folderName"`
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

func newEffectiveBody(found rules.EffectiveAccess, organizationID access.GUID) effectiveBody {
	b := effectiveBody{
		RoleAssignments: effectiveRolesBody{found.Total, make([]effectiveRoleBody, len(found.Roles))},
		Services:        []grantedServiceBody{}, Roles: make([]grantedRoleNameBody, len(found.Granted)),
	}
	for i, role := range found.Roles {
		b.RoleAssignments.Results[i] = newEffectiveRoleBody(role, organizationID)
	}
	var owners []string
	for i, role := range found.Granted {
		b.Roles[i] = grantedRoleNameBody{role.ID, role.Name}
		owners = append(owners, role.Service)
	}
	slices.Sort(owners)
	for _, owner := range slices.Compact(owners) {
		b.Services = append(b.Services, grantedServiceBody{ID: catalogue.ServiceID(owner), Name: owner, DisplayName: access.ServiceDisplayName(owner)})
	}
	return b
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
			grantedBody: granted, SecurityPrincipalID: a.PrincipalID, SecurityPrincipalType: string(a.PrincipalType), OrganizationID: organizationID,
			CreatedOn: model.FormatTime(a.CreatedOn), Scope: a.Scope.String(), FolderName: orNull(a.FolderName),
		}
	}
	return b
}

// effectiveAccess answers for a tenant or a folder.
func (a *API) effectiveAccess(r *http.Request) (reply, error) {
	return a.answerEffective(r, (*rules.Session).EffectiveAccess, func(text []byte) (rules.EffectiveQuery, error) {
		b, err := a.body(r, text, memberUser, memberGroup, memberPrincipal, memberRoleStart, memberService, memberScopeIdentifier, memberTop, memberSkip)
		if err != nil {
			return rules.EffectiveQuery{}, err
		}
		wanted := rules.EffectiveQuery{RoleNameStartsWith: deref(member[string](b, memberRoleStart)), ServiceName: b.service()}
		b.principal(&wanted)
		b.place(&wanted)
		wanted.Top, wanted.Skip = a.paging(r, b, math.MaxInt32, math.MaxInt32)
		return wanted, b.err()
	})
}

// effectiveAccessOfOrganization answers for the organization and all of its tenants.
func (a *API) effectiveAccessOfOrganization(r *http.Request) (reply, error) {
	return a.answerEffective(r, (*rules.Session).EffectiveAccessOfOrganization, func(text []byte) (rules.EffectiveQuery, error) {
		b, err := a.body(r, text, memberUser, memberGroup, memberPrincipal, memberScopeIdentifier, memberTop, memberSkip)
		if err != nil {
			return rules.EffectiveQuery{}, err
		}
		var wanted rules.EffectiveQuery
		b.principal(&wanted)
		if _, narrowed := b.members[memberScopeIdentifier]; narrowed {
			b.wrongf(memberScopeIdentifier, "The whole organization is answered for here: leave it out, or ask pap_/api/geteffectiveaccess about one tenant.")
		}
		wanted.Top, wanted.Skip = a.paging(r, b, defaultEffective, maxEffective)
		return wanted, b.err()
	})
}

// answerEffective reads a question and answers it.
func (a *API) answerEffective(
	r *http.Request, find func(*rules.Session, context.Context, rules.EffectiveQuery) (rules.EffectiveAccess, error),
	question func(text []byte) (rules.EffectiveQuery, error),
) (reply, error) {
	text, err := readBody(r)
	if err != nil {
		return reply{}, err
	}
	var out effectiveBody
	err = a.read(r, func(s *rules.Session) error {
		wanted, err := question(text)
		if err != nil {
			return err
		}
		found, err := find(s, r.Context(), wanted)
		out = newEffectiveBody(found, s.Organization().ID)
		return err
	})
	if err != nil {
		return reply{}, err
	}
	return jsonReply(out)
}

// principal reads the one principal of a question.
func (b body) principal(wanted *rules.EffectiveQuery) {
	named := 0
	for name, kind := range map[string]access.PrincipalType{memberUser: access.PrincipalUser, memberGroup: access.PrincipalGroup, memberPrincipal: ""} {
		if _, ok := b.members[name]; ok {
			named++
			wanted.PrincipalID, wanted.Kind, wanted.KindField = b.guid(name), kind, rules.Field(name)
		}
	}
	if named != 1 {
		b.wrongf(memberPrincipal, "Exactly one of userId, groupId and securityPrincipalId is needed: %d are given.", named)
	}
}

// place reads the tenant or the folder of a question. A folder names its tenant as what it is in.
func (b body) place(wanted *rules.EffectiveQuery) {
	b.required(memberScopeIdentifier)
	members := member[map[string]json.RawMessage](b, memberScopeIdentifier)
	if members == nil {
		return
	}
	identifier := b.item(memberScopeIdentifier+".", *members, memberScopeType, memberValue)
	identifier.required(memberScopeType, memberValue)
	value := body{&input{}, nil}
	if members := member[map[string]json.RawMessage](identifier, memberValue); members != nil {
		value = b.item(memberScopeIdentifier+"."+memberValue+".", *members, memberID, memberTenant, memberParent)
		switch kind := deref(member[string](identifier, memberScopeType)); {
		case strings.EqualFold(kind, string(access.ScopeTenant)):
			value.tenantPlace(wanted)
		case strings.EqualFold(kind, string(access.ScopeFolder)):
			value.folderPlace(wanted)
		case kind != "":
			identifier.wrongf(memberScopeType, "The value '%s' is not valid: it is Tenant or Folder.", kind)
		}
	}
	b.violations = append(b.violations, slices.Concat(identifier.violations, value.violations)...)
}

// tenantPlace reads a tenant, which some clients name twice.
func (b body) tenantPlace(wanted *rules.EffectiveQuery) {
	b.required(memberID)
	id := b.guid(memberID)
	for _, again := range []string{memberTenant, memberParent} {
		if other := b.guid(again); other != "" && id != "" && other != id {
			b.wrongf(again, "The value '%s' is not the tenant '%s' that id names.", other, id)
		}
	}
	wanted.Scope, wanted.TenantField = access.TenantScope(id), rules.Field(b.prefix+memberID)
}

func (b body) folderPlace(wanted *rules.EffectiveQuery) {
	b.required(memberID)
	key, tenant, field := b.guid(memberID), b.guid(memberParent), memberParent
	if _, ok := b.members[memberParent]; !ok {
		tenant, field = b.guid(memberTenant), memberTenant
	}
	if _, ok := b.members[field]; !ok {
		b.wrongf(memberParent, "The parentId is required: it is the id of the tenant that the folder is in.")
	}
	wanted.TenantField, wanted.FolderField = rules.Field(b.prefix+field), rules.Field(b.prefix+memberID)
	if key == "" || tenant == "" {
		return
	}
	scope, err := access.FolderScope(tenant, key.String())
	if err != nil {
		b.wrongf(memberID, "The value is not valid: %s.", err)
	}
	wanted.Scope = scope
}

// service reads the name of a service. One that is not known owns no roles; strict mode refuses it.
func (b body) service() string {
	name := deref(member[string](b, memberService))
	if _, ok := access.FindService(name); name != "" && !ok && b.strict {
		b.wrongf(memberService, "The service %q is not known.", name)
	}
	return name
}

// paging reads top and skip, which stand in the query or in the body.
func (a *API) paging(r *http.Request, b body, absent, most int) (top, skip int) {
	q := a.query(r, memberTop, memberSkip)
	for _, name := range []string{memberTop, memberSkip} {
		raw, ok := b.members[name]
		if ok && q.values.Has(name) {
			q.wrongf(name, "The value is given twice, in the query and in the body.")
		} else if ok {
			q.values.Set(name, string(raw))
		}
	}
	top, skip = q.number(memberTop, absent, most), q.number(memberSkip, 0, math.MaxInt32)
	b.violations = append(b.violations, q.violations...)
	return top, skip
}
