// Package store keeps an organization in a SQL database: schema, transactions and queries.
//
// What belongs here is SQL. The rules decide whether a change is allowed before it comes here. The SQL is portable, with numbered
// placeholders; sqlite.go holds what is not.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Store is an open database. It may be used by many goroutines, and a file by many processes.
type Store struct {
	db *sql.DB
	// writing is held by the one goroutine that writes, because SQLite waits for other writers by polling.
	writing chan struct{}
	past    past
}

// Tx is a transaction. Its methods must not be used by several goroutines.
type Tx struct {
	tx      *sql.Tx
	changes []Change
}

// Open opens the database in a file, or in memory where file is empty, and creates the tables of a new one. In the same
// transaction it calls begin, so that processes that open one new file at once find it either empty or complete. Before that it makes the
// file private to its owner.
func Open(ctx context.Context, file string, begin func(*Tx) error) (*Store, error) {
	db, err := connect(ctx, file)
	if err != nil {
		return nil, describe(file, err)
	}
	s := &Store{db: db, writing: make(chan struct{}, 1)}
	err = s.Write(ctx, func(tx *Tx) error {
		if err := prepare(ctx, tx); err != nil {
			return describe(file, err)
		}
		if err := makePrivate(file); err != nil {
			return describe(file, err)
		}
		return begin(tx)
	})
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

// Close closes the database.
func (s *Store) Close() error { return errors.Join(s.KeepPast(0), s.db.Close()) }

// Read runs f in a transaction that sees one state of the database throughout and delays nobody. It is an old one in a context of [Behind].
func (s *Store) Read(ctx context.Context, f func(*Tx) error) error {
	if lag := lagOf(ctx); lag > 0 {
		return s.readBehind(ctx, lag, f)
	}
	return run(ctx, s.db, true, f)
}

// Write runs f in the only transaction that writes. If Write returns nil, the change is on disk. If it returns an error, which is f's own
// if f failed, nothing has changed.
func (s *Store) Write(ctx context.Context, f func(*Tx) error) error {
	select {
	case s.writing <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-s.writing }()
	if err := s.remember(ctx); err != nil {
		return err
	}
	return run(ctx, s.db, false, f)
}

func run(ctx context.Context, db *sql.DB, readOnly bool, f func(*Tx) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	// A transaction that has begun is finished: it takes milliseconds, and giving it up would cost a connection.
	tx, err := db.BeginTx(context.WithoutCancel(ctx), &sql.TxOptions{ReadOnly: readOnly})
	if err != nil {
		return fmt.Errorf("beginning a transaction: %w", err)
	}
	done := false
	defer func() {
		if !done {
			err = errors.Join(err, tx.Rollback())
		}
	}()
	if err := f(&Tx{tx: tx}); err != nil {
		return err
	}
	done = true
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	return nil
}

func describe(file string, err error) error {
	if isNotADatabase(err) {
		return fmt.Errorf("data file %q is not a database: name another file", file)
	}
	return fmt.Errorf("data file %q: %w", file, err)
}
