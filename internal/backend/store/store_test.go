package store

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

var errRefused = errors.New("refused")

func begin(*Tx) error { return nil }

func mustOpen(t *testing.T, file string) *Store {
	t.Helper()
	s, err := Open(t.Context(), file, begin)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func setting(t *testing.T, s *Store) string {
	t.Helper()
	var value string
	err := s.Read(t.Context(), func(tx *Tx) (err error) {
		value, err = tx.Setting(t.Context(), "a")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func TestAFailedWriteChangesNothing(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{"memory": "", "file": filepath.Join(t.TempDir(), "a?b#c d.db")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := mustOpen(t, file)
			err := s.Write(t.Context(), func(tx *Tx) error {
				return errors.Join(tx.PutSetting(t.Context(), "a", "1"), errRefused)
			})
			if !errors.Is(err, errRefused) {
				t.Errorf("got %v", err)
			}
			if got := setting(t, s); got != "" {
				t.Errorf("the setting is %q", got)
			}
		})
	}
}

func TestACanceledRequestDoesNotBegin(t *testing.T) {
	t.Parallel()
	s := mustOpen(t, "")
	ctx, cancel := context.WithCancel(t.Context())
	// A transaction that has begun comes to its end all the same.
	if err := s.Write(ctx, func(tx *Tx) error {
		cancel()
		return tx.PutSetting(context.WithoutCancel(ctx), "a", "1")
	}); err != nil {
		t.Error(err)
	}
	if err := s.Write(ctx, begin); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if got := setting(t, s); got != "1" {
		t.Errorf("the setting is %q", got)
	}
}

func TestReadersDoNotWaitForAWriter(t *testing.T) {
	t.Parallel()
	s := mustOpen(t, filepath.Join(t.TempDir(), "state.db"))
	err := s.Write(t.Context(), func(tx *Tx) error {
		if err := tx.PutSetting(t.Context(), "a", "1"); err != nil {
			return err
		}
		if got := setting(t, s); got != "" {
			t.Errorf("a reader sees what is not committed: %q", got)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if got := setting(t, s); got != "1" {
		t.Errorf("the setting is %q", got)
	}
}

func TestWritersInManyProcesses(t *testing.T) {
	t.Parallel()
	const writers, writes = 8, 20
	file := filepath.Join(t.TempDir(), "state.db")
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			// A store of its own stands for a process of its own: nothing but the file is shared.
			s, err := Open(t.Context(), file, begin)
			if err != nil {
				t.Error(err)
				return
			}
			for range writes {
				if err := s.Write(t.Context(), func(tx *Tx) error {
					before, err := tx.Setting(t.Context(), "a")
					return errors.Join(err, tx.PutSetting(t.Context(), "a", before+"."))
				}); err != nil {
					t.Error(err)
				}
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := len(setting(t, mustOpen(t, file))); got != writers*writes {
		t.Errorf("%d updates are there, want %d", got, writers*writes)
	}
}

func TestOpeningDisturbsNobody(t *testing.T) {
	t.Parallel()
	const writers, writes = 4, 25
	file := filepath.Join(t.TempDir(), "state.db")
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range writes {
				s, err := Open(t.Context(), file, func(tx *Tx) error {
					before, err := tx.Setting(t.Context(), "a")
					return errors.Join(err, tx.PutSetting(t.Context(), "a", before+"."))
				})
				if err != nil {
					t.Error(err)
					return
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got := len(setting(t, mustOpen(t, file))); got != writers*writes {
		t.Errorf("%d updates are there, want %d", got, writers*writes)
	}
}

func TestAFailedBeginLeavesANewFileEmpty(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state.db")
	if _, err := Open(t.Context(), file, func(*Tx) error { return errRefused }); !errors.Is(err, errRefused) {
		t.Fatalf("got %v", err)
	}
	mustOpen(t, file)
}

// execute changes a file behind the store's back.
func execute(t *testing.T, file, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsNoDataFileIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	foreign, text := filepath.Join(dir, "foreign.db"), filepath.Join(dir, "text.db")
	execute(t, foreign, "CREATE TABLE recipes (name TEXT)")
	if err := os.WriteFile(text, []byte(strings.Repeat("no database ", 200)), 0o600); err != nil {
		t.Fatal(err)
	}
	for file, part := range map[string]string{
		foreign: "not one of the reference backend", text: "not a database",
		dir: "is a directory", filepath.Join(dir, "missing", "state.db"): "no such file",
	} {
		if _, err := Open(t.Context(), file, begin); err == nil || !strings.Contains(err.Error(), part) || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: got %v, want an error with %q", file, err, part)
		}
	}
	if got, err := os.ReadFile(text); err != nil || !strings.HasPrefix(string(got), "no database ") {
		t.Errorf("the text was changed: %v", err)
	}
}

func TestAFileOfAnotherLayoutIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	older, newer, empty := filepath.Join(dir, "older.db"), filepath.Join(dir, "newer.db"), filepath.Join(dir, "empty.db")
	const table = "CREATE TABLE schema_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL);"
	execute(t, older, table+"INSERT INTO schema_migrations VALUES (1, 'a'), (4, 'd'); CREATE TABLE organization (id TEXT)")
	execute(t, newer, table+"INSERT INTO schema_migrations VALUES (99, 'from the future')")
	execute(t, empty, table)
	for file, part := range map[string]string{
		older: "an older version of this program wrote it: its layout is 4, and this version reads layout 8 only",
		newer: "a newer version of this program wrote it: its layout is 99",
		empty: "its layout is 0",
	} {
		before := tablesOf(t, file)
		_, err := Open(t.Context(), file, func(*Tx) error {
			t.Errorf("%s was opened", file)
			return nil
		})
		if err == nil {
			t.Errorf("%s: no error", file)
			continue
		}
		for _, part := range []string{file, part, "Delete the file", "/_reference/snapshot", "seed"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: got %v, want an error with %q", file, err, part)
			}
		}
		if after := tablesOf(t, file); !slices.Equal(before, after) {
			t.Errorf("%s: there were the tables %v, and there are %v", file, before, after)
		}
	}
}

// tablesOf returns the names of the tables in a file.
func tablesOf(t *testing.T, file string) []string {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	found, err := tableNames(t.Context(), &Tx{tx: tx})
	if err := errors.Join(err, tx.Rollback(), db.Close()); err != nil {
		t.Fatal(err)
	}
	return found
}
