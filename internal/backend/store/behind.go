package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// versionsKept is how many states of the past are kept at a time.
const versionsKept = 8

// past keeps states of the database as they were before changes, so that reads can show an old one. Changes that other processes make to
// the file are in every state.
type past struct {
	// reading is held, shared, while a version is read, so that nobody closes it. It is taken before mu.
	reading sync.RWMutex

	mu       sync.Mutex
	lag      time.Duration
	versions []*version
}

// version is the state before a change.
type version struct {
	// until is when the change came that the state lacks.
	until time.Time
	// image is a copy of the database file.
	image []byte
	// db is the image as an open database, once somebody has read it.
	db *sql.DB
}

// KeepPast keeps what is needed for reads that lag so long; 0 keeps nothing.
func (s *Store) KeepPast(lag time.Duration) error {
	s.past.reading.Lock()
	defer s.past.reading.Unlock()
	s.past.mu.Lock()
	defer s.past.mu.Unlock()
	s.past.lag = lag
	if lag > 0 {
		return nil
	}
	return s.past.drop(len(s.past.versions))
}

// drop forgets the oldest versions. Nobody may be reading.
func (p *past) drop(n int) error {
	var err error
	for _, v := range p.versions[:n] {
		if v.db != nil {
			err = errors.Join(err, v.db.Close())
		}
	}
	p.versions = slices.Delete(p.versions, 0, n)
	return err
}

// isDue reports whether the state before a change at a time is to be kept.
func (p *past) isDue(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	last := len(p.versions) - 1
	return p.lag > 0 && (last < 0 || now.Sub(p.versions[last].until) >= p.lag/versionsKept)
}

type lagKey struct{}

// Behind makes the reads of a context show what was there so long ago, as far as [Store.KeepPast] keeps it.
func Behind(ctx context.Context, lag time.Duration) context.Context {
	return context.WithValue(ctx, lagKey{}, lag)
}

// remember keeps the state before a change. It is called by the one goroutine that writes.
func (s *Store) remember(ctx context.Context) error {
	now := time.Now()
	if !s.past.isDue(now) {
		return nil
	}
	image, err := serialize(ctx, s.db)
	if err != nil {
		return fmt.Errorf("keeping the state before a change: %w", err)
	}
	s.past.reading.Lock()
	defer s.past.reading.Unlock()
	s.past.mu.Lock()
	defer s.past.mu.Unlock()
	s.past.versions = append(s.past.versions, &version{until: now, image: image})
	return s.past.drop(max(0, len(s.past.versions)-versionsKept-1))
}

func lagOf(ctx context.Context) time.Duration {
	lag, ok := ctx.Value(lagKey{}).(time.Duration)
	if !ok {
		return 0
	}
	return lag
}

// readBehind reads the state that was there so long ago.
func (s *Store) readBehind(ctx context.Context, lag time.Duration, f func(*Tx) error) error {
	s.past.reading.RLock()
	defer s.past.reading.RUnlock()
	db, err := s.asOf(ctx, time.Now().Add(-lag))
	if err != nil {
		return err
	}
	return run(ctx, db, true, f)
}

// asOf returns the state at a time of the past, or the database itself where nothing has changed since.
func (s *Store) asOf(ctx context.Context, then time.Time) (*sql.DB, error) {
	s.past.mu.Lock()
	defer s.past.mu.Unlock()
	for _, v := range s.past.versions {
		if v.until.After(then) {
			return v.open(ctx)
		}
	}
	return s.db, nil
}

func (v *version) open(ctx context.Context) (*sql.DB, error) {
	if v.db != nil {
		return v.db, nil
	}
	db, err := deserialize(ctx, v.image)
	if err != nil {
		return nil, fmt.Errorf("opening the state before a change: %w", err)
	}
	v.db, v.image = db, nil
	return db, nil
}

// imager is what a connection of SQLite can do beyond database/sql.
type imager interface {
	Serialize() ([]byte, error)
	Deserialize(image []byte) error
}

// serialize returns a copy of the database file.
func serialize(ctx context.Context, db *sql.DB) (image []byte, err error) {
	err = onConnection(ctx, db, func(c imager) error {
		image, err = c.Serialize()
		return err
	})
	return image, err
}

// The header of a database file tells at these offsets that it has a write-ahead log, which no database in memory has.
const (
	writeVersionOffset, readVersionOffset = 18, 19
	withoutLog                            = 1
)

// deserialize opens a copy of a database file in memory.
func deserialize(ctx context.Context, image []byte) (*sql.DB, error) {
	db, err := connect(ctx, "")
	if err != nil {
		return nil, err
	}
	image[writeVersionOffset], image[readVersionOffset] = withoutLog, withoutLog
	if err := onConnection(ctx, db, func(c imager) error { return c.Deserialize(image) }); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func onConnection(ctx context.Context, db *sql.DB, use func(imager) error) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	return conn.Raw(func(driverConn any) error {
		c, ok := driverConn.(imager)
		if !ok {
			return driver.ErrSkip
		}
		return use(c)
	})
}
