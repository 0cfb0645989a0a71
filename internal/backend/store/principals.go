package store

import (
	"context"
	"database/sql"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// Principals returns everybody in the directory, those included that were not added to the organization.
func (t *Tx) Principals(ctx context.Context) ([]model.Principal, error) { return t.principals(ctx, "") }

// PrincipalsWithIDs finds principals by their ids. What does not exist is not among them.
func (t *Tx) PrincipalsWithIDs(ctx context.Context, ids []access.GUID) (map[access.GUID]model.Principal, error) {
	found := make(map[access.GUID]model.Principal, len(ids))
	some, err := withIDs("id", ids, anywhere, func(where string, args ...any) ([]model.Principal, error) { return t.principals(ctx, where, args...) })
	for _, p := range some {
		found[p.ID] = p
	}
	return found, err
}

func (t *Tx) principals(ctx context.Context, which string, args ...any) ([]model.Principal, error) {
	return collect(ctx, t.tx, func(r *sql.Rows, p *model.Principal) error {
		return r.Scan(&p.ID, &p.Type, &p.Name, &p.DisplayName, &p.Email, &p.Source, &p.Added, &p.Invited)
	}, "SELECT id, type, name, display_name, email, source, added, invited FROM principals"+which, args...)
}

// AddAccount adds a user or group of the external directory to the organization. What it has already stays as it is.
func (t *Tx) AddAccount(ctx context.Context, id access.GUID) error {
	if err := t.exec(ctx, "UPDATE users SET added = 1 WHERE id = $1", id); err != nil {
		return err
	}
	return t.exec(ctx, "UPDATE principal_groups SET added = 1 WHERE id = $1", id)
}
