package uipath

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// Assign makes an assignment; see [Client.Change].
func (s *assignments) Assign(ctx context.Context, g Grant) error {
	return s.Change(ctx, []Grant{g}, nil)
}

// Unassign removes an assignment; see [Client.Change].
func (s *assignments) Unassign(ctx context.Context, key AssignmentKey) error {
	return s.Change(ctx, nil, []AssignmentKey{key})
}

// Change makes and removes assignments, all or none. It shares a request with the changes that others ask for at the same time;
// the result is its own.
//
// What is to be removed and is not there counts as removed. A grant that is there already is an [*AssignmentExistsError], and a
// removal that is refused because the assignment is immutable an [*ImmutableAssignmentError]. Where the server may have carried out
// the change but the answer was lost, the assignments are looked up: the change is sent again where it has not happened, and taken
// where it certainly is this one; else the error is an [*AssignmentOutcomeUnknownError].
func (s *assignments) Change(ctx context.Context, add []Grant, remove []AssignmentKey) error {
	item := &change{}
	named := map[AssignmentKey]bool{}
	name := func(key AssignmentKey, as string) error {
		if named[key] {
			return fmt.Errorf("%s is %s twice in one change", key, as)
		}
		named[key] = true
		return key.check()
	}
	for _, g := range add {
		if err := name(g.Key, "granted"); err != nil {
			return err
		}
		kind, err := access.ParsePrincipalType(string(g.PrincipalType))
		if err != nil {
			return err
		}
		item.add = append(item.add, Grant{g.Key, kind})
	}
	for _, key := range remove {
		if err := name(key, "named"); err != nil {
			return err
		}
		existing, err := s.removable(ctx, key)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		item.remove = append(item.remove, existing)
	}
	if len(item.add)+len(item.remove) == 0 {
		return nil
	}
	// After a lost answer this tells what this client made from what was there.
	item.thereBefore = slices.ContainsFunc(item.add, func(g Grant) bool { return !s.index.absent(ctx, g.Key) })
	if err := s.writer.do(ctx, item); err != nil {
		return err
	}
	s.removed.note(add, remove)
	return nil
}

// removable returns an assignment with its GUID, which a removal needs.
func (s *assignments) removable(ctx context.Context, key AssignmentKey) (Assignment, error) {
	existing, err := s.Assignment(ctx, key)
	if err != nil || existing.ID != "" {
		return existing, err
	}
	// This client made it, and may look before it is seen (contract 10.3).
	for attempt := 1; ; attempt++ {
		existing, err = s.RefreshedAssignment(ctx, key)
		if !errors.Is(err, ErrNotFound) || attempt > s.rest.MaxRetries() {
			return existing, err
		}
		if err := s.rest.Wait(ctx, attempt, nil); err != nil {
			return Assignment{}, err
		}
	}
}

// change is one indivisible set of additions and removals of assignments.
type change struct {
	ticket

	add []Grant
	// remove are assignments whose ids are known.
	remove []Assignment

	// thereBefore says that what is to be made was there before it was sent, or may have been, and began is when it was sent first, in
	// local time, zero before.
	thereBefore bool
	began       time.Time
	// seen are those of its assignments that the last look-up found.
	seen map[AssignmentKey]Assignment
}

// keys returns the assignments that the change touches.
func (item *change) keys() []AssignmentKey {
	keys := make([]AssignmentKey, 0, len(item.add)+len(item.remove))
	for _, g := range item.add {
		keys = append(keys, g.Key)
	}
	for _, a := range item.remove {
		keys = append(keys, a.Key)
	}
	return keys
}

// granted returns the assignments that the change was to make and that are there.
func (item *change) granted() []Assignment {
	var there []Assignment
	for _, g := range item.add {
		if a, ok := item.seen[g.Key]; ok {
			there = append(there, a)
		}
	}
	return there
}

// removed reports whether none of what the change was to remove is there any more.
func (item *change) removed() bool {
	for _, a := range item.remove {
		if still, ok := item.seen[a.Key]; ok && still.ID == a.ID {
			return false
		}
	}
	return true
}
