package backend_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

type userBody struct {
	ID, UserName, Name, Surname, DisplayName     string
	Email, CreationTime                          string
	LastModificationTime, LastLoginTime          *string
	GroupIDs                                     []string
	IsActive, InvitationAccepted, EmailConfirmed bool
	BypassBasicAuthRestriction                   bool
	Type, Category                               int
	LegacyID                                     int64
}

type usersBody struct {
	TotalCount int
	Results    []userBody
}

func (u usersBody) names() string {
	var names []string
	for _, one := range u.Results {
		names = append(names, one.Name)
	}
	return strings.Join(names, " ")
}

func TestListUsers(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token := b.as(t, "")
	for query, want := range map[string]string{
		"":                               "8 Ada Alan Barbara Dennis Edsger Grace Katherine Margaret",
		"?top=3":                         "8 Ada Alan Barbara",
		"?top=3&skip=3":                  "8 Dennis Edsger Grace",
		"?top=3&skip=6":                  "8 Katherine Margaret",
		"?skip=8":                        "8 ",
		"?top=0":                         "8 ",
		"?top=1000":                      "8 Ada Alan Barbara Dennis Edsger Grace Katherine Margaret",
		"?sortBy=surname&sortOrder=DESC": "8 Alan Dennis Ada Barbara Katherine Grace Margaret Edsger",
		"?sortBy=ID&top=2":               "8 Ada Grace",
		"?searchTerm=HOPPER":             "1 Grace",
		"?searchTerm=ar&sortOrder=asc":   "2 Barbara Margaret",
		"?searchTerm=3a000000":           "0 ",
	} {
		got := decode[usersBody](t, b.mustGet(t, identity+"User/users/"+orgID+query, token))
		if text := fmt.Sprint(got.TotalCount, " ", got.names()); text != want {
			t.Errorf("%s: got %q, want %q", query, text, want)
		}
	}
	for query, field := range map[string]string{
		"?top=1001": "top", "?top=-1": "top", "?skip=x": "skip", "?sortBy=age": "sortBy", "?sortOrder=up": "sortOrder",
	} {
		fieldRefused(t, b.get(t, identity+"User/users/"+orgID+query, token), field, "")
	}
}

func TestStatesOfUsers(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token := b.as(t, "terraform")
	for id, want := range map[string]string{
		grace:    "type 0 category 0 active accepted",
		barbara:  "type 2 category 2 active accepted",
		margaret: "type 0 category 0 active invited",
		dennis:   "type 0 category 0 inactive accepted",
	} {
		u := decode[userBody](t, b.mustGet(t, identity+"User/"+strings.ToUpper(id), token))
		state, invitation := "inactive", "invited"
		if u.IsActive {
			state = "active"
		}
		if u.InvitationAccepted && u.EmailConfirmed {
			invitation = "accepted"
		}
		if got := fmt.Sprintf("type %d category %d %s %s", u.Type, u.Category, state, invitation); got != want || u.ID != id {
			t.Errorf("%s: got %s, want %s", u.DisplayName, got, want)
		}
		if u.Email != u.UserName || u.CreationTime == "" || u.LastModificationTime != nil || u.LegacyID == 0 || len(u.GroupIDs) == 0 {
			t.Errorf("%+v", u)
		}
	}
	refused(t, b.get(t, identity+"User/"+nobodyID, token), http.StatusNotFound, "The entity was not found.")
	fieldRefused(t, b.get(t, identity+"User/grace", token), "id", "'grace' is not valid")
}

func TestAUserInNoGroupHasNullForGroups(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{Seed: []byte(
		"organization: {id: " + orgID + ", name: acme}\nusers: [{userName: bill}]\nexternalApplications: [{name: a, secret: x, scopes: [PM.User]}]")})
	r := b.mustGet(t, identity+"User/users/"+orgID, b.as(t, "a"))
	if !strings.Contains(r.text, `"groupIDs":null`) || !strings.Contains(r.text, `"email":""`) {
		t.Errorf("got %s", r.text)
	}
}

