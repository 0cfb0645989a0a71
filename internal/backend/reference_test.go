package backend_test

import (
	"bytes"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

func TestSnapshotReproducesTheState(t *testing.T) {
	t.Parallel()
	one := open(t, backend.Options{})
	id := one.put(t, one.as(t, "grace.hopper@acme.example"), validRole()).created(t)
	one.clock.advance(time.Hour)
	one.put(t, one.as(t, "terraform"), validRole().with("id", id).with("roleDescription", "two\nlines: yes")).created(t)
	first := one.get(t, "/_reference/snapshot", "")
	if first.status != http.StatusOK || !strings.Contains(first.text, "updatedBy: "+terraformID) {
		t.Fatalf("got %d %s", first.status, first.text)
	}
	if strings.Contains(first.text, terraformSecret) || strings.Contains(first.text, patOfAda) {
		t.Error("the snapshot shows a secret")
	}
	other := open(t, backend.Options{Seed: []byte(first.text)})
	if d := cmp.Diff(first.text, other.get(t, "/_reference/snapshot", "").text); d != "" {
		t.Errorf("the second snapshot differs:\n%s", d)
	}
	if r := other.token(t, tokenPath, credentials(), nil); r.status != http.StatusOK {
		t.Errorf("the secret does not count any more: %d %s", r.status, r.text)
	}
	if r := other.get(t, "/acme/pap_/api/roles", "Bearer "+patOfAda); r.status != http.StatusOK {
		t.Errorf("the personal access token does not count any more: %d %s", r.status, r.text)
	}
}

func TestResetReturnsToTheSeed(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{DataFile: filepath.Join(t.TempDir(), "state.db")})
	before := b.get(t, "/_reference/snapshot", "").text
	token := b.as(t, "")
	b.put(t, token, validRole()).created(t)
	b.remove(t, invoiceOps, token)
	if r := b.send(t, http.MethodPost, "/_reference/reset", "", nil); r.status != http.StatusNoContent {
		t.Fatalf("got %d %s", r.status, r.text)
	}
	if d := cmp.Diff(before, b.get(t, "/_reference/snapshot", "").text); d != "" {
		t.Errorf("after the reset:\n%s", d)
	}
	if r := b.get(t, "/acme/pap_/api/roles", token); r.status != http.StatusOK {
		t.Errorf("a token from before the reset: %d %s", r.status, r.text)
	}
}

func TestJournal(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token := b.as(t, "")
	b.get(t, "/acme/pap_/api/roles?top=1", token)
	b.get(t, "/acme/pap_/api/roles", "")
	b.get(t, "/acme/pap_/api/roles/"+invoiceOps, token)
	b.put(t, token, validRole())
	b.held(t, "/", "", token)
	b.assign(t, token, change{})
	b.get(t, "/nowhere", token)
	b.get(t, "/_reference/health", "")
	want := map[string]int{"ListRoles": 2, "GetRole": 1, "PutRole": 1, "ListAssignments": 1, "PatchAssignments": 1, "None": 1}
	if d := cmp.Diff(want, b.Journal()); d != "" {
		t.Errorf("counts (-want +got):\n%s", d)
	}
	type entry struct {
		Operation, Method, Path string
		Status                  int
	}
	read := decode[struct {
		Counts   map[string]int
		Requests []entry
	}](t, b.get(t, "/_reference/journal", ""))
	if d := cmp.Diff(want, read.Counts); d != "" {
		t.Errorf("counts over HTTP (-want +got):\n%s", d)
	}
	if len(read.Requests) != 7 || read.Requests[1] != (entry{"ListRoles", "GET", "/acme/pap_/api/roles", 401}) {
		t.Errorf("requests %+v", read.Requests)
	}
	b.send(t, http.MethodDelete, "/_reference/journal", "", nil)
	if got := b.Journal(); len(got) != 0 {
		t.Errorf("after clearing: %v", got)
	}
}

