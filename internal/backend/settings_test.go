package backend_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

type settingBody struct {
	ID                            int
	Key, Value, PartitionGlobalID string
	UserID                        *string
}

func settingsPath(user string, keys ...string) string {
	path := identity + "Setting?partitionGlobalId=" + orgID
	if user != "" {
		path += "&userId=" + user
	}
	for _, key := range keys {
		path += "&key=" + key
	}
	return path
}

func putSettings(user string, pairs ...string) role {
	body := role{"partitionGlobalId": orgID, "userId": user}
	settings := []role{}
	for i := 0; i+1 < len(pairs); i += 2 {
		settings = append(settings, role{"key": pairs[i], "value": pairs[i+1]})
	}
	return body.with("settings", settings)
}

func TestSettings(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token := b.as(t, "grace.hopper@acme.example")
	user := grace
	if r := b.mustGet(t, settingsPath(grace, "a", "b"), token); r.text != "[]" {
		t.Errorf("before: %s", r.text)
	}
	put := func(body role) []settingBody {
		t.Helper()
		r := b.sendJSON(t, http.MethodPut, identity+"Setting", token, body)
		if r.status != http.StatusOK {
			t.Fatalf("got %d %s", r.status, r.text)
		}
		return decode[[]settingBody](t, r)
	}
	odd := "{\"x\": [\n  1,\t2\r\n]} \u2028# é "
	want := []settingBody{{63053, "UserCase.AppOrderByTenant", "light", orgID, &user}, {63054, "b", odd, orgID, &user}, {63055, "c", "", orgID, &user}}
	if d := cmp.Diff(want, put(putSettings(grace, "UserCase.AppOrderByTenant", "light", "b", odd, "c", ""))); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	want[1].Value = "false"
	if d := cmp.Diff(want[1:2], put(putSettings(strings.ToUpper(grace), "b", "false"))); d != "" {
		t.Errorf("changed (-want +got):\n%s", d)
	}
	put(putSettings(grace, "b", odd))
	want[1].Value = odd
	if d := cmp.Diff(want, decode[[]settingBody](t, b.mustGet(t, settingsPath(grace, "c", "b", "d", "UserCase.AppOrderByTenant"), token))); d != "" {
		t.Errorf("read (-want +got):\n%s", d)
	}
	for path, want := range map[string]string{settingsPath(grace): "[]", settingsPath(grace, "B"): "[]", settingsPath(grace, "c", "c"): `"key":"c"`} {
		if r := b.mustGet(t, path, token); !strings.Contains(r.text, want) {
			t.Errorf("%s: got %s, want %s", path, r.text, want)
		}
	}
	token = b.as(t, "")
	organization := put(role{"partitionGlobalId": orgID, "settings": []role{{"key": "a", "value": nil}}})
	if d := cmp.Diff([]settingBody{{63056, "a", "", orgID, nil}}, organization); d != "" {
		t.Errorf("of the organization (-want +got):\n%s", d)
	}
	b.sameAfterSnapshot(t)
	b.deleteUser(t, grace, token).done(t)
	if strings.Contains(b.state(t), "UserCase.AppOrderByTenant") {
		t.Error("a deleted user leaves settings")
	}
	b.sameAfterSnapshot(t)
}

func TestWhoMayUseSettings(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{Seed: withScopes(t, "terraform", "PM.Setting.Read", "PM.Setting.Write", "PM.User")})
	ada := b.as(t, "")
	for _, user := range []string{"", grace, edsger} {
		for _, token := range []string{ada, b.scoped(t, "PM.Setting.Read")} {
			b.mustGet(t, settingsPath(user, "a"), token)
		}
		body := putSettings(user, "a", "1")
		if user == "" {
			body = body.with("userId", nil)
		}
		for _, token := range []string{ada, b.scoped(t, "PM.Setting.Write")} {
			if r := b.sendJSON(t, http.MethodPut, identity+"Setting", token, body); r.status != http.StatusOK {
				t.Errorf("got %d %s", r.status, r.text)
			}
		}
	}
	before := b.state(t)
	graces := b.as(t, "grace.hopper@acme.example")
	b.mustGet(t, settingsPath(grace, "a"), graces)
	for _, user := range []string{"", edsger} {
		refused(t, b.get(t, settingsPath(user, "a"), graces), http.StatusForbidden, "Only organization administrators")
		refused(t, b.sendJSON(t, http.MethodPut, identity+"Setting", graces, putSettings(user, "a", "2").with("userId", orNil(user))),
			http.StatusForbidden, "Only organization administrators")
	}
	for method, scope := range map[string]string{http.MethodGet: "Read", http.MethodPut: "Write"} {
		r := b.sendJSON(t, method, settingsPath(grace, "a"), b.scoped(t, "PM.User"), putSettings(grace, "a", "2"))
		want := fmt.Sprintf("Expect to have 'PM.Setting' or 'PM.Setting.%s'. ", scope)
		if r.status != http.StatusForbidden || !strings.Contains(r.text, want) {
			t.Errorf("%s without the scope: got %d %s", method, r.status, r.text)
		}
		refused(t, b.sendJSON(t, method, settingsPath(grace, "a"), "", putSettings(grace, "a", "2")), http.StatusUnauthorized, "no bearer token")
	}
	if d := cmp.Diff(before, b.state(t)); d != "" {
		t.Errorf("something changed:\n%s", d)
	}
}

func orNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func TestSettingsRefusals(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token, before := b.as(t, ""), b.state(t)
	put := func(body role) response { return b.sendJSON(t, http.MethodPut, identity+"Setting", token, body) }
	refused(t, b.get(t, settingsPath(nobodyID, "a"), token), http.StatusNotFound, "The entity was not found.")
	fieldRefused(t, b.get(t, settingsPath("x", "a"), token), "userId", "'x' is not valid")
	fieldRefused(t, b.get(t, identity+"Setting?key=a", token), "partitionGlobalId", "''")
	fieldRefused(t, b.get(t, identity+"Setting?key=a&partitionGlobalId="+nobodyID, token), "partitionGlobalId", nobodyID)
	fieldRefused(t, b.get(t, settingsPath("", strings.Split(strings.Repeat("a ", 1001), " ")...), token), "key", "at most 1000")
	refused(t, put(putSettings(nobodyID, "a", "1")), http.StatusNotFound, "The entity was not found.")
	fieldRefused(t, put(putSettings(grace).with("settings", nil)), "settings", "required")
	fieldRefused(t, put(putSettings(grace, "a", "1", " ", "2")), "settings", "' ' is not the key")
	fieldRefused(t, put(putSettings(grace).with("settings", []role{{"value": "x"}})), "settings[0].key", "required")
	fieldRefused(t, put(putSettings(grace).with("settings", []role{{"key": "x", "value": 8}})), "settings[0].value", "a string")
	fieldRefused(t, put(putSettings(grace, "a", "1").with("partitionGlobalId", nobodyID)), "partitionGlobalId", nobodyID)
	if d := cmp.Diff(before, b.state(t)); d != "" {
		t.Errorf("a refusal changed something:\n%s", d)
	}
}
