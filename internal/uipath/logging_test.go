package uipath

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
)

// logBuffer is a log that many may write to.
type logBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

// logged returns a context that logs everything, and what it has logged.
func logged(t *testing.T) (context.Context, func() (string, []map[string]any)) {
	t.Helper()
	var b logBuffer
	return tflogtest.RootLogger(t.Context(), &b), func() (string, []map[string]any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		text := b.buffer.String()
		entries, err := tflogtest.MultilineJSONDecode(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return text, entries
	}
}

// find returns the entries with a message.
func find(entries []map[string]any, message string) []map[string]any {
	var found []map[string]any
	for _, entry := range entries {
		if entry["@message"] == message {
			found = append(found, entry)
		}
	}
	return found
}

func TestNoSecretIsLogged(t *testing.T) {
	t.Parallel()
	for name, token := range map[string]string{"client credentials": "", "bearer token": "pat-1"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.seed(3)
			ctx, read := logged(t)
			config := f.config()
			if token != "" {
				withToken(token)(&config)
			}
			c, err := New(ctx, config)
			if err != nil {
				t.Fatal(err)
			}
			// The server echoes what it should not, in answers and in errors, and asks for the token to be renewed.
			var echoes sync.WaitGroup
			f.on(func(w http.ResponseWriter, r *http.Request, _ string) bool {
				bearer := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
				quoted, _ := json.Marshal(secretText)
				w.Header().Set("x-request-id", bearer)
				if strings.HasSuffix(r.URL.Path, "actions") {
					answerJSON(w, http.StatusBadRequest, fmt.Sprintf(`{"message":"%s %s","x":%s,"traceId":%q}`,
						bearer, url.QueryEscape(secretText), quoted, bearer))
					return true
				}
				return false
			})
			for n := range 3 {
				echoes.Go(func() {
					if _, err := c.RefreshedRole(ctx, roleID(n+1)); err != nil {
						t.Error(err)
					}
					_, err := c.Permissions(ctx, PermissionFilter{})
					for _, secret := range c.secrets.all() {
						if err == nil || strings.Contains(err.Error(), secret) {
							t.Errorf("the error tells a secret: %v", err)
						}
					}
				})
			}
			echoes.Wait()
			f.on(nil)
			if token == "" {
				f.revoke()
				if _, err := c.RefreshedRole(ctx, roleID(1)); err != nil {
					t.Error(err)
				}
			}
			if _, err := c.CreateRole(ctx, newSpec()); err != nil {
				t.Error(err)
			}

			text, entries := read()
			known := c.secrets.all()
			if len(known) < 1 {
				t.Fatal("no secrets are known")
			}
			for _, secret := range append(known, "Bearer", "client_secret", "access_token") {
				if strings.Contains(text, secret) {
					t.Errorf("the log tells %q", secret)
				}
			}
			if len(find(entries, "request")) < 6 || len(find(entries, "bodies")) < 4 || !strings.Contains(text, masked) {
				t.Errorf("%d entries, too few to prove anything:\n%s", len(entries), text)
			}
		})
	}
}

func TestRequestsAreLogged(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.seed(1)
	ctx, read := logged(t)
	c := f.client(t)
	f.first(1, http.MethodGet, roleID(1), func(w http.ResponseWriter, _ *http.Request) {
		f.clock.advance(1500 * time.Millisecond)
		w.Header().Set("Retry-After", "7")
		answerJSON(w, http.StatusTooManyRequests, `{"message":"slow down"}`)
	})
	if _, err := c.RefreshedRole(ctx, roleID(1)); err != nil {
		t.Fatal(err)
	}
	_, entries := read()
	requests, waiting, bodies := find(entries, "request"), find(entries, "waiting before the request is repeated"), find(entries, "bodies")
	if len(requests) != 2 || len(waiting) != 1 || len(bodies) != 2 {
		t.Fatalf("entries %v", entries)
	}
	for field, want := range map[string]any{
		"@level": "debug", "@module": "provider.uipath", "method": "GET", "path": "/" + orgID + "/pap_/api/roles/" + roleID(1),
		"status": float64(429), "attempt": float64(1), "duration_ms": float64(1500), "request_id": "req-1", "operation": "read role",
	} {
		if requests[0][field] != want {
			t.Errorf("%s = %v, want %v", field, requests[0][field], want)
		}
	}
	reason, _ := waiting[0]["reason"].(string)
	if waiting[0]["@level"] != "warn" || waiting[0]["wait"] != "7s" || !strings.Contains(reason, "slow down") {
		t.Errorf("the wait is logged as %v", waiting[0])
	}
	if bodies[0]["@level"] != "trace" || bodies[0]["response_body"] != `{"message":"slow down"}` {
		t.Errorf("the bodies are logged as %v", bodies[0])
	}
}

func TestLogLevelOfItsOwn(t *testing.T) {
	t.Setenv(logLevelVariable, "warn")
	f := newFake(t)
	f.seed(1)
	ctx, read := logged(t)
	c := f.client(t)
	f.first(1, http.MethodGet, roleID(1), func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, http.StatusServiceUnavailable, `{}`) })
	if _, err := c.RefreshedRole(ctx, roleID(1)); err != nil {
		t.Fatal(err)
	}
	if text, entries := read(); len(entries) != 1 || entries[0]["@level"] != "warn" {
		t.Errorf("the log at level warn is\n%s", text)
	}
}

func TestLoggedBodiesAreBounded(t *testing.T) {
	t.Parallel()
	var c Client
	c.secrets.keep("a-secret")
	c.secrets.keepToken("")
	// The secret stands across the limit, in what is read and in what is shown.
	for _, before := range []int{0, maxLoggedBody - 4, maxLoggedBody, maxLoggedBody + 4, maxLoggedBody + 7} {
		got := c.loggable([]byte(strings.Repeat("é", before/2) + "a-secret" + strings.Repeat("x", maxLoggedBody)))
		if len(got) > maxLoggedBody+20 || !strings.HasSuffix(got, "… (cut)") {
			t.Errorf("%d bytes before: %d bytes are logged", before, len(got))
		}
		if strings.Contains(got, "a-s") || strings.Contains(got, "�") {
			t.Errorf("%d bytes before: the end is %q", before, got[len(got)-30:])
		}
	}
	if got := c.loggable([]byte(`{"a":1}`)); got != `{"a":1}` {
		t.Errorf("a short body is logged as %q", got)
	}
	if got := (&Client{}).loggable(nil); got != "" {
		t.Errorf("no body is logged as %q", got)
	}
}

func TestRememberedTokensAreBounded(t *testing.T) {
	t.Parallel()
	var s secrets
	s.keep("the secret")
	for range 10 * maxTokens {
		s.keepToken("token")
	}
	s.keepToken("the last")
	if got := len(s.all()); got > maxTokens+3 {
		t.Errorf("%d texts are remembered", got)
	}
	if got := s.redact("the secret, the last, token"); got != "***, ***, ***" {
		t.Errorf("redact = %s", got)
	}
	if got := (&secrets{}).redact("text"); got != "text" {
		t.Errorf("without secrets redact = %s", got)
	}
}
