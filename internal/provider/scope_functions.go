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
	// further are the parts beside the tenant, which is always the first.
	further []scopePart
	build   func(tenant access.GUID, further []string) (access.Scope, error)
}

// scopePart is one of the parts that a path is built from.
type scopePart struct {
	name        string
	description string
	rule        stringRule
}

var tenantPart = scopePart{"tenant", "GUID of the tenant, as `data.uipath_tenant` gives it.", guidRule}

func newTenantScopeFunction() function.Function {
	return &scopeFunction{
		"tenant_scope", "Scope of a tenant", "The path of a tenant, as `scope` of `uipath_role_assignment` takes it.",
		nil,
		func(tenant access.GUID, _ []string) (access.Scope, error) { return access.TenantScope(tenant), nil },
	}
}

func newServiceScopeFunction() function.Function {
	return &scopeFunction{
		"service_scope", "Scope of a service in a tenant",
		"The path of a service in a tenant. The service is given by any of its names: `IXP` and `Reinfer` are the same.",
		[]scopePart{{"service", "Service, such as `Task Mining` or `IXP`.", scopeServiceRule}},
		func(tenant access.GUID, further []string) (access.Scope, error) {
			return access.ServiceScope(tenant, further[0])
		},
	}
}

func newProjectScopeFunction() function.Function {
	return &scopeFunction{
		"project_scope", "Scope of a project",
		"The path of a project of a service, which each service spells in its own way.",
		[]scopePart{
			{"service", "Service with projects: `Document Understanding`, `IXP`, `Task Mining` or `Test Manager`.", projectServiceRule},
			{"project", "Id of the project, which stands in the portal's address.", containerRule},
		},
		func(tenant access.GUID, further []string) (access.Scope, error) {
			return access.ProjectScope(tenant, further[0], further[1])
		},
	}
}

func newFolderScopeFunction() function.Function {
	return &scopeFunction{
		"folder_scope", "Scope of a folder of Orchestrator", "The path of a folder of Orchestrator in a tenant.",
		[]scopePart{{"folder", "Key of the folder, which stands in the portal's address.", containerRule}},
		func(tenant access.GUID, further []string) (access.Scope, error) {
			return access.FolderScope(tenant, further[0])
		},
	}
}

func (f *scopeFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = f.name
}

func (f *scopeFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: f.summary, MarkdownDescription: f.description + " It does not ask the server whether the parts exist.",
		Return: function.StringReturn{},
	}
	for _, part := range f.parts() {
		resp.Definition.Parameters = append(resp.Definition.Parameters, function.StringParameter{Name: part.name, MarkdownDescription: part.description})
	}
}

func (f *scopeFunction) parts() []scopePart { return append([]scopePart{tenantPart}, f.further...) }

func (f *scopeFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	parts := f.parts()
	values := make([]string, len(parts))
	for i, part := range parts {
		if resp.Error = req.Arguments.GetArgument(ctx, i, &values[i]); resp.Error != nil {
			return
		}
		if objection := part.rule.objection(values[i]); objection != "" {
			resp.Error = argumentError(i, part.rule.title, objection)
			return
		}
	}
	// The rule has validated it.
	tenant, _ := access.ParseGUID(values[0])
	scope, err := f.build(tenant, values[1:])
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
