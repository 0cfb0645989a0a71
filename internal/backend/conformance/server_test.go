package conformance_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

// nobody is the caller of a request without a token.
const nobody = "nobody"

// adasToken is the caller who has the personal access token of an administrator of the built-in organization.
const adasToken = "the token of ada"

// server is a running backend and a client that speaks to it.
type server struct {
	backend *backend.Backend
	client  *http.Client

	mu     sync.Mutex
	tokens map[string]string
}

// response is what came back.
type response struct {
	status int
	header http.Header
	text   string
}

// startTime is when the clocks of all servers stand.
func startTime() time.Time { return time.Date(2026, 5, 4, 10, 0, 0, 123456700, time.UTC) }

// newIDs returns a source of ids that gives the same ones in every run. It may be used by many goroutines.
func newIDs(seed uint64) func() string {
	var key [32]byte
	key[0], key[1] = byte(seed), byte(seed>>8)
	source := rand.NewChaCha8(key)
	var mu sync.Mutex
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		return uuid.Must(uuid.NewRandomFromReader(source)).String()
	}
}

// serve starts a backend, which ends with the test.
func serve(t *testing.T, o backend.Options) *server {
	t.Helper()
	if o.Clock == nil {
		o.Clock = startTime
	}
	b, err := backend.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	transport, stop := b.Transport()
	t.Cleanup(func() {
		stop()
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	follow := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &server{backend: b, client: &http.Client{Transport: transport, CheckRedirect: follow}, tokens: map[string]string{adasToken: "reference-backend-token-of-ada"}}
}

// readOnly are servers that tests share which change nothing.
type readOnly struct{ plain, strict *server }

func serveReaders(t *testing.T) readOnly {
	t.Helper()
	return readOnly{serve(t, backend.Options{}), serve(t, backend.Options{Strict: true})}
}

// serverFor returns a server of the built-in organization for steps: one of their own if they change anything.
func (shared readOnly) serverFor(t *testing.T, strict bool, steps []step) *server {
	t.Helper()
	switch {
	case slices.ContainsFunc(steps, step.changes):
		return serve(t, backend.Options{Strict: strict})
	case strict:
		return shared.strict
	}
	return shared.plain
}

// token returns the access token of a user or an application. It stands for signing in, which the backend has no page for.
func (s *server) token(ctx context.Context, caller string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if token, ok := s.tokens[caller]; ok {
		return token, nil
	}
	token, err := s.backend.Token(ctx, caller)
	if err == nil {
		s.tokens[caller] = token
	}
	return token, err
}

// send sends a request as a caller; "" is the default caller, who may do everything.
func (s *server) send(ctx context.Context, caller, method, path, body string, header http.Header) (response, error) {
	r, err := http.NewRequestWithContext(ctx, method, backend.InMemoryURL+path, strings.NewReader(body))
	if err != nil {
		return response{}, err
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if caller != nobody {
		token, err := s.token(ctx, caller)
		if err != nil {
			return response{}, fmt.Errorf("token of %q: %w", caller, err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
	}
	maps.Copy(r.Header, header)
	if host := header.Get("Host"); host != "" {
		r.Host = host
	}
	answer, err := s.client.Do(r)
	if err != nil {
		return response{}, err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	return response{answer.StatusCode, answer.Header, string(text)}, err
}
