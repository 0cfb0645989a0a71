package uipath

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// assignments are the role assignments that all readers share, and their changes.
type assignments struct {
	*api
	index   *assignmentIndex
	writer  *assignmentWriter
	removed removals
}

func newAssignments(a *api, r *roles, e *exports) *assignments {
	index := newAssignmentIndex(a, r)
	return &assignments{api: a, index: index, writer: newAssignmentWriter(a, index, r, e)}
}

// Assignment returns the assignment that was made at exactly the key's scope. It is read from what the run shares for that scope.
// The answer is [ErrNotFound] only where it is certainly not there, or was made too short a time ago to be seen (contract 10.3).
func (s *assignments) Assignment(ctx context.Context, key AssignmentKey) (Assignment, error) {
	if err := key.check(); err != nil {
		return Assignment{}, err
	}
	found, ok, err := s.index.find(ctx, key)
	if err == nil && !ok {
		err = noAssignment(key)
	}
	return found, err
}

// ListedAssignment is [Client.Assignment] without the last certainty: one that the shared listing lacks is not asked for again.
// It is for where hardly any is expected to be there and the server decides later anyway, such as before a grant.
func (s *assignments) ListedAssignment(ctx context.Context, key AssignmentKey) (found Assignment, ok bool, err error) {
	if err := key.check(); err != nil {
		return Assignment{}, false, err
	}
	return s.index.listed(ctx, key)
}

// RefreshedAssignment asks the server what the principal holds at the scope, whatever is known in this run. The answer is
// [ErrNotFound] where the assignment is not there, which may be said of one that was made a moment ago (contract 10.3).
func (s *assignments) RefreshedAssignment(ctx context.Context, key AssignmentKey) (Assignment, error) {
	if err := key.check(); err != nil {
		return Assignment{}, err
	}
	if err := s.index.reread(ctx, assignmentQuestion{scope: key.Scope, principal: key.PrincipalID}); err != nil {
		return Assignment{}, err
	}
	found, ok := s.index.get(key)
	if !ok {
		return Assignment{}, noAssignment(key)
	}
	return found, nil
}

// HeldAt asks the server what a principal holds at exactly a scope, whatever is known in this run. The answer is sorted by role.
func (s *assignments) HeldAt(ctx context.Context, scope access.Scope, principal access.GUID) ([]Assignment, error) {
	if err := cmp.Or(checkScope(scope), checkID("principal", principal)); err != nil {
		return nil, err
	}
	if err := s.index.reread(ctx, assignmentQuestion{scope: scope, principal: principal}); err != nil {
		return nil, err
	}
	return sorted(s.index.heldAt(scope, principal)), nil
}

// Assignments returns what was assigned at a scope and, as far as reach says, at the scopes that contain it and at everything
// under it, sorted by scope, principal and role. What is assigned above is inherited, and cannot be removed at the scope. With
// Below it is read from the listing of the whole organization, which the caller must be allowed to read. Where this client has made
// some of it, the server is asked anew, because only it knows their GUIDs; one made a moment ago may be missing (contract 10.3).
func (s *assignments) Assignments(ctx context.Context, scope access.Scope, reach Reach) ([]Assignment, error) {
	if err := checkScope(scope); err != nil {
		return nil, err
	}
	found, err := s.index.around(ctx, scope, reach)
	if err == nil && slices.ContainsFunc(found, withoutID) {
		s.index.forgetScope(scope)
		found, err = s.index.around(ctx, scope, reach)
	}
	return sorted(found), err
}

// Holding returns what a principal holds at a scope, assigned there or above, sorted as by [Client.Assignments]. It is read from what
// the run shares: of what this client made the GUID is not known.
func (s *assignments) Holding(ctx context.Context, scope access.Scope, principal access.GUID) ([]Assignment, error) {
	if err := cmp.Or(checkScope(scope), checkID("principal", principal)); err != nil {
		return nil, err
	}
	found, err := s.index.holding(ctx, scope, principal)
	return sorted(found), err
}

// GroupHoldings is [Client.Holding] for all groups.
func (s *assignments) GroupHoldings(ctx context.Context, scope access.Scope) ([]Assignment, error) {
	if err := checkScope(scope); err != nil {
		return nil, err
	}
	found, err := s.index.groupHoldings(ctx, scope)
	return sorted(found), err
}

// ServiceAssignments returns what is assigned, anywhere in the organization, of the roles that a service owns, to one principal or,
// where principal is empty, to all; sorted as by [Client.Assignments]. The service is given by any name that [access.FindService]
// knows; another is a [*NotFoundError]. The listing is shared by the run. It is [ErrForbidden] if the caller may not read it. Of what
// this client made the GUID is not known.
func (s *assignments) ServiceAssignments(ctx context.Context, service string, principal access.GUID) ([]Assignment, error) {
	known, ok := access.FindService(service)
	if !ok {
		return nil, unknownService(service)
	}
	found, err := s.index.ofService(ctx, known, principal)
	return sorted(found), err
}

// AssignmentByID finds an assignment by its GUID among all at a scope and below it. It is [ErrNotFound] where there is none, or
// where its own scope is of a kind that [access.ParseScope] does not read. The listing is shared by the run. From the organization it
// is that of all of it; what a lower scope shows of the scopes below it public sources do not tell (contract 4.2).
func (s *assignments) AssignmentByID(ctx context.Context, id access.GUID, under access.Scope) (Assignment, error) {
	if err := cmp.Or(checkScope(under), checkID("role assignment", id)); err != nil {
		return Assignment{}, err
	}
	found, ok, err := s.index.byID(ctx, id, under)
	if err == nil && (!ok || !under.Contains(found.Key.Scope)) {
		err = fmt.Errorf("no role assignment has the id %s at or below %s: %w", id, under, ErrNotFound)
	}
	if err != nil {
		return Assignment{}, err
	}
	return found, nil
}
