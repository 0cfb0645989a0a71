package uipath

import (
	"context"
	"sync"
)

// askedAlone is how many parts of a list are asked for alone before the whole is read: cheaper where only those are needed, and
// wasted where the whole is.
const askedAlone = 2

// partedList is a shared list of which a part can be asked for alone, such as what one principal holds at a scope. The first
// parts that are asked for are asked for alone; after that the whole is read and shared. What the whole lacks is asked for alone
// before it counts as absent, because rows move between pages and reads may lag behind writes (contract 10.3).
type partedList[K comparable, V any] struct {
	whole    *sharedList[K, V]
	readPart func(ctx context.Context, part string) ([]V, error)
	partOf   func(K) string
	// maxMissing is how many parts with something missing are asked for alone before the whole is read a second time, after
	// which it is believed. Zero believes the first.
	maxMissing int

	mu       sync.Mutex
	parts    map[string]*sharedList[K, V]
	useWhole bool
	missing  int
	// confirmed says that the whole was read a second time, or is about to be.
	confirmed bool
}

// find returns a row. Its absence is certain as far as anything is that was read in this run.
func (l *partedList[K, V]) find(ctx context.Context, key K) (row V, found bool, err error) {
	list, certain := l.source(l.partOf(key))
	row, found, err = list.get(ctx, key)
	if found || err != nil || certain {
		return row, found, err
	}
	return l.again(l.partOf(key)).get(ctx, key)
}

// glance returns a row as the list shows it. Its absence is not confirmed.
func (l *partedList[K, V]) glance(ctx context.Context, key K) (row V, found bool, err error) {
	list, _ := l.source(l.partOf(key))
	return list.get(ctx, key)
}

// all returns a copy of the whole list.
func (l *partedList[K, V]) all(ctx context.Context) (map[K]V, error) {
	l.mu.Lock()
	l.useWhole = true
	l.mu.Unlock()
	return l.whole.all(ctx)
}

// source returns the list to look into for a part, and whether what it lacks is certainly absent.
func (l *partedList[K, V]) source(part string) (list *sharedList[K, V], certain bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if known, ok := l.parts[part]; ok {
		return known, true
	}
	if !l.useWhole && len(l.parts) < askedAlone {
		return l.alone(part), true
	}
	l.useWhole = true
	return l.whole, l.confirmed
}

// again returns the list to look into for a part in which the whole lacks something.
func (l *partedList[K, V]) again(part string) *sharedList[K, V] {
	l.mu.Lock()
	defer l.mu.Unlock()
	if known, ok := l.parts[part]; ok {
		return known
	}
	if !l.confirmed && l.missing < l.maxMissing {
		l.missing++
		return l.alone(part)
	}
	if !l.confirmed {
		l.confirmed = true
		l.whole.invalidate()
	}
	return l.whole
}

// alone begins a list of one part. The lock is held.
func (l *partedList[K, V]) alone(part string) *sharedList[K, V] {
	if l.parts == nil {
		l.parts = map[string]*sharedList[K, V]{}
	}
	list := &sharedList[K, V]{
		read: func(ctx context.Context) ([]V, error) { return l.readPart(ctx, part) },
		key:  l.whole.key,
	}
	l.parts[part] = list
	return list
}

// each calls do with the lists that may hold rows of a part.
func (l *partedList[K, V]) each(part string, do func(*sharedList[K, V])) {
	l.mu.Lock()
	defer l.mu.Unlock()
	do(l.whole)
	if known, ok := l.parts[part]; ok {
		do(known)
	}
}

// put enters a row that the server has acknowledged.
func (l *partedList[K, V]) put(row V) {
	l.each(l.partOf(l.whole.key(row)), func(list *sharedList[K, V]) { list.put(row) })
}

// remove strikes a row whose deletion the server has acknowledged.
func (l *partedList[K, V]) remove(key K) {
	l.each(l.partOf(key), func(list *sharedList[K, V]) { list.remove(key) })
}

// invalidate makes the next reader ask the server.
func (l *partedList[K, V]) invalidate() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.whole.invalidate()
	for _, list := range l.parts {
		list.invalidate()
	}
}

// learn enters a row that was asked for alone, unless something was written to the list since version.
func (l *partedList[K, V]) learn(version int, row V) {
	l.each(l.partOf(l.whole.key(row)), func(list *sharedList[K, V]) {
		if l.whole.version() == version {
			list.learn(list.version(), row)
		}
	})
}
