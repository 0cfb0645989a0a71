package uipath

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

func TestAssignAndUnassign(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	var bodies []string
	f.on(func(_ http.ResponseWriter, r *http.Request, body string) bool {
		if r.Method == http.MethodPatch {
			bodies = append(bodies, body)
		}
		return false
	})
	key := keyOf(1, 1, scopes[4])
	if err := c.Assign(t.Context(), Grant{key, "group"}); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf(`{"roleAssignmentsToAdd":[{"roleId":%q,"securityPrincipalId":%q,"securityPrincipalType":"Group","scope":%q}],`+
		`"roleAssignmentsToDelete":[]}`, key.RoleID, key.PrincipalID, key.Scope.String())
	if len(bodies) != 1 || bodies[0] != want || len(f.sent("PATCH")) != 1 {
		t.Errorf("%v in %v, want %s alone", bodies, f.sent(""), want)
	}
	if err := c.Unassign(t.Context(), key); err != nil || f.held() != 0 {
		t.Errorf("Unassign = %v, %d are left", err, f.held())
	}
	if want := `{"roleAssignmentsToAdd":[],"roleAssignmentsToDelete":["` + assignmentID(1).String() + `"]}`; bodies[1] != want {
		t.Errorf("sent %s, want %s", bodies[1], want)
	}
	if _, err := c.Assignment(t.Context(), key); !errors.Is(err, ErrNotFound) {
		t.Errorf("Assignment = %v after its removal", err)
	}
	// What is not there counts as removed.
	if err := c.Unassign(t.Context(), key); err != nil || len(bodies) != 2 {
		t.Errorf("Unassign = %v, %d requests to change", err, len(bodies))
	}
}

func TestOwnWritesUpdateTheListing(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.seed(2)
	old := keyOf(1, 1, scopes[1])
	f.grant(old)
	c := f.client(t)
	if _, err := c.Roles(t.Context()); err != nil {
		t.Fatal(err)
	}
	whole(t, c, scopes[1])
	if _, err := c.Assignment(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	before := len(f.sent("GET"))
	made := keyOf(2, 7, scopes[1])
	if err := c.Assign(t.Context(), Grant{made, access.PrincipalUser}); err != nil {
		t.Fatal(err)
	}
	a, err := c.Assignment(t.Context(), made)
	want := Assignment{
		Key: made, PrincipalType: access.PrincipalUser, RoleName: "Role 2", RoleType: access.RoleBuiltIn, Type: "Custom", Mutable: true,
		CreatedBy: subjectID,
	}
	if err != nil || a != want {
		t.Errorf("Assignment = %+v, %v, want %+v", a, err, want)
	}
	if err := c.Unassign(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := c.ListedAssignment(t.Context(), old); ok || err != nil {
		t.Errorf("ListedAssignment = %t, %v after the removal", ok, err)
	}
	if got := len(f.sent("GET")); got != before {
		t.Errorf("%d requests to read back", got-before)
	}
	// Its id is not known, so the removal asks for it once.
	if err := c.Unassign(t.Context(), made); err != nil || f.held() != 0 || len(f.sent("GET")) != before+1 {
		t.Errorf("Unassign = %v, %d are left, %d requests", err, f.held(), len(f.sent("GET"))-before)
	}
}

// What this client has made may be unseen for a while: it is not left behind for that.
func TestUnassignWhatIsNotSeenYet(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	key := keyOf(1, 1, scopes[1])
	if _, err := c.Assignment(t.Context(), key); !errors.Is(err, ErrNotFound) {
		t.Fatal(err)
	}
	if err := c.Assign(t.Context(), Grant{key, access.PrincipalUser}); err != nil {
		t.Fatal(err)
	}
	f.first(2, http.MethodGet, "userroleassignments", func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, http.StatusOK, `{"totalCount":0,"results":[]}`)
	})
	if err := c.Unassign(t.Context(), key); err != nil || f.held() != 0 || len(f.waits.all()) != 2 {
		t.Errorf("Unassign = %v, %d are left after %d waits", err, f.held(), len(f.waits.all()))
	}
}

func TestChangeIsIndivisible(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.grant(keyOf(1, 1, scopes[1]))
	f.grant(keyOf(9, 1, scopes[1]))
	c := f.client(t)
	change := func(role int) error {
		return c.Change(t.Context(), []Grant{grantOf(role, 1, scopes[1])}, []AssignmentKey{keyOf(1, 1, scopes[1]), keyOf(5, 1, scopes[1])})
	}
	if err := change(9); !errors.Is(err, ErrConflict) || f.held() != 2 {
		t.Errorf("Change = %v, %d are left", err, f.held())
	}
	if err := change(2); err != nil || f.held() != 2 {
		t.Errorf("Change = %v, %d are left", err, f.held())
	}
	if got := f.patched(); len(got) != 2 || got[1] != 2 {
		t.Errorf("requests of the sizes %v, want one of both", got)
	}
	if err := c.Change(t.Context(), nil, nil); err != nil || len(f.patched()) != 2 {
		t.Errorf("no change = %v", err)
	}
}

