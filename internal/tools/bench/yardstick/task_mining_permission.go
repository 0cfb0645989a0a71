package main

import (
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type taskMiningPermission struct {
	ID                         types.String   `tfsdk:"id"`
	PrincipalID                types.String   `tfsdk:"principal_id"`
	PrincipalType              types.String   `tfsdk:"principal_type"`
	Tenant                     types.String   `tfsdk:"tenant"`
	Permission                 types.String   `tfsdk:"permission"`
	Projects                   types.Set      `tfsdk:"projects"`
	RequireAICenterPermissions types.Bool     `tfsdk:"require_ai_center_permissions"`
	Name                       types.String   `tfsdk:"name"`
	PrincipalName              types.String   `tfsdk:"principal_name"`
	TenantName                 types.String   `tfsdk:"tenant_name"`
	Rights                     types.List     `tfsdk:"rights"`
	AICenterPermissions        types.Set      `tfsdk:"ai_center_permissions"`
	MissingAICenterPermissions types.Set      `tfsdk:"missing_ai_center_permissions"`
	Timeouts                   timeouts.Value `tfsdk:"timeouts"`
}

func newTaskMiningPermission() resource.Resource {
	return idle[taskMiningPermission]{
		typeName: "task_mining_permission",
		attributes: map[string]schema.Attribute{
			"id":                            computed(),
			"principal_id":                  required(),
			"principal_type":                required(),
			"tenant":                        schema.StringAttribute{Optional: true, Computed: true},
			"permission":                    required(),
			"projects":                      schema.SetAttribute{Optional: true, ElementType: types.StringType},
			"require_ai_center_permissions": schema.BoolAttribute{Optional: true, Computed: true},
			"name":                          computed(),
			"principal_name":                computed(),
			"tenant_name":                   computed(),
			"rights":                        schema.ListAttribute{Computed: true, ElementType: types.StringType},
			"ai_center_permissions":         computedStrings(),
			"missing_ai_center_permissions": computedStrings(),
		},
		made: func(m *taskMiningPermission) {
			m.ID = types.StringValue(m.Tenant.ValueString() + "/" + m.PrincipalID.ValueString())
			m.RequireAICenterPermissions = types.BoolValue(false)
			m.Name = types.StringValue("Person 100 -> Task Mining Admin @ Production")
			m.PrincipalName = types.StringValue("Person 100")
			m.TenantName = types.StringValue("Production")
			m.Rights = types.ListValueMust(types.StringType, texts("Sets up projects", "Adds members to projects", "Reviews what was recorded"))
			m.AICenterPermissions = types.SetValueMust(types.StringType, texts("ORCHESTRATOR.MLLOGS.VIEW", "ORCHESTRATOR.MLPACKAGES.VIEW",
				"ORCHESTRATOR.MLPACKAGES.CREATE", "ORCHESTRATOR.MLSKILLS.VIEW", "ORCHESTRATOR.MLSKILLS.CREATE"))
			m.MissingAICenterPermissions = m.AICenterPermissions
		},
	}
}

func texts(all ...string) []attr.Value {
	values := make([]attr.Value, len(all))
	for i, text := range all {
		values[i] = types.StringValue(text)
	}
	return values
}
