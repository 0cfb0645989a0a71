package backend_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/store"
)

func TestWhoMayAssign(t *testing.T) {
	t.Parallel()
	const ok, no, done = http.StatusOK, http.StatusForbidden, http.StatusNoContent
	type rights struct{ readOrg, readMain, readOther, readMining, readRobots, grantOrg, grantMain, grantOther, grantMining, grantProject, remove int }
	for caller, want := range map[string]rights{
		"ann":    {ok, ok, ok, ok, ok, done, done, done, done, done, done},
		"bob":    {no, ok, no, ok, ok, no, done, no, done, done, done},
		"miner":  {no, no, no, ok, no, no, no, no, done, done, no},
		"viewer": {ok, ok, ok, ok, ok, no, no, no, no, no, no},
		"nobody": {no, no, no, no, no, no, no, no, no, no, no},
	} {
		t.Run(caller, func(t *testing.T) {
			t.Parallel()
			b := open(t, backend.Options{Seed: []byte(strings.Replace(smallSeed, "users:\n", "users:\n  - {userName: viewer}\n  - {userName: nobody}\n", 1) +
				"  - {role: Access Viewer, principal: viewer, scope: /}\n")})
			me := b.as(t, caller)
			read := func(scope string) int { return b.holders(t, "scope="+url.QueryEscape(scope), me).status }
			add := func(scope string) int {
				return b.assign(t, me, change{}.adding(watchID, robotID, "Robot", scope)).status
			}
			got := rights{
				read("/"), read(atMain), read("/tenant/" + otherTenant), read(atTaskMining), read(atMain + "/orchestrator"),
				add("/"), add(atMain), add("/tenant/" + otherTenant), add(atTaskMining), add(atTaskMining + "/project/p"),
				b.assign(t, me, change{}.removing(grantOfGone)).status,
			}
			if got != want {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

func TestARefusalNamesWhoMayAssign(t *testing.T) {
	t.Parallel()
	b := openSmall(t)
	before := b.state(t)
	bob, minerToken := b.as(t, "bob"), b.as(t, "miner")
	r := b.assign(t, bob, change{}.adding(watchID, annID, "User", atMain).adding(watchID, annID, "User", "/tenant/"+otherTenant))
	refused(t, r, http.StatusForbidden, "Caller is not authorized to manage role assignments of the tenant Other. AUTHZ.ROLEASSIGNMENT.CREATE is needed there")
	refused(t, r, http.StatusForbidden, "these roles grant it: Access Administrator, Organization Administrator, Tenant Administrator.")
	r = b.assign(t, bob, change{}.adding(watchID, annID, "User", "/"))
	refused(t, r, http.StatusForbidden, "manage role assignments of the organization")
	refused(t, r, http.StatusForbidden, "these roles grant it: Access Administrator, Organization Administrator.")
	r = b.assign(t, b.as(t, "pipeline"), change{}.adding(watchID, annID, "User", atTaskMining))
	refused(t, r, http.StatusForbidden, "of Task Mining in the tenant Main")
	refused(t, r, http.StatusForbidden, "Access Administrator, Admin of Task Mining, Organization Administrator, Tenant Administrator.")
	refused(t, b.assign(t, minerToken, change{}.removing(grantOfBob)), http.StatusForbidden, "AUTHZ.ROLEASSIGNMENT.DELETE")
	refused(t, b.assign(t, b.as(t, "pipeline"), change{}), http.StatusForbidden, "AUTHZ.ROLEASSIGNMENT.CREATE")
	refused(t, b.holders(t, "scope="+atMain, minerToken), http.StatusForbidden, "read role assignments of the tenant Main")
	refused(t, b.holders(t, "scope=/tenant/"+nobodyID, b.as(t, "pipeline")), http.StatusForbidden, nobodyID)
	if before != b.state(t) {
		t.Error("a refusal changed something")
	}
}

// Document Understanding's administrator assigns no roles (contract 9.5), and no service's administrator does so elsewhere.
func TestServiceAdministratorsStayInTheirService(t *testing.T) {
	t.Parallel()
	for service, name := range map[string]string{
		"Orchestrator": "Administrator", "Reinfer": "IXP Administrator", "Insights": "Administrator", "TestManager": "Administrator",
		"DocumentUnderstanding": "DU Administrator",
	} {
		t.Run(service, func(t *testing.T) {
			t.Parallel()
			b := open(t, backend.Options{Seed: []byte(smallSeed +
				fmt.Sprintf("  - {role: {service: %s, name: %s}, principal: miner, scope: /tenant/Main/%s}\n", service, name, service))})
			me := b.as(t, "miner")
			want := http.StatusNoContent
			if service == "DocumentUnderstanding" {
				want = http.StatusForbidden
			}
			if r := b.assign(t, me, change{}.adding(watchID, annID, "User", atMain+"/"+service)); r.status != want {
				t.Errorf("in the service: got %d %s, want %d", r.status, r.text, want)
			}
			for _, scope := range []string{"/", "/" + service, atMain, atMain + "/apps", "/tenant/" + otherTenant + "/" + service} {
				refused(t, b.assign(t, me, change{}.adding(watchID, annID, "User", scope)), http.StatusForbidden, "")
			}
		})
	}
}

func TestAGroupsRightsAreItsMembers(t *testing.T) {
	t.Parallel()
	b := openSmall(t)
	tenantAdmin := b.held(t, atMain, "&noInheritance=true", b.as(t, "")).Results[0].RoleAssignmentDtos[0].RoleID
	toOther := change{}.adding(watchID, annID, "User", "/tenant/"+otherTenant)
	refused(t, b.assign(t, b.as(t, "bob"), toOther), http.StatusForbidden, "")
	b.assign(t, b.as(t, ""), change{}.adding(tenantAdmin, teamID, "Group", "/tenant/"+otherTenant)).done(t)
	b.assign(t, b.as(t, "bob"), toOther).done(t)
}

func TestDeletingARoleRemovesWhatIsListed(t *testing.T) {
	t.Parallel()
	b := openSmall(t)
	if r := b.send(t, http.MethodDelete, "/initech/pap_/api/roles/"+watchID, "", http.Header{"Authorization": {b.as(t, "")}}); r.status != http.StatusNoContent {
		t.Fatalf("got %d %s", r.status, r.text)
	}
	if got := b.held(t, atMain, "&noInheritance=true", b.as(t, "")).ids(); len(got) != 1 || got[0] != grantOfBob {
		t.Errorf("afterwards: %v", got)
	}
	refused(t, b.assign(t, b.as(t, ""), change{}.adding(watchID, annID, "User", atMain)), http.StatusNotFound, watchID)
}

func TestAssignmentsOfADeletedPrincipalStay(t *testing.T) {
	t.Parallel()
	b := openSmall(t)
	admin := b.as(t, "")
	reopened := open(t, backend.Options{Seed: []byte(b.state(t))})
	if reopened.state(t) != b.state(t) {
		t.Error("the snapshot does not reproduce what the deleted principal holds")
	}
	b.assign(t, admin, change{}.removing(grantOfGone)).done(t)
	r := b.assign(t, admin, change{}.adding(watchID, goneID, "User", atMain))
	if r.status != http.StatusNotFound || !strings.Contains(r.text, goneID) {
		t.Errorf("got %d %s", r.status, r.text)
	}
}

// A data file of another version of this program may name roles that this one lacks.
func TestAnAssignmentOfARoleThatIsGoneIsListed(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state.db")
	b := open(t, backend.Options{DataFile: file, Seed: []byte(smallSeed)})
	data, err := store.Open(t.Context(), file, func(tx *store.Tx) error {
		return tx.AddAssignment(t.Context(), model.Assignment{
			ID: nobodyID, RoleID: nobodyID, PrincipalID: annID, PrincipalType: access.PrincipalUser, Scope: access.TenantScope(otherTenant),
			Type: access.AssignmentCustom, Stamp: model.Stamp{CreatedBy: annID, UpdatedBy: annID},
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := data.Close(); err != nil {
		t.Fatal(err)
	}
	got := b.held(t, "/tenant/"+otherTenant, "&noInheritance=true", b.as(t, ""))
	if len(got.ids()) != 1 || got.Results[0].RoleAssignmentDtos[0].RoleName != nil || got.Results[0].RoleAssignmentDtos[0].RoleType != nil {
		t.Errorf("got %+v", got)
	}
	b.assign(t, b.as(t, ""), change{}.removing(nobodyID)).done(t)
}

func TestChangesByOthersAreSeenAtOnce(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "shared.db")
	one := open(t, backend.Options{DataFile: file, Seed: []byte(smallSeed)})
	other := open(t, backend.Options{DataFile: file})
	bob := one.as(t, "bob")
	one.assign(t, bob, change{}.adding(watchID, annID, "User", atMain)).done(t)
	if got := other.held(t, atMain, "&noInheritance=true&securityPrincipalId="+annID, other.as(t, "")); got.TotalCount != 1 {
		t.Error("what one backend assigned the other does not list")
	}
	refused(t, other.assign(t, other.as(t, ""), change{}.adding(watchID, annID, "User", atMain)), http.StatusConflict, "already")
	other.assign(t, other.as(t, ""), change{}.removing(grantOfBob)).done(t)
	refused(t, one.assign(t, bob, change{}.adding(watchID, teamID, "Group", atMain)), http.StatusForbidden, "not authorized")
}

// grantOne sends a change. It fails no test, so that any goroutine may call it.
func (b *bench) grantOne(ctx context.Context, c change) error {
	token, err := b.Token(ctx, "")
	if err != nil {
		return err
	}
	r, err := b.try(ctx, http.MethodPatch, "/initech/pap_/api/userroleassignments", c.body(),
		http.Header{"Authorization": {"Bearer " + token}, "Content-Type": {"application/json"}})
	if err == nil && r.status != http.StatusNoContent {
		err = fmt.Errorf("%d %s", r.status, r.text)
	}
	return err
}

func TestEightBackendsAssignAtOnce(t *testing.T) {
	t.Parallel()
	const backends, grants = 8, 10
	file := filepath.Join(t.TempDir(), "shared.db")
	first := open(t, backend.Options{DataFile: file, Seed: []byte(smallSeed)})
	conflicts := make([]error, backends)
	var wg sync.WaitGroup
	for n := range backends {
		wg.Go(func() {
			b, err := backend.Open(t.Context(), backend.Options{DataFile: file})
			if err != nil {
				t.Error(err)
				return
			}
			transport, stop := b.Transport()
			one := &bench{Backend: b, client: &http.Client{Transport: transport}}
			for i := range grants {
				if err := one.grantOne(t.Context(), change{}.adding(watchID, teamID, "Group", fmt.Sprintf("%s/taskmining/project/p%d-%d", atMain, n, i))); err != nil {
					t.Error(err)
				}
			}
			// Everybody wants the same one: it is there once, and all but one are told so.
			conflicts[n] = one.grantOne(t.Context(), change{}.adding(watchID, robotID, 3, atMain))
			stop()
			if err := b.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	got := first.held(t, "/", "&securityPrincipalId="+teamID+"&roleIds="+watchID, first.as(t, ""))
	if len(got.ids()) != backends*grants {
		t.Errorf("%d assignments, want %d: updates were lost", len(got.ids()), backends*grants)
	}
	refusals := 0
	for _, err := range conflicts {
		if err != nil && strings.HasPrefix(err.Error(), "409 ") {
			refusals++
		} else if err != nil {
			t.Error(err)
		}
	}
	if refusals != backends-1 {
		t.Errorf("%d were told of the conflict, want %d", refusals, backends-1)
	}
}

// FuzzPatchAssignments sends any body: the answer is a change or a refusal, never a failure, and a refusal changes nothing.
func FuzzPatchAssignments(f *testing.F) {
	valid := change{}.adding(watchID, annID, "User", atMain)
	for _, text := range []string{
		valid.body(), valid.removing(grantOfBob).body(), valid.adding(watchID, robotID, 0, "/").body(), change{}.removing(grantOfAnn, nobodyID).body(),
		change{add: []grant{valid.add[0].with("scope", nil)}}.body(), change{add: []grant{valid.add[0].with("tenantId", zeroID)}}.body(),
		valid.adding(labelID, teamID, 1, atMain+"/reinfer/project/00ff").body(), change{}.adding(watchID, nobodyID, "Group", "/authz").body(),
		"", "null", "{}", `{"roleAssignmentsToAdd":[{}],"roleAssignmentsToDelete":[]}`, `{"roleAssignmentsToAdd":[null],"roleAssignmentsToDelete":[null]}`,
		strings.ReplaceAll(valid.body(), `"User"`, `[0]`), strings.ReplaceAll(valid.body(), `"scope"`, `"scope":"\u0000","SCOPE"`),
	} {
		f.Add(text)
	}
	b, err := backend.Open(f.Context(), backend.Options{
		Seed: []byte(strings.Replace(smallSeed, "name: initech,", "name: initech, externalDirectory: true, autoProvisioning: true,", 1)),
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() {
		if err := b.Close(); err != nil {
			f.Error(err)
		}
	})
	token, err := b.Token(f.Context(), "")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body string) {
		before := serve(t, b, http.MethodGet, "/_reference/snapshot", "", token).Body.String()
		w := serve(t, b, http.MethodPatch, "/initech/pap_/api/userroleassignments", body, token)
		after := serve(t, b, http.MethodGet, "/_reference/snapshot", "", token).Body.String()
		if w.Code != http.StatusNoContent {
			if w.Code >= http.StatusInternalServerError || !json.Valid(w.Body.Bytes()) {
				t.Fatalf("got %d %s", w.Code, w.Body)
			}
			if before != after {
				t.Fatalf("a refusal changed something: %d %s", w.Code, w.Body)
			}
			return
		}
		again, err := backend.Open(t.Context(), backend.Options{Seed: []byte(after)})
		if err != nil {
			t.Fatalf("the snapshot is no seed: %v", err)
		}
		if err := again.Close(); err != nil {
			t.Fatal(err)
		}
		if reset := serve(t, b, http.MethodPost, "/_reference/reset", "", token); reset.Code != http.StatusNoContent {
			t.Fatalf("reset: %d %s", reset.Code, reset.Body)
		}
	})
}
