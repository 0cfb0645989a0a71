package uipath

import (
	"context"
	"errors"
	"iter"
	"sync"

	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// askedAlone is how many rows are asked for alone before a whole listing is read: cheaper where only those are needed, and wasted
// where the listing is read anyway.
const askedAlone = 2

// table is what a run knows of the server's objects of one kind: the rows by their keys, and which questions were answered. All
// readers share it. The run's own acknowledged writes update the rows in place; an answer that is older than a write does not undo
// it.
type table[K comparable, V any, Q comparable] struct {
	key func(V) K
	// ask asks the server a question. Its error is [ErrNotFound] where the question is about one object, which is not there, and
	// [ErrUnsettled] beside rows that may not be all: then the answer is a hint.
	ask func(ctx context.Context, question Q) ([]V, error)
	// covered returns those keys among the rows that an answer to the question would list. The lock is held.
	covered func(question Q) iter.Seq[K]
	// changed, if there is one, hears of each row that is entered, replaced or struck; before or after is nil. The lock is held.
	changed func(key K, before, after *V)

	answers rest.Memo[Q, struct{}]
	// fresh are the questions that are asked anew, with the version of the table they are about.
	fresh rest.Memo[versioned[Q], struct{}]

	mu   sync.Mutex
	rows map[K]V
	// version counts writes. written is the version that the last write of a row made, and valid that of the last time all was
	// forgotten.
	version int
	written map[K]int
	valid   int
	// hints are the questions whose last answer was a hint: what it has is there, what it lacks may be there too.
	hints map[Q]bool
}

type versioned[Q comparable] struct {
	question Q
	version  int
}

// newTable returns a table that knows nothing. The client tells the time, by which readers share failures for a while.
func newTable[K comparable, V any, Q comparable](
	c *rest.Client, key func(V) K, ask func(context.Context, Q) ([]V, error), covered func(Q) iter.Seq[K],
) *table[K, V, Q] {
	t := &table[K, V, Q]{key: key, ask: ask, covered: covered, rows: map[K]V{}, written: map[K]int{}, hints: map[Q]bool{}}
	t.answers.Read, t.answers.Client, t.fresh.Client = t.answer, c, c
	t.fresh.Read = func(ctx context.Context, asked versioned[Q]) (struct{}, error) { return t.answer(ctx, asked.question) }
	return t
}

// answer asks a question and enters the answer.
func (t *table[K, V, Q]) answer(ctx context.Context, question Q) (struct{}, error) {
	began := t.now()
	rows, err := t.ask(ctx, question)
	hint := errors.Is(err, ErrUnsettled) && rows != nil
	if hint {
		err = nil
	}
	if err == nil || errors.Is(err, ErrNotFound) {
		t.enter(question, began, rows, hint)
	}
	return struct{}{}, err
}

// now returns the version, which tells an answer that is asked for now from later writes.
func (t *table[K, V, Q]) now() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.version
}

// enter enters the answer to a question that was asked at a version. What was written since is newer than the answer.
func (t *table[K, V, Q]) enter(question Q, began int, rows []V, hint bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if began < t.valid {
		return
	}
	there := make(map[K]bool, len(rows))
	for i := range rows {
		key := t.key(rows[i])
		there[key] = true
		if t.written[key] <= began {
			t.set(key, &rows[i])
		}
	}
	if t.hints[question] = hint; hint {
		return
	}
	for key := range t.covered(question) {
		if !there[key] && t.written[key] <= began {
			t.set(key, nil)
		}
	}
}

// set enters or replaces a row, or strikes it where it is nil. The lock is held.
func (t *table[K, V, Q]) set(key K, row *V) {
	if t.changed != nil {
		var before *V
		if known, ok := t.rows[key]; ok {
			before = &known
		}
		t.changed(key, before, row)
	}
	if row == nil {
		delete(t.rows, key)
	} else {
		t.rows[key] = *row
	}
}

// read sees to it that a question is answered. An answer that was forgotten while it was on its way does not count.
func (t *table[K, V, Q]) read(ctx context.Context, question Q) error {
	for {
		_, err := t.answers.Get(ctx, question)
		if err != nil || t.answers.Kept(question) {
			return err
		}
	}
}

// reread asks a question anew. Those who ask the same at the same time, with nothing written in between, share the answer.
func (t *table[K, V, Q]) reread(ctx context.Context, question Q) error {
	t.mu.Lock()
	asked := versioned[Q]{question, t.version}
	t.mu.Unlock()
	_, err := t.fresh.Get(ctx, asked)
	t.fresh.Forget(asked)
	return err
}

// get returns a row as far as it is known.
func (t *table[K, V, Q]) get(key K) (V, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	row, ok := t.rows[key]
	return row, ok
}

