package backend_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

const newGroupID = "3e000000-0000-4000-8000-000000000001"

type groupBody struct {
	ID, Name, DisplayName string
	Type                  int
	Members               []struct{ ObjectType, Identifier, Name, DisplayName string }
}

func (g groupBody) members() string {
	var names []string
	for _, m := range g.Members {
		names = append(names, m.ObjectType+" "+m.DisplayName)
	}
	return strings.Join(names, ", ")
}

// group is the body of a POST or PUT; a test changes what it is about.
func validGroup() role {
	return role{"partitionGlobalId": orgID, "id": newGroupID, "name": "Auditors", "directoryUserMemberIDs": []string{ada, processing, regression}}
}

func TestListGroups(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	r := b.mustGet(t, identity+"Group/"+orgID, b.as(t, ""))
	var got []string
	for _, g := range decode[[]groupBody](t, r) {
		got = append(got, fmt.Sprintf("%d %s", g.Type, g.Name))
	}
	want := []string{
		"0 Administrators", "0 Automation Developers", "0 Automation Users", "1 Document Reviewers", "0 Everyone", "1 Finance Robots",
		"1 Invoice Processing", "1 Process Discovery", "1 Test Engineering",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("groups (-want +got):\n%s", d)
	}
	if strings.Count(r.text, `"members":[]`) != len(want) {
		t.Errorf("members are not empty: %s", r.text)
	}
}

