package store

import (
	"context"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

var principals = table[model.Principal]{
	"principals", "id, type, name, display_name, email, first_name, last_name, source, added, invited, active, created_on",
	func(p *model.Principal) []any {
		return []any{
			&p.ID, &p.Type, &p.Name, &p.DisplayName, &p.Email, &p.FirstName, &p.LastName, &p.Source, &p.Added, &p.Invited, &p.Active,
			timeColumn{&p.CreatedOn},
		}
	},
}

// Principals returns everybody in the directory, those included that were not added to the organization.
func (t *Tx) Principals(ctx context.Context) ([]model.Principal, error) {
	return principals.find(ctx, t, "")
}

// PrincipalsWithIDs finds principals by their ids. What does not exist is not among them.
func (t *Tx) PrincipalsWithIDs(ctx context.Context, ids []access.GUID) (map[access.GUID]model.Principal, error) {
	found := make(map[access.GUID]model.Principal, len(ids))
	some, err := principals.withIDs(ctx, t, ids)
	for _, p := range some {
		found[p.ID] = p
	}
	return found, err
}

// AddAccount adds a user or group of the external directory to the organization. What it has already stays as it is.
func (t *Tx) AddAccount(ctx context.Context, id access.GUID) error {
	return t.execEach(ctx, id, "UPDATE users SET added = 1 WHERE id = $1", "UPDATE principal_groups SET added = 1 WHERE id = $1")
}
