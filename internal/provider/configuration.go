package provider

import (
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// Environment variables that stand in for attributes.
const (
	envBaseURL      = "UIPATH_URI"
	envOrganization = "UIPATH_ORGANIZATION"
	envTenant       = "UIPATH_TENANT"
	envClientID     = "UIPATH_CLIENT_ID"
	envClientSecret = "UIPATH_CLIENT_SECRET" //nolint:gosec // The name of a variable, not a secret.
	envAccessToken  = "UIPATH_PAT"           //nolint:gosec // The name of a variable, not a secret.

	// envSandbox holds the only address that the provider may talk to. The reference backend sets it for the command that it runs.
	envSandbox = "UIPATH_SANDBOX"
)

const (
	defaultMaxRetries        = 4
	defaultRequestTimeout    = 30 * time.Second
	defaultVisibilityTimeout = 60 * time.Second
)

const contradictory = "Contradictory provider configuration"

type configurationModel struct {
	BaseURL      types.String `tfsdk:"base_url"`
	Organization types.String `tfsdk:"organization"`
	Tenant       types.String `tfsdk:"tenant"`

	ClientID     types.String `tfsdk:"client_id"`
	ClientSecret types.String `tfsdk:"client_secret"`
	Scopes       []string     `tfsdk:"scopes"`
	AccessToken  types.String `tfsdk:"access_token"`

	MaxRetries        types.Int64          `tfsdk:"max_retries"`
	RequestTimeout    timetypes.GoDuration `tfsdk:"request_timeout"`
	VisibilityTimeout timetypes.GoDuration `tfsdk:"visibility_timeout"`

	ResolveTenants      types.Bool `tfsdk:"resolve_tenants"`
	ResolvePrincipals   types.Bool `tfsdk:"resolve_principals"`
	ResolveFolders      types.Bool `tfsdk:"resolve_folders"`
	ResolveProjects     types.Bool `tfsdk:"resolve_projects"`
	ValidatePermissions types.Bool `tfsdk:"validate_permissions"`
	ValidateScope       types.Bool `tfsdk:"validate_scope"`

	ReferenceBackend *referenceBackendModel `tfsdk:"reference_backend"`
}

type referenceBackendModel struct {
	DataFile types.String `tfsdk:"data_file"`
	Fresh    types.Bool   `tfsdk:"fresh"`
	SeedFile types.String `tfsdk:"seed_file"`
	Caller   types.String `tfsdk:"caller"`
}

func configurationSchema() schema.Schema {
	notEmpty := []validator.String{stringvalidator.LengthAtLeast(1)}
	text := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Optional: true, MarkdownDescription: description, Validators: notEmpty}
	}
	flag := func(description string) schema.BoolAttribute {
		return schema.BoolAttribute{Optional: true, MarkdownDescription: description}
	}
	return schema.Schema{
		MarkdownDescription: "Manages access in UiPath: which roles there are, what they may do, and who has them where.",
		Attributes: map[string]schema.Attribute{
			"base_url": text("Address of UiPath, such as `https://cloud.uipath.com` (the default), `https://govcloud.uipath.us` or the address of " +
				"your own installation. Plain `http` is accepted for this machine only. Environment: `UIPATH_URI`."),
			"organization": text("Name or GUID of the organization. Required if neither the credentials nor the server tell it. A " +
				"personal access token does not. " +
				"Environment: `UIPATH_ORGANIZATION`."),
			"tenant": text("Name or GUID of the tenant that resources belong to by default. Environment: `UIPATH_TENANT`."),
			"client_id": text("Client id of a confidential external application. Environment: `UIPATH_CLIENT_ID`. " +
				"Excludes `access_token`."),
			"client_secret": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "Secret of the external application. Prefer the environment, `UIPATH_CLIENT_SECRET`, or an ephemeral variable: " +
					"Terraform stores ordinary variables in a saved plan.",
				Validators: notEmpty,
			},
			"scopes": schema.SetAttribute{
				ElementType: types.StringType, Optional: true,
				MarkdownDescription: "OAuth scopes to ask for with `client_id`. By default the token has the scopes that the application is " +
					"registered for. Access management itself needs none.",
				Validators: []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(notEmpty...)},
			},
			"access_token": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "Personal access token or other bearer token. Environment: `UIPATH_PAT`. " +
					"Excludes `client_id` and `client_secret`.",
				Validators: notEmpty,
			},
			"max_retries": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: fmt.Sprintf("How often a request is repeated when the server is busy or cannot be reached; %d by default. "+
					"A server that goes away during a run, or asks to slow down, is asked for half a minute at least. Only what is safe to repeat "+
					"is repeated, and nothing with `0`.", defaultMaxRetries),
				Validators: []validator.Int64{int64validator.Between(0, 20)},
			},
			"request_timeout": schema.StringAttribute{
				Optional: true, CustomType: timetypes.GoDurationType{},
				MarkdownDescription: fmt.Sprintf("How long one attempt of a request may take, such as `45s`; `%s` by default.", defaultRequestTimeout),
				Validators:          []validator.String{durationAtLeast(time.Millisecond)},
			},
			"visibility_timeout": schema.StringAttribute{
				Optional: true, CustomType: timetypes.GoDurationType{},
				MarkdownDescription: "How long something freshly written may be missing from what the server shows before it counts as gone; " +
					"`1m` by default, `0s` with the reference backend.",
				Validators: []validator.String{durationAtLeast(0)},
			},
			"resolve_tenants": flag("Whether the names of tenants are read from the server; `true` by default. Set `false` for credentials that " +
				"may not read them: organization and tenants are then given as GUIDs, which are not checked, and plans show GUIDs in place of " +
				"names."),
			"resolve_principals": flag("Whether users, groups, robot accounts and external applications are looked up in the directory; `true` by " +
				"default. Set `false` for credentials that may not read it: principals are then given, and shown, by their ids."),
			"resolve_folders": flag("Whether folders of Orchestrator are looked up; `true` by default. Set `false` for credentials that may not " +
				"read them: the last part of `scope_name` is then the key of the folder, which is not checked."),
			"resolve_projects": flag("Whether projects of Document Understanding, IXP and Test Manager are looked up; `true` by default. Set `false` " +
				"for credentials that may not read them: the last part of `scope_name` is then the id of the project, which is not checked. No " +
				"public endpoint lists the projects of other services, so that their ids stand there always."),
			"validate_permissions": flag("Whether the permissions of a role are checked against the server's catalogue when planning; " +
				"`true` by default."),
			"validate_scope": flag("Whether a role is refused at a scope where it has no effect; `true` by default."),
			"reference_backend": schema.SingleNestedAttribute{
				Optional: true,
				MarkdownDescription: "Runs the bundled reference backend inside the provider, for trying things out and for testing modules " +
					"without an account. Excludes `base_url` and credentials. The provider's environment variables are not read.",
				Attributes: map[string]schema.Attribute{
					"data_file": text("File that keeps the backend's data between plan and apply, relative to the working directory. " +
						"It is created when missing. Exactly one of `data_file` and `fresh` is needed."),
					"fresh": flag("`true` begins anew with each Terraform process, and keeps the data in a private folder below `.terraform` as long as it " +
						"runs. It is meant for `terraform test`, where all runs of a test file share the data and nothing is left for the next test. " +
						"A plan in a file cannot be applied later."),
					"seed_file": text("YAML file with the organization that a new data file begins with; the built-in one by default. " +
						"See the guide *Reference backend*."),
					"caller": text("Who acts: a user by user name or e-mail, or an external application by name or client id. By default the " +
						"`defaultCaller` of the seed."),
				},
			},
		},
	}
}

