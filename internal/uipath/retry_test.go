package uipath

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
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
			f.first(2, http.MethodGet, roleID(1), func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "https://elsewhere.example/login?token=x")
				answerJSON(w, status, `{"message":"not now"}`)
			})
			_, err := c.RefreshedRole(t.Context(), roleID(1))
			if (err == nil) != again {
				t.Errorf("after two answers %d: %v, want success: %v", status, err, again)
			}
			if got, want := len(f.sent("GET")), map[bool]int{true: 3, false: 1}[again]; got != want {
				t.Errorf("%d requests, want %d", got, want)
			}
		})
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	var followed atomic.Bool
	other := newFake(t)
	other.on(func(http.ResponseWriter, *http.Request, string) bool { followed.Store(true); return false })
	f := newFake(t)
	c := f.client(t)
	f.first(-1, http.MethodGet, roleID(1), func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+"/elsewhere?secret=1", http.StatusTemporaryRedirect)
	})
	_, err := c.RefreshedRole(t.Context(), roleID(1))
	if err == nil || !strings.Contains(err.Error(), "redirects to "+other.URL+"/elsewhere,") {
		t.Errorf("RefreshedRole = %v, want it to name the target without its query", err)
	}
	if followed.Load() {
		t.Error("the redirect was followed")
	}
}

func TestRetriesAreBoundedAndCounted(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	f.first(-1, http.MethodGet, roleID(1), func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, http.StatusBadGateway, `{"message":"upstream is down"}`)
	})
	_, err := c.RefreshedRole(t.Context(), roleID(1))
	const want = "read role: HTTP 502 Bad Gateway: upstream is down (tried 4 times; trace id req-1)"
	if err == nil || err.Error() != want {
		t.Errorf("RefreshedRole = %v, want %s", err, want)
	}
	if got := len(f.sent("GET")); got != 4 {
		t.Errorf("%d requests, want 1 and 3 repeats", got)
	}
	// Half of each bound, as the fixed random number is one half.
	if want := []time.Duration{250 * time.Millisecond, 500 * time.Millisecond, time.Second}; !slices.Equal(f.waits.all(), want) {
		t.Errorf("waits %v, want %v", f.waits.all(), want)
	}
}

func TestDelayIsBounded(t *testing.T) {
	t.Parallel()
	c := &Client{clock: time.Now, random: func() float64 { return 1 }}
	for attempts, want := range map[int]time.Duration{
		1: 500 * time.Millisecond, 2: time.Second, 6: 16 * time.Second, 7: 30 * time.Second, 9: 30 * time.Second, 10: 30 * time.Second,
		1 << 30: 30 * time.Second,
	} {
		if got := c.delay(attempts, nil); got != want {
			t.Errorf("delay(%d) = %s, want %s", attempts, got, want)
		}
	}
	c.random = func() float64 { return 0 }
	if got := c.delay(3, nil); got != 0 {
		t.Errorf("the jitter is not full: %s", got)
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	const date = "Sun, 01 Mar 2026 12:00:00 GMT"
	for _, test := range []struct {
		value, date string
		want        time.Duration
		ok          bool
	}{
		{"7", date, 7 * time.Second, true},
		{" 7 ", date, 7 * time.Second, true},
		{"0", date, 0, true},
		{"Sun, 01 Mar 2026 12:00:09 GMT", date, 9 * time.Second, true},
		// Without a date of the answer it goes by the local clock, here one second late.
		{"Sun, 01 Mar 2026 12:00:09 GMT", "", 8 * time.Second, true},
		{"Sunday, 01-Mar-26 12:00:09 GMT", date, 9 * time.Second, true},
		{"Sun, 01 Mar 2026 11:00:00 GMT", date, 0, true},
		{"", date, 0, false},
		{"-1", date, 0, false},
		{"soon", date, 0, false},
		{"1e3", date, 0, false},
		{"99999999999999999999", date, 0, false},
	} {
		header := http.Header{"Retry-After": {test.value}}
		if test.date != "" {
			header.Set("Date", test.date)
		}
		got, ok := retryAfter(header, start.Add(time.Second))
		if got != test.want || ok != test.ok {
			t.Errorf("retryAfter(%q) = %s, %v, want %s, %v", test.value, got, ok, test.want, test.ok)
		}
	}
}

func TestServerSaysHowLongToWait(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.seed(1)
	f.ahead = time.Hour
	c := f.client(t)
	f.first(2, http.MethodGet, roleID(1), func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "5")
		if len(f.waits.all()) > 0 {
			w.Header().Set("Retry-After", start.Add(time.Hour+8*time.Second).Format(http.TimeFormat))
		}
		answerJSON(w, http.StatusTooManyRequests, `{}`)
	})
	if _, err := c.RefreshedRole(t.Context(), roleID(1)); err != nil {
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
			f.first(-1, http.MethodGet, roleID(1), func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", test.after)
				answerJSON(w, http.StatusTooManyRequests, `{"message":"slow down"}`)
			})
			ctx := t.Context()
			if test.deadline > 0 {
				limited, cancel := context.WithTimeout(ctx, test.deadline)
				defer cancel()
				ctx = limited
			}
			_, err := c.RefreshedRole(ctx, roleID(1))
			if err == nil || !strings.Contains(err.Error(), "HTTP 429 Too Many Requests: slow down") || !strings.Contains(err.Error(), test.says) {
				t.Errorf("RefreshedRole = %v, want the last answer and %q", err, test.says)
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
		c.pause = func(time.Duration) time.Duration { cancel(); return time.Hour }
	})
	f.first(-1, http.MethodGet, roleID(1), func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, http.StatusServiceUnavailable, `{"message":"not now"}`)
	})
	_, err := c.RefreshedRole(ctx, roleID(1))
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "not now") {
		t.Errorf("RefreshedRole = %v, want the interruption and the last answer", err)
	}
}

