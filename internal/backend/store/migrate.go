package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
)

//go:embed migrations/*.sql
var migrations embed.FS

// ErrForeign is returned for a database that holds something else.
var ErrForeign = errors.New("it is a database, but not one of the reference backend: name another file")

// migrate brings the schema up to date. The files are applied in the order of their names; the n-th is version n.
func migrate(ctx context.Context, tx *sql.Tx) error {
	found, err := tables(ctx, tx)
	if err != nil {
		return err
	}
	if len(found) > 0 && !found["schema_migrations"] {
		return ErrForeign
	}
	if _, err := tx.ExecContext(ctx,
		"CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL)"); err != nil {
		return err
	}
	var version int
	if err := tx.QueryRowContext(ctx, "SELECT COALESCE(MAX(version), 0) FROM schema_migrations").Scan(&version); err != nil {
		return err
	}
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	if version > len(files) {
		return fmt.Errorf("its schema has version %d, which is newer than version %d of this program: use a newer program or another file",
			version, len(files))
	}
	for i, file := range files[version:] {
		text, err := migrations.ReadFile(file)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, string(text)); err != nil {
			return fmt.Errorf("migration %s: %w", path.Base(file), err)
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO schema_migrations (version, name) VALUES ($1, $2)",
			version+i+1, path.Base(file)); err != nil {
			return err
		}
	}
	return nil
}
