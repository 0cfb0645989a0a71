package uipath

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// effectivePageSize is the most roles that the server gives where it is asked for pages (contract 6).
const effectivePageSize = 50

// effectiveQuestion is the body of the question (contract 6, variant a). Exactly one of the two ids is there. Paging is that of
// variant c, and is left out at first: neither variant says that the other knows it.
type effectiveQuestion struct {
	Scope   scopeIdentifier `json:"scopeIdentifier"`
	UserID  string          `json:"userId,omitempty"`
	GroupID string          `json:"groupId,omitempty"`
	Top     int             `json:"top,omitempty"`
	Skip    int             `json:"skip,omitempty"`
}

type scopeIdentifier struct {
	Type  string          `json:"scopeType"`
	Value tenantReference `json:"value"`
}

// tenantReference names a tenant twice, as the vendor's own client does.
type tenantReference struct {
	ID       string `json:"id"`
	TenantID string `json:"tenantId"`
}

// newEffectiveQuestion asks what a user or a group can do in a tenant.
func newEffectiveQuestion(tenantID, principalID string, t access.PrincipalType) (effectiveQuestion, error) {
	if !access.IsGUID(tenantID) {
		return effectiveQuestion{}, fmt.Errorf("tenant id %q is not a GUID", tenantID)
	}
	if !access.IsGUID(principalID) {
		return effectiveQuestion{}, fmt.Errorf("principal id %q is not a GUID", principalID)
	}
	tenantID, principalID = access.CanonicalGUID(tenantID), access.CanonicalGUID(principalID)
	question := effectiveQuestion{Scope: scopeIdentifier{"Tenant", tenantReference{tenantID, tenantID}}}
	switch t {
	case access.PrincipalUser:
		question.UserID = principalID
	case access.PrincipalGroup:
		question.GroupID = principalID
	default:
		return effectiveQuestion{}, fmt.Errorf("the server tells the effective access of a %s or a %s, not of principal type %q",
			access.PrincipalUser, access.PrincipalGroup, t)
	}
	return question, nil
}

// effectiveAnswer is a page of roles with the grants that they come from (contract 6).
type effectiveAnswer struct {
	Roles page[effectiveRoleAnswer] `json:"roleAssignments"`
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

// readEffectivePage reads a page. Without a count it cannot be told from a part, and is refused.
func readEffectivePage(body []byte) (page[EffectiveRole], error) {
	var answer effectiveAnswer
	if err := json.Unmarshal(body, &answer); err != nil {
		return page[EffectiveRole]{}, err
	}
	if answer.Roles.TotalCount == nil {
		return page[EffectiveRole]{}, errors.New("it does not say how many roles there are (roleAssignments.totalCount)")
	}
	read := page[EffectiveRole]{TotalCount: answer.Roles.TotalCount}
	for _, row := range answer.Roles.Results {
		role, err := row.role()
		if err != nil {
			return page[EffectiveRole]{}, err
		}
		read.Results = append(read.Results, role)
	}
	return read, nil
}

// role converts to the package's own terms.
func (a effectiveRoleAnswer) role() (EffectiveRole, error) {
	if !access.IsGUID(a.RoleID) {
		return EffectiveRole{}, fmt.Errorf("it lists a role with the id %q, which is no GUID", oneLine(a.RoleID))
	}
	role := EffectiveRole{
		RoleID: access.CanonicalGUID(a.RoleID), RoleName: a.RoleName, RoleType: readRoleType(a.RoleType),
		Service: access.ServiceDisplayName(a.ServiceName),
	}
	for _, g := range a.Grants {
		if !access.IsGUID(g.PrincipalID) {
			return EffectiveRole{}, fmt.Errorf("it lists a grant to the principal %q, which is no GUID", oneLine(g.PrincipalID))
		}
		scope, err := access.ParseScope(g.Scope)
		if err != nil {
			continue
		}
		role.Grants = append(role.Grants, EffectiveGrant{
			PrincipalID: access.CanonicalGUID(g.PrincipalID), PrincipalType: readPrincipalType(g.PrincipalType),
			Scope: scope, CreatedOn: readTime(g.CreatedOn),
		})
	}
	return role, nil
}
