package store

import (
	"context"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

var applications = table[model.Application]{
	"applications", "id, name, name_key, secret_sha256",
	func(a *model.Application) []any { return []any{&a.ID, &a.Name, keyColumn{&a.Name}, &a.SecretSHA256} },
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
	return t.applications(ctx, "ORDER BY name_key")
}

func (t *Tx) applications(ctx context.Context, clause string, args ...any) ([]model.Application, error) {
	found, err := applications.find(ctx, t, clause, args...)
	if err != nil {
		return nil, err
	}
	scopes, err := pairs[string](ctx, t, "SELECT application_id, scope FROM application_scopes ORDER BY scope")
	for i := range found {
		found[i].Scopes = scopes[found[i].ID]
	}
	return found, err
}

func (t *Tx) addApplication(ctx context.Context, a model.Application) error {
	if err := applications.insert(ctx, t, a); err != nil {
		return err
	}
	return putPairs(ctx, t, "application_scopes (application_id, scope)", a.ID, a.Scopes)
}

// Token finds a personal access token by its hash.
func (t *Tx) Token(ctx context.Context, sha256 string) (model.Token, bool, error) {
	return first(tokens.find(ctx, t, "WHERE sha256 = $1", sha256))
}
