package uipath

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
)

var errAskedTooOften = errors.New("asked too often")

// keptGate holds up each question to kept answers until the test gives the answer. More questions than expected fail.
func keptGate(expected int64) (questions chan chan error, kept *keptAnswers[string, int64]) {
	questions = make(chan chan error)
	var asked atomic.Int64
	return questions, &keptAnswers[string, int64]{read: func(context.Context, string) (int64, error) {
		count := asked.Add(1)
		if count > expected {
			return count, errAskedTooOften
		}
		answer := make(chan error)
		questions <- answer
		return count, <-answer
	}}
}

// keptResult is what a reader of kept answers got.
type keptResult struct {
	value int64
	err   error
}

// ask reads kept answers in the background.
func ask(ctx context.Context, kept *keptAnswers[string, int64]) <-chan keptResult {
	asked := make(chan keptResult, 1)
	go func() {
		value, err := kept.get(ctx, "a")
		asked <- keptResult{value, err}
	}()
	return asked
}

func TestKeptAnswersAreShared(t *testing.T) {
	t.Parallel()
	for name, outcome := range map[string]error{"answer": nil, "refusal": &Error{Status: 403}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			questions, kept := keptGate(1)
			ctx, leave := context.WithCancel(t.Context())
			first := ask(ctx, kept)
			answer := <-questions
			second := ask(t.Context(), kept)
			// Who began it leaves, and the question goes on.
			leave()
			if got := <-first; !errors.Is(got.err, context.Canceled) {
				t.Errorf("who left got %+v", got)
			}
			answer <- outcome
			for range 2 {
				if got := <-second; got.value != 1 || !errors.Is(got.err, outcome) {
					t.Errorf("got %+v, want the first answer", got)
				}
				second = ask(t.Context(), kept)
			}
		})
	}
}

func TestKeptAnswersForgetFailures(t *testing.T) {
	t.Parallel()
	questions, kept := keptGate(2)
	broken := errors.New("broken")
	first := ask(t.Context(), kept)
	(<-questions) <- broken
	if got := <-first; !errors.Is(got.err, broken) {
		t.Errorf("got %+v", got)
	}
	second := ask(t.Context(), kept)
	(<-questions) <- nil
	if got := <-second; got != (keptResult{2, nil}) {
		t.Errorf("got %+v, want the second answer", got)
	}
}

// An answer that was asked for before a write is not that of who asks after it.
func TestInvalidationPutsAnAnswerAside(t *testing.T) {
	t.Parallel()
	questions, kept := keptGate(2)
	before := ask(t.Context(), kept)
	old := <-questions
	kept.invalidate()
	after := ask(t.Context(), kept)
	fresh := <-questions
	fresh <- nil
	later := <-after
	old <- errors.New("broken")
	if got := <-before; got.err == nil {
		t.Errorf("who asked before got %+v", got)
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if got := <-ask(t.Context(), kept); got != later || got.err != nil {
				t.Errorf("got %+v, want %+v: an answer that was put aside counts", got, later)
			}
		})
	}
	group.Wait()
}
