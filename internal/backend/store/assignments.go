package store

import (
	"context"
	"database/sql"
	"fmt"
	"iter"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// AssignmentFilter narrows what is listed. Its zero value keeps every assignment.
type AssignmentFilter struct {
	// Scopes are the scopes to list, each by itself.
	Scopes []access.Scope
	// PrincipalID is the one principal to list.
	PrincipalID access.GUID
	// RoleIDs are the roles to list.
	RoleIDs []access.GUID
	// Owner keeps custom roles of this service, by its API name, and the roles in OwnerRoles: those that the service brings
	// along are not in the database.
	Owner      string
	OwnerRoles []access.GUID
}

func (f AssignmentFilter) condition() *condition {
	c := &condition{}
	if len(f.Scopes) > 0 {
		paths := make([]string, len(f.Scopes))
		for i, s := range f.Scopes {
			paths[i] = s.String()
		}
		c.and(in(c, "scope", paths...))
	}
	if f.PrincipalID != "" {
		c.and(in(c, "principal_id", f.PrincipalID))
	}
	if len(f.RoleIDs) > 0 {
		c.and(in(c, "role_id", f.RoleIDs...))
	}
	if f.Owner != "" {
		owned := "role_id IN (SELECT id FROM roles WHERE " + in(c, "service", f.Owner) + ")"
		if len(f.OwnerRoles) > 0 {
			owned = "(" + owned + " OR " + in(c, "role_id", f.OwnerRoles...) + ")"
		}
		c.and(owned)
	}
	return c
}

// Holders returns the ids of the principals that hold what a filter keeps, sorted, top of them after skip; and how many there
// are altogether.
func (t *Tx) Holders(ctx context.Context, f AssignmentFilter, top, skip int) (ids []access.GUID, total int, err error) {
	c := f.condition()
	err = t.tx.QueryRowContext(ctx, "SELECT COUNT(DISTINCT principal_id) FROM role_assignments"+c.String(), c.args...).Scan(&total)
	if err != nil {
		return nil, 0, err
	}
	page := fmt.Sprintf(" ORDER BY principal_id LIMIT %d OFFSET %d", top, skip)
	ids, err = column[access.GUID](ctx, t, "SELECT DISTINCT principal_id FROM role_assignments"+c.String()+page, c.args...)
	return ids, total, err
}

// AssignmentsHeld returns what a filter keeps of what the given principals hold, by principal, scope and role.
func (t *Tx) AssignmentsHeld(ctx context.Context, f AssignmentFilter, principalIDs []access.GUID) ([]model.Assignment, error) {
	return withIDs("principal_id", principalIDs, f.condition, func(where string, args ...any) ([]model.Assignment, error) {
		return t.assignments(ctx, where+" ORDER BY principal_id, scope, role_id", args...)
	})
}

// Assignments finds assignments by their ids. What does not exist is not among them.
func (t *Tx) Assignments(ctx context.Context, ids []access.GUID) ([]model.Assignment, error) {
	return withIDs("id", ids, anywhere, func(where string, args ...any) ([]model.Assignment, error) { return t.assignments(ctx, where, args...) })
}

// assignmentsAtOnce is how many assignments are held while all of them are read.
const assignmentsAtOnce = 1000

// EveryAssignment yields all assignments by scope, principal and role. It holds a part of them at a time, so that there may be
// any number. After an error it yields no more.
func (t *Tx) EveryAssignment(ctx context.Context) iter.Seq2[model.Assignment, error] {
	part := fmt.Sprintf(" WHERE (scope, principal_id, role_id) > ($1, $2, $3) ORDER BY scope, principal_id, role_id LIMIT %d", assignmentsAtOnce)
	return func(yield func(model.Assignment, error) bool) {
		// Nothing is empty in an assignment, so all of them stand behind this one.
		var last model.Assignment
		for {
			some, err := t.assignments(ctx, part, last.Scope.String(), last.PrincipalID, last.RoleID)
			if err != nil {
				yield(model.Assignment{}, err)
				return
			}
			for _, last = range some {
				if !yield(last, nil) {
					return
				}
			}
			if len(some) < assignmentsAtOnce {
				return
			}
		}
	}
}

func (t *Tx) assignments(ctx context.Context, which string, args ...any) ([]model.Assignment, error) {
	return collect(ctx, t.tx, func(rows *sql.Rows, a *model.Assignment) (err error) {
		var scope, created, updated string
		if err := rows.Scan(&a.ID, &a.RoleID, &a.PrincipalID, &a.PrincipalType, &scope, &a.Type,
			&a.CreatedBy, &created, &a.UpdatedBy, &updated); err != nil {
			return err
		}
		if a.Scope, err = access.ParseScope(scope); err != nil {
			return err
		}
		return readStamp(&a.Stamp, created, updated)
	}, `SELECT id, role_id, principal_id, principal_type, scope, type, created_by, created_on, updated_by, updated_on
FROM role_assignments`+which, args...)
}

// AddAssignment adds an assignment whose id and whose triple of principal, role and scope are new.
func (t *Tx) AddAssignment(ctx context.Context, a model.Assignment) error {
	return t.exec(ctx, `INSERT INTO role_assignments
(id, role_id, principal_id, principal_type, scope, type, created_by, created_on, updated_by, updated_on)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		a.ID, a.RoleID, a.PrincipalID, string(a.PrincipalType), a.Scope.String(), string(a.Type),
		a.CreatedBy, writeTime(a.CreatedOn), a.UpdatedBy, writeTime(a.UpdatedOn))
}

// RemoveAssignment removes the assignment with the given id.
func (t *Tx) RemoveAssignment(ctx context.Context, id access.GUID) error {
	return t.exec(ctx, "DELETE FROM role_assignments WHERE id = $1", id)
}
