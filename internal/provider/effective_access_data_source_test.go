package provider_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/accessascode/terraform-provider-uipath/internal/acctest"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

const (
	ada     = "3a000000-0000-4000-8000-000000000001"
	staging = "2f7b1d63-4a5c-4e9f-8b82-6c3d7e8f9a01"
)

// unresolved is the setting of a provider that does not read the directory.
var unresolved = map[string]tftypes.Value{"resolve_principals": tftypes.NewValue(tftypes.Bool, false)}

// configuredAs is [configuredWith] acting as the caller.
func configuredAs(t testing.TB, b *acctest.Backend, caller string, further map[string]tftypes.Value) protocol {
	t.Helper()
	token, err := b.Token(t.Context(), caller)
	if err != nil {
		t.Fatal(err)
	}
	return configuredWith(t, b, with(further, "access_token", text(token)))
}

// read reads a data source over the protocol; what it gives is empty where there are errors.
func (p protocol) read(source string, attributes map[string]tftypes.Value) (map[string]tftypes.Value, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	block := p.schema.DataSourceSchemas[source].Block
	answer, err := p.server.ReadDataSource(p.t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: source, Config: p.object(block, attributes)})
	if err != nil {
		p.t.Fatal(err)
	}
	for _, d := range answer.Diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return nil, answer.Diagnostics
		}
	}
	return p.attributes(block.ValueType(), answer.State), answer.Diagnostics
}

// refused expects a single error, whose title and text match.
func refused(t testing.TB, diagnostics []*tfprotov6.Diagnostic, want string) {
	t.Helper()
	if len(diagnostics) != 1 || !regexp.MustCompile("(?s)"+want).MatchString(diagnostics[0].Summary+": "+diagnostics[0].Detail) {
		t.Errorf("want one error like %q, got", want)
		for _, d := range diagnostics {
			t.Errorf("  %s: %s", d.Summary, d.Detail)
		}
	}
}

// warned expects one warning for each text, in this order, and nothing else.
func warned(t testing.TB, diagnostics []*tfprotov6.Diagnostic, want ...string) {
	t.Helper()
	matches := len(diagnostics) == len(want)
	for i := range want {
		matches = matches && diagnostics[i].Severity == tfprotov6.DiagnosticSeverityWarning &&
			regexp.MustCompile("(?s)"+want[i]).MatchString(diagnostics[i].Summary+": "+diagnostics[i].Detail)
	}
	if !matches {
		t.Errorf("want warnings like %q, got", want)
		for _, d := range diagnostics {
			t.Errorf("  %s %s: %s", d.Severity, d.Summary, d.Detail)
		}
	}
}

// list are the elements of a list or a set.
func list(t testing.TB, value tftypes.Value) []tftypes.Value {
	t.Helper()
	var elements []tftypes.Value
	if err := value.As(&elements); err != nil {
		t.Fatal(err)
	}
	return elements
}

// sortedTexts are the elements of a set of strings, and nil where it is null.
func sortedTexts(t testing.TB, value tftypes.Value) []string {
	t.Helper()
	if value.IsNull() {
		return nil
	}
	found := []string{}
	for _, element := range list(t, value) {
		found = append(found, plain(t, element))
	}
	slices.Sort(found)
	return found
}

// effective asks what somebody can do.
func (p protocol) effective(principal, kind string, further map[string]tftypes.Value) map[string]tftypes.Value {
	p.t.Helper()
	read, diagnostics := p.read("uipath_effective_access", asked(principal, kind, further))
	p.noErrors(diagnostics)
	return read
}

func asked(principal, kind string, further map[string]tftypes.Value) map[string]tftypes.Value {
	return with(with(further, "principal_id", text(principal)), "principal_type", text(kind))
}

// through tells each grant with the group that it comes through, in the order of the list.
func through(t testing.TB, read map[string]tftypes.Value) []string {
	t.Helper()
	told := []string{}
	for _, grant := range list(t, read["grants"]) {
		shown := members(t, grant)
		one := plain(t, shown["role_name"]) + " @ " + plain(t, shown["scope_name"])
		if !shown["through_group_id"].IsNull() {
			one += " through " + plain(t, shown["through_group_name"])
		}
		told = append(told, one)
	}
	return told
}

