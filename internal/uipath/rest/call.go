package rest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/http"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// call is a request under way. go-retryablehttp repeats its attempts, with the methods below as its hooks and RoundTrip as its
// transport. It is used by one goroutine.
type call struct {
	Request
	client *Client
	// read takes the body of a successful answer, and readStream, if it is there, instead reads it while it comes.
	read       func(body []byte) error
	readStream func(body io.Reader) error
	// stream is the body of the present answer where it is read while it comes.
	stream *stream
	// bearer is the token of the latest attempt.
	bearer  token
	address string

	attempts int
	// failure is that of the latest attempt, nil after success; again says that another attempt, after wait, may do better.
	failure *Error
	again   bool
	wait    time.Duration
	// spent is how long the call has taken since its first failure: the waits as they were decided on, and the attempts.
	spent time.Duration
	// noToken is why there was no token for another attempt.
	noToken error
}

// send sends the request until it succeeds or repeating it is of no use.
func (x *call) send(ctx context.Context) error {
	prepared, err := x.prepare(ctx)
	if err != nil {
		return x.failed(err)
	}
	repeating := retryablehttp.Client{
		HTTPClient: &http.Client{
			Transport: x,
			// Redirects are not followed: they would carry the token to another host, and turn a write into a read.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		// How often is decided by [call.within].
		RetryMax:     math.MaxInt,
		CheckRetry:   x.decide,
		Backoff:      x.backoff,
		PrepareRetry: x.reauthorize,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	answer, err := repeating.Do(prepared)
	if answer != nil {
		// It was read when it came; closing it again is harmless.
		_ = answer.Body.Close()
	}
	return x.outcome(ctx, err)
}

func (x *call) prepare(ctx context.Context) (*retryablehttp.Request, error) {
	x.address = x.client.base.String() + x.Path
	if len(x.Query) > 0 {
		x.address += "?" + x.Query.Encode()
	}
	// An empty body is not the same as none: HTTP/2 sends a frame for it.
	var body any
	if x.Body != nil {
		body = x.Body
	}
	prepared, err := retryablehttp.NewRequestWithContext(ctx, x.Method, x.address, body)
	if err != nil {
		return nil, err
	}
	prepared.Header.Set("User-Agent", x.client.config.UserAgent)
	prepared.Header.Set("Accept", firstOf(x.Accept, "application/json"))
	if body != nil {
		prepared.Header.Set("Content-Type", firstOf(x.ContentType, "application/json"))
	}
	if !x.anonymous {
		prepared.Header.Set("Authorization", "Bearer "+x.bearer.value)
	}
	return prepared, nil
}

// decide says whether there is another attempt.
func (x *call) decide(ctx context.Context, _ *http.Response, _ error) (bool, error) {
	return x.again && x.mayWait(ctx), nil
}

// mayWait reports whether there is time for another attempt and the settings allow it, and decides how long to wait for it.
func (x *call) mayWait(ctx context.Context) bool {
	if ctx.Err() != nil {
		return false
	}
	x.wait = x.client.delay(x.attempts, x.failure.header)
	if !x.within() {
		return false
	}
	if reason := tooLong(ctx, x.wait); reason != "" {
		x.failure.Note = reason
		return false
	}
	x.spent += x.wait
	x.client.slowDown(x.failure, x.wait)
	x.client.write(ctx, slog.LevelWarn, "waiting before the request is repeated", slog.String("operation", x.Operation),
		slog.String("reason", x.failure.Error()), slog.String("wait", x.wait.String()), slog.Int("attempt", x.attempts))
	return true
}

// backoff returns the wait that was decided on.
func (x *call) backoff(time.Duration, time.Duration, int, *http.Response) time.Duration {
	return x.client.config.Pause(x.wait)
}

// reauthorize gives a repeated request the present token: it may have been renewed during the wait.
func (x *call) reauthorize(repeated *http.Request) error {
	if x.anonymous {
		return nil
	}
	if x.bearer, x.noToken = x.client.tokens.get(repeated.Context()); x.noToken != nil {
		return x.noToken
	}
	// The connection of the last attempt may still be reading the old header.
	repeated.Header = repeated.Header.Clone()
	repeated.Header.Set("Authorization", "Bearer "+x.bearer.value)
	return nil
}

// outcome is that of the latest attempt; err is what go-retryablehttp says. Where the wait for another attempt ended with the
// context, the error says that too.
func (x *call) outcome(ctx context.Context, err error) error {
	switch cause := context.Cause(ctx); {
	case x.noToken != nil:
		return x.noToken
	case x.failure == nil && err == nil:
		return nil
	case x.failure == nil:
		return x.failed(err)
	case cause == nil || errors.Is(x.failure.Err, cause):
	case x.failure.Err == nil:
		x.failure.Err = cause
	default:
		x.failure.Err = fmt.Errorf("%w; then %w", x.failure.Err, cause)
	}
	return x.failure
}
