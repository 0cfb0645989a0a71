package store

import (
	"context"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// contents are the tables that hold the organization, dependents first.
var contents = []string{
	"role_assignments", "role_permissions", "roles", "projects", "folders", "access_tokens", "application_scopes", "applications",
	"group_members", "principal_groups", "robots", "users", "tenant_services", "tenants", "organization",
}

// State returns everything that the database holds about the organization.
func (t *Tx) State(ctx context.Context) (model.State, error) {
	var s model.State
	var err error
	if s.Organization, err = t.Organization(ctx); err != nil {
		return s, err
	}
	if s.Tenants, err = t.Tenants(ctx); err != nil {
		return s, err
	}
	if s.Users, err = t.AllUsers(ctx); err != nil {
		return s, err
	}
	if s.Groups, err = t.AllGroups(ctx); err != nil {
		return s, err
	}
	if s.Robots, err = t.Robots(ctx); err != nil {
		return s, err
	}
	if s.Applications, err = t.Applications(ctx); err != nil {
		return s, err
	}
	if s.Tokens, err = t.tokens(ctx, "ORDER BY user_id, expires_on, sha256"); err != nil {
		return s, err
	}
	if s.Folders, err = t.Folders(ctx); err != nil {
		return s, err
	}
	if s.Projects, err = t.Projects(ctx); err != nil {
		return s, err
	}
	if s.Roles, err = t.roles(ctx, " ORDER BY name_key"); err != nil {
		return s, err
	}
	permissions, err := pairs[string](ctx, t, "SELECT role_id, permission FROM role_permissions ORDER BY permission")
	if err != nil {
		return s, err
	}
	for i := range s.Roles {
		s.Roles[i].Permissions = permissions[s.Roles[i].ID]
	}
	s.Assignments, err = t.assignments(ctx, " ORDER BY scope, role_id, principal_id")
	return s, err
}

// Replace puts the given organization in the place of what the database holds. Settings stay.
func (t *Tx) Replace(ctx context.Context, s model.State) error {
	for _, table := range contents {
		if err := t.exec(ctx, "DELETE FROM "+table); err != nil {
			return err
		}
	}
	o := s.Organization
	if err := t.exec(ctx, `INSERT INTO organization (id, name, default_caller, external_directory, auto_provisioning)
VALUES ($1, $2, $3, $4, $5)`, o.ID, o.Name, o.DefaultCaller, o.ExternalDirectory, o.AutoProvisioning); err != nil {
		return err
	}
	for _, tenant := range s.Tenants {
		if err := t.addTenant(ctx, tenant); err != nil {
			return err
		}
	}
	if err := t.addPrincipals(ctx, s); err != nil {
		return err
	}
	for _, folder := range s.Folders {
		if err := t.addFolder(ctx, folder); err != nil {
			return err
		}
	}
	for _, project := range s.Projects {
		if err := t.addProject(ctx, project); err != nil {
			return err
		}
	}
	for _, token := range s.Tokens {
		if err := t.exec(ctx, "INSERT INTO access_tokens (sha256, user_id, expires_on) VALUES ($1, $2, $3)",
			token.SHA256, token.UserID, writeTime(token.Expires)); err != nil {
			return err
		}
	}
	for _, role := range s.Roles {
		if err := t.PutRole(ctx, role); err != nil {
			return err
		}
	}
	for _, assignment := range s.Assignments {
		if err := t.AddAssignment(ctx, assignment); err != nil {
			return err
		}
	}
	return nil
}

func (t *Tx) addTenant(ctx context.Context, tenant model.Tenant) error {
	if err := t.exec(ctx, "INSERT INTO tenants (id, name, name_key) VALUES ($1, $2, $3)",
		tenant.ID, tenant.Name, strings.ToLower(tenant.Name)); err != nil {
		return err
	}
	for _, service := range tenant.Services {
		if err := t.exec(ctx, "INSERT INTO tenant_services (tenant_id, service) VALUES ($1, $2)", tenant.ID, service); err != nil {
			return err
		}
	}
	return nil
}

func (t *Tx) addPrincipals(ctx context.Context, s model.State) error {
	for _, u := range s.Users {
		if err := t.exec(ctx, `INSERT INTO users
(id, user_name, user_name_key, email, name, surname, display_name, active, invitation_accepted, source, added)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
			u.ID, u.UserName, strings.ToLower(u.UserName), u.Email, u.Name, u.Surname, u.DisplayName,
			u.Active, u.InvitationAccepted, string(u.Source), u.Added); err != nil {
			return err
		}
	}
	for _, g := range s.Groups {
		if err := t.PutGroup(ctx, g); err != nil {
			return err
		}
	}
	for _, r := range s.Robots {
		if err := t.addRobot(ctx, r); err != nil {
			return err
		}
	}
	for _, a := range s.Applications {
		if err := t.exec(ctx, "INSERT INTO applications (id, name, name_key, secret_sha256) VALUES ($1, $2, $3, $4)",
			a.ID, a.Name, strings.ToLower(a.Name), a.SecretSHA256); err != nil {
			return err
		}
		for _, scope := range a.Scopes {
			if err := t.exec(ctx, "INSERT INTO application_scopes (application_id, scope) VALUES ($1, $2)", a.ID, scope); err != nil {
				return err
			}
		}
	}
	return nil
}