func TestEffectiveAccess(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	p := configured(t, b)
	for _, test := range []struct {
		name, principal, kind, tenant, who string
		grants                             []string
	}{
		{"a user itself", grace, "User", "", "grace.hopper@acme.example", []string{"Tenant Administrator @ Production"}},
		{"a user through nested groups", edsger, "User", "", "edsger.dijkstra@acme.example", []string{
			"DU Viewer @ / through Automation Users", "Invoice Operations @ Production through Invoice Processing",
		}},
		{"a user of another tenant", strings.ToUpper(katherine), "User", staging, "katherine.johnson@acme.example", []string{
			"DU Viewer @ / through Automation Users", "Automation Auditor @ Staging",
		}},
		{"a group itself and through another", invoicing, "Group", strings.ToUpper(productionID), "Invoice Processing", []string{
			"DU Viewer @ / through Automation Users", "Invoice Operations @ Production",
		}},
		{"the organization administrator", ada, "User", "", "ada.lovelace@acme.example", []string{"Organization Administrator @ / through Administrators"}},
		{"somebody without any", "3a000000-0000-4000-8000-000000000008", "User", "", "dennis.ritchie@acme.example", []string{}},
	} {
		var further map[string]tftypes.Value
		if test.tenant != "" {
			further = map[string]tftypes.Value{"tenant_id": text(test.tenant)}
		}
		read := p.effective(test.principal, test.kind, further)
		if got := plain(t, read["principal_name"]); got != test.who {
			t.Errorf("%s is called %q, want %q", test.name, got, test.who)
		}
		if diff := cmp.Diff(test.grants, through(t, read)); diff != "" {
			t.Errorf("%s holds something else:\n%s", test.name, diff)
		}
		wantTenant, wantName := test.tenant, acctest.Production
		switch test.tenant {
		case "":
			wantTenant = productionID
		case staging:
			wantName = acctest.Staging
		}
		if got := plain(t, read["tenant_id"]) + " " + plain(t, read["tenant_name"]); got != wantTenant+" "+wantName {
			t.Errorf("%s was asked about in the tenant %s", test.name, got)
		}
	}
}

// TestEffectiveAccessGrant looks at all that is told of one grant.
func TestEffectiveAccessGrant(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	read := configured(t, b).effective(edsger, "User", nil)
	grants := list(t, read["grants"])
	if len(grants) != 2 {
		t.Fatalf("there are %d grants", len(grants))
	}
	told := map[string]string{}
	for name, value := range members(t, grants[1]) {
		if name == "permissions" {
			told[name] = strings.Join(sortedTexts(t, value), " ")
		} else {
			told[name] = plain(t, value)
		}
	}
	want := map[string]string{
		"role_id": invoices, "role_name": "Invoice Operations", "role_type": "Custom", "service_name": "Multi-service", "scope": productionPath,
		"scope_name": "Production", "through_group_id": invoicing, "through_group_name": "Invoice Processing", "granted_on": "2026-02-03T09:17:55Z",
		"permissions": "DOCUMENTUNDERSTANDING.PROJECTS.READ INSIGHTS.DASHBOARD.READ ORCHESTRATOR.MACHINES.VIEW ORCHESTRATOR.ROBOTS.VIEW",
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Error(diff)
	}
	// The permissions of all grants together, each once.
	together := sortedTexts(t, read["permissions"])
	each := slices.Concat(sortedTexts(t, members(t, grants[0])["permissions"]), sortedTexts(t, members(t, grants[1])["permissions"]))
	slices.Sort(each)
	if each = slices.Compact(each); !slices.Equal(together, each) || len(together) <= 4 {
		t.Errorf("the permissions are %q, want those of both grants, %q", together, each)
	}
}

// TestEffectiveAccessOfAdministrator holds that the organization administrator can do everything there is.
func TestEffectiveAccessOfAdministrator(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	catalogue, err := b.Client(t).Permissions(t.Context(), uipath.PermissionFilter{})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, permission := range catalogue {
		all = append(all, permission.Name)
	}
	slices.Sort(all)
	got := sortedTexts(t, configured(t, b).effective(ada, "User", nil)["permissions"])
	if diff := cmp.Diff(slices.Compact(all), got); diff != "" {
		t.Errorf("the organization administrator lacks or exceeds the catalogue:\n%s", diff)
	}
}

// TestEffectiveAccessRequests holds that the answer takes one request, and without names none to the directory.
func TestEffectiveAccessRequests(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	p := configuredWith(t, b, unresolved)
	before := b.Journal()
	read := p.effective(edsger, "User", nil)
	after := b.Journal()
	if got := after["EffectiveAccess"] - before["EffectiveAccess"]; got != 1 {
		t.Errorf("%d requests for the answer, want 1", got)
	}
	for operation, n := range after {
		if n > before[operation] && operation != "EffectiveAccess" && operation != "ListRoles" {
			t.Errorf("%d requests to %s", n-before[operation], operation)
		}
	}
	if want := []string{"DU Viewer @ / through (null)", "Invoice Operations @ Production through (null)"}; !slices.Equal(through(t, read), want) {
		t.Errorf("the grants are %q, want %q", through(t, read), want)
	}
	if !read["principal_name"].IsNull() {
		t.Errorf("the principal is called %q", plain(t, read["principal_name"]))
	}
	if got := plain(t, members(t, list(t, read["grants"])[1])["through_group_id"]); got != invoicing {
		t.Errorf("the group is %s, want %s", got, invoicing)
	}
}

