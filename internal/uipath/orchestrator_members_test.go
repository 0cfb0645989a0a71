package uipath

import (
	"errors"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// orGrant is a numbered role of Orchestrator of a numbered principal at a numbered folder, 0 for the tenant.
func orGrant(role int32, principal int, folder int64) OrchestratorGrant {
	g := OrchestratorGrant{TenantID: tenantID, RoleID: role, PrincipalID: principalID(principal)}
	if folder != 0 {
		g.FolderKey = folderKey(folder)
	}
	return g
}

// orKey is what Orchestrator calls it by.
func orKey(role int32, principal int, folder int64) memberKey {
	return memberKey{role, firstUser + int64(principal), folder}
}

// has returns who has which role where.
func (o *fakeOrchestrator) has(f *fake) map[memberKey]bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return maps.Clone(o.held)
}

func TestOrchestratorGrantLifeCycle(t *testing.T) {
	t.Parallel()
	for name, g := range map[string]OrchestratorGrant{"at the tenant": orGrant(2, 1, 0), "at a folder": orGrant(5, 1, 3)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			o := withOrchestrator(t, f, 4)
			o.addUsers(2)
			c := f.client(t)
			if there, err := c.HasOrchestratorRole(t.Context(), g); there || err != nil {
				t.Errorf("before: %t, %v", there, err)
			}
			if err := c.AssignOrchestratorRole(t.Context(), g, access.PrincipalUser); err != nil {
				t.Fatal(err)
			}
			for _, ask := range []func() (bool, error){
				func() (bool, error) { return c.HasOrchestratorRole(t.Context(), g) },
				func() (bool, error) { return c.RefreshedHasOrchestratorRole(t.Context(), g) },
			} {
				if there, err := ask(); !there || err != nil {
					t.Errorf("after: %t, %v", there, err)
				}
			}
			err := c.AssignOrchestratorRole(t.Context(), g, access.PrincipalUser)
			if exists, ok := errors.AsType[*OrchestratorGrantExistsError](err); !ok || exists.Grant != g {
				t.Errorf("twice: %v", err)
			}
			for range 2 {
				if err := c.UnassignOrchestratorRole(t.Context(), g); err != nil {
					t.Error(err)
				}
			}
			if there, err := c.HasOrchestratorRole(t.Context(), g); there || err != nil {
				t.Errorf("removed: %t, %v", there, err)
			}
			if len(o.held)+len(o.in) != 0 || len(o.users) != 2 {
				t.Errorf("left are %v, %v and %d users", o.held, o.in, len(o.users))
			}
		})
	}
}

// What others assign to the same accounts stays, at the tenant and at folders.
func TestOrchestratorGrantsAreAdditive(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	o := withOrchestrator(t, f, 2)
	o.addUsers(3)
	for n := int64(1); n <= 3; n++ {
		o.give(1, firstUser+n, 0)
		o.give(4, firstUser+n, 1)
	}
	want := maps.Clone(o.held)
	c := f.client(t)
	for n := 1; n <= 2; n++ {
		for _, g := range []OrchestratorGrant{orGrant(2, n, 0), orGrant(5, n, 1)} {
			if err := c.AssignOrchestratorRole(t.Context(), g, access.PrincipalUser); err != nil {
				t.Error(err)
			}
		}
		want[orKey(2, n, 0)], want[orKey(5, n, 1)] = true, true
	}
	if diff := cmp.Diff(want, o.has(f)); diff != "" {
		t.Errorf("assigned (-want +got):\n%s", diff)
	}
	for n := 1; n <= 2; n++ {
		for _, g := range []OrchestratorGrant{orGrant(2, n, 0), orGrant(5, n, 1)} {
			if err := c.UnassignOrchestratorRole(t.Context(), g); err != nil {
				t.Error(err)
			}
		}
		delete(want, orKey(2, n, 0))
		delete(want, orKey(5, n, 1))
	}
	if diff := cmp.Diff(want, o.has(f)); diff != "" {
		t.Errorf("taken away (-want +got):\n%s", diff)
	}
}

