package store

import (
	"context"

	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

var folders = table[model.Folder]{
	"folders", "id, tenant_id, parent_id, name, name_key",
	func(f *model.Folder) []any {
		return []any{&f.ID, &f.TenantID, &f.ParentID, &f.Name, keyColumn{&f.Name}}
	},
}

// Folders returns the folders of all tenants by tenant and fully qualified name, so that each follows its parent.
func (t *Tx) Folders(ctx context.Context) ([]model.Folder, error) {
	return folders.find(ctx, t, `JOIN (
    WITH RECURSIVE paths (folder_id, path) AS (
        SELECT id, name_key FROM folders WHERE parent_id = ''
        UNION ALL
        SELECT f.id, paths.path || '/' || f.name_key FROM folders f JOIN paths ON f.parent_id = paths.folder_id
    ) SELECT folder_id, path FROM paths
) named ON id = folder_id ORDER BY tenant_id, path`)
}
