package uipath

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// AssignmentKey says who has which role where. The triple is the assignment: the server keeps no two of the same.
type AssignmentKey struct {
	// RoleID and PrincipalID are GUIDs in lower case.
	RoleID      string
	PrincipalID string
	Scope       access.Scope
}

// String describes the assignment by its ids.
func (k AssignmentKey) String() string {
	return fmt.Sprintf("role %s of principal %s at %s", k.RoleID, k.PrincipalID, k.Scope)
}

// canonical returns the key in the spelling that keys are compared in. It refuses ids that are no GUIDs.
func (k AssignmentKey) canonical() (AssignmentKey, error) {
	if !access.IsGUID(k.RoleID) {
		return AssignmentKey{}, fmt.Errorf("role id %q is not a GUID", k.RoleID)
	}
	if !access.IsGUID(k.PrincipalID) {
		return AssignmentKey{}, fmt.Errorf("principal id %q is not a GUID", k.PrincipalID)
	}
	return AssignmentKey{access.CanonicalGUID(k.RoleID), access.CanonicalGUID(k.PrincipalID), k.Scope}, nil
}

// Assignment is a role assignment as the server holds it.
type Assignment struct {
	Key AssignmentKey
	// ID is the GUID, "" where only this client's own write is known: the server's answer to it tells no GUID (contract 4.3).
	ID            string
	PrincipalType access.PrincipalType
	// PrincipalName, PrincipalEmail and PrincipalSource are what the listing says of the holder, "" where it says nothing.
	PrincipalName   string
	PrincipalEmail  string
	PrincipalSource string
	// RoleName is "" where it is not known.
	RoleName string
	// RoleType is one of the three known types, or the server's own word where it is none of them.
	RoleType access.RoleType
	// Type is BuiltIn where the platform made the assignment and Custom where an administrator did (contract 4.2).
	Type string
	// Mutable says that it can be removed at the scope that was asked for.
	Mutable bool
	// Inherited says that it comes from a wider scope than was asked for.
	Inherited bool
	// CreatedBy is the GUID of who made the assignment, "" where the server did not say.
	CreatedBy string
	// CreatedOn is when, in the server's time; zero where the server did not say.
	CreatedOn time.Time
}

// madeBy continues a sentence with who made the assignment and when, as far as that is known.
func (a Assignment) madeBy() string {
	text := ""
	if a.CreatedBy != "" {
		text += ", made by " + a.CreatedBy
	}
	if !a.CreatedOn.IsZero() {
		text += ", made on " + a.CreatedOn.Format(time.RFC3339)
	}
	return text
}

// Grant is an assignment to make.
type Grant struct {
	Key           AssignmentKey
	PrincipalType access.PrincipalType
}

// Assignment returns the assignment that was made at exactly the key's scope. It is read from what the run shares for that scope.
// The answer is [ErrNotFound] only where it is certainly not there, or was made too short a time ago to be seen (contract 10.3).
func (c *Client) Assignment(ctx context.Context, key AssignmentKey) (Assignment, error) {
	key, err := key.canonical()
	if err != nil {
		return Assignment{}, err
	}
	found, ok, err := c.assignments.at(key.Scope).find(ctx, key)
	if err == nil && !ok {
		err = noAssignment(key)
	}
	return found, err
}

// ListedAssignment is [Client.Assignment] without the last certainty: one that the shared listing lacks is not asked for again.
// It is for where hardly any is expected to be there and the server decides later anyway, such as before a grant.
func (c *Client) ListedAssignment(ctx context.Context, key AssignmentKey) (found Assignment, ok bool, err error) {
	if key, err = key.canonical(); err != nil {
		return Assignment{}, false, err
	}
	return c.assignments.at(key.Scope).glance(ctx, key)
}

// RefreshedAssignment asks the server what the principal holds at the scope, whatever is known in this run. The answer is
// [ErrNotFound] where the assignment is not there, which may be said of one that was made a moment ago (contract 10.3).
func (c *Client) RefreshedAssignment(ctx context.Context, key AssignmentKey) (Assignment, error) {
	key, err := key.canonical()
	if err != nil {
		return Assignment{}, err
	}
	held, err := c.HeldAt(ctx, key.Scope, key.PrincipalID)
	if err != nil {
		return Assignment{}, err
	}
	if i := slices.IndexFunc(held, func(a Assignment) bool { return a.Key == key }); i >= 0 {
		return held[i], nil
	}
	return Assignment{}, noAssignment(key)
}

// HeldAt asks the server what a principal holds at exactly a scope, whatever is known in this run. What was assigned a moment ago
// may be missing (contract 10.3).
func (c *Client) HeldAt(ctx context.Context, scope access.Scope, principalID string) ([]Assignment, error) {
	if !access.IsGUID(principalID) {
		return nil, fmt.Errorf("principal id %q is not a GUID", principalID)
	}
	principalID = access.CanonicalGUID(principalID)
	list := c.assignments.at(scope)
	version := list.whole.version()
	// What is asked before a write is not the answer to who asks after it.
	flight := fmt.Sprintf("%s %s %d", scope, principalID, version)
	held, err := shared(ctx, &c.assignments.flight, flight, func(ctx context.Context) ([]Assignment, error) {
		return c.readAssignments(ctx, scope, principalID)
	})
	if err != nil {
		return nil, err
	}
	var direct []Assignment
	for _, a := range held {
		if a.Key.Scope == scope && a.Key.PrincipalID == principalID {
			list.learn(version, a)
			direct = append(direct, a)
		}
	}
	return direct, nil
}

// AssignmentByID finds an assignment by its GUID among all at a scope and below it. It is [ErrNotFound] where there is none, or
// where its own scope is of a kind that [access.ParseScope] does not read. The listing is shared by the run. From "/" it is that
// of the whole organization; what a lower scope shows of the scopes below it public sources do not tell (contract 4.2).
func (c *Client) AssignmentByID(ctx context.Context, id string, under access.Scope) (Assignment, error) {
	if !access.IsGUID(id) {
		return Assignment{}, fmt.Errorf("role assignment id %q is not a GUID", id)
	}
	id = access.CanonicalGUID(id)
	list := c.assignments.list(wideListing{scope: under})
	var found Assignment
	var ok, guessing bool
	look := func(rows map[string]Assignment) {
		found, ok = rows[id]
		guessing = !ok && slices.ContainsFunc(slices.Collect(maps.Values(rows)), func(a Assignment) bool { return a.ID == "" })
	}
	err := list.view(ctx, look)
	if err == nil && guessing {
		// It may be one that this client made: only the server knows its GUID.
		list.invalidate()
		err = list.view(ctx, look)
	}
	if err != nil {
		return Assignment{}, err
	}
	if !ok || !under.Contains(found.Key.Scope) {
		return Assignment{}, fmt.Errorf("no role assignment has the id %s at or below %s: %w", id, under, ErrNotFound)
	}
	return found, nil
}

func noAssignment(key AssignmentKey) error { return fmt.Errorf("%s: %w", key, ErrNotFound) }
