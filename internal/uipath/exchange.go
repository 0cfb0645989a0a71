package uipath

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

const (
	// maxBody bounds what is read of an answer, in bytes.
	maxBody = 64 << 20
	// maxRefusal bounds what is read of a refusal, in bytes. A longer body of success is data, which denies nothing.
	maxRefusal = 64 << 10
)

var errTooLarge = fmt.Errorf("the answer is larger than %d MiB", maxBody>>20)

// exchange is one request and its attempts, as go-retryablehttp carries them out. It is used by one goroutine.
type exchange struct {
	client  *Client
	request request
	url     *url.URL
	read    func(body []byte) error

	attempts int
	began    time.Time
	wait     time.Duration
	// failure is that of the last attempt, nil after success.
	failure *Error
	// noToken is why there was no token for another attempt.
	noToken error
}

// begin notes when an attempt begins.
func (x *exchange) begin(retryablehttp.Logger, *http.Request, int) { x.began = x.client.clock() }

// check judges an attempt and decides whether there is another.
func (x *exchange) check(ctx context.Context, answer *http.Response, err error) (bool, error) {
	x.attempts++
	body, again := x.judge(ctx, answer, err)
	if x.failure != nil {
		x.failure.Attempts = x.attempts
	}
	x.log(ctx, answer, body)
	return again && x.waits(ctx), nil
}

// waits reports whether there is time and budget for another attempt, and decides how long to wait for it.
func (x *exchange) waits(ctx context.Context) bool {
	if ctx.Err() != nil || x.attempts > x.client.config.MaxRetries {
		return false
	}
	x.wait = x.client.delay(x.attempts, x.failure.header)
	if reason := tooLong(ctx, x.wait); reason != "" {
		x.failure.note = reason
		return false
	}
	x.client.logWarn(ctx, "waiting before the request is repeated", map[string]any{
		"operation": x.request.operation, "reason": x.failure.Error(), "wait": x.wait.String(), "attempt": x.attempts,
	})
	return true
}

// backoff returns the wait that check has decided on.
func (x *exchange) backoff(_, _ time.Duration, _ int, _ *http.Response) time.Duration {
	return x.client.pause(x.wait)
}

// reauthorize gives a repeated request the present token: it may have been renewed during the wait.
func (x *exchange) reauthorize(repeated *http.Request) error {
	if x.request.confidential {
		return nil
	}
	bearer, err := x.client.tokens.get(repeated.Context())
	if err != nil {
		x.noToken = err
		return err
	}
	// The connection of the last attempt may still be reading the old header.
	repeated.Header = repeated.Header.Clone()
	repeated.Header.Set("Authorization", "Bearer "+bearer)
	return nil
}

// result is the outcome of all attempts; err is what go-retryablehttp adds.
func (x *exchange) result(ctx context.Context, err error) error {
	switch {
	case x.noToken != nil:
		return x.noToken
	case x.failure == nil && err == nil:
		return nil
	case x.failure == nil:
		return x.failed(err)
	case x.failure.Err == nil && ctx.Err() != nil:
		// It ended while waiting to try again.
		x.failure.Err = context.Cause(ctx)
	case ctx.Err() != nil && !errors.Is(x.failure.Err, context.Cause(ctx)):
		x.failure.Err = fmt.Errorf("%w; then %w", x.failure.Err, context.Cause(ctx))
	}
	return x.failure
}

// failed describes this request as one that failed.
func (x *exchange) failed(err error) *Error {
	return &Error{
		Operation: x.request.operation, Method: x.request.method, URL: x.url.String(), Attempts: x.attempts,
		Err: err, object: x.request.object,
	}
}

// judge sets the failure of an attempt, and reports whether another may do better.
func (x *exchange) judge(ctx context.Context, answer *http.Response, err error) (body []byte, again bool) {
	if err != nil {
		return nil, x.unanswered(ctx, err)
	}
	return x.answered(ctx, answer)
}

// unanswered judges an attempt that brought no answer and reports whether another may.
func (x *exchange) unanswered(ctx context.Context, err error) bool {
	// Its text would repeat method and address.
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	x.failure = x.failed(err)
	if ctx.Err() != nil {
		x.failure.Err = context.Cause(ctx)
		x.failure.undecided = !neverSent(err)
		return false
	}
	if isTimeout(err) {
		x.failure.Err = fmt.Errorf("no answer within %s (request_timeout): %w", x.client.config.RequestTimeout, errTimeout)
	}
	x.failure.undecided = !neverSent(err)
	return !hopeless(err) && (!x.request.creates || neverSent(err))
}

