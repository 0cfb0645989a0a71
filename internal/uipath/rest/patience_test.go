package rest

import (
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// attemptsAfter is how often the fake's clients send a request that is always answered in the same way, where they repeat it: three
// repetitions, or as many as fit into the time for a server that is away (status 0 is no answer).
func attemptsAfter(status int) int {
	switch status {
	case 0, http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return 8
	}
	return 4
}

// outage is a transport to a server that is away from the first request on for some time, by a clock that moves with the waits.
type outage struct {
	clock *clock
	lasts time.Duration
	// how is what a request meets meanwhile.
	how trouble

	mu    sync.Mutex
	began time.Time
	asked int
}

func (o *outage) RoundTrip(r *http.Request) (*http.Response, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked++
	if o.began.IsZero() {
		o.began = o.clock.Now()
	}
	if o.clock.Now().Sub(o.began) < o.lasts {
		return o.how.meet()
	}
	return http.DefaultTransport.RoundTrip(r)
}

// trouble is an error, or an answer without one.
type trouble struct {
	err    error
	status int
	header http.Header
}

func (t trouble) meet() (*http.Response, error) {
	if t.err != nil {
		return nil, t.err
	}
	return &http.Response{StatusCode: t.status, Header: t.header, Body: io.NopCloser(strings.NewReader("{}"))}, nil
}

// connectionRefused is that nobody listens.
var connectionRefused = trouble{err: &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}}

func answerStatus(status int, header http.Header) trouble {
	return trouble{status: status, header: header}
}

// during returns a client that has signed in before an outage, whose clock moves with the waits.
func (f *fake) during(t *testing.T, o *outage, changes ...func(*Config)) *Client {
	t.Helper()
	moving := func(c *Config) {
		c.Pause = func(d time.Duration) time.Duration {
			f.clock.advance(d)
			return f.waits.pause(d)
		}
	}
	c := f.client(t, append(changes, moving)...)
	o.clock, c.transport = f.clock, o
	return c
}

// A server that is away in the middle of a run is waited for, also beyond the number of repetitions. A change is repeated only where it
// was not sent.
func TestServerThatIsAwayIsWaitedFor(t *testing.T) {
	t.Parallel()
	none := http.Header{}
	for name, test := range map[string]struct {
		how     trouble
		lasts   time.Duration
		retries int
		creates bool
		ok      bool
	}{
		"connections refused":              {connectionRefused, 2500 * time.Millisecond, 1, false, true},
		"connections refused, a change":    {connectionRefused, 2500 * time.Millisecond, 1, true, true},
		"connections refused for longer":   {connectionRefused, 29 * time.Second, 4, true, true},
		"connections refused for minutes":  {connectionRefused, time.Minute, 4, false, false},
		"minutes, and the settings say so": {connectionRefused, time.Minute, 8, false, true},
		"unavailable":                      {answerStatus(503, none), 20 * time.Second, 1, false, true},
		"a gateway's trouble":              {answerStatus(502, none), 20 * time.Second, 1, false, true},
		"a gateway's timeout":              {answerStatus(504, none), 20 * time.Second, 1, false, true},
		"too many requests":                {answerStatus(429, none), 20 * time.Second, 1, false, true},
		"too many requests, a change":      {answerStatus(429, none), 20 * time.Second, 1, true, true},
		"unavailable, a change":            {answerStatus(503, none), time.Second, 1, true, false},
		"other trouble":                    {answerStatus(500, none), 20 * time.Second, 1, false, false},
		"no repetitions":                   {connectionRefused, time.Second, 0, false, false},
		"a wait that fits":                 {answerStatus(503, http.Header{"Retry-After": {"9"}}), 20 * time.Second, 1, false, true},
		"a wait that does not":             {answerStatus(503, http.Header{"Retry-After": {"16"}}), 30 * time.Second, 1, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.seed(1)
			c := f.during(t, &outage{how: test.how, lasts: test.lasts}, func(c *Config) { c.MaxRetries = test.retries })
			var err error
			if test.creates {
				_, err = putThing(t.Context(), c, "")
			} else {
				_, err = thing(t.Context(), c, thingID(1))
			}
			if (err == nil) != test.ok {
				t.Errorf("%v after %v, want success: %v", err, f.waits.all(), test.ok)
			}
		})
	}
}

// The waits of one request to a server that is away take half a minute, the last of them what is left of it.
func TestPatienceIsBounded(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.during(t, &outage{how: connectionRefused, lasts: time.Hour})
	var failed *Error
	if _, err := thing(t.Context(), c, thingID(1)); !errors.As(err, &failed) || failed.Attempts != attemptsAfter(0) {
		t.Errorf("thing = %v, want %d attempts", err, attemptsAfter(0))
	}
	var want []time.Duration
	for _, milliseconds := range []int{375, 750, 1500, 3000, 6000, 12000, 6375} {
		want = append(want, time.Duration(milliseconds)*time.Millisecond)
	}
	if !slices.Equal(f.waits.all(), want) {
		t.Errorf("waits %v, want %v", f.waits.all(), want)
	}
	if !c.Away() {
		t.Error("the server is not away after half a minute")
	}
	// Others need not find that out again: for them the number counts.
	if _, err := thing(t.Context(), c, thingID(1)); !errors.As(err, &failed) || failed.Attempts != 4 {
		t.Errorf("the next thing = %v, want four attempts", err)
	}
}

// A server is there again as soon as it answers anything.
func TestServerThatAnswersIsThere(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.seed(1)
	c := f.during(t, &outage{how: connectionRefused, lasts: 40 * time.Second})
	if _, err := thing(t.Context(), c, thingID(1)); err == nil || !c.Away() {
		t.Errorf("thing = %v, away %v", err, c.Away())
	}
	f.clock.advance(10 * time.Second)
	if _, err := thing(t.Context(), c, "none"); !errors.Is(err, ErrNotFound) || c.Away() {
		t.Errorf("thing = %v, away %v: a refusal is an answer", err, c.Away())
	}
}

// A server that has never answered has probably another address: that is said soon.
func TestServerThatNeverAnsweredIsGivenUpSoon(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		how  trouble
		want time.Duration
	}{
		"no connection": {connectionRefused, firstPatience},
		"unknown host":  {trouble{err: &net.OpError{Op: "dial", Err: &net.DNSError{IsNotFound: true}}}, 0},
		// Three quarters of half a second, one, two, four and eight.
		"a gateway": {answerStatus(503, http.Header{}), 11625 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			config := f.config()
			config.Transport, config.MaxRetries = &outage{clock: f.clock, how: test.how, lasts: time.Hour}, 5
			c, err := New(config)
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.SignIn(t.Context())
			var waited time.Duration
			for _, wait := range f.waits.all() {
				waited += wait
			}
			if err == nil || waited != test.want {
				t.Errorf("SignIn = %v after %v, want %s", err, f.waits.all(), test.want)
			}
		})
	}
}
