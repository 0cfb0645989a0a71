package backend_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

const (
	linkedOnly   = "externalDirectory: true"
	provisioning = "externalDirectory: true, autoProvisioning: true"
)

// directory is what the endpoints of the directory say of the accounts that were not added, and of the organization's own lists.
type directory struct {
	search, resolved, users, groups string
	user, group                     int
}

func (b *bench) directory(t *testing.T) directory {
	t.Helper()
	admin := b.as(t, "")
	org, _, err := b.Organization(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	const api = "/initech/identity_/api/"
	var d directory
	for _, query := range []string{"s&sourceFilter=directoryUsers", "sam&sourceFilter=localUsers", "club&sourceFilter=directoryGroups", "club&sourceFilter=localGroups"} {
		for _, e := range decode[[]searched](t, b.mustGet(t, api+"Directory/Search/"+org+"?startsWith="+query, admin)) {
			d.search += e.Source + " " + e.ObjectType + " " + e.DisplayName + ";"
		}
	}
	for kind, names := range map[string][]string{"user": {"STRANGER", "sam@initech.example"}, "group": {"Club"}} {
		r := b.sendJSON(t, http.MethodPost, api+"Directory/BulkResolveByName/"+org, admin, map[string]any{"entityNames": names, "entityType": kind})
		if n := strings.Count(r.text, `"identifier":"`); r.status != http.StatusOK || n != len(names) {
			d.resolved += kind + " not resolved;"
		}
	}
	for _, u := range decode[struct{ Results []struct{ UserName string } }](t, b.mustGet(t, api+"User/users/"+org+"?top=100", admin)).Results {
		d.users += u.UserName + " "
	}
	for _, g := range decode[[]groupBody](t, b.mustGet(t, api+"Group/"+org, admin)) {
		d.groups += g.Name + " "
	}
	d.user = b.get(t, api+"User/"+strangerID, admin).status
	d.group = b.get(t, api+"Group/"+org+"/"+clubID, admin).status
	return d
}

func TestAnAssignmentAddsAnAccountOfTheDirectory(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{Seed: []byte(miningSeed(provisioning))})
	admin := b.as(t, "")
	want := directory{
		search: "directory DirectoryUser Sam Stranger;directory DirectoryGroup Club;",
		users:  "ann bob guest miner ", groups: "Team ", user: http.StatusNotFound, group: http.StatusNotFound,
	}
	compare := func(when string) {
		t.Helper()
		if d := cmp.Diff(want, b.directory(t), cmp.AllowUnexported(directory{})); d != "" {
			t.Errorf("%s (-want +got):\n%s", when, d)
		}
	}
	compare("before")
	if _, err := b.Token(t.Context(), "stranger"); err == nil {
		t.Error("somebody who was not added gets a token")
	}
	before := b.state(t)
	refused(t, b.assign(t, b.as(t, "bob"), change{}.adding(watchID, strangerID, "User", "/")), http.StatusForbidden, "")
	fieldRefused(t, b.assign(t, admin, change{}.adding(watchID, strangerID, "Group", atMain)), "roleAssignmentsToAdd[0].securityPrincipalType", "of type User")
	if before != b.state(t) {
		t.Error("a refusal added somebody")
	}

	b.assign(t, admin, change{}.adding(b.taskMiningRole(t, "User"), strangerID, "User", atTaskMining)).done(t)
	want.users, want.user = "ann bob guest miner stranger ", http.StatusOK
	compare("with the user added")
	if u := b.get(t, "/initech/identity_/api/User/"+strangerID, admin); !strings.Contains(u.text, `"invitationAccepted":true`) {
		t.Errorf("the user has not accepted: %s", u.text)
	}
	b.assign(t, admin, change{}.adding(watchID, clubID, "Group", atMain)).done(t)
	want.groups, want.group = "Club Team ", http.StatusOK
	compare("with the group added")
	h := b.held(t, atMain, "&noInheritance=true&securityPrincipalId="+clubID, admin).Results[0]
	if h.Type != "DirectoryGroup" || *h.Source != "directory" || *h.DisplayName != "Club" {
		t.Errorf("listed as %+v", h)
	}
	b.assign(t, admin, change{}.removing(b.held(t, "/", "&securityPrincipalId="+strangerID, admin).ids()...)).done(t)
	compare("with the assignment removed again")
}

func TestWithoutProvisioningAccountsAreAddedFirst(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{Seed: []byte(miningSeed(linkedOnly))})
	before := b.state(t)
	for principal, kind := range map[string]string{strangerID: "User", clubID: "Group"} {
		r := b.assign(t, b.as(t, ""), change{}.adding(watchID, annID, "User", atMain).adding(watchID, principal, kind, atMain))
		for _, part := range []string{
			`"StatusCode":404`, "Cannot resolve users=[" + principal + "] in CIS", "(" + principal + ")", "accounts of the external directory must be added first",
		} {
			if r.status != http.StatusNotFound || !strings.Contains(r.text, part) {
				t.Errorf("got %d %s, want 404 with %q", r.status, r.text, part)
			}
		}
	}
	if before != b.state(t) {
		t.Error("a refusal changed something")
	}
}

func TestASnapshotKeepsWhoWasNotAdded(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{Seed: []byte(miningSeed(provisioning))})
	again := open(t, backend.Options{Seed: []byte(b.state(t))})
	if d := cmp.Diff(b.state(t), again.state(t)); d != "" {
		t.Errorf("the snapshot does not reproduce itself:\n%s", d)
	}
	if d := cmp.Diff(b.directory(t), again.directory(t), cmp.AllowUnexported(directory{})); d != "" {
		t.Errorf("the directory differs:\n%s", d)
	}
	again.assign(t, again.as(t, ""), change{}.adding(watchID, strangerID, "User", atMain)).done(t)
	added := open(t, backend.Options{Seed: []byte(again.state(t))})
	if !strings.Contains(added.directory(t).users, "stranger") {
		t.Error("the snapshot lost that somebody was added")
	}
	if r := again.send(t, http.MethodPost, "/_reference/reset", "", nil); r.status != http.StatusNoContent {
		t.Fatalf("reset: got %d %s", r.status, r.text)
	}
	if again.state(t) != b.state(t) {
		t.Error("a reset leaves somebody added")
	}
}

func TestAGroupOfTheDirectoryIsChangedThere(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{Seed: []byte(miningSeed(provisioning))})
	admin := b.as(t, "")
	org, _, err := b.Organization(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	const api = "/initech/identity_/api/"
	put := role{"partitionGlobalId": org, "name": "Society", "directoryUserIDsToAdd": []string{annID}}
	remove := func() response {
		return b.send(t, http.MethodDelete, api+"Group/"+org+"/"+clubID, "", http.Header{"Authorization": {admin}})
	}
	refused(t, b.sendJSON(t, http.MethodPut, api+"Group/"+clubID, admin, put), http.StatusNotFound, "")
	refused(t, remove(), http.StatusNotFound, "")
	refused(t, b.sendJSON(t, http.MethodPost, api+"Group", admin, role{"partitionGlobalId": org, "id": nobodyID, "name": "club"}),
		http.StatusConflict, clubID)
	b.assign(t, admin, change{}.adding(watchID, clubID, "Group", atMain)).done(t)
	before := b.state(t)
	refused(t, b.sendJSON(t, http.MethodPut, api+"Group/"+clubID, admin, put), http.StatusForbidden, "kept in the external directory")
	refused(t, remove(), http.StatusForbidden, "kept in the external directory")
	if before != b.state(t) {
		t.Error("a refusal changed something")
	}
}