func TestInterruptedWaitAfterALostConnection(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	ctx, cancel := context.WithCancel(t.Context())
	c := f.client(t, func(c *Config) {
		c.pause = func(time.Duration) time.Duration { cancel(); return time.Hour }
	})
	f.first(-1, http.MethodGet, roleID(1), breakConnection)
	_, err := c.RefreshedRole(ctx, roleID(1))
	if !errors.Is(err, context.Canceled) || !errors.Is(err, io.EOF) {
		t.Errorf("RefreshedRole = %v, want the interruption and the lost connection", err)
	}
}

// Where the token ends during the wait and there is no other, that is the error.
func TestNoTokenForTheRepeat(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	f.on(func(w http.ResponseWriter, r *http.Request, _ string) bool {
		if r.Method == http.MethodPost {
			answerJSON(w, http.StatusBadRequest, `{"error":"invalid_client"}`)
			return true
		}
		f.clock.advance(2 * time.Hour)
		answerJSON(w, http.StatusServiceUnavailable, `{}`)
		return true
	})
	_, err := c.RefreshedRole(t.Context(), roleID(1))
	if wrong, ok := errors.AsType[*ConfigError](err); !ok || wrong.Attribute != "client_secret" {
		t.Errorf("RefreshedRole = %v, want the error of the token request", err)
	}
}

