package rules

import (
	"context"
	"fmt"
	"slices"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// OrganizationTenants is an organization with its tenants.
type OrganizationTenants struct {
	model.Organization

	Tenants []model.Tenant
}

// Tenants returns the organization with all of its tenants. Public sources show it for user tokens only: strict mode refuses
// applications.
func (s *Session) Tenants(ctx context.Context) (OrganizationTenants, error) {
	if s.Strict && s.callerType != access.PrincipalUser {
		return OrganizationTenants{}, refuse(Forbidden,
			"No public source shows that an external application may list tenants: use a user's token, or give the ids of organization and tenant.")
	}
	tenants, err := s.tx.Tenants(ctx)
	return OrganizationTenants{s.organization, tenants}, err
}

// tenantName returns the name of a tenant, or its id if it does not exist.
func (s *Session) tenantName(ctx context.Context, id access.GUID) (string, error) {
	tenants, err := s.tx.Tenants(ctx)
	if i := indexOfTenant(tenants, id); i >= 0 {
		return tenants[i].Name, err
	}
	return id.String(), err
}

func indexOfTenant(tenants []model.Tenant, id access.GUID) int {
	return slices.IndexFunc(tenants, func(t model.Tenant) bool { return t.ID == id })
}

// missingTenant says that a tenant does not exist. It returns "" for one that does.
func missingTenant(id access.GUID, tenants []model.Tenant) string {
	if indexOfTenant(tenants, id) >= 0 {
		return ""
	}
	known := make([]string, len(tenants))
	for i, t := range tenants {
		known[i] = t.ID.String()
	}
	return model.WithSuggestion(fmt.Sprintf("The tenant '%s' does not exist.", id), id.String(), known)
}
