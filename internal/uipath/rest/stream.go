package rest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"time"
)

// stream is the body of an answer that is read while it comes.
type stream struct {
	io.Reader
	// ctx ends with its time.
	ctx   context.Context //nolint:containedctx // A reader has no parameter for it.
	alive func()
	// length is what was read so far, in bytes, and broken what ended it early.
	length int
	broken error
}

// Read reads on.
func (s *stream) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	s.alive()
	s.length += n
	if err != nil && err != io.EOF { //nolint:errorlint // Readers return it as it is.
		if cause := context.Cause(s.ctx); cause != nil {
			err = cause
		}
		s.broken = err
	}
	return n, err
}

// limit bounds an attempt in time. An answer that is read while it comes is bounded anew with each part that arrives, which alive tells.
func (x *call) limit(ctx context.Context) (limited context.Context, alive, cancel func()) {
	timeout := x.client.config.RequestTimeout
	if x.readStream == nil {
		limited, cancel = context.WithTimeout(ctx, timeout)
		return limited, func() {}, cancel
	}
	limited, end := context.WithCancelCause(ctx)
	timer := time.AfterFunc(timeout, func() { end(context.DeadlineExceeded) })
	return limited, func() { timer.Reset(timeout) }, func() {
		timer.Stop()
		end(nil)
	}
}

// receive reads the body of an answer: all of it, or its beginning where the rest is read while it comes. It returns what ended it early.
func (x *call) receive(ctx context.Context, answer *http.Response, alive func()) (body []byte, broken error) {
	if x.readStream == nil {
		return io.ReadAll(io.LimitReader(answer.Body, maxBody+1))
	}
	alive()
	x.stream = &stream{Reader: answer.Body, ctx: ctx, alive: alive}
	body, broken = io.ReadAll(io.LimitReader(x.stream, maxRefusal))
	if broken == nil {
		// Whoever reads it begins anew.
		x.stream.Reader, x.stream.length = io.MultiReader(bytes.NewReader(body), answer.Body), 0
	}
	return body, broken
}

// received returns how many bytes of an answer have come.
func (x *call) received(body []byte) int {
	if x.stream != nil {
		return x.stream.length
	}
	return len(body)
}
