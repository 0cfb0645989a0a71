package store

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"slices"
)

//go:embed schema.sql
var schema string

// schemaVersion is the version of schema.sql. It goes up with every change of a table, which makes older data files unreadable.
const schemaVersion = 8

// errForeign is the error for a database that holds something else.
var errForeign = errors.New("it is a database, but not one of the reference backend: name another file")

// prepare creates the tables of an empty database. It refuses one whose layout is not that of this program.
func prepare(ctx context.Context, t *Tx) error {
	found, err := tableNames(ctx, t)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return createTables(ctx, t)
	}
	if !slices.Contains(found, "schema_migrations") {
		return errForeign
	}
	version, _, err := first(column[int](ctx, t, "SELECT COALESCE(MAX(version), 0) FROM schema_migrations"))
	if err != nil || version == schemaVersion {
		return err
	}
	age := "an older"
	if version > schemaVersion {
		age = "a newer"
	}
	return fmt.Errorf("%s version of this program wrote it: its layout is %d, and this version reads layout %d only. "+
		"Delete the file or name another one to begin anew. To keep what it holds, run the version that wrote it, "+
		"save the answer of GET /_reference/snapshot, and give that as the seed of a new file", age, version, schemaVersion)
}

func createTables(ctx context.Context, t *Tx) error {
	if err := t.exec(ctx, schema); err != nil {
		return fmt.Errorf("creating the tables: %w", err)
	}
	return t.exec(ctx, "INSERT INTO schema_migrations (version) VALUES ($1)", schemaVersion)
}
