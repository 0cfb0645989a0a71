package uipath

import (
	"context"
	"slices"
	"sync"
	"time"
)

const (
	// maxWindow bounds how long a batch waits for more to come, whoever comes.
	maxWindow = 100 * time.Millisecond
	// maxQuiet bounds how long a batch of few waits for the next to come, and maxHold how long it waits in all while they come one by one:
	// Terraform hands over some forty changes a second where it keeps a thousand resources in its state, and fewer on a busy machine.
	maxQuiet, maxHold = 500 * time.Millisecond, 2 * time.Second
	// manyItems is from how many on batches are held: what is done about few is to be done soon.
	manyItems = 20
	// maxRetreat bounds how many batches are not held after one that was held in vain.
	maxRetreat = 64
	// usualParallelism is how many of many items are expected to ask at the same time, which is Terraform's default.
	usualParallelism = 10
)

// queue is what waits for the next request. A batch is sealed when the last request has come back and either as many wait as are
// expected to ask at the same time, or a window has passed: who was answered asks for the next thing meanwhile. Of many items, a batch of
// few is held beyond the window while others keep coming: whoever hands them over is not waiting for it. Nobody joins a sealed batch.
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
	// ended is when the last batch came back, and came when the last item joined, in local time.
	ended, came time.Time
	// interval is how long after each other items come, smoothed, and joined how many came.
	interval time.Duration
	joined   int
	// alone is how many waited when a batch was held and nobody came: for retreat more batches nobody else is expected, unless more come.
	// Each time that happens in a row the retreat is twice as long, which bound tells.
	alone, retreat, bound int
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
	if q.joined++; q.alone > 0 {
		q.alone = max(q.alone, q.sealed+len(q.waiting))
	}
	now := q.clock()
	q.interval += (min(now.Sub(q.came), maxQuiet) - q.interval) / 4
	q.came = now
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
// server takes to answer, and more while few have come and more are coming.
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
			q.hold()
			return
		case <-q.arrived:
		}
	}
}

// hold waits while few have come and more are coming.
func (q *queue[T]) hold() {
	end := time.NewTimer(q.pause(maxHold))
	defer end.Stop()
	came := false
	for quiet := q.quiet(); quiet > 0; quiet = q.quiet() {
		timer := time.NewTimer(q.pause(quiet))
		select {
		case <-q.arrived:
			timer.Stop()
			came = true
			continue
		case <-timer.C:
		case <-end.C:
			timer.Stop()
		}
		q.held(came)
		return
	}
}

// held takes note whether anybody came while a batch was held.
func (q *queue[T]) held(came bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if came {
		q.bound = 0
		return
	}
	q.bound = min(max(1, 2*q.bound), maxRetreat)
	q.alone, q.retreat = len(q.waiting), q.bound
}

// quiet returns how long nobody has to come until nobody is expected: three times what lies between two of them. It is zero if enough
// are waiting: those that come while the next request is under way go with the one after it, so that nobody waits for it in vain.
func (q *queue[T]) quiet() time.Duration {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.joined < manyItems:
		return 0
	case 10*len(q.waiting) >= 7*q.expected():
		if q.alone == 0 {
			q.bound = 0
		}
		return 0
	}
	return min(max(3*q.interval, maxWindow), maxQuiet)
}

// full reports whether as many wait as are expected.
func (q *queue[T]) full() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting) >= q.expected()
}

// expected is how many are expected to ask at the same time: as many as ever did, or of many items as many as Terraform hands over if
// nothing speaks against it. The lock is held.
func (q *queue[T]) expected() int {
	switch {
	case q.joined < manyItems:
		return q.most
	case q.alone > 0:
		return q.alone
	}
	return max(q.most, usualParallelism)
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
	if q.retreat--; q.retreat <= 0 {
		q.alone = 0
	}
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
