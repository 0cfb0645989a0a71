package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/hashicorp/go-retryablehttp"
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

	// anonymous requests bring a token, and bear none.
	anonymous bool
}

// call is a request and what became of its last attempt. It is used by one goroutine.
type call struct {
	Request
	read func(body []byte) error

	attempts int
	// failure is that of the last attempt, nil after success; again says that another may do better.
	failure *Error
	again   bool
}

type callKey struct{}

func callOf(ctx context.Context) *call {
	ongoing, ok := ctx.Value(callKey{}).(*call)
	if !ok {
		return &call{}
	}
	return ongoing
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
// malformed; nil ignores the body. The error is an [*Error] or, where a setting is at fault, a [*SettingError].
func (c *Client) Send(ctx context.Context, r Request, read func(body []byte) error) error {
	if r.anonymous {
		return c.send(ctx, r, token{}, read)
	}
	bearer, err := c.tokens.get(ctx)
	if err != nil {
		return err
	}
	err = c.send(ctx, r, bearer, read)
	if !errors.Is(err, ErrUnauthorized) {
		return err
	}
	if c.tokens.fixed != "" {
		return &SettingError{Problem: AccessTokenRefused, Err: err}
	}
	// The server may have revoked the token before its time. A refused request was not processed, so it can be sent again.
	c.write(ctx, slog.LevelWarn, "the server refused the access token: renewing it", slog.String("operation", r.Operation))
	if bearer, err = c.tokens.renew(ctx, bearer); err != nil {
		return err
	}
	return c.send(ctx, r, bearer, read)
}

// send sends a request with a token until it succeeds or repeating it is of no use.
func (c *Client) send(ctx context.Context, r Request, bearer token, read func(body []byte) error) error {
	address := c.base.String() + r.Path
	if len(r.Query) > 0 {
		address += "?" + r.Query.Encode()
	}
	ongoing := &call{Request: r, read: read}
	prepared, err := retryablehttp.NewRequestWithContext(context.WithValue(ctx, callKey{}, ongoing), r.Method, address, r.Body)
	if err != nil {
		return &Error{Operation: r.Operation, Method: r.Method, URL: address, Err: err}
	}
	prepared.Header.Set("User-Agent", c.config.UserAgent)
	prepared.Header.Set("Accept", firstOf(r.Accept, "application/json"))
	if r.Body != nil {
		prepared.Header.Set("Content-Type", firstOf(r.ContentType, "application/json"))
	}
	if bearer.value != "" {
		prepared.Header.Set("Authorization", "Bearer "+bearer.value)
	}
	answer, err := c.retries.Do(prepared)
	if answer != nil {
		// It was read when it came; closing it again is harmless.
		_ = answer.Body.Close()
	}
	if missing, ok := errors.AsType[*noTokenError](err); ok {
		return missing.error
	}
	return ongoing.outcome(ctx)
}

// outcome is that of the last attempt. Where the wait for another ended with the context, that is told too.
func (x *call) outcome(ctx context.Context) error {
	switch cause := context.Cause(ctx); {
	case x.failure == nil:
		return nil
	case cause == nil || errors.Is(x.failure.Err, cause):
	case x.failure.Err == nil:
		x.failure.Err = cause
	default:
		x.failure.Err = fmt.Errorf("%w; then %w", x.failure.Err, cause)
	}
	return x.failure
}

// again decides whether there is another attempt.
func (c *Client) again(ctx context.Context, answer *http.Response, _ error) (bool, error) {
	ongoing := callOf(ctx)
	if !ongoing.again || ctx.Err() != nil || ongoing.attempts > c.config.MaxRetries {
		return false, nil
	}
	about := []slog.Attr{
		slog.String("operation", ongoing.Operation), slog.String("reason", ongoing.failure.Error()), slog.Int("attempt", ongoing.attempts),
	}
	if wait, asked := retryAfter(headerOf(answer), c.Now()); asked {
		if reason := tooLong(ctx, wait); reason != "" {
			ongoing.failure.Note = reason
			return false, nil
		}
		about = append(about, slog.String("wait", wait.String()))
	}
	c.write(ctx, slog.LevelWarn, "waiting before the request is repeated", about...)
	return true, nil
}

// backoff is how long to wait after so many repetitions.
func (c *Client) backoff(_, _ time.Duration, repeated int, answer *http.Response) time.Duration {
	return c.config.Pause(c.delay(repeated+1, headerOf(answer)))
}

func headerOf(answer *http.Response) http.Header {
	if answer == nil {
		return nil
	}
	return answer.Header
}

// noTokenError is why there was no token for another attempt.
type noTokenError struct{ error }

// reauthorize gives a repeated request the present token: it may have been renewed during the wait.
func (c *Client) reauthorize(repeated *http.Request) error {
	if callOf(repeated.Context()).anonymous {
		return nil
	}
	bearer, err := c.tokens.get(repeated.Context())
	if err != nil {
		return &noTokenError{err}
	}
	// The connection of the last attempt may still be reading the old header.
	repeated.Header = repeated.Header.Clone()
	repeated.Header.Set("Authorization", "Bearer "+bearer.value)
	return nil
}

// Wait waits before something is repeated that failed for the nth time, with an error if it is one of a request. It returns why not
// to repeat it: the server asks for too long a wait, or the context ends before.
func (c *Client) Wait(ctx context.Context, n int, failed *Error) error {
	wait := c.delay(n, failed.Header())
	if reason := tooLong(ctx, wait); reason != "" {
		return errors.New(reason)
	}
	timer := time.NewTimer(c.config.Pause(wait))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
