package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// tenantName returns the name of a tenant, or its id where there is no name: reading something that exists does not fail for that.
func (s *session) tenantName(ctx context.Context, id access.GUID) string {
	tenant, err := s.client.Tenant(ctx, id.String())
	if err != nil {
		return id.String()
	}
	return tenant.Name
}

// tenantNaming finds tenants. Errors begin with what belongs to one.
func (s *session) tenantNaming(what string) naming[uipath.Tenant] {
	find := func(attribute string) func(context.Context, string, *diag.Diagnostics) *named[uipath.Tenant] {
		return func(ctx context.Context, text string, diags *diag.Diagnostics) *named[uipath.Tenant] {
			tenant, err := s.client.Tenant(ctx, text)
			if err != nil {
				diags.Append(attributeFailure(path.Root(attribute), "Tenant not found", what+" belongs to a tenant that cannot be found.", err))
				return nil
			}
			return namedTenant(tenant)
		}
	}
	return naming[uipath.Tenant]{
		what: "tenant", idAttribute: "tenant_id", nameAttribute: "tenant_name", form: guidForm, byID: find("tenant_id"), byName: find("tenant_name"),
	}
}

func namedTenant(tenant uipath.Tenant) *named[uipath.Tenant] {
	return &named[uipath.Tenant]{
		id: tenant.ID.String(), name: tenant.Name, value: tenant,
		answersTo: func(text string) bool { return strings.EqualFold(text, tenant.Name) },
	}
}

// settleTenant plans the tenant that something belongs to. Where the configuration gives none it is the provider's.
func (s *session) settleTenant(ctx context.Context, what string, config pair, prior *pair, meant []string, diags *diag.Diagnostics) pair {
	if config.id.IsNull() && config.name.IsNull() {
		tenant, ok := s.client.DefaultTenant()
		if !ok {
			diags.AddAttributeError(path.Root("tenant_name"), "No tenant", fmt.Sprintf("%s belongs to no tenant: neither it nor the provider names one. "+
				"Set tenant_name or tenant_id here, or tenant of the provider (environment %s).", what, envTenant))
			return config
		}
		config.id = guidForm.value(tenant.ID.String())
	}
	return s.tenantNaming(what).settle(ctx, config, prior, meant, diags).pair
}

// heldTenant is the tenant of something that exists. It is nil where the tenant is gone.
func (s *session) heldTenant(ctx context.Context, id access.GUID) *named[uipath.Tenant] {
	tenant, err := s.client.Tenant(ctx, id.String())
	if err != nil {
		return nil
	}
	return namedTenant(tenant)
}

// tenantMeant are the names that stand for a tenant from now on: the author's and the one that is shown.
func tenantMeant(config, plan pair) meantNames {
	names := meantNames{}
	names.add("tenant_name", config.name.ValueString())
	names.add("tenant_name", plan.name.ValueString())
	return names
}
