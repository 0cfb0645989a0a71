package uipath

import (
	"context"
	"maps"
	"sync"
)

// sharedList is one list of the server's that all reads of a run share. The run's own acknowledged writes update it in place; a
// write that failed or whose outcome is unknown makes the next read ask again.
type sharedList[K comparable, V any] struct {
	read func(ctx context.Context) ([]V, error)
	key  func(V) K

	mu sync.Mutex
	// rows are the list by key, nil until it was read.
	rows map[K]V
	// listing is the one under way, nil where there is none.
	listing *listing[K, V]
	// changes counts writes, so that an answer which may be older than a write is not kept.
	changes int
}

// listing is one reading of the list. Its results may be older than a write that happened meanwhile.
type listing[K comparable, V any] struct {
	done chan struct{}
	// written are the rows written meanwhile, nil for a deleted one. They are newer than what the server lists.
	written map[K]*V
	rows    map[K]V
	err     error
}

// view calls look with the list, which it must not keep. It reads the list if need be; several callers share one reading. An
// error is that of all who waited, and the next one asks again.
func (l *sharedList[K, V]) view(ctx context.Context, look func(rows map[K]V)) error {
	l.mu.Lock()
	if l.rows != nil {
		look(l.rows)
		l.mu.Unlock()
		return nil
	}
	ongoing := l.listing
	if ongoing == nil {
		ongoing = &listing[K, V]{done: make(chan struct{}), written: map[K]*V{}}
		l.listing = ongoing
		go l.run(context.WithoutCancel(ctx), ongoing)
	}
	l.mu.Unlock()

	select {
	case <-ongoing.done:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if ongoing.err != nil {
		return ongoing.err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	look(ongoing.rows)
	return nil
}

// run reads the list on a context of its own, so that the caller who began it may leave.
func (l *sharedList[K, V]) run(ctx context.Context, ongoing *listing[K, V]) {
	ctx, cancel := context.WithTimeout(ctx, maxSharedRead)
	defer cancel()
	rows, err := l.read(ctx)

	l.mu.Lock()
	defer l.mu.Unlock()
	defer close(ongoing.done)
	ongoing.err = err
	ongoing.rows = make(map[K]V, len(rows))
	for _, row := range rows {
		ongoing.rows[l.key(row)] = row
	}
	for key, row := range ongoing.written {
		if row == nil {
			delete(ongoing.rows, key)
		} else {
			ongoing.rows[key] = *row
		}
	}
	// An invalidation meanwhile has put this listing aside: those who waited began before it, others read anew.
	if l.listing != ongoing {
		return
	}
	l.listing = nil
	if err == nil {
		l.rows = ongoing.rows
	}
}

// get returns the row with a key. It reads the list if need be.
func (l *sharedList[K, V]) get(ctx context.Context, key K) (row V, found bool, err error) {
	err = l.view(ctx, func(rows map[K]V) { row, found = rows[key] })
	return row, found, err
}

// peek returns a row as far as it is known without asking.
func (l *sharedList[K, V]) peek(key K) V {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.rows[key]
}

// put enters a row that the server has acknowledged.
func (l *sharedList[K, V]) put(row V) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.changes++
	if l.rows != nil {
		l.rows[l.key(row)] = row
	}
	if l.listing != nil {
		l.listing.written[l.key(row)] = &row
	}
}

// remove strikes a row whose deletion the server has acknowledged.
func (l *sharedList[K, V]) remove(key K) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.changes++
	delete(l.rows, key)
	if l.listing != nil {
		l.listing.written[key] = nil
	}
}

// invalidate makes the next reader ask the server.
func (l *sharedList[K, V]) invalidate() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.changes++
	l.rows, l.listing = nil, nil
}

// version is to be noted before a single row is asked for, and given to learn with the answer.
func (l *sharedList[K, V]) version() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.changes
}

// learn enters a row that was read singly, unless something was written since it was asked for.
func (l *sharedList[K, V]) learn(version int, row V) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.rows != nil && l.changes == version {
		l.rows[l.key(row)] = row
	}
}

// all returns a copy of the list.
func (l *sharedList[K, V]) all(ctx context.Context) (map[K]V, error) {
	var copied map[K]V
	err := l.view(ctx, func(rows map[K]V) { copied = maps.Clone(rows) })
	return copied, err
}
