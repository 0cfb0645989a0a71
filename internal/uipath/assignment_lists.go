package uipath

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sync/semaphore"
	"golang.org/x/sync/singleflight"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

const (
	// assignmentPageSize is the number of principals on a page that every source agrees the server gives (contract 4.1).
	assignmentPageSize = 10
	// assignmentLanes is how many pages of a listing are asked for at the same time.
	assignmentLanes = 4
	// maxAskedAlone is how many principals of a scope are asked for alone where something is missing; for more the scope is listed.
	maxAskedAlone = 10
)

// assignmentLists are the listings of assignments that all reads of a run share: one for each scope, of what was assigned at
// exactly that scope; wide ones, of all that a scope shows with inheritance; and the export, with and without the members of groups.
// Acknowledged writes update the listings in place.
type assignmentLists struct {
	client *Client
	flight singleflight.Group

	exports keptAnswers[bool, Export]

	mu      sync.Mutex
	byScope map[access.Scope]*partedList[AssignmentKey, Assignment]
	wide    map[wideListing]*sharedList[string, Assignment]
	// refused are the wide listings that the caller may not read, so that many readers cost one request.
	refused map[wideListing]error
	// turns are who may speak about all of a scope: its listing, or a change to it. A change would move rows between the pages of a
	// listing, which then began anew.
	turns map[access.Scope]*semaphore.Weighted
}

// turn waits for the turn to list scopes or to change what is assigned there; the caller calls done when it is over.
func (l *assignmentLists) turn(ctx context.Context, scopes ...access.Scope) (done func(), err error) {
	var taken []*semaphore.Weighted
	done = func() {
		for _, turn := range taken {
			turn.Release(1)
		}
	}
	// All take turns in the same order, so that no two wait for each other.
	slices.SortFunc(scopes, func(a, b access.Scope) int { return strings.Compare(a.String(), b.String()) })
	for _, scope := range slices.Compact(scopes) {
		turn := l.turnAt(scope)
		if err := turn.Acquire(ctx, 1); err != nil {
			done()
			return nil, err
		}
		taken = append(taken, turn)
	}
	return done, nil
}

func (l *assignmentLists) turnAt(scope access.Scope) *semaphore.Weighted {
	l.mu.Lock()
	defer l.mu.Unlock()
	turn, ok := l.turns[scope]
	if !ok {
		if l.turns == nil {
			l.turns = map[access.Scope]*semaphore.Weighted{}
		}
		turn = semaphore.NewWeighted(1)
		l.turns[scope] = turn
	}
	return turn
}

func assignmentKey(a Assignment) AssignmentKey { return a.Key }

// at returns the listing of a scope.
func (l *assignmentLists) at(scope access.Scope) *partedList[AssignmentKey, Assignment] {
	l.mu.Lock()
	defer l.mu.Unlock()
	if known, ok := l.byScope[scope]; ok {
		return known
	}
	if l.byScope == nil {
		l.byScope = map[access.Scope]*partedList[AssignmentKey, Assignment]{}
	}
	list := &partedList[AssignmentKey, Assignment]{
		whole: &sharedList[AssignmentKey, Assignment]{
			read: func(ctx context.Context) ([]Assignment, error) {
				done, err := l.turn(ctx, scope)
				if err != nil {
					return nil, err
				}
				defer done()
				return l.client.readAssignments(ctx, scope, "")
			},
			key: assignmentKey,
		},
		readPart: func(ctx context.Context, principalID string) ([]Assignment, error) {
			return l.client.readAssignments(ctx, scope, principalID)
		},
		partOf:     func(key AssignmentKey) string { return key.PrincipalID },
		maxMissing: maxAskedAlone,
	}
	l.byScope[scope] = list
	return list
}

// wideListing is what a scope shows with inheritance: all above it, and all below it as far as the server shows that (contract
// 4.2). A service keeps assignments of the roles that it owns; "" keeps all.
type wideListing struct {
	scope   access.Scope
	service string
}

// shows reports whether a row belongs to the listing, as far as its role is known.
func (w wideListing) shows(a Assignment, role Role) bool {
	return (w.scope.Contains(a.Key.Scope) || a.Key.Scope.Contains(w.scope)) && (w.service == "" || strings.EqualFold(w.service, role.Service))
}

// wideKey tells the rows of a wide listing apart: their GUID or, of an assignment that this client has just made, what it is.
func wideKey(a Assignment) string {
	if a.ID != "" {
		return a.ID
	}
	return a.Key.String()
}

