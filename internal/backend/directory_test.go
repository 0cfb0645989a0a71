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

// What the built-in organization has in its directory.
const (
	grace      = "3a000000-0000-4000-8000-000000000002"
	edsger     = "3a000000-0000-4000-8000-000000000005"
	barbara    = "3a000000-0000-4000-8000-000000000006"
	margaret   = "3a000000-0000-4000-8000-000000000007"
	dennis     = "3a000000-0000-4000-8000-000000000008"
	everyone   = "3b000000-0000-4000-8000-000000000004"
	discovery  = "3b000000-0000-4000-8000-000000000005"
	processing = "3b000000-0000-4000-8000-000000000006"
	engineers  = "3b000000-0000-4000-8000-000000000009"
	admins     = "35551807-06b1-4cda-90a1-2fb84851eee7"
	regression = "3f000000-0000-4000-8000-000000000003"

	identity = "/acme/identity_/api/"
)

// mustGet reads something that is there.
func (b *bench) mustGet(t *testing.T, path, authorization string) response {
	t.Helper()
	r := b.get(t, path, authorization)
	if r.status != http.StatusOK {
		t.Fatalf("%s: got %d %s", path, r.status, r.text)
	}
	return r
}

// sendJSON sends a JSON body.
func (b *bench) sendJSON(t *testing.T, method, path, authorization string, body any) response {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return b.send(t, method, path, string(text), http.Header{"Authorization": {authorization}, "Content-Type": {"application/json"}})
}

// scoped returns the Authorization header of the application terraform with a token for some of its scopes.
func (b *bench) scoped(t *testing.T, scopes string) string {
	t.Helper()
	r := b.token(t, tokenPath, credentials("scope", scopes), nil)
	if r.status != http.StatusOK {
		t.Fatalf("got %d %s", r.status, r.text)
	}
	return "Bearer " + decode[tokenBody](t, r).AccessToken
}

type searched struct {
	Source, Identifier, IdentityName, DisplayName, ObjectType string
	Email, Domain                                             *string
	Type                                                      int
}

