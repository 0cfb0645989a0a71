package httpapi

import (
	"fmt"
	"math"
	"net/http"
	"strings"
	"sync"
	"time"
)

// limitWindow is the time for which requests to the identity service are counted (contract 7.6).
const limitWindow = 5 * time.Minute

// rateLimits are how many requests of a method the identity service takes from an organization in a window (contract 7.6).
var rateLimits = map[string]int{
	http.MethodGet: 300, http.MethodPost: 24_000, http.MethodPut: 160, http.MethodPatch: 160, http.MethodDelete: 160,
}

// isLimited reports whether requests to a pattern are counted: those of the identity service, tokens apart.
func isLimited(pattern string) bool { return strings.Contains(pattern, "/identity_/api/") }

// rateLimiter counts requests by their methods. It may be used by many goroutines.
type rateLimiter struct {
	now func() time.Time

	mu      sync.Mutex
	windows map[string]countedWindow
}

// countedWindow is how many requests there were since a time.
type countedWindow struct {
	since time.Time
	count int
}

// tooManyError refuses a request that exceeds a limit.
type tooManyError struct {
	method string
	limit  int
	// wait is how long until the next window begins.
	wait time.Duration
}

// Error implements error.
func (e *tooManyError) Error() string {
	return fmt.Sprintf("More than %d %s requests came from the organization within %s: wait %d seconds.", e.limit, e.method, limitWindow, e.seconds())
}

// seconds is how long to wait in whole seconds, at least one.
func (e *tooManyError) seconds() int { return max(1, int(math.Ceil(e.wait.Seconds()))) }

// guard refuses requests that exceed the limit of their method. A window begins with the first request after the last one ended.
func (l *rateLimiter) guard(handle handler) handler {
	return func(r *http.Request) (reply, error) {
		if err := l.count(r.Method); err != nil {
			return reply{}, err
		}
		return handle(r)
	}
}

func (l *rateLimiter) count(method string) error {
	if method == http.MethodHead {
		method = http.MethodGet
	}
	limit, limited := rateLimits[method]
	if !limited {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	w := l.windows[method]
	if w.count == 0 || now.Sub(w.since) >= limitWindow {
		w = countedWindow{since: now}
	}
	if w.count++; w.count > limit {
		return &tooManyError{method, limit, w.since.Add(limitWindow).Sub(now)}
	}
	l.windows[method] = w
	return nil
}
