package store

import (
	"context"
	"database/sql"
	"maps"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

const roleColumns = "id, name, description, shape, tenant_id, service, created_by, created_on, updated_by, updated_on"

// Roles returns the custom roles by id, without their permissions.
func (t *Tx) Roles(ctx context.Context) ([]model.Role, error) { return t.roles(ctx, " ORDER BY id") }

// Role finds a custom role by id, with its permissions.
func (t *Tx) Role(ctx context.Context, id access.GUID) (model.Role, bool, error) {
	return t.oneRole(ctx, " WHERE id = $1", id)
}

// RoleNamed finds a custom role by name, in any case, with its permissions.
func (t *Tx) RoleNamed(ctx context.Context, name string) (model.Role, bool, error) {
	return t.oneRole(ctx, " WHERE name_key = $1", strings.ToLower(name))
}

func (t *Tx) oneRole(ctx context.Context, which string, value any) (model.Role, bool, error) {
	r, ok, err := first(t.roles(ctx, which, value))
	if err != nil || !ok {
		return r, ok, err
	}
	permissions, err := t.Permissions(ctx, []access.GUID{r.ID})
	r.Permissions = permissions[r.ID]
	return r, true, err
}

func (t *Tx) roles(ctx context.Context, which string, args ...any) ([]model.Role, error) {
	return collect(ctx, t.tx, func(rows *sql.Rows, r *model.Role) error {
		r.Type = access.RoleCustom
		var created, updated string
		if err := rows.Scan(&r.ID, &r.Name, &r.Description, &r.Shape, &r.TenantID, &r.Service,
			&r.CreatedBy, &created, &r.UpdatedBy, &updated); err != nil {
			return err
		}
		return readStamp(&r.Stamp, created, updated)
	}, "SELECT "+roleColumns+" FROM roles"+which, args...)
}

// Permissions returns the permissions of custom roles, sorted, by role id.
func (t *Tx) Permissions(ctx context.Context, roleIDs []access.GUID) (map[access.GUID][]string, error) {
	found := map[access.GUID][]string{}
	_, err := withIDs("role_id", roleIDs, anywhere, func(where string, args ...any) ([]string, error) {
		some, err := pairs[string](ctx, t, "SELECT role_id, permission FROM role_permissions"+where+" ORDER BY permission", args...)
		maps.Copy(found, some)
		return nil, err
	})
	return found, err
}

// PutRole creates a custom role, or replaces the one with the same id.
func (t *Tx) PutRole(ctx context.Context, r model.Role) error {
	err := t.exec(ctx, `INSERT INTO roles
(id, name, name_key, description, shape, tenant_id, service, created_by, created_on, updated_by, updated_on)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key, description = excluded.description,
    updated_by = excluded.updated_by, updated_on = excluded.updated_on`,
		r.ID, r.Name, strings.ToLower(r.Name), r.Description, string(r.Shape), r.TenantID, r.Service,
		r.CreatedBy, writeTime(r.CreatedOn), r.UpdatedBy, writeTime(r.UpdatedOn))
	if err != nil {
		return err
	}
	if err := t.exec(ctx, "DELETE FROM role_permissions WHERE role_id = $1", r.ID); err != nil {
		return err
	}
	for _, permission := range r.Permissions {
		if err := t.exec(ctx, "INSERT INTO role_permissions (role_id, permission) VALUES ($1, $2)", r.ID, permission); err != nil {
			return err
		}
	}
	return nil
}

// DeleteRole deletes a custom role together with its assignments.
func (t *Tx) DeleteRole(ctx context.Context, id access.GUID) error {
	if err := t.exec(ctx, "DELETE FROM role_assignments WHERE role_id = $1", id); err != nil {
		return err
	}
	return t.exec(ctx, "DELETE FROM roles WHERE id = $1", id)
}

// RolesWithIDs finds custom roles by their ids, without their permissions. What does not exist is not among them.
func (t *Tx) RolesWithIDs(ctx context.Context, ids []access.GUID) ([]model.Role, error) {
	return withIDs("id", ids, anywhere, func(where string, args ...any) ([]model.Role, error) { return t.roles(ctx, where, args...) })
}
