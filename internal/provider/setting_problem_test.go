package provider

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// TestSettingProblems holds on which attribute each problem stands and what it says, and that no problem is left without words.
func TestSettingProblems(t *testing.T) {
	t.Parallel()
	happened := errors.New("the cause")
	wanted := map[uipath.Problem]struct {
		attribute string
		says      []string
	}{
		rest.BaseURLUnreadable:       {"base_url", []string{"UIPATH_URI", "not an address", "https://cloud.uipath.com"}},
		rest.BaseURLWithCredentials:  {"base_url", []string{"user name or password"}},
		rest.BaseURLNotHTTPS:         {"base_url", []string{`"V"`, "no https address"}},
		rest.BaseURLWithPath:         {"base_url", []string{`"V"`, "settings of their own"}},
		rest.BaseURLWithQuery:        {"base_url", []string{`"V"`, "query"}},
		rest.BaseURLUnencrypted:      {"base_url", []string{`"V"`, "in clear"}},
		rest.CredentialsMissing:      {"", []string{"UIPATH_PAT", "UIPATH_CLIENT_ID", "reference_backend"}},
		rest.CredentialsContradict:   {"access_token", []string{"keep one"}},
		rest.ClientIDMissing:         {"client_id", []string{"UIPATH_CLIENT_ID"}},
		rest.ClientSecretMissing:     {"client_secret", []string{`"V"`, "UIPATH_CLIENT_SECRET"}},
		rest.AccessTokenMalformed:    {"access_token", []string{"line break"}},
		rest.AccessTokenRefused:      {"access_token", []string{"UIPATH_PAT", "expired, revoked"}},
		rest.CredentialsRefused:      {"client_secret", []string{`"V"`, "client_id (UIPATH_CLIENT_ID)", "client_secret (UIPATH_CLIENT_SECRET)"}},
		rest.ClientNotConfidential:   {"client_id", []string{`"V"`, "confidential"}},
		rest.ScopesRefused:           {"scopes", []string{`"V"`, `"O"`, "application scopes"}},
		rest.ScopesMissing:           {"scopes", []string{`"V"`, "no application scopes"}},
		rest.ServerUntrusted:         {"base_url", []string{"No secure connection", "certificates"}},
		rest.HostUnknown:             {"base_url", []string{`There is no host "V"`}},
		rest.ServerSilent:            {"base_url", []string{"No answer", "proxy"}},
		rest.ServerForeign:           {"base_url", []string{`"V"`, "UiPath server"}},
		rest.TokenNotIssued:          {"base_url", []string{"without an access token"}},
		rest.OrganizationMalformed:   {"organization", []string{`"V"`, "UIPATH_ORGANIZATION", "GUID"}},
		rest.OrganizationNotFound:    {"organization", []string{`no organization "V"`, "UIPATH_ORGANIZATION"}},
		rest.OrganizationUnknown:     {"organization", []string{"UIPATH_ORGANIZATION", "opaque"}},
		rest.OrganizationUnresolved:  {"organization", []string{"as GUID", "resolve_tenants = false"}},
		rest.OrganizationContradicts: {"organization", []string{`"V"`, `credentials belong to the organization with the GUID "O"`}},
		rest.OrganizationWithoutID:   {"organization", []string{`"V"`, "GUID"}},
		rest.OrganizationUnconfirmed: {"organization", []string{`"V"`, "as GUID"}},
		rest.TenantNotGUID:           {"tenant", []string{`"V"`, "UIPATH_TENANT", "resolve_tenants = false"}},
		rest.TenantNotFound:          {"tenant", []string{"UIPATH_TENANT", `"O": the cause`}},
		rest.TenantsForbidden:        {"resolve_tenants", []string{"lack the right", "resolve_tenants = false", "as GUIDs"}},
		rest.RetriesNegative:         {"max_retries", []string{`"V"`, "negative"}},
		rest.TimeoutNegative:         {"request_timeout", []string{`"V"`, "negative"}},
	}
	for problem := rest.BaseURLUnreadable; problem <= rest.TimeoutNegative; problem++ {
		want, ok := wanted[problem]
		if !ok {
			t.Errorf("problem %d has no case", problem)
		}
		got := configurationFailure(&uipath.SettingError{Problem: problem, Value: "V", Other: "O", Err: happened})
		for _, text := range append(want.says, ": the cause") {
			if !strings.Contains(got.Detail(), text) {
				t.Errorf("problem %d: %q does not say %q", problem, got.Detail(), text)
			}
		}
		if on, ok := got.(diag.DiagnosticWithPath); ok != (want.attribute != "") || ok && !on.Path().Equal(path.Root(want.attribute)) {
			t.Errorf("problem %d stands on %v, want %q", problem, got, want.attribute)
		}
		if got.Summary() == "" || strings.ContainsAny(got.Detail(), "{}") {
			t.Errorf("problem %d: %q, %q", problem, got.Summary(), got.Detail())
		}
	}
	if got := configurationFailure(errors.New("down")); got.Summary() != "UiPath cannot be reached" {
		t.Errorf("trouble of the server is %q", got.Summary())
	}
}

// A setting can turn out wrong later, in the middle of a run.
func TestSettingProblemOfAnOperation(t *testing.T) {
	t.Parallel()
	refused := &uipath.SettingError{Problem: rest.AccessTokenRefused, Err: &uipath.Error{Operation: "read role", Status: 401}}
	got := failure("Reading role failed", "Reading the role X.", fmt.Errorf("wrapped: %w", refused))
	for _, text := range []string{"Reading the role X.\n\n", "access_token (UIPATH_PAT) is expired", "What happened: read role: HTTP 401"} {
		if !strings.Contains(got.Detail(), text) {
			t.Errorf("%q does not say %q", got.Detail(), text)
		}
	}
	slow := failure("Reading role failed", "Reading the role X.", &uipath.Error{Operation: "read role", Err: uipath.ErrTimeout})
	if !strings.Contains(slow.Detail(), "request_timeout") {
		t.Errorf("%q does not name the setting", slow.Detail())
	}
}
