package uipath

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/hashicorp/go-cleanhttp"
	"github.com/hashicorp/go-retryablehttp"
)

// request is one question to the server.
type request struct {
	// operation says what it is for, in error messages.
	operation string
	method    string
	// path is escaped and begins at the base URL.
	path  string
	query url.Values
	body  []byte
	// contentType is that of the body, and accept what the answer may be; JSON where empty.
	contentType string
	accept      string
	// creates says that sending it twice could do it twice: it is repeated only where it certainly was not processed.
	creates bool
	// object says that one object is asked for by its id, so that 404 says that there is none.
	object bool
	// confidential requests carry a secret and bring a token: they bear no authorization, and their bodies are never logged.
	confidential bool
	// loggedBodies says that bodies may be logged.
	loggedBodies bool
}

// send asks the server, again where that helps, and hands a successful answer's body to read, which may refuse it as
// malformed; nil ignores the body. The error is an [*Error] or, where a setting is at fault, a [*ConfigError].
func (c *Client) send(ctx context.Context, r request, read func(body []byte) error) error {
	if r.confidential {
		return c.carry(ctx, r, "", read)
	}
	bearer, err := c.tokens.get(ctx)
	if err != nil {
		return err
	}
	err = c.carry(ctx, r, bearer, read)
	if !errors.Is(err, ErrUnauthorized) {
		return err
	}
	if c.tokens.fixed != "" {
		return &ConfigError{
			Attribute: "access_token", Summary: "Access token refused",
			Detail: "The server does not accept the access token: access_token (UIPATH_PAT) is expired, revoked or not for this server. " +
				"Make a new one. What happened: " + err.Error(),
			Err: err,
		}
	}
	// The server may have revoked the token before its time. A refused request was not processed, so it can be sent again.
	c.logWarn(ctx, "the server refused the access token: renewing it", map[string]any{"operation": r.operation})
	if bearer, err = c.tokens.replace(ctx, bearer); err != nil {
		return err
	}
	return c.carry(ctx, r, bearer, read)
}

// carry sends a request until it succeeds or repeating it is of no use.
func (c *Client) carry(ctx context.Context, r request, bearer string, read func(body []byte) error) error {
	address := c.base.String() + r.path
	if len(r.query) > 0 {
		address += "?" + r.query.Encode()
	}
	prepared, err := retryablehttp.NewRequestWithContext(ctx, r.method, address, r.body)
	if err != nil {
		return &Error{Operation: r.operation, Method: r.method, URL: address, Err: err}
	}
	prepared.Header.Set("User-Agent", c.config.UserAgent)
	prepared.Header.Set("Accept", firstOf(r.accept, "application/json"))
	if r.body != nil {
		prepared.Header.Set("Content-Type", firstOf(r.contentType, "application/json"))
	}
	if bearer != "" {
		prepared.Header.Set("Authorization", "Bearer "+bearer)
	}
	ongoing := &exchange{client: c, request: r, url: prepared.URL, read: read}
	repeating := retryablehttp.Client{
		HTTPClient:     c.http,
		RetryMax:       c.config.MaxRetries,
		CheckRetry:     ongoing.check,
		Backoff:        ongoing.backoff,
		PrepareRetry:   ongoing.reauthorize,
		ErrorHandler:   retryablehttp.PassthroughErrorHandler,
		RequestLogHook: ongoing.begin,
	}
	answer, err := repeating.Do(prepared)
	if answer != nil {
		// Its body was read by check; closing it again is harmless.
		_ = answer.Body.Close()
	}
	return ongoing.result(ctx, err)
}

// newHTTPClient returns what carries one attempt. Redirects are not followed: they would carry the token to another host, and
// turn a write into a read.
func newHTTPClient(config Config) *http.Client {
	transport := config.Transport
	if transport == nil {
		pooled := cleanhttp.DefaultPooledTransport()
		// Terraform works on ten things at a time by default, more on request; the default is a few per processor.
		pooled.MaxIdleConnsPerHost = 32
		transport = pooled
	}
	return &http.Client{
		Transport:     transport,
		Timeout:       config.RequestTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
