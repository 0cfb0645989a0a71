package uipath

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// lostAnswers are the failures that leave open whether a change was carried out. A body is not expected, so none can be malformed.
func lostAnswers() map[string]http.HandlerFunc {
	lost := map[string]http.HandlerFunc{}
	for name, fail := range failures {
		if name != "malformed" && name != "no id" {
			lost[name] = fail
		}
	}
	return lost
}

func TestLostAnswerToAChange(t *testing.T) {
	t.Parallel()
	for name, fail := range lostAnswers() {
		for when, committed := range map[string]bool{"before commit": false, "after commit": true} {
			t.Run(name+" "+when, func(t *testing.T) {
				t.Parallel()
				f := newFake(t)
				c := f.client(t)
				key := keyOf(1, 1, scopes[1])
				f.losesChanges(1, committed, fail)
				if err := c.Assign(t.Context(), Grant{key, access.PrincipalUser}); err != nil || f.held() != 1 {
					t.Fatalf("Assign = %v, %d assignments", err, f.held())
				}
				want := map[bool]int{false: 2, true: 1}[committed]
				if got := len(f.sent("PATCH")); got != want || askedFor(f, 1) != 2 {
					t.Errorf("requests %v, want %d to change, and a look before and after", f.sent(""), want)
				}

				f.losesChanges(1, committed, fail)
				if err := c.Unassign(t.Context(), key); err != nil || f.held() != 0 {
					t.Fatalf("Unassign = %v, %d assignments", err, f.held())
				}
				if got := len(f.sent("PATCH")); got != 2*want {
					t.Errorf("requests %v, want %d to change", f.sent(""), 2*want)
				}
				if _, err := c.Assignment(t.Context(), key); !errors.Is(err, ErrNotFound) {
					t.Errorf("Assignment = %v after its removal", err)
				}
			})
		}
	}
}

func TestLostChangesAreBounded(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	f.losesChanges(-1, false, failures["500"])
	err := c.Assign(t.Context(), grantOf(1, 1, scopes[1]))
	const want = "change role assignments: HTTP 500 Internal Server Error: boom (tried 4 times; the change was not seen afterwards; trace id req-1)"
	if err == nil || err.Error() != want || len(f.sent("PATCH")) != 4 || len(f.waits.all()) != 3 {
		t.Errorf("Assign = %v after %d requests, want %s", err, len(f.sent("PATCH")), want)
	}
}

// What is there now is taken only if it certainly is what was asked for.
func TestLostAnswerAndAnotherAssignment(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*assignmentAnswer)
		config func(*Config)
		server func(*fake)
		ours   bool
	}{
		"the same second":      {change: func(a *assignmentAnswer) { a.CreatedOn = stamp(start.Add(999 * time.Millisecond)) }, ours: true},
		"server clock ahead":   {server: func(f *fake) { f.ahead = 90 * time.Minute }, ours: true},
		"server clock behind":  {server: func(f *fake) { f.ahead = -90 * time.Minute }, ours: true},
		"made by another":      {change: func(a *assignmentAnswer) { a.CreatedBy = strangerID }},
		"made by nobody":       {change: func(a *assignmentAnswer) { a.CreatedBy = "" }},
		"clocks that disagree": {change: func(a *assignmentAnswer) { a.CreatedOn = stamp(start.Add(-5 * time.Second)) }, ours: true},
		"made long before":     {change: func(a *assignmentAnswer) { a.CreatedOn = stamp(start.Add(-time.Hour)) }},
		"made at no time":      {change: func(a *assignmentAnswer) { a.CreatedOn = "" }},
		"opaque token":         {config: withToken("pat-1")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			if test.server != nil {
				test.server(f)
			}
			var changes []func(*Config)
			if test.config != nil {
				changes = append(changes, test.config)
			}
			c := f.client(t, changes...)
			f.losesChanges(1, true, func(w http.ResponseWriter, r *http.Request) {
				f.mu.Lock()
				if test.change != nil {
					test.change(&f.assignments[0])
				}
				f.mu.Unlock()
				breakConnection(w, r)
			})
			grant := grantOf(1, 1, scopes[1])
			err := c.Assign(t.Context(), grant)
			if got := len(f.sent("PATCH")); got != 1 {
				t.Errorf("%d changes sent", got)
			}
			if test.ours {
				if err != nil {
					t.Errorf("Assign = %v, want the assignment to be taken", err)
				}
				return
			}
			unknown, ok := errors.AsType[*AssignmentOutcomeUnknownError](err)
			if !ok || len(unknown.Existing) != 1 || unknown.Existing[0].ID != assignmentID(1) || unknown.Grants[0] != grant {
				t.Fatalf("Assign = %v, want an AssignmentOutcomeUnknownError of the assignment", err)
			}
			if text := err.Error(); !strings.Contains(text, "request to grant role "+roleID(1).String()) || !strings.Contains(text, assignmentID(1).String()) {
				t.Errorf("the error is %q", text)
			}
		})
	}
}

