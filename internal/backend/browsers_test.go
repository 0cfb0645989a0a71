package backend_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

const pageOrigin = "http://localhost:3000"

// fromPage sends what a page of an origin makes a browser send.
func (b *bench) fromPage(t *testing.T, method, path, origin string, header http.Header) response {
	t.Helper()
	h := http.Header{"Origin": {origin}}
	maps.Copy(h, header)
	return b.send(t, method, path, "", h)
}

// corsHeaders returns the names of the headers that a browser looks for.
func (r response) corsHeaders() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(r.header)), func(name string) bool { return !strings.HasPrefix(name, "Access-Control-") })
}

func TestPagesOfOneOriginMayReadTheAPI(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{Origin: pageOrigin})
	for path, status := range map[string]int{
		"/acme/pap_/api/roles?top=1": http.StatusOK, "/acme/identity_/api/Group/" + orgID: http.StatusOK, "/identity_/api/Group/" + orgID: http.StatusOK,
		"/acme/Production/orchestrator_/odata/Folders": http.StatusOK, "/acme/pap_/api/nothing": http.StatusNotFound,
	} {
		r := b.fromPage(t, http.MethodGet, path, pageOrigin, http.Header{"Authorization": {b.as(t, "")}})
		if r.status != status || r.header.Get("Access-Control-Allow-Origin") != pageOrigin || r.header.Get("Vary") != "Origin" ||
			!strings.Contains(r.header.Get("Access-Control-Expose-Headers"), "X-Request-Id") {
			t.Errorf("%s: got %d, headers %v", path, r.status, r.header)
		}
	}
	question := http.Header{"Access-Control-Request-Method": {"PATCH"}, "Access-Control-Request-Headers": {"authorization,traceparent"}}
	before := b.Journal()
	r := b.fromPage(t, http.MethodOptions, "/acme/pap_/api/userroleassignments", pageOrigin, question)
	if r.status != http.StatusNoContent || r.header.Get("Access-Control-Allow-Headers") != "authorization,traceparent" ||
		!strings.Contains(r.header.Get("Access-Control-Allow-Methods"), "PATCH") || r.header.Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("the browser's question: got %d, headers %v", r.status, r.header)
	}
	if !maps.Equal(before, b.Journal()) {
		t.Errorf("the question is in the journal: %v", b.Journal())
	}
}

func TestOtherPagesMayReadNothing(t *testing.T) {
	t.Parallel()
	b, closed := open(t, backend.Options{Origin: pageOrigin}), open(t, backend.Options{})
	question := http.Header{"Access-Control-Request-Method": {"POST"}}
	for name, test := range map[string]struct {
		bench        *bench
		path, origin string
	}{
		"another origin":       {b, tokenPath, "http://localhost:3001"},
		"another scheme":       {b, tokenPath, "https://localhost:3000"},
		"no origin":            {b, tokenPath, "null"},
		"the start page":       {b, "/", pageOrigin},
		"the backend's own":    {b, "/_reference/snapshot", pageOrigin},
		"health":               {b, "/_reference/health", pageOrigin},
		"a path that is none":  {b, "/_reference", pageOrigin},
		"without the setting":  {closed, tokenPath, pageOrigin},
		"the API, by default":  {closed, "/acme/pap_/api/roles", pageOrigin},
		"the setting is empty": {closed, "/acme/pap_/api/roles", ""},
	} {
		for _, method := range []string{http.MethodOptions, http.MethodGet} {
			r := test.bench.fromPage(t, method, test.path, test.origin, question)
			if got := r.corsHeaders(); len(got) > 0 || method == http.MethodOptions && r.status < http.StatusBadRequest {
				t.Errorf("%s: %s is answered with %d and %v", name, method, r.status, got)
			}
		}
	}
}

func TestHostNamesAreChecked(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{Hosts: []string{"backend.example"}, Origin: pageOrigin})
	for _, path := range []string{"/", "/_reference/health", "/acme/pap_/api/roles", tokenPath, "/acme/Production/orchestrator_/odata/Folders"} {
		for host, known := range map[string]bool{
			"localhost": true, "LOCALHOST:80": true, "a.localhost": true, "127.0.0.1:80": true, "[::1]:80": true, "192.0.2.7": true, "[2001:db8::1]": true,
			"backend.example": true, "BACKEND.example:8080": true,
			"evil.example": false, "localhost.evil.example": false, "127.0.0.1.evil.example": false, "evil-backend.example": false, "": false,
			"backend.example.evil.example": false, "sub.backend.example": false,
		} {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
			r.Host, r.RemoteAddr = host, "127.0.0.1:4711"
			r.Header.Set("Origin", pageOrigin)
			w := httptest.NewRecorder()
			b.ServeHTTP(w, r)
			if refused := strings.Contains(w.Body.String(), "does not answer under the name"); refused == known {
				t.Errorf("%s under %q: got %d %s", path, host, w.Code, w.Body)
			}
			if !known && (w.Code != http.StatusForbidden || w.Header().Get("Access-Control-Allow-Origin") != "") {
				t.Errorf("%s under %q: got %d, headers %v", path, host, w.Code, w.Header())
			}
		}
	}
}
