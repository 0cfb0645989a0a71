package store

import (
	"context"
	"database/sql"

	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

var organizations = table[model.Organization]{
	"organization", "id, name, default_caller, external_directory, auto_provisioning",
	func(o *model.Organization) []any {
		return []any{&o.ID, &o.Name, &o.DefaultCaller, &o.ExternalDirectory, &o.AutoProvisioning}
	},
}

var tenants = table[model.Tenant]{
	"tenants", "id, name, name_key", func(t *model.Tenant) []any { return []any{&t.ID, &t.Name, keyColumn{&t.Name}} },
}

// Setting returns what is kept under a name beside the organization, or "" where there is nothing.
func (t *Tx) Setting(ctx context.Context, name string) (string, error) {
	value, _, err := first(column[string](ctx, t, "SELECT value FROM settings WHERE name = $1", name))
	return value, err
}

// PutSetting keeps a value under a name.
func (t *Tx) PutSetting(ctx context.Context, name, value string) error {
	return t.exec(ctx, "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
		name, value)
}

// Organization returns the one organization of the database.
func (t *Tx) Organization(ctx context.Context) (model.Organization, error) {
	o, ok, err := first(organizations.find(ctx, t, ""))
	if err == nil && !ok {
		err = sql.ErrNoRows
	}
	return o, err
}

// Tenants returns the tenants by name.
func (t *Tx) Tenants(ctx context.Context) ([]model.Tenant, error) {
	all, err := tenants.find(ctx, t, "ORDER BY name_key")
	if err != nil {
		return nil, err
	}
	services, err := pairs[string](ctx, t, "SELECT tenant_id, service FROM tenant_services ORDER BY service")
	for i := range all {
		all[i].Services = services[all[i].ID]
	}
	return all, err
}

func (t *Tx) addTenant(ctx context.Context, tenant model.Tenant) error {
	if err := tenants.insert(ctx, t, tenant); err != nil {
		return err
	}
	return putPairs(ctx, t, "tenant_services (tenant_id, service)", tenant.ID, tenant.Services)
}
