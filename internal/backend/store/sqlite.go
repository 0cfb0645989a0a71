package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Everything that SQLite does differently from another database is in this file.

const (
	// busyTimeout is how long a process waits for another one that writes to the same file.
	busyTimeout = 30 * time.Second
	// busyRetry is the pause between two attempts where SQLite itself does not wait.
	busyRetry = 20 * time.Millisecond
	// fileConnections bounds what one process opens on a file. Writers take turns anyway.
	fileConnections = 8
	fileMode        = 0o600
)

// connect opens a data file, or a database in memory if file is empty. It creates a missing file, for its owner alone.
func connect(ctx context.Context, file string) (*sql.DB, error) {
	if file == "" {
		db, err := sql.Open("sqlite", dsn(&url.URL{Scheme: "file", Opaque: ":memory:"}))
		if err != nil {
			return nil, err
		}
		// A database in memory lives as long as its one connection.
		db.SetMaxOpenConns(1)
		return db, nil
	}
	path, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	if err := create(path); err != nil {
		return nil, err
	}
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	db, err := sql.Open("sqlite", dsn(&url.URL{Scheme: "file", OmitHost: true, Path: path}))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(fileConnections)
	db.SetMaxIdleConns(fileConnections)
	if err := useWriteAheadLog(ctx, db); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// creating is held while a data file is created. Locks on files belong to the process, not to the one who opened the file: closing a
// file gives up all locks that SQLite holds on it for others in this process.
var creating sync.Mutex

// create creates a data file for its owner alone. A file that exists is not opened, for the same reason.
func create(path string) error {
	creating.Lock()
	defer creating.Unlock()
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, fileMode)
	if err == nil {
		// The umask of the process may have taken rights from the owner.
		return errors.Join(file.Chmod(fileMode), file.Close())
	}
	if info, failed := os.Stat(path); failed == nil && info.IsDir() {
		return errors.New("it is a directory")
	}
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

// makePrivate takes a data file from everybody but its owner, together with the files that SQLite keeps beside it. Those that come later get
// the mode of the data file. Nothing is opened, for the reason given at [creating].
func makePrivate(file string) error {
	if file == "" {
		return nil
	}
	// SQLite keeps its files beside the file that a link leads to.
	path, err := filepath.EvalSymlinks(file)
	if err != nil {
		return err
	}
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		info, err := os.Stat(path + suffix)
		if err == nil && info.Mode().Perm() != fileMode {
			err = os.Chmod(path+suffix, fileMode)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("it holds keys and must be its owner's alone: %w", err)
		}
	}
	return nil
}

// dsn adds what every connection needs. Only transactions that are not read-only begin IMMEDIATE: the driver leaves the
// others deferred, so that readers do not wait for a writer.
func dsn(file *url.URL) string {
	file.RawQuery = url.Values{
		"_txlock":       {"immediate"},
		"_busy_timeout": {fmt.Sprint(busyTimeout.Milliseconds())},
		"_synchronous":  {"FULL"},
		"_foreign_keys": {"on"},
	}.Encode()
	return file.String()
}

// useWriteAheadLog switches a file to write-ahead logging for good. SQLite answers "busy" at once when several processes
// switch the same new file, so this asks again.
func useWriteAheadLog(ctx context.Context, db *sql.DB) error {
	deadline := time.NewTimer(busyTimeout)
	defer deadline.Stop()
	for {
		var mode string
		err := db.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode)
		if err == nil && !strings.EqualFold(mode, "wal") {
			err = fmt.Errorf("journal mode %s instead of WAL: the file must be on a local disk", mode)
		}
		if !isBusy(err) {
			return err
		}
		select {
		case <-time.After(busyRetry):
		case <-deadline.C:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func hasCode(err error, codes ...int) bool {
	failed, ok := errors.AsType[*sqlite.Error](err)
	return ok && slices.Contains(codes, failed.Code()&0xff)
}

func isBusy(err error) bool { return hasCode(err, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) }

func isNotADatabase(err error) bool { return hasCode(err, sqlite3.SQLITE_NOTADB) }

// tableNames returns the names of the tables in the database.
func tableNames(ctx context.Context, t *Tx) ([]string, error) {
	return column[string](ctx, t, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
}
