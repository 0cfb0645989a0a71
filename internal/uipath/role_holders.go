package uipath

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// removals are the assignments that this client has removed. Listings may show them for a while yet (contract 10.3).
type removals struct {
	mu   sync.Mutex
	keys map[AssignmentKey]bool
}

// note enters a change that was carried out.
func (r *removals) note(add []Grant, remove []AssignmentKey) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.keys == nil {
		r.keys = map[AssignmentKey]bool{}
	}
	for _, key := range remove {
		r.keys[key] = true
	}
	for _, g := range add {
		delete(r.keys, g.Key)
	}
}

func (r *removals) has(key AssignmentKey) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.keys[key]
}

// RoleHolders returns what is assigned of a role, without what this client has removed, sorted as by [Client.Assignments]. It is read from the
// shared listing of the organization. If the caller may not read that, it is what is assigned at the scope where the role is managed: then
// it is not complete.
func (s *assignments) RoleHolders(ctx context.Context, role Role) (holders []Assignment, complete bool, err error) {
	if err := checkID("role", role.ID); err != nil {
		return nil, false, err
	}
	found, err := s.index.around(ctx, access.Organization, Reach{Below: true})
	complete = err == nil
	if errors.Is(err, ErrForbidden) {
		var at access.Scope
		if at, err = access.ParseScope(role.PathNeeded()); err == nil {
			found, err = s.index.around(ctx, at, Reach{})
		}
	}
	found = slices.DeleteFunc(found, func(a Assignment) bool { return a.Key.RoleID != role.ID || s.removed.has(a.Key) })
	return sorted(found), complete, err
}
