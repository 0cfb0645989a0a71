package uipath

import (
	"context"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/semaphore"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// scopeLocks are held by whoever lists all of a scope or changes what is assigned there.
type scopeLocks struct {
	// interrupted says why a context has ended meanwhile.
	interrupted func(context.Context) error

	mu    sync.Mutex
	locks map[access.Scope]*semaphore.Weighted
}

// lock waits until all of the scopes are free and takes them. The caller unlocks them.
func (l *scopeLocks) lock(ctx context.Context, scopes ...access.Scope) (unlock func(), err error) {
	var taken []*semaphore.Weighted
	unlock = func() {
		for _, lock := range taken {
			lock.Release(1)
		}
	}
	// Everybody takes them in the same order, so that no two wait for each other.
	slices.SortFunc(scopes, func(a, b access.Scope) int { return strings.Compare(a.String(), b.String()) })
	for _, scope := range slices.Compact(scopes) {
		lock := l.at(scope)
		if lock.Acquire(ctx, 1) != nil {
			unlock()
			return nil, l.interrupted(ctx)
		}
		taken = append(taken, lock)
	}
	return unlock, nil
}

func (l *scopeLocks) at(scope access.Scope) *semaphore.Weighted {
	l.mu.Lock()
	defer l.mu.Unlock()
	lock, ok := l.locks[scope]
	if !ok {
		if l.locks == nil {
			l.locks = map[access.Scope]*semaphore.Weighted{}
		}
		lock = semaphore.NewWeighted(1)
		l.locks[scope] = lock
	}
	return lock
}