// refuseUnknown names every value of the provider configuration that is not known yet. Nothing can be planned without them,
// and a default in their place could reach the wrong organization.
func refuseUnknown(config tfsdk.Config) diag.Diagnostics {
	var diags diag.Diagnostics
	err := tftypes.Walk(config.Raw, func(at *tftypes.AttributePath, value tftypes.Value) (bool, error) {
		if value.IsKnown() {
			return true, nil
		}
		attribute := path.Empty()
		var names []string
		for _, step := range at.Steps() {
			if name, ok := step.(tftypes.AttributeName); ok {
				attribute, names = attribute.AtName(string(name)), append(names, string(name))
			}
		}
		diags.AddAttributeError(attribute, "Unknown provider configuration value",
			fmt.Sprintf("The value of %q is known only after apply, but the provider needs it to plan. "+
				"Use a value that is known when planning, or apply what it comes from first with -target.", strings.Join(names, ".")))
		return false, nil
	})
	if err != nil {
		diags.AddError("Provider configuration cannot be read", err.Error())
	}
	return diags
}

// setting returns the attribute where it is set, else the environment variable.
func setting(attribute types.String, getenv func(string) string, variable string) string {
	if !attribute.IsNull() {
		return attribute.ValueString()
	}
	return getenv(variable)
}

