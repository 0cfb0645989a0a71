package uipath

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"sync"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// maxUnsettled is how often those who need a settled listing wait for one.
const maxUnsettled = 4

// maxAskedAlone is how many principals of a scope are asked for alone where something is missing; for more the scope is listed.
const maxAskedAlone = 10

// assignmentIndex is the role assignments that all readers share, by principal, role and scope. Any answer tells what is there,
// whatever it was asked for. What is not there is told only by an answer that would list it.
type assignmentIndex struct {
	*table[AssignmentKey, Assignment, assignmentQuestion]
	*api
	roles *roles
	locks scopeLocks

	// Guarded by the table's lock.
	scopes     groups[access.Scope, AssignmentKey]
	principals groups[access.GUID, AssignmentKey]
	// groupsAt are what groups hold at a scope.
	groupsAt groups[access.Scope, AssignmentKey]
	ids      map[access.GUID]AssignmentKey
	// unnamed is how many have no GUID, because this client made them.
	unnamed int

	effortsMu sync.Mutex
	efforts   map[access.Scope]*effort
}

func newAssignmentIndex(a *api, r *roles) *assignmentIndex {
	x := &assignmentIndex{
		api: a, roles: r, scopes: groups[access.Scope, AssignmentKey]{}, principals: groups[access.GUID, AssignmentKey]{},
		groupsAt: groups[access.Scope, AssignmentKey]{}, ids: map[access.GUID]AssignmentKey{}, efforts: map[access.Scope]*effort{},
	}
	x.table = newTable(a.rest, func(a Assignment) AssignmentKey { return a.Key }, x.askServer, x.answeredBy)
	x.changed, x.locks.interrupted = x.reindex, a.rest.Interrupted
	return x
}

// askServer asks the server. While a scope is listed nothing is changed there by this client: that would move rows between the
// listing's pages.
func (x *assignmentIndex) askServer(ctx context.Context, q assignmentQuestion) ([]Assignment, error) {
	if !q.wide && q.principal == "" {
		unlock, err := x.locks.lock(ctx, q.scope)
		if err != nil {
			return nil, err
		}
		defer unlock()
	}
	return x.listAssignments(ctx, q)
}

// answeredBy returns those of the known assignments that an answer to a question lists if they are still there. What a wide listing
// below the organization, or of one service, leaves out is not known.
func (x *assignmentIndex) answeredBy(q assignmentQuestion) iter.Seq[AssignmentKey] {
	switch {
	case q == everything:
		return maps.Keys(x.rows)
	case q.wide:
		return func(func(AssignmentKey) bool) {}
	case q.principal == "":
		return maps.Keys(x.scopes[q.scope])
	}
	return x.keysOf(q.principal, func(at access.Scope) bool { return at == q.scope })
}

// reindex enters a change of a row wherever the row can be found by something else than its key.
func (x *assignmentIndex) reindex(key AssignmentKey, before, after *Assignment) {
	if before != nil {
		x.scopes.remove(key.Scope, key)
		x.principals.remove(key.PrincipalID, key)
		x.groupsAt.remove(key.Scope, key)
		delete(x.ids, before.ID)
		if before.ID == "" {
			x.unnamed--
		}
	}
	if after == nil {
		return
	}
	x.scopes.add(key.Scope, key)
	x.principals.add(key.PrincipalID, key)
	if after.PrincipalType == access.PrincipalGroup {
		x.groupsAt.add(key.Scope, key)
	}
	if after.ID == "" {
		x.unnamed++
	} else {
		x.ids[after.ID] = key
	}
}

// keysOf returns what a principal holds at the scopes that match. The lock is held.
func (x *assignmentIndex) keysOf(principal access.GUID, match func(at access.Scope) bool) iter.Seq[AssignmentKey] {
	return func(yield func(AssignmentKey) bool) {
		for key := range x.principals[principal] {
			if match(key.Scope) && !yield(key) {
				return
			}
		}
	}
}