// put enters a row that the server has acknowledged.
func (t *table[K, V, Q]) put(row V) { t.write(t.key(row), &row) }

// remove strikes a row whose deletion the server has acknowledged.
func (t *table[K, V, Q]) remove(key K) { t.write(key, nil) }

func (t *table[K, V, Q]) write(key K, row *V) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.version++
	t.written[key] = t.version
	t.set(key, row)
}

// doubt strikes a row of which it is not known any more whether it is there. The caller forgets the answers that list it.
func (t *table[K, V, Q]) doubt(key K) { t.write(key, nil) }

// forget makes the next readers of all questions ask the server, and know nothing until then.
func (t *table[K, V, Q]) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.version++
	t.valid = t.version
	for key := range t.rows {
		t.set(key, nil)
	}
	t.answers.ForgetWhere(func(Q) bool { return true })
}

// search is how one row is looked for: alone, or in a whole listing that others want too.
type search[Q comparable] struct {
	// alone asks for little more than the row.
	alone Q
	// whole lists it among many others.
	whole Q
}

// effort is what was spent so far on the rows of one whole listing.
type effort struct {
	// maxAlone is how many rows may be asked for alone before the listing is read, and maxMissing how many that it lacks are asked
	// for alone before the listing is read a second time, after which it is believed.
	maxAlone, maxMissing int

	mu             sync.Mutex
	alone, missing int
	confirmed      bool
}

// spend takes one of so many, and reports whether there was one left.
func (e *effort) spend(count *int, most int) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if *count >= most {
		return false
	}
	*count++
	return true
}

// confirm sees to it that a listing which lacks something is read a second time, once.
func (e *effort) confirm(again func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.confirmed {
		e.confirmed = true
		again()
	}
}

// believed reports whether a listing was read a second time, or is about to be.
func (e *effort) believed() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.confirmed
}

// listedRow returns a row as the listing shows it, or an answer about it alone. Its absence is certain only where it was asked for alone.
func (t *table[K, V, Q]) listedRow(ctx context.Context, key K, s search[Q], e *effort) (row V, found, certain bool, err error) {
	if row, found = t.get(key); found {
		return row, true, true, nil
	}
	question := s.whole
	if t.answers.Known(s.alone) || !t.answers.Known(s.whole) && e.spend(&e.alone, e.maxAlone) {
		question, certain = s.alone, true
	}
	if err := t.read(ctx, question); err != nil {
		return row, false, certain, err
	}
	row, found = t.get(key)
	return row, found, certain, nil
}

// find returns a row. Its absence is certain as far as anything is that was read in this run: what a listing lacks is asked for
// alone, because rows move between pages and reads may lag behind writes (contract 10.3).
func (t *table[K, V, Q]) find(ctx context.Context, key K, s search[Q], e *effort) (row V, found bool, err error) {
	believed := e.believed()
	row, found, certain, err := t.listedRow(ctx, key, s, e)
	if found || certain || err != nil {
		return row, found, err
	}
	if !t.hinted(s.whole) {
		if believed {
			return row, false, nil
		}
		if !e.spend(&e.missing, e.maxMissing) {
			e.confirm(func() { t.answers.Forget(s.whole) })
			if row, found, err = t.askFor(ctx, key, s.whole); found || err != nil || !t.hinted(s.whole) {
				return row, found, err
			}
		}
	}
	return t.askFor(ctx, key, s.alone)
}

// askFor reads a question and returns a row as it is known then.
func (t *table[K, V, Q]) askFor(ctx context.Context, key K, question Q) (row V, found bool, err error) {
	if err := t.read(ctx, question); err != nil {
		return row, false, err
	}
	row, found = t.get(key)
	return row, found, nil
}

// hinted reports whether the last answer to a question was a hint.
func (t *table[K, V, Q]) hinted(question Q) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.hints[question]
}

// snapshot returns the rows with the keys given. The lock is held while the keys are drawn.
func (t *table[K, V, Q]) snapshot(keys iter.Seq[K]) []V {
	t.mu.Lock()
	defer t.mu.Unlock()
	var found []V
	for key := range keys {
		if row, ok := t.rows[key]; ok {
			found = append(found, row)
		}
	}
	return found
}

// groups are keys by something that many of them share.
type groups[G, K comparable] map[G]map[K]struct{}

func (g groups[G, K]) add(group G, key K) {
	if g[group] == nil {
		g[group] = map[K]struct{}{}
	}
	g[group][key] = struct{}{}
}

func (g groups[G, K]) remove(group G, key K) {
	delete(g[group], key)
	if len(g[group]) == 0 {
		delete(g, group)
	}
}