// answered judges an attempt that brought an answer and reports whether another may bring a better one.
func (x *exchange) answered(ctx context.Context, answer *http.Response) (body []byte, again bool) {
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxBody+1))
	_ = answer.Body.Close()
	x.client.learnTime(answer)

	x.failure = x.failed(nil)
	x.failure.Status, x.failure.header = answer.StatusCode, answer.Header
	x.failure.TraceID = x.requestID(answer)
	succeeded := answer.StatusCode >= 200 && answer.StatusCode < 300
	switch {
	case err != nil && ctx.Err() != nil:
		x.failure.Err = context.Cause(ctx)
	case err != nil && isTimeout(err):
		x.failure.Err = fmt.Errorf("the answer took longer than %s (request_timeout): %w", x.client.config.RequestTimeout, errTimeout)
	case err != nil:
		x.failure.Err = fmt.Errorf("the answer broke off after %d bytes: %w", len(body), err)
	case len(body) > maxBody:
		x.failure.Err = errTooLarge
		x.failure.undecided = true
		return body, false
	default:
		var said envelope
		if !succeeded || len(body) <= maxRefusal {
			// Secrets are masked first: what is read is cut, and a part of one would not be known again.
			text := x.client.secrets.redact(string(body[:min(len(body), maxRefusal)]))
			said = readEnvelope([]byte(text), answer.Header.Get("Content-Type"))
		}
		if succeeded && !said.webPage && !said.rejected {
			if err = x.accept(body); err == nil {
				x.failure = nil
				return body, false
			}
			x.failure.Err = fmt.Errorf("the answer is malformed: %w", err)
			break
		}
		x.describe(answer, said)
		x.failure.undecided = outcomeUnknown(answer.StatusCode) || succeeded && said.webPage
		return body, worthRepeating(answer.StatusCode) &&
			(!x.request.creates || answer.StatusCode == http.StatusTooManyRequests)
	}
	// The status came, the rest did not: a refusal stands, a success is in doubt.
	x.failure.undecided = succeeded || outcomeUnknown(answer.StatusCode)
	return body, (succeeded || worthRepeating(answer.StatusCode)) && !x.request.creates
}

// accept reads a successful answer.
func (x *exchange) accept(body []byte) error {
	if x.read == nil {
		return nil
	}
	return x.read(body)
}

// describe fills in what a refusal says.
func (x *exchange) describe(answer *http.Response, said envelope) {
	hide := x.client.secrets.redact
	x.failure.Code, x.failure.Message = hide(said.code), hide(said.message)
	x.failure.TraceID = firstOf(hide(said.traceID), x.failure.TraceID)
	if len(said.fields) > 0 {
		x.failure.Fields = map[string][]string{}
		for name, texts := range said.fields {
			for _, text := range texts {
				x.failure.Fields[hide(name)] = append(x.failure.Fields[hide(name)], hide(text))
			}
		}
	}
	if said.webPage {
		x.failure.Err = errWebPage
	}
	if target, err := answer.Location(); err == nil && answer.StatusCode >= 300 && answer.StatusCode < 400 {
		x.failure.Message = fmt.Sprintf("the server redirects to %s://%s%s, which is not followed",
			target.Scheme, target.Host, oneLine(hide(target.EscapedPath())))
	}
}

// requestID is the server's name for the request (contract 10.4).
func (x *exchange) requestID(answer *http.Response) string {
	return oneLine(x.client.secrets.redact(answer.Header.Get("x-request-id")))
}

// log writes what happened in this attempt.
func (x *exchange) log(ctx context.Context, answer *http.Response, body []byte) {
	fields := map[string]any{
		"operation": x.request.operation, "method": x.request.method, "path": x.url.RequestURI(), "attempt": x.attempts,
		"duration_ms": x.client.clock().Sub(x.began).Milliseconds(),
	}
	if answer != nil {
		fields["status"] = answer.StatusCode
		fields["request_id"] = x.requestID(answer)
	}
	if x.failure != nil {
		fields["error"] = x.failure.Error()
	}
	x.client.logDebug(ctx, "request", fields)
	if x.request.loggedBodies {
		x.client.logBodies(ctx, map[string]any{"path": fields["path"], "attempt": x.attempts}, x.request.body, body)
	}
}
