package uipath

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// held is a queue whose batches a test holds up: each says what it carries and waits for its answer.
type held struct {
	*queue[*change]
	begun   chan []*change
	answers chan error
	took    time.Duration
}

func newHeld() *held {
	return &held{begun: make(chan []*change), answers: make(chan error), queue: &queue[*change]{
		pick: inCompany, arrived: make(chan struct{}, 1), clock: time.Now, pause: func(d time.Duration) time.Duration { return d },
		interrupted: context.Cause,
	}}
}

// inCompany picks as the writer does who knows itself.
func inCompany(waiting []*change) (batch, rest []*change) { return pickChanges(waiting, false) }

// do waits in the queue as the writer does.
func (h *held) do(ctx context.Context, item *change) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	item.ticket = newTicket(ctx)
	if h.join(item) {
		go h.run()
	}
	return h.wait(ctx, item)
}

func (h *held) run() {
	for batch := h.next(); len(batch) > 0; batch = h.next() {
		h.begun <- batch
		err := <-h.answers
		h.learn(h.took)
		for _, item := range batch {
			item.finish(err)
		}
	}
}

// ask asks for a change in the background.
func (h *held) ask(ctx context.Context, item *change) <-chan error {
	answer := make(chan error, 1)
	go func() { answer <- h.do(ctx, item) }()
	return answer
}

// await takes the answer to a change, which is to be success.
func await(t *testing.T, answer <-chan error) {
	t.Helper()
	if err := <-answer; err != nil {
		t.Error(err)
	}
}

// granting is a change that grants a numbered role.
func granting(roles ...int) *change {
	item := &change{}
	for _, role := range roles {
		item.add = append(item.add, grantOf(role, 1, scopes[1]))
	}
	return item
}

func TestSealedBatchIsNotJoined(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHeld()
		first := h.ask(t.Context(), granting(1))
		if got := <-h.begun; len(got) != 1 {
			t.Fatalf("%d items", len(got))
		}
		late := []<-chan error{h.ask(t.Context(), granting(2)), h.ask(t.Context(), granting(3))}
		synctest.Wait()
		broken := errors.New("broken")
		h.answers <- broken
		if err := <-first; !errors.Is(err, broken) {
			t.Errorf("the first got %v", err)
		}
		if got := <-h.begun; len(got) != 2 {
			t.Errorf("%d items in the second batch, want both that came meanwhile", len(got))
		}
		h.answers <- nil
		for _, answer := range late {
			await(t, answer)
		}
	})
}

func TestUnsealedItemLeaves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHeld()
		ctx, cancel := context.WithCancel(t.Context())
		sealed := h.ask(ctx, granting(1))
		<-h.begun
		waiting, staying := h.ask(ctx, granting(2)), h.ask(t.Context(), granting(3))
		synctest.Wait()
		cancel()
		if err := <-waiting; !errors.Is(err, context.Canceled) {
			t.Errorf("the unsealed one got %v", err)
		}
		synctest.Wait()
		if len(sealed) != 0 {
			t.Error("the sealed one left without its answer")
		}
		h.answers <- nil
		if err := <-sealed; err != nil {
			t.Errorf("the sealed one got %v: the batch ended with who began it", err)
		}
		if got := <-h.begun; len(got) != 1 || got[0].add[0].Key != keyOf(3, 1, scopes[1]) {
			t.Errorf("the next batch carries %v, want only who stayed", got)
		}
		h.answers <- nil
		await(t, staying)
		if err := h.do(ctx, granting(4)); !errors.Is(err, context.Canceled) {
			t.Errorf("who comes too late got %v", err)
		}
	})
}

// An item whose context ends at the very moment of sealing is not in the batch.
func TestEndedItemIsNotSealed(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	gone, stays := granting(1), granting(2)
	gone.ctx, stays.ctx = ended, t.Context()
	b := &queue[*change]{pick: inCompany, waiting: []*change{gone, stays}}
	if got := b.seal(); !slices.Equal(got, []*change{stays}) || !b.withdraw(gone) || b.withdraw(stays) {
		t.Errorf("sealed %v, gone left %t", got, gone.left)
	}
}

