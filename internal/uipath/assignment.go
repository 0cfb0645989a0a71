package uipath

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// AssignmentKey says who has which role where. The triple is the assignment: the server keeps no two of the same.
type AssignmentKey struct {
	RoleID      access.GUID
	PrincipalID access.GUID
	Scope       access.Scope
}

// String describes the assignment by its ids.
func (k AssignmentKey) String() string {
	return fmt.Sprintf("role %s of principal %s at %s", k.RoleID, k.PrincipalID, k.Scope)
}

// check refuses a key that is not whole.
func (k AssignmentKey) check() error {
	return cmp.Or(checkID("role", k.RoleID), checkID("principal", k.PrincipalID), checkScope(k.Scope))
}

// checkScope refuses no scope.
func checkScope(scope access.Scope) error {
	if scope == (access.Scope{}) {
		return errors.New("no scope is given")
	}
	return nil
}

// Assignment is a role assignment as the server holds it.
type Assignment struct {
	Key AssignmentKey
	// ID is "" where only this client's own write is known: the server's answer to it tells no GUID (contract 4.3).
	ID            access.GUID
	PrincipalType access.PrincipalType
	// PrincipalName, PrincipalEmail and PrincipalSource are what the listing says of the holder, "" where it says nothing.
	PrincipalName   string
	PrincipalEmail  string
	PrincipalSource access.PrincipalSource
	// RoleName is "" where it is not known.
	RoleName string
	// RoleType is one of the three known types, or the server's own word where it is none of them.
	RoleType access.RoleType
	// Type says who made the assignment (contract 4.2).
	Type access.AssignmentType
	// Mutable says that it can be removed at the scope that was asked for.
	Mutable bool
	// Inherited says that it comes from a wider scope than was asked for.
	Inherited bool
	// CreatedBy is who made the assignment, "" where the server did not say.
	CreatedBy access.GUID
	// CreatedOn is when, in the server's time; zero where the server did not say.
	CreatedOn time.Time
}

// HasEffect reports whether an assignment of a role does anything: what the platform made counts wherever it stands.
func (a Assignment) HasEffect(of Role) bool {
	return a.Type == access.AssignmentBuiltIn || of.HasEffect(a.Key.Scope)
}

// Reach says how far a listing goes beyond the scope itself.
type Reach struct{ Above, Below bool }

// Grant is an assignment to make.
type Grant struct {
	Key           AssignmentKey
	PrincipalType access.PrincipalType
}

// assignmentQuestion is what the server can be asked about role assignments (contract 4.1, 4.2): what was assigned at exactly a scope,
// to all or to one principal; or, if it is wide, all that the scope shows with inheritance, of all services or of one.
type assignmentQuestion struct {
	scope     access.Scope
	principal access.GUID
	wide      bool
	service   string
}

// everything is the question that the whole organization answers.
var everything = assignmentQuestion{scope: access.Organization, wide: true}

func noAssignment(key AssignmentKey) error { return fmt.Errorf("%s: %w", key, ErrNotFound) }

func withoutID(a Assignment) bool { return a.ID == "" }

// sorted sorts by scope, principal and role.
func sorted(list []Assignment) []Assignment {
	slices.SortFunc(list, func(a, b Assignment) int {
		return cmp.Or(strings.Compare(a.Key.Scope.String(), b.Key.Scope.String()),
			cmp.Compare(a.Key.PrincipalID, b.Key.PrincipalID), cmp.Compare(a.Key.RoleID, b.Key.RoleID))
	})
	return list
}
