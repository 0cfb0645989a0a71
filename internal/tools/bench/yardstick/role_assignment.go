package main

import (
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type roleAssignment struct {
	RoleID        types.String   `tfsdk:"role_id"`
	RoleName      types.String   `tfsdk:"role_name"`
	Service       types.String   `tfsdk:"service"`
	PrincipalID   types.String   `tfsdk:"principal_id"`
	PrincipalName types.String   `tfsdk:"principal_name"`
	PrincipalType types.String   `tfsdk:"principal_type"`
	Scope         types.String   `tfsdk:"scope"`
	ScopeName     types.String   `tfsdk:"scope_name"`
	Name          types.String   `tfsdk:"name"`
	Effective     types.Bool     `tfsdk:"effective"`
	Timeouts      timeouts.Value `tfsdk:"timeouts"`
}

func newRoleAssignment() resource.Resource {
	return idle[roleAssignment]{
		typeName: "role_assignment",
		attributes: map[string]schema.Attribute{
			"role_id":        chosen(),
			"role_name":      chosen(),
			"service":        schema.StringAttribute{Optional: true},
			"principal_id":   chosen(),
			"principal_name": chosen(),
			"principal_type": chosen(),
			"scope":          chosen(),
			"scope_name":     chosen(),
			"name":           computed(),
			"effective":      schema.BoolAttribute{Computed: true},
		},
		made: func(m *roleAssignment) {
			choose(&m.RoleID, "3d000000-0000-4000-8000-000000000001")
			choose(&m.RoleName, "Document Watcher")
			choose(&m.PrincipalID, "3e000000-0000-4000-8000-000000000100")
			choose(&m.PrincipalName, "person100@acme.example")
			choose(&m.PrincipalType, "User")
			choose(&m.Scope, "/tenant/1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90/documentunderstanding")
			choose(&m.ScopeName, "Production / Document Understanding")
			m.Name = types.StringValue("person100@acme.example -> Document Watcher @ Production / Document Understanding")
			m.Effective = types.BoolValue(true)
		},
	}
}