func TestChangeRefusesNonsense(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	good := grantOf(1, 1, scopes[1])
	for name, test := range map[string]struct {
		add    []Grant
		remove []AssignmentKey
		want   string
	}{
		"role":      {[]Grant{{AssignmentKey{"x", principalID(1), scopes[0]}, "User"}}, nil, `role id "x"`},
		"principal": {nil, []AssignmentKey{{roleID(1), "y", scopes[0]}}, `principal id "y"`},
		"type":      {[]Grant{{good.Key, "Machine"}}, nil, `"Machine"`},
		"twice":     {[]Grant{good, good}, nil, "granted twice"},
		"both":      {[]Grant{good}, []AssignmentKey{good.Key}, "named twice"},
	} {
		if err := c.Change(t.Context(), test.add, test.remove); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: Change = %v, want %s", name, err, test.want)
		}
	}
	if got := f.sent(""); len(got) != 0 {
		t.Errorf("requests %v for nonsense", got)
	}
}

func TestGrantThatExists(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	key := keyOf(1, 1, scopes[1])
	if _, ok, err := c.ListedAssignment(t.Context(), key); ok || err != nil {
		t.Fatalf("ListedAssignment = %t, %v", ok, err)
	}
	id := f.grant(key)
	err := c.Assign(t.Context(), Grant{key, access.PrincipalUser})
	exists, ok := errors.AsType[*AssignmentExistsError](err)
	if !ok || exists.Existing.ID != id || !errors.Is(err, ErrConflict) {
		t.Fatalf("Assign = %v, want an AssignmentExistsError", err)
	}
	want := "The role assignment exists already: " + key.String() +
		", with id " + id.String() + ", made by " + strangerID + ", made on 2026-03-01T11:00:00Z. The server said: change role assignments: " +
		"HTTP 409 Conflict: It is there already. (trace id req-1)"
	if err.Error() != want {
		t.Errorf("the error is %q, want %q", err, want)
	}
	if a, err := c.Assignment(t.Context(), key); err != nil || a.ID != id {
		t.Errorf("Assignment = %v, %v: the listing did not learn it", a, err)
	}
	// A conflict over something that is not seen stays what the server said.
	f.on(func(w http.ResponseWriter, r *http.Request, _ string) bool {
		if r.Method == http.MethodGet {
			answerJSON(w, http.StatusForbidden, `{"message":"may not list"}`)
		}
		return r.Method == http.MethodGet
	})
	err = c.Assign(t.Context(), Grant{key, access.PrincipalUser})
	if _, ok := errors.AsType[*AssignmentExistsError](err); ok || !errors.Is(err, ErrConflict) {
		t.Errorf("Assign = %v, want the refusal", err)
	}
}

func TestImmutableAssignment(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	key := keyOf(1, 1, scopes[1])
	id := f.grant(key, func(a *assignmentAnswer) { *a.Mutable = false })
	f.grant(keyOf(2, 1, scopes[1]))
	c := f.client(t)
	err := c.Unassign(t.Context(), key)
	immutable, ok := errors.AsType[*ImmutableAssignmentError](err)
	if !ok || immutable.Existing.ID != id || !errors.Is(err, ErrForbidden) || !strings.Contains(err.Error(), "is immutable") {
		t.Errorf("Unassign = %v, want an ImmutableAssignmentError", err)
	}
	// A right that is missing is something else.
	f.first(1, http.MethodPatch, "userroleassignments", func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, http.StatusForbidden, `{"detail":"Only an organization administrator may."}`)
	})
	err = c.Unassign(t.Context(), keyOf(2, 1, scopes[1]))
	if _, ok := errors.AsType[*ImmutableAssignmentError](err); ok || !errors.Is(err, ErrForbidden) {
		t.Errorf("Unassign = %v, want the refusal", err)
	}
	if a, err := c.Assignment(t.Context(), key); err != nil || a.ID != id {
		t.Errorf("Assignment = %v, %v after the refusal", a, err)
	}
}