// search is how one assignment is looked for at its scope.
func (x *assignmentIndex) search(key AssignmentKey) (search[assignmentQuestion], *effort) {
	x.effortsMu.Lock()
	defer x.effortsMu.Unlock()
	spent := x.efforts[key.Scope]
	if spent == nil {
		spent = &effort{maxAlone: askedAlone, maxMissing: maxAskedAlone}
		x.efforts[key.Scope] = spent
	}
	s := search[assignmentQuestion]{
		alone: assignmentQuestion{scope: key.Scope, principal: key.PrincipalID}, whole: assignmentQuestion{scope: key.Scope},
	}
	if x.answers.Kept(everything) {
		s.whole = everything
	}
	return s, spent
}

func (x *assignmentIndex) find(ctx context.Context, key AssignmentKey) (Assignment, bool, error) {
	s, spent := x.search(key)
	return x.table.find(ctx, key, s, spent)
}

// listed returns an assignment as a listing shows it. Its absence is not confirmed.
func (x *assignmentIndex) listed(ctx context.Context, key AssignmentKey) (Assignment, bool, error) {
	s, spent := x.search(key)
	found, ok, _, err := x.listedRow(ctx, key, s, spent)
	return found, ok, err
}

// absent reports whether an assignment is absent as far as this run has read, or reads now. What cannot be read may be there.
func (x *assignmentIndex) absent(ctx context.Context, key AssignmentKey) bool {
	role, _ := x.roles.table.get(key.RoleID)
	owner, known := access.FindService(role.Service)
	if ofService := (assignmentQuestion{scope: access.Organization, wide: true, service: owner.Slug}); known && x.answers.Kept(ofService) {
		_, found := x.get(key)
		return !found
	}
	s, spent := x.search(key)
	_, found, certain, err := x.listedRow(ctx, key, s, spent)
	if err == nil && !found && !certain && x.hinted(s.whole) {
		_, found, err = x.askFor(ctx, key, s.alone)
	}
	return err == nil && !found
}

// heldAt returns what is known that a principal holds at exactly a scope.
func (x *assignmentIndex) heldAt(scope access.Scope, principal access.GUID) []Assignment {
	return x.snapshot(x.keysOf(principal, func(at access.Scope) bool { return at == scope }))
}

// around returns what was assigned at a scope and within reach of it.
func (x *assignmentIndex) around(ctx context.Context, scope access.Scope, reach Reach) ([]Assignment, error) {
	question := assignmentQuestion{scope: scope}
	switch {
	case reach.Below:
		question = everything
	case reach.Above && scope != access.Organization:
		question.wide = true
	}
	if err := x.readSettled(ctx, question); err != nil {
		return nil, err
	}
	found := x.snapshot(func(yield func(AssignmentKey) bool) {
		for at, keys := range x.scopes {
			if within := at == scope || reach.Below && scope.Contains(at) || reach.Above && at.Contains(scope); !within {
				continue
			}
			for key := range keys {
				if !yield(key) {
					return
				}
			}
		}
	})
	for i := range found {
		a := &found[i]
		a.Inherited = a.Key.Scope != scope && a.Key.Scope.Contains(scope)
		a.Mutable = a.Mutable && !a.Inherited
	}
	return found, nil
}

// readAny sees to it that a question is answered, if need be by the listing of the whole organization.
func (x *assignmentIndex) readAny(ctx context.Context, question assignmentQuestion) error {
	if x.answers.Kept(everything) {
		question = everything
	}
	return x.read(ctx, question)
}

// readSettled is [assignmentIndex.readAny] for those who need all that is there, and not a hint. While others change what is assigned
// it waits, each time for longer.
func (x *assignmentIndex) readSettled(ctx context.Context, question assignmentQuestion) error {
	for n := 1; ; n++ {
		if err := x.readAny(ctx, question); err != nil || !x.hinted(question) {
			return err
		}
		if n > maxUnsettled {
			return fmt.Errorf("list role assignments at %s: others keep changing what is assigned there: %w", question.scope, ErrUnsettled)
		}
		if err := x.rest.Wait(ctx, n, nil); err != nil {
			return err
		}
		x.answers.Forget(question)
	}
}

