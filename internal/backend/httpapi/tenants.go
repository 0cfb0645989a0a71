package httpapi

import (
	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

type namedBody struct {
	ID   access.GUID `json:"id"`
	Name string      `json:"name"`
}

// tenantsBody is what the portal shows its users of the organization and its tenants.
type tenantsBody struct {
	Organization namedBody   `json:"organization"`
	Tenants      []namedBody `json:"tenants"`
}

func newTenantsBody(o rules.OrganizationTenants) tenantsBody {
	return tenantsBody{namedBody{o.ID, o.Name}, each(func(t model.Tenant) namedBody { return namedBody{t.ID, t.Name} })(o.Tenants)}
}