// clientConfig turns the configuration of a real server into that of the client, which says what is missing. Contradictions
// are judged within one source, and an attribute beats the environment.
func (m configurationModel) clientConfig(getenv func(string) string) (uipath.Config, diag.Diagnostics) {
	config := m.commonConfig()
	config.BaseURL = setting(m.BaseURL, getenv, envBaseURL)
	config.Organization = setting(m.Organization, getenv, envOrganization)
	config.Tenant = setting(m.Tenant, getenv, envTenant)

	pair, token := !m.ClientID.IsNull() || !m.ClientSecret.IsNull() || m.Scopes != nil, !m.AccessToken.IsNull()
	envPair, envToken := getenv(envClientID) != "" || getenv(envClientSecret) != "", getenv(envAccessToken) != ""
	var diags diag.Diagnostics
	switch {
	case pair && token:
		diags.AddAttributeError(path.Root("access_token"), contradictory,
			"access_token (environment "+envAccessToken+") excludes client_id ("+envClientID+"), client_secret ("+envClientSecret+") and scopes: "+
				"they are two ways to sign in. Set one of them.")
	case !pair && !token && envPair && envToken:
		diags.AddError(contradictory, "The environment has both "+envAccessToken+" (access_token) and "+envClientID+" or "+envClientSecret+
			" (client_id, client_secret): they are two ways to sign in. Unset one of them, or choose by setting the attributes.")
	case token, !pair && envToken:
		config.AccessToken = setting(m.AccessToken, getenv, envAccessToken)
	default:
		config.ClientID = setting(m.ClientID, getenv, envClientID)
		config.ClientSecret = setting(m.ClientSecret, getenv, envClientSecret)
		config.Scopes = m.Scopes
	}
	diags.Append(m.checkSandbox(config.BaseURL, getenv)...)
	return config, diags
}

// checkSandbox refuses any address but that of the reference backend which runs the command, so that what a configuration says never
// reaches a real organization.
func (m configurationModel) checkSandbox(address string, getenv func(string) string) diag.Diagnostics {
	sandbox := getenv(envSandbox)
	if sandbox == "" || strings.EqualFold(strings.TrimRight(address, "/"), strings.TrimRight(sandbox, "/")) {
		return nil
	}
	if address == "" {
		address = "the default address"
	}
	detail := fmt.Sprintf("%s allows %s only: the reference backend runs this command, and nothing in it may reach another server, but the "+
		"configuration leads to %s. Leave base_url to the environment (%s), or run the command outside the reference backend.",
		envSandbox, sandbox, address, envBaseURL)
	if m.BaseURL.IsNull() {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Address outside the sandbox", detail)}
	}
	return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("base_url"), "Address outside the sandbox", detail)}
}

// referenceConfig checks what reference_backend excludes and returns the client's configuration without address and token.
func (m configurationModel) referenceConfig(getenv func(string) string) (uipath.Config, diag.Diagnostics) {
	config := m.commonConfig()
	config.Organization = m.Organization.ValueString()
	config.Tenant = m.Tenant.ValueString()
	var diags diag.Diagnostics
	for _, excluded := range []struct {
		name string
		set  bool
	}{
		{"base_url", !m.BaseURL.IsNull()}, {"client_id", !m.ClientID.IsNull()}, {"client_secret", !m.ClientSecret.IsNull()},
		{"scopes", m.Scopes != nil}, {"access_token", !m.AccessToken.IsNull()},
	} {
		if excluded.set {
			diags.AddAttributeError(path.Root(excluded.name), contradictory, fmt.Sprintf("reference_backend excludes %s: the backend runs inside "+
				"the provider, and reference_backend.caller says who acts. Remove one of them.", excluded.name))
		}
	}
	if backend := m.ReferenceBackend; backend != nil && backend.DataFile.IsNull() == !backend.Fresh.ValueBool() {
		diags.AddAttributeError(path.Root("reference_backend"), contradictory,
			"reference_backend needs either data_file, which keeps the data, or fresh = true, which begins anew with each Terraform process.")
	}
	if run := getenv("TFC_RUN_ID"); run != "" {
		diags.AddAttributeError(path.Root("reference_backend"), "Reference backend in a remote run",
			fmt.Sprintf("This is the remote run %s (TFC_RUN_ID), which would lose the backend's data file between plan and apply. "+
				"Run the backend as a server that plan and apply can both reach, and set base_url.", run))
	}
	return config, diags
}

func (m configurationModel) commonConfig() uipath.Config {
	config := uipath.Config{
		ResolveTenants: m.ResolveTenants.IsNull() || m.ResolveTenants.ValueBool(),
		Connection:     uipath.Connection{MaxRetries: defaultMaxRetries, RequestTimeout: duration(m.RequestTimeout, defaultRequestTimeout)},
	}
	if !m.MaxRetries.IsNull() {
		config.MaxRetries = int(m.MaxRetries.ValueInt64())
	}
	return config
}

func duration(value timetypes.GoDuration, otherwise time.Duration) time.Duration {
	if value.IsNull() {
		return otherwise
	}
	d, _ := value.ValueGoDuration() // The type has validated it.
	return d
}
