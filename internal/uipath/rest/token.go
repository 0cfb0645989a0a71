package rest

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

const (
	// defaultLifetime is a token's where the server tells none (contract 2.1).
	defaultLifetime = time.Hour
	// maxLifetime bounds what the server tells.
	maxLifetime = 24 * time.Hour
	// renewalMargin is how long before its end a token is renewed; for a short-lived one it is a tenth of the lifetime.
	renewalMargin = time.Minute
)

// token is an access token, its number among those that the client got, and when to renew it, in local time.
type token struct {
	value   string
	number  int64
	renewAt time.Time
}

// tokens keeps the present token of a client.
type tokens struct {
	// fixed is a configured token, which cannot be renewed.
	fixed string
	clock func() time.Time

	// issued are the tokens by their numbers, and present the number of the one to use.
	issued  Memo[int64, token]
	present atomic.Int64
}

// get returns the present token, or a new one if that is about to expire.
func (t *tokens) get(ctx context.Context) (token, error) {
	if t.fixed != "" {
		return token{value: t.fixed}, nil
	}
	issued, err := t.issued.Get(ctx, t.present.Load())
	if err != nil || t.clock().Before(issued.renewAt) {
		return issued, err
	}
	return t.renew(ctx, issued)
}

// renew returns a newer token than an old one. Callers who ask at the same time share one request.
func (t *tokens) renew(ctx context.Context, old token) (token, error) {
	if t.present.CompareAndSwap(old.number, old.number+1) {
		// Others may just be about to look up the old token. The one before it is out of use.
		t.issued.Forget(old.number - 1)
	}
	return t.issued.Get(ctx, t.present.Load())
}

// tokenAnswer is the answer of the token endpoint (contract 2.1). The lifetime is in seconds and may have a fraction.
type tokenAnswer struct {
	AccessToken string  `json:"access_token"`
	ExpiresIn   float64 `json:"expires_in"`
}

// requestToken asks for a token with client credentials.
func (c *Client) requestToken(ctx context.Context, number int64) (token, error) {
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
	asked := c.Now()
	answer, err := Fetch[tokenAnswer](ctx, c, Request{
		Operation: "get an access token", Method: http.MethodPost, Path: path,
		Body: []byte(form.Encode()), ContentType: "application/x-www-form-urlencoded", Private: true, anonymous: true,
	})
	if err != nil {
		if errors.Is(err, ErrForbidden) {
			// A memo would keep it, but a later request for a token may succeed.
			c.tokens.issued.Forget(number)
		}
		return token{}, c.explainToken(err)
	}
	if answer.AccessToken == "" {
		return token{}, &SettingError{Problem: TokenNotIssued, Value: c.Address()}
	}
	c.secrets.keepToken(answer.AccessToken)
	lifetime := defaultLifetime
	if answer.ExpiresIn > 0 {
		lifetime = time.Duration(min(answer.ExpiresIn, maxLifetime.Seconds()) * float64(time.Second))
	}
	return token{answer.AccessToken, number, asked.Add(lifetime - min(renewalMargin, lifetime/10))}, nil
}

// explainToken says which setting is wrong where the token endpoint refused.
func (c *Client) explainToken(err error) error {
	refused, ok := errors.AsType[*Error](err)
	if !ok || refused.Status >= 500 || refused.Status == http.StatusTooManyRequests {
		return c.Explain(c.config.Organization, err)
	}
	wrong := &SettingError{Value: c.config.ClientID, Err: err}
	switch {
	case refused.Code == "invalid_scope" && len(c.config.Scopes) == 0:
		wrong.Problem = ScopesMissing
	case refused.Code == "invalid_scope":
		wrong.Problem, wrong.Other = ScopesRefused, strings.Join(c.config.Scopes, ", ")
	case refused.Code == "unauthorized_client" || refused.Code == "unsupported_grant_type":
		wrong.Problem = ClientNotConfidential
	case refused.Code == "invalid_client" || refused.Status == http.StatusUnauthorized:
		wrong.Problem = CredentialsRefused
	default:
		return c.Explain(c.config.Organization, err)
	}
	return wrong
}

// Claims are what the client reads in a token (contract 2.3). They are "" in an opaque token, and where they are no GUIDs. They are not
// verified: they only decide what is shown to the user and asked of the server, which judges the token itself.
type Claims struct {
	// Subject is the id of a user or of an external application.
	Subject      access.GUID
	Organization access.GUID
}

// readClaims reads a token, which may be opaque.
func readClaims(value string) Claims {
	contents := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(value, contents); err != nil {
		return Claims{}
	}
	subject, _ := contents["sub"].(string)
	organization, _ := contents["prt_id"].(string)
	return Claims{access.OptionalGUID(subject), access.OptionalGUID(organization)}
}
