package backend_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

func TestRateLimitsOfTheIdentityService(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{RateLimits: true})
	token := b.as(t, "")
	send := func(method string) response {
		return b.send(t, method, identity+"Directory/Scopes/"+orgID, "", http.Header{"Authorization": {token}})
	}
	for range 300 {
		if r := send(http.MethodGet); r.status != http.StatusOK {
			t.Fatalf("got %d %s", r.status, r.text)
		}
	}
	b.clock.advance(4*time.Minute + 30*time.Second + time.Millisecond)
	r := send(http.MethodGet)
	refused(t, r, http.StatusTooManyRequests, "More than 300 GET requests")
	if got := r.header.Get("Retry-After"); got != "30" {
		t.Errorf("Retry-After %q, want 30", got)
	}
	// Other methods, tokens and what is not of the identity service are not concerned.
	fieldRefused(t, b.sendJSON(t, http.MethodPost, identity+"Group", token, role{}), "id", "")
	if r := b.token(t, tokenPath, credentials(), nil); r.status != http.StatusOK {
		t.Errorf("a token: %d %s", r.status, r.text)
	}
	b.mustGet(t, "/acme/pap_/api/roles", token)
	b.clock.advance(30 * time.Second)
	if r := send(http.MethodGet); r.status != http.StatusOK {
		t.Errorf("in the next window: %d %s", r.status, r.text)
	}
	remove := func() response { return b.send(t, http.MethodDelete, identity+"User/x", "", http.Header{}) }
	for range 160 {
		refused(t, remove(), http.StatusUnauthorized, "no bearer token")
	}
	refused(t, remove(), http.StatusTooManyRequests, "More than 160 DELETE requests")
}

func TestThereAreNoRateLimitsByDefault(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	for range 301 {
		refused(t, b.get(t, identity+"Directory/Scopes/"+orgID, ""), http.StatusUnauthorized, "no bearer token")
	}
}
