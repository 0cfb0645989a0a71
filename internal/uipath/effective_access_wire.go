package uipath

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// effectivePageSize is the most roles that the server gives where it is asked for pages (contract 6).
const effectivePageSize = 50

// effectiveQuestion is the body of the question (contract 6, variant a). Exactly one of the two ids is there. Paging is that of
// variant c, and is left out at first: neither variant says that the other knows it.
type effectiveQuestion struct {
	Scope   scopeIdentifier `json:"scopeIdentifier"`
	UserID  access.GUID     `json:"userId,omitempty"`
	GroupID access.GUID     `json:"groupId,omitempty"`
	Top     int             `json:"top,omitempty"`
	Skip    int             `json:"skip,omitempty"`
}

type scopeIdentifier struct {
	Type  string          `json:"scopeType"`
	Value tenantReference `json:"value"`
}

// tenantReference names a tenant twice, as the vendor's own client does.
type tenantReference struct {
	ID       access.GUID `json:"id"`
	TenantID access.GUID `json:"tenantId"`
}

// newEffectiveQuestion asks what a user or a group can do in a tenant.
func newEffectiveQuestion(tenant, principal access.GUID, kind access.PrincipalType) (effectiveQuestion, error) {
	if err := cmp.Or(checkID("tenant", tenant), checkID("principal", principal)); err != nil {
		return effectiveQuestion{}, err
	}
	question := effectiveQuestion{Scope: scopeIdentifier{"Tenant", tenantReference{tenant, tenant}}}
	switch kind {
	case access.PrincipalUser:
		question.UserID = principal
	case access.PrincipalGroup:
		question.GroupID = principal
	default:
		return effectiveQuestion{}, fmt.Errorf("the server tells the effective access of a %s or a %s, not of principal type %q",
			access.PrincipalUser, access.PrincipalGroup, kind)
	}
	return question, nil
}

// effectiveAnswer is a page of roles with the grants that they come from (contract 6).
type effectiveAnswer struct {
	Roles rest.Page[effectiveRoleAnswer] `json:"roleAssignments"`
}

type effectiveRoleAnswer struct {
	RoleID      string                 `json:"roleId"`
	RoleName    string                 `json:"roleName"`
	RoleType    string                 `json:"roleType"`
	ServiceName string                 `json:"serviceName"`
	Grants      []effectiveGrantAnswer `json:"roleAssignments"`
}

type effectiveGrantAnswer struct {
	PrincipalID   string          `json:"securityPrincipalId"`
	PrincipalType json.RawMessage `json:"securityPrincipalType"`
	Scope         string          `json:"scope"`
	CreatedOn     string          `json:"createdOn"`
}

// parseEffectivePage reads a page. Without a count it cannot be told from a part, and is refused.
func parseEffectivePage(body []byte) (rest.Page[EffectiveRole], error) {
	var answer effectiveAnswer
	if err := json.Unmarshal(body, &answer); err != nil {
		return rest.Page[EffectiveRole]{}, err
	}
	if answer.Roles.TotalCount == nil {
		return rest.Page[EffectiveRole]{}, errors.New("it does not say how many roles there are (roleAssignments.totalCount)")
	}
	return rest.ConvertPage(answer.Roles, effectiveRoleAnswer.role)
}

// role converts to the package's own terms.
func (a effectiveRoleAnswer) role() (EffectiveRole, error) {
	id, err := access.ParseGUID(a.RoleID)
	if err != nil {
		return EffectiveRole{}, fmt.Errorf("it lists a role whose id %w", err)
	}
	role := EffectiveRole{
		RoleID: id, RoleName: a.RoleName, RoleType: readRoleType(a.RoleType), Service: access.ServiceDisplayName(a.ServiceName),
	}
	for _, g := range a.Grants {
		principal, err := access.ParseGUID(g.PrincipalID)
		if err != nil {
			return EffectiveRole{}, fmt.Errorf("it lists a grant to a principal whose id %w", err)
		}
		scope, err := access.ParseScope(g.Scope)
		if err != nil {
			continue
		}
		role.Grants = append(role.Grants, EffectiveGrant{
			PrincipalID: principal, PrincipalType: readPrincipalType(g.PrincipalType), Scope: scope, CreatedOn: readTime(g.CreatedOn),
		})
	}
	return role, nil
}
