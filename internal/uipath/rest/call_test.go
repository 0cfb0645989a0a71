package rest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestRetriedStatuses(t *testing.T) {
	t.Parallel()
	for status, again := range map[int]bool{
		408: true, 429: true, 500: true, 502: true, 503: true, 504: true,
		400: false, 403: false, 404: false, 405: false, 409: false, 410: false, 422: false, 501: false, 505: false, 302: false,
	} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.seed(1)
			c := f.client(t)
			f.first(2, http.MethodGet, thingID(1), func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "https://elsewhere.example/login?token=x")
				answerJSON(w, status, `{"message":"not now"}`)
			})
			_, err := thing(t.Context(), c, thingID(1))
			if (err == nil) != again {
				t.Errorf("after two answers %d: %v, want success: %v", status, err, again)
			}
			if got, want := len(f.sent("GET")), map[bool]int{true: 3, false: 1}[again]; got != want {
				t.Errorf("%d requests, want %d", got, want)
			}
		})
	}
}

func TestRetriesAreBoundedAndCounted(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	log, read := logged(t)
	c := f.client(t, log)
	f.first(-1, http.MethodGet, thingID(1), func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, http.StatusInternalServerError, `{"message":"upstream is down"}`)
	})
	_, err := thing(t.Context(), c, thingID(1))
	const want = "read thing: HTTP 500 Internal Server Error: upstream is down (tried 4 times; trace id req-1)"
	if err == nil || err.Error() != want {
		t.Errorf("thing = %v, want %s", err, want)
	}
	if got := len(f.sent("GET")); got != 4 {
		t.Errorf("%d requests, want 1 and 3 repeats", got)
	}
	if _, entries := read(); len(named(entries, "waiting before the request is repeated")) != 3 {
		t.Errorf("the log has not three waits: %v", entries)
	}
	// Three quarters of each bound, as the fixed random number is one half.
	if want := []time.Duration{375 * time.Millisecond, 750 * time.Millisecond, 1500 * time.Millisecond}; !slices.Equal(f.waits.all(), want) {
		t.Errorf("waits %v, want %v", f.waits.all(), want)
	}
}

func TestServerSaysHowLongToWait(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.seed(1)
	f.ahead = time.Hour
	c := f.client(t)
	f.first(2, http.MethodGet, thingID(1), func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "5")
		if len(f.waits.all()) > 0 {
			w.Header().Set("Retry-After", start.Add(time.Hour+8*time.Second).Format(http.TimeFormat))
		}
		answerJSON(w, http.StatusTooManyRequests, `{}`)
	})
	if _, err := thing(t.Context(), c, thingID(1)); err != nil {
		t.Fatal(err)
	}
	if want := []time.Duration{5 * time.Second, 8 * time.Second}; !slices.Equal(f.waits.all(), want) {
		t.Errorf("waits %v, want %v", f.waits.all(), want)
	}
}

func TestWaitsThatAreTooLong(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		after    string
		deadline time.Duration
		says     string
	}{
		"longer than the operation": {"300", time.Minute, "longer than the operation may take"},
		"longer than sensible":      {"86400", 0, "the server asks to wait 24h0m0s"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			c := f.client(t)
			f.first(-1, http.MethodGet, thingID(1), func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", test.after)
				answerJSON(w, http.StatusTooManyRequests, `{"message":"slow down"}`)
			})
			ctx := t.Context()
			if test.deadline > 0 {
				limited, cancel := context.WithTimeout(ctx, test.deadline)
				defer cancel()
				ctx = limited
			}
			_, err := thing(ctx, c, thingID(1))
			if err == nil || !strings.Contains(err.Error(), "HTTP 429 Too Many Requests: slow down") || !strings.Contains(err.Error(), test.says) {
				t.Errorf("thing = %v, want the last answer and %q", err, test.says)
			}
			if len(f.waits.all()) != 0 || len(f.sent("GET")) != 1 {
				t.Errorf("it waited %v and sent %d requests", f.waits.all(), len(f.sent("GET")))
			}
		})
	}
}

