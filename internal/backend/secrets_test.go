package backend_test

import (
	"bytes"
	"database/sql"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

const seedWithSecrets = `
organization: {id: ` + orgID + `, name: acme, defaultCaller: ada}
users: [{userName: ada}]
externalApplications: [{id: ` + terraformID + `, name: terraform, secret: a-client-secret-in-clear, scopes: [PM.User]}]
personalAccessTokens: [{user: ada, token: a-token-in-clear, expires: 2099-12-31T00:00:00Z}]
assignments:
  - {role: Organization Administrator, principal: ada, scope: /}
  - {role: Organization Administrator, principal: terraform, scope: /}
`

// checkNoSecret looks for the secrets of the seed in the bytes of the data file and of the files beside it.
func checkNoSecret(t *testing.T, file string) {
	t.Helper()
	for _, name := range []string{file, file + "-wal", file + "-shm"} {
		text, err := os.ReadFile(name)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"a-client-secret-in-clear", "a-token-in-clear"} {
			if bytes.Contains(text, []byte(secret)) {
				t.Errorf("%s contains %q", filepath.Base(name), secret)
			}
		}
	}
}

func TestNoFileHoldsASecretOfTheSeed(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state.db")
	o := backend.Options{DataFile: file, Seed: []byte(seedWithSecrets)}
	b := open(t, o)
	signIn := func(when string) {
		t.Helper()
		if r := b.token(t, tokenPath, clientForm(terraformID, "a-client-secret-in-clear"), nil); r.status != http.StatusOK {
			t.Errorf("%s: the client secret gives %d %s", when, r.status, r.text)
		}
		if r := b.get(t, "/acme/pap_/api/roles", "Bearer a-token-in-clear"); r.status != http.StatusOK {
			t.Errorf("%s: the token gives %d %s", when, r.status, r.text)
		}
		checkNoSecret(t, file)
	}
	signIn("at first")
	before := b.get(t, "/_reference/snapshot", "").text
	b.put(t, b.as(t, ""), validRole().with("roleScopeType", "TENANTGLOBAL").with("tenantId", nil)).created(t)
	signIn("after a write")
	if r := b.send(t, http.MethodPost, "/_reference/reset", "", nil); r.status != http.StatusNoContent {
		t.Fatalf("got %d %s", r.status, r.text)
	}
	signIn("after the reset")
	if after := b.get(t, "/_reference/snapshot", "").text; after != before {
		t.Errorf("the reset leads to\n%s\nwant\n%s", after, before)
	}
	data, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	_, err = data.ExecContext(t.Context(), "PRAGMA wal_checkpoint(TRUNCATE)")
	if err := errors.Join(err, data.Close()); err != nil {
		t.Fatal(err)
	}
	signIn("after a checkpoint")
	again := open(t, o)
	if r := again.send(t, http.MethodPost, "/_reference/reset", "", nil); r.status != http.StatusNoContent {
		t.Errorf("another process that resets: %d %s", r.status, r.text)
	}
	signIn("after another process")
}

// What a seed gives no time for was made when the file was seeded, and not when it was reset.
func TestResetKeepsTheTimeOfSeeding(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{Seed: []byte(seedWithSecrets)})
	before := b.get(t, "/_reference/snapshot", "").text
	b.clock.advance(time.Hour)
	if r := b.send(t, http.MethodPost, "/_reference/reset", "", nil); r.status != http.StatusNoContent {
		t.Fatalf("got %d %s", r.status, r.text)
	}
	if after := b.get(t, "/_reference/snapshot", "").text; after != before {
		t.Errorf("the reset leads to\n%s\nwant\n%s", after, before)
	}
}