// holding returns what a principal holds at a scope or above.
func (x *assignmentIndex) holding(ctx context.Context, scope access.Scope, principal access.GUID) ([]Assignment, error) {
	if err := x.readAny(ctx, assignmentQuestion{scope: scope, wide: true}); err != nil {
		return nil, err
	}
	return x.snapshot(x.keysOf(principal, func(at access.Scope) bool { return at.Contains(scope) })), nil
}

// groupHoldings returns what groups hold at a scope or above.
func (x *assignmentIndex) groupHoldings(ctx context.Context, scope access.Scope) ([]Assignment, error) {
	if err := x.readAny(ctx, assignmentQuestion{scope: scope, wide: true}); err != nil {
		return nil, err
	}
	return x.snapshot(func(yield func(AssignmentKey) bool) {
		for _, at := range scope.Lineage() {
			for key := range x.groupsAt[at] {
				if !yield(key) {
					return
				}
			}
		}
	}), nil
}

// ofService returns what is assigned of a service's roles, to a principal or, where it is empty, to all.
func (x *assignmentIndex) ofService(ctx context.Context, service access.Service, principal access.GUID) ([]Assignment, error) {
	if err := x.readAny(ctx, assignmentQuestion{scope: access.Organization, wide: true, service: service.Slug}); err != nil {
		return nil, err
	}
	if err := x.roles.table.read(ctx, ""); err != nil {
		return nil, err
	}
	rows := x.snapshot(func(yield func(AssignmentKey) bool) {
		if principal == "" {
			maps.Keys(x.rows)(yield)
		} else {
			maps.Keys(x.principals[principal])(yield)
		}
	})
	var found []Assignment
	for _, a := range rows {
		role, known := x.roles.table.get(a.Key.RoleID)
		if !known && withoutID(a) {
			// The role of what this client made may be newer than the list.
			var err error
			if role, err = x.roles.Role(ctx, a.Key.RoleID); err != nil && !errors.Is(err, ErrNotFound) {
				return nil, err
			}
		}
		if owner, ok := access.FindService(role.Service); ok && owner == service {
			found = append(found, a)
		}
	}
	return found, nil
}

// byID finds an assignment by its GUID, as far as a scope shows it.
func (x *assignmentIndex) byID(ctx context.Context, id access.GUID, under access.Scope) (Assignment, bool, error) {
	question := assignmentQuestion{scope: under, wide: true}
	if err := x.readAny(ctx, question); err != nil {
		return Assignment{}, false, err
	}
	x.mu.Lock()
	key, known := x.ids[id]
	unnamed := x.unnamed
	x.mu.Unlock()
	if !known && unnamed > 0 {
		// It may be one that this client made: only the server knows its GUID.
		x.forgetWide()
		if err := x.read(ctx, question); err != nil {
			return Assignment{}, false, err
		}
		x.mu.Lock()
		key, known = x.ids[id]
		x.mu.Unlock()
	}
	found, ok := x.get(key)
	return found, known && ok, nil
}

// doubtful makes the next readers ask the server about assignments, because what became of them is not known.
func (x *assignmentIndex) doubtful(keys []AssignmentKey) {
	for _, key := range keys {
		x.doubt(key)
		x.forgetScope(key.Scope)
	}
}

// forgetScope makes the next readers of a scope ask the server, and those of more than a scope.
func (x *assignmentIndex) forgetScope(scope access.Scope) {
	x.answers.ForgetWhere(func(q assignmentQuestion) bool { return q.wide || q.scope == scope })
}

// forgetWide makes the next readers of more than a scope ask the server.
func (x *assignmentIndex) forgetWide() {
	x.answers.ForgetWhere(func(q assignmentQuestion) bool { return q.wide })
}

// forgetRole is [assignmentIndex.forgetWide] for a role that was deleted. If nobody is known to have held it, nothing has changed.
func (x *assignmentIndex) forgetRole(role access.GUID) {
	x.mu.Lock()
	held := false
	for key := range x.rows {
		held = held || key.RoleID == role
	}
	x.mu.Unlock()
	if held {
		x.forgetWide()
	}
}
