package main

import (
	"crypto/rand"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type tenantRole struct {
	ID           types.String   `tfsdk:"id"`
	Name         types.String   `tfsdk:"name"`
	Description  types.String   `tfsdk:"description"`
	TenantID     types.String   `tfsdk:"tenant_id"`
	TenantName   types.String   `tfsdk:"tenant_name"`
	Service      types.String   `tfsdk:"service"`
	OwnerService types.String   `tfsdk:"owner_service"`
	Type         types.String   `tfsdk:"type"`
	Permissions  types.Set      `tfsdk:"permissions"`
	ForceDestroy types.Bool     `tfsdk:"force_destroy"`
	Timeouts     timeouts.Value `tfsdk:"timeouts"`
}

func newTenantRole() resource.Resource {
	return idle[tenantRole]{
		typeName: "tenant_role",
		attributes: map[string]schema.Attribute{
			"id":            computed(),
			"name":          required(),
			"description":   chosen(),
			"tenant_id":     chosen(),
			"tenant_name":   chosen(),
			"service":       schema.StringAttribute{Optional: true},
			"owner_service": computed(),
			"type":          computed(),
			"force_destroy": schema.BoolAttribute{Optional: true, Computed: true},
			"permissions":   schema.SetAttribute{Required: true, ElementType: types.StringType},
		},
		made: func(m *tenantRole) {
			m.ID = types.StringValue(rand.Text())
			choose(&m.TenantID, "1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90")
			choose(&m.TenantName, "Production")
			m.OwnerService = types.StringValue("CentralizedAccess")
			m.Type = types.StringValue("Custom")
			m.ForceDestroy = types.BoolValue(false)
			choose(&m.Description, "Managed by Terraform")
		},
	}
}