func TestTenUsersAreAPage(t *testing.T) {
	t.Parallel()
	var seed strings.Builder
	seed.WriteString("organization: {id: " + orgID + ", name: acme}\nexternalApplications: [{name: a, secret: x, scopes: [PM.User]}]\nusers:\n")
	for n := range 11 {
		fmt.Fprintf(&seed, "  - {userName: user-%02d, name: \"%02d\"}\n", n, n)
	}
	b := open(t, backend.Options{Seed: []byte(seed.String())})
	got := decode[usersBody](t, b.mustGet(t, identity+"User/users/"+orgID, b.as(t, "a")))
	if got.TotalCount != 11 || got.names() != "00 01 02 03 04 05 06 07 08 09" {
		t.Errorf("%d: %s", got.TotalCount, got.names())
	}
}

func (b *bench) deleteUser(t *testing.T, id, authorization string) response {
	t.Helper()
	return b.send(t, http.MethodDelete, identity+"User/"+id, "", http.Header{"Authorization": {authorization}})
}

func TestDeleteUser(t *testing.T) {
	t.Parallel()
	const edsger = "3a000000-0000-4000-8000-000000000005"
	b := open(t, backend.Options{})
	admin, token := b.as(t, ""), b.as(t, "grace.hopper@acme.example")
	b.deleteUser(t, strings.ToUpper(grace), admin).done(t)
	b.deleteUser(t, edsger, b.scoped(t, "PM.User")).done(t)

	refused(t, b.get(t, identity+"User/"+grace, admin), http.StatusNotFound, "The entity was not found.")
	refused(t, b.deleteUser(t, grace, admin), http.StatusNotFound, "The entity was not found.")
	refused(t, b.get(t, "/acme/pap_/api/roles", token), http.StatusUnauthorized, "does not exist any more")
	refused(t, b.get(t, "/acme/pap_/api/roles", "Bearer reference-backend-token-of-grace"), http.StatusUnauthorized, "")
	users := decode[usersBody](t, b.mustGet(t, identity+"User/users/"+orgID, admin))
	if users.TotalCount != 6 || strings.Contains(users.names(), "Grace") || strings.Contains(users.names(), "Edsger") {
		t.Errorf("%d users are left: %s", users.TotalCount, users.names())
	}
	if r := b.mustGet(t, identity+"Group/"+orgID+"/"+everyone, admin); strings.Contains(r.text, grace) || strings.Contains(r.text, edsger) {
		t.Errorf("a group has a deleted member: %s", r.text)
	}
	left := b.held(t, "/tenant/"+production, "&noInheritance=true&securityPrincipalId="+grace, admin)
	if left.TotalCount != 1 || left.Results[0].DisplayName != nil {
		t.Errorf("what was assigned to a deleted user is %+v", left)
	}
	if got := b.Journal()["DeleteUser"]; got != 3 {
		t.Errorf("%d deletions in the journal, want 3", got)
	}
}

func TestDeleteUserRefusals(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	admin, before := b.as(t, ""), b.state(t)
	refused(t, b.deleteUser(t, ada, admin), http.StatusForbidden, "Nobody can delete their own account: another administrator may delete Ada Lovelace")
	refused(t, b.deleteUser(t, nobodyID, admin), http.StatusNotFound, "The entity was not found.")
	refused(t, b.deleteUser(t, regression, admin), http.StatusNotFound, "The entity was not found.")
	fieldRefused(t, b.deleteUser(t, "grace", admin), "id", "'grace' is not valid")
	refused(t, b.deleteUser(t, ada, b.as(t, "grace.hopper@acme.example")), http.StatusForbidden, "Only organization administrators")
	refused(t, b.deleteUser(t, ada, ""), http.StatusUnauthorized, "no bearer token")
	if r := b.deleteUser(t, ada, b.scoped(t, "PM.User.Read")); r.status != http.StatusForbidden || !strings.Contains(r.text, "'PM.User' or 'PM.User.Write'") {
		t.Errorf("with a scope to read: %d %s", r.status, r.text)
	}
	if d := cmp.Diff(before, b.state(t)); d != "" {
		t.Errorf("a refusal changed something:\n%s", d)
	}
}

