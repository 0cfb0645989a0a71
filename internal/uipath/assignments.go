package uipath

import (
	"cmp"
	"context"
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

// Reach says how far a listing goes beyond the scope itself.
type Reach struct{ Above, Below bool }

// Assignment returns the assignment that was made at exactly the key's scope. It is read from what the run shares for that scope.
// The answer is [ErrNotFound] only where it is certainly not there, or was made too short a time ago to be seen (contract 10.3).
func (c *Client) Assignment(ctx context.Context, key AssignmentKey) (Assignment, error) {
	if err := key.check(); err != nil {
		return Assignment{}, err
	}
	found, ok, err := c.assignments.find(ctx, key)
	if err == nil && !ok {
		err = noAssignment(key)
	}
	return found, err
}

// ListedAssignment is [Client.Assignment] without the last certainty: one that the shared listing lacks is not asked for again.
// It is for where hardly any is expected to be there and the server decides later anyway, such as before a grant.
func (c *Client) ListedAssignment(ctx context.Context, key AssignmentKey) (found Assignment, ok bool, err error) {
	if err := key.check(); err != nil {
		return Assignment{}, false, err
	}
	return c.assignments.listed(ctx, key)
}

// RefreshedAssignment asks the server what the principal holds at the scope, whatever is known in this run. The answer is
// [ErrNotFound] where the assignment is not there, which may be said of one that was made a moment ago (contract 10.3).
func (c *Client) RefreshedAssignment(ctx context.Context, key AssignmentKey) (Assignment, error) {
	if err := key.check(); err != nil {
		return Assignment{}, err
	}
	if err := c.assignments.reread(ctx, assignmentQuestion{scope: key.Scope, principal: key.PrincipalID}); err != nil {
		return Assignment{}, err
	}
	found, ok := c.assignments.get(key)
	if !ok {
		return Assignment{}, noAssignment(key)
	}
	return found, nil
}

// HeldAt asks the server what a principal holds at exactly a scope, whatever is known in this run. The answer is sorted by role.
func (c *Client) HeldAt(ctx context.Context, scope access.Scope, principal access.GUID) ([]Assignment, error) {
	if err := cmp.Or(checkScope(scope), checkID("principal", principal)); err != nil {
		return nil, err
	}
	if err := c.assignments.reread(ctx, assignmentQuestion{scope: scope, principal: principal}); err != nil {
		return nil, err
	}
	return sorted(c.assignments.heldAt(scope, principal)), nil
}

// Assignments returns what was assigned at a scope and, as far as reach says, at the scopes that contain it and at everything
// under it, sorted by scope, principal and role. What is assigned above is inherited, and cannot be removed at the scope. With
// Below it is read from the listing of the whole organization, which the caller must be allowed to read. Where this client has made
// some of it, the server is asked anew, because only it knows their GUIDs; one made a moment ago may be missing (contract 10.3).
func (c *Client) Assignments(ctx context.Context, scope access.Scope, reach Reach) ([]Assignment, error) {
	if err := checkScope(scope); err != nil {
		return nil, err
	}
	found, err := c.assignments.around(ctx, scope, reach)
	if err == nil && slices.ContainsFunc(found, withoutID) {
		c.assignments.forgetScope(scope)
		found, err = c.assignments.around(ctx, scope, reach)
	}
	return sorted(found), err
}

// Holding returns what a principal holds at a scope, assigned there or above, sorted as by [Client.Assignments]. It is read from what
// the run shares: of what this client made the GUID is not known.
func (c *Client) Holding(ctx context.Context, scope access.Scope, principal access.GUID) ([]Assignment, error) {
	if err := cmp.Or(checkScope(scope), checkID("principal", principal)); err != nil {
		return nil, err
	}
	found, err := c.assignments.holding(ctx, scope, principal)
	return sorted(found), err
}

// GroupHoldings is [Client.Holding] for all groups.
func (c *Client) GroupHoldings(ctx context.Context, scope access.Scope) ([]Assignment, error) {
	if err := checkScope(scope); err != nil {
		return nil, err
	}
	found, err := c.assignments.groupHoldings(ctx, scope)
	return sorted(found), err
}

// ServiceAssignments returns what is assigned, anywhere in the organization, of the roles that a service owns, to one principal or,
// where principal is empty, to all; sorted as by [Client.Assignments]. The service is given by any name that [access.FindService]
// knows; another is a [*NotFoundError]. The listing is shared by the run. It is [ErrForbidden] if the caller may not read it. Of what
// this client made the GUID is not known.
func (c *Client) ServiceAssignments(ctx context.Context, service string, principal access.GUID) ([]Assignment, error) {
	known, ok := access.FindService(service)
	if !ok {
		return nil, unknownService(service)
	}
	found, err := c.assignments.ofService(ctx, known, principal)
	return sorted(found), err
}

// AssignmentByID finds an assignment by its GUID among all at a scope and below it. It is [ErrNotFound] where there is none, or
// where its own scope is of a kind that [access.ParseScope] does not read. The listing is shared by the run. From the organization it
// is that of all of it; what a lower scope shows of the scopes below it public sources do not tell (contract 4.2).
func (c *Client) AssignmentByID(ctx context.Context, id access.GUID, under access.Scope) (Assignment, error) {
	if err := cmp.Or(checkScope(under), checkID("role assignment", id)); err != nil {
		return Assignment{}, err
	}
	found, ok, err := c.assignments.byID(ctx, id, under)
	if err == nil && (!ok || !under.Contains(found.Key.Scope)) {
		err = fmt.Errorf("no role assignment has the id %s at or below %s: %w", id, under, ErrNotFound)
	}
	if err != nil {
		return Assignment{}, err
	}
	return found, nil
}

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
