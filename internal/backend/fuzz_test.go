package backend_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

// FuzzPutRole sends any body: the answer is a role or a refusal, never a failure, and a refusal changes nothing.
func FuzzPutRole(f *testing.F) {
	valid, err := json.Marshal(validRole())
	if err != nil {
		f.Fatal(err)
	}
	for _, text := range []string{
		string(valid), "", "null", "{}", `{"id":"` + invoiceOps + `"}`, `{"roleName":"\u0000"}`, `{"roleName":1,"ROLENAME":2}`,
		`{"actionsGrantedByRole":["A.B.C",null]}`, strings.Repeat("[", 100), `{"tenantId":"` + zeroID + `","roleScopeType":"tenantglobal"}`,
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
	call := func(t *testing.T, method, path, body string) *httptest.ResponseRecorder {
		t.Helper()
		return serve(t, b, method, path, body, token)
	}
	f.Fuzz(func(t *testing.T, body string) {
		before := call(t, http.MethodGet, "/_reference/snapshot", "").Body.String()
		w := call(t, http.MethodPut, "/acme/pap_/api/roles", body)
		if w.Code >= http.StatusInternalServerError {
			t.Fatalf("got %d %s", w.Code, w.Body)
		}
		if !json.Valid(w.Body.Bytes()) {
			t.Fatalf("not JSON: %s", w.Body)
		}
		after := call(t, http.MethodGet, "/_reference/snapshot", "")
		if after.Code != http.StatusOK {
			t.Fatalf("snapshot: %d %s", after.Code, after.Body)
		}
		if w.Code != http.StatusOK {
			if before != after.Body.String() {
				t.Fatalf("a refusal changed something: %d %s", w.Code, w.Body)
			}
			return
		}
		again, err := backend.Open(t.Context(), backend.Options{Seed: after.Body.Bytes()})
		if err != nil {
			t.Fatalf("the snapshot is no seed: %v", err)
		}
		if err := again.Close(); err != nil {
			t.Fatal(err)
		}
		if reset := call(t, http.MethodPost, "/_reference/reset", ""); reset.Code != http.StatusNoContent {
			t.Fatalf("reset: %d %s", reset.Code, reset.Body)
		}
	})
}

// serve sends a request to a backend without a connection.
func serve(t testing.TB, b *backend.Backend, method, path, body, token string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	r.Host, r.RemoteAddr = "localhost", "127.0.0.1:1"
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	return w
}

// FuzzWriteAccounts sends any body to what writes accounts: the answer is never a failure, what is not accepted changes nothing, and
// the snapshot is a seed that reproduces itself.
func FuzzWriteAccounts(f *testing.F) {
	paths := []string{
		"POST User", "POST User/BulkCreate", "POST User/InviteUsers", "PUT User/" + grace, "DELETE User", "POST RobotAccount",
		"PUT RobotAccount/" + regression, "DELETE RobotAccount/" + orgID, "DELETE Group/" + orgID, "POST ExternalClient",
		"PUT ExternalClient/" + orgID + "/" + terraformID, "POST ExternalClient/GenerateSecret", "PUT Setting",
	}
	const partition = `"partitionGlobalId":"` + orgID + `"`
	for i, text := range []string{
		`{` + partition + `,"userName":"~","displayName":"null","email":"a@b"}`, `{` + partition + `,"users":[{"userName":"\u00e9"},{"userName":"x"}]}`,
		`[{"email":"a@b","redirectUrl":"http://localhost/portal_/acceptInvite"},null]`, `{"displayName":" ","email":"","name":"#: [","isActive":false}`,
		`{` + partition + `,"userIds":["` + edsger + `"]}`, `{` + partition + `,"name":"- x","displayName":"\u2028"}`, `{"displayName":"!!binary"}`,
		`{"robotAccountIDs":["` + regression + `"]}`, `{"groupIDs":["` + engineers + `"]}`,
		`{` + partition + `,"name":"terraform","isConfidential":true,"scopes":[{"name":"*a"}]}`, `{"name":"\u0085x","redirectUri":" "}`,
		`{` + partition + `,"clientId":"` + terraformID + `","expiryTime":"9999-12-31T23:59:59Z","description":"'"}`,
		`{` + partition + `,"settings":[{"key":"?","value":"\u0000\ufeff\r\n "},{"key":"~"}]}`,
	} {
		f.Add(i, text)
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
	f.Fuzz(func(t *testing.T, n int, body string) {
		method, path, _ := strings.Cut(paths[uint(n)%uint(len(paths))], " ")
		before := serve(t, b, http.MethodGet, "/_reference/snapshot", "", token).Body.String()
		w := serve(t, b, method, identity+path, body, token)
		after := serve(t, b, http.MethodGet, "/_reference/snapshot", "", token).Body.String()
		if w.Code >= http.StatusInternalServerError || w.Code != http.StatusNoContent && !json.Valid(w.Body.Bytes()) {
			t.Fatalf("got %d %s", w.Code, w.Body)
		}
		if (w.Code >= http.StatusBadRequest || strings.Contains(w.Body.String(), `"succeeded":false`)) && before != after {
			t.Fatalf("a refusal changed something: %d %s", w.Code, w.Body)
		}
		if before == after {
			return
		}
		again, err := backend.Open(t.Context(), backend.Options{Seed: []byte(after)})
		if err != nil {
			t.Fatalf("the snapshot is no seed: %v\n%s", err, after)
		}
		if second := serve(t, again, http.MethodGet, "/_reference/snapshot", "", token).Body.String(); second != after {
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
