package rest

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	// firstBackoff is the upper bound of the first wait, which doubles with each further one up to maxBackoff.
	firstBackoff = 500 * time.Millisecond
	maxBackoff   = 30 * time.Second
	// longestWait is what a server may ask for: the longest window of a documented rate limit (contract 7.6), twice.
	longestWait = 10 * time.Minute
)

// ErrTimeout says that an attempt took longer than [Config] allows.
var ErrTimeout = errors.New("timed out")

// worthRepeating reports whether the same request may succeed after this status. These are the statuses of a helper in the vendor's SDK,
// whose services do not use it (contract 10.2-1): that the client repeats after them is our choice (10.2-3).
func worthRepeating(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// outcomeUnknown reports whether the server may have processed the request in spite of this status.
func outcomeUnknown(status int) bool { return status >= 500 || status == http.StatusRequestTimeout }

// neverSent reports whether an error proves that no request went out: there was no connection.
func neverSent(err error) bool {
	if failed, ok := errors.AsType[*net.OpError](err); ok && (failed.Op == "dial" || failed.Op == "proxyconnect") {
		return true
	}
	return untrusted(err)
}

// hopeless reports whether a repetition would fail in the same way: on the host's name, its certificate or its protocol.
func hopeless(err error) bool {
	if missing, ok := errors.AsType[*net.DNSError](err); ok && missing.IsNotFound {
		return true
	}
	return untrusted(err)
}

// untrusted reports whether a TLS handshake failed because of what the server is: its certificate, or that it does not speak TLS.
func untrusted(err error) bool {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return true
	}
	return errors.Is(err, http.ErrSchemeMismatch)
}

func isTimeout(err error) bool {
	timed, ok := errors.AsType[net.Error](err)
	return ok && timed.Timeout() && !neverSent(err)
}

// delay is how long to wait after a number of failed attempts, given the header of the last answer: what the server asks for,
// else between half and all of a bound that doubles. Without a floor a server that is away for seconds would be given up within one.
func (c *Client) delay(attempts int, header http.Header) time.Duration {
	if wait, ok := retryAfter(header, c.Now()); ok {
		return wait
	}
	bound := maxBackoff
	// Ten doublings are far beyond the bound already.
	if attempts < 10 {
		bound = min(bound, firstBackoff<<(attempts-1))
	}
	return bound/2 + time.Duration(c.config.Random()*float64(bound/2))
}

// retryAfter reads Retry-After in both of its forms. A date is compared with the server's own time where it tells it.
func retryAfter(header http.Header, now time.Time) (time.Duration, bool) {
	value := strings.TrimSpace(header.Get("Retry-After"))
	if seconds, err := strconv.ParseUint(value, 10, 32); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	until, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		now = date
	}
	return max(0, until.Sub(now)), true
}

// tooLong says why not to wait, or "". It goes by the real time, as contexts do.
func tooLong(ctx context.Context, wait time.Duration) string {
	if wait > longestWait {
		return fmt.Sprintf("not tried again: the server asks to wait %s", wait)
	}
	if deadline, ok := ctx.Deadline(); ok && wait >= time.Until(deadline) {
		return fmt.Sprintf("not tried again: the wait of %s is longer than the operation may take", wait)
	}
	return ""
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

// learnTime learns from a Date header how far the server's clock is ahead of the local one, at least. The date was written
// before the answer arrived, so date minus arrival is a lower bound; the greatest bound is the best.
func (c *Client) learnTime(answer *http.Response) {
	date, err := http.ParseTime(answer.Header.Get("Date"))
	if err != nil {
		return
	}
	ahead := date.Sub(c.Now())
	c.timeMu.Lock()
	defer c.timeMu.Unlock()
	if !c.timeKnown || ahead > c.serverAhead {
		c.timeKnown, c.serverAhead = true, ahead
	}
}

// ServerTime returns what the server's clock showed at a local time, at the earliest. It is not known before the first answer.
func (c *Client) ServerTime(local time.Time) (time.Time, bool) {
	c.timeMu.Lock()
	defer c.timeMu.Unlock()
	return local.Add(c.serverAhead), c.timeKnown
}
