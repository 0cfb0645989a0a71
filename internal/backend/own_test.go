package backend_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

const ownToken = "a-token-of-the-operator"

// ownEndpoints are the backend's own endpoints with the status of success, and paths below them that do not exist.
var ownEndpoints = []struct {
	method, path string
	status       int
}{
	{http.MethodGet, "/_reference/health", http.StatusOK},
	{http.MethodGet, "/_reference/snapshot", http.StatusOK},
	{http.MethodGet, "/_reference/journal", http.StatusOK},
	{http.MethodDelete, "/_reference/journal", http.StatusNoContent},
	{http.MethodPost, "/_reference/reset", http.StatusNoContent},
	{http.MethodGet, "/_reference", http.StatusNotFound},
	{http.MethodGet, "/_reference/", http.StatusNotFound},
	{http.MethodGet, "/_reference/faults", http.StatusOK},
	{http.MethodPost, "/_reference/faults", http.StatusBadRequest},
	{http.MethodDelete, "/_reference/faults", http.StatusNoContent},
	{http.MethodGet, "/_reference/nothing", http.StatusNotFound},
	{http.MethodPut, "/_reference/health", http.StatusMethodNotAllowed},
	{http.MethodPost, "/_reference/identity_/connect/token", http.StatusOK},
}

func TestOwnEndpointsCanBeLeftOut(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{ReferenceOff: true, ReferenceToken: ownToken})
	for _, header := range []http.Header{nil, {"Authorization": {"Bearer " + ownToken}}, {"Authorization": {b.as(t, "")}}} {
		for _, e := range ownEndpoints {
			refused(t, b.send(t, e.method, e.path, "", header), http.StatusNotFound, "does not exist")
		}
	}
	if r := b.get(t, "/acme/pap_/api/roles", b.as(t, "")); r.status != http.StatusOK {
		t.Errorf("another endpoint: %d %s", r.status, r.text)
	}
}

func TestOwnEndpointsCanAskForAToken(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{ReferenceToken: ownToken})
	for _, wrong := range []string{
		"", ownToken, "Bearer", "Bearer ", "Bearer x", "Bearer " + ownToken[1:], "Bearer " + ownToken + "x", "Basic " + ownToken,
		"Bearer " + strings.ToUpper(ownToken), "Bearer " + patOfAda, b.as(t, ""),
	} {
		for _, e := range ownEndpoints {
			r := b.send(t, e.method, e.path, "", http.Header{"Authorization": {wrong}})
			refused(t, r, http.StatusUnauthorized, "needs the token")
			if !strings.HasPrefix(r.header.Get("WWW-Authenticate"), "Bearer") {
				t.Errorf("WWW-Authenticate %q", r.header.Get("WWW-Authenticate"))
			}
		}
	}
	for _, e := range ownEndpoints {
		if r := b.send(t, e.method, e.path, "", http.Header{"Authorization": {"bearer " + ownToken}}); r.status != e.status {
			t.Errorf("%s %s: got %d %s, want %d", e.method, e.path, r.status, r.text, e.status)
		}
	}
	// It opens nothing else.
	refused(t, b.get(t, "/acme/pap_/api/roles", "Bearer "+ownToken), http.StatusUnauthorized, "not one of this organization")
}

func TestTheOwnTokenIsMasked(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	b := open(t, backend.Options{ReferenceToken: ownToken, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	b.get(t, "/_reference/"+ownToken, "Bearer "+ownToken)
	b.get(t, "/"+ownToken, "Bearer "+ownToken)
	b.get(t, "/_reference/health?token="+ownToken, "Bearer "+ownToken)
	journal := b.get(t, "/_reference/journal", "Bearer "+ownToken)
	if n := strings.Count(log.String(), "msg=request"); n != 4 || strings.Contains(log.String(), ownToken) || !strings.Contains(log.String(), "***") {
		t.Errorf("%d requests in the log: %s", n, log.String())
	}
	if journal.status != http.StatusOK || strings.Contains(journal.text, ownToken) || !strings.Contains(journal.text, "/***") {
		t.Errorf("the journal: %d %s", journal.status, journal.text)
	}
}

func TestCommandLimitsTheOwnEndpoints(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "state.db")
	for _, test := range []struct {
		name          string
		env           map[string]string
		args          []string
		with, without int
	}{
		{"off by flag", nil, []string{"-reference-off"}, http.StatusNotFound, http.StatusNotFound},
		{"off by environment", map[string]string{"UIPATH_BACKEND_REFERENCE_OFF": "true"}, nil, http.StatusNotFound, http.StatusNotFound},
		{"token by flag", nil, []string{"-reference-token", ownToken}, http.StatusOK, http.StatusUnauthorized},
		{"token by environment", map[string]string{"UIPATH_BACKEND_REFERENCE_TOKEN": ownToken}, nil, http.StatusOK, http.StatusUnauthorized},
		{"neither", nil, nil, http.StatusOK, http.StatusOK},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := start(t, test.env, append([]string{"-data", data}, test.args...)...)
			for _, path := range []string{"/_reference/health", "/_reference/snapshot"} {
				if r := get(t, c.url+path, "Bearer "+ownToken); r.status != test.with {
					t.Errorf("%s with the token: got %d %s, want %d", path, r.status, r.text, test.with)
				}
				if r := get(t, c.url+path, ""); r.status != test.without {
					t.Errorf("%s without it: got %d %s, want %d", path, r.status, r.text, test.without)
				}
			}
			if code, _ := c.end(); code != 0 || strings.Contains(c.stderr.String(), ownToken) {
				t.Errorf("exit code %d, log %s", code, c.stderr)
			}
		})
	}
}

func TestAnOwnTokenThatNoHeaderCarriesIsRefused(t *testing.T) {
	t.Parallel()
	for _, token := range []string{" ", "two words", "new\nline", "\x7f", "schlüssel"} {
		if _, err := backend.Open(t.Context(), backend.Options{ReferenceToken: token}); err == nil || !strings.Contains(err.Error(), "blanks") {
			t.Errorf("%q: got %v", token, err)
		} else if strings.TrimSpace(token) != "" && strings.Contains(err.Error(), token) {
			t.Errorf("the error shows the token: %v", err)
		}
	}
}
