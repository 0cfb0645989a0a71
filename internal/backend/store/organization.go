package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// storedTime has a fixed width, so that it sorts as text.
const storedTime = "2006-01-02T15:04:05.0000000Z"

func writeTime(t time.Time) string { return t.UTC().Format(storedTime) }

func readTime(s string) (time.Time, error) { return time.Parse(storedTime, s) }

// Setting returns what is kept under a name beside the organization, or "" where there is nothing.
func (t *Tx) Setting(ctx context.Context, name string) (string, error) {
	var value string
	err := t.tx.QueryRowContext(ctx, "SELECT value FROM settings WHERE name = $1", name).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, err
}

// PutSetting keeps a value under a name.
func (t *Tx) PutSetting(ctx context.Context, name, value string) error {
	return t.exec(ctx, "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
		name, value)
}

// Organization returns the one organization of the database.
func (t *Tx) Organization(ctx context.Context) (model.Organization, error) {
	var o model.Organization
	err := t.tx.QueryRowContext(ctx, "SELECT id, name, default_caller, external_directory, auto_provisioning FROM organization").
		Scan(&o.ID, &o.Name, &o.DefaultCaller, &o.ExternalDirectory, &o.AutoProvisioning)
	return o, err
}

// Tenants returns the tenants by name.
func (t *Tx) Tenants(ctx context.Context) ([]model.Tenant, error) {
	tenants, err := collect(ctx, t.tx, func(r *sql.Rows, one *model.Tenant) error {
		return r.Scan(&one.ID, &one.Name)
	}, "SELECT id, name FROM tenants ORDER BY name_key")
	if err != nil {
		return nil, err
	}
	services, err := pairs[string](ctx, t, "SELECT tenant_id, service FROM tenant_services ORDER BY service")
	if err != nil {
		return nil, err
	}
	for i := range tenants {
		tenants[i].Services = services[tenants[i].ID]
	}
	return tenants, nil
}

// User finds a user by id. One that was not added to the organization is not found.
func (t *Tx) User(ctx context.Context, id access.GUID) (model.User, bool, error) {
	return first(t.users(ctx, "WHERE id = $1 AND added = 1", id))
}

// Users returns the users that were added to the organization, by user name.
func (t *Tx) Users(ctx context.Context) ([]model.User, error) {
	return t.users(ctx, "WHERE added = 1 ORDER BY user_name_key")
}

// AllUsers returns the users by user name, those included that only the external directory has.
func (t *Tx) AllUsers(ctx context.Context) ([]model.User, error) {
	return t.users(ctx, "ORDER BY user_name_key")
}

func (t *Tx) users(ctx context.Context, which string, args ...any) ([]model.User, error) {
	return collect(ctx, t.tx, func(r *sql.Rows, u *model.User) error {
		return r.Scan(&u.ID, &u.UserName, &u.Email, &u.Name, &u.Surname, &u.DisplayName, &u.Active, &u.InvitationAccepted, &u.Source, &u.Added)
	}, "SELECT id, user_name, email, name, surname, display_name, active, invitation_accepted, source, added FROM users "+which, args...)
}

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

func (t *Tx) exec(ctx context.Context, query string, args ...any) error {
	_, err := t.tx.ExecContext(ctx, query, args...)
	return err
}

func column[T any](ctx context.Context, t *Tx, query string, args ...any) ([]T, error) {
	return collect(ctx, t.tx, func(r *sql.Rows, value *T) error { return r.Scan(value) }, query, args...)
}

// pairs returns the second column's values by the first column's.
func pairs[V any](ctx context.Context, t *Tx, query string, args ...any) (map[access.GUID][]V, error) {
	type pair struct {
		key   access.GUID
		value V
	}
	rows, err := collect(ctx, t.tx, func(r *sql.Rows, p *pair) error { return r.Scan(&p.key, &p.value) }, query, args...)
	if err != nil {
		return nil, err
	}
	found := map[access.GUID][]V{}
	for _, p := range rows {
		found[p.key] = append(found[p.key], p.value)
	}
	return found, nil
}

func first[T any](all []T, err error) (T, bool, error) {
	if err != nil || len(all) == 0 {
		var none T
		return none, false, err
	}
	return all[0], true, nil
}
