package store

import (
	"context"
	"slices"

	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// contents are the tables that hold the organization, dependents first.
var contents = []string{
	"role_assignments", "orchestrator_folder_users", "orchestrator_users", "orchestrator_role_permissions", "orchestrator_roles",
	"role_permissions", "roles", "projects", "folders", "access_tokens", "identity_settings",
	"application_secrets", "application_scopes", "application_user_scopes", "applications",
	"group_members", "principal_groups", "robots", "users", "tenant_services", "tenants", "organization",
}

// State returns what the database holds about the organization, without the assignments: there may be any number of them, and
// [Tx.EveryAssignment] yields them.
func (t *Tx) State(ctx context.Context) (model.State, error) {
	var s model.State
	err := inOrder(
		load(ctx, &s.Organization, t.Organization),
		load(ctx, &s.Tenants, t.Tenants),
		load(ctx, &s.Users, t.AllUsers),
		load(ctx, &s.Groups, t.AllGroups),
		load(ctx, &s.Robots, t.Robots),
		load(ctx, &s.Applications, t.Applications),
		load(ctx, &s.Folders, t.Folders),
		load(ctx, &s.Projects, t.Projects),
		load(ctx, &s.Tokens, t.orderedTokens),
		load(ctx, &s.Settings, t.AllSettings),
		load(ctx, &s.Roles, t.rolesWithPermissions),
		load(ctx, &s.OrchestratorRoles, t.EveryOrchestratorRole),
		load(ctx, &s.OrchestratorUsers, t.everyOrchestratorUser),
	)
	return s, err
}

func (t *Tx) orderedTokens(ctx context.Context) ([]model.Token, error) {
	return tokens.find(ctx, t, "ORDER BY user_id, expires_on, sha256")
}

func (t *Tx) rolesWithPermissions(ctx context.Context) ([]model.Role, error) {
	found, err := roles.find(ctx, t, "ORDER BY name_key")
	if err != nil {
		return nil, err
	}
	permissions, err := pairs[string](ctx, t, "SELECT role_id, permission FROM role_permissions ORDER BY permission")
	for i := range found {
		found[i].Permissions = permissions[found[i].ID]
	}
	return found, err
}

// KeepAsSeed keeps the organization as it is now. [Tx.ReturnToSeed] returns to it.
func (t *Tx) KeepAsSeed(ctx context.Context) error {
	for _, table := range contents {
		if err := t.exec(ctx, "CREATE TABLE seed_"+table+" AS SELECT * FROM "+table); err != nil {
			return err
		}
	}
	return nil
}

// ReturnToSeed puts the organization that was kept as the seed in the place of what the database holds. Settings stay.
func (t *Tx) ReturnToSeed(ctx context.Context) error {
	if err := t.clear(ctx); err != nil {
		return err
	}
	for _, table := range slices.Backward(contents) {
		if err := t.exec(ctx, "INSERT INTO "+table+" SELECT * FROM seed_"+table); err != nil {
			return err
		}
	}
	return nil
}

func (t *Tx) clear(ctx context.Context) error {
	for _, table := range contents {
		if err := t.exec(ctx, "DELETE FROM "+table); err != nil {
			return err
		}
	}
	return nil
}

// Replace puts the given organization in the place of what the database holds. Settings stay.
func (t *Tx) Replace(ctx context.Context, s model.State) error {
	if err := t.clear(ctx); err != nil {
		return err
	}
	return inOrder(
		func() error { return organizations.insert(ctx, t, s.Organization) },
		save(ctx, s.Tenants, t.addTenant),
		func() error { return users.insert(ctx, t, s.Users...) },
		save(ctx, s.Groups, t.PutGroup),
		func() error { return robots.insert(ctx, t, s.Robots...) },
		save(ctx, s.Applications, t.addApplication),
		func() error { return folders.insert(ctx, t, s.Folders...) },
		func() error { return projects.insert(ctx, t, s.Projects...) },
		func() error { return tokens.insert(ctx, t, s.Tokens...) },
		func() error { return identitySettings.insert(ctx, t, s.Settings...) },
		save(ctx, s.Roles, t.PutRole),
		save(ctx, s.OrchestratorRoles, t.PutOrchestratorRole),
		save(ctx, s.OrchestratorUsers, t.AddOrchestratorUser),
		func() error { return assignments.insert(ctx, t, s.Assignments...) },
	)
}

// inOrder takes steps one after the other, until one fails.
func inOrder(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// load is the step that reads a part of the state.
func load[T any](ctx context.Context, to *T, read func(context.Context) (T, error)) func() error {
	return func() (err error) {
		*to, err = read(ctx)
		return err
	}
}

// save is the step that writes a part of the state.
func save[T any](ctx context.Context, all []T, write func(context.Context, T) error) func() error {
	return func() error {
		for _, one := range all {
			if err := write(ctx, one); err != nil {
				return err
			}
		}
		return nil
	}
}
