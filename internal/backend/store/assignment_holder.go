package store

import (
	"context"
	"database/sql"
	"slices"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// Principal is somebody who can hold a role, as people know them.
type Principal struct {
	ID          access.GUID
	Kind        access.PrincipalType
	DisplayName string
	// Email is empty for everybody but users.
	Email  string
	Source access.PrincipalSource
	// Added is false for an account that only the external directory has.
	Added bool
	// Invited is true for a user who was invited and has not accepted yet.
	Invited bool
}

// Principals finds principals of every kind by their ids. What does not exist is not among them.
func (t *Tx) Principals(ctx context.Context, ids []access.GUID) (map[access.GUID]Principal, error) {
	found := make(map[access.GUID]Principal, len(ids))
	for part := range slices.Chunk(ids, maxPlaceholders) {
		c := &condition{}
		c.and("id IN (" + marks(c, part...) + ")")
		in := c.String()
		some, err := collect(ctx, t.tx, func(r *sql.Rows, p *Principal) error {
			return r.Scan(&p.ID, &p.Kind, &p.DisplayName, &p.Email, &p.Source, &p.Added, &p.Invited)
		}, `SELECT id, 'User', display_name, email, source, added, 1 - invitation_accepted FROM users`+in+`
UNION ALL SELECT id, 'Group', name, '', source, added, 0 FROM principal_groups`+in+`
UNION ALL SELECT id, 'Robot', display_name, '', 'local', 1, 0 FROM robots`+in+`
UNION ALL SELECT id, 'ExternalApplication', name, '', 'local', 1, 0 FROM applications`+in, c.args...)
		if err != nil {
			return nil, err
		}
		for _, p := range some {
			found[p.ID] = p
		}
	}
	return found, nil
}

// AddAccount adds a user or group of the external directory to the organization. What it has already stays as it is.
func (t *Tx) AddAccount(ctx context.Context, id access.GUID) error {
	if err := t.exec(ctx, "UPDATE users SET added = 1 WHERE id = $1", id); err != nil {
		return err
	}
	return t.exec(ctx, "UPDATE principal_groups SET added = 1 WHERE id = $1", id)
}
