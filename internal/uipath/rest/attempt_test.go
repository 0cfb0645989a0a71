package rest

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

func TestRedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	var followed atomic.Bool
	other := newFake(t)
	other.on(func(http.ResponseWriter, *http.Request) bool { followed.Store(true); return false })
	f := newFake(t)
	c := f.client(t)
	f.first(-1, http.MethodGet, thingID(1), func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+"/elsewhere?secret=1", http.StatusTemporaryRedirect)
	})
	_, err := thing(t.Context(), c, thingID(1))
	if err == nil || !strings.Contains(err.Error(), "redirects to "+other.URL+"/elsewhere,") {
		t.Errorf("thing = %v, want it to name the target without its query", err)
	}
	if followed.Load() {
		t.Error("the redirect was followed")
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
		"no id":      func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, http.StatusOK, `{}`) },
		"empty":      func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.seed(1)
			c := f.client(t)
			f.first(2, http.MethodGet, thingID(1), answer)
			if r, err := thing(t.Context(), c, thingID(1)); err != nil || r.Name != "Thing 1" {
				t.Errorf("thing = %v, %v", r, err)
			}
			f.first(-1, http.MethodGet, thingID(1), answer)
			_, err := thing(t.Context(), c, thingID(1))
			failed, ok := errors.AsType[*Error](err)
			if !ok || failed.Attempts != attemptsAfter(failed.Status) || errors.Is(err, ErrNotFound) || strings.Contains(err.Error(), "giving up") {
				t.Errorf("thing = %v, want a failure after all attempts", err)
			}
		})
	}
}

// A web page in place of an answer is a gateway's, which may let the next attempt through; in place of a refusal it stands.
func TestWebPages(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	for status, attempts := range map[int]int{http.StatusOK: 4, http.StatusNotFound: 1} {
		before := len(f.sent("GET"))
		f.first(-1, http.MethodGet, thingID(1), func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, "<!DOCTYPE html><title>Sign\n in</title>"+strings.Repeat("x", 5000))
		})
		_, err := thing(t.Context(), c, thingID(1))
		if err == nil || !strings.Contains(err.Error(), "Sign in: the answer is a web page") || len(err.Error()) > 300 {
			t.Errorf("thing = %v, want a short word on the web page", err)
		}
		if errors.Is(err, ErrNotFound) {
			t.Error("a web page is taken for a thing that is gone")
		}
		if got := len(f.sent("GET")) - before; got != attempts {
			t.Errorf("%d requests after status %d, want %d", got, status, attempts)
		}
	}
}

func TestTooLargeAnswer(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	f.first(-1, http.MethodGet, thingID(1), func(w http.ResponseWriter, _ *http.Request) {
		chunk := make([]byte, 1<<20)
		for range maxBody>>20 + 1 {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	})
	if _, err := thing(t.Context(), c, thingID(1)); !errors.Is(err, errTooLarge) || !undecided(err) || len(f.sent("GET")) != 1 {
		t.Errorf("thing = %v after %v, want errTooLarge, undecided", err, f.sent(""))
	}
}

// undecided reports whether an error is that of a request which the server may have carried out.
func undecided(err error) bool {
	failed, ok := errors.AsType[*Error](err)
	return ok && failed.Undecided
}

// What becomes of a creation and of another request after an answer: whether it is repeated, and whether it may have happened.
func TestAnswersAreJudged(t *testing.T) {
	t.Parallel()
	status := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, status, `{}`) }
	}
	broken := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			answerJSON(w, status, `{"id":`)
		}
	}
	page := func(status int, length int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, "<html><title>Sign in</title>"+strings.Repeat("x", length))
		}
	}
	for name, test := range map[string]struct {
		answer                     http.HandlerFunc
		creates, others, undecided bool
	}{
		"refused":             {status(400), false, false, false},
		"conflict":            {status(409), false, false, false},
		"timeout":             {status(408), false, true, true},
		"too many":            {status(429), true, true, false},
		"trouble":             {status(500), false, true, true},
		"not implemented":     {status(501), false, false, true},
		"unavailable":         {status(503), false, true, true},
		"broken refusal":      {broken(400), false, false, false},
		"broken 429":          {broken(429), false, true, false},
		"broken trouble":      {broken(503), false, true, true},
		"broken success":      {broken(200), false, true, true},
		"malformed":           {func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 200, `{"id":7}`) }, false, true, true},
		"denied":              {func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 200, `{"succeeded":false}`) }, false, false, false},
		"web page":            {page(200, 0), false, true, true},
		"long web page":       {page(200, 2*maxRefusal), false, true, true},
		"web page as refusal": {page(404, 0), false, false, false},
		"web page as trouble": {page(502, 0), false, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			c := f.client(t)
			f.first(-1, http.MethodPut, "things", test.answer)
			for id, repeated := range map[string]bool{"": test.creates, thingID(1): test.others} {
				_, err := putThing(t.Context(), c, id)
				failed, ok := errors.AsType[*Error](err)
				if !ok || failed.Attempts != map[bool]int{false: 1, true: attemptsAfter(failed.Status)}[repeated] || failed.Undecided != test.undecided {
					t.Errorf("putThing(%q) = %v, want repeated %v, undecided %v", id, err, repeated, test.undecided)
				}
			}
		})
	}
}

