package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/accessascode/terraform-provider-uipath/internal/taskmining"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// session is what a configured provider hands to its resources and data sources.
type session struct {
	client *uipath.Client

	validatePermissions bool
	validateScope       bool
	resolvePrincipals   bool
	resolveFolders      bool
	resolveProjects     bool
	// visibilityTimeout is how long something freshly written may be missing from what the server shows.
	visibilityTimeout time.Duration

	// leftOver says what to do about something that an earlier run has left in the data of the reference backend; "" for a real server.
	leftOver string
	// planned is what this run does to roles and assignments.
	planned *planned
	// orchestrator is what this run has read of Orchestrator's own roles.
	orchestrator *orchestratorRun

	clock func() time.Time
	wait  func(context.Context, time.Duration) error
}

func (s *session) taskMining() *taskmining.Permissions {
	return taskmining.New(s.client, s.resolvePrincipals)
}

// sessionFrom reads what Configure was handed. It returns nil while the provider is not configured yet, as during validation.
func sessionFrom(providerData any) (*session, diag.Diagnostics) {
	if providerData == nil {
		return nil, nil
	}
	s, ok := providerData.(*session)
	if !ok {
		return nil, diag.Diagnostics{diag.NewErrorDiagnostic("Unexpected provider data",
			fmt.Sprintf("The provider handed %T to one of its own types. Please report this.", providerData))}
	}
	return s, nil
}

// configuredResource is what every resource begins with.
type configuredResource struct {
	// typeName is the name without "uipath_".
	typeName string
	session  *session
}

func (r *configuredResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + r.typeName
}

func (r *configuredResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	s, diags := sessionFrom(req.ProviderData)
	r.session = s
	resp.Diagnostics.Append(diags...)
}

// configuredDataSource is what every data source begins with.
type configuredDataSource struct {
	// typeName is the name without "uipath_".
	typeName string
	session  *session
}

func (d *configuredDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + d.typeName
}

func (d *configuredDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	s, diags := sessionFrom(req.ProviderData)
	d.session = s
	resp.Diagnostics.Append(diags...)
}
