package rest

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// jsonSecrets are the spellings of secretText in JSON: by what escapes the least, by Go and by .NET.
var jsonSecrets = []string{`hunter2+/=&\"quoted`, `hunter2+/=\u0026\"quoted`, `hunter2\u002B/=\u0026\u0022quoted`}

func TestNoSecretIsLogged(t *testing.T) {
	t.Parallel()
	for name, token := range map[string]string{"client credentials": "", "bearer token": "pat-1"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.seed(3)
			ctx := t.Context()
			log, read := logged(t)
			config := f.config()
			log(&config)
			if token != "" {
				withToken(token)(&config)
			}
			c, err := New(config)
			if err != nil {
				t.Fatal(err)
			}
			// The server echoes what it should not, in answers and in errors, and asks for the token to be renewed.
			var echoes sync.WaitGroup
			f.on(func(w http.ResponseWriter, r *http.Request) bool {
				bearer := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
				w.Header().Set("x-request-id", bearer)
				if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "things") {
					answerJSON(w, http.StatusBadRequest, fmt.Sprintf(`{"message":"%s %s","x":"%s","traceId":%q}`,
						bearer, url.QueryEscape(secretText), strings.Join(jsonSecrets, " "), bearer))
					return true
				}
				return false
			})
			for n := range 3 {
				echoes.Go(func() {
					if _, err := thing(ctx, c, thingID(n+1)); err != nil {
						t.Error(err)
					}
					_, err := listThings(ctx, c)
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
				if _, err := thing(ctx, c, thingID(1)); err != nil {
					t.Error(err)
				}
			}
			if _, err := putThing(ctx, c, ""); err != nil {
				t.Error(err)
			}

			text, entries := read()
			known := slices.Concat(c.secrets.all(), f.issued)
			known = append(known, "Bearer", "client_secret", "access_token")
			if token == "" {
				known = append(known, jsonSecrets...)
			}
			if len(f.issued) != map[bool]int{true: 2, false: 0}[token == ""] {
				t.Errorf("%d tokens were issued", len(f.issued))
			}
			// The log escapes what it writes: what was logged is looked at without that too.
			plain := fmt.Sprint(entries)
			for _, secret := range known {
				if strings.Contains(text, secret) || strings.Contains(plain, secret) {
					t.Errorf("the log tells %q", secret)
				}
			}
			if len(named(entries, "request")) < 6 || len(named(entries, "bodies")) < 4 || !strings.Contains(text, masked) {
				t.Errorf("%d entries, too few to prove anything:\n%s", len(entries), text)
			}
		})
	}
}

func TestRequestsAreLogged(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.seed(1)
	log, read := logged(t)
	c := f.client(t, withToken("pat-1"), log)
	f.first(1, http.MethodGet, thingID(1), func(w http.ResponseWriter, _ *http.Request) {
		f.clock.advance(1500 * time.Millisecond)
		w.Header().Set("Retry-After", "7")
		answerJSON(w, http.StatusTooManyRequests, `{"message":"slow down"}`)
	})
	if _, err := thing(t.Context(), c, thingID(1)); err != nil {
		t.Fatal(err)
	}
	_, entries := read()
	requests, waiting, bodies := named(entries, "request"), named(entries, "waiting before the request is repeated"), named(entries, "bodies")
	if len(requests) != 2 || len(waiting) != 1 || len(bodies) != 2 {
		t.Fatalf("entries %v", entries)
	}
	for field, want := range map[string]any{
		"level": "DEBUG", "method": "GET", "path": "/acme/things/" + thingID(1),
		"status": float64(429), "attempt": float64(1), "duration_ms": float64(1500), "request_id": "req-1", "operation": "read thing",
	} {
		if requests[0][field] != want {
			t.Errorf("%s = %v, want %v", field, requests[0][field], want)
		}
	}
	reason, _ := waiting[0]["reason"].(string)
	if waiting[0]["level"] != "WARN" || waiting[0]["wait"] != "7s" || !strings.Contains(reason, "slow down") {
		t.Errorf("the wait is logged as %v", waiting[0])
	}
	if bodies[0]["level"] != LevelTrace.String() || bodies[0]["response_body"] != `{"message":"slow down"}` {
		t.Errorf("the bodies are logged as %v", bodies[0])
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

func TestSecretsAreMaskedHoweverSpelled(t *testing.T) {
	t.Parallel()
	var s secrets
	s.keep(secretText)
	for _, spelled := range append(jsonSecrets, secretText, url.QueryEscape(secretText), url.PathEscape(secretText)) {
		if got := s.redact("before " + spelled + " after"); got != "before *** after" {
			t.Errorf("redact = %q", got)
		}
	}
	s.keep("hunter2")
	s.keepToken("hunter2-token")
	if got := s.redact("hunter2-token hunter2"); got != "*** ***" {
		t.Errorf("of secrets that are parts of others, redact = %q", got)
	}
}

func TestWarningsAreMasked(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	log, read := logged(t)
	c := f.client(t, withToken("pat-1"), log)
	about := []slog.Attr{
		slog.String("text", "pat-1"), slog.Any("error", errors.New("broken pat-1")), slog.Group("group", slog.String("x", "pat-1")), slog.Int("n", 1),
	}
	c.Warn(t.Context(), "a warning", about...)
	text, entries := read()
	if len(entries) != 1 || strings.Contains(text, "pat-1") {
		t.Fatalf("the log is\n%s", text)
	}
	for field, want := range map[string]any{"level": "WARN", "msg": "a warning", "text": "***", "error": "broken ***", "n": float64(1)} {
		if entries[0][field] != want {
			t.Errorf("%s = %v, want %v", field, entries[0][field], want)
		}
	}
	if about[0].Value.String() != "pat-1" {
		t.Error("the caller's attributes were changed")
	}
}
