package uipath

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// A lost answer is resolved by looking, whether the request was carried out or not, and nothing is lost or doubled.
func TestOrchestratorGrantLostAnswer(t *testing.T) {
	t.Parallel()
	for _, at := range []struct {
		name, suffix string
		grant        OrchestratorGrant
		key          memberKey
		carry        func(*fakeOrchestrator, string)
	}{
		{"at the tenant", ".SetUsers", orGrant(2, 1, 0), orKey(2, 1, 0), func(o *fakeOrchestrator, body string) { o.setUsers(&discarded{}, 2, body) }},
		{"at a folder", ".AssignUsers", orGrant(5, 1, 1), orKey(5, 1, 1), func(o *fakeOrchestrator, body string) { o.assignUsers(&discarded{}, body) }},
	} {
		for name, carried := range map[string]bool{"not carried out": false, "carried out": true} {
			t.Run(at.name+" "+name, func(t *testing.T) {
				t.Parallel()
				f := newFake(t)
				o := withOrchestrator(t, f, 1)
				o.addUsers(1)
				o.give(1, firstUser+1, 0)
				o.give(4, firstUser+1, 1)
				c := f.client(t)
				f.firstSent(at.suffix, func(body string) {
					if carried {
						at.carry(o, body)
					}
				})
				if err := c.AssignOrchestratorRole(t.Context(), at.grant, access.PrincipalUser); err != nil {
					t.Fatal(err)
				}
				if !o.held[at.key] || len(o.held) != 3 {
					t.Errorf("held %v", o.held)
				}
				if sent := f.sent("POST"); carried && len(sent) != 1 {
					t.Errorf("sent again: %v", sent)
				}
			})
		}
	}
}

// A removal whose answer is lost is resolved by looking too.
func TestOrchestratorRemovalLostAnswer(t *testing.T) {
	t.Parallel()
	for suffix, g := range map[string]OrchestratorGrant{".SetUsers": orGrant(2, 1, 0), ".RemoveUserFromFolder": orGrant(5, 1, 1)} {
		t.Run(suffix, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			o := withOrchestrator(t, f, 1)
			o.addUsers(1)
			o.give(2, firstUser+1, 0)
			o.give(5, firstUser+1, 1)
			c := f.client(t)
			f.firstSent(suffix, func(string) {})
			if err := c.UnassignOrchestratorRole(t.Context(), g); err != nil || len(o.held) != 1 {
				t.Errorf("%v, left is %v", err, o.held)
			}
		})
	}
}

// Where every answer is lost and nothing can be seen, the error says that it may have happened.
func TestOrchestratorOutcomeUnknown(t *testing.T) {
	t.Parallel()
	for suffix, g := range map[string]OrchestratorGrant{".SetUsers": orGrant(2, 1, 0), ".AssignUsers": orGrant(5, 1, 1)} {
		t.Run(suffix, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			withOrchestrator(t, f, 1).addUsers(1)
			c := f.client(t)
			var sent bool
			f.on(func(w http.ResponseWriter, r *http.Request, _ string) bool {
				f.mu.Lock()
				sent = sent || strings.HasSuffix(r.URL.Path, suffix)
				broken := sent
				f.mu.Unlock()
				if broken {
					breakConnection(w, r)
				}
				return broken
			})
			err := c.AssignOrchestratorRole(t.Context(), g, access.PrincipalUser)
			if unknown, ok := errors.AsType[*OrchestratorGrantOutcomeUnknownError](err); !ok || unknown.Grant != g {
				t.Errorf("got %v", err)
			}
		})
	}
}

