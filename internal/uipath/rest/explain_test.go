package rest

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestSignInTellsTheWrongSetting(t *testing.T) {
	t.Parallel()
	answer := func(status int, contentType, body string) func(*fake) {
		return func(f *fake) {
			f.on(func(w http.ResponseWriter, _ *http.Request) bool {
				w.Header().Set("Content-Type", contentType)
				w.WriteHeader(status)
				_, _ = io.WriteString(w, body)
				return true
			})
		}
	}
	scopes := func(c *Config) { c.Scopes = []string{"OR.Users", "Wrong"} }
	for name, test := range map[string]struct {
		change  func(*Config)
		server  func(*fake)
		problem Problem
		value   string
		other   string
	}{
		"wrong secret":       {change: func(c *Config) { c.ClientSecret = "wrong-secret" }, problem: CredentialsRefused, value: clientID},
		"unauthorized":       {server: answer(401, "application/json", `{}`), problem: CredentialsRefused, value: clientID},
		"wrong scope":        {change: scopes, problem: ScopesRefused, value: clientID, other: "OR.Users, Wrong"},
		"no scopes":          {server: answer(400, "application/json", `{"error":"invalid_scope"}`), problem: ScopesMissing, value: clientID},
		"not confidential":   {server: answer(400, "application/json", `{"error":"unauthorized_client"}`), problem: ClientNotConfidential, value: clientID},
		"unsupported":        {server: answer(400, "application/json", `{"error":"unsupported_grant_type"}`), problem: ClientNotConfidential, value: clientID},
		"no organization":    {change: func(c *Config) { c.Organization = "acne" }, problem: OrganizationNotFound, value: "acne", other: "URL"},
		"a web page":         {server: answer(200, "text/html", "<html><title>Sign in</title>"), problem: ServerForeign, value: "URL"},
		"a missing page":     {server: answer(404, "text/html", "<html>"), problem: ServerForeign, value: "URL"},
		"a redirect":         {server: answer(308, "text/plain", ""), problem: ServerForeign, value: "URL"},
		"no token":           {server: answer(200, "application/json", `{"token_type":"Bearer"}`), problem: TokenNotIssued, value: "URL"},
		"no name in the way": {change: func(c *Config) { c.Organization = "" }, server: answer(404, "application/json", `{}`), problem: ServerForeign, value: "URL"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			config := f.config()
			if test.change != nil {
				test.change(&config)
			}
			if test.server != nil {
				test.server(f)
			}
			c, err := New(config)
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.SignIn(t.Context())
			wrong, ok := errors.AsType[*SettingError](err)
			if !ok {
				t.Fatalf("SignIn = %v, want a SettingError", err)
			}
			address := strings.NewReplacer("URL", c.Address())
			if wrong.Problem != test.problem || wrong.Value != address.Replace(test.value) || wrong.Other != address.Replace(test.other) {
				t.Errorf("SignIn = %+v, want problem %d of %q and %q", wrong, test.problem, test.value, test.other)
			}
			if strings.Contains(err.Error(), config.ClientSecret) {
				t.Errorf("the error tells the secret: %v", err)
			}
		})
	}
}

// dialTimeout is the error of a connection that takes longer than the dialer allows.
func dialTimeout(t *testing.T) error {
	t.Helper()
	dialer := net.Dialer{Deadline: time.Unix(1, 0)}
	_, err := dialer.DialContext(t.Context(), "tcp", "127.0.0.1:1")
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("a timeout of the dialer is %v", err)
	}
	return err
}

func TestUnreachableServer(t *testing.T) {
	t.Parallel()
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	for name, test := range map[string]struct {
		err     error
		problem Problem
		waits   int
	}{
		"unknown host":  {dial(&net.DNSError{Err: "no such host", Name: "nowhere", IsNotFound: true}), HostUnknown, 0},
		"resolver":      {dial(&net.DNSError{Err: "server misbehaving", Name: "nowhere", IsTemporary: true}), ServerSilent, 3},
		"refused":       {dial(errors.New("connection refused")), ServerSilent, 3},
		"timeout":       {dialTimeout(t), ServerSilent, 3},
		"certificate":   {&tls.CertificateVerificationError{Err: errors.New("unknown authority")}, ServerUntrusted, 0},
		"no TLS at all": {tls.RecordHeaderError{Msg: "not TLS"}, ServerUntrusted, 0},
		"plain server":  {http.ErrSchemeMismatch, ServerUntrusted, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			config := f.config()
			config.Transport = failing{test.err}
			c, err := New(config)
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.SignIn(t.Context())
			if wrong, ok := errors.AsType[*SettingError](err); !ok || wrong.Problem != test.problem || !errors.Is(err, test.err) {
				t.Errorf("SignIn = %v, want problem %d", err, test.problem)
			}
			if got := len(f.waits.all()); got != test.waits {
				t.Errorf("it was tried again %d times, want %d", got, test.waits)
			}
		})
	}
}

func TestUntrustedCertificate(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	f := newFake(t)
	config := f.config()
	config.BaseURL = server.URL
	c, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.SignIn(t.Context())
	if wrong, ok := errors.AsType[*SettingError](err); !ok || wrong.Problem != ServerUntrusted || len(f.waits.all()) != 0 {
		t.Errorf("SignIn = %v after %v, want ServerUntrusted at once", err, f.waits.all())
	}
}

func TestServerTroubleIsNoSetting(t *testing.T) {
	t.Parallel()
	const said = `{"message":"down for maintenance","error":"invalid_client","traceId":"00-abc-01"}`
	for want, answer := range map[string]http.HandlerFunc{
		"get an access token: HTTP 503 Service Unavailable: down for maintenance (tried 4 times; trace id 00-abc-01)": func(
			w http.ResponseWriter, _ *http.Request,
		) {
			answerJSON(w, http.StatusServiceUnavailable, said)
		},
		"get an access token: HTTP 429 Too Many Requests: down for maintenance (tried 8 times; trace id 00-abc-01)": func(
			w http.ResponseWriter, _ *http.Request,
		) {
			answerJSON(w, http.StatusTooManyRequests, said)
		},
		"get an access token: HTTP 502 Bad Gateway: the answer is a web page, not JSON (tried 4 times; trace id req-1)": func(
			w http.ResponseWriter, _ *http.Request,
		) {
			answerJSON(w, http.StatusBadGateway, "<html>")
		},
	} {
		f := newFake(t)
		f.first(-1, http.MethodPost, "token", answer)
		c, err := New(f.config())
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.SignIn(t.Context())
		if _, ok := errors.AsType[*SettingError](err); ok {
			t.Errorf("a setting is blamed: %v", err)
		}
		if err == nil || err.Error() != want {
			t.Errorf("SignIn = %v, want %s", err, want)
		}
	}
}

func TestInterruptionIsNoSetting(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	for _, cause := range []error{context.Canceled, context.DeadlineExceeded} {
		failed := &Error{Err: cause}
		if err := c.Explain("acme", failed); err != error(failed) { //nolint:errorlint // It must be the same, unwrapped.
			t.Errorf("Explain = %v, want what was given", err)
		}
	}
	// What is wrapped has been explained already.
	wrapped := fmt.Errorf("list things: %w", &Error{Err: errors.New("connection refused")})
	if err := c.Explain("acme", wrapped); err != wrapped { //nolint:errorlint // It must be the same.
		t.Errorf("Explain = %v, want what was given", err)
	}
	if err := c.Explain("acme", nil); err != nil {
		t.Errorf("Explain(nil) = %v", err)
	}
}