// An error reaches the item at fault; its neighbors succeed.
func TestRefusedBatch(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		spoil func(f *fake, g *Grant)
		check func(error) bool
	}{
		"unknown role": {
			func(_ *fake, g *Grant) { g.Key.RoleID = badRole },
			func(err error) bool { return strings.Contains(err.Error(), "There is no such role.") },
		},
		"unknown principal": {
			func(_ *fake, g *Grant) { g.Key.PrincipalID = badPrincipal },
			func(err error) bool {
				return strings.Contains(err.Error(), "Cannot resolve users") && !errors.Is(err, ErrNotFound)
			},
		},
		"duplicate": {
			func(f *fake, g *Grant) { f.grant(g.Key) },
			func(err error) bool { _, ok := errors.AsType[*AssignmentExistsError](err); return ok },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			synctest.Test(t, func(t *testing.T) {
				c := f.slow(t)
				const count, wrong = 60, 37
				var group sync.WaitGroup
				for n := range count {
					g := grantOf(1, n, scopes[n%len(scopes)])
					if n == wrong {
						test.spoil(f, &g)
					}
					group.Go(func() {
						err := c.Assign(t.Context(), g)
						if n != wrong && err != nil || n == wrong && (err == nil || !test.check(err)) {
							t.Errorf("%d: Assign = %v", n, err)
						}
					})
				}
				group.Wait()
				want := count - 1
				if name == "duplicate" {
					want++
				}
				// Halves of 59 down to one, two each time.
				if got := len(f.patched()); f.held() != want || got > 2+2*6 {
					t.Errorf("%d assignments after %d requests, want %d", f.held(), got, want)
				}
			})
		})
	}
}

func TestImmutableInABatch(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	const count, wrong = 20, 11
	for n := range count {
		f.grant(keyOf(1, n, scopes[1]), func(a *assignmentAnswer) { *a.Mutable = n != wrong })
	}
	synctest.Test(t, func(t *testing.T) {
		c := f.slow(t)
		var group sync.WaitGroup
		for n := range count {
			group.Go(func() {
				err := c.Unassign(t.Context(), keyOf(1, n, scopes[1]))
				if _, immutable := errors.AsType[*ImmutableAssignmentError](err); immutable != (n == wrong) || !immutable && err != nil {
					t.Errorf("%d: Unassign = %v", n, err)
				}
			})
		}
		group.Wait()
		if f.held() != 1 {
			t.Errorf("%d assignments are left, want the immutable one", f.held())
		}
	})
}

// What is not about any item is for all, and nobody's request is repeated alone.
func TestRefusalsOfEverything(t *testing.T) {
	t.Parallel()
	for status, requests := range map[int]int{401: 2, 429: 8} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			c := f.client(t)
			items := []*change{granting(1), granting(2), granting(3)}
			for _, item := range items {
				item.ticket = newTicket(t.Context())
			}
			f.first(-1, http.MethodPatch, "userroleassignments", func(w http.ResponseWriter, _ *http.Request) {
				answerJSON(w, status, `{"message":"no"}`)
			})
			c.writer.write(t.Context(), items)
			for _, item := range items {
				if failed, ok := errors.AsType[*Error](item.err); !ok || failed.Status != status {
					t.Errorf("the item got %v", item.err)
				}
			}
			if got := len(f.sent("PATCH")); got != requests || len(f.sent("GET")) != 0 {
				t.Errorf("requests %v, want %d to change", f.sent(""), requests)
			}
		})
	}
}

// Two clients share nothing, and one that is interrupted interrupts nobody else.
func TestClientsDoNotShareBatches(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	synctest.Test(t, func(t *testing.T) {
		one, other := f.slow(t), f.slow(t)
		for n := 1; n <= 3; n++ {
			for _, c := range []*Client{one, other} {
				if _, _, err := c.ListedAssignment(t.Context(), keyOf(n, 1, scopes[1])); err != nil {
					t.Fatal(err)
				}
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		var group sync.WaitGroup
		group.Go(func() {
			if err := one.Assign(ctx, grantOf(1, 1, scopes[1])); err != nil {
				t.Errorf("Assign = %v, though it was under way", err)
			}
		})
		synctest.Wait()
		group.Go(func() {
			if err := one.Assign(t.Context(), grantOf(2, 1, scopes[1])); err != nil {
				t.Errorf("Assign = %v", err)
			}
		})
		group.Go(func() {
			if err := other.Assign(t.Context(), grantOf(3, 1, scopes[1])); err != nil {
				t.Errorf("Assign = %v", err)
			}
		})
		synctest.Wait()
		cancel()
		group.Wait()
		if got := f.patched(); f.held() != 3 || len(got) != 3 {
			t.Errorf("%d assignments after requests of %v", f.held(), got)
		}
	})
}

// An interrupt while a change is under way must not lose it: Terraform would forget what was made.
func TestInterruptedChange(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	synctest.Test(t, func(t *testing.T) {
		c := f.slow(t)
		if _, _, err := c.ListedAssignment(t.Context(), keyOf(1, 1, scopes[1])); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var group sync.WaitGroup
		group.Go(func() {
			if err := c.Assign(ctx, grantOf(1, 1, scopes[1])); err != nil {
				t.Errorf("Assign = %v, want the answer", err)
			}
		})
		synctest.Wait()
		cancel()
		group.Wait()
		if f.held() != 1 {
			t.Errorf("%d assignments", f.held())
		}
	})
}
