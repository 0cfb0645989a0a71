package uipath

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// loses answers creations: it carries them out or not, as committed says, and then fails in a way that leaves it open.
func (f *fake) loses(t *testing.T, times int, committed bool, fail http.HandlerFunc) {
	t.Helper()
	f.on(func(w http.ResponseWriter, r *http.Request, body string) bool {
		f.mu.Lock()
		if r.Method != http.MethodPut || times == 0 {
			f.mu.Unlock()
			return false
		}
		times--
		if committed {
			f.answer(httptest.NewRecorder(), r, body)
		}
		f.mu.Unlock()
		fail(w, r)
		return true
	})
}

// failures leave open whether a creation was carried out.
var failures = map[string]http.HandlerFunc{
	"reset":     breakConnection,
	"500":       func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 500, `{"message":"boom"}`) },
	"503":       func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 503, ``) },
	"504":       func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 504, `<html>gateway</html>`) },
	"408":       func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 408, ``) },
	"malformed": func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 200, `{"createdRoleId":"e00`) },
	"no id":     func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 200, `{}`) },
	"web page":  func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 200, `<html>sign in</html>`) },
	"half a body": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "99")
		answerJSON(w, 200, `{`)
	},
}

func TestLostAnswerToACreation(t *testing.T) {
	t.Parallel()
	for name, fail := range failures {
		for when, committed := range map[string]bool{"before commit": false, "after commit": true} {
			t.Run(name+" "+when, func(t *testing.T) {
				t.Parallel()
				f := newFake(t)
				c := f.client(t)
				f.loses(t, 1, committed, fail)
				created, err := c.CreateRole(t.Context(), newSpec())
				if err != nil || !newSpec().matches(created) || created.ID != roleID(9001) {
					t.Fatalf("CreateRole = %v, %v", created, err)
				}
				want := map[bool]int{false: 2, true: 1}[committed]
				if got := len(f.sent("PUT")); got != want || f.count() != 1 {
					t.Errorf("%d creations sent and %d roles, want %d and 1", got, f.count(), want)
				}
				if got := f.sent("GET"); !strings.Contains(got[1], "contains=Task+Mining+User") {
					t.Errorf("requests %v, want the list before and a look-up by name after", got)
				}
				if got, err := c.Role(t.Context(), created.ID); err != nil || got.ID != created.ID {
					t.Errorf("Role = %v, %v", got, err)
				}
			})
		}
	}
}

func TestLostAnswersAreBounded(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	f.loses(t, -1, false, failures["500"])
	_, err := c.CreateRole(t.Context(), newSpec())
	const want = "create role: HTTP 500 Internal Server Error: boom (tried 4 times; no role of this name was found afterwards; trace id req-1)"
	if err == nil || err.Error() != want || len(f.sent("PUT")) != 4 || len(f.waits.all()) != 3 {
		t.Errorf("CreateRole = %v after %d requests, want %s", err, len(f.sent("PUT")), want)
	}
}

func TestLostAnswerHonoursRetryAfter(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	f.loses(t, 1, false, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "9")
		answerJSON(w, http.StatusServiceUnavailable, ``)
	})
	if _, err := c.CreateRole(t.Context(), newSpec()); err != nil {
		t.Fatal(err)
	}
	if got := f.waits.all(); len(got) != 1 || got[0] != 9*time.Second {
		t.Errorf("waits %v, want the server's", got)
	}
}

// What has the name now is taken only if it certainly is what was asked for.
func TestLostAnswerAndAnotherRole(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*roleAnswer)
		config func(*Config)
		server func(*fake)
		ours   bool
	}{
		"the same second":      {change: func(r *roleAnswer) { r.CreatedOn = stamp(start.Add(999 * time.Millisecond)) }, ours: true},
		"server clock ahead":   {server: func(f *fake) { f.ahead = 90 * time.Minute }, ours: true},
		"server clock behind":  {server: func(f *fake) { f.ahead = -90 * time.Minute }, ours: true},
		"made by another":      {change: func(r *roleAnswer) { r.CreatedBy = strangerID }},
		"made by nobody":       {change: func(r *roleAnswer) { r.CreatedBy = "" }},
		"clocks that disagree": {change: func(r *roleAnswer) { r.CreatedOn = stamp(start.Add(-5 * time.Second)) }, ours: true},
		"made long before":     {change: func(r *roleAnswer) { r.CreatedOn = stamp(start.Add(-time.Hour)) }},
		"made long before, server ahead": {
			change: func(r *roleAnswer) { r.CreatedOn = stamp(start.Add(time.Minute)) },
			server: func(f *fake) { f.ahead = time.Hour },
		},
		"made at no time":     {change: func(r *roleAnswer) { r.CreatedOn = "0001-01-01T00:00:00" }},
		"another description": {change: func(r *roleAnswer) { r.Description = "else" }},
		"another case":        {change: func(r *roleAnswer) { r.Name = "task mining user" }},
		"another tenant":      {change: func(r *roleAnswer) { r.TenantID = testTenantID }},
		"another owner":       {change: func(r *roleAnswer) { r.OwnerServiceName = "AuthZ" }},
		"another shape":       {change: func(r *roleAnswer) { r.ScopeType = "PROJECT" }},
		"other permissions":   {change: func(r *roleAnswer) { r.ActionDetails = r.ActionDetails[:1] }},
		"opaque token":        {config: withToken("pat-1")},
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
			f.loses(t, 1, true, func(w http.ResponseWriter, r *http.Request) {
				if test.change != nil {
					f.change(roleID(9001), test.change)
				}
				breakConnection(w, r)
			})
			created, err := c.CreateRole(t.Context(), newSpec())
			if test.ours {
				if err != nil || created.ID != roleID(9001) {
					t.Errorf("CreateRole = %v, %v, want the role to be taken", created, err)
				}
				return
			}
			unknown, ok := errors.AsType[*RoleOutcomeUnknownError](err)
			if !ok || unknown.Existing.ID != roleID(9001) || unknown.Name != "Task Mining User" || !strings.Contains(err.Error(), roleID(9001).String()) {
				t.Errorf("CreateRole = %v, %v, want a RoleOutcomeUnknownError of the role", created, err)
			}
			if got := len(f.sent("PUT")); got != 1 {
				t.Errorf("%d creations sent", got)
			}
		})
	}
}

