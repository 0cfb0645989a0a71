package store

import (
	"context"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// orchestratorRoles are the roles of Orchestrator of all tenants. They are read without their permissions.
var orchestratorRoles = table[model.OrchestratorRole]{
	"orchestrator_roles", "id, role_key, tenant_id, name, name_key, display_name, type, static, editable",
	func(r *model.OrchestratorRole) []any {
		return []any{&r.ID, &r.Key, &r.TenantID, &r.Name, keyColumn{&r.Name}, &r.DisplayName, &r.Type, &r.Static, &r.Editable}
	},
}

// orchestratorUsers are read without the folders that they were added to.
var orchestratorUsers = table[model.OrchestratorUser]{
	"orchestrator_users", "id, tenant_id, principal_id, created_on",
	func(u *model.OrchestratorUser) []any {
		return []any{&u.ID, &u.TenantID, &u.PrincipalID, timeColumn{&u.CreatedOn}}
	},
}

// OrchestratorRoles returns the roles of Orchestrator of a tenant by id, with their permissions.
func (t *Tx) OrchestratorRoles(ctx context.Context, tenantID access.GUID) ([]model.OrchestratorRole, error) {
	return t.orchestratorRoles(ctx, "WHERE tenant_id = $1 ORDER BY id", tenantID)
}

// OrchestratorRolesWithKeys finds roles of Orchestrator by their keys, without their permissions. What does not exist is not among them.
func (t *Tx) OrchestratorRolesWithKeys(ctx context.Context, keys []access.GUID) ([]model.OrchestratorRole, error) {
	return inParts("role_key", keys, anywhere, func(where string, args ...any) ([]model.OrchestratorRole, error) {
		return orchestratorRoles.find(ctx, t, where, args...)
	})
}

// EveryOrchestratorRole returns the roles of Orchestrator of all tenants by id, with their permissions.
func (t *Tx) EveryOrchestratorRole(ctx context.Context) ([]model.OrchestratorRole, error) {
	return t.orchestratorRoles(ctx, "ORDER BY id")
}

func (t *Tx) orchestratorRoles(ctx context.Context, clause string, args ...any) ([]model.OrchestratorRole, error) {
	found, err := orchestratorRoles.find(ctx, t, clause, args...)
	if err != nil {
		return nil, err
	}
	permissions, err := pairs[string](ctx, t, "SELECT role_key, permission FROM orchestrator_role_permissions ORDER BY permission")
	for i := range found {
		found[i].Permissions = permissions[found[i].Key]
	}
	return found, err
}

// NextOrchestratorRole returns the id of the next role of Orchestrator: one more than the greatest, and more than a given number.
func (t *Tx) NextOrchestratorRole(ctx context.Context, after int64) (int64, error) {
	next, err := t.nextNumber(ctx, orchestratorRoles.name)
	return max(next, after+1), err
}

// PutOrchestratorRole creates a role of Orchestrator, or replaces the one with the same id, whose tenant, key and type stay.
func (t *Tx) PutOrchestratorRole(ctx context.Context, r model.OrchestratorRole) error {
	err := orchestratorRoles.put(ctx, t, r,
		"ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key, display_name = excluded.display_name")
	if err != nil {
		return err
	}
	if err := t.exec(ctx, "DELETE FROM orchestrator_role_permissions WHERE role_key = $1", r.Key); err != nil {
		return err
	}
	return putPairs(ctx, t, "orchestrator_role_permissions (role_key, permission)", r.Key, r.Permissions)
}

// DeleteOrchestratorRole deletes a role of Orchestrator together with its assignments.
func (t *Tx) DeleteOrchestratorRole(ctx context.Context, key access.GUID) error {
	return t.execEach(ctx, key, "DELETE FROM role_assignments WHERE role_id = $1", "DELETE FROM orchestrator_roles WHERE role_key = $1")
}

// OrchestratorUsers returns the users of Orchestrator of a tenant by id.
func (t *Tx) OrchestratorUsers(ctx context.Context, tenantID access.GUID) ([]model.OrchestratorUser, error) {
	found, err := orchestratorUsers.find(ctx, t, "WHERE tenant_id = $1 ORDER BY id", tenantID)
	if err != nil {
		return nil, err
	}
	folders, err := pairs[access.GUID](ctx, t,
		"SELECT principal_id, folder_id FROM orchestrator_folder_users WHERE tenant_id = $1 ORDER BY folder_id", tenantID)
	for i := range found {
		found[i].FolderIDs = folders[found[i].PrincipalID]
	}
	return found, err
}

// everyOrchestratorUser returns the users of Orchestrator of all tenants by id.
func (t *Tx) everyOrchestratorUser(ctx context.Context) ([]model.OrchestratorUser, error) {
	all, err := t.Tenants(ctx)
	if err != nil {
		return nil, err
	}
	var users []model.OrchestratorUser
	for _, tenant := range all {
		some, err := t.OrchestratorUsers(ctx, tenant.ID)
		if err != nil {
			return nil, err
		}
		users = append(users, some...)
	}
	return users, nil
}

// NextOrchestratorUser returns the id of the next user of Orchestrator: one more than the greatest, and more than a given number.
func (t *Tx) NextOrchestratorUser(ctx context.Context, after int64) (int64, error) {
	next, err := t.nextNumber(ctx, orchestratorUsers.name)
	return max(next, after+1), err
}

// AddOrchestratorUser adds a user to Orchestrator of a tenant, with the folders.
func (t *Tx) AddOrchestratorUser(ctx context.Context, u model.OrchestratorUser) error {
	if err := orchestratorUsers.insert(ctx, t, u); err != nil {
		return err
	}
	for _, folder := range u.FolderIDs {
		if err := t.AddToFolder(ctx, u, folder); err != nil {
			return err
		}
	}
	return nil
}

// AddToFolder adds a user of Orchestrator to a folder. Those that the user was added to already stay as they are.
func (t *Tx) AddToFolder(ctx context.Context, u model.OrchestratorUser, folderID access.GUID) error {
	return t.exec(ctx, "INSERT INTO orchestrator_folder_users (tenant_id, principal_id, folder_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
		u.TenantID, u.PrincipalID, folderID)
}

// RemoveFromFolder takes a user of Orchestrator out of a folder. What was assigned there stays.
func (t *Tx) RemoveFromFolder(ctx context.Context, u model.OrchestratorUser, folderID access.GUID) error {
	return t.exec(ctx, "DELETE FROM orchestrator_folder_users WHERE tenant_id = $1 AND principal_id = $2 AND folder_id = $3",
		u.TenantID, u.PrincipalID, folderID)
}

// DeleteOrchestratorUser deletes a user of Orchestrator of a tenant with all that was assigned to them in it.
func (t *Tx) DeleteOrchestratorUser(ctx context.Context, u model.OrchestratorUser) error {
	err := t.exec(ctx, `DELETE FROM role_assignments WHERE principal_id = $1
AND role_id IN (SELECT role_key FROM orchestrator_roles WHERE tenant_id = $2)`, u.PrincipalID, u.TenantID)
	if err != nil {
		return err
	}
	for _, table := range []string{"orchestrator_folder_users", orchestratorUsers.name} {
		if err := t.exec(ctx, "DELETE FROM "+table+" WHERE principal_id = $1 AND tenant_id = $2", u.PrincipalID, u.TenantID); err != nil {
			return err
		}
	}
	return nil
}

// leaveOrchestrator are the statements that delete the users of Orchestrator that an account is in all tenants.
func leaveOrchestrator() []string {
	return []string{
		"DELETE FROM role_assignments WHERE principal_id = $1 AND role_id IN (SELECT role_key FROM orchestrator_roles)",
		"DELETE FROM orchestrator_folder_users WHERE principal_id = $1", "DELETE FROM orchestrator_users WHERE principal_id = $1",
	}
}

// OrchestratorAssignments returns what is assigned in Orchestrator of a tenant, by principal, scope and role.
func (t *Tx) OrchestratorAssignments(ctx context.Context, tenantID access.GUID) ([]model.Assignment, error) {
	return assignments.find(ctx, t, `WHERE role_id IN (SELECT role_key FROM orchestrator_roles WHERE tenant_id = $1)
ORDER BY principal_id, scope, role_id`, tenantID)
}

// ownedBySQL says that a role belongs to a service, by its API name.
func ownedBySQL(c *condition, owner string) string {
	owned := "role_id IN (SELECT id FROM roles WHERE " + in(c, "service", owner) + ")"
	if strings.EqualFold(owner, model.OrchestratorService) {
		owned += " OR role_id IN (SELECT role_key FROM orchestrator_roles)"
	}
	return owned
}
