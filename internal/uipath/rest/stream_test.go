package rest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// streamed asks for something that is read while it comes, and returns what the last attempt read and how many there were.
func streamed(ctx context.Context, c *Client) (text string, attempts int, err error) {
	err = c.Stream(ctx, Request{Operation: "read file", Method: http.MethodGet, Path: "/acme/file"}, func(body io.Reader) error {
		attempts++
		all, err := io.ReadAll(body)
		if text = string(all); err == nil && text == "" {
			err = errors.New("the file is empty")
		}
		return err
	})
	return text, attempts, err
}

func TestStream(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("0123456789", maxRefusal/4)
	breaksOff := func(after string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, after)
			_ = http.NewResponseController(w).Flush()
			breakConnection(w, r)
		}
	}
	page := func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "<!DOCTYPE html><title>Wait</title>")
	}
	for name, test := range map[string]struct {
		bad      http.HandlerFunc
		times    int
		attempts int
		fails    string
	}{
		"at once":                       {nil, 0, 1, ""},
		"it broke off":                  {breaksOff(long[:maxRefusal*2]), 2, 3, ""},
		"it broke off at the beginning": {breaksOff(long[:100]), 2, 1, ""},
		"it always breaks off":          {breaksOff(long[:maxRefusal*2]), -1, 4, "HTTP 200 OK: the answer broke off after 131072 bytes: unexpected EOF (tried 4 times"},
		"a gateway's page":              {page, 2, 1, ""},
		"always a gateway's page":       {page, -1, 0, "Wait: the answer is a web page, not JSON (tried 4 times"},
		"unavailable":                   {func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 503, `{}`) }, 2, 1, ""},
		"refused":                       {func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 403, `{"message":"no"}`) }, -1, 0, "HTTP 403 Forbidden: no"},
		"always empty":                  {func(http.ResponseWriter, *http.Request) {}, -1, 4, "the answer is malformed: the file is empty (tried 4 times"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			c := f.client(t)
			f.on(func(w http.ResponseWriter, r *http.Request) bool {
				f.mu.Lock()
				defer f.mu.Unlock()
				if test.times == 0 {
					_, _ = io.WriteString(w, long)
				} else {
					test.times--
					test.bad(w, r)
				}
				return true
			})
			text, attempts, err := streamed(t.Context(), c)
			switch {
			case attempts != test.attempts:
				t.Errorf("%d attempts were read, want %d", attempts, test.attempts)
			case test.fails == "" && (err != nil || text != long):
				t.Errorf("%d bytes, %v", len(text), err)
			case test.fails != "" && (err == nil || !strings.Contains(err.Error(), test.fails)):
				t.Errorf("%v, want %q", err, test.fails)
			}
		})
	}
}

// A refused token is renewed for a stream as for any other request.
func TestStreamWithARevokedToken(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	f.revoke()
	f.on(func(w http.ResponseWriter, r *http.Request) bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		good := r.Method == http.MethodGet && f.good[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
		if good {
			_, _ = io.WriteString(w, "file")
		}
		return good
	})
	if text, _, err := streamed(t.Context(), c); err != nil || text != "file" {
		t.Errorf("%q, %v", text, err)
	}
}

// slowFile is a transport whose answer comes in parts, each after a pause.
type slowFile struct {
	head, pause time.Duration
	parts       int
}

func (s slowFile) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := pauseFor(r.Context(), s.head); err != nil {
		return nil, err
	}
	reader, writer := io.Pipe()
	go func() {
		for range s.parts {
			if err := pauseFor(r.Context(), s.pause); err != nil {
				_ = writer.CloseWithError(err)
				return
			}
			_, _ = io.WriteString(writer, "part ")
		}
		_ = writer.Close()
	}()
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: reader}, nil
}

func pauseFor(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// A file may take any time as long as it comes on: the timeout is that of each part.
func TestStreamTimeoutIsOfEachPart(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		head, pause time.Duration
		says        string
	}{
		"slow but steady":       {15 * time.Second, 15 * time.Second, ""},
		"no answer":             {25 * time.Second, time.Second, "no answer within 20s: timed out (tried"},
		"an answer that stalls": {time.Second, 25 * time.Second, "the answer took longer than 20s: timed out (tried 4 times"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			synctest.Test(t, func(t *testing.T) {
				c := f.client(t, withToken("pat-1"), func(c *Config) {
					c.Clock, c.Transport = time.Now, slowFile{test.head, test.pause, 100}
				})
				text, _, err := streamed(t.Context(), c)
				if test.says == "" && (err != nil || text != strings.Repeat("part ", 100)) {
					t.Errorf("%q, %v", text, err)
				}
				if test.says != "" && (!errors.Is(err, ErrTimeout) || !strings.Contains(err.Error(), test.says)) {
					t.Errorf("%v, want %q", err, test.says)
				}
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				if _, _, err := streamed(ctx, c); !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, ErrTimeout) {
					t.Errorf("%v, want the caller's deadline", err)
				}
			})
		})
	}
}
