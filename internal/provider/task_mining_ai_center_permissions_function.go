package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

var _ function.Function = (*taskMiningAICenterPermissionsFunction)(nil)

func newTaskMiningAICenterPermissionsFunction() function.Function {
	return &taskMiningAICenterPermissionsFunction{}
}

type taskMiningAICenterPermissionsFunction struct{}

func (taskMiningAICenterPermissionsFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "task_mining_ai_center_permissions"
}

func (taskMiningAICenterPermissionsFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "AI Center permissions that a Task Mining permission needs",
		MarkdownDescription: "Task Mining keeps its data in AI Center: whoever has a Task Mining permission also needs a tenant role with these " +
			"permissions. They are what `permissions` of `uipath_tenant_role` takes.\n\n" +
			"-> What they allow is documented by the vendor; their names in the catalogue are not public. Those returned, such as " +
			"`ORCHESTRATOR.MLPACKAGES.VIEW`, are this provider's own: compare them with `data.uipath_permissions` of your organization.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "permission", MarkdownDescription: "The Task Mining permission: `User`, `Process SME` or `Admin`."},
		},
		Return: function.SetReturn{ElementType: types.StringType},
	}
}

func (taskMiningAICenterPermissionsFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var name string
	if resp.Error = req.Arguments.Get(ctx, &name); resp.Error != nil {
		return
	}
	permission, err := access.ParseTaskMiningPermission(name)
	if err != nil {
		resp.Error = argumentError(0, taskMiningPermissionRule.title, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, permission.AICenterPermissions())
}