func TestGroupsAndTheirMembers(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token := b.scoped(t, "PM.Group.Read")
	g := decode[groupBody](t, b.mustGet(t, identity+"Group/"+orgID+"/"+strings.ToUpper(engineers), token))
	if want := "DirectoryUser Alan Turing, DirectoryRobotUser Regression Robot, DirectoryApplication terraform-production"; g.members() != want {
		t.Errorf("members %s, want %s", g.members(), want)
	}
	type membersBody struct {
		TotalCount int
		Results    []struct {
			ID   string
			Type int
		}
	}
	codes := func(path string) string {
		var codes []string
		got := decode[membersBody](t, b.mustGet(t, identity+"Group/"+orgID+"/"+path, token))
		for _, m := range got.Results {
			codes = append(codes, fmt.Sprint(m.Type))
		}
		return fmt.Sprint(got.TotalCount, ": ", strings.Join(codes, " "))
	}
	for path, want := range map[string]string{
		engineers + "/Members": "3: 0 4 5", processing + "/Members": "2: 2 0", discovery + "/Members": "2: 3 0",
		engineers + "/Members?top=1&skip=1": "3: 4", engineers + "/Members?skip=9": "3: ",
	} {
		if got := codes(path); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
	fieldRefused(t, b.get(t, identity+"Group/"+orgID+"/"+engineers+"/Members?top=1001", token), "top", "out of range")
	refused(t, b.get(t, identity+"Group/"+orgID+"/"+nobodyID, token), http.StatusNotFound, "The entity was not found.")
	refused(t, b.get(t, identity+"Group/"+orgID+"/"+nobodyID+"/Members", token), http.StatusNotFound, "The entity was not found.")
	fieldRefused(t, b.get(t, identity+"Group/"+orgID+"/x", token), "id", "not valid")
}

func TestCreateChangeAndDeleteAGroup(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token := b.scoped(t, "PM.Group")
	r := b.sendJSON(t, http.MethodPost, identity+"Group", token, validGroup())
	g := decode[groupBody](t, r)
	if r.status != http.StatusCreated || g.ID != newGroupID || g.Type != 1 ||
		g.members() != "DirectoryUser Ada Lovelace, DirectoryGroup Invoice Processing, DirectoryRobotUser Regression Robot" {
		t.Fatalf("created: got %d %s", r.status, r.text)
	}

	change := role{
		"partitionGlobalId": orgID, "name": "Reviewers", "directoryUserIDsToAdd": []string{terraformID, ada},
		"directoryUserIDsToRemove": []string{strings.ToUpper(regression), nobodyID},
	}
	r = b.sendJSON(t, http.MethodPut, identity+"Group/"+newGroupID, token, change)
	g = decode[groupBody](t, r)
	if r.status != http.StatusOK || g.Name != "Reviewers" ||
		g.members() != "DirectoryUser Ada Lovelace, DirectoryGroup Invoice Processing, DirectoryApplication terraform" {
		t.Errorf("changed: got %d %s", r.status, r.text)
	}
	if read := b.mustGet(t, identity+"Group/"+orgID+"/"+newGroupID, token); read.text != r.text {
		t.Errorf("read %s after %s", read.text, r.text)
	}
	outer := validGroup().with("id", nobodyID).with("name", "Outer").with("directoryUserMemberIDs", []string{newGroupID})
	if r := b.sendJSON(t, http.MethodPost, identity+"Group", token, outer); r.status != http.StatusCreated {
		t.Fatalf("got %d %s", r.status, r.text)
	}

	remove := func(id string) response {
		return b.send(t, http.MethodDelete, identity+"Group/"+orgID+"/"+id, "", http.Header{"Authorization": {token}})
	}
	if r := remove(newGroupID); r.status != http.StatusNoContent || r.text != "" {
		t.Errorf("deleted: got %d %s", r.status, r.text)
	}
	if g := decode[groupBody](t, b.mustGet(t, identity+"Group/"+orgID+"/"+nobodyID, token)); g.members() != "" {
		t.Errorf("the deleted group is a member still: %s", g.members())
	}
	refused(t, remove(newGroupID), http.StatusNotFound, "The entity was not found.")
	refused(t, remove(everyone), http.StatusForbidden, "built in")
	fieldRefused(t, b.send(t, http.MethodDelete, identity+"Group/acme/"+engineers, "", http.Header{"Authorization": {token}}), "partitionGlobalId", "acme")
}

func TestMembershipGivesAndTakesRights(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token, edsgers := b.as(t, ""), b.as(t, "edsger.dijkstra@acme.example")
	change := func(member string) {
		r := b.sendJSON(t, http.MethodPut, identity+"Group/"+admins, token,
			role{"partitionGlobalId": orgID, "name": "Administrators", member: []string{edsger}})
		if r.status != http.StatusOK {
			t.Fatalf("got %d %s", r.status, r.text)
		}
	}
	refused(t, b.get(t, identity+"Group/"+orgID, edsgers), http.StatusForbidden, "Only organization administrators")
	change("directoryUserIDsToAdd")
	b.mustGet(t, identity+"Group/"+orgID, edsgers)
	change("directoryUserIDsToRemove")
	refused(t, b.get(t, identity+"Group/"+orgID, edsgers), http.StatusForbidden, "Only organization administrators")
}

func TestGroupRefusals(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token := b.as(t, "terraform")
	create := func(name string, value any) response {
		return b.sendJSON(t, http.MethodPost, identity+"Group", token, validGroup().with(name, value))
	}
	for _, test := range []struct {
		name        string
		value       any
		field, part string
	}{
		{"id", nil, "id", "needs a GUID"},
		{"id", "x", "id", "'x' is not valid"},
		{"id", zeroID, "id", "not valid"},
		{"partitionGlobalId", nil, "partitionGlobalId", "''"},
		{"partitionGlobalId", "acme", "partitionGlobalId", "The value 'acme' is not valid."},
		{"name", nil, "name", "required"},
		{"name", " ", "name", "required"},
		{"name", strings.Repeat("é", 129), "name", "129 characters; at most 128"},
		{"name", "a\u0007", "name", "control characters"},
		{"name", 1, "name", "a string"},
		{"directoryUserMemberIDs", []string{nobodyID}, "directoryUserMemberIDs", nobodyID},
		{"directoryUserMemberIDs", []string{newGroupID}, "directoryUserMemberIDs", "member of itself"},
		{"directoryUserMemberIDs", slices.Repeat([]string{ada}, 5001), "directoryUserMemberIDs", "at most 5000"},
		{"directoryUserMemberIDs", "x", "directoryUserMemberIDs", "array of strings"},
	} {
		fieldRefused(t, create(test.name, test.value), test.field, test.part)
	}
	refused(t, create("id", everyone), http.StatusConflict, "belongs to Everyone already")
	refused(t, create("id", grace), http.StatusConflict, "belongs to Grace Hopper already")
	refused(t, create("name", "EVERYONE"), http.StatusConflict, `\"Everyone\" exists already`)

	update := func(id string, body role) response {
		return b.sendJSON(t, http.MethodPut, identity+"Group/"+id, token, body.with("partitionGlobalId", orgID))
	}
	refused(t, update(engineers, role{}), http.StatusConflict, `send \"Test Engineering\"`)
	refused(t, update(engineers, role{"name": "everyone"}), http.StatusConflict, `\"Everyone\" exists already`)
	refused(t, update(everyone, role{"name": "All"}), http.StatusForbidden, "built in")
	refused(t, update(nobodyID, role{"name": "A"}), http.StatusNotFound, "The entity was not found.")
	fieldRefused(t, update("x", role{"name": "A"}), "id", "'x' is not valid")
	fieldRefused(t, update(engineers, role{"name": ""}), "name", "required")
	fieldRefused(t, update(engineers, role{"name": "A", "directoryUserIDsToAdd": []string{engineers}}), "directoryUserIDsToAdd", "itself")
	fieldRefused(t, update(engineers, role{"name": "A", "directoryUserIDsToRemove": slices.Repeat([]string{ada}, 5001)}),
		"directoryUserIDsToRemove", "at most 5000")
	fieldRefused(t, b.sendJSON(t, http.MethodPut, identity+"Group/"+engineers, token, role{"name": "A"}), "partitionGlobalId", "''")
}

func TestWhoMayChangeGroups(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	before := b.get(t, "/_reference/snapshot", "").text
	reader, grace := b.scoped(t, "PM.Group.Read"), b.as(t, "grace.hopper@acme.example")
	for _, request := range [][2]string{
		{http.MethodPost, "Group"}, {http.MethodPut, "Group/" + engineers}, {http.MethodDelete, "Group/" + orgID + "/" + engineers},
	} {
		path := identity + request[1]
		r := b.sendJSON(t, request[0], path, reader, validGroup())
		const want = `{"errorMessage":"Scope(s) 'PM.Group.Read' is(are) invalid. Expect to have 'PM.Group' or 'PM.Group.Write'. "}`
		if r.status != http.StatusForbidden || r.text != want {
			t.Errorf("%s: got %d %s", request, r.status, r.text)
		}
		refused(t, b.sendJSON(t, request[0], path, grace, validGroup()), http.StatusForbidden, "Only organization administrators")
		refused(t, b.sendJSON(t, request[0], path, "", validGroup()), http.StatusUnauthorized, "no bearer token")
	}
	if d := cmp.Diff(before, b.get(t, "/_reference/snapshot", "").text); d != "" {
		t.Errorf("something changed:\n%s", d)
	}
}

func TestASnapshotHoldsGroupsAndWhatTheDeletedLeave(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token := b.as(t, "terraform")
	if r := b.sendJSON(t, http.MethodPost, identity+"Group", token, validGroup().with("name", "Ünïts: [a, b] # c")); r.status != http.StatusCreated {
		t.Fatalf("got %d %s", r.status, r.text)
	}
	// Invoice Processing holds a role, which stays when the group is gone.
	b.send(t, http.MethodDelete, identity+"Group/"+orgID+"/"+processing, "", http.Header{"Authorization": {token}})
	first := b.get(t, "/_reference/snapshot", "").text
	if !strings.Contains(first, "principal: {group: "+processing+"}") || strings.Contains(first, "name: Invoice Processing") {
		t.Errorf("snapshot:\n%s", first)
	}
	other := open(t, backend.Options{Seed: []byte(first)})
	if d := cmp.Diff(first, other.get(t, "/_reference/snapshot", "").text); d != "" {
		t.Errorf("the second snapshot differs:\n%s", d)
	}
}

func TestTheDirectoryIsInTheJournal(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token := b.as(t, "")
	for _, path := range []string{
		"Directory/Search/" + orgID + "?startsWith=a", "Directory/Scopes/" + orgID, "User/users/" + orgID, "User/" + ada, "Group/" + orgID,
		"Group/" + orgID + "/" + engineers, "Group/" + orgID + "/" + engineers + "/Members", "RobotAccount/" + orgID,
		"RobotAccount/" + orgID + "/" + regression, "ExternalClient/" + orgID, "ExternalClient/" + orgID + "/" + terraformID,
	} {
		b.mustGet(t, identity+path, token)
	}
	b.mustGet(t, "/acme/Production/orchestrator_/odata/Folders", token)
	b.sendJSON(t, http.MethodPost, identity+"Directory/BulkResolveByName/"+orgID, token, role{})
	b.sendJSON(t, http.MethodPost, identity+"Directory/GroupMembership/"+orgID, token, role{})
	b.sendJSON(t, http.MethodPost, identity+"Group", token, role{})
	b.sendJSON(t, http.MethodPut, identity+"Group/"+engineers, token, role{})
	b.sendJSON(t, http.MethodDelete, identity+"Group/"+orgID+"/"+engineers, token, role{})
	want := map[string]int{
		"SearchDirectory": 1, "DirectoryScopes": 1, "ListUsers": 1, "GetUser": 1, "ListGroups": 1, "GetGroup": 1, "ListGroupMembers": 1,
		"ListRobotAccounts": 1, "GetRobotAccount": 1, "ListExternalClients": 1, "GetExternalClient": 1, "ListFolders": 1,
		"BulkResolveByName": 1, "GroupMembership": 1, "CreateGroup": 1, "UpdateGroup": 1, "DeleteGroup": 1,
	}
	if d := cmp.Diff(want, b.Journal()); d != "" {
		t.Errorf("counts (-want +got):\n%s", d)
	}
}

func TestStrictModeKnowsTheDirectorysParameters(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{Strict: true})
	token := b.as(t, "terraform")
	fieldRefused(t, b.get(t, identity+"User/users/"+orgID+"?serchTerm=a", token), "serchTerm", `Did you mean "searchTerm"`)
	fieldRefused(t, b.get(t, identity+"Group/"+orgID+"?top=5", token), "top", "not known")
	body := validGroup().with("members", json.RawMessage("[]"))
	fieldRefused(t, b.sendJSON(t, http.MethodPost, identity+"Group", token, body), "members", "not known")
	if r := b.get(t, identity+"Group/"+orgID+"?x-uipath-internal-accountid="+orgID, token); r.status != http.StatusOK {
		t.Errorf("got %d %s", r.status, r.text)
	}
	for _, path := range []string{"Group/" + orgID, "ExternalClient/" + orgID, "Directory/Search/" + orgID + "?startsWith=a&scope=x"} {
		path, more, _ := strings.Cut(path, "?")
		b.mustGet(t, identity+path+"?$count=false&"+more, token)
		fieldRefused(t, b.get(t, identity+path+"?$count=true&"+more, token), "$count", "not known")
	}
	fieldRefused(t, b.get(t, "/acme/pap_/api/roles?$count=false", token), "$count", "not known")
	resolve := b.sendJSON(t, http.MethodPost, identity+"Directory/BulkResolveByName/"+orgID, token,
		map[string]any{"entityNames": []string{"terraform"}, "entityType": "application", "scope": nil})
	if resolve.status != http.StatusOK || !strings.Contains(resolve.text, terraformID) {
		t.Errorf("resolving with a scope: %d %s", resolve.status, resolve.text)
	}
}