func TestAttemptTimesOut(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.seed(1)
	// No answer below comes, so that the time may be short.
	c := f.client(t, withToken("pat-1"), func(c *Config) { c.MaxRetries, c.RequestTimeout = 1, 50*time.Millisecond })
	f.first(-1, http.MethodGet, thingID(1), func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	_, err := thing(t.Context(), c, thingID(1))
	if !errors.Is(err, ErrTimeout) || !strings.Contains(err.Error(), "no answer within 50ms") || len(f.waits.all()) != 1 {
		t.Errorf("thing = %v after %v, want two timeouts", err, f.waits.all())
	}
	f.first(-1, http.MethodGet, thingID(1), func(w http.ResponseWriter, r *http.Request) {
		answerJSON(w, http.StatusOK, `{"id":`)
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	_, err = thing(t.Context(), c, thingID(1))
	if !errors.Is(err, ErrTimeout) || !strings.Contains(err.Error(), "took longer than 50ms") {
		t.Errorf("thing = %v, want a timeout of the body", err)
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
			c := f.client(t, withToken("pat-1"), func(c *Config) { c.Transport = failing{test.err} })
			_, err := putThing(t.Context(), c, "")
			failed, ok := errors.AsType[*Error](err)
			if !ok || (failed.Attempts > 1) != test.repeated || failed.Undecided != test.undecided {
				t.Errorf("putThing = %#v, want repeated %v, Undecided %v", failed, test.repeated, test.undecided)
			}
			// With an id it replaces, and may always be repeated.
			_, err = putThing(t.Context(), c, thingID(1))
			if failed, ok := errors.AsType[*Error](err); !ok || (failed.Attempts > 1) == hopeless(test.err) {
				t.Errorf("putThing with id = %v", err)
			}
		})
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t, withToken("pat-1"))
	headers := make(chan string, 1)
	f.on(func(_ http.ResponseWriter, r *http.Request) bool {
		headers <- fmt.Sprint(r.Header["User-Agent"], r.Header["Authorization"], r.Header["Accept"], r.Header["Content-Type"])
		return false
	})
	if _, err := putThing(t.Context(), c, thingID(1)); !errors.Is(err, ErrNotFound) {
		t.Fatal(err)
	}
	got := <-headers
	if want := "[test/1] [Bearer pat-1] [application/json] [application/json]"; got != want {
		t.Errorf("headers %s, want %s", got, want)
	}
}

// Some proxies refuse a read that has a body, even an empty one.
func TestReadsHaveNoBody(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.seed(1)
	var bodies atomic.Int64
	c := f.client(t, withToken("pat-1"), func(c *Config) {
		c.Transport = watching{func(r *http.Request) {
			if r.Body != nil && r.Body != http.NoBody {
				bodies.Add(1)
			}
		}}
	})
	if _, err := thing(t.Context(), c, thingID(1)); err != nil || bodies.Load() != 0 {
		t.Errorf("%d bodies, %v", bodies.Load(), err)
	}
	if _, err := putThing(t.Context(), c, ""); err != nil || bodies.Load() != 1 {
		t.Errorf("%d bodies after a write, %v", bodies.Load(), err)
	}
}

// watching is a transport that shows each request.
type watching struct{ see func(*http.Request) }

func (w watching) RoundTrip(r *http.Request) (*http.Response, error) {
	w.see(r)
	return http.DefaultTransport.RoundTrip(r)
}