func TestInterruptedWait(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	ctx, cancel := context.WithCancel(t.Context())
	c := f.client(t, func(c *Config) {
		c.Pause = func(time.Duration) time.Duration { cancel(); return time.Hour }
	})
	f.first(-1, http.MethodGet, thingID(1), func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, http.StatusServiceUnavailable, `{"message":"not now"}`)
	})
	_, err := thing(ctx, c, thingID(1))
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "not now") {
		t.Errorf("thing = %v, want the interruption and the last answer", err)
	}
}

func TestInterruptedWaitAfterALostConnection(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	ctx, cancel := context.WithCancel(t.Context())
	c := f.client(t, func(c *Config) {
		c.Pause = func(time.Duration) time.Duration { cancel(); return time.Hour }
	})
	f.first(-1, http.MethodGet, thingID(1), breakConnection)
	_, err := thing(ctx, c, thingID(1))
	if !errors.Is(err, context.Canceled) || !errors.Is(err, io.EOF) {
		t.Errorf("thing = %v, want the interruption and the lost connection", err)
	}
}

// An attempt that the caller's context ends is not repeated, and the error says once why the context ended.
func TestInterruptedAttempt(t *testing.T) {
	t.Parallel()
	gone := errors.New("gone")
	for name, test := range map[string]struct {
		begun bool
		cause error
		want  string
	}{
		"no answer":           {false, gone, "read thing: gone"},
		"no answer in time":   {false, context.DeadlineExceeded, "read thing: context deadline exceeded"},
		"half an answer":      {true, gone, "read thing: HTTP 200 OK: gone (trace id req-1)"},
		"half of one in time": {true, context.DeadlineExceeded, "read thing: HTTP 200 OK: context deadline exceeded (trace id req-1)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			c := f.client(t)
			ctx, cancel := context.WithCancelCause(t.Context())
			reading := make(chan struct{})
			c.transport = after{func() { close(reading) }}
			f.first(-1, http.MethodGet, thingID(1), func(w http.ResponseWriter, r *http.Request) {
				if test.begun {
					answerJSON(w, http.StatusOK, `{"id":`)
					_ = http.NewResponseController(w).Flush()
					<-reading
				}
				cancel(test.cause)
				<-r.Context().Done()
			})
			_, err := thing(ctx, c, thingID(1))
			failed, ok := errors.AsType[*Error](err)
			if !ok || err.Error() != test.want || !errors.Is(err, test.cause) || !failed.Undecided || len(f.waits.all()) != 0 {
				t.Errorf("thing = %v after %v, want %s", err, f.waits.all(), test.want)
			}
		})
	}
}

// after is a transport that calls back when it has the head of an answer, or an error.
type after struct{ done func() }

func (a after) RoundTrip(r *http.Request) (*http.Response, error) {
	defer a.done()
	return http.DefaultTransport.RoundTrip(r)
}

func TestContextThatEndsWithTheAnswer(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	x := &call{client: f.client(t), attempts: 1, again: true, failure: &Error{}}
	cancel()
	if again, err := x.decide(ctx, nil, nil); again || err != nil {
		t.Errorf("decide = %v, %v after the context's end", again, err)
	}
}

// Where the token ends during the wait and there is no other, that is the error.
func TestNoTokenForTheRepeat(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	f.on(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPost {
			answerJSON(w, http.StatusBadRequest, `{"error":"invalid_client"}`)
			return true
		}
		f.clock.advance(2 * time.Hour)
		answerJSON(w, http.StatusServiceUnavailable, `{}`)
		return true
	})
	_, err := thing(t.Context(), c, thingID(1))
	if wrong, ok := errors.AsType[*SettingError](err); !ok || wrong.Problem != CredentialsRefused {
		t.Errorf("thing = %v, want the error of the token request", err)
	}
}

// A wait that the client chose itself is not begun either if the operation ends before it.
func TestOwnWaitThatIsTooLong(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	// Three quarters of the greatest bound are 22.5 seconds.
	x := &call{client: f.client(t, func(c *Config) { c.MaxRetries = 100 }), attempts: 50, again: true, failure: &Error{}}
	again, err := x.decide(ctx, nil, nil)
	if again || err != nil || !strings.Contains(x.failure.Note, "the wait of 22.5s is longer than the operation may take") {
		t.Errorf("decide = %v, %v, note %q", again, err, x.failure.Note)
	}
	if again, err := x.decide(t.Context(), nil, nil); !again || err != nil {
		t.Errorf("decide without a deadline = %v, %v", again, err)
	}
}
