// Package provider is the Terraform side: the provider's configuration, its resources, data sources and list resources.
//
// It holds what Terraform needs to know (schemas, plans, diagnostics) and leaves requests to package uipath and the words
// of the field to package access.
package provider

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

var (
	_ provider.Provider                  = (*uipathProvider)(nil)
	_ provider.ProviderWithFunctions     = (*uipathProvider)(nil)
	_ provider.ProviderWithListResources = (*uipathProvider)(nil)
)

type uipathProvider struct {
	version string
	getenv  func(string) string
	clock   func() time.Time
	wait    func(context.Context, time.Duration) error
}

// New returns the provider of the given version, as [providerserver] wants it.
//
// [providerserver]: https://pkg.go.dev/github.com/hashicorp/terraform-plugin-framework/providerserver
func New(version string) func() provider.Provider {
	return func() provider.Provider {
		return &uipathProvider{version: version, getenv: os.Getenv, clock: time.Now, wait: wait}
	}
}

func (p *uipathProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "uipath"
	resp.Version = p.version
}

func (p *uipathProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = configurationSchema()
}

func (p *uipathProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	if resp.Diagnostics.Append(refuseUnknown(req.Config)...); resp.Diagnostics.HasError() {
		return
	}
	var model configurationModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &model)...); resp.Diagnostics.HasError() {
		return
	}
	s, diags := p.open(ctx, model, p.userAgent(req.TerraformVersion))
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	resp.ResourceData, resp.DataSourceData, resp.ListResourceData = s, s, s
}

// open signs in as the configuration and the environment say.
func (p *uipathProvider) open(ctx context.Context, model configurationModel, userAgent string) (*session, diag.Diagnostics) {
	s := &session{
		validatePermissions: model.ValidatePermissions.IsNull() || model.ValidatePermissions.ValueBool(),
		validateScope:       model.ValidateScope.IsNull() || model.ValidateScope.ValueBool(),
		resolvePrincipals:   model.ResolvePrincipals.IsNull() || model.ResolvePrincipals.ValueBool(),
		resolveFolders:      model.ResolveFolders.IsNull() || model.ResolveFolders.ValueBool(),
		resolveProjects:     model.ResolveProjects.IsNull() || model.ResolveProjects.ValueBool(),
		planned:             &planned{},
		orchestrator:        &orchestratorRun{},
		visibilityTimeout:   duration(model.VisibilityTimeout, defaultVisibilityTimeout),
		clock:               p.clock,
		wait:                p.wait,
	}
	var config uipath.Config
	var diags diag.Diagnostics
	if model.ReferenceBackend == nil {
		config, diags = model.clientConfig(p.getenv)
	} else {
		s.visibilityTimeout = duration(model.VisibilityTimeout, 0)
		if config, diags = model.referenceConfig(p.getenv); !diags.HasError() {
			diags.Append(startReferenceBackend(ctx, *model.ReferenceBackend, &config)...)
			s.leftOver = model.ReferenceBackend.leftOver()
		}
	}
	if diags.HasError() {
		return nil, diags
	}
	config.UserAgent = userAgent
	config.Clock = p.clock
	config.Logger = slog.New(clientLog{})
	client, err := uipath.New(ctx, config)
	if err != nil {
		diags.Append(configurationFailure(err))
		return nil, diags
	}
	s.client = client
	return s, diags
}

func (p *uipathProvider) userAgent(terraformVersion string) string {
	agent := fmt.Sprintf("Terraform/%s (+https://www.terraform.io) terraform-provider-uipath/%s", terraformVersion, p.version)
	return strings.TrimSpace(agent + " " + p.getenv("TF_APPEND_USER_AGENT"))
}

func (p *uipathProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		newOrchestratorGrantResource, newOrchestratorRoleResource, newRoleAssignmentResource, newTaskMiningPermissionResource, newTenantRoleResource,
	}
}

func (p *uipathProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		newEffectiveAccessDataSource, newFolderDataSource, newFoldersDataSource, newPermissionsDataSource, newPrincipalDataSource,
		newPrincipalsDataSource, newProjectDataSource, newRoleAssignmentsDataSource, newRoleDataSource, newRolesDataSource,
		newServicesDataSource, newTaskMiningPermissionsDataSource, newTenantDataSource,
	}
}

func (p *uipathProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{
		newFolderScopeFunction, newParseScopeFunction, newProjectScopeFunction, newServiceScopeFunction,
		newTaskMiningAICenterPermissionsFunction, newTenantScopeFunction,
	}
}

func (p *uipathProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{
		newOrchestratorGrantListResource, newOrchestratorRoleListResource, newRoleAssignmentListResource, newTaskMiningPermissionListResource,
		newTenantRoleListResource,
	}
}
