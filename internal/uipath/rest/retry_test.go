package rest

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestDelayIsBounded(t *testing.T) {
	t.Parallel()
	c := &Client{config: Config{Clock: time.Now, Random: func() float64 { return 1 }}}
	for attempts, want := range map[int]time.Duration{
		1: 500 * time.Millisecond, 2: time.Second, 6: 16 * time.Second, 7: 30 * time.Second, 9: 30 * time.Second, 10: 30 * time.Second,
		1 << 30: 30 * time.Second,
	} {
		if got := c.delay(attempts, nil); got != want {
			t.Errorf("delay(%d) = %s, want %s", attempts, got, want)
		}
	}
	c.config.Random = func() float64 { return 0 }
	// Four repetitions, which is the provider's default, outlast a server that is away for some seconds.
	var least time.Duration
	for n := 1; n <= 4; n++ {
		least += c.delay(n, nil)
	}
	if least != 3750*time.Millisecond {
		t.Errorf("four waits take %s at least, want half of each bound", least)
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

func TestServerTime(t *testing.T) {
	t.Parallel()
	local := &clock{now: start}
	c := &Client{config: Config{Clock: local.Now}}
	if _, known := c.ServerTime(start); known {
		t.Error("the server's time is known before any answer")
	}
	learn := func(date string) { c.learnTime(&http.Response{Header: http.Header{"Date": {date}}}) }
	learn("yesterday")
	if _, known := c.ServerTime(start); known {
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
		if got, known := c.ServerTime(start); !known || got.Sub(start) != test.ahead {
			t.Errorf("%d: the server is %s ahead, want %s", i, got.Sub(start), test.ahead)
		}
	}
}

func TestWait(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	answered := func(after string) *Error { return &Error{header: http.Header{"Retry-After": {after}}} }
	if err := c.Wait(t.Context(), 3, answered("7")); err != nil {
		t.Errorf("Wait = %v", err)
	}
	if err := c.Wait(t.Context(), 2, nil); err != nil {
		t.Errorf("Wait without an answer = %v", err)
	}
	want := []time.Duration{7 * time.Second, 750 * time.Millisecond}
	if err := c.Wait(t.Context(), 1, answered("86400")); err == nil || !strings.Contains(err.Error(), "the server asks to wait 24h0m0s") {
		t.Errorf("Wait for a day = %v", err)
	}
	limited, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := c.Wait(limited, 1, answered("300")); err == nil || !strings.Contains(err.Error(), "longer than the operation may take") {
		t.Errorf("Wait beyond the deadline = %v", err)
	}
	if !slices.Equal(f.waits.all(), want) {
		t.Errorf("waits %v, want %v", f.waits.all(), want)
	}
}

func TestWaitEndsWithTheContext(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	gone := errors.New("gone")
	ctx, cancel := context.WithCancelCause(t.Context())
	c := f.client(t, func(c *Config) {
		c.Pause = func(time.Duration) time.Duration { cancel(gone); return time.Hour }
	})
	if err := c.Wait(ctx, 1, nil); !errors.Is(err, gone) {
		t.Errorf("Wait = %v, want why the context ended", err)
	}
}

func TestServerTimeIsLearnedFromAnswers(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.ahead = time.Hour
	c := f.client(t)
	if got, known := c.ServerTime(start); !known || got.Sub(start) != time.Hour {
		t.Errorf("ServerTime = %s, %v, want an hour ahead", got, known)
	}
}
