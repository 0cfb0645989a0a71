package store

import (
	"context"
	"database/sql"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// Application finds an external application by its client id.
func (t *Tx) Application(ctx context.Context, id access.GUID) (model.Application, bool, error) {
	return first(t.applications(ctx, "WHERE id = $1", id))
}

// Applications returns the external applications by name.
func (t *Tx) Applications(ctx context.Context) ([]model.Application, error) {
	return t.applications(ctx, "ORDER BY name_key")
}

func (t *Tx) applications(ctx context.Context, which string, args ...any) ([]model.Application, error) {
	applications, err := collect(ctx, t.tx, func(r *sql.Rows, a *model.Application) error {
		return r.Scan(&a.ID, &a.Name, &a.SecretSHA256)
	}, "SELECT id, name, secret_sha256 FROM applications "+which, args...)
	if err != nil {
		return nil, err
	}
	for i := range applications {
		a := &applications[i]
		if a.Scopes, err = column[string](ctx, t, "SELECT scope FROM application_scopes WHERE application_id = $1 ORDER BY scope", a.ID); err != nil {
			return nil, err
		}
	}
	return applications, nil
}

// Token finds a personal access token by its hash.
func (t *Tx) Token(ctx context.Context, sha256 string) (model.Token, bool, error) {
	return first(t.tokens(ctx, "WHERE sha256 = $1", sha256))
}

func (t *Tx) tokens(ctx context.Context, which string, args ...any) ([]model.Token, error) {
	return collect(ctx, t.tx, func(r *sql.Rows, one *model.Token) (err error) {
		var expires string
		if err := r.Scan(&one.SHA256, &one.UserID, &expires); err != nil {
			return err
		}
		one.Expires, err = readTime(expires)
		return err
	}, "SELECT sha256, user_id, expires_on FROM access_tokens "+which, args...)
}