// Somebody else changes the same account at the same folder. What came before the read stays; what takes ours away is seen and mended.
func TestOrchestratorConcurrentChangeAtFolder(t *testing.T) {
	t.Parallel()
	t.Run("before the read", func(t *testing.T) {
		t.Parallel()
		f := newFake(t)
		o := withOrchestrator(t, f, 1)
		o.addUsers(1)
		c := f.client(t)
		if _, err := c.HasOrchestratorRole(t.Context(), orGrant(5, 1, 1)); err != nil {
			t.Fatal(err)
		}
		// The run has read the folder; it reads again before it writes.
		o.give(4, firstUser+1, 1)
		if err := c.AssignOrchestratorRole(t.Context(), orGrant(5, 1, 1), access.PrincipalUser); err != nil {
			t.Fatal(err)
		}
		if len(o.held) != 2 {
			t.Errorf("held %v", o.held)
		}
	})
	t.Run("after the write", func(t *testing.T) {
		t.Parallel()
		f := newFake(t)
		o := withOrchestrator(t, f, 1)
		o.addUsers(1)
		c := f.client(t)
		wrote := false
		f.on(func(w http.ResponseWriter, r *http.Request, body string) bool {
			f.mu.Lock()
			defer f.mu.Unlock()
			if wrote || !strings.HasSuffix(r.URL.Path, ".AssignUsers") {
				return false
			}
			wrote = true
			o.assignUsers(w, body)
			// Somebody else had read before, and replaces what was written.
			o.assignUsers(&discarded{}, `{"assignments": {"UserIds": [`+numberOf(firstUser+1)+`], "RolesPerFolder": [{"FolderId": 1, "RoleIds": [4]}]}}`)
			return true
		})
		if err := c.AssignOrchestratorRole(t.Context(), orGrant(5, 1, 1), access.PrincipalUser); err != nil {
			t.Fatal(err)
		}
		if got := slices.Sorted(maps.Keys(rolesAt(o, 1))); !slices.Equal(got, []int32{4, 5}) {
			t.Errorf("roles %v", got)
		}
	})
	t.Run("again and again", func(t *testing.T) {
		t.Parallel()
		f := newFake(t)
		o := withOrchestrator(t, f, 1)
		o.addUsers(1)
		c := f.client(t)
		f.on(func(w http.ResponseWriter, r *http.Request, _ string) bool {
			if !strings.HasSuffix(r.URL.Path, ".AssignUsers") {
				return false
			}
			w.WriteHeader(http.StatusNoContent)
			return true
		})
		err := c.AssignOrchestratorRole(t.Context(), orGrant(5, 1, 1), access.PrincipalUser)
		if _, ok := errors.AsType[*OrchestratorGrantOutcomeUnknownError](err); !ok || len(f.waits.all()) != 3 {
			t.Errorf("got %v after waits %v", err, f.waits.all())
		}
	})
}

func numberOf(user int64) string {
	return strings.TrimSuffix(strings.TrimPrefix(numbered("", user), "("), ")")
}

func rolesAt(o *fakeOrchestrator, folder int64) map[int32]bool {
	roles := map[int32]bool{}
	for key := range o.held {
		if key.folder == folder {
			roles[key.role] = true
		}
	}
	return roles
}

// A read that lags behind shows neither what this run gave nor that it took something away. Neither is undone by a write that joins it.
func TestOrchestratorLateReadUndoesNothing(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	o := withOrchestrator(t, f, 1)
	o.addUsers(1)
	o.give(6, firstUser+1, 1)
	c := f.client(t)
	if err := c.AssignOrchestratorRole(t.Context(), orGrant(4, 1, 1), access.PrincipalUser); err != nil {
		t.Fatal(err)
	}
	if err := c.UnassignOrchestratorRole(t.Context(), orGrant(6, 1, 1)); err != nil {
		t.Fatal(err)
	}
	late := true
	f.on(func(w http.ResponseWriter, r *http.Request, _ string) bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		if late && strings.Contains(r.URL.Path, "GetUsersForFolder") {
			late = false
			answerJSON(w, http.StatusOK, `{"@odata.count": 1, "value": [{"Id": `+numberOf(firstUser+1)+`, "UserEntity": {}, "Roles": [{"Id": 6, "Origin": "Assigned"}]}]}`)
			return true
		}
		return false
	})
	if err := c.AssignOrchestratorRole(t.Context(), orGrant(5, 1, 1), access.PrincipalUser); err != nil {
		t.Fatal(err)
	}
	if got := slices.Sorted(maps.Keys(rolesAt(o, 1))); !slices.Equal(got, []int32{4, 5}) {
		t.Errorf("roles %v", got)
	}
}