func TestDirectorySearch(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	// Nobody needs a right for it.
	token := b.as(t, "edsger.dijkstra@acme.example")
	for query, want := range map[string][]string{
		"startsWith=grace":                     {"0 DirectoryUser local Grace Hopper"},
		"startsWith=GRACE.H&entityType=user":   {"0 DirectoryUser local Grace Hopper"},
		"startsWith=b":                         {"0 DirectoryUser directory Barbara Liskov"},
		"startsWith=b&sourceFilter=localUsers": nil,
		"startsWith=b&sourceFilter=localusers&sourceFilter=DirectoryUsers": {"0 DirectoryUser directory Barbara Liskov"},
		"startsWith=automation&entityType=Group":                           {"1 DirectoryGroup local Automation Developers", "1 DirectoryGroup local Automation Users"},
		"startsWith=invoice":                                               {"1 DirectoryGroup local Invoice Processing", "0 DirectoryRobotUser local Invoice Robot"},
		"startsWith=invoice&sourceFilter=robotAccounts":                    {"0 DirectoryRobotUser local Invoice Robot"},
		"startsWith=invoice&entityType=user":                               {"0 DirectoryRobotUser local Invoice Robot"},
		"startsWith=terra&entityType=application":                          {"2 DirectoryApplication local terraform", "2 DirectoryApplication local terraform-production"},
		"startsWith=terra&sourceFilter=localGroups&entityType=application": nil,
		"startsWith=nobody":                                                nil,
	} {
		found := decode[[]searched](t, b.mustGet(t, identity+"Directory/Search/"+orgID+"?"+query, token))
		var got []string
		for _, e := range found {
			got = append(got, fmt.Sprintf("%d %s %s %s", e.Type, e.ObjectType, e.Source, e.DisplayName))
			if (e.Email != nil) != strings.Contains(e.IdentityName, "@") || e.Domain != nil || e.Identifier == "" {
				t.Errorf("%s: %+v", query, e)
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", query, d)
		}
	}
	if r := b.mustGet(t, identity+"Directory/Search/"+orgID+"?startsWith=nobody", token); r.text != "[]" {
		t.Errorf("nobody: %s, want an empty list", r.text)
	}
	for query, field := range map[string]string{
		"": "startsWith", "startsWith=": "startsWith", "startsWith=a&entityType=robot": "entityType",
		"startsWith=a&sourceFilter=aad": "sourceFilter",
	} {
		fieldRefused(t, b.get(t, identity+"Directory/Search/"+orgID+"?"+query, token), field, "")
	}
}

func TestResolvingNames(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	const path = identity + "Directory/BulkResolveByName/" + orgID
	type entity struct {
		ObjectType, Source, Identifier, Name, Email, DisplayName string
		ExternalID                                               *string
	}
	token := b.scoped(t, "OR.Folders.Read")
	resolve := func(body map[string]any) response { return b.sendJSON(t, http.MethodPost, path, token, body) }

	got := decode[map[string]*entity](t, resolve(map[string]any{"entityType": "user", "entityNames": []string{
		"GRACE.hopper@acme.example", "Grace Hopper", "invoice-robot", "",
	}}))
	want := map[string]*entity{
		"GRACE.hopper@acme.example": {
			ObjectType: "DirectoryUser", Source: "local", Identifier: grace, Name: "grace.hopper@acme.example",
			Email: "grace.hopper@acme.example", DisplayName: "Grace Hopper",
		},
		"Grace Hopper": nil, "invoice-robot": nil, "": nil,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("users (-want +got):\n%s", d)
	}
	groups := decode[map[string]*entity](t, resolve(map[string]any{"entityType": "Group", "entityNames": []string{"Administrators", "administrators"}}))
	if len(groups) != 2 || groups["Administrators"] == nil || groups["Administrators"].Identifier != admins || groups["administrators"] != nil {
		t.Errorf("groups %+v", groups)
	}
	applications := decode[map[string]*entity](t, resolve(map[string]any{"entityType": "application", "entityNames": []string{"Terraform"}}))
	if e := applications["Terraform"]; e == nil || e.Identifier != terraformID || e.ObjectType != "DirectoryApplication" {
		t.Errorf("applications %+v", applications)
	}

	r := resolve(map[string]any{"entityType": "user", "entityNames": slices.Repeat([]string{"x"}, 21)})
	const tooMany = `{"StatusCode":400,"StatusDescription":"BadRequest","Message":"entityNames size is larger that maximum supported value of 20 (Parameter 'entityNames')","Description":""}`
	if r.status != http.StatusBadRequest || r.text != tooMany {
		t.Errorf("21 names: got %d %s", r.status, r.text)
	}
	if r := resolve(map[string]any{"entityType": "user", "entityNames": slices.Repeat([]string{"x"}, 20)}); r.status != http.StatusOK {
		t.Errorf("20 names: got %d %s", r.status, r.text)
	}
	fieldRefused(t, resolve(map[string]any{"entityType": "robot", "entityNames": []string{"x"}}), "entityType", "'robot' is not valid")
	fieldRefused(t, resolve(map[string]any{"entityNames": []string{"x"}}), "entityType", "is not valid")
	fieldRefused(t, resolve(map[string]any{"entityType": "user"}), "entityNames", "required")
	fieldRefused(t, resolve(map[string]any{"entityType": "user", "entityNames": "x"}), "entityNames", "array of strings")
}

func TestDirectoryScopes(t *testing.T) {
	t.Parallel()
	const local, linked = `[{"source":"local","external":false}]`, `[{"source":"local","external":false},{"source":"directory","external":true}]`
	b := open(t, backend.Options{})
	if r := b.mustGet(t, identity+"Directory/Scopes/"+orgID, b.as(t, "edsger.dijkstra@acme.example")); r.text != linked {
		t.Errorf("got %s, want %s", r.text, linked)
	}
	alone := open(t, backend.Options{Seed: []byte("organization: {id: " + orgID + ", name: acme, defaultCaller: a}\nusers: [{userName: a}]")})
	if r := alone.mustGet(t, identity+"Directory/Scopes/"+orgID, alone.as(t, "")); r.text != local {
		t.Errorf("got %s, want %s", r.text, local)
	}
}

func TestGroupMembership(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	const path = identity + "Directory/GroupMembership/" + orgID
	token := b.as(t, "edsger.dijkstra@acme.example")
	ask := func(user string, groups ...string) response {
		return b.sendJSON(t, http.MethodPost, path, token, map[string]any{"userId": user, "groupIds": groups})
	}
	names := func(r response) []string {
		var names []string
		for _, e := range decode[[]struct{ Name, ObjectType string }](t, r) {
			names = append(names, e.ObjectType+" "+e.Name)
		}
		return names
	}
	// Edsger is in Process Discovery through Invoice Processing.
	got := names(ask(strings.ToUpper(edsger), strings.ToUpper(discovery), processing, admins, nobodyID))
	if want := []string{"DirectoryGroup Invoice Processing", "DirectoryGroup Process Discovery"}; !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := names(ask(regression, engineers)); len(got) != 1 {
		t.Errorf("a robot account is in %v", got)
	}
	if r := ask(nobodyID, everyone); r.text != "[]" {
		t.Errorf("nobody is in %s", r.text)
	}
	fieldRefused(t, b.sendJSON(t, http.MethodPost, path, token, map[string]any{"groupIds": []string{}}), "userId", "required")
	fieldRefused(t, b.sendJSON(t, http.MethodPost, path, token, map[string]any{"userId": ada}), "groupIds", "required")
	fieldRefused(t, ask(ada, slices.Repeat([]string{everyone}, 1001)...), "groupIds", "at most 1000")
}

// directoryPaths are the endpoints that need a right, with the scopes of which one is enough.
var directoryPaths = map[string]string{
	"User/users/" + orgID:                          "PM.User PM.User.Read",
	"User/" + ada:                                  "PM.User PM.User.Read",
	"Group/" + orgID:                               "PM.Group PM.Group.Read",
	"Group/" + orgID + "/" + everyone:              "PM.Group PM.Group.Read",
	"Group/" + orgID + "/" + everyone + "/Members": "PM.Group PM.Group.Read",
	"RobotAccount/" + orgID:                        "PM.RobotAccount.Read",
	"RobotAccount/" + orgID + "/" + regression:     "PM.RobotAccount.Read",
	"ExternalClient/" + orgID:                      "PM.OAuthApp.Read",
	"ExternalClient/" + orgID + "/" + terraformID:  "PM.OAuthApp.Read",
}

func TestWhoMayReadTheDirectory(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	for path, scopes := range directoryPaths {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			for scope := range strings.FieldsSeq(scopes) {
				b.mustGet(t, identity+path, b.scoped(t, scope))
			}
			b.mustGet(t, identity+path, b.as(t, "ada.lovelace@acme.example"))
			b.mustGet(t, identity+path, "Bearer "+patOfAda)
			r := b.get(t, identity+path, b.scoped(t, "OR.Folders.Read"))
			expected := `{"errorMessage":"Scope(s) 'OR.Folders.Read' is(are) invalid. Expect to have '`
			if r.status != http.StatusForbidden || !strings.HasPrefix(r.text, expected) || !strings.HasSuffix(r.text, `.Read'. "}`) {
				t.Errorf("without the scope: got %d %s", r.status, r.text)
			}
			refused(t, b.get(t, identity+path, b.as(t, "grace.hopper@acme.example")), http.StatusForbidden, "Only organization administrators")
			refused(t, b.get(t, identity+path, "Bearer reference-backend-token-of-grace"), http.StatusForbidden, "Only organization administrators")
			refused(t, b.get(t, identity+path, ""), http.StatusUnauthorized, "no bearer token")
		})
	}
	r := b.get(t, identity+"RobotAccount/"+orgID, b.scoped(t, "PM.User PM.Group"))
	const want = `{"errorMessage":"Scope(s) 'PM.User PM.Group' is(are) invalid. Expect to have 'PM.RobotAccount' or 'PM.RobotAccount.Read'. "}`
	if r.text != want {
		t.Errorf("got %s, want %s", r.text, want)
	}
}

func TestAWrongPartition(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token := b.as(t, "")
	paths := []string{"Directory/Search/" + orgID + "?startsWith=a", "Directory/Scopes/" + orgID}
	for path := range directoryPaths {
		if strings.Contains(path, orgID) {
			paths = append(paths, path)
		}
	}
	for _, path := range paths {
		b.mustGet(t, strings.Replace(identity+path, orgID, strings.ToUpper(orgID), 1), token)
		for _, wrong := range []string{"acme", nobodyID} {
			r := b.get(t, strings.Replace(identity+path, orgID, wrong, 1), token)
			fieldRefused(t, r, "partitionGlobalId", "The value '"+wrong+"' is not valid.")
		}
	}
	for _, path := range []string{"Directory/BulkResolveByName/acme", "Directory/GroupMembership/acme"} {
		fieldRefused(t, b.sendJSON(t, http.MethodPost, identity+path, token, map[string]any{}), "partitionGlobalId", "'acme'")
	}
	refused(t, b.get(t, "/initech/identity_/api/Group/"+orgID, token), http.StatusNotFound, "initech")
}
