package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// maxPlaceholders is how many ids one query asks for; every database allows more.
const maxPlaceholders = 500

func (t *Tx) exec(ctx context.Context, statement string, args ...any) error {
	result, err := t.tx.ExecContext(ctx, statement, args...)
	if err != nil {
		return err
	}
	return t.note(statement, result)
}

// execEach runs statements about the same thing, one after the other.
func (t *Tx) execEach(ctx context.Context, id access.GUID, statements ...string) error {
	for _, statement := range statements {
		if err := t.exec(ctx, statement, id); err != nil {
			return err
		}
	}
	return nil
}

// collect runs a query and scans each of its rows.
func collect[T any](ctx context.Context, tx *sql.Tx, scan func(*sql.Rows, *T) error, query string, args ...any) ([]T, error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []T
	for rows.Next() {
		var one T
		if err := scan(rows, &one); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// column returns the values of a query's one column.
func column[T any](ctx context.Context, t *Tx, query string, args ...any) ([]T, error) {
	return collect(ctx, t.tx, func(r *sql.Rows, value *T) error { return r.Scan(value) }, query, args...)
}

// pairs returns the values of a query's second column by those of its first.
func pairs[V any](ctx context.Context, t *Tx, query string, args ...any) (map[access.GUID][]V, error) {
	found := map[access.GUID][]V{}
	_, err := collect(ctx, t.tx, func(r *sql.Rows, value *V) error {
		var key access.GUID
		if err := r.Scan(&key, value); err != nil {
			return err
		}
		found[key] = append(found[key], *value)
		return nil
	}, query, args...)
	return found, err
}

// first returns the first of what was found, and whether there is one.
func first[T any](all []T, err error) (T, bool, error) {
	if err != nil || len(all) == 0 {
		var none T
		return none, false, err
	}
	return all[0], true, nil
}

// condition is a WHERE clause that grows.
type condition struct {
	parts []string
	args  []any
}

func (c *condition) and(part string) { c.parts = append(c.parts, part) }

func (c *condition) String() string {
	if len(c.parts) == 0 {
		return ""
	}
	return "WHERE " + strings.Join(c.parts, " AND ")
}

// in says that a column has one of some values, which become arguments of the condition.
func in[T ~string](c *condition, column string, values ...T) string {
	placeholders := make([]string, len(values))
	for i, v := range values {
		c.args = append(c.args, v)
		placeholders[i] = fmt.Sprintf("$%d", len(c.args))
	}
	return column + " IN (" + strings.Join(placeholders, ", ") + ")"
}

// inParts collects what a query finds where a column has one of some ids. It asks for a part of the ids at a time.
func inParts[T any](
	column string, ids []access.GUID, start func() *condition, query func(where string, args ...any) ([]T, error),
) ([]T, error) {
	var found []T
	for part := range slices.Chunk(ids, maxPlaceholders) {
		c := start()
		c.and(in(c, column, part...))
		some, err := query(c.String(), c.args...)
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	return found, nil
}

// putPairs adds a row of two columns for each of some values.
func putPairs[V any](ctx context.Context, t *Tx, table string, key access.GUID, values []V) error {
	for _, value := range values {
		if err := t.exec(ctx, "INSERT INTO "+table+" VALUES ($1, $2)", key, value); err != nil {
			return err
		}
	}
	return nil
}

// anywhere is the condition that every row meets.
func anywhere() *condition { return &condition{} }
