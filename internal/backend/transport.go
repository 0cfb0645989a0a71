package backend

import (
	"context"
	"net"
	"net/http"
	"sync"
)

// idleConnections is how many connections in memory are kept for the next request.
const idleConnections = 16

// pipeListener accepts connections in memory. It uses net.Pipe because net/http moves read deadlines back and forth between
// requests, which buffered pipes such as grpc's bufconn get wrong: a deadline that was taken back still ends the next request.
type pipeListener struct {
	accepted chan net.Conn
	closed   chan struct{}
	once     sync.Once
}

func newPipeListener() *pipeListener {
	return &pipeListener{accepted: make(chan net.Conn), closed: make(chan struct{})}
}

// Accept implements net.Listener.
func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.accepted:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr implements net.Listener.
func (l *pipeListener) Addr() net.Addr { return pipeAddr{} }

// dial makes a connection and returns the client's end.
func (l *pipeListener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case l.accepted <- server:
		return client, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "pipe" }

// Transport serves the backend over connections in memory and returns the way to it, for URLs below [InMemoryURL], and the
// function that stops it.
func (b *Backend) Transport() (http.RoundTripper, func()) {
	listener := newPipeListener()
	server := newServer(b)
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		// It always returns an error, and the one reason is that it was stopped.
		_ = server.Serve(listener)
	}()
	transport := &http.Transport{DialContext: listener.dial, MaxIdleConnsPerHost: idleConnections}
	return transport, func() {
		transport.CloseIdleConnections()
		_ = server.Close()
		<-stopped
	}
}
