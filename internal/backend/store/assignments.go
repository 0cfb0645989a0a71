package store

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

var assignments = table[model.Assignment]{
	"role_assignments", "id, role_id, principal_id, principal_type, scope, type, created_by, created_on, updated_by, updated_on",
	func(a *model.Assignment) []any {
		return append([]any{&a.ID, &a.RoleID, &a.PrincipalID, &a.PrincipalType, scopeColumn{&a.Scope}, &a.Type}, stampFields(&a.Stamp)...)
	},
}

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
	// Search keeps what principals hold whose name, display name or email contains it in any case, and the roles in SearchRoles. Empty
	// keeps all.
	Search      string
	SearchRoles []access.GUID
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
		owned := ownedBySQL(c, f.Owner)
		if len(f.OwnerRoles) > 0 {
			owned += " OR " + in(c, "role_id", f.OwnerRoles...)
		}
		c.and("(" + owned + ")")
	}
	if f.Search != "" {
		c.and(f.searched(c))
	}
	return c
}

// searched says that the principal or the role of an assignment is one that is searched for.
func (f AssignmentFilter) searched(c *condition) string {
	literal := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(f.Search))
	c.args = append(c.args, "%"+literal+"%")
	like := fmt.Sprintf(` LIKE $%d ESCAPE '\'`, len(c.args))
	found := "principal_id IN (SELECT id FROM principals WHERE LOWER(name)" + like + " OR LOWER(display_name)" + like + " OR LOWER(email)" + like + ")"
	if len(f.SearchRoles) == 0 {
		return found
	}
	return "(" + found + " OR " + in(c, "role_id", f.SearchRoles...) + ")"
}

// Holders returns the ids of the principals that hold what a filter keeps, sorted, top of them after skip; and how many there
// are altogether.
func (t *Tx) Holders(ctx context.Context, f AssignmentFilter, top, skip int) (ids []access.GUID, total int, err error) {
	c := f.condition()
	err = t.tx.QueryRowContext(ctx, "SELECT COUNT(DISTINCT principal_id) FROM role_assignments "+c.String(), c.args...).Scan(&total)
	if err != nil {
		return nil, 0, err
	}
	page := fmt.Sprintf(" ORDER BY principal_id LIMIT %d OFFSET %d", top, skip)
	ids, err = column[access.GUID](ctx, t, "SELECT DISTINCT principal_id FROM role_assignments "+c.String()+page, c.args...)
	return ids, total, err
}

// CountAssignments returns how many assignments a filter keeps.
func (t *Tx) CountAssignments(ctx context.Context, f AssignmentFilter) (n int, err error) {
	c := f.condition()
	err = t.tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM role_assignments "+c.String(), c.args...).Scan(&n)
	return n, err
}

// AssignmentRows returns the assignments that a filter keeps by principal, scope and role, top of them after skip.
func (t *Tx) AssignmentRows(ctx context.Context, f AssignmentFilter, top, skip int) ([]model.Assignment, error) {
	c := f.condition()
	page := fmt.Sprintf(" ORDER BY principal_id, scope, role_id LIMIT %d OFFSET %d", top, skip)
	return assignments.find(ctx, t, c.String()+page, c.args...)
}

// AssignmentsHeld returns what a filter keeps of what the given principals hold, by principal, scope and role.
func (t *Tx) AssignmentsHeld(ctx context.Context, f AssignmentFilter, principalIDs []access.GUID) ([]model.Assignment, error) {
	return inParts("principal_id", principalIDs, f.condition, func(where string, args ...any) ([]model.Assignment, error) {
		return assignments.find(ctx, t, where+" ORDER BY principal_id, scope, role_id", args...)
	})
}

// Assignments finds assignments by their ids. What does not exist is not among them.
func (t *Tx) Assignments(ctx context.Context, ids []access.GUID) ([]model.Assignment, error) {
	return assignments.withIDs(ctx, t, ids)
}

// assignmentsAtOnce is how many assignments are held while all of them are read.
const assignmentsAtOnce = 1000

// EveryAssignment yields all assignments by scope, principal and role. It holds a part of them at a time, so that there may be
// any number. After an error it yields no more.
func (t *Tx) EveryAssignment(ctx context.Context) iter.Seq2[model.Assignment, error] {
	part := fmt.Sprintf("WHERE (scope, principal_id, role_id) > ($1, $2, $3) ORDER BY scope, principal_id, role_id LIMIT %d", assignmentsAtOnce)
	return func(yield func(model.Assignment, error) bool) {
		// An empty assignment sorts before all others.
		var last model.Assignment
		for {
			some, err := assignments.find(ctx, t, part, last.Scope.String(), last.PrincipalID, last.RoleID)
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

// AddAssignment adds an assignment whose id and whose triple of principal, role and scope are new.
func (t *Tx) AddAssignment(ctx context.Context, a model.Assignment) error {
	return assignments.insert(ctx, t, a)
}

// RemoveAssignment removes the assignment with the given id.
func (t *Tx) RemoveAssignment(ctx context.Context, id access.GUID) error {
	return t.exec(ctx, "DELETE FROM role_assignments WHERE id = $1", id)
}

// SomebodyHolds reports whether somebody who can sign in holds a role at exactly a scope, themselves or through groups: a user who is
// active, added and no longer invited, or an external application.
func (t *Tx) SomebodyHolds(ctx context.Context, roleID access.GUID, at access.Scope) (bool, error) {
	_, found, err := first(column[string](ctx, t, `WITH RECURSIVE holders (id) AS (
    SELECT principal_id FROM role_assignments WHERE role_id = $1 AND scope = $2
    UNION
    SELECT m.member_id FROM group_members m JOIN holders ON m.group_id = holders.id
) SELECT id FROM holders
WHERE id IN (SELECT id FROM users WHERE active = 1 AND invitation_accepted = 1 AND added = 1) OR id IN (SELECT id FROM applications)
LIMIT 1`, roleID, at.String()))
	return found, err
}
