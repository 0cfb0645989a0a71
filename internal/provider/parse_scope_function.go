package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

var _ function.Function = (*parseScopeFunction)(nil)

func newParseScopeFunction() function.Function { return &parseScopeFunction{} }

type parseScopeFunction struct{}

type parsedScopeModel struct {
	Path        types.String `tfsdk:"path"`
	Kind        types.String `tfsdk:"kind"`
	Tenant      types.String `tfsdk:"tenant"`
	Service     types.String `tfsdk:"service"`
	ServiceName types.String `tfsdk:"service_name"`
	Folder      types.String `tfsdk:"folder"`
	Project     types.String `tfsdk:"project"`
}

func (parseScopeFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "parse_scope"
}

func (parseScopeFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	text := types.StringType
	resp.Definition = function.Definition{
		Summary: "Parts of a scope",
		MarkdownDescription: "Takes a scope path apart. It returns `path`, the canonical spelling; `kind`, one of `Organization`, `Tenant`, " +
			"`Service`, `Folder` and `Project`; `tenant`, a GUID; `service`, the segment of the path; `service_name`, the name that people are " +
			"shown; `folder`, a key; and `project`, an id. Parts that the path does not have are null.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "scope", MarkdownDescription: "Path of a scope, in any letter case, such as `/tenant/{id}/reinfer/project/{id}`."},
		},
		Return: function.ObjectReturn{AttributeTypes: map[string]attr.Type{
			"path": text, "kind": text, "tenant": text, "service": text, "service_name": text, "folder": text, "project": text,
		}},
	}
}

func (parseScopeFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var path string
	if resp.Error = req.Arguments.Get(ctx, &path); resp.Error != nil {
		return
	}
	if objection := scopeRule.objection(path); objection != "" {
		resp.Error = argumentError(0, scopeRule.title, objection)
		return
	}
	scope, _ := access.ParseScope(path) // The rule has validated it.
	parsed := parsedScopeModel{
		Path: types.StringValue(scope.String()), Kind: types.StringValue(string(scope.Kind())),
		Tenant: optionalString(string(scope.TenantID())), Service: optionalString(scope.ServiceSlug()),
		ServiceName: optionalString(access.ServiceDisplayName(scope.ServiceSlug())),
	}
	switch scope.Kind() {
	case access.ScopeFolder:
		parsed.Folder = types.StringValue(scope.Container())
	case access.ScopeProject:
		parsed.Project = types.StringValue(scope.Container())
	default:
	}
	resp.Error = resp.Result.Set(ctx, parsed)
}
