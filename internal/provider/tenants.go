package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// tenantName returns the name of a tenant, or its id where there is no name: reading something that exists does not fail for that.
func (s *session) tenantName(ctx context.Context, id access.GUID) string {
	tenant, err := s.client.Tenant(ctx, id.String())
	if err != nil {
		return id.String()
	}
	return tenant.Name
}

// chosenTenant returns the tenant that something belongs to and its name: the configured tenant, or the provider's. A configured one
// keeps its planned spelling. Errors begin with what.
func (s *session) chosenTenant(
	ctx context.Context, configured, planned canonicalString, what string, diags *diag.Diagnostics,
) (canonicalString, types.String) {
	switch {
	case configured.IsUnknown():
		return guidForm.unknown(), types.StringUnknown()
	case configured.IsNull():
		tenant, ok := s.client.DefaultTenant()
		if !ok {
			diags.AddAttributeError(path.Root("tenant"), "No tenant", fmt.Sprintf("%s belongs to no tenant: neither it nor the provider names one. "+
				"Set tenant here, or tenant of the provider (environment %s).", what, envTenant))
		}
		return guidForm.value(tenant.ID.String()), types.StringValue(tenant.Name)
	}
	tenant, err := s.client.Tenant(ctx, configured.ValueString())
	if err != nil {
		diags.Append(attributeFailure(path.Root("tenant"), "Tenant not found", what+" belongs to a tenant that cannot be resolved.", err))
	}
	return planned, types.StringValue(tenant.Name)
}
