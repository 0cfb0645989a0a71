package store

import (
	"context"
	"database/sql"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// Folders returns the folders of all tenants by tenant and fully qualified name, so that each stands after its parent.
func (t *Tx) Folders(ctx context.Context) ([]model.Folder, error) {
	return collect(ctx, t.tx, func(r *sql.Rows, f *model.Folder) error {
		return r.Scan(&f.ID, &f.TenantID, &f.ParentID, &f.Name)
	}, `WITH RECURSIVE paths (id, path) AS (
    SELECT id, name_key FROM folders WHERE parent_id = ''
    UNION ALL
    SELECT f.id, paths.path || '/' || f.name_key FROM folders f JOIN paths ON f.parent_id = paths.id
) SELECT f.id, f.tenant_id, f.parent_id, f.name FROM folders f JOIN paths ON f.id = paths.id ORDER BY f.tenant_id, paths.path`)
}

func (t *Tx) addFolder(ctx context.Context, f model.Folder) error {
	return t.exec(ctx, "INSERT INTO folders (id, tenant_id, parent_id, name, name_key) VALUES ($1, $2, $3, $4, $5)",
		f.ID, f.TenantID, f.ParentID, f.Name, strings.ToLower(f.Name))
}
