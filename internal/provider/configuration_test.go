package provider

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// sentinel is a secret that no error may show.
const sentinel = "s3cr3t-in-the-settings"

func environment(variables map[string]string) func(string) string {
	return func(name string) string { return variables[name] }
}

func TestClientConfig(t *testing.T) {
	t.Parallel()
	defaults := uipath.Config{ResolveTenants: true, Connection: uipath.Connection{MaxRetries: 4, RequestTimeout: 30 * time.Second}}
	with := func(change func(*uipath.Config)) uipath.Config {
		config := defaults
		change(&config)
		return config
	}
	everything := map[string]string{
		"UIPATH_URI": "https://env", "UIPATH_ORGANIZATION": "env-org", "UIPATH_TENANT": "env-tenant",
		"UIPATH_CLIENT_ID": "env-id", "UIPATH_CLIENT_SECRET": "env-secret",
	}
	both := maps.Clone(everything)
	both["UIPATH_PAT"] = "env-pat"
	for name, test := range map[string]struct {
		model configurationModel
		env   map[string]string
		want  uipath.Config
	}{
		"environment": {
			env: everything,
			want: with(func(c *uipath.Config) {
				c.BaseURL, c.Organization, c.Tenant, c.ClientID, c.ClientSecret = "https://env", "env-org", "env-tenant", "env-id", "env-secret"
			}),
		},
		"attributes beat the environment": {
			model: configurationModel{
				BaseURL: types.StringValue("https://attr"), Organization: types.StringValue("attr-org"), Tenant: types.StringValue("attr-tenant"),
				ClientID: types.StringValue("attr-id"), ClientSecret: types.StringValue("attr-secret"),
				MaxRetries: types.Int64Value(0), RequestTimeout: timetypes.NewGoDurationValueFromStringMust("5s"), ResolveTenants: types.BoolValue(false),
				Scopes: []string{"PM.User.Read"},
			},
			env: everything,
			want: uipath.Config{Tenant: "attr-tenant", Connection: uipath.Connection{
				BaseURL: "https://attr", Organization: "attr-org", ClientID: "attr-id", ClientSecret: "attr-secret",
				Scopes: []string{"PM.User.Read"}, RequestTimeout: 5 * time.Second,
			}},
		},
		"a token attribute beats client credentials of the environment": {
			model: configurationModel{AccessToken: types.StringValue("attr-pat")},
			env:   map[string]string{"UIPATH_CLIENT_ID": "env-id", "UIPATH_CLIENT_SECRET": "env-secret"},
			want:  with(func(c *uipath.Config) { c.AccessToken = "attr-pat" }),
		},
		"a client id attribute chooses, its secret comes from the environment": {
			model: configurationModel{ClientID: types.StringValue("attr-id")},
			env:   map[string]string{"UIPATH_PAT": "env-pat", "UIPATH_CLIENT_SECRET": "env-secret"},
			want:  with(func(c *uipath.Config) { c.ClientID, c.ClientSecret = "attr-id", "env-secret" }),
		},
		"a token of the environment": {
			env:  map[string]string{"UIPATH_PAT": "env-pat"},
			want: with(func(c *uipath.Config) { c.AccessToken = "env-pat" }),
		},
		"the address of the sandbox": {
			model: configurationModel{BaseURL: types.StringValue("http://LOCALHOST:1/")},
			env:   map[string]string{"UIPATH_SANDBOX": "http://localhost:1", "UIPATH_PAT": "env-pat"},
			want:  with(func(c *uipath.Config) { c.BaseURL, c.AccessToken = "http://LOCALHOST:1/", "env-pat" }),
		},
		"a token attribute beats a contradiction in the environment": {
			model: configurationModel{AccessToken: types.StringValue("attr-pat")},
			env:   map[string]string{"UIPATH_PAT": "env-pat", "UIPATH_CLIENT_ID": "env-id"},
			want:  with(func(c *uipath.Config) { c.AccessToken = "attr-pat" }),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, diags := test.model.clientConfig(environment(test.env))
			if diags.HasError() {
				t.Fatal(diags)
			}
			if diff := cmp.Diff(test.want, got, cmpopts.IgnoreUnexported(uipath.Config{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestClientConfigRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		model configurationModel
		env   map[string]string
		want  []string
	}{
		"two ways to sign in, as attributes": {
			model: configurationModel{AccessToken: types.StringValue(sentinel), ClientID: types.StringValue("id")},
			want:  []string{contradictory, "access_token", "UIPATH_PAT", "client_id", "UIPATH_CLIENT_ID"},
		},
		"a token with scopes": {
			model: configurationModel{
				AccessToken: types.StringValue(sentinel), Scopes: []string{"OR.Users"},
			},
			want: []string{contradictory, "scopes"},
		},
		"two ways to sign in, in the environment": {
			env:  map[string]string{"UIPATH_PAT": sentinel, "UIPATH_CLIENT_SECRET": sentinel},
			want: []string{contradictory, "UIPATH_PAT", "UIPATH_CLIENT_ID", "access_token"},
		},
		"another address in the sandbox": {
			model: configurationModel{BaseURL: types.StringValue("https://cloud.uipath.com")},
			env:   map[string]string{"UIPATH_SANDBOX": "http://127.0.0.1:4711", "UIPATH_URI": "http://127.0.0.1:4711", "UIPATH_PAT": sentinel},
			want:  []string{"outside the sandbox", "http://127.0.0.1:4711 only", "https://cloud.uipath.com", "UIPATH_URI"},
		},
		"an address that only begins like the sandbox's": {
			model: configurationModel{BaseURL: types.StringValue("http://127.0.0.1:4711.example")},
			env:   map[string]string{"UIPATH_SANDBOX": "http://127.0.0.1:4711"},
			want:  []string{"outside the sandbox"},
		},
		"no address in the sandbox": {
			env:  map[string]string{"UIPATH_SANDBOX": "http://127.0.0.1:4711", "UIPATH_PAT": sentinel},
			want: []string{"outside the sandbox", "the default address"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, diags := test.model.clientConfig(environment(test.env))
			expectRefusal(t, diags, test.want...)
		})
	}
}

func TestReferenceConfig(t *testing.T) {
	t.Parallel()
	model := configurationModel{Tenant: types.StringValue("Production"), ReferenceBackend: &referenceBackendModel{DataFile: types.StringValue("uipath.db")}}
	config, diags := model.referenceConfig(environment(map[string]string{"UIPATH_PAT": "ignored", "UIPATH_TENANT": "ignored"}))
	if diags.HasError() {
		t.Fatal(diags)
	}
	if config.Tenant != "Production" || config.AccessToken != "" {
		t.Errorf("the environment got into %+v", config)
	}

	model.BaseURL, model.AccessToken = types.StringValue("https://attr"), types.StringValue(sentinel)
	_, diags = model.referenceConfig(environment(nil))
	expectRefusal(t, diags, contradictory, "reference_backend excludes base_url", "reference_backend excludes access_token")

	model = configurationModel{ReferenceBackend: &referenceBackendModel{Fresh: types.BoolValue(true)}}
	if _, diags = model.referenceConfig(environment(nil)); diags.HasError() {
		t.Error(diags)
	}
	for _, wrong := range []*referenceBackendModel{
		{}, {Fresh: types.BoolValue(false)}, {DataFile: types.StringValue("uipath.db"), Fresh: types.BoolValue(true)},
	} {
		_, diags = configurationModel{ReferenceBackend: wrong}.referenceConfig(environment(nil))
		expectRefusal(t, diags, contradictory, "either data_file", "fresh = true")
	}

	_, diags = configurationModel{}.referenceConfig(environment(map[string]string{"TFC_RUN_ID": "run-1"}))
	expectRefusal(t, diags, "remote run", "run-1", "base_url")
}

// expectRefusal wants errors that contain all the texts, and no secret.
func expectRefusal(t *testing.T, diags diag.Diagnostics, texts ...string) {
	t.Helper()
	if !diags.HasError() {
		t.Fatal("it was accepted")
	}
	var b strings.Builder
	for _, d := range diags {
		b.WriteString(d.Summary() + "\n" + d.Detail() + "\n")
	}
	for _, text := range texts {
		if !strings.Contains(b.String(), text) {
			t.Errorf("the refusal does not say %q:\n%s", text, b.String())
		}
	}
	if strings.Contains(b.String(), sentinel) {
		t.Errorf("the refusal shows a secret:\n%s", b.String())
	}
}
