package store

import (
	"context"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

var applications = table[model.Application]{
	"applications", "id, name, name_key, confidential, redirect_uri",
	func(a *model.Application) []any {
		return []any{&a.ID, &a.Name, keyColumn{&a.Name}, &a.Confidential, &a.RedirectURI}
	},
}

var secrets = table[model.Secret]{
	"application_secrets", "id, application_id, description, sha256, created_on, expires_on",
	func(s *model.Secret) []any {
		return []any{&s.ID, &s.ApplicationID, &s.Description, &s.SHA256, timeColumn{&s.CreatedOn}, timeColumn{&s.Expires}}
	},
}

var tokens = table[model.Token]{
	"access_tokens", "sha256, user_id, expires_on",
	func(t *model.Token) []any { return []any{&t.SHA256, &t.UserID, timeColumn{&t.Expires}} },
}

// Application finds an external application by its client id.
func (t *Tx) Application(ctx context.Context, id access.GUID) (model.Application, bool, error) {
	return first(t.applications(ctx, "WHERE id = $1", id))
}

// Applications returns the external applications by name.
func (t *Tx) Applications(ctx context.Context) ([]model.Application, error) {
	return t.applications(ctx, "ORDER BY name_key, id")
}

func (t *Tx) applications(ctx context.Context, clause string, args ...any) ([]model.Application, error) {
	found, err := applications.find(ctx, t, clause, args...)
	if err != nil {
		return nil, err
	}
	all, err := secrets.find(ctx, t, "ORDER BY id")
	if err != nil {
		return nil, err
	}
	scopes, err := pairs[string](ctx, t, "SELECT application_id, scope FROM application_scopes ORDER BY scope")
	if err != nil {
		return nil, err
	}
	userScopes, err := pairs[string](ctx, t, "SELECT application_id, scope FROM application_user_scopes ORDER BY scope")
	for i := range found {
		a := &found[i]
		a.Scopes, a.UserScopes = scopes[a.ID], userScopes[a.ID]
		for _, s := range all {
			if s.ApplicationID == a.ID {
				a.Secrets = append(a.Secrets, s)
			}
		}
	}
	return found, err
}

// PutApplication creates an external application, or replaces the one with the same id. Whether it is confidential stays, and so do
// its secrets.
func (t *Tx) PutApplication(ctx context.Context, a model.Application) error {
	err := applications.put(ctx, t, a,
		"ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key, redirect_uri = excluded.redirect_uri")
	if err != nil {
		return err
	}
	if err := t.execEach(ctx, a.ID,
		"DELETE FROM application_scopes WHERE application_id = $1", "DELETE FROM application_user_scopes WHERE application_id = $1"); err != nil {
		return err
	}
	if err := putPairs(ctx, t, "application_scopes (application_id, scope)", a.ID, a.Scopes); err != nil {
		return err
	}
	return putPairs(ctx, t, "application_user_scopes (application_id, scope)", a.ID, a.UserScopes)
}

// DeleteApplication deletes an external application with its secrets and takes it out of the groups that it is in. What was assigned
// to it stays. Where it was the default caller, there is none afterwards.
func (t *Tx) DeleteApplication(ctx context.Context, id access.GUID) error {
	return t.deleteAccount(ctx, id, "DELETE FROM applications WHERE id = $1")
}

// AddSecret gives an external application a secret, and returns it with its id: one more than the greatest of all secrets.
func (t *Tx) AddSecret(ctx context.Context, s model.Secret) (model.Secret, error) {
	var err error
	if s.ID, err = t.nextNumber(ctx, "application_secrets"); err != nil {
		return s, err
	}
	return s, secrets.insert(ctx, t, s)
}

// Secret finds a secret by its id.
func (t *Tx) Secret(ctx context.Context, id int64) (model.Secret, bool, error) {
	return first(secrets.find(ctx, t, "WHERE id = $1", id))
}

// DeleteSecret deletes a secret.
func (t *Tx) DeleteSecret(ctx context.Context, id int64) error {
	return t.exec(ctx, "DELETE FROM application_secrets WHERE id = $1", id)
}

// addApplication adds an external application with its secrets, which have ids.
func (t *Tx) addApplication(ctx context.Context, a model.Application) error {
	if err := t.PutApplication(ctx, a); err != nil {
		return err
	}
	return secrets.insert(ctx, t, a.Secrets...)
}

// Token finds a personal access token by its hash.
func (t *Tx) Token(ctx context.Context, sha256 string) (model.Token, bool, error) {
	return first(tokens.find(ctx, t, "WHERE sha256 = $1", sha256))
}

// ApplicationWithSecret returns the name of an external application that has a secret with a hash, now or after a return to the seed.
func (t *Tx) ApplicationWithSecret(ctx context.Context, sha256 string) (name string, ok bool, err error) {
	return first(column[string](ctx, t, `SELECT name FROM applications a JOIN application_secrets s ON s.application_id = a.id WHERE s.sha256 = $1
UNION ALL SELECT name FROM seed_applications a JOIN seed_application_secrets s ON s.application_id = a.id WHERE s.sha256 = $1`, sha256))
}

// UserWithToken returns the id of a user that has a personal access token with a hash, now or after a return to the seed.
func (t *Tx) UserWithToken(ctx context.Context, sha256 string) (id access.GUID, ok bool, err error) {
	return first(column[access.GUID](ctx, t, `SELECT user_id FROM access_tokens WHERE sha256 = $1
UNION ALL SELECT user_id FROM seed_access_tokens WHERE sha256 = $1`, sha256))
}
