package httpapi

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

// The members of a PATCH of role assignments, and those of an assignment to add (contract 4.3).
const (
	memberAdd           = "roleAssignmentsToAdd"
	memberRemove        = "roleAssignmentsToDelete"
	memberRole          = "roleId"
	memberPrincipal     = "securityPrincipalId"
	memberPrincipalType = "securityPrincipalType"
	memberScope         = "scope"
)

var additionMembers = memberNames{
	model.PartScope: memberScope, model.PartPrincipal: memberPrincipal, model.PartPrincipalType: memberPrincipalType,
}

// principalTypes are the types of principals by the numbers that the platform accepts for them (contract 4.3).
var principalTypes = []access.PrincipalType{
	access.PrincipalUser, access.PrincipalGroup, access.PrincipalExternalApplication, access.PrincipalRobot,
}

// assignmentsInput reads the body of a PATCH. Of very many mistakes it reports the first.
func assignmentsInput(r *request) rules.AssignmentsInput {
	r.query()
	r.memberOf = func(v model.Violation) string {
		return fmt.Sprintf("%s[%d].%s", memberAdd, v.Index, additionMembers.of(v))
	}
	b := r.body(memberAdd, memberRemove)
	b.required(memberAdd, memberRemove)
	add, remove := deref(member[[]map[string]json.RawMessage](b, memberAdd)), deref(member[[]string](b, memberRemove))
	var in rules.AssignmentsInput
	if n := len(add) + len(remove); n > rules.MaxAssignmentChanges {
		b.wrongf(memberAdd, "%d role assignments are to be added and removed; at most %d are: send several requests.", n, rules.MaxAssignmentChanges)
		return in
	}
	for i := 0; i < len(add) && !r.full(); i++ {
		item := b.item(fmt.Sprintf("%s[%d]", memberAdd, i), add[i], memberRole, memberPrincipal, memberPrincipalType, memberScope, memberTenant)
		in.Add = append(in.Add, item.assignment())
	}
	for i := 0; i < len(remove) && !r.full(); i++ {
		in.Remove = append(in.Remove, r.parseGUID(fmt.Sprintf("%s[%d]", memberRemove, i), remove[i]))
	}
	return in
}

// assignment reads an assignment to add.
func (b body) assignment() rules.AssignmentInput {
	b.required(memberRole, memberPrincipal, memberPrincipalType)
	in := rules.AssignmentInput{
		RoleID: deref(b.guid(memberRole)), PrincipalID: deref(b.guid(memberPrincipal)), PrincipalType: b.principalType(),
		TenantID: deref(b.guid(memberTenant)),
	}
	if path := member[string](b, memberScope); path != nil {
		scope := b.scope(b.prefix+memberScope, *path)
		in.Scope = &scope
	}
	return in
}

// principalType reads what a principal is said to be: a word in any case, or its number.
func (b body) principalType() access.PrincipalType {
	raw, ok := b.members[memberPrincipalType]
	if !ok {
		return ""
	}
	var word string
	var number int
	if json.Unmarshal(raw, &word) == nil {
		number = slices.IndexFunc(principalTypes, func(t access.PrincipalType) bool { return strings.EqualFold(string(t), word) })
	} else if json.Unmarshal(raw, &number) != nil {
		number = -1
	}
	if number < 0 || number >= len(principalTypes) {
		b.wrongf(memberPrincipalType, "The value %s is not valid: it is User or 0, Group or 1, ExternalApplication or 2, Robot or 3.", raw)
		return ""
	}
	return principalTypes[number]
}
