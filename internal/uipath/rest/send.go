package rest

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/url"
)

// Request is one question to the server.
type Request struct {
	// Operation says what it is for, in error messages.
	Operation string
	Method    string
	// Path is escaped and begins at the base URL.
	Path  string
	Query url.Values
	Body  []byte
	// ContentType is that of the body, and Accept what the answer may be; JSON where empty.
	ContentType string
	Accept      string
	// Creates says that sending it twice could do it twice: it is repeated only where it certainly was not processed.
	Creates bool
	// Object says that one object is asked for by its id, so that 404 says that there is none.
	Object bool
	// Private bodies name people or carry a secret. They are never logged.
	Private bool

	// anonymous requests ask for a token, and bear none.
	anonymous bool
}

// Fetch sends a request and reads its answer from JSON. Each attempt fills a value of its own.
func Fetch[T any](ctx context.Context, c *Client, r Request) (T, error) {
	return FetchAs(ctx, c, r, func(body []byte) (T, error) {
		var answer T
		err := json.Unmarshal(body, &answer)
		return answer, err
	})
}

// FetchAs sends a request and returns what read makes of the answer. An error of read says that the answer is malformed.
func FetchAs[T any](ctx context.Context, c *Client, r Request, read func(body []byte) (T, error)) (T, error) {
	var answer T
	err := c.Send(ctx, r, func(body []byte) error {
		value, err := read(body)
		if err == nil {
			answer = value
		}
		return err
	})
	return answer, err
}

// Send asks the server, again where that helps, and hands a successful answer's body to read, which may refuse it as
// malformed; nil ignores the body. The error is an [*Error], a [*SettingError] where a setting is at fault, or the cause of the
// context's end where the caller waited for a token.
func (c *Client) Send(ctx context.Context, r Request, read func(body []byte) error) error {
	return c.sendCall(ctx, call{Request: r, client: c, read: read})
}

// Stream is [Client.Send] for an answer of any length, which is read while it comes: the timeout of an attempt is that of each part.
// Each attempt calls read anew.
func (c *Client) Stream(ctx context.Context, r Request, read func(body io.Reader) error) error {
	return c.sendCall(ctx, call{Request: r, client: c, readStream: read})
}

// sendCall sends a call, and with another token once more if the server refuses the first.
func (c *Client) sendCall(ctx context.Context, first call) error {
	x, r := new(first), first.Request
	if r.anonymous {
		return x.send(ctx)
	}
	var err error
	if x.bearer, err = c.tokens.get(ctx); err != nil {
		return err
	}
	err = x.send(ctx)
	if !errors.Is(err, ErrUnauthorized) {
		return err
	}
	if c.tokens.fixed != "" {
		return &SettingError{Problem: AccessTokenRefused, Err: err}
	}
	// The server may have revoked the token before its time. A refused request was not processed, so it can be sent again.
	c.write(ctx, slog.LevelWarn, "the server refused the access token: renewing it", slog.String("operation", r.Operation))
	renewed, err := c.tokens.renew(ctx, x.bearer)
	if err != nil {
		return err
	}
	x = new(first)
	x.bearer = renewed
	return x.send(ctx)
}
