package uipath

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// One look-up of a lost batch fails: only its own item is in doubt.
func TestFailedLookupInALostBatch(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	var items []*change
	for n := range 8 {
		items = append(items, &change{add: []Grant{grantOf(1, n, scopes[1])}, ticket: newTicket(t.Context())})
	}
	lost := false
	f.on(func(w http.ResponseWriter, r *http.Request, body string) bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		switch {
		case r.Method == http.MethodPatch && !lost:
			lost = true
			f.answer(httptest.NewRecorder(), r, body)
			breakConnection(w, r)
			return true
		case r.URL.Query().Get("securityPrincipalId") == principalID(3).String():
			answerJSON(w, http.StatusForbidden, `{"message":"may not look"}`)
			return true
		}
		return false
	})
	c.writer.write(t.Context(), items)
	for n, item := range items {
		if _, unknown := errors.AsType[*AssignmentOutcomeUnknownError](item.err); unknown != (n == 3) || !unknown && item.err != nil {
			t.Errorf("%d: %v", n, item.err)
		}
	}
	if f.held() != 8 || len(f.sent("PATCH")) != 1 {
		t.Errorf("%d assignments after %d changes", f.held(), len(f.sent("PATCH")))
	}
}

// A whole batch is lost: each item is looked up, in few requests, and nothing is granted twice.
func TestLostBatch(t *testing.T) {
	t.Parallel()
	for when, committed := range map[string]bool{"before commit": false, "after commit": true} {
		t.Run(when, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			c := f.client(t)
			var items []*change
			for n := range 60 {
				at := scopes[1]
				if n < 5 {
					at = scopes[2]
				}
				items = append(items, &change{add: []Grant{grantOf(1, n, at)}, ticket: newTicket(t.Context())})
			}
			f.losesChanges(1, committed, breakConnection)
			c.writer.write(t.Context(), items)
			for n, item := range items {
				if item.err != nil {
					t.Errorf("%d: %v", n, item.err)
				}
			}
			// Five principals alone at one scope, and six pages of the other.
			if got := len(f.sent("GET")); f.held() != 60 || committed && got != 5+6 || !committed && got != 5+1 {
				t.Errorf("%d assignments after %d requests to look", f.held(), got)
			}
		})
	}
}

// Another grant came between the loss and the repetition: only that item fails.
func TestConflictInALostBatch(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	var items []*change
	for n := range 8 {
		items = append(items, &change{add: []Grant{grantOf(1, n, scopes[1])}, ticket: newTicket(t.Context())})
	}
	looks := 0
	f.on(func(w http.ResponseWriter, r *http.Request, _ string) bool {
		if r.Method == http.MethodPatch {
			if looks == 0 {
				breakConnection(w, r)
				return true
			}
			return false
		}
		f.mu.Lock()
		looks++
		last := looks == len(items)
		f.mu.Unlock()
		if last {
			answerJSON(w, http.StatusOK, `{"totalCount":0,"results":[]}`)
			f.grant(keyOf(1, 3, scopes[1]))
		}
		return last
	})
	c.writer.write(t.Context(), items)
	for n, item := range items {
		unknown, ok := errors.AsType[*AssignmentOutcomeUnknownError](item.err)
		if ok != (n == 3) || !ok && item.err != nil || ok && unknown.Existing[0].CreatedBy != strangerID {
			t.Errorf("%d: %v", n, item.err)
		}
	}
	if f.held() != 8 {
		t.Errorf("%d assignments", f.held())
	}
}

// What is in the way of one item of a lost batch is seen by nobody: its neighbors succeed all the same.
func TestUnseenConflictInALostBatch(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	var items []*change
	for n := range 40 {
		items = append(items, &change{add: []Grant{grantOf(1, n, scopes[1])}, ticket: newTicket(t.Context())})
	}
	f.grant(keyOf(1, 13, scopes[1]))
	hidden, lost := f.assignments[0], false
	f.on(func(w http.ResponseWriter, r *http.Request, body string) bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		if r.Method == http.MethodPatch && !lost {
			lost = true
			breakConnection(w, r)
			return true
		}
		if r.Method != http.MethodGet {
			return false
		}
		all := f.assignments
		f.assignments = slices.DeleteFunc(slices.Clone(all), func(a assignmentAnswer) bool { return a.ID == hidden.ID })
		f.answer(w, r, body)
		f.assignments = all
		return true
	})
	c.writer.write(t.Context(), items)
	for n, item := range items {
		if _, ok := errors.AsType[*AssignmentOutcomeUnknownError](item.err); ok != (n == 13) || !ok && item.err != nil {
			t.Errorf("%d: %v", n, item.err)
		}
	}
	// Waits: after the loss, and twice for the one that is left when the others are done.
	if got := len(f.waits.all()); got != 3 {
		t.Errorf("waited %d times, want 3", got)
	}
	if f.held() != 40 {
		t.Errorf("%d assignments", f.held())
	}
}

// Half of all changes lose their answer, before or after the commit: each grant is there once and each caller knows.
func TestManyLostAnswers(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t, func(c *Config) { c.MaxRetries = 8 })
	turn := 0
	f.on(func(w http.ResponseWriter, r *http.Request, body string) bool {
		if r.Method != http.MethodPatch {
			return false
		}
		f.mu.Lock()
		turn++
		fails, commits := turn%2 == 0, turn%4 == 0
		if commits {
			f.answer(httptest.NewRecorder(), r, body)
		}
		f.mu.Unlock()
		if fails {
			breakConnection(w, r)
		}
		return fails
	})
	keys := many()[:200]
	together(t, keys, func(ctx context.Context, key AssignmentKey) error {
		return c.Assign(ctx, Grant{key, access.PrincipalUser})
	})
	if f.held() != len(keys) {
		t.Errorf("%d assignments, want %d", f.held(), len(keys))
	}
	together(t, keys, func(ctx context.Context, key AssignmentKey) error {
		_, err := c.Assignment(ctx, key)
		return err
	})
	together(t, keys, c.Unassign)
	if f.held() != 0 {
		t.Errorf("%d assignments are left", f.held())
	}
}
