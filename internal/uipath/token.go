package uipath

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/sync/singleflight"
)

const (
	// defaultLifetime holds where the server does not tell one (contract 2.1).
	defaultLifetime = time.Hour
	// maxLifetime bounds what the server tells.
	maxLifetime = 24 * time.Hour
	// renewalMargin is how long before its end a token is renewed; for a short-lived one it is a tenth of the lifetime.
	renewalMargin = time.Minute
	// maxSharedRead bounds a request that several callers wait for: it does not end with the one who began it.
	maxSharedRead = 15 * time.Minute
)

// token is an access token and when it is to be renewed, in local time.
type token struct {
	value   string
	renewAt time.Time
}

// tokens keeps the one token of a client. Its zero value with a fixed token never asks for another.
type tokens struct {
	// fixed is a configured token, which cannot be renewed.
	fixed string
	fetch func(ctx context.Context) (token, error)
	clock func() time.Time

	mu      sync.Mutex
	current token
	flight  singleflight.Group
}

// get returns a token that is good for a while.
func (t *tokens) get(ctx context.Context) (string, error) {
	if t.fixed != "" {
		return t.fixed, nil
	}
	return t.replace(ctx, "")
}

// replace returns a token other than one that the server has rejected. Many callers may ask: one request is made.
func (t *tokens) replace(ctx context.Context, rejected string) (string, error) {
	if value, ok := t.usable(rejected); ok {
		return value, nil
	}
	return shared(ctx, &t.flight, "token", func(ctx context.Context) (string, error) {
		// Somebody else's request may have ended between the question above and this one.
		if value, ok := t.usable(rejected); ok {
			return value, nil
		}
		fresh, err := t.fetch(ctx)
		if err != nil {
			return "", err
		}
		t.mu.Lock()
		defer t.mu.Unlock()
		t.current = fresh
		return fresh.value, nil
	})
}

func (t *tokens) usable(rejected string) (string, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.current.value, t.current.value != "" && t.current.value != rejected && t.clock().Before(t.current.renewAt)
}

// shared runs a read once for all who want the same at the same time. It runs on a context of its own, so that the one who began
// it may leave; each waits only as long as their own context lasts.
func shared[T any](ctx context.Context, group *singleflight.Group, key string, read func(context.Context) (T, error)) (T, error) {
	results := group.DoChan(key, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), maxSharedRead)
		defer cancel()
		return read(ctx)
	})
	var none T
	select {
	case result := <-results:
		value, ok := result.Val.(T)
		if result.Err != nil || !ok {
			return none, result.Err
		}
		return value, nil
	case <-ctx.Done():
		return none, context.Cause(ctx)
	}
}

// tokenAnswer is the answer of the token endpoint (contract 2.1). The lifetime is in seconds and may have a fraction.
type tokenAnswer struct {
	AccessToken string  `json:"access_token"`
	ExpiresIn   float64 `json:"expires_in"`
}

// requestToken asks for a token with client credentials.
func (c *Client) requestToken(ctx context.Context) (token, error) {
	form := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {c.config.ClientID}, "client_secret": {c.config.ClientSecret},
	}
	if len(c.config.Scopes) > 0 {
		form.Set("scope", strings.Join(c.config.Scopes, " "))
	}
	path := "/identity_/connect/token"
	if c.config.Organization != "" {
		path = "/" + url.PathEscape(c.config.Organization) + path
	}
	asked := c.clock()
	answer, err := fetch[tokenAnswer](ctx, c, request{
		operation: "get an access token", method: http.MethodPost, path: path,
		body: []byte(form.Encode()), contentType: "application/x-www-form-urlencoded", confidential: true,
	})
	if err != nil {
		return token{}, c.tokenProblem(err)
	}
	if answer.AccessToken == "" {
		return token{}, &ConfigError{
			Attribute: "base_url", Summary: "No access token received",
			Detail: fmt.Sprintf("%s answered the token request with success but without an access token. "+
				"Check base_url (UIPATH_URI): it may not be a UiPath server.", c.base),
		}
	}
	c.secrets.keepToken(answer.AccessToken)
	lifetime := defaultLifetime
	if answer.ExpiresIn > 0 {
		lifetime = time.Duration(min(answer.ExpiresIn, maxLifetime.Seconds()) * float64(time.Second))
	}
	return token{answer.AccessToken, asked.Add(lifetime - min(renewalMargin, lifetime/10))}, nil
}

// claims are what the client reads in a token (contract 2.3). They are not verified, and nothing but what is named to the user
// and what is asked of the server depends on them: the server judges the token itself.
type claims struct {
	subject      string
	organization string
}

// readClaims reads a token, which may be opaque.
func readClaims(value string) claims {
	contents := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(value, contents); err != nil {
		return claims{}
	}
	subject, _ := contents["sub"].(string)
	organization, _ := contents["prt_id"].(string)
	return claims{subject, organization}
}

// fetch sends a request and reads its answer from JSON. Each attempt fills a value of its own.
func fetch[T any](ctx context.Context, c *Client, r request) (T, error) {
	var answer T
	err := c.send(ctx, r, func(body []byte) error {
		var read T
		if err := json.Unmarshal(body, &read); err != nil {
			return err
		}
		answer = read
		return nil
	})
	return answer, err
}
