package store

import (
	"context"

	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

var projects = table[model.Project]{
	"projects", "id, tenant_id, service, name, name_key",
	func(p *model.Project) []any {
		return []any{&p.ID, &p.TenantID, &p.Service, &p.Name, keyColumn{&p.Name}}
	},
}

// Projects returns the projects of all tenants by tenant, service and name.
func (t *Tx) Projects(ctx context.Context) ([]model.Project, error) {
	return projects.find(ctx, t, "ORDER BY tenant_id, service, name_key")
}
