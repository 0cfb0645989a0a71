package rest

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"
)

// maxSharedRead bounds a request that several callers wait for, because it outlives the context of the one who began it.
const maxSharedRead = 15 * time.Minute

// failureShared is how long readers share a failure. Without it each of a thousand readers would wait until the client gives up.
const failureShared = 30 * time.Second

// Memo asks the server once for each key and shares the answer among all readers. It keeps [ErrForbidden] as well, so that a hundred
// readers without the right cost one request, and other failures for a while. With [ErrNotFound] the next reader asks again, because
// the thing may appear at any time.
type Memo[K comparable, V any] struct {
	// Read asks the server.
	Read func(ctx context.Context, key K) (V, error)
	// Client tells the time and what readers wait for. Without it a failure goes only to those who waited for it.
	Client *Client

	mu      sync.Mutex
	answers map[K]*answer[V]
}

// answer holds a value or an error once done is closed.
type answer[V any] struct {
	done  chan struct{}
	value V
	err   error
	// until is when a failure is not shared any more, zero for what is kept.
	until time.Time
}

// Get returns the answer for a key, which the caller must not change. It returns the context's cause if that ends first.
func (m *Memo[K, V]) Get(ctx context.Context, key K) (V, error) {
	m.mu.Lock()
	a, known := m.answers[key]
	if !known || m.over(a) {
		if m.answers == nil {
			m.answers = map[K]*answer[V]{}
		}
		a = &answer[V]{done: make(chan struct{})}
		m.answers[key] = a
		go m.run(context.WithoutCancel(ctx), key, a)
	}
	m.mu.Unlock()

	select {
	case <-a.done:
		return a.value, a.err
	case <-ctx.Done():
		var none V
		if m.Client != nil {
			return none, m.Client.Interrupted(ctx)
		}
		return none, context.Cause(ctx)
	}
}

// run asks on a context of its own, so that the caller who began it may leave.
func (m *Memo[K, V]) run(ctx context.Context, key K, a *answer[V]) {
	ctx, cancel := context.WithTimeout(ctx, maxSharedRead)
	defer cancel()
	defer close(a.done)
	a.value, a.err = m.Read(ctx, key)
	switch {
	case a.err == nil, errors.Is(a.err, ErrForbidden):
		return
	case m.Client != nil && !errors.Is(a.err, ErrNotFound):
		a.until = m.Client.Now().Add(failureShared)
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.answers[key] == a {
		delete(m.answers, key)
	}
}

// over reports whether an answer is a failure that is not shared any more.
func (m *Memo[K, V]) over(a *answer[V]) bool {
	select {
	case <-a.done:
		return !a.until.IsZero() && !m.Client.Now().Before(a.until)
	default:
		return false
	}
}

// Known reports whether the answer for a key is kept, or on its way.
func (m *Memo[K, V]) Known(key K) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, known := m.answers[key]
	return known && !m.over(a)
}

// Kept reports whether the answer for a key is there and is no error.
func (m *Memo[K, V]) Kept(key K) bool {
	m.mu.Lock()
	a, known := m.answers[key]
	m.mu.Unlock()
	if !known {
		return false
	}
	select {
	case <-a.done:
		return a.err == nil
	default:
		return false
	}
}

// Forget makes the next readers of a key ask the server. Those who wait now get what was asked for before.
func (m *Memo[K, V]) Forget(key K) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.answers, key)
}

// ForgetWhere makes the next readers of the keys that match ask the server.
func (m *Memo[K, V]) ForgetWhere(match func(K) bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	maps.DeleteFunc(m.answers, func(key K, _ *answer[V]) bool { return match(key) })
}
