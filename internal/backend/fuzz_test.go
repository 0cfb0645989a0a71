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