func TestTheOwnEndpointsAnswerThisMachineOnly(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	const local, remote = "127.0.0.1:4711", "192.0.2.7:4711"
	for _, test := range []struct {
		name, method, path, host, peer string
		header                         http.Header
		want                           int
	}{
		{"local", http.MethodGet, "/_reference/snapshot", "localhost:80", local, nil, http.StatusOK},
		{"IPv6", http.MethodGet, "/_reference/snapshot", "[::1]:80", "[::1]:4711", nil, http.StatusOK},
		{"IPv6 without port", http.MethodGet, "/_reference/journal", "[::1]", "[::1]:4711", nil, http.StatusOK},
		{"another machine", http.MethodGet, "/_reference/snapshot", "127.0.0.1:80", remote, nil, http.StatusForbidden},
		{"another machine resets", http.MethodPost, "/_reference/reset", "127.0.0.1:80", remote, nil, http.StatusForbidden},
		{"another machine, health", http.MethodGet, "/_reference/health", "198.51.100.7:80", remote, nil, http.StatusOK},
		{"a name that points here, health", http.MethodGet, "/_reference/health", "evil.example", local, nil, http.StatusForbidden},
		{"a name of this machine's own", http.MethodGet, "/_reference/health", "a.localhost:80", local, nil, http.StatusOK},
		{"a name that points here", http.MethodGet, "/_reference/snapshot", "evil.example", local, nil, http.StatusForbidden},
		{"a web page", http.MethodPost, "/_reference/reset", "localhost", local, http.Header{"Sec-Fetch-Site": {"cross-site"}}, http.StatusForbidden},
		{"old browser", http.MethodDelete, "/_reference/journal", "localhost", local, http.Header{"Origin": {"https://a.example"}}, http.StatusForbidden},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequestWithContext(t.Context(), test.method, test.path, nil)
			r.Host, r.RemoteAddr = test.host, test.peer
			maps.Copy(r.Header, test.header)
			w := httptest.NewRecorder()
			b.ServeHTTP(w, r)
			if w.Code != test.want {
				t.Errorf("got %d %s, want %d", w.Code, w.Body, test.want)
			}
		})
	}
}

func TestUnknownPathsAndMethods(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	refused(t, b.get(t, "/acme/pap_/api/role", ""), http.StatusNotFound, "the nearest is /acme/pap_/api/roles")
	refused(t, b.get(t, "/"+strings.Repeat("x", 5000), ""), http.StatusNotFound, "does not exist")
	refused(t, b.get(t, "/x", ""), http.StatusNotFound, "does not exist")
	r := b.send(t, http.MethodPatch, "/acme/pap_/api/roles", "", nil)
	refused(t, r, http.StatusMethodNotAllowed, "PATCH is not allowed")
	if r.header.Get("Allow") != "GET, PUT" {
		t.Errorf("Allow %q", r.header.Get("Allow"))
	}
	refused(t, b.get(t, "/initech/pap_/api/roles", b.as(t, "")), http.StatusNotFound, "initech")
}

func TestEveryResponseHasDateAndRequestID(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	for _, path := range []string{"/_reference/health", "/nowhere", "/acme/pap_/api/roles"} {
		r := b.get(t, path, "")
		if r.header.Get("Date") != "Mon, 04 May 2026 10:00:00 GMT" || r.header.Get("X-Request-Id") == "" {
			t.Errorf("%s: headers %v", path, r.header)
		}
	}
}

func TestAPanicIsAnErrorOfOneRequest(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	b := open(t, backend.Options{
		NewID: func() string { panic("out of ids") }, Logger: slog.New(slog.NewTextHandler(&log, nil)),
	})
	admin := b.as(t, "")
	refused(t, b.put(t, admin, validRole()), http.StatusInternalServerError, "error occurred")
	if !strings.Contains(log.String(), "out of ids") {
		t.Errorf("the log does not say why: %s", log.String())
	}
	if r := b.get(t, "/acme/pap_/api/roles?contains=robot", admin); r.status != http.StatusOK || !strings.Contains(r.text, `"totalCount":0`) {
		t.Errorf("afterwards: %d %s", r.status, r.text)
	}
}

func TestNoSecretIsLogged(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	b := open(t, backend.Options{Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	token := decode[tokenBody](t, b.token(t, tokenPath, credentials(), nil)).AccessToken
	b.token(t, tokenPath, clientForm(terraformID, "a-wrong-secret"), nil)
	b.get(t, "/acme/pap_/api/roles?access_token="+token, "Bearer "+token)
	b.get(t, "/acme/pap_/api/roles", "Bearer "+patOfAda)
	b.get(t, "/acme/pap_/api/roles", "Bearer "+token[:len(token)-3])
	if n := strings.Count(log.String(), "msg=request"); n != 5 {
		t.Fatalf("%d requests in the log, want 5: %s", n, log.String())
	}
	for _, secret := range []string{terraformSecret, "a-wrong-secret", patOfAda, token[:40]} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log shows %q", secret)
		}
	}
}