func TestOrchestratorAddsAccounts(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	o := withOrchestrator(t, f, 1)
	c := f.client(t)
	var group sync.WaitGroup
	for role := int32(1); role <= 3; role++ {
		group.Go(func() {
			if err := c.AssignOrchestratorRole(t.Context(), orGrant(role, 1, 0), access.PrincipalGroup); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if err := c.AssignOrchestratorRole(t.Context(), orGrant(4, 1, 1), access.PrincipalGroup); err != nil {
		t.Error(err)
	}
	if added := f.sent("POST /" + orgID + "/" + tenantID + "/orchestrator_/odata/Users"); len(added) != 1 || len(o.users) != 1 || len(o.held) != 4 {
		t.Errorf("%d requests to add it, %d users, %v", len(added), len(o.users), o.held)
	}
	err := c.AssignOrchestratorRole(t.Context(), OrchestratorGrant{TenantID: tenantID, RoleID: 1, PrincipalID: badPrincipal}, access.PrincipalUser)
	if err == nil || !strings.Contains(err.Error(), "no such account") {
		t.Errorf("an unknown account: %v", err)
	}
	if err := c.UnassignOrchestratorRole(t.Context(), orGrant(1, 77, 0)); err != nil {
		t.Errorf("taking from an account that Orchestrator does not have: %v", err)
	}
}

// An account that is added by a lost request, or by somebody else, is there once.
func TestOrchestratorAddsAccountOnce(t *testing.T) {
	t.Parallel()
	for name, carried := range map[string]bool{"not carried out": false, "carried out": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			o := withOrchestrator(t, f, 0)
			c := f.client(t)
			f.firstSent("/Users", func(body string) {
				if carried {
					o.addUser(&discarded{}, body)
				}
			})
			if err := c.AssignOrchestratorRole(t.Context(), orGrant(1, 1, 0), access.PrincipalRobot); err != nil {
				t.Fatal(err)
			}
			if len(o.users) != 1 || len(o.held) != 1 {
				t.Errorf("%v, %v", o.users, o.held)
			}
		})
	}
}

func TestOrchestratorRoleAtTheWrongPlace(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	o := withOrchestrator(t, f, 1)
	o.addUsers(1)
	c := f.client(t)
	for g, part := range map[OrchestratorGrant]string{
		orGrant(4, 1, 0): "assigned at folders, not at the tenant", orGrant(1, 1, 1): "assigned at the tenant, not at folders",
		orGrant(77, 1, 0): "Role 77 does not exist", orGrant(4, 1, 9): "no folder with the key", {TenantID: tenantID, RoleID: 1}: "principal id",
	} {
		if err := c.AssignOrchestratorRole(t.Context(), g, access.PrincipalUser); err == nil || !strings.Contains(strings.ReplaceAll(err.Error(), "no such", "does not exist"), part) {
			t.Errorf("%s: %v, want %q", g, err, part)
		}
	}
	if err := c.AssignOrchestratorRole(t.Context(), orGrant(1, 1, 0), "Somebody"); err == nil {
		t.Error("a type that there is not is accepted")
	}
	if len(f.sent("POST")) != 0 {
		t.Errorf("sent %v", f.sent("POST"))
	}
	for _, g := range []OrchestratorGrant{orGrant(77, 1, 0), orGrant(4, 1, 9)} {
		if _, err := c.HasOrchestratorRole(t.Context(), g); !errors.Is(err, ErrNotFound) {
			t.Errorf("reading %s: %v", g, err)
		}
	}
	if err := c.UnassignOrchestratorRole(t.Context(), orGrant(4, 1, 9)); err != nil {
		t.Errorf("taking away at a folder that is gone: %v", err)
	}
}

// The guard names the role, nothing is half granted, and a request for many is not divided in vain.
func TestOrchestratorElevationGuard(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	o := withOrchestrator(t, f, 1)
	o.addUsers(40)
	o.forbidden = 2
	synctest.Test(t, func(t *testing.T) {
		c := f.slow(t)
		refusedAt := func(role int32, folder int64) {
			var group sync.WaitGroup
			for n := 1; n <= 40; n++ {
				group.Go(func() {
					err := c.AssignOrchestratorRole(t.Context(), orGrant(role, n, folder), access.PrincipalUser)
					if !errors.Is(err, ErrForbidden) || !strings.Contains(err.Error(), "Please remove the following role(s): ") {
						t.Errorf("got %v", err)
					}
				})
			}
			group.Wait()
		}
		refusedAt(2, 0)
		o.forbidden = 5
		refusedAt(5, 1)
		if sent := f.sent("POST"); len(o.held) != 0 || len(sent) > 6 {
			t.Errorf("%d requests, and granted is %v", len(sent), o.held)
		}
	})
}

// The refusal of one meets that one, and its neighbors succeed.
func TestOrchestratorOneWrongAmongMany(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	o := withOrchestrator(t, f, 1)
	o.addUsers(20)
	synctest.Test(t, func(t *testing.T) {
		c := f.slow(t)
		for _, at := range []struct {
			role   int32
			folder int64
		}{{1, 0}, {4, 1}} {
			if _, err := c.OrchestratorHolders(t.Context(), tenantID, at.role); at.folder == 0 && err != nil {
				t.Fatal(err)
			}
			// The account leaves after the run has read it.
			f.mu.Lock()
			delete(o.users, firstUser+7)
			f.mu.Unlock()
			var group sync.WaitGroup
			for n := 1; n <= 20; n++ {
				group.Go(func() {
					err := c.AssignOrchestratorRole(t.Context(), orGrant(at.role, n, at.folder), access.PrincipalUser)
					if (n == 7) != (err != nil) {
						t.Errorf("%d got %v", n, err)
					}
				})
			}
			group.Wait()
		}
		if len(o.held) != 38 {
			t.Errorf("%d grants", len(o.held))
		}
	})
}

func TestOrchestratorHolders(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	o := withOrchestrator(t, f, 2)
	o.addUsers(3)
	o.pageCap = 2
	for n := int64(1); n <= 3; n++ {
		o.give(1, firstUser+n, 0)
		o.give(4, firstUser+n, 2)
	}
	o.give(5, firstUser+2, 2)
	c := f.client(t)
	got, err := c.OrchestratorHolders(t.Context(), tenantID, 1)
	if err != nil || len(got) != 3 || got[1] != (OrchestratorHolder{orGrant(1, 2, 0), access.PrincipalUser, "User 2"}) {
		t.Errorf("got %v, %v", got, err)
	}
	got, err = c.OrchestratorFolderHolders(t.Context(), tenantID, folderKey(2))
	if err != nil || len(got) != 4 || got[2] != (OrchestratorHolder{orGrant(5, 2, 2), access.PrincipalUser, "User 2"}) {
		t.Errorf("got %v, %v", got, err)
	}
	for role, want := range map[*OrchestratorRole]int{
		{TenantID: tenantID, ID: 1, Type: OrchestratorTenantRole}: 3, {TenantID: tenantID, ID: 4, Type: OrchestratorFolderRole}: 3,
		{TenantID: tenantID, ID: 6, Type: OrchestratorFolderRole}: 0,
	} {
		if got, err := c.OrchestratorRoleHolders(t.Context(), *role); err != nil || len(got) != want {
			t.Errorf("role %d: %v, %v", role.ID, got, err)
		}
	}
	if _, err := c.OrchestratorFolderHolders(t.Context(), tenantID, folderKey(9)); !errors.Is(err, ErrNotFound) {
		t.Errorf("an unknown folder: %v", err)
	}
}

// Who may not read is told so with one request, however many ask.
func TestOrchestratorForbidden(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	withOrchestrator(t, f, 1)
	f.on(func(w http.ResponseWriter, r *http.Request, _ string) bool {
		if !strings.Contains(r.URL.Path, "/orchestrator_/") {
			return false
		}
		answerJSON(w, http.StatusForbidden, `{"message":"You are not authorized!","errorCode":0,"error":{"code":0,"message":"You are not authorized!"},"__abp":true}`)
		return true
	})
	c := f.client(t)
	for range 3 {
		if _, err := c.OrchestratorRoles(t.Context(), tenantID); !errors.Is(err, ErrForbidden) {
			t.Errorf("got %v", err)
		}
	}
	if got := f.sent("GET"); len(got) != 1 {
		t.Errorf("sent %v", got)
	}
}
