package uipath

import (
	"context"
	"slices"
	"sync"
	"time"
)

// maxWindow bounds how long a batch waits for more to come. Terraform hands over some forty changes a second where it keeps
// a thousand resources in its state, so a shorter wait gathers few and saves no time.
const maxWindow = 100 * time.Millisecond

// queue is what waits for the next request. A batch is sealed when the last request has come back and either as many wait
// as ever asked at the same time, or a window has passed: who was answered asks for the next thing meanwhile. Nobody joins a sealed
// batch.
type queue[T queued] struct {
	clock func() time.Time
	pause func(time.Duration) time.Duration
	// pick divides those that wait into the next batch and those that wait on, in their order. The batch has one at least.
	pick func(waiting []T) (batch, rest []T)
	// interrupted says why a context has ended meanwhile.
	interrupted func(context.Context) error

	mu      sync.Mutex
	waiting []T
	// working says that somebody takes batches.
	working bool
	// sealed is how many are in the sealed batch, and most how many there ever were at the same time, sealed or waiting.
	sealed, most int
	// arrived tells the window of one that came. Its buffer holds one, because the window looks for itself.
	arrived chan struct{}
	// ended is when the last batch came back, in local time.
	ended time.Time
	// answerTime is how long the server takes to answer, smoothed.
	answerTime time.Duration
}

// queued is what can wait in a queue.
type queued interface {
	comparable
	inQueue() *ticket
}

// ticket is the place of something in a queue.
type ticket struct {
	// ctx is that of who asked: what is not sealed leaves with it, and logs know what a batch is for.
	ctx context.Context //nolint:containedctx // It is asked about while its owner waits in a queue.
	// finished is closed when err is the answer.
	finished chan struct{}
	err      error
	// left says that it was not sealed because its context had ended.
	left bool
}

func newTicket(ctx context.Context) ticket { return ticket{ctx: ctx, finished: make(chan struct{})} }

func (t *ticket) inQueue() *ticket { return t }

// finish gives the answer.
func (t *ticket) finish(err error) {
	t.err = err
	close(t.finished)
}

func newQueue[T queued](a *api, pick func(waiting []T) (batch, rest []T)) queue[T] {
	return queue[T]{
		clock: a.rest.Now, pause: a.rest.Pause, pick: pick, interrupted: a.rest.Interrupted, arrived: make(chan struct{}, 1),
	}
}

// join adds an item, and reports whether nobody takes batches: then the caller begins.
func (q *queue[T]) join(item T) (begin bool) {
	q.mu.Lock()
	q.waiting = append(q.waiting, item)
	q.most = max(q.most, q.sealed+len(q.waiting))
	begin, q.working = !q.working, true
	q.mu.Unlock()
	select {
	case q.arrived <- struct{}{}:
	default:
	}
	return begin
}

// wait returns the result of an item. Whoever leaves before the batch is sealed has changed nothing; after that the answer is waited
// for, because the server carries out what it was sent.
func (q *queue[T]) wait(ctx context.Context, item T) error {
	place := item.inQueue()
	select {
	case <-place.finished:
		return place.err
	case <-ctx.Done():
	}
	if q.withdraw(item) {
		return q.interrupted(ctx)
	}
	<-place.finished
	return place.err
}

// withdraw takes an item back, and reports false for one that was sealed.
func (q *queue[T]) withdraw(item T) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if i := slices.Index(q.waiting, item); i >= 0 {
		q.waiting = slices.Delete(q.waiting, i, i+1)
		return true
	}
	return item.inQueue().left
}

// next returns the next batch, and none when nothing is waiting: then the next to come begins anew.
func (q *queue[T]) next() []T {
	for {
		q.mu.Lock()
		q.working = len(q.waiting) > 0
		working := q.working
		q.mu.Unlock()
		if !working {
			return nil
		}
		q.window()
		if batch := q.seal(); len(batch) > 0 {
			return batch
		}
	}
}

// window waits until everybody who may ask has done so, or a while has passed since the last batch came back: twice what the
// server takes to answer.
func (q *queue[T]) window() {
	q.mu.Lock()
	window := min(2*q.answerTime, maxWindow)
	left := min(window, window-q.clock().Sub(q.ended))
	q.mu.Unlock()
	if left <= 0 {
		return
	}
	timer := time.NewTimer(q.pause(left))
	defer timer.Stop()
	for !q.full() {
		select {
		case <-timer.C:
			return
		case <-q.arrived:
		}
	}
}

// full reports whether as many wait as ever asked at the same time, so that nobody else is to be expected.
func (q *queue[T]) full() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting) >= q.most
}

// seal takes the next batch from what is waiting.
func (q *queue[T]) seal() []T {
	q.mu.Lock()
	defer q.mu.Unlock()
	staying := q.waiting[:0:0]
	for _, item := range q.waiting {
		if place := item.inQueue(); place.ctx.Err() != nil {
			place.left = true
		} else {
			staying = append(staying, item)
		}
	}
	var batch []T
	if len(staying) > 0 {
		batch, staying = q.pick(staying)
	}
	q.waiting, q.sealed = staying, len(batch)
	return batch
}

// learn notes when a batch came back, and how long the server took.
func (q *queue[T]) learn(took time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.ended, q.sealed = q.clock(), 0
	if q.answerTime == 0 {
		q.answerTime = took
	}
	q.answerTime += (took - q.answerTime) / 4
}
