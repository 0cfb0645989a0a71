package httpapi

import (
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

const (
	// maxHolders is the largest page of role assignments that any public source shows, and defaultHolders the page where top is left
	// out: the one that all of them show (contract 4.1).
	maxHolders     = 100
	defaultHolders = 10
	// maxRoleIDs bounds how many roles a listing filters by.
	maxRoleIDs = 200
)

// holderBody is a principal with what it holds (contract 4.1).
type holderBody struct {
	SecurityPrincipalID access.GUID             `json:"securityPrincipalId"`
	RoleAssignments     []assignmentBody        `json:"roleAssignmentDtos"`
	DisplayName         *string                 `json:"displayName"`
	Email               *string                 `json:"email"`
	Type                string                  `json:"type"`
	Source              *access.PrincipalSource `json:"source"`
}

// assignmentBody is a role assignment. The type of the role is spelt as in a list of roles, that of the assignment is not
// (contract 3.3, 4.1).
type assignmentBody struct {
	ID                    access.GUID           `json:"id"`
	SecurityPrincipalID   access.GUID           `json:"securityPrincipalId"`
	SecurityPrincipalType access.PrincipalType  `json:"securityPrincipalType"`
	Type                  access.AssignmentType `json:"type"`
	Scope                 string                `json:"scope"`
	RoleID                access.GUID           `json:"roleId"`
	RoleName              *string               `json:"roleName"`
	RoleType              *string               `json:"roleType"`
	CreatedBy             access.GUID           `json:"createdBy"`
	CreatedOn             string                `json:"createdOn"`
	Inherited             bool                  `json:"inherited"`
	Mutable               bool                  `json:"mutable"`
}

func newHolderBody(h rules.Holder) holderBody {
	return holderBody{
		SecurityPrincipalID: h.ID, RoleAssignments: each(newAssignmentBody)(h.Assignments),
		DisplayName: orNull(h.DisplayName), Email: orNull(h.Email), Type: objectTypes[h.Type], Source: orNull(h.Source),
	}
}

func newAssignmentBody(a rules.HeldRole) assignmentBody {
	return assignmentBody{
		ID: a.ID, SecurityPrincipalID: a.PrincipalID, SecurityPrincipalType: a.PrincipalType, Type: a.Type,
		Scope: a.Scope.String(), RoleID: a.RoleID, RoleName: orNull(a.Role.Name), RoleType: orNull(strings.ToUpper(string(a.Role.Type))),
		CreatedBy: a.CreatedBy, CreatedOn: model.FormatTime(a.CreatedOn), Inherited: a.Inherited, Mutable: a.Mutable,
	}
}

func assignmentQuery(r *request) rules.AssignmentQuery {
	r.memberOf = memberNames{model.PartScope: memberScope}.of
	q := r.query(memberScope, "serviceName", "securityPrincipalId", "roleIds", "noInheritance", "top", "skip")
	wanted := rules.AssignmentQuery{
		Exact: oneOf(q, "noInheritance", false, booleans), ServiceName: q.service(),
		PrincipalID: q.guid("securityPrincipalId"), RoleIDs: q.guids("roleIds", maxRoleIDs), Paging: q.paging("", defaultHolders, maxHolders),
	}
	if q.text("top") == "0" {
		q.wrongf("top", "The value 0 is out of range: it is from 1 to %d.", maxHolders)
	}
	if path := q.text(memberScope); path == "" {
		q.wrongf(memberScope, "The scope is required, such as / or /tenant/{tenant}.")
	} else {
		wanted.Scope = r.scope(memberScope, path)
	}
	return wanted
}

// scope reads a scope path, and returns no scope where the path is wrong.
func (r *request) scope(name, path string) access.Scope {
	scope, err := access.ParseScope(path)
	if err != nil {
		r.wrongf(name, "The value is not valid: %s.", err)
	}
	return scope
}
