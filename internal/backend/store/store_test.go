package store

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
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

func TestWhatIsNoDataFileIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	exec := func(file, statement string) {
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
	foreign, newer, text := filepath.Join(dir, "foreign.db"), filepath.Join(dir, "newer.db"), filepath.Join(dir, "text.db")
	exec(foreign, "CREATE TABLE recipes (name TEXT)")
	if s, err := Open(t.Context(), newer, begin); err != nil {
		t.Fatal(err)
	} else if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	exec(newer, "INSERT INTO schema_migrations (version, name) VALUES (99, 'from the future')")
	if err := os.WriteFile(text, []byte(strings.Repeat("no database ", 200)), 0o600); err != nil {
		t.Fatal(err)
	}
	for file, part := range map[string]string{
		foreign: "not one of the reference backend", newer: "version 99, which is newer", text: "not a database",
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

func TestDataFilesAreTheirOwnersAlone(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state.db")
	s := mustOpen(t, file)
	if err := s.Write(t.Context(), func(tx *Tx) error { return tx.PutSetting(t.Context(), "a", "1") }); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{file, file + "-wal", file + "-shm"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != fileMode {
			t.Errorf("%s has the mode %v", filepath.Base(name), info.Mode())
		}
	}
}

func TestAFileOfTheFirstVersionIsBroughtUpToDate(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state.db")
	schema, err := migrations.ReadFile("migrations/0001_organization.sql")
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		string(schema), "CREATE TABLE schema_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL)",
		"INSERT INTO schema_migrations (version, name) VALUES (1, '0001_organization.sql')",
		"INSERT INTO organization (id, name, default_caller) VALUES ('1', 'acme', '')",
	} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	err = mustOpen(t, file).Read(t.Context(), func(tx *Tx) error {
		state, err := tx.State(t.Context())
		if o := state.Organization; o.Name != "acme" || o.ExternalDirectory || o.AutoProvisioning || len(state.Robots) != 0 {
			t.Errorf("state %+v", state)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