func TestBrokenAnswersAreRepeated(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"no answer": breakConnection,
		"truncated": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, `{"id":`)
		},
		"broken off": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"id":`)
			_ = http.NewResponseController(w).Flush()
			breakConnection(w, r)
		},
		"malformed":  func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, http.StatusOK, `{"id":"x"`) },
		"wrong type": func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, http.StatusOK, `{"id":["x"]}`) },
		"no role":    func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, http.StatusOK, `{}`) },
		"empty":      func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.seed(1)
			c := f.client(t)
			f.first(2, http.MethodGet, roleID(1), answer)
			if r, err := c.RefreshedRole(t.Context(), roleID(1)); err != nil || r.Name != "Role 1" {
				t.Errorf("RefreshedRole = %v, %v", r, err)
			}
			f.first(-1, http.MethodGet, roleID(1), answer)
			_, err := c.RefreshedRole(t.Context(), roleID(1))
			failed, ok := errors.AsType[*Error](err)
			if !ok || failed.Attempts != 4 || errors.Is(err, ErrNotFound) || strings.Contains(err.Error(), "giving up") {
				t.Errorf("RefreshedRole = %v, want a failure of four attempts", err)
			}
		})
	}
}

func TestWebPageIsNotRepeated(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	for _, status := range []int{http.StatusOK, http.StatusNotFound} {
		f.first(-1, http.MethodGet, roleID(1), func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, "<!DOCTYPE html><title>Sign\n in</title>"+strings.Repeat("x", 5000))
		})
		_, err := c.RefreshedRole(t.Context(), roleID(1))
		if err == nil || !strings.Contains(err.Error(), "Sign in: the answer is a web page") || len(err.Error()) > 300 {
			t.Errorf("RefreshedRole = %v, want a short word on the web page", err)
		}
		if errors.Is(err, ErrNotFound) {
			t.Error("a web page is taken for a role that is gone")
		}
	}
	if got := len(f.sent("GET")); got != 2 {
		t.Errorf("%d requests, want 2", got)
	}
}

func TestTooLargeAnswer(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	f.first(-1, http.MethodGet, roleID(1), func(w http.ResponseWriter, _ *http.Request) {
		chunk := make([]byte, 1<<20)
		for range maxBody>>20 + 1 {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	})
	if _, err := c.RefreshedRole(t.Context(), roleID(1)); !errors.Is(err, errTooLarge) {
		t.Errorf("RefreshedRole = %v, want errTooLarge", err)
	}
}

func TestAttemptTimesOut(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.seed(1)
	// Generous enough for New on a busy machine; the answer below never comes.
	c := f.client(t, func(c *Config) { c.MaxRetries = 1 })
	c.http.Timeout = 50 * time.Millisecond
	c.config.RequestTimeout = c.http.Timeout
	f.first(-1, http.MethodGet, roleID(1), func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	_, err := c.RefreshedRole(t.Context(), roleID(1))
	if !errors.Is(err, errTimeout) || !strings.Contains(err.Error(), "no answer within 50ms (request_timeout)") || len(f.waits.all()) != 1 {
		t.Errorf("RefreshedRole = %v after %v, want two timeouts", err, f.waits.all())
	}
	f.first(-1, http.MethodGet, roleID(1), func(w http.ResponseWriter, r *http.Request) {
		answerJSON(w, http.StatusOK, `{"id":`)
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	_, err = c.RefreshedRole(t.Context(), roleID(1))
	if !errors.Is(err, errTimeout) || !strings.Contains(err.Error(), "took longer than 50ms") {
		t.Errorf("RefreshedRole = %v, want a timeout of the body", err)
	}
}

func TestCreationIsRepeatedOnlyOnProof(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err       error
		sent      bool
		repeated  bool
		undecided bool
	}{
		"refused":     {&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, false, true, false},
		"proxy":       {&net.OpError{Op: "proxyconnect", Err: errors.New("no")}, false, true, false},
		"no host":     {&net.OpError{Op: "dial", Err: &net.DNSError{IsNotFound: true}}, false, false, false},
		"certificate": {http.ErrSchemeMismatch, false, false, false},
		"reset":       {&net.OpError{Op: "read", Err: syscall.ECONNRESET}, true, false, true},
		"end":         {io.ErrUnexpectedEOF, true, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			c := f.client(t, withToken("pat-1"))
			c.http.Transport = failing{test.err}
			_, err := c.putRole(t.Context(), "", newSpec())
			failed, ok := errors.AsType[*Error](err)
			if !ok || (failed.Attempts > 1) != test.repeated || failed.undecided != test.undecided {
				t.Errorf("putRole = %#v, want repeated %v, undecided %v", failed, test.repeated, test.undecided)
			}
			// With an id it replaces, and may always be repeated.
			_, err = c.putRole(t.Context(), roleID(1), newSpec())
			if failed, ok := errors.AsType[*Error](err); !ok || (failed.Attempts > 1) == hopeless(test.err) {
				t.Errorf("putRole with id = %v", err)
			}
		})
	}
}

func TestServerTime(t *testing.T) {
	t.Parallel()
	local := &clock{now: start}
	c := &Client{clock: local.Now}
	if _, known := c.serverTime(start); known {
		t.Error("the server's time is known before any answer")
	}
	learn := func(date string) { c.learnTime(&http.Response{Header: http.Header{"Date": {date}}}) }
	learn("yesterday")
	if _, known := c.serverTime(start); known {
		t.Error("the server's time is known from garbage")
	}
	for i, test := range []struct {
		passed, server time.Duration
		ahead          time.Duration
	}{
		{0, 10 * time.Second, 10 * time.Second},
		// This answer was slow, and says less than the first.
		{5 * time.Second, 12 * time.Second, 10 * time.Second},
		{10 * time.Second, 21 * time.Second, 11 * time.Second},
	} {
		local.mu.Lock()
		local.now = start.Add(test.passed)
		local.mu.Unlock()
		learn(start.Add(test.server).Format(http.TimeFormat))
		if got, known := c.serverTime(start); !known || got.Sub(start) != test.ahead {
			t.Errorf("%d: the server is %s ahead, want %s", i, got.Sub(start), test.ahead)
		}
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t, withToken("pat-1"))
	headers := make(chan string, 1)
	f.on(func(_ http.ResponseWriter, r *http.Request, _ string) bool {
		headers <- fmt.Sprint(r.Header["User-Agent"], r.Header["Authorization"], r.Header["Accept"], r.Header["Content-Type"])
		return false
	})
	if _, err := c.UpdateRole(t.Context(), roleID(1), newSpec()); !errors.Is(err, ErrNotFound) {
		t.Fatal(err)
	}
	got := <-headers
	if want := "[test/1] [Bearer pat-1] [application/json] [application/json]"; got != want {
		t.Errorf("headers %s, want %s", got, want)
	}
}
