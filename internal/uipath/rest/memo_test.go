package rest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"testing"
)

var errAskedTooOften = errors.New("asked too often")

// gatedMemo holds up each question of a memo until the test gives the answer. More questions than expected fail.
func gatedMemo(expected int64) (questions chan chan error, memo *Memo[string, int64]) {
	questions = make(chan chan error)
	var asked atomic.Int64
	return questions, &Memo[string, int64]{Read: func(context.Context, string) (int64, error) {
		count := asked.Add(1)
		if count > expected {
			return count, errAskedTooOften
		}
		answer := make(chan error)
		questions <- answer
		return count, <-answer
	}}
}

// memoResult is what a reader of a memo got.
type memoResult struct {
	value int64
	err   error
}

// ask reads a memo in the background.
func ask(ctx context.Context, memo *Memo[string, int64]) <-chan memoResult {
	asked := make(chan memoResult, 1)
	go func() {
		value, err := memo.Get(ctx, "a")
		asked <- memoResult{value, err}
	}()
	return asked
}

func TestMemoIsShared(t *testing.T) {
	t.Parallel()
	for name, outcome := range map[string]error{"answer": nil, "refusal": &Error{Status: 403}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			questions, memo := gatedMemo(1)
			ctx, leave := context.WithCancel(t.Context())
			first := ask(ctx, memo)
			answer := <-questions
			second := ask(t.Context(), memo)
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
				second = ask(t.Context(), memo)
			}
		})
	}
}

func TestMemoForgetsFailures(t *testing.T) {
	t.Parallel()
	questions, memo := gatedMemo(2)
	broken := errors.New("broken")
	first := ask(t.Context(), memo)
	(<-questions) <- broken
	if got := <-first; !errors.Is(got.err, broken) {
		t.Errorf("got %+v", got)
	}
	second := ask(t.Context(), memo)
	(<-questions) <- nil
	if got := <-second; got != (memoResult{2, nil}) {
		t.Errorf("got %+v, want the second answer", got)
	}
}

// An answer that was asked for before a write is not for those who ask after it.
func TestMemoForgetsAnAnswerOnItsWay(t *testing.T) {
	t.Parallel()
	for name, forget := range map[string]func(*Memo[string, int64]){
		"this key":    func(m *Memo[string, int64]) { m.Forget("a") },
		"all of them": func(m *Memo[string, int64]) { m.ForgetWhere(func(string) bool { return true }) },
	} {
		for outcome, old := range map[string]error{"answer": nil, "failure": errors.New("broken"), "refusal": &Error{Status: 403}} {
			t.Run(name+", "+outcome, func(t *testing.T) {
				t.Parallel()
				questions, memo := gatedMemo(2)
				before := ask(t.Context(), memo)
				first := <-questions
				if forget(memo); memo.Known("a") {
					t.Error("a forgotten answer is known")
				}
				after := ask(t.Context(), memo)
				second := <-questions
				second <- nil
				later := <-after
				first <- old
				if got := <-before; got.value != 1 || !errors.Is(got.err, old) {
					t.Errorf("who asked before got %+v", got)
				}
				var group sync.WaitGroup
				for range 4 {
					group.Go(func() {
						if got := <-ask(t.Context(), memo); got != later || got.err != nil {
							t.Errorf("got %+v, want %+v: a forgotten answer counts", got, later)
						}
					})
				}
				group.Wait()
			})
		}
	}
}

func TestMemoForgetsOnlyTheKey(t *testing.T) {
	t.Parallel()
	asked := map[string]int{}
	memo := Memo[string, int]{Read: func(_ context.Context, key string) (int, error) {
		asked[key]++
		return asked[key], nil
	}}
	read := func(key string) int {
		value, err := memo.Get(t.Context(), key)
		if err != nil {
			t.Error(err)
		}
		return value
	}
	if read("a") != 1 || read("b") != 1 {
		t.Fatal("the keys share an answer")
	}
	memo.Forget("a")
	if read("a") != 2 || read("b") != 1 {
		t.Error("Forget forgot another key, or not its own")
	}
}

func TestMemoKeepsErrForbiddenOnly(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err  error
		kept bool
	}{
		"answer":         {nil, true},
		"forbidden":      {&Error{Status: 403}, true},
		"wrapped":        {fmt.Errorf("list things: %w", &Error{Status: 403}), true},
		"unauthorized":   {&Error{Status: 401}, false},
		"not found":      {&Error{Status: 404, object: true}, false},
		"conflict":       {&Error{Status: 409}, false},
		"server trouble": {&Error{Status: 503}, false},
		"interruption":   {context.Canceled, false},
		"a setting":      {&SettingError{Problem: CredentialsRefused}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := 0
			memo := Memo[string, int]{Read: func(context.Context, string) (int, error) {
				asked++
				return asked, test.err
			}}
			if memo.Known("a") {
				t.Error("an answer is known before the question")
			}
			want := 1
			for range 3 {
				if got, err := memo.Get(t.Context(), "a"); got != want || !errors.Is(err, test.err) {
					t.Errorf("Get = %d, %v, want %d, %v", got, err, want, test.err)
				}
				if memo.Known("a") != test.kept {
					t.Errorf("Known = %v, want %v", !test.kept, test.kept)
				}
				if !test.kept {
					want++
				}
			}
		})
	}
}

// With a client to tell the time, a failure is shared for a while, and then asked for again.
func TestMemoSharesFailuresForAWhile(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err    error
		shared bool
	}{
		"server trouble": {&Error{Status: 500}, true},
		"no answer":      {&Error{Err: io.EOF}, true},
		"too long":       {errEndless, true},
		"not found":      {&Error{Status: 404, object: true}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			local := &clock{now: start}
			asked := 0
			memo := Memo[string, int]{Client: &Client{config: Config{Clock: local.Now}}, Read: func(context.Context, string) (int, error) {
				asked++
				return asked, test.err
			}}
			get := func(want int) {
				t.Helper()
				if got, err := memo.Get(t.Context(), "a"); got != want || !errors.Is(err, test.err) {
					t.Errorf("Get = %d, %v, want %d, %v", got, err, want, test.err)
				}
			}
			get(1)
			if memo.Known("a") != test.shared || memo.Kept("a") {
				t.Errorf("Known = %v, Kept = %v", memo.Known("a"), memo.Kept("a"))
			}
			if !test.shared {
				get(2)
				return
			}
			local.advance(failureShared - 1)
			get(1)
			local.advance(1)
			if memo.Known("a") {
				t.Error("an old failure is known")
			}
			get(2)
			memo.Forget("a")
			get(3)
		})
	}
}
