package uipath

import (
	"context"
	"sync"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// clockTolerance is how far the clocks of the server's parts may disagree. Times prove nothing; they only rule out what is older.
const clockTolerance = 5 * time.Minute

// ownership is what is known of who this client is to the server. An opaque token does not tell; what the client certainly made does.
type ownership struct {
	mu      sync.Mutex
	learned access.GUID
	// maker reads who made something that this client made, nil where it has made nothing yet.
	maker func(ctx context.Context) (access.GUID, error)
}

// made notes something that the server has acknowledged, and how to read who made it.
func (a *api) made(maker func(ctx context.Context) (access.GUID, error)) {
	a.ownership.mu.Lock()
	defer a.ownership.mu.Unlock()
	if a.caller.Subject == "" && a.ownership.learned == "" {
		a.ownership.maker = maker
	}
}

// canTellSelf reports whether it can be found out who this client is to the server.
func (a *api) canTellSelf() bool {
	a.ownership.mu.Lock()
	defer a.ownership.mu.Unlock()
	return a.caller.Subject != "" || a.ownership.learned != "" || a.ownership.maker != nil
}

// self returns who this client is to the server, "" where that cannot be found out.
func (a *api) self(ctx context.Context) access.GUID {
	a.ownership.mu.Lock()
	defer a.ownership.mu.Unlock()
	if a.caller.Subject != "" {
		return a.caller.Subject
	}
	if a.ownership.learned == "" && a.ownership.maker != nil {
		// Where it cannot be read, nothing is learned.
		a.ownership.learned, _ = a.ownership.maker(ctx)
	}
	return a.ownership.learned
}

// madeBySelf reports whether something comes from a request of this client that began then, in local time. It was absent before the
// request, which the caller has read; it was made by the same subject; and it is not older than clocks may disagree.
func (a *api) madeBySelf(ctx context.Context, by access.GUID, on, began time.Time) bool {
	if start, known := a.rest.ServerTime(began); known {
		began = start
	}
	return by != "" && by == a.self(ctx) && !on.Before(began.Add(-clockTolerance))
}