// list returns the shared rows of a wide listing.
func (l *assignmentLists) list(of wideListing) *sharedList[string, Assignment] {
	l.mu.Lock()
	defer l.mu.Unlock()
	if known, ok := l.wide[of]; ok {
		return known
	}
	if l.wide == nil {
		l.wide = map[wideListing]*sharedList[string, Assignment]{}
	}
	list := &sharedList[string, Assignment]{
		read: func(ctx context.Context) ([]Assignment, error) {
			query := url.Values{"noInheritance": {"false"}}
			if of.service != "" {
				query.Set("serviceName", of.service)
			}
			return l.client.listAssignments(ctx, of.scope, query)
		},
		key: wideKey,
	}
	l.wide[of] = list
	return list
}

// rows returns what keep keeps of a wide listing. That the caller may not read it is remembered.
func (l *assignmentLists) rows(ctx context.Context, of wideListing, keep func(Assignment) bool) ([]Assignment, error) {
	l.mu.Lock()
	err := l.refused[of]
	l.mu.Unlock()
	if err != nil {
		return nil, err
	}
	var kept []Assignment
	err = l.list(of).view(ctx, func(rows map[string]Assignment) {
		for _, a := range rows {
			if keep(a) {
				kept = append(kept, a)
			}
		}
	})
	if errors.Is(err, ErrForbidden) {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.refused == nil {
			l.refused = map[wideListing]error{}
		}
		l.refused[of] = err
	}
	return kept, err
}

// put enters an assignment that the server has acknowledged.
func (l *assignmentLists) put(a Assignment) {
	l.at(a.Key.Scope).put(a)
	role := l.client.roleList.peek(a.Key.RoleID)
	for of, list := range l.wideLists() {
		switch {
		case of.service != "" && role.ID == "":
			list.invalidate()
		case of.shows(a, role):
			list.put(a)
		}
	}
	l.exports.invalidate()
}

// remove strikes an assignment whose removal the server has acknowledged.
func (l *assignmentLists) remove(a Assignment) {
	l.at(a.Key.Scope).remove(a.Key)
	for _, list := range l.wideLists() {
		list.remove(a.ID)
		list.remove(a.Key.String())
	}
	l.exports.invalidate()
}

// invalidate makes the next reader of a scope ask the server.
func (l *assignmentLists) invalidate(scope access.Scope) {
	l.at(scope).invalidate()
	l.invalidateWide()
}

// invalidateWide makes the next reader of more than a scope ask the server.
func (l *assignmentLists) invalidateWide() {
	for _, list := range l.wideLists() {
		list.invalidate()
	}
	l.exports.invalidate()
}

func (l *assignmentLists) wideLists() map[wideListing]*sharedList[string, Assignment] {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.wide)
}

// readAssignments asks for what was assigned at exactly a scope, to one principal or, where principalID is empty, to all. There is
// no filter by service: it would hide grants that are without effect (contract 4.2).
func (c *Client) readAssignments(ctx context.Context, scope access.Scope, principalID string) ([]Assignment, error) {
	query := url.Values{"noInheritance": {"true"}}
	if principalID != "" {
		query.Set("securityPrincipalId", principalID)
	}
	return c.listAssignments(ctx, scope, query)
}

// listAssignments reads a listing, in which a row is a principal with all that it holds (contract 4.1).
func (c *Client) listAssignments(ctx context.Context, scope access.Scope, filter url.Values) ([]Assignment, error) {
	read := func(ctx context.Context, skip int) (page[heldRoles], error) {
		query := url.Values{
			"scope": {scope.String()}, "top": {strconv.Itoa(assignmentPageSize)}, "skip": {strconv.Itoa(skip)},
		}
		maps.Copy(query, filter)
		var held page[heldRoles]
		err := c.send(ctx, request{
			operation: "list role assignments at " + scope.String(), method: http.MethodGet, path: c.apiPath("/userroleassignments"),
			query: query, loggedBodies: true,
		}, func(body []byte) (err error) {
			held, err = readAssignmentPage(body)
			return err
		})
		return held, err
	}
	rows, err := lister[heldRoles]{
		read: read, id: func(h heldRoles) string { return h.principalID }, merge: heldRoles.merge, lanes: assignmentLanes,
	}.all(ctx)
	if err != nil {
		return nil, explainListing("list role assignments at "+scope.String(), err)
	}
	var assignments []Assignment
	for _, row := range rows {
		assignments = append(assignments, row.assignments...)
	}
	return assignments, nil
}
