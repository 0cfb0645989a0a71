package main

import (
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type taskMiningPermission struct {
	PrincipalID                types.String   `tfsdk:"principal_id"`
	PrincipalName              types.String   `tfsdk:"principal_name"`
	PrincipalType              types.String   `tfsdk:"principal_type"`
	TenantID                   types.String   `tfsdk:"tenant_id"`
	TenantName                 types.String   `tfsdk:"tenant_name"`
	Permission                 types.String   `tfsdk:"permission"`
	ProjectIDs                 types.Set      `tfsdk:"project_ids"`
	ProjectNames               types.Set      `tfsdk:"project_names"`
	RequireAICenterPermissions types.Bool     `tfsdk:"require_ai_center_permissions"`
	Name                       types.String   `tfsdk:"name"`
	Rights                     types.List     `tfsdk:"rights"`
	AICenterPermissions        types.Set      `tfsdk:"ai_center_permissions"`
	MissingAICenterPermissions types.Set      `tfsdk:"missing_ai_center_permissions"`
	Timeouts                   timeouts.Value `tfsdk:"timeouts"`
}

func newTaskMiningPermission() resource.Resource {
	return idle[taskMiningPermission]{
		typeName: "task_mining_permission",
		attributes: map[string]schema.Attribute{
			"principal_id":                  chosen(),
			"principal_name":                chosen(),
			"principal_type":                chosen(),
			"tenant_id":                     chosen(),
			"tenant_name":                   chosen(),
			"permission":                    required(),
			"project_ids":                   schema.SetAttribute{Optional: true, Computed: true, ElementType: types.StringType},
			"project_names":                 schema.SetAttribute{Optional: true, Computed: true, ElementType: types.StringType},
			"require_ai_center_permissions": schema.BoolAttribute{Optional: true, Computed: true},
			"name":                          computed(),
			"rights":                        schema.ListAttribute{Computed: true, ElementType: types.StringType},
			"ai_center_permissions":         computedStrings(),
			"missing_ai_center_permissions": computedStrings(),
		},
		made: func(m *taskMiningPermission) {
			choose(&m.PrincipalID, "3e000000-0000-4000-8000-000000000100")
			choose(&m.PrincipalName, "person100@acme.example")
			choose(&m.PrincipalType, "User")
			choose(&m.TenantID, "1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90")
			choose(&m.TenantName, "Production")
			m.ProjectIDs, m.ProjectNames = types.SetNull(types.StringType), types.SetNull(types.StringType)
			m.RequireAICenterPermissions = types.BoolValue(false)
			m.Name = types.StringValue("person100@acme.example -> Task Mining Admin @ Production")
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
