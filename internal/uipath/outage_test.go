package uipath

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// A listing that failed after all attempts is not tried again by each of a thousand readers. After a while it is.
func TestFailedListingIsShared(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		path string
		read func(ctx context.Context, c *Client, n int) error
	}{
		"assignments": {"/userroleassignments", func(ctx context.Context, c *Client, n int) error {
			_, err := c.Assignment(ctx, keyOf(1, n, scopes[1]))
			return err
		}},
		"roles": {"/roles", func(ctx context.Context, c *Client, _ int) error {
			_, err := c.Roles(ctx)
			return err
		}},
		"groups": {"/Group/" + orgID, func(ctx context.Context, c *Client, _ int) error {
			_, err := c.Principals(ctx, access.PrincipalGroup)
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			c := f.client(t)
			whole(t, c, scopes[1])
			asked := 0
			f.first(-1, http.MethodGet, test.path, func(w http.ResponseWriter, _ *http.Request) {
				f.mu.Lock()
				asked++
				f.mu.Unlock()
				answerJSON(w, http.StatusInternalServerError, `{"message":"boom"}`)
			})
			read := func(readers int) {
				t.Helper()
				var group sync.WaitGroup
				for n := range readers {
					group.Go(func() {
						if err := test.read(t.Context(), c, n); err == nil || !strings.Contains(err.Error(), "500 Internal Server Error: boom") {
							t.Errorf("a reader got %v, want the failure of the listing", err)
						}
					})
				}
				group.Wait()
			}
			read(500)
			f.clock.advance(29 * time.Second)
			read(500)
			if asked != 4 {
				t.Errorf("a thousand readers of a failed listing cost %d requests, want one with three repetitions", asked)
			}
			f.clock.advance(time.Second)
			read(1)
			if asked != 8 {
				t.Errorf("%d requests after a while, want four more", asked)
			}
		})
	}
}

// Whoever runs out of time while the server makes the client wait is told of the refusal, also if it met another's request.
func TestLongWaitIsNamed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		slow string
		wait func(ctx context.Context, c *Client) error
	}{
		"a shared reading": {http.MethodGet, func(ctx context.Context, c *Client) error {
			_, err := c.Roles(ctx)
			return err
		}},
		"the queue of changes": {http.MethodPatch, func(ctx context.Context, c *Client) error {
			return c.Assign(ctx, grantOf(1, 2, scopes[1]))
		}},
		"a scope that is being changed": {http.MethodPatch, func(ctx context.Context, c *Client) error {
			_, err := c.index.locks.lock(ctx, scopes[1])
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			synctest.Test(t, func(t *testing.T) {
				c := f.slow(t)
				if _, _, err := c.ListedAssignment(t.Context(), keyOf(1, 2, scopes[1])); err != nil {
					t.Fatal(err)
				}
				refusals := 0
				f.on(func(w http.ResponseWriter, r *http.Request, _ string) bool {
					if r.Method != test.slow || refusals > 0 {
						return false
					}
					refusals++
					w.Header().Set("Retry-After", "300")
					answerJSON(w, http.StatusTooManyRequests, `{"message":"slow down"}`)
					return true
				})
				var group sync.WaitGroup
				group.Go(func() {
					var err error
					if test.slow == http.MethodGet {
						_, err = c.Roles(t.Context())
					} else {
						err = c.Assign(t.Context(), grantOf(1, 1, scopes[1]))
					}
					if err != nil {
						t.Errorf("who has time got %v", err)
					}
				})
				<-time.After(time.Second)
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				err := test.wait(ctx, c)
				if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "HTTP 429 Too Many Requests: slow down") {
					t.Errorf("who has a minute got %v, want the deadline and the refusal", err)
				}
				group.Wait()
				// Afterwards nothing is to blame.
				gone, leave := context.WithCancel(t.Context())
				leave()
				if err := c.index.locks.interrupted(gone); !errors.Is(err, context.Canceled) || strings.Contains(err.Error(), "429") {
					t.Errorf("later: %v", err)
				}
			})
		})
	}
}

// Where the server is gone for good, a lost batch is looked up once and not item by item.
func TestLostBatchOfAServerThatIsGone(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t, func(c *Config) {
		c.Pause = func(d time.Duration) time.Duration { f.clock.advance(d); return f.waits.pause(d) }
	})
	var items []*change
	for n := range 100 {
		items = append(items, &change{add: []Grant{grantOf(1, n, scopes[1])}, ticket: newTicket(t.Context())})
	}
	f.on(func(w http.ResponseWriter, r *http.Request, _ string) bool {
		if r.Method == http.MethodPatch {
			breakConnection(w, r)
		} else {
			answerJSON(w, http.StatusServiceUnavailable, `{"message":"gone"}`)
		}
		return true
	})
	c.writer.write(t.Context(), items)
	for n, item := range items {
		unknown, ok := errors.AsType[*AssignmentOutcomeUnknownError](item.err)
		if !ok || len(unknown.Grants) != 1 || unknown.Grants[0].Key.PrincipalID != principalID(n) || !strings.Contains(item.err.Error(), "gone") {
			t.Errorf("%d: %v", n, item.err)
		}
	}
	if got := len(f.sent("GET")); got > 10 {
		t.Errorf("%d requests to look up what cannot be", got)
	}
}

// A server that restarts in the middle of many changes fails none of them, and none is made twice.
func TestServerRestartsAmongChanges(t *testing.T) {
	t.Parallel()
	for name, away := range map[string]http.HandlerFunc{
		"broken connections": breakConnection,
		"unavailable":        func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, http.StatusServiceUnavailable, `{}`) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			c := f.client(t, func(c *Config) {
				c.MaxRetries = 1
				c.Pause = func(d time.Duration) time.Duration { f.clock.advance(d); return f.waits.pause(d) }
			})
			keys := many()[:100]
			var until time.Time
			requests := 0
			f.on(func(w http.ResponseWriter, r *http.Request, _ string) bool {
				f.mu.Lock()
				if requests++; requests == 20 {
					until = f.clock.Now().Add(2500 * time.Millisecond)
				}
				is := f.clock.Now().Before(until)
				f.mu.Unlock()
				if is {
					away(w, r)
				}
				return is
			})
			together(t, keys, func(ctx context.Context, key AssignmentKey) error {
				return c.Assign(ctx, Grant{key, access.PrincipalUser})
			})
			if f.held() != len(keys) || until.IsZero() {
				t.Errorf("%d assignments after %d requests", f.held(), requests)
			}
		})
	}
}
