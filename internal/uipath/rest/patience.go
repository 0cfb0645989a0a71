package rest

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

const (
	// patience is how long a request is repeated, at least, to a server that is away: restarts and deployments take seconds, and an
	// apply has done half of its work by then.
	patience = 30 * time.Second
	// firstPatience is how long a server that has never answered is asked, at most: its address is probably wrong.
	firstPatience = 4 * time.Second
)

// presence is what a client knows of whether its server is there.
type presence struct {
	mu sync.Mutex
	// met says that the server has answered.
	met bool
	// since is when the server was found to be away, zero while it is there.
	since time.Time
	// slowed is the latest refusal that asks for a wait, and until the end of that wait.
	slowed *Error
	until  time.Time
}

// observe takes note of an attempt; failed is nil after success.
func (p *presence) observe(failed *Error, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case failed == nil || !failed.away():
		p.met, p.since = true, time.Time{}
	case p.since.IsZero():
		p.since = now
	}
}

// away reports whether an attempt failed because the server, or the way to it, was not there.
func (e *Error) away() bool {
	switch e.Status {
	case 0, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// known reports whether the server has ever answered.
func (p *presence) known() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.met
}

// Away reports whether the server has answered nothing for so long that further attempts are hardly worth their time.
func (c *Client) Away() bool {
	c.presence.mu.Lock()
	defer c.presence.mu.Unlock()
	return !c.presence.since.IsZero() && c.Now().Sub(c.presence.since) >= patience
}

// within fits the wait for another attempt into what the settings allow, and reports whether it fits. They allow a number of
// repetitions and, of a request to a server that is away or asks to slow down, those within a while from the first failure.
func (x *call) within() bool {
	counted := x.attempts <= x.client.config.MaxRetries
	switch away := x.failure.away(); {
	case x.client.config.MaxRetries == 0:
		return false
	case away && !x.client.presence.known():
		return counted && (x.failure.Status != 0 || x.fit(firstPatience))
	case counted:
		return true
	case !away && x.failure.Status != http.StatusTooManyRequests, x.client.Away():
		return false
	}
	return x.fit(patience)
}

// fit shortens a wait so that it ends within a time from the first failure. It reports false if no sensible wait is left, or less than
// the server asks for.
func (x *call) fit(budget time.Duration) bool {
	left := budget - x.spent
	if _, asked := retryAfter(x.failure.header, x.client.Now()); asked {
		return x.wait <= left
	}
	x.wait = min(x.wait, left)
	return left >= firstBackoff/2
}

// slowDown takes note of a wait that the server asked for: whoever waits for the same answer, or for their turn, wants to know of it.
func (c *Client) slowDown(refused *Error, wait time.Duration) {
	now := c.Now()
	if _, asked := retryAfter(refused.header, now); !asked {
		return
	}
	c.presence.mu.Lock()
	defer c.presence.mu.Unlock()
	if until := now.Add(wait); until.After(c.presence.until) {
		c.presence.slowed, c.presence.until = new(*refused), until
	}
}

// Interrupted says why a context has ended while its owner waited for others. It names the refusal with which the server has made the
// client wait, if it has: that is mostly why it took so long.
func (c *Client) Interrupted(ctx context.Context) error {
	cause := context.Cause(ctx)
	c.presence.mu.Lock()
	defer c.presence.mu.Unlock()
	if c.presence.slowed == nil || !c.Now().Before(c.presence.until) {
		return cause
	}
	return fmt.Errorf("%w while the server made the client wait: %w", cause, c.presence.slowed)
}
