package uipath

import (
	"context"
	"maps"
	"sync"
)

// roleList is the one list of roles that all reads of a run share. The run's own acknowledged writes update it in place; a
// write that failed or whose outcome is unknown makes the next read ask again.
type roleList struct {
	read func(ctx context.Context) ([]Role, error)

	mu sync.Mutex
	// roles are the list by id, nil until it was read.
	roles map[string]Role
	// listing is the one under way, nil where there is none.
	listing *listing
	// changes counts writes, so that an answer which may be older than a write is not kept.
	changes int
}

// listing is one reading of the list. Its results may be older than a write that happened meanwhile.
type listing struct {
	done chan struct{}
	// written are the roles written meanwhile, nil for a deleted one. They are newer than what the server lists.
	written map[string]*Role
	roles   map[string]Role
	err     error
}

// view calls look with the list, which it must not keep. It reads the list if need be; several callers share one reading. An
// error is that of all who waited, and the next one asks again.
func (l *roleList) view(ctx context.Context, look func(roles map[string]Role)) error {
	l.mu.Lock()
	if l.roles != nil {
		look(l.roles)
		l.mu.Unlock()
		return nil
	}
	ongoing := l.listing
	if ongoing == nil {
		ongoing = &listing{done: make(chan struct{}), written: map[string]*Role{}}
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
	look(ongoing.roles)
	return nil
}

// run reads the list on a context of its own, so that the caller who began it may leave.
func (l *roleList) run(ctx context.Context, ongoing *listing) {
	ctx, cancel := context.WithTimeout(ctx, maxSharedRead)
	defer cancel()
	roles, err := l.read(ctx)

	l.mu.Lock()
	defer l.mu.Unlock()
	defer close(ongoing.done)
	ongoing.err = err
	ongoing.roles = make(map[string]Role, len(roles))
	for _, r := range roles {
		ongoing.roles[r.ID] = r
	}
	for id, r := range ongoing.written {
		if r == nil {
			delete(ongoing.roles, id)
		} else {
			ongoing.roles[id] = *r
		}
	}
	// An invalidation meanwhile has put this listing aside: those who waited began before it, others read anew.
	if l.listing != ongoing {
		return
	}
	l.listing = nil
	if err == nil {
		l.roles = ongoing.roles
	}
}

// peek returns a role as far as it is known without asking.
func (l *roleList) peek(id string) Role {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.roles[id]
}

// put enters a role that the server has acknowledged.
func (l *roleList) put(r Role) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.changes++
	if l.roles != nil {
		l.roles[r.ID] = r
	}
	if l.listing != nil {
		l.listing.written[r.ID] = &r
	}
}

// remove strikes a role whose deletion the server has acknowledged.
func (l *roleList) remove(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.changes++
	delete(l.roles, id)
	if l.listing != nil {
		l.listing.written[id] = nil
	}
}

// invalidate makes the next reader ask the server.
func (l *roleList) invalidate() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.changes++
	l.roles, l.listing = nil, nil
}

// version is to be noted before a single role is asked for, and given to learn with the answer.
func (l *roleList) version() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.changes
}

// learn enters a role that was read singly, unless something was written since it was asked for.
func (l *roleList) learn(version int, r Role) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.roles != nil && l.changes == version {
		l.roles[r.ID] = r
	}
}

// all returns a copy of the list.
func (l *roleList) all(ctx context.Context) (map[string]Role, error) {
	var copied map[string]Role
	err := l.view(ctx, func(roles map[string]Role) { copied = maps.Clone(roles) })
	return copied, err
}
