package uipath

import (
	"context"
	"errors"
	"sync"
)

// keptAnswers are answers of the server's that all readers of a run share, one for each key. That the caller lacks the right to read
// is an answer too, so that a hundred readers cost one request; any other failure is for those who waited, and the next one asks again.
type keptAnswers[K comparable, V any] struct {
	read func(ctx context.Context, key K) (V, error)

	mu    sync.Mutex
	byKey map[K]*keptAnswer[V]
}

// keptAnswer is one answer, which is there when done is closed.
type keptAnswer[V any] struct {
	done  chan struct{}
	value V
	err   error
}

// get returns the answer for a key, which the caller must not change.
func (k *keptAnswers[K, V]) get(ctx context.Context, key K) (V, error) {
	k.mu.Lock()
	answer, ok := k.byKey[key]
	if !ok {
		if k.byKey == nil {
			k.byKey = map[K]*keptAnswer[V]{}
		}
		answer = &keptAnswer[V]{done: make(chan struct{})}
		k.byKey[key] = answer
		go k.run(context.WithoutCancel(ctx), key, answer)
	}
	k.mu.Unlock()

	select {
	case <-answer.done:
		return answer.value, answer.err
	case <-ctx.Done():
		var none V
		return none, context.Cause(ctx)
	}
}

// run asks on a context of its own, so that the caller who began it may leave.
func (k *keptAnswers[K, V]) run(ctx context.Context, key K, answer *keptAnswer[V]) {
	ctx, cancel := context.WithTimeout(ctx, maxSharedRead)
	defer cancel()
	defer close(answer.done)
	answer.value, answer.err = k.read(ctx, key)
	if answer.err == nil || errors.Is(answer.err, ErrForbidden) {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.byKey[key] == answer {
		delete(k.byKey, key)
	}
}

// invalidate makes the next readers ask the server. Those who wait now get what was asked for before.
func (k *keptAnswers[K, V]) invalidate() {
	k.mu.Lock()
	defer k.mu.Unlock()
	clear(k.byKey)
}
