package rest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"
)

const (
	// maxBody bounds what is read of an answer, in bytes.
	maxBody = 64 << 20
	// maxRefusal bounds what is read of a refusal, in bytes. A longer body of success is data, which denies nothing.
	maxRefusal = 64 << 10
)

var errTooLarge = fmt.Errorf("the answer is larger than %d MiB", maxBody>>20)

// attempts carries out single attempts: it reads the whole answer, judges it and logs it.
type attempts struct {
	client *Client
	next   http.RoundTripper
}

// RoundTrip implements [http.RoundTripper]. What became of the attempt stands in the [call] of the request's context.
func (a *attempts) RoundTrip(r *http.Request) (*http.Response, error) {
	c, x, began := a.client, callOf(r.Context()), a.client.Now()
	x.attempts++
	ctx, cancel := context.WithTimeout(r.Context(), c.config.RequestTimeout)
	defer cancel()
	answer, err := a.next.RoundTrip(r.WithContext(ctx))
	var body []byte
	if err != nil {
		x.again = x.unanswered(r.Context(), err, c.config.RequestTimeout)
	} else {
		body, err = io.ReadAll(io.LimitReader(answer.Body, maxBody+1))
		_ = answer.Body.Close()
		answer.Body = http.NoBody
		c.learnTime(answer)
		x.again = c.answered(r.Context(), x, answer, body, err)
		err = nil
	}
	if x.failure != nil {
		x.failure.Method, x.failure.URL, x.failure.Attempts = r.Method, r.URL.String(), x.attempts
	}
	c.logAttempt(r, answer, x, body, began)
	return answer, err
}

// failed describes the request as one that failed.
func (x *call) failed(err error) *Error {
	return &Error{Operation: x.Operation, Err: err, object: x.Object}
}

// unanswered judges an attempt that brought no answer and reports whether another may.
func (x *call) unanswered(ctx context.Context, err error, timeout time.Duration) (again bool) {
	// Its text would repeat method and address.
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	x.failure = x.failed(err)
	x.failure.Undecided = !neverSent(err)
	switch {
	case ctx.Err() != nil:
		x.failure.Err = context.Cause(ctx)
		return false
	case isTimeout(err):
		x.failure.Err = fmt.Errorf("no answer within %s: %w", timeout, ErrTimeout)
	}
	return !hopeless(err) && (!x.Creates || neverSent(err))
}

// answered judges an attempt that brought an answer and reports whether another may bring a better one. broken is why the body is
// not whole.
func (c *Client) answered(ctx context.Context, x *call, answer *http.Response, body []byte, broken error) (again bool) {
	x.failure = x.failed(nil)
	x.failure.Status, x.failure.header, x.failure.TraceID = answer.StatusCode, answer.Header, c.requestID(answer)
	succeeded := answer.StatusCode >= 200 && answer.StatusCode < 300
	switch {
	case broken != nil && ctx.Err() != nil:
		x.failure.Err = context.Cause(ctx)
	case broken != nil && isTimeout(broken):
		x.failure.Err = fmt.Errorf("the answer took longer than %s: %w", c.config.RequestTimeout, ErrTimeout)
	case broken != nil:
		x.failure.Err = fmt.Errorf("the answer broke off after %d bytes: %w", len(body), broken)
	case len(body) > maxBody:
		x.failure.Err, x.failure.Undecided = errTooLarge, true
		return false
	default:
		said := c.readRefusal(answer, body, succeeded)
		if !succeeded || said.webPage || said.rejected {
			c.describe(x.failure, answer, said)
			x.failure.Undecided = outcomeUnknown(answer.StatusCode) || succeeded && said.webPage
			return worthRepeating(answer.StatusCode) && (!x.Creates || answer.StatusCode == http.StatusTooManyRequests)
		}
		err := x.accept(body)
		if err == nil {
			x.failure = nil
			return false
		}
		x.failure.Err = fmt.Errorf("the answer is malformed: %w", err)
	}
	// The status came, the rest did not: a refusal stands, a success is in doubt.
	x.failure.Undecided = succeeded || outcomeUnknown(answer.StatusCode)
	return (succeeded || worthRepeating(answer.StatusCode)) && !x.Creates
}

// accept reads a successful answer.
func (x *call) accept(body []byte) error {
	if x.read == nil {
		return nil
	}
	return x.read(body)
}

// readRefusal reads what an answer says against the request. A long success is data, and says nothing against it.
func (c *Client) readRefusal(answer *http.Response, body []byte, succeeded bool) envelope {
	if succeeded && len(body) > maxRefusal {
		return envelope{}
	}
	// Secrets are masked first: what is read is cut, and a part of one would not be known again.
	text := c.secrets.redact(string(body[:min(len(body), maxRefusal)]))
	return readEnvelope(bytes.TrimSpace([]byte(text)), answer.Header.Get("Content-Type"))
}

// describe fills in what a refusal says.
func (c *Client) describe(failure *Error, answer *http.Response, said envelope) {
	hide := c.secrets.redact
	failure.Code, failure.Message = hide(said.code), hide(said.message)
	failure.TraceID = firstOf(hide(said.traceID), failure.TraceID)
	if len(said.fields) > 0 {
		failure.Fields = map[string][]string{}
		for name, texts := range said.fields {
			for _, text := range texts {
				failure.Fields[hide(name)] = append(failure.Fields[hide(name)], hide(text))
			}
		}
	}
	if said.webPage {
		failure.Err = ErrWebPage
	}
	if target, err := answer.Location(); err == nil && answer.StatusCode >= 300 && answer.StatusCode < 400 {
		failure.Message = fmt.Sprintf("the server redirects to %s://%s%s, which is not followed",
			target.Scheme, target.Host, OneLine(hide(target.EscapedPath())))
	}
}

// requestID is the server's name for the request (contract 10.4).
func (c *Client) requestID(answer *http.Response) string {
	return OneLine(c.secrets.redact(answer.Header.Get("x-request-id")))
}

// logAttempt writes what happened in an attempt.
func (c *Client) logAttempt(r *http.Request, answer *http.Response, x *call, body []byte, began time.Time) {
	ctx, path := r.Context(), slog.String("path", r.URL.RequestURI())
	about := []slog.Attr{
		slog.String("operation", x.Operation), slog.String("method", r.Method), path, slog.Int("attempt", x.attempts),
		slog.Int64("duration_ms", c.Now().Sub(began).Milliseconds()),
	}
	if answer != nil {
		about = append(about, slog.Int("status", answer.StatusCode), slog.String("request_id", c.requestID(answer)))
	}
	if x.failure != nil {
		about = append(about, slog.String("error", x.failure.Error()))
	}
	c.write(ctx, slog.LevelDebug, "request", about...)
	if !x.Private && c.log.Enabled(ctx, LevelTrace) {
		c.write(ctx, LevelTrace, "bodies", path, slog.Int("attempt", x.attempts),
			slog.String("request_body", c.loggable(x.Body)), slog.String("response_body", c.loggable(body)))
	}
}
