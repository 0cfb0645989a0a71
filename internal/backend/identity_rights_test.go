package backend_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/seed"
)

// withScopes returns the built-in seed, in which an application has exactly the given scopes.
func withScopes(t *testing.T, application string, scopes ...string) []byte {
	t.Helper()
	pattern := regexp.MustCompile(`(?s)(    name: ` + application + `\n    secret: [^\n]*\n    scopes: \[)[^\]]*\]`)
	file := seed.Default()
	if !pattern.Match(file) {
		t.Fatalf("the seed has no application %s with scopes", application)
	}
	return pattern.ReplaceAll(file, []byte("${1}"+strings.Join(scopes, ", ")+"]"))
}

// TestWhoMayWriteAccounts asks for everything that changes accounts as somebody who may not, and with each scope that is enough.
func TestWhoMayWriteAccounts(t *testing.T) {
	t.Parallel()
	const users, groups, robotAccounts, clients = "PM.User", "PM.Group", "PM.RobotAccount", "PM.OAuthApp"
	b := open(t, backend.Options{Seed: withScopes(t, "terraform", "PM.Directory", users, users+".Write", groups, groups+".Write",
		robotAccounts, robotAccounts+".Write", clients, clients+".Write", "PM.OAuthAppSecret.Write")})
	partition := role{"partitionGlobalId": orgID}
	before := b.state(t)
	for _, test := range []struct {
		method, path string
		body         any
		scope        string
		// status is what an application with the scope gets.
		status int
	}{
		{http.MethodPut, "User/" + nobodyID, role{}, users, http.StatusNotFound},
		{http.MethodPost, "User", partition, users, http.StatusBadRequest},
		{http.MethodPost, "User/BulkCreate", newUsers(), users, http.StatusOK},
		{http.MethodPost, "User/InviteUsers", []role{}, users, http.StatusOK},
		{http.MethodDelete, "User", partition.with("userIds", []string{}), users, http.StatusNoContent},
		{http.MethodDelete, "Group/" + orgID, role{"groupIDs": []string{}}, groups, http.StatusNoContent},
		{http.MethodPost, "RobotAccount", partition, robotAccounts, http.StatusBadRequest},
		{http.MethodPut, "RobotAccount/" + nobodyID, role{}, robotAccounts, http.StatusNotFound},
		{http.MethodDelete, "RobotAccount/" + orgID + "/" + nobodyID, role{}, robotAccounts, http.StatusNotFound},
		{http.MethodDelete, "RobotAccount/" + orgID, role{"robotAccountIDs": []string{}}, robotAccounts, http.StatusNoContent},
		{http.MethodPost, "ExternalClient", partition, clients, http.StatusBadRequest},
		{http.MethodPut, "ExternalClient/" + orgID + "/" + nobodyID, role{}, clients, http.StatusNotFound},
		{http.MethodDelete, "ExternalClient/" + orgID + "/" + nobodyID, role{}, clients, http.StatusNotFound},
	} {
		send := func(token string) response { return b.sendJSON(t, test.method, identity+test.path, token, test.body) }
		for _, scope := range []string{test.scope, test.scope + ".Write"} {
			if r := send(b.scoped(t, scope)); r.status != test.status {
				t.Errorf("%s %s with %s: got %d %s, want %d", test.method, test.path, scope, r.status, r.text, test.status)
			}
		}
		r := send(b.scoped(t, "PM.Directory"))
		want := fmt.Sprintf(`{"errorMessage":"Scope(s) 'PM.Directory' is(are) invalid. Expect to have '%s' or '%[1]s.Write'. "}`, test.scope)
		if r.status != http.StatusForbidden || r.text != want {
			t.Errorf("%s %s without the scope: got %d %s, want %s", test.method, test.path, r.status, r.text, want)
		}
		refused(t, send(b.as(t, "grace.hopper@acme.example")), http.StatusForbidden, "Only organization administrators")
		refused(t, send(""), http.StatusUnauthorized, "no bearer token")
	}
	if d := cmp.Diff(before, b.state(t)); d != "" {
		t.Errorf("something changed:\n%s", d)
	}
}
