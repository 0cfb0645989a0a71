package rest

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"
)

const (
	// maxBody bounds what is read of an answer, in bytes.
	maxBody = 64 << 20
	// maxRefusal bounds what is read of a refusal, in bytes.
	maxRefusal = 64 << 10
)

var errTooLarge = fmt.Errorf("the answer is larger than %d MiB", maxBody>>20)

// RoundTrip makes one attempt: it reads the whole answer, judges it and logs it.
func (x *call) RoundTrip(r *http.Request) (*http.Response, error) {
	x.attempts++
	began := x.client.Now()
	ctx, alive, cancel := x.limit(r.Context())
	defer cancel()
	answer, err := x.client.transport.RoundTrip(r.WithContext(ctx))
	if err != nil {
		if x.readStream != nil && r.Context().Err() == nil && ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		x.again = x.unanswered(r.Context(), err)
		x.observe(r.Context(), began)
		x.log(r, nil, nil, began)
		return nil, err
	}
	defer func(body io.Closer) { _ = body.Close() }(answer.Body)
	body, broken := x.receive(ctx, answer, alive)
	answer.Body = http.NoBody
	x.client.learnTime(answer)
	x.again = x.answered(r.Context(), answer, body, broken)
	x.observe(r.Context(), began)
	x.log(r, answer, body, began)
	return answer, nil
}

// observe takes note of how long an attempt took, and whether the server is there. An attempt that the caller ended tells neither.
func (x *call) observe(ctx context.Context, began time.Time) {
	if ctx.Err() != nil {
		return
	}
	now := x.client.Now()
	if x.attempts > 1 {
		x.spent += now.Sub(began)
	}
	x.client.presence.observe(x.failure, now)
}

// failed describes the request as one that failed.
func (x *call) failed(err error) *Error {
	return &Error{
		Operation: x.Operation, Method: x.Method, URL: x.address, Attempts: x.attempts, Err: err, object: x.Object,
	}
}

// unanswered judges an attempt that brought no answer and reports whether another may.
func (x *call) unanswered(ctx context.Context, err error) (again bool) {
	x.failure = x.failed(err)
	x.failure.Undecided = !neverSent(err)
	if ctx.Err() != nil {
		x.failure.Err = context.Cause(ctx)
		return false
	}
	if isTimeout(err) {
		x.failure.Err = fmt.Errorf("no answer within %s: %w", x.client.config.RequestTimeout, ErrTimeout)
	}
	return !hopeless(err) && (!x.Creates || neverSent(err))
}

// answered judges an attempt that brought an answer and reports whether another may bring a better one. broken is what ended the
// body early.
func (x *call) answered(ctx context.Context, answer *http.Response, body []byte, broken error) (again bool) {
	x.failure = x.failed(nil)
	x.failure.Status, x.failure.header, x.failure.TraceID = answer.StatusCode, answer.Header, x.client.requestID(answer)
	succeeded := answer.StatusCode >= 200 && answer.StatusCode < 300
	switch {
	case broken != nil && ctx.Err() != nil:
		x.failure.Err = context.Cause(ctx)
	case broken != nil && isTimeout(broken):
		x.failure.Err = fmt.Errorf("the answer took longer than %s: %w", x.client.config.RequestTimeout, ErrTimeout)
	case broken != nil:
		x.failure.Err = fmt.Errorf("the answer broke off after %d bytes: %w", x.received(body), broken)
	case len(body) > maxBody:
		x.failure.Err, x.failure.Undecided = errTooLarge, true
		return false
	default:
		said := x.client.readRefusal(answer, body)
		if !succeeded || said.webPage || said.rejected {
			x.client.describe(x.failure, answer, said)
			x.failure.Undecided = outcomeUnknown(answer.StatusCode) || succeeded && said.webPage
			if succeeded && said.webPage {
				// A gateway answered in the server's place.
				return !x.Creates
			}
			return worthRepeating(answer.StatusCode) && (!x.Creates || answer.StatusCode == http.StatusTooManyRequests)
		}
		err := x.accept(body)
		if err == nil {
			x.failure = nil
			return false
		}
		if x.stream != nil && x.stream.broken != nil {
			return x.answered(ctx, answer, body, x.stream.broken)
		}
		x.failure.Err = fmt.Errorf("the answer is malformed: %w", err)
	}
	// The status came, the rest did not: a refusal stands, a success is in doubt.
	x.failure.Undecided = succeeded || outcomeUnknown(answer.StatusCode)
	return (succeeded || worthRepeating(answer.StatusCode)) && !x.Creates
}

// accept reads a successful answer.
func (x *call) accept(body []byte) error {
	switch {
	case x.readStream != nil:
		return x.readStream(x.stream)
	case x.read != nil:
		return x.read(body)
	}
	return nil
}

// readRefusal reads what an answer says against the request, which a successful one may do too.
func (c *Client) readRefusal(answer *http.Response, body []byte) envelope {
	// Secrets are masked first: what is read is cut, and a part of one would not be known again.
	text := c.secrets.redact(string(body[:min(len(body), maxRefusal)]))
	return readEnvelope([]byte(text), answer.Header.Get("Content-Type"))
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

// requestID returns the server's name for the request (contract 10.4).
func (c *Client) requestID(answer *http.Response) string {
	return OneLine(c.secrets.redact(answer.Header.Get("x-request-id")))
}

// log writes what happened in an attempt.
func (x *call) log(r *http.Request, answer *http.Response, body []byte, began time.Time) {
	c, ctx, path, attempt := x.client, r.Context(), slog.String("path", r.URL.RequestURI()), slog.Int("attempt", x.attempts)
	about := []slog.Attr{
		slog.String("operation", x.Operation), slog.String("method", r.Method), path, attempt,
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
		c.write(ctx, LevelTrace, "bodies", path, attempt,
			slog.String("request_body", c.loggable(x.Body)), slog.String("response_body", c.loggable(body)))
	}
}