// A role that was there before is not taken for the one that was sent, though the same caller made it a moment ago.
func TestLostAnswerAndARoleFromBefore(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	if _, err := c.CreateRole(t.Context(), newSpec()); err != nil {
		t.Fatal(err)
	}
	f.loses(t, 1, false, breakConnection)
	_, err := c.CreateRole(t.Context(), newSpec())
	if unknown, ok := errors.AsType[*RoleOutcomeUnknownError](err); !ok || unknown.Existing.ID != roleID(9001) {
		t.Errorf("CreateRole = %v, want a RoleOutcomeUnknownError of the role from before", err)
	}
}

// An opaque token does not tell who its caller is. A role that was acknowledged does.
func TestLostCreationWithAnOpaqueToken(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t, withToken("pat-1"))
	first := newSpec()
	first.Name = "First"
	if _, err := c.CreateRole(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	f.loses(t, 1, true, breakConnection)
	if r, err := c.CreateRole(t.Context(), newSpec()); err != nil || r.ID != roleID(9002) || f.count() != 2 {
		t.Errorf("CreateRole = %v, %v, want the role to be taken", r, err)
	}
}

// The first attempt is committed late: the look-up misses it, and the second attempt meets it.
func TestConflictAfterALostAnswer(t *testing.T) {
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
				case r.Method == http.MethodPut && !lost:
					lost = true
					f.answer(httptest.NewRecorder(), r, body)
					breakConnection(w, r)
					return true
				case r.URL.Query().Get("contains") != "" && hiddenLookups != 0:
					hiddenLookups--
					answerJSON(w, http.StatusOK, `{"totalCount":0,"results":[]}`)
					return true
				}
				return false
			})
			created, err := c.CreateRole(t.Context(), newSpec())
			if name != "never seen" {
				if err != nil || created.ID != roleID(9001) {
					t.Errorf("CreateRole = %v, %v, want the role of the first attempt", created, err)
				}
				return
			}
			unknown, ok := errors.AsType[*RoleOutcomeUnknownError](err)
			if !ok || unknown.Existing.ID != "" || !errors.Is(err, ErrConflict) || !strings.Contains(err.Error(), "Look whether") {
				t.Errorf("CreateRole = %v, want a RoleOutcomeUnknownError without a role", err)
			}
			if got := len(f.sent("PUT")); got != 4 {
				t.Errorf("%d creations sent, want 4", got)
			}
		})
	}
}

func TestFailedLookupLeavesTheOutcomeUnknown(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	f.on(func(w http.ResponseWriter, r *http.Request, _ string) bool {
		if r.Method == http.MethodPut {
			breakConnection(w, r)
		} else {
			answerJSON(w, http.StatusForbidden, `{"message":"may not list"}`)
		}
		return true
	})
	_, err := c.CreateRole(t.Context(), newSpec())
	unknown, ok := errors.AsType[*RoleOutcomeUnknownError](err)
	if !ok || unknown.Existing.ID != "" || !strings.Contains(err.Error(), "may not list") || len(f.sent("PUT")) != 1 {
		t.Errorf("CreateRole = %v, want a RoleOutcomeUnknownError that tells both failures", err)
	}
}

// An interrupt during the creation must not lose a role that was made: Terraform would forget it.
func TestInterruptedCreation(t *testing.T) {
	t.Parallel()
	for name, committed := range map[string]bool{"before commit": false, "after commit": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			c := f.client(t)
			ctx, cancel := context.WithCancel(t.Context())
			f.loses(t, 1, committed, func(_ http.ResponseWriter, r *http.Request) {
				cancel()
				<-r.Context().Done()
			})
			created, err := c.CreateRole(ctx, newSpec())
			if committed && (err != nil || created.ID != roleID(9001)) {
				t.Errorf("CreateRole = %v, %v, want the role that was made", created, err)
			}
			if !committed && (!errors.Is(err, context.Canceled) || f.count() != 0) {
				t.Errorf("CreateRole = %v, %v, want the interruption", created, err)
			}
			if got := len(f.sent("PUT")); got != 1 {
				t.Errorf("%d creations sent", got)
			}
		})
	}
}

// Of a clear refusal nothing is looked up.
func TestRefusedCreation(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	f.first(-1, http.MethodPut, "roles", func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, http.StatusBadRequest, `{"title":"Invalid.","errors":{"actionsGrantedByRole":["X is unknown."]}}`)
	})
	_, err := c.CreateRole(t.Context(), newSpec())
	if err == nil || !strings.Contains(err.Error(), "actionsGrantedByRole: X is unknown.") || len(f.sent("PUT")) != 1 {
		t.Errorf("CreateRole = %v after %v", err, f.sent(""))
	}
	// A request that was certainly not processed is sent again.
	f.first(2, http.MethodPut, "roles", func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, http.StatusTooManyRequests, ``) })
	if r, err := c.CreateRole(t.Context(), newSpec()); err != nil || r.ID != roleID(9001) {
		t.Errorf("CreateRole = %v, %v after two answers 429", r, err)
	}
	for _, read := range f.sent("GET") {
		if strings.Contains(read, "contains=") {
			t.Errorf("looked up by name: %s", read)
		}
	}
}