// FuzzPostGroup sends any body: the answer is a group or a refusal, never a failure, a refusal changes nothing, and a group
// that is there is in the snapshot.
func FuzzPostGroup(f *testing.F) {
	valid, err := json.Marshal(validGroup())
	if err != nil {
		f.Fatal(err)
	}
	for _, text := range []string{
		string(valid), "", "null", "{}", `{"partitionGlobalId":"` + orgID + `","id":"` + newGroupID + `","name":"\u2028: #"}`,
		`{"partitionGlobalId":"` + orgID + `","id":"` + newGroupID + `","name":"` + newGroupID + `","directoryUserMemberIDs":[null,""]}`,
	} {
		f.Add(text)
	}
	b, err := backend.Open(f.Context(), backend.Options{})
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
		w := serve(t, b, http.MethodPost, identity+"Group", body, token)
		after := serve(t, b, http.MethodGet, "/_reference/snapshot", "", token).Body.Bytes()
		switch {
		case w.Code >= http.StatusInternalServerError || !json.Valid(w.Body.Bytes()):
			t.Fatalf("got %d %s", w.Code, w.Body)
		case w.Code != http.StatusCreated && before != string(after):
			t.Fatalf("a refusal changed something: %d %s", w.Code, w.Body)
		case w.Code != http.StatusCreated:
			return
		}
		again, err := backend.Open(t.Context(), backend.Options{Seed: after})
		if err != nil {
			t.Fatalf("the snapshot is no seed: %v", err)
		}
		if second := serve(t, again, http.MethodGet, "/_reference/snapshot", "", token).Body.String(); second != string(after) {
			t.Errorf("the second snapshot differs:\n%s\n%s", after, second)
		}
		if err := again.Close(); err != nil {
			t.Fatal(err)
		}
		if r := serve(t, b, http.MethodPost, "/_reference/reset", "", token); r.Code != http.StatusNoContent {
			t.Fatalf("reset: %d %s", r.Code, r.Body)
		}
	})
}
