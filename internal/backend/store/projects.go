package store

import (
	"context"
	"database/sql"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// Projects returns the projects of all tenants by tenant, service and name.
func (t *Tx) Projects(ctx context.Context) ([]model.Project, error) {
	return collect(ctx, t.tx, func(r *sql.Rows, p *model.Project) error {
		return r.Scan(&p.ID, &p.TenantID, &p.Service, &p.Name)
	}, "SELECT id, tenant_id, service, name FROM projects ORDER BY tenant_id, service, name_key")
}

func (t *Tx) addProject(ctx context.Context, p model.Project) error {
	return t.exec(ctx, "INSERT INTO projects (id, tenant_id, service, name, name_key) VALUES ($1, $2, $3, $4, $5)",
		p.ID, p.TenantID, p.Service, p.Name, strings.ToLower(p.Name))
}
