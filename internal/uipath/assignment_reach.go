package uipath

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// Reach says how far a listing goes beyond the scope itself.
type Reach struct{ Above, Below bool }

// Assignments returns what was assigned at a scope and, as far as reach says, at the scopes that contain it and at everything
// under it, sorted by scope, principal and role. What is assigned above is inherited, and cannot be removed at the scope. With
// Below it is read from the listing of the whole organization, which the caller must be allowed to read. Where this client has made
// some of it, the server is asked anew, because only it knows their GUIDs; one made a moment ago may be missing (contract 10.3).
func (c *Client) Assignments(ctx context.Context, scope access.Scope, reach Reach) ([]Assignment, error) {
	found, err := c.assignmentsAround(ctx, scope, reach)
	if err == nil && slices.ContainsFunc(found, func(a Assignment) bool { return a.ID == "" }) {
		c.assignments.invalidate(scope)
		found, err = c.assignmentsAround(ctx, scope, reach)
	}
	return found, err
}

// AssignmentsHolding returns the assignments that hold at a scope, made there or above, sorted as by [Client.Assignments]. It is read
// from what the run shares: of what this client made the GUID is not known.
func (c *Client) AssignmentsHolding(ctx context.Context, scope access.Scope) ([]Assignment, error) {
	return c.assignmentsAround(ctx, scope, Reach{Above: true})
}

// assignmentsAround picks from the narrowest listing that has all within reach. A listing shows the scopes above its own, and for
// certain those below only where it is that of the organization (contract 4.2).
func (c *Client) assignmentsAround(ctx context.Context, scope access.Scope, reach Reach) ([]Assignment, error) {
	within := func(a Assignment) bool {
		at := a.Key.Scope
		return at == scope || reach.Below && scope.Contains(at) || reach.Above && at.Contains(scope)
	}
	var found []Assignment
	var err error
	switch {
	case reach.Below:
		found, err = c.assignments.rows(ctx, wideListing{scope: access.Organization}, within)
	case reach.Above && scope != access.Organization:
		found, err = c.assignments.rows(ctx, wideListing{scope: scope}, within)
	default:
		var direct map[AssignmentKey]Assignment
		direct, err = c.assignments.at(scope).all(ctx)
		found = slices.Collect(maps.Values(direct))
	}
	if err != nil {
		return nil, err
	}
	for i := range found {
		a := &found[i]
		a.Inherited = a.Key.Scope != scope && a.Key.Scope.Contains(scope)
		a.Mutable = a.Mutable && !a.Inherited
	}
	sortAssignments(found)
	return found, nil
}

// ServiceAssignments returns what is assigned, anywhere in the organization, of the roles that a service owns, to one principal or,
// where principalID is empty, to all; sorted as by [Client.Assignments]. The service is given by any name that [access.FindService]
// knows; another is a [*NotFoundError]. The listing is shared by the run, as is that it is [ErrForbidden] for who may not read it; of
// what this client made the GUID is not known.
func (c *Client) ServiceAssignments(ctx context.Context, service, principalID string) ([]Assignment, error) {
	known, ok := access.FindService(service)
	if !ok {
		return nil, unknownService(service)
	}
	principalID = access.CanonicalGUID(principalID)
	found, err := c.assignments.rows(ctx, wideListing{scope: access.Organization, service: known.Slug}, func(a Assignment) bool {
		return principalID == "" || a.Key.PrincipalID == principalID
	})
	sortAssignments(found)
	return found, err
}

func unknownService(name string) error {
	missing := &NotFoundError{Kind: "service", Name: name}
	for _, s := range access.Services() {
		missing.Candidates = append(missing.Candidates, s.DisplayName)
	}
	slices.Sort(missing.Candidates)
	missing.Nearest = access.Nearest(name, missing.Candidates, maxNearest)
	return missing
}

// sortAssignments sorts by scope, principal and role.
func sortAssignments(list []Assignment) {
	slices.SortFunc(list, func(a, b Assignment) int {
		return cmp.Or(strings.Compare(a.Key.Scope.String(), b.Key.Scope.String()),
			strings.Compare(a.Key.PrincipalID, b.Key.PrincipalID), strings.Compare(a.Key.RoleID, b.Key.RoleID))
	})
}
