package store

import (
	"context"
	"database/sql"
	"slices"

	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// Principal is somebody who can hold a role, as people know them.
type Principal struct {
	ID          string
	Kind        model.PrincipalKind
	DisplayName string
	// Email is empty for everybody but users.
	Email  string
	Source model.Source
}

// Principals finds principals of every kind by their ids. What does not exist is not among them.
func (t *Tx) Principals(ctx context.Context, ids []string) (map[string]Principal, error) {
	found := make(map[string]Principal, len(ids))
	for part := range slices.Chunk(ids, maxPlaceholders) {
		c := &condition{}
		c.and("id IN (" + c.marks(part...) + ")")
		in := c.String()
		some, err := collect(ctx, t.tx, func(r *sql.Rows, p *Principal) error {
			return r.Scan(&p.ID, &p.Kind, &p.DisplayName, &p.Email, &p.Source)
		}, `SELECT id, 'User', display_name, email, source FROM users`+in+`
UNION ALL SELECT id, 'Group', name, '', 'local' FROM principal_groups`+in+`
UNION ALL SELECT id, 'Robot', display_name, '', 'local' FROM robots`+in+`
UNION ALL SELECT id, 'ExternalApplication', name, '', 'local' FROM applications`+in, c.args...)
		if err != nil {
			return nil, err
		}
		for _, p := range some {
			found[p.ID] = p
		}
	}
	return found, nil
}
