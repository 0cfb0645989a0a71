package main

import (
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type roleAssignment struct {
	ID            types.String   `tfsdk:"id"`
	RoleID        types.String   `tfsdk:"role_id"`
	PrincipalID   types.String   `tfsdk:"principal_id"`
	PrincipalType types.String   `tfsdk:"principal_type"`
	Scope         types.String   `tfsdk:"scope"`
	Name          types.String   `tfsdk:"name"`
	RoleName      types.String   `tfsdk:"role_name"`
	PrincipalName types.String   `tfsdk:"principal_name"`
	ScopeName     types.String   `tfsdk:"scope_name"`
	Effective     types.Bool     `tfsdk:"effective"`
	Timeouts      timeouts.Value `tfsdk:"timeouts"`
}

func newRoleAssignment() resource.Resource {
	return idle[roleAssignment]{
		typeName: "role_assignment",
		attributes: map[string]schema.Attribute{
			"id":             computed(),
			"role_id":        required(),
			"principal_id":   required(),
			"principal_type": required(),
			"scope":          required(),
			"name":           computed(),
			"role_name":      computed(),
			"principal_name": computed(),
			"scope_name":     computed(),
			"effective":      schema.BoolAttribute{Computed: true},
		},
		made: func(m *roleAssignment) {
			m.ID = types.StringValue(m.Scope.ValueString() + "|" + m.RoleID.ValueString() + "|" + m.PrincipalID.ValueString())
			m.Name = types.StringValue("Person 100 -> Document Watcher @ Production / Document Understanding")
			m.RoleName = types.StringValue("Document Watcher")
			m.PrincipalName = types.StringValue("Person 100")
			m.ScopeName = types.StringValue("Production / Document Understanding")
			m.Effective = types.BoolValue(true)
		},
	}
}