// TestSnapshotOfWhatIsLeft deletes what roles are assigned to; the snapshot is a seed with the assignments.
func TestSnapshotOfWhatIsLeft(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{Seed: []byte(exportSeed)})
	admin := b.as(t, "ann")
	api := "/initech/identity_/api/"
	for _, path := range []string{"User/" + bobID, "Group/" + orgID + "/" + teamID} {
		b.send(t, http.MethodDelete, api+path, "", http.Header{"Authorization": {admin}}).done(t)
	}
	other := open(t, backend.Options{Seed: []byte(b.state(t))})
	if d := cmp.Diff(b.state(t), other.state(t)); d != "" {
		t.Errorf("the second snapshot differs:\n%s", d)
	}
	if d := cmp.Diff(b.export(t, "", admin).table(t), other.export(t, "", other.as(t, "ann")).table(t)); d != "" {
		t.Errorf("the assignments differ:\n%s", d)
	}
}

func TestTheDefaultCallerCanBeDeleted(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	b.deleteUser(t, ada, b.as(t, "terraform")).done(t)
	if _, err := b.Token(t.Context(), ""); err == nil || !strings.Contains(err.Error(), "no default caller") {
		t.Errorf("got %v", err)
	}
	other := open(t, backend.Options{Seed: []byte(b.state(t))})
	if d := cmp.Diff(b.state(t), other.state(t)); d != "" {
		t.Errorf("the second snapshot differs:\n%s", d)
	}
}

func TestRobotAccounts(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token := b.as(t, "terraform")
	type robotBody struct {
		ID, Name, DisplayName string
		GroupIDs              []string
	}
	list := decode[struct {
		TotalCount int
		Results    []robotBody
	}](t, b.mustGet(t, identity+"RobotAccount/"+orgID+"?top=1&skip=2", token))
	want := robotBody{regression, "regression-robot", "Regression Robot", []string{engineers}}
	if d := cmp.Diff([]robotBody{want}, list.Results); d != "" || list.TotalCount != 3 {
		t.Errorf("%d robot accounts (-want +got):\n%s", list.TotalCount, d)
	}
	if d := cmp.Diff(want, decode[robotBody](t, b.mustGet(t, identity+"RobotAccount/"+orgID+"/"+regression, token))); d != "" {
		t.Errorf("one robot account (-want +got):\n%s", d)
	}
	refused(t, b.get(t, identity+"RobotAccount/"+orgID+"/"+nobodyID, token), http.StatusNotFound, "The entity was not found.")
	fieldRefused(t, b.get(t, identity+"RobotAccount/"+orgID+"/x", token), "id", "not valid")
	fieldRefused(t, b.get(t, identity+"RobotAccount/"+orgID+"?sortBy=surname", token), "sortBy", "one of id, name, displayName")
}

func TestExternalClients(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token := b.as(t, "terraform")
	type clientBody struct {
		ID, Name       string
		IsConfidential bool
		Resources      []struct {
			Name   string
			Scopes []struct{ Name string }
		}
		Secrets []any
	}
	list := b.mustGet(t, identity+"ExternalClient/"+orgID, token)
	if clients := decode[[]clientBody](t, list); len(clients) != 3 || clients[0].Name != "access-review" {
		t.Errorf("clients %+v", clients)
	}
	one := b.mustGet(t, identity+"ExternalClient/"+orgID+"/"+terraformID, token)
	c := decode[clientBody](t, one)
	if c.ID != terraformID || !c.IsConfidential || len(c.Resources) != 5 || c.Resources[2].Name != "OR" || len(c.Resources[3].Scopes) != 6 {
		t.Errorf("client %+v", c)
	}
	for _, text := range []string{list.text, one.text} {
		if strings.Contains(text, terraformSecret) || strings.Contains(strings.ToLower(text), "sha256") {
			t.Errorf("a secret is shown: %s", text)
		}
	}
	refused(t, b.get(t, identity+"ExternalClient/"+orgID+"/"+nobodyID, token), http.StatusNotFound, "The entity was not found.")
}
