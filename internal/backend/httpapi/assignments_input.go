package httpapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

// The members of an assignment to add (contract 4.3).
const (
	memberRole          = "roleId"
	memberPrincipal     = "securityPrincipalId"
	memberPrincipalType = "securityPrincipalType"
	memberScope         = "scope"
	memberTenant        = "tenantId"
)

// kinds are the kinds of principals by the numbers that the platform accepts for them (contract 4.3).
var kinds = []access.PrincipalType{access.PrincipalUser, access.PrincipalGroup, access.PrincipalExternalApplication, access.PrincipalRobot}

// assignmentsInput reads the body of a PATCH. It says how the members at fault are wrong, but not how all of very many are.
func (a *API) assignmentsInput(r *http.Request, text []byte) (rules.AssignmentsInput, error) {
	const toAdd, toDelete = string(rules.FieldAdd), string(rules.FieldRemove)
	b, err := a.body(r, text, toAdd, toDelete)
	if err != nil {
		return rules.AssignmentsInput{}, err
	}
	b.required(toAdd, toDelete)
	var in rules.AssignmentsInput
	add, remove := member[[]map[string]json.RawMessage](b, toAdd), member[[]string](b, toDelete)
	if err := b.err(); err != nil {
		return in, err
	}
	if n := len(*add) + len(*remove); n > rules.MaxAssignmentChanges {
		b.wrongf(toAdd, "%d role assignments are to be added and removed; at most %d are: send several requests.", n, rules.MaxAssignmentChanges)
		return in, b.err()
	}
	for i, members := range *add {
		item := b.item(fmt.Sprintf("%s[%d].", toAdd, i), members, memberRole, memberPrincipal, memberPrincipalType, memberScope, memberTenant)
		in.Add = append(in.Add, item.assignment())
		if b.violations = append(b.violations, item.violations...); len(b.violations) >= maxViolations {
			return in, b.err()
		}
	}
	for i, id := range *remove {
		in.Remove = append(in.Remove, b.parseGUID(fmt.Sprintf("%s[%d]", toDelete, i), id))
		if len(b.violations) >= maxViolations {
			break
		}
	}
	return in, b.err()
}

// assignment reads an assignment to add.
func (b body) assignment() rules.AssignmentInput {
	b.required(memberRole, memberPrincipal, memberPrincipalType)
	in := rules.AssignmentInput{
		RoleID: b.guid(memberRole), PrincipalID: b.guid(memberPrincipal), Kind: b.kind(), TenantID: b.guid(memberTenant),
	}
	if path := member[string](b, memberScope); path != nil {
		scope, err := access.ParseScope(*path)
		if err != nil {
			b.wrongf(memberScope, "The value is not valid: %s.", err)
		}
		in.Scope = &scope
	}
	return in
}

// kind reads what a principal is said to be: a word in any case, or its number.
func (b body) kind() access.PrincipalType {
	raw, ok := b.members[memberPrincipalType]
	if !ok {
		return ""
	}
	var word string
	var number int
	if json.Unmarshal(raw, &word) == nil {
		number = slices.IndexFunc(kinds, func(k access.PrincipalType) bool { return strings.EqualFold(string(k), word) })
	} else if json.Unmarshal(raw, &number) != nil {
		number = -1
	}
	if number < 0 || number >= len(kinds) {
		b.wrongf(memberPrincipalType, "The value %s is not valid: it is User or 0, Group or 1, ExternalApplication or 2, Robot or 3.", raw)
		return ""
	}
	return kinds[number]
}
