package uipath

import (
	"context"
	"slices"
	"sync"
	"time"
)

const (
	// maxBatch is how many additions and removals one request carries; fifty are known to work (contract 4.4).
	maxBatch = 500
	// maxBatchTime bounds a batch with all that is done about it. It does not end with those who wait for it.
	maxBatchTime = 15 * time.Minute
	// maxWindow bounds how long a batch waits for more to come. Terraform hands over some forty changes a second where it keeps
	// a thousand resources in its state, so a shorter wait gathers few and saves no time.
	maxWindow = 100 * time.Millisecond
)

// change is one indivisible set of additions and removals of assignments.
type change struct {
	add []Grant
	// remove are assignments whose ids are known.
	remove []Assignment

	// ctx is that of who asked: an item that is not sealed leaves with it, and logs know what a batch is for.
	ctx context.Context //nolint:containedctx // It is asked about while the item waits in a queue.
	// done is closed when err is the answer.
	done chan struct{}
	err  error
	// left says that the item was not sealed because its context had ended.
	left bool

	// began is when it was sent first, in local time.
	began time.Time
	// lost is how often it was sent with an unknown outcome.
	lost int
}

// size is how many additions and removals the item has.
func (item *change) size() int { return len(item.add) + len(item.remove) }

// keys returns the assignments that the item touches.
func (item *change) keys() []AssignmentKey {
	keys := make([]AssignmentKey, 0, item.size())
	for _, g := range item.add {
		keys = append(keys, g.Key)
	}
	for _, a := range item.remove {
		keys = append(keys, a.Key)
	}
	return keys
}

// settle gives the item its answer.
func (item *change) settle(err error) {
	item.err = err
	close(item.done)
}

// batcher carries changes out, many with one request. One batch is under way at a time. The next is sealed when the last has come
// back and either as many wait as ever asked at the same time, or a window has passed: who was answered asks for the next thing
// meanwhile. Nobody joins a sealed batch.
type batcher struct {
	// carry carries out a batch and settles each of its items. It returns how long the server took to answer.
	carry func(ctx context.Context, items []*change) time.Duration
	clock func() time.Time
	pause func(time.Duration) time.Duration

	mu      sync.Mutex
	waiting []*change
	running bool
	// carrying is how many changes are in the sealed batch, and most how many there ever were at the same time, sealed or waiting.
	carrying, most int
	// arrived tells the window of a change that came. Its buffer holds one, because the window looks for itself.
	arrived chan struct{}
	// ended is when the last batch came back, in local time.
	ended time.Time
	// answerTime is how long the server takes to answer, smoothed.
	answerTime time.Duration
}

// do carries out a change and returns its own result. Who leaves before the batch is sealed has changed nothing; after that the
// answer is waited for, because the server carries out what it was sent.
func (b *batcher) do(ctx context.Context, item *change) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	item.ctx, item.done = ctx, make(chan struct{})
	b.mu.Lock()
	b.waiting = append(b.waiting, item)
	b.most = max(b.most, b.carrying+len(b.waiting))
	if !b.running {
		b.running = true
		go b.run()
	}
	b.mu.Unlock()
	select {
	case b.arrived <- struct{}{}:
	default:
	}
	select {
	case <-item.done:
		return item.err
	case <-ctx.Done():
	}
	if b.withdraw(item) {
		return context.Cause(ctx)
	}
	<-item.done
	return item.err
}

// withdraw takes an item back, and reports false for one that was sealed.
func (b *batcher) withdraw(item *change) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if i := slices.Index(b.waiting, item); i >= 0 {
		b.waiting = slices.Delete(b.waiting, i, i+1)
		return true
	}
	return item.left
}

// run carries out batches until nothing is waiting.
func (b *batcher) run() {
	for b.wanted() {
		b.window()
		batch := b.seal()
		if len(batch) == 0 {
			// All that waited have left.
			continue
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(batch[0].ctx), maxBatchTime)
		took := b.carry(ctx, batch)
		cancel()
		b.learn(took)
	}
}

// wanted reports whether there is anything to do; the next item begins anew if there is not.
func (b *batcher) wanted() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.running = len(b.waiting) > 0
	return b.running
}

// window waits until everybody who may ask has done so, or a while has passed since the last batch came back: twice what the
// server takes to answer.
func (b *batcher) window() {
	b.mu.Lock()
	window := min(2*b.answerTime, maxWindow)
	left := min(window, window-b.clock().Sub(b.ended))
	b.mu.Unlock()
	if left <= 0 {
		return
	}
	timer := time.NewTimer(b.pause(left))
	defer timer.Stop()
	for !b.full() {
		select {
		case <-timer.C:
			return
		case <-b.arrived:
		}
	}
}

// full reports whether as many wait as ever asked at the same time, so that nobody else is to be expected.
func (b *batcher) full() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.waiting) >= b.most
}

// seal takes the next batch from what is waiting. Changes that touch the same assignment are not put together, because what the
// server does first within one request is not known: they follow each other in the order in which they came.
func (b *batcher) seal() []*change {
	b.mu.Lock()
	defer b.mu.Unlock()
	var batch, rest []*change
	size := 0
	touched := map[AssignmentKey]bool{}
	for _, item := range b.waiting {
		if item.ctx.Err() != nil {
			item.left = true
			continue
		}
		keys := item.keys()
		if len(batch) > 0 && size+len(keys) > maxBatch || slices.ContainsFunc(keys, func(k AssignmentKey) bool { return touched[k] }) {
			rest = append(rest, item)
		} else {
			batch = append(batch, item)
			size += len(keys)
		}
		for _, key := range keys {
			touched[key] = true
		}
	}
	b.waiting, b.carrying = rest, len(batch)
	return batch
}

// learn notes when a batch came back, and how long the server took.
func (b *batcher) learn(took time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended, b.carrying = b.clock(), 0
	if b.answerTime == 0 {
		b.answerTime = took
	}
	b.answerTime += (took - b.answerTime) / 4
}
