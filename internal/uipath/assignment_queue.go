package uipath

import (
	"context"
	"slices"
	"sync"
	"time"
)

const (
	// maxBatch is how many additions and removals one request carries. Fifty are known to work (contract 4.4-4); the limit is not public, so
	// this one is our choice (4.4-5).
	maxBatch = 500
	// maxWindow bounds how long a batch waits for more to come. Terraform hands over some forty changes a second where it keeps
	// a thousand resources in its state, so a shorter wait gathers few and saves no time.
	maxWindow = 100 * time.Millisecond
)

// queue is the changes that wait for the next request. A batch is sealed when the last request has come back and either as many wait
// as ever asked at the same time, or a window has passed: who was answered asks for the next thing meanwhile. Nobody joins a sealed
// batch.
type queue struct {
	clock func() time.Time
	pause func(time.Duration) time.Duration
	// alone reports whether the next change is to go alone.
	alone func() bool

	mu      sync.Mutex
	waiting []*change
	// working says that somebody takes batches.
	working bool
	// sealed is how many changes are in the sealed batch, and most how many there ever were at the same time, sealed or waiting.
	sealed, most int
	// arrived tells the window of a change that came. Its buffer holds one, because the window looks for itself.
	arrived chan struct{}
	// ended is when the last batch came back, in local time.
	ended time.Time
	// answerTime is how long the server takes to answer, smoothed.
	answerTime time.Duration
}

// join adds a change, and reports whether nobody takes batches: then the caller begins.
func (q *queue) join(item *change) (begin bool) {
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

// wait returns the result of a change. Whoever leaves before the batch is sealed has changed nothing; after that the answer is waited
// for, because the server carries out what it was sent.
func (q *queue) wait(ctx context.Context, item *change) error {
	select {
	case <-item.finished:
		return item.err
	case <-ctx.Done():
	}
	if q.withdraw(item) {
		return context.Cause(ctx)
	}
	<-item.finished
	return item.err
}

// withdraw takes a change back, and reports false for one that was sealed.
func (q *queue) withdraw(item *change) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if i := slices.Index(q.waiting, item); i >= 0 {
		q.waiting = slices.Delete(q.waiting, i, i+1)
		return true
	}
	return item.left
}

// next returns the next batch, and none when nothing is waiting: then the next change to come begins anew.
func (q *queue) next() []*change {
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
func (q *queue) window() {
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
func (q *queue) full() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting) >= q.most
}

// seal takes the next batch from what is waiting. Changes that touch the same assignment are not put together, because what the
// server does first within one request is not known: they follow each other in the order in which they came.
func (q *queue) seal() []*change {
	alone := q.alone != nil && q.alone()
	q.mu.Lock()
	defer q.mu.Unlock()
	var batch, rest []*change
	size := 0
	touched := map[AssignmentKey]bool{}
	for _, item := range q.waiting {
		if item.ctx.Err() != nil {
			item.left = true
			continue
		}
		keys := item.keys()
		if len(batch) > 0 && (alone || size+len(keys) > maxBatch) || slices.ContainsFunc(keys, func(k AssignmentKey) bool { return touched[k] }) {
			rest = append(rest, item)
		} else {
			batch = append(batch, item)
			size += len(keys)
		}
		for _, key := range keys {
			touched[key] = true
		}
	}
	q.waiting, q.sealed = rest, len(batch)
	return batch
}

// learn notes when a batch came back, and how long the server took.
func (q *queue) learn(took time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.ended, q.sealed = q.clock(), 0
	if q.answerTime == 0 {
		q.answerTime = took
	}
	q.answerTime += (took - q.answerTime) / 4
}