// What was there before is not taken for what was sent, though the same caller made it a moment ago.
func TestLostAnswerAndWhatWasThereBefore(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.grant(keyOf(1, 1, scopes[1]), func(a *assignmentAnswer) { a.CreatedBy, a.CreatedOn = subjectID, stamp(start) })
	c := f.client(t)
	f.losesChanges(1, false, breakConnection)
	err := c.Assign(t.Context(), grantOf(1, 1, scopes[1]))
	if unknown, ok := errors.AsType[*AssignmentOutcomeUnknownError](err); !ok || len(unknown.Existing) != 1 {
		t.Errorf("Assign = %v, want an AssignmentOutcomeUnknownError", err)
	}
}

// The answers' Date may be far from the database's clock, and from one answer to the next.
func TestLostAnswersWithClocksThatDisagree(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{-5 * time.Second, -300 * time.Millisecond, 0, 100 * time.Millisecond, 1200 * time.Millisecond, 5 * time.Second} {
		f := newFake(t)
		c := f.client(t, func(c *Config) { c.MaxRetries = 8 })
		f.losesEverySecond(func() time.Duration { return ahead })
		keys := many()[:60]
		together(t, keys, func(ctx context.Context, key AssignmentKey) error {
			return c.Assign(ctx, Grant{key, access.PrincipalUser})
		})
		if f.held() != len(keys) {
			t.Errorf("%s ahead: %d assignments, want %d", ahead, f.held(), len(keys))
		}
	}
}

// An opaque token does not tell who its caller is. What was acknowledged does, also for what was lost before it.
func TestLostAnswersToAnOpaqueToken(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]int{"after an acknowledged one": 1, "before an acknowledged one": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			c := f.client(t, withToken("pat-1"), func(c *Config) { c.MaxRetries = 8 })
			f.loseFrom(first)
			if first == 0 {
				// With nobody behind it that may tell who the caller is, the very first change could not be told.
				f.awaitCompany(t, c)
			}
			keys := many()[:60]
			together(t, keys, func(ctx context.Context, key AssignmentKey) error {
				return c.Assign(ctx, Grant{key, access.PrincipalUser})
			})
			if f.held() != len(keys) {
				t.Errorf("%d assignments, want %d", f.held(), len(keys))
			}
			// Until it is known who the caller is, changes go one by one.
			if got := f.patched(); got[0] != 1 {
				t.Errorf("the first request carries %d changes", got[0])
			}
		})
	}
}

// awaitCompany holds the first change until another one waits behind it.
func (f *fake) awaitCompany(t *testing.T, c *Client) {
	t.Helper()
	lose := f.intercept
	var once sync.Once
	f.on(func(w http.ResponseWriter, r *http.Request, body string) bool {
		if r.Method == http.MethodPatch {
			once.Do(func() {
				for t.Context().Err() == nil && c.writer.queue.length() == 0 {
					runtime.Gosched()
				}
			})
		}
		return lose(w, r, body)
	})
}

// length is how many wait for the next batch.
func (q *queue[T]) length() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting)
}

// loseFrom loses the answer to every second change from the nth on, after it was carried out.
func (f *fake) loseFrom(n int) {
	sent := -n
	f.on(func(w http.ResponseWriter, r *http.Request, body string) bool {
		if r.Method != http.MethodPatch {
			return false
		}
		f.mu.Lock()
		lose := sent >= 0 && sent%2 == 0
		sent++
		if lose {
			f.answer(httptest.NewRecorder(), r, body)
		}
		f.mu.Unlock()
		if lose {
			breakConnection(w, r)
		}
		return lose
	})
}

