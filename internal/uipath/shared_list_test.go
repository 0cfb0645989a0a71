package uipath

import (
	"context"
	"errors"
	"testing"
)

// gate is a listing that a test holds up. Each call says that it has begun and waits for its result.
type gate struct {
	begun   chan struct{}
	results chan result
}

type result struct {
	roles []Role
	err   error
}

func newGate() (*gate, *sharedList[string, Role]) {
	g := &gate{begun: make(chan struct{}, 2), results: make(chan result, 2)}
	return g, newRoleList(func(ctx context.Context) ([]Role, error) {
		g.begun <- struct{}{}
		select {
		case r := <-g.results:
			return r.roles, r.err
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	})
}

func newRoleList(read func(context.Context) ([]Role, error)) *sharedList[string, Role] {
	return &sharedList[string, Role]{read: read, key: roleKey}
}

// look reads the list in the background.
func look(ctx context.Context, l *sharedList[string, Role]) <-chan result {
	looked := make(chan result, 1)
	go func() {
		all, err := l.all(ctx)
		var roles []Role
		for _, id := range []string{"a", "b", "c"} {
			if r, ok := all[id]; ok {
				roles = append(roles, r)
			}
		}
		looked <- result{roles, err}
	}()
	return looked
}

func names(r result) string {
	text := ""
	for _, role := range r.roles {
		text += role.ID + "=" + role.Name + " "
	}
	return text
}

func TestListingDoesNotUndoAWrite(t *testing.T) {
	t.Parallel()
	g, l := newGate()
	looked := look(t.Context(), l)
	<-g.begun
	l.put(Role{ID: "a", Name: "new"})
	l.put(Role{ID: "c", Name: "made"})
	l.remove("b")
	g.results <- result{roles: []Role{{ID: "a", Name: "old"}, {ID: "b", Name: "deleted"}}}
	const want = "a=new c=made "
	if got := <-looked; names(got) != want || got.err != nil {
		t.Errorf("the waiter sees %s, %v, want %s", names(got), got.err, want)
	}
	if got := <-look(t.Context(), l); names(got) != want {
		t.Errorf("the list is %s, want %s", names(got), want)
	}
}

func TestInvalidationPutsAListingAside(t *testing.T) {
	t.Parallel()
	g, l := newGate()
	before := look(t.Context(), l)
	<-g.begun
	l.invalidate()
	after := look(t.Context(), l)
	<-g.begun
	l.put(Role{ID: "b", Name: "made"})
	// Which of the two calls gets which result is left to chance: both get the same.
	g.results <- result{roles: []Role{{ID: "a", Name: "x"}}}
	g.results <- result{roles: []Role{{ID: "a", Name: "x"}}}
	if got := <-before; names(got) != "a=x " {
		t.Errorf("who asked before sees %s", names(got))
	}
	if got := <-after; names(got) != "a=x b=made " {
		t.Errorf("who asked after sees %s", names(got))
	}
	if got := <-look(t.Context(), l); names(got) != "a=x b=made " {
		t.Errorf("the list is %s, want that of the second reading", names(got))
	}
}

func TestWaiterLeavesTheListing(t *testing.T) {
	t.Parallel()
	g, l := newGate()
	ctx, cancel := context.WithCancel(t.Context())
	leaving := look(ctx, l)
	<-g.begun
	staying := look(t.Context(), l)
	cancel()
	if got := <-leaving; !errors.Is(got.err, context.Canceled) {
		t.Errorf("the waiter left with %v", got.err)
	}
	g.results <- result{roles: []Role{{ID: "a", Name: "x"}}}
	if got := <-staying; names(got) != "a=x " || got.err != nil {
		t.Errorf("who stayed sees %s, %v: the reading ended with the one who began it", names(got), got.err)
	}
	if len(g.begun) != 0 {
		t.Error("the list was read anew: the reading ended with the one who began it")
	}
}

func TestFailedListingIsForAllWaiters(t *testing.T) {
	t.Parallel()
	g, l := newGate()
	broken := errors.New("broken")
	first := look(t.Context(), l)
	<-g.begun
	second := look(t.Context(), l)
	// The second joins the first, or comes too late for it and reads anew; both must see a failure.
	go func() {
		g.results <- result{err: broken}
		select {
		case <-g.begun:
			g.results <- result{err: broken}
		case <-t.Context().Done():
		}
	}()
	for _, looked := range []<-chan result{first, second} {
		if got := <-looked; !errors.Is(got.err, broken) {
			t.Errorf("a waiter sees %s, %v", names(got), got.err)
		}
	}
	if l.rows != nil {
		t.Error("a failed listing is kept")
	}
}

func TestSingleReadDoesNotUndoAWrite(t *testing.T) {
	t.Parallel()
	l := newRoleList(func(context.Context) ([]Role, error) { return []Role{{ID: "a", Name: "listed"}}, nil })
	l.learn(l.version(), Role{ID: "b", Name: "before the list"})
	if got := <-look(t.Context(), l); names(got) != "a=listed " {
		t.Errorf("the list is %s", names(got))
	}
	l.learn(l.version(), Role{ID: "b", Name: "found"})
	version := l.version()
	l.remove("a")
	l.learn(version, Role{ID: "a", Name: "read before the deletion"})
	if got := <-look(t.Context(), l); names(got) != "b=found " {
		t.Errorf("the list is %s, want the deletion to stand", names(got))
	}
}
