package provider

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

var _ function.Function = (*scopeFunction)(nil)

// scopeFunction builds the path of a scope from its parts.
type scopeFunction struct {
	name        string
	summary     string
	description string
	parts       []scopePart
	build       func(parts []string) (access.Scope, error)
}

// scopePart is one of the parts that a path is built from.
type scopePart struct {
	name        string
	description string
	rule        stringRule
}

var (
	tenantPart = scopePart{"tenant", "GUID of the tenant, as `data.uipath_tenant` gives it.", guidRule}
	folderPart = scopePart{"folder", "Key of the folder, which stands in the portal's address.", containerRule}
)

func newTenantScopeFunction() function.Function {
	return &scopeFunction{
		"tenant_scope", "Scope of a tenant", "The path of a tenant, as `scope` of `uipath_role_assignment` takes it.",
		[]scopePart{tenantPart},
		func(parts []string) (access.Scope, error) {
			return access.TenantScope(access.GUID(parts[0])), nil
		},
	}
}

func newServiceScopeFunction() function.Function {
	return &scopeFunction{
		"service_scope", "Scope of a service in a tenant",
		"The path of a service in a tenant. The service is given by any of its names: `IXP` and `Reinfer` are the same.",
		[]scopePart{tenantPart, {"service", "Service, such as `Task Mining` or `IXP`.", scopeServiceRule}},
		func(parts []string) (access.Scope, error) {
			return access.ServiceScope(access.GUID(parts[0]), parts[1])
		},
	}
}

func newProjectScopeFunction() function.Function {
	return &scopeFunction{
		"project_scope", "Scope of a project",
		"The path of a project of a service, which each service spells in its own way.",
		[]scopePart{
			tenantPart,
			{"service", "Service with projects: `Document Understanding`, `IXP`, `Task Mining` or `Test Manager`.", projectServiceRule},
			{"project", "Id of the project, which stands in the portal's address.", containerRule},
		},
		func(parts []string) (access.Scope, error) {
			return access.ProjectScope(access.GUID(parts[0]), parts[1], parts[2])
		},
	}
}

func newFolderScopeFunction() function.Function {
	return &scopeFunction{
		"folder_scope", "Scope of a folder of Orchestrator", "The path of a folder of Orchestrator in a tenant.",
		[]scopePart{tenantPart, folderPart},
		func(parts []string) (access.Scope, error) {
			return access.FolderScope(access.GUID(parts[0]), parts[1])
		},
	}
}

func (f *scopeFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = f.name
}

func (f *scopeFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: f.summary, MarkdownDescription: f.description + " It asks no server: whether the parts exist shows when the scope is used.",
		Return: function.StringReturn{},
	}
	for _, part := range f.parts {
		resp.Definition.Parameters = append(resp.Definition.Parameters, function.StringParameter{Name: part.name, MarkdownDescription: part.description})
	}
}

func (f *scopeFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	parts := make([]string, len(f.parts))
	for i, part := range f.parts {
		if resp.Error = req.Arguments.GetArgument(ctx, i, &parts[i]); resp.Error != nil {
			return
		}
		if objection := part.rule.objection(parts[i]); objection != "" {
			resp.Error = argumentError(i, part.rule.title, objection)
			return
		}
	}
	scope, err := f.build(parts)
	if err != nil {
		resp.Error = function.NewFuncError(err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, scope.String())
}

// argumentError is an error on an argument. Terraform puts the period at its end.
func argumentError(argument int, title, objection string) *function.FuncError {
	return function.NewArgumentFuncError(int64(argument), title+": "+strings.TrimRight(objection, ". "))
}