func TestBatchesAreBounded(t *testing.T) {
	t.Parallel()
	b := &queue[*change]{pick: inCompany}
	var all []*change
	for n := range maxBatch + 7 {
		item := granting(n)
		item.ctx = t.Context()
		all = append(all, item)
	}
	b.waiting = all
	if got := b.seal(); !slices.Equal(got, all[:maxBatch]) {
		t.Errorf("the first batch has %d items", len(got))
	}
	if got := b.seal(); !slices.Equal(got, all[maxBatch:]) {
		t.Errorf("the second batch has %d items", len(got))
	}
	// One item is indivisible, however large.
	roles := make([]int, maxBatch+1)
	for i := range roles {
		roles[i] = i
	}
	large := granting(roles...)
	large.ctx = t.Context()
	b.waiting = []*change{large}
	if got := b.seal(); !slices.Equal(got, []*change{large}) {
		t.Errorf("a large item is in a batch of %d", len(got))
	}
}

func TestSameAssignmentFollowsInOrder(t *testing.T) {
	t.Parallel()
	items := []*change{granting(1), granting(2, 1), granting(2), granting(3)}
	for _, item := range items {
		item.ctx = t.Context()
	}
	b := &queue[*change]{pick: inCompany, waiting: items}
	for i, want := range [][]*change{{items[0], items[3]}, {items[1]}, {items[2]}, nil} {
		if got := b.seal(); !slices.Equal(got, want) {
			t.Errorf("batch %d has %d items, want %d", i, len(got), len(want))
		}
	}
}

// The window is twice what the server takes, 100 ms at most, and begins when the last batch came back.
func TestWindow(t *testing.T) {
	t.Parallel()
	for took, want := range map[time.Duration]time.Duration{
		0: 0, 10 * time.Millisecond: 20 * time.Millisecond, 50 * time.Millisecond: maxWindow, time.Second: maxWindow,
	} {
		t.Run(took.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHeld()
				h.took = took
				first := h.ask(t.Context(), granting(1))
				<-h.begun
				second := h.ask(t.Context(), granting(2))
				synctest.Wait()
				came := time.Now()
				h.answers <- nil
				await(t, first)
				<-h.begun
				if got := time.Since(came); got != want {
					t.Errorf("sealed after %s, want %s", got, want)
				}
				h.answers <- nil
				await(t, second)
				// Long after the last batch nobody waits.
				<-time.After(time.Minute)
				came = time.Now()
				third := h.ask(t.Context(), granting(3))
				<-h.begun
				if got := time.Since(came); got != 0 {
					t.Errorf("sealed after %s, want at once", got)
				}
				h.answers <- nil
				await(t, third)
			})
		})
	}
}

// The window ends when as many wait as ever asked at the same time: the one who was answered asked for the next thing.
func TestWindowEndsWhenNobodyElseIsToBeExpected(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHeld()
		h.took = 50 * time.Millisecond
		first := h.ask(t.Context(), granting(1))
		<-h.begun
		second := h.ask(t.Context(), granting(2))
		synctest.Wait()
		came := time.Now()
		h.answers <- nil
		await(t, first)
		<-time.After(10 * time.Millisecond)
		third := h.ask(t.Context(), granting(3))
		if batch := <-h.begun; len(batch) != 2 {
			t.Errorf("sealed %d, want both", len(batch))
		}
		if got := time.Since(came); got != 10*time.Millisecond {
			t.Errorf("sealed after %s, want when the second of two came", got)
		}
		h.answers <- nil
		await(t, second)
		await(t, third)
	})
}

// The clock may be set back.
func TestWindowWithAClockSetBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &queue[*change]{
			clock: func() time.Time { return start }, pause: func(d time.Duration) time.Duration { return d },
			ended: start.Add(time.Hour), answerTime: time.Second, most: 1,
		}
		began := time.Now()
		b.window()
		if got := time.Since(began); got != maxWindow {
			t.Errorf("waited %s, want %s", got, maxWindow)
		}
		b.learn(2 * time.Second)
		if b.answerTime != 1250*time.Millisecond || b.ended != start {
			t.Errorf("learned %s at %s", b.answerTime, b.ended)
		}
	})
}

func TestOneBatchAtATime(t *testing.T) {
	t.Parallel()
	under, most, carried := 0, 0, 0
	h := newHeld()
	h.pause = func(time.Duration) time.Duration { return 0 }
	h.took = time.Millisecond
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			answers := h.answers
			if under == 0 {
				answers = nil
			}
			select {
			case items, ok := <-h.begun:
				if !ok {
					return
				}
				under++
				most = max(most, under)
				carried += len(items)
			case answers <- nil:
				under--
			}
		}
	}()
	var group sync.WaitGroup
	for worker := range 50 {
		group.Go(func() {
			for n := range 40 {
				if err := h.do(t.Context(), granting(worker*40+n)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	close(h.begun)
	<-ended
	if most != 1 || carried != 2000 {
		t.Errorf("%d at a time, %d carried", most, carried)
	}
}