func TestEffectiveAccessRefused(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	p := configured(t, b)
	const stranger = "3a000000-0000-4000-8000-0000000000ff"
	for _, test := range []struct {
		principal, kind, tenant, want string
	}{
		{stranger, "User", productionID, "Reading effective access failed: Reading what " + stranger + " can do in the tenant \"Production\" .*" + stranger},
		{invoicing, "User", productionID, "Reading effective access failed: .*Invoice Processing.*Group"},
		{grace, "User", "2f7b1d63-4a5c-4e9f-8b82-6c3d7e8f9aff", "Tenant not found: The effective access .*2f7b1d63-4a5c-4e9f-8b82-6c3d7e8f9aff"},
	} {
		_, diagnostics := p.read("uipath_effective_access", asked(test.principal, test.kind, map[string]tftypes.Value{"tenant_id": text(test.tenant)}))
		refused(t, diagnostics, test.want)
	}
	nowhere := configuredWith(t, b, map[string]tftypes.Value{"tenant": tftypes.NewValue(tftypes.String, nil)})
	_, diagnostics := nowhere.read("uipath_effective_access", asked(grace, "User", nil))
	refused(t, diagnostics, "No tenant: The effective access belongs to no tenant")
}

// TestEffectiveAccessCallers holds who may ask: whoever may read role assignments in the tenant.
func TestEffectiveAccessCallers(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	for caller, want := range map[string]string{
		"katherine.johnson@acme.example": "403.*not authorized.*Ask an organization administrator",
		"alan.turing@acme.example":       "403.*not authorized.*tenant Production.*Ask an organization administrator",
	} {
		_, diagnostics := configuredAs(t, b, caller, unresolved).read("uipath_effective_access", asked(edsger, "User", nil))
		refused(t, diagnostics, "Reading effective access failed: Reading what "+edsger+" can do in the tenant \"Production\" .*"+want)
	}
	// The lists of the directory are closed to a tenant administrator; who has an id is not.
	named := configuredAs(t, b, "grace.hopper@acme.example", nil).effective(edsger, "User", nil)
	if got := text("edsger.dijkstra@acme.example"); !named["principal_name"].Equal(got) {
		t.Errorf("Grace reads the name %s, want %s", named["principal_name"], got)
	}
	read := configuredAs(t, b, "grace.hopper@acme.example", unresolved).effective(edsger, "User", nil)
	if got := len(list(t, read["grants"])); got != 2 {
		t.Errorf("Grace sees %d grants", got)
	}
}

func TestAccEffectiveAccessDataSource(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	ask := func(principal, kind string) string {
		return b.Config(t, "", "data \"uipath_effective_access\" \"test\" {\n  principal_id = \""+principal+"\"\n  principal_type = \""+kind+"\"\n}")
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: ask("grace", "User"), ExpectError: regexp.MustCompile(`(?s)principal_id.*Not a GUID.*"grace"|Not a GUID.*principal_id.*"grace"`)},
			{Config: ask(grace, "Robot"), ExpectError: regexp.MustCompile(`(?s)principal_type.*"User".*"Group".*"Robot"`)},
			{
				Config: ask(strings.ToUpper(grace), "User"),
				ConfigStateChecks: []statecheck.StateCheck{
					expectData("uipath_effective_access", "principal_name", knownvalue.StringExact("grace.hopper@acme.example")),
					expectData("uipath_effective_access", "tenant_id", knownvalue.StringExact(productionID)),
					expectData("uipath_effective_access", "grants", knownvalue.ListSizeExact(1)),
					statecheck.ExpectKnownValue("data.uipath_effective_access.test", tfjsonpath.New("grants").AtSliceIndex(0), knownvalue.ObjectPartial(
						map[string]knownvalue.Check{
							"role_name": knownvalue.StringExact("Tenant Administrator"), "role_type": knownvalue.StringExact("Platform"),
							"scope_name": knownvalue.StringExact("Production"), "through_group_id": knownvalue.Null(), "through_group_name": knownvalue.Null(),
						})),
				},
			},
		},
	})
}
