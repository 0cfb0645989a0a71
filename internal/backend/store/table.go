package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// table is a table or a view whose rows are values of one type.
type table[T any] struct {
	name    string
	columns string
	// fields returns where the values of the columns are read to and written from, in the order of the columns.
	fields func(*T) []any
}

// find returns the rows for which a clause holds that begins with WHERE or ORDER BY.
func (x table[T]) find(ctx context.Context, t *Tx, clause string, args ...any) ([]T, error) {
	return collect(ctx, t.tx, func(r *sql.Rows, one *T) error { return r.Scan(x.fields(one)...) },
		"SELECT "+x.columns+" FROM "+x.name+" "+clause, args...)
}

// withIDs finds rows by their ids. What does not exist is not among them.
func (x table[T]) withIDs(ctx context.Context, t *Tx, ids []access.GUID) ([]T, error) {
	return inParts("id", ids, anywhere, func(where string, args ...any) ([]T, error) { return x.find(ctx, t, where, args...) })
}

// insert adds rows.
func (x table[T]) insert(ctx context.Context, t *Tx, rows ...T) error {
	for _, row := range rows {
		if err := x.put(ctx, t, row, ""); err != nil {
			return err
		}
	}
	return nil
}

// put adds a row. The clause may say what to do where there is one already.
func (x table[T]) put(ctx context.Context, t *Tx, row T, onConflict string) error {
	fields := x.fields(&row)
	placeholders := make([]string, len(fields))
	for i := range fields {
		placeholders[i] = fmt.Sprintf("$%d", i+1)
	}
	return t.exec(ctx, "INSERT INTO "+x.name+" ("+x.columns+") VALUES ("+strings.Join(placeholders, ", ")+") "+onConflict, fields...)
}

// storedTime has a fixed width, so that it sorts as text.
const storedTime = "2006-01-02T15:04:05.0000000Z"

// timeColumn keeps a time as text. The zero time is empty.
type timeColumn struct{ at *time.Time }

// Value implements driver.Valuer.
func (c timeColumn) Value() (driver.Value, error) {
	if c.at.IsZero() {
		return "", nil
	}
	return c.at.UTC().Format(storedTime), nil
}

// Scan implements sql.Scanner.
func (c timeColumn) Scan(value any) (err error) {
	*c.at = time.Time{}
	if text := fmt.Sprint(value); text != "" {
		*c.at, err = time.Parse(storedTime, text)
	}
	return err
}

// stampFields are the fields of the columns created_by, created_on, updated_by and updated_on.
func stampFields(s *model.Stamp) []any {
	return []any{&s.CreatedBy, timeColumn{&s.CreatedOn}, &s.UpdatedBy, timeColumn{&s.UpdatedOn}}
}

// scopeColumn keeps a scope as its path.
type scopeColumn struct{ scope *access.Scope }

// Value implements driver.Valuer.
func (c scopeColumn) Value() (driver.Value, error) { return c.scope.String(), nil }

// Scan implements sql.Scanner.
func (c scopeColumn) Scan(value any) (err error) {
	*c.scope, err = access.ParseScope(fmt.Sprint(value))
	return err
}

// keyColumn keeps a name in lower case beside the name itself.
type keyColumn struct{ name *string }

// Value implements driver.Valuer.
func (c keyColumn) Value() (driver.Value, error) { return strings.ToLower(*c.name), nil }

// Scan implements sql.Scanner. The name comes from its own column.
func (keyColumn) Scan(any) error { return nil }
