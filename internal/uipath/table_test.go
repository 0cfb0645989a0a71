package uipath

import (
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// gate is a server that a test holds up. Each question says that it has come and waits for its answer.
type gate struct {
	asked   chan struct{}
	answers chan result
}

type result struct {
	roles []Role
	err   error
}

// newGate returns a table of roles behind a gate. Its questions are ids, and "" for all roles.
func newGate() (*gate, *table[access.GUID, Role, access.GUID]) {
	g := &gate{asked: make(chan struct{}, 2), answers: make(chan result, 2)}
	var t *table[access.GUID, Role, access.GUID]
	t = newTable(
		nil,
		func(r Role) access.GUID { return r.ID },
		func(ctx context.Context, _ access.GUID) ([]Role, error) {
			g.asked <- struct{}{}
			select {
			case r := <-g.answers:
				return r.roles, r.err
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		},
		func(id access.GUID) iter.Seq[access.GUID] {
			if id == "" {
				return maps.Keys(t.rows)
			}
			return slices.Values([]access.GUID{id})
		})
	return g, t
}

// look reads all roles in the background.
func look(ctx context.Context, t *table[access.GUID, Role, access.GUID]) <-chan result {
	looked := make(chan result, 1)
	go func() {
		if err := t.read(ctx, ""); err != nil {
			looked <- result{err: err}
			return
		}
		looked <- result{roles: sortedByID(t)}
	}()
	return looked
}

func sortedByID(t *table[access.GUID, Role, access.GUID]) []Role {
	return slices.SortedFunc(slices.Values(t.snapshot(maps.Keys(t.rows))), func(a, b Role) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
}

func names(roles []Role) string {
	text := ""
	for _, role := range roles {
		text += role.ID.String() + "=" + role.Name + " "
	}
	return text
}

func TestAnswerDoesNotUndoAWrite(t *testing.T) {
	t.Parallel()
	g, table := newGate()
	looked := look(t.Context(), table)
	<-g.asked
	table.put(Role{ID: "a", Name: "new"})
	table.put(Role{ID: "c", Name: "made"})
	table.remove("b")
	g.answers <- result{roles: []Role{{ID: "a", Name: "old"}, {ID: "b", Name: "deleted"}}}
	const want = "a=new c=made "
	if got := <-looked; names(got.roles) != want || got.err != nil {
		t.Errorf("the reader sees %s, %v, want %s", names(got.roles), got.err, want)
	}
	if got := <-look(t.Context(), table); names(got.roles) != want {
		t.Errorf("the table is %s, want %s", names(got.roles), want)
	}
}

// What is forgotten while an answer is on its way is asked again, by those who wait too.
func TestForgottenAnswerDoesNotCount(t *testing.T) {
	t.Parallel()
	g, table := newGate()
	before := look(t.Context(), table)
	<-g.asked
	table.forget()
	after := look(t.Context(), table)
	<-g.asked
	table.put(Role{ID: "b", Name: "made"})
	// Which of the two questions gets which answer is left to chance: both get the same.
	g.answers <- result{roles: []Role{{ID: "a", Name: "x"}}}
	g.answers <- result{roles: []Role{{ID: "a", Name: "x"}}}
	for _, looked := range []<-chan result{before, after, look(t.Context(), table)} {
		if got := <-looked; names(got.roles) != "a=x b=made " || got.err != nil {
			t.Errorf("a reader sees %s, %v, want the second answer", names(got.roles), got.err)
		}
	}
}

func TestReaderLeaves(t *testing.T) {
	t.Parallel()
	g, table := newGate()
	ctx, cancel := context.WithCancel(t.Context())
	leaving := look(ctx, table)
	<-g.asked
	staying := look(t.Context(), table)
	cancel()
	if got := <-leaving; !errors.Is(got.err, context.Canceled) {
		t.Errorf("the reader left with %v", got.err)
	}
	g.answers <- result{roles: []Role{{ID: "a", Name: "x"}}}
	if got := <-staying; names(got.roles) != "a=x " || got.err != nil {
		t.Errorf("the reader who stayed sees %s, %v: the question ended with the one who asked first", names(got.roles), got.err)
	}
	if len(g.asked) != 0 {
		t.Error("it was asked anew: the question ended with the one who asked first")
	}
}

func TestFailureIsForAllWhoWait(t *testing.T) {
	t.Parallel()
	g, table := newGate()
	broken := errors.New("broken")
	first := look(t.Context(), table)
	<-g.asked
	second := look(t.Context(), table)
	// The second joins the first, or comes too late for it and asks anew; both must see a failure.
	go func() {
		g.answers <- result{err: broken}
		select {
		case <-g.asked:
			g.answers <- result{err: broken}
		case <-t.Context().Done():
		}
	}()
	for _, looked := range []<-chan result{first, second} {
		if got := <-looked; !errors.Is(got.err, broken) {
			t.Errorf("a reader sees %s, %v", names(got.roles), got.err)
		}
	}
	if table.answers.Known("") {
		t.Error("a failure is kept")
	}
}

// An answer about one row tells only of that row, and an older answer does not undo what is newer.
func TestAnswerAboutOneRow(t *testing.T) {
	t.Parallel()
	_, table := newGate()
	table.enter("", 0, []Role{{ID: "a", Name: "listed"}}, false)
	table.enter("b", table.version, []Role{{ID: "b", Name: "found"}}, false)
	if got := names(sortedByID(table)); got != "a=listed b=found " {
		t.Errorf("the table is %s", got)
	}
	before := table.version
	table.remove("a")
	table.enter("a", before, []Role{{ID: "a", Name: "read before the deletion"}}, false)
	table.enter("b", before, nil, false)
	if got := names(sortedByID(table)); got != "" {
		t.Errorf("the table is %s, want the deletion to stand and the missing row struck", got)
	}
	table.put(Role{ID: "c", Name: "made"})
	table.enter("", before, nil, false)
	if got := names(sortedByID(table)); got != "c=made " {
		t.Errorf("the table is %s, want what was made since", got)
	}
}

// Readers who ask anew share an answer only if nothing was written since it was asked for.
func TestRereadAfterAWrite(t *testing.T) {
	t.Parallel()
	g, table := newGate()
	reread := func() <-chan error {
		done := make(chan error, 1)
		go func() { done <- table.reread(t.Context(), "a") }()
		return done
	}
	first := reread()
	<-g.asked
	table.put(Role{ID: "b", Name: "made"})
	second := reread()
	<-g.asked
	g.answers <- result{roles: []Role{{ID: "a", Name: "x"}}}
	g.answers <- result{roles: []Role{{ID: "a", Name: "x"}}}
	for _, done := range []<-chan error{first, second} {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
