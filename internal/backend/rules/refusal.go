// Package rules decides: who is calling, who may do what, and what a role may be. A refusal is a typed error that says what
// was wrong.
//
// What belongs here is the platform's behavior. How a refusal looks on the wire belongs in httpapi, how data is kept in
// store.
package rules

import (
	"fmt"
	"strings"
)

// Kind says why something was refused.
type Kind int

// The kinds of refusals.
const (
	// Invalid input is wrong whoever sends it.
	Invalid Kind = iota
	// Unauthenticated callers carry no token that counts.
	Unauthenticated
	// Forbidden is what this caller may not do, or nobody may.
	Forbidden
	// ScopeMissing is what the token's OAuth2 scopes do not cover.
	ScopeMissing
	// NotFound is what does not exist.
	NotFound
	// Conflict is what exists already.
	Conflict
)

// Field is a member of a request, by its name in the API.
type Field string

// The members of a role in a PUT request (contract 3.5).
const (
	FieldID           Field = "id"
	FieldName         Field = "roleName"
	FieldDescription  Field = "roleDescription"
	FieldScopeType    Field = "roleScopeType"
	FieldOrganization Field = "organizationId"
	FieldService      Field = "roleService"
	FieldTenant       Field = "tenantId"
	FieldPermissions  Field = "actionsGrantedByRole"
)

// The members of a request about role assignments (contract 4.1, 4.3).
const (
	FieldScope  Field = "scope"
	FieldAdd    Field = "roleAssignmentsToAdd"
	FieldRemove Field = "roleAssignmentsToDelete"
)

// Violation is one thing that is wrong with one member of a request.
type Violation struct {
	Field   Field
	Message string
	// Value is the offending value where the member has several.
	Value string
}

// RefusedError is the error of everything that is refused.
type RefusedError struct {
	Kind Kind
	// Message says what was wrong and what to do.
	Message string
	// Violations name the members at fault where the refusal is Invalid.
	Violations []Violation
}

// Error implements error.
func (r *RefusedError) Error() string {
	parts := make([]string, 0, len(r.Violations)+1)
	parts = append(parts, r.Message)
	for _, v := range r.Violations {
		parts = append(parts, string(v.Field)+": "+v.Message)
	}
	return strings.Join(parts, "; ")
}

func refuse(kind Kind, format string, args ...any) error {
	return &RefusedError{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// Invalidate refuses a request whose members are wrong in the given ways.
func Invalidate(violations ...Violation) error {
	return &RefusedError{Kind: Invalid, Message: "One or more validation errors occurred.", Violations: violations}
}
