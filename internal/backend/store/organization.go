package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

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