// losesEverySecond loses the answer to every second change, before or after it was carried out. What is made is dated by a clock
// that is behind that of the answers.
func (f *fake) losesEverySecond(behind func() time.Duration) {
	turn := 0
	f.on(func(w http.ResponseWriter, r *http.Request, body string) bool {
		f.mu.Lock()
		now := f.now()
		w.Header().Set("Date", now.Add(behind()).UTC().Format(http.TimeFormat))
		if r.Method == http.MethodPatch {
			turn++
		}
		lose := r.Method == http.MethodPatch && turn%2 == 0
		if lose && turn%4 == 0 {
			f.answer(httptest.NewRecorder(), r, body)
		}
		f.mu.Unlock()
		if lose {
			breakConnection(w, r)
		}
		return lose
	})
}

// The first attempt is committed late: the look-up misses it, and the second attempt meets it.
func TestConflictAfterALostChange(t *testing.T) {
	t.Parallel()
	for name, hiddenLookups := range map[string]int{"decided by another look-up": 1, "seen late": 3, "never seen": -1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			c := f.client(t)
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
				case r.Method == http.MethodGet && hiddenLookups != 0:
					hiddenLookups--
					answerJSON(w, http.StatusOK, `{"totalCount":0,"results":[]}`)
					return true
				}
				return false
			})
			err := c.Assign(t.Context(), grantOf(1, 1, scopes[1]))
			if name != "never seen" {
				if err != nil {
					t.Errorf("Assign = %v, want the assignment of the first attempt", err)
				}
				return
			}
			unknown, ok := errors.AsType[*AssignmentOutcomeUnknownError](err)
			if !ok || len(unknown.Existing) != 0 || !errors.Is(err, ErrConflict) || !strings.Contains(err.Error(), "Look whether") {
				t.Errorf("Assign = %v, want an AssignmentOutcomeUnknownError without an assignment", err)
			}
			if got := len(f.sent("PATCH")); got != 4 {
				t.Errorf("%d changes sent, want 4", got)
			}
		})
	}
}

func TestFailedLookupLeavesTheChangeUnknown(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.grant(keyOf(2, 1, scopes[1]))
	c := f.client(t)
	if _, err := c.Assignment(t.Context(), keyOf(2, 1, scopes[1])); err != nil {
		t.Fatal(err)
	}
	f.on(func(w http.ResponseWriter, r *http.Request, _ string) bool {
		if r.Method == http.MethodPatch {
			breakConnection(w, r)
		} else {
			answerJSON(w, http.StatusForbidden, `{"message":"may not list"}`)
		}
		return true
	})
	err := c.Change(t.Context(), []Grant{grantOf(1, 1, scopes[1])}, []AssignmentKey{keyOf(2, 1, scopes[1])})
	unknown, ok := errors.AsType[*AssignmentOutcomeUnknownError](err)
	if !ok || len(unknown.Removals) != 1 || !strings.Contains(err.Error(), "may not list") || !strings.Contains(err.Error(), ", remove role") {
		t.Errorf("Change = %v, want an AssignmentOutcomeUnknownError that tells both failures", err)
	}
	// The scope is not what it was known to be.
	f.on(nil)
	f.ungrant(assignmentID(1))
	if _, err := c.Assignment(t.Context(), keyOf(2, 1, scopes[1])); !errors.Is(err, ErrNotFound) {
		t.Errorf("Assignment = %v, want the scope to be read anew", err)
	}
}

// The time for a batch may end while its answer is lost: what it made must be known all the same.
func TestLookUpAfterTheDeadline(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	ctx, cancel := context.WithCancel(t.Context())
	f.losesChanges(1, true, func(w http.ResponseWriter, r *http.Request) {
		cancel()
		breakConnection(w, r)
	})
	item := &change{add: []Grant{grantOf(1, 1, scopes[1])}, ticket: newTicket(t.Context())}
	c.writer.write(ctx, []*change{item})
	if item.err != nil || askedFor(f, 1) != 1 || f.held() != 1 {
		t.Errorf("the change ended with %v after requests %v, want what was made to be known", item.err, f.sent(""))
	}
}
