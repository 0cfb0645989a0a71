package store

import (
	"context"
	"maps"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// roles are the custom roles. They are read without their permissions.
var roles = table[model.Role]{
	"roles", "id, name, name_key, description, shape, tenant_id, service, created_by, created_on, updated_by, updated_on",
	func(r *model.Role) []any {
		r.Type = access.RoleCustom
		return append([]any{&r.ID, &r.Name, keyColumn{&r.Name}, &r.Description, &r.Shape, &r.TenantID, &r.Service}, stampFields(&r.Stamp)...)
	},
}

// Roles returns the custom roles by id, without their permissions.
func (t *Tx) Roles(ctx context.Context) ([]model.Role, error) {
	return roles.find(ctx, t, "ORDER BY id")
}

// Role finds a custom role by id, with its permissions.
func (t *Tx) Role(ctx context.Context, id access.GUID) (model.Role, bool, error) {
	return t.oneRole(ctx, "WHERE id = $1", id)
}

// RoleNamed finds a custom role by name, in any case, with its permissions.
func (t *Tx) RoleNamed(ctx context.Context, name string) (model.Role, bool, error) {
	return t.oneRole(ctx, "WHERE name_key = $1", strings.ToLower(name))
}

func (t *Tx) oneRole(ctx context.Context, clause string, value any) (model.Role, bool, error) {
	r, ok, err := first(roles.find(ctx, t, clause, value))
	if err != nil || !ok {
		return r, ok, err
	}
	permissions, err := t.Permissions(ctx, []access.GUID{r.ID})
	r.Permissions = permissions[r.ID]
	return r, true, err
}

// Permissions returns the permissions of custom roles, sorted, by role id.
func (t *Tx) Permissions(ctx context.Context, roleIDs []access.GUID) (map[access.GUID][]string, error) {
	found := map[access.GUID][]string{}
	_, err := inParts("role_id", roleIDs, anywhere, func(where string, args ...any) ([]string, error) {
		some, err := pairs[string](ctx, t, "SELECT role_id, permission FROM role_permissions "+where+" ORDER BY permission", args...)
		maps.Copy(found, some)
		return nil, err
	})
	return found, err
}

// PutRole creates a custom role, or replaces the one with the same id.
func (t *Tx) PutRole(ctx context.Context, r model.Role) error {
	err := roles.put(ctx, t, r, `ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key,
    description = excluded.description, updated_by = excluded.updated_by, updated_on = excluded.updated_on`)
	if err != nil {
		return err
	}
	if err := t.exec(ctx, "DELETE FROM role_permissions WHERE role_id = $1", r.ID); err != nil {
		return err
	}
	return putPairs(ctx, t, "role_permissions (role_id, permission)", r.ID, r.Permissions)
}

// DeleteRole deletes a custom role together with its assignments.
func (t *Tx) DeleteRole(ctx context.Context, id access.GUID) error {
	return t.execEach(ctx, id, "DELETE FROM role_assignments WHERE role_id = $1", "DELETE FROM roles WHERE id = $1")
}

// RolesWithIDs finds custom roles by their ids, without their permissions. What does not exist is not among them.
func (t *Tx) RolesWithIDs(ctx context.Context, ids []access.GUID) ([]model.Role, error) {
	return roles.withIDs(ctx, t, ids)
}
