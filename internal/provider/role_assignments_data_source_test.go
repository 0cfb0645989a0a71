package provider_test

import (
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
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

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/acctest"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

const (
	productionID = "1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90"
	invoicesKey  = "4a000000-0000-4000-8000-000000000002"
	goneRole     = "3d000000-0000-4000-8000-0000000000ff"
	goneUser     = "3a000000-0000-4000-8000-0000000000ff"
	goneProject  = "4b000000-0000-4000-8000-0000000000ff"
	goneFolder   = "4a000000-0000-4000-8000-0000000000ff"
)

// reviewSeed is an organization with everything that a review has to tell apart.
const reviewSeed = `
organization: {name: acme, defaultCaller: ada@acme.example}
tenants:
  - {id: ` + productionID + `, name: Production, services: [Orchestrator, Document Understanding, Task Mining]}
  - {id: 2f7b1d63-4a5c-4e9f-8b82-6c3d7e8f9a01, name: Staging}
users:
  - {id: 3a000000-0000-4000-8000-000000000001, userName: ada@acme.example, displayName: Ada Lovelace}
  - {id: 3a000000-0000-4000-8000-000000000002, userName: grace@acme.example, displayName: '=HYPERLINK("https://evil.example","Grace"), Hopper'}
  - {id: 3a000000-0000-4000-8000-000000000003, userName: barbara@acme.example, displayName: Barbara Liskov, source: directory}
  - {id: 3a000000-0000-4000-8000-000000000004, userName: jose@acme.example, displayName: "José\nÁlvarez ‑ 渡辺"}
groups:
  - {id: 3b000000-0000-4000-8000-000000000001, name: "+Auditors", members: [grace@acme.example, Inner]}
  - {id: 3b000000-0000-4000-8000-000000000002, name: Inner, members: [barbara@acme.example, "-robot"]}
robotAccounts:
  - {id: 3f000000-0000-4000-8000-000000000001, name: "-robot", displayName: "-Robot"}
externalApplications:
  - {id: 3c000000-0000-4000-8000-000000000001, name: "@review", secret: review-secret, scopes: [PM.User.Read, PM.Group.Read, PM.RobotAccount.Read, PM.OAuthApp.Read, OR.Folders.Read,
     Du.Digitization.Api]}
personalAccessTokens:
  - {user: ada@acme.example, token: ada-token, expires: 2099-12-31T00:00:00Z}
folders:
  - {id: 4a000000-0000-4000-8000-000000000001, tenant: Production, name: Finance}
  - {id: ` + invoicesKey + `, tenant: Production, name: Invoices, parent: Finance}
projects:
  - {id: 4b000000-0000-4000-8000-000000000001, tenant: Production, service: Document Understanding, name: Contracts}
roles:
  - id: 3d000000-0000-4000-8000-000000000001
    name: Operations
    description: "Runs, \"watches\"\nand mends."
    tenant: Production
    permissions: [ORCHESTRATOR.ROBOTS.VIEW]
assignments:
  - {role: Organization Administrator, principal: ada@acme.example, scope: /, type: BuiltIn}
  - {role: Access Viewer, principal: "@review", scope: /, createdBy: ada@acme.example}
  - {role: Tenant Administrator, principal: grace@acme.example, scope: /tenant/Production, createdBy: ada@acme.example}
  - {role: Operations, principal: "+Auditors", scope: /tenant/Production, createdBy: grace@acme.example}
  - {role: Operations, principal: jose@acme.example, scope: /tenant/Production/orchestrator, createdBy: grace@acme.example}
  - {role: {service: Orchestrator, name: Administrator}, principal: "-robot", scope: {tenant: Production, folder: Finance/Invoices}}
  - {role: {service: Document Understanding, name: Data Annotator}, principal: barbara@acme.example, scope: {tenant: Production, service: Document Understanding, project: Contracts}}
  - {role: {id: ` + goneRole + `}, principal: jose@acme.example, scope: /tenant/Staging}
  - {role: Operations, principal: {user: ` + goneUser + `}, scope: /tenant/Production}
  - {role: {service: Orchestrator, name: Administrator}, principal: barbara@acme.example, scope: /tenant/` + productionID + `/orchestrator/folder/` + goneFolder + `}
  - {role: {service: Document Understanding, name: Data Annotator}, principal: jose@acme.example, scope: /tenant/` + productionID + `/documentunderstanding/projects/` + goneProject + `}
`

func assignmentsRead(lines ...string) string {
	return "data \"uipath_role_assignments\" \"test\" {\n" + strings.Join(lines, "\n") + "\n}"
}

// exportOf downloads the file as the administrator would.
func exportOf(t *testing.T, b *acctest.Backend, query string) string {
	t.Helper()
	path := "/acme/pap_/api/userroleassignments/export?exportoutputtype=csv" + query
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.URL+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	token, err := b.Token(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	file, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s, %v: %s", answer.Status, err, file)
	}
	return string(file)
}

// reviewed reads the data source over the protocol.
func (p protocol) reviewed(attributes map[string]tftypes.Value) map[string]tftypes.Value {
	p.t.Helper()
	block := p.schema.DataSourceSchemas["uipath_role_assignments"].Block
	read, err := p.server.ReadDataSource(p.t.Context(), &tfprotov6.ReadDataSourceRequest{
		TypeName: "uipath_role_assignments", Config: p.object(block, attributes),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.noErrors(read.Diagnostics)
	return p.attributes(block.ValueType(), read.State)
}

func (p protocol) attributes(kind tftypes.Type, dynamic *tfprotov6.DynamicValue) map[string]tftypes.Value {
	p.t.Helper()
	value, err := dynamic.Unmarshal(kind)
	if err != nil {
		p.t.Fatal(err)
	}
	return members(p.t, value)
}

func members(t testing.TB, value tftypes.Value) map[string]tftypes.Value {
	t.Helper()
	var found map[string]tftypes.Value
	if err := value.As(&found); err != nil {
		t.Fatal(err)
	}
	return found
}

// rows are the assignments, by attribute; null is "(null)".
func rows(t testing.TB, read map[string]tftypes.Value) []map[string]string {
	t.Helper()
	var list []tftypes.Value
	if err := read["assignments"].As(&list); err != nil {
		t.Fatal(err)
	}
	found := make([]map[string]string, len(list))
	for i, one := range list {
		found[i] = map[string]string{}
		for name, value := range members(t, one) {
			found[i][name] = plain(t, value)
		}
	}
	return found
}

func plain(t testing.TB, value tftypes.Value) string {
	t.Helper()
	var s string
	var b bool
	switch {
	case value.IsNull():
		return "(null)"
	case value.Type().Is(tftypes.Bool):
		if err := value.As(&b); err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(b)
	}
	if err := value.As(&s); err != nil {
		t.Fatal(err)
	}
	return s
}

var everything = map[string]tftypes.Value{"scope": text("/"), "include_below": tftypes.NewValue(tftypes.Bool, true)}

func with(attributes map[string]tftypes.Value, name string, value tftypes.Value) map[string]tftypes.Value {
	more := map[string]tftypes.Value{name: value}
	for name, value := range attributes {
		if _, given := more[name]; !given {
			more[name] = value
		}
	}
	return more
}

var yes = tftypes.NewValue(tftypes.Bool, true)

// TestRoleAssignmentsFile compares the file with the backend's own, and with what a reader of CSV makes of it.
func TestRoleAssignmentsFile(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{Seed: []byte(reviewSeed)})
	p := configured(t, b)
	for query, attributes := range map[string]map[string]tftypes.Value{
		"": everything, "&expandgroupmemberships=true": with(everything, "expand_group_memberships", yes),
	} {
		read := p.reviewed(attributes)
		if diff := cmp.Diff(exportOf(t, b, query), plain(t, read["csv"])); diff != "" {
			t.Errorf("%q: the file differs from the backend's own:\n%s", query, diff)
		}
		if got := plain(t, read["source"]); got != "export" {
			t.Errorf("the source is %q", got)
		}
		records, err := csv.NewReader(strings.NewReader(plain(t, read["csv"]))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if len(records) != len(rows(t, read))+1 {
			t.Errorf("%d lines for %d rows", len(records), len(rows(t, read)))
		}
		for _, row := range rows(t, read) {
			if !slices.ContainsFunc(records, func(cells []string) bool {
				var record access.ExportRecord
				for i, column := range record.Columns() {
					*column = cells[i]
				}
				return record.ID == row["id"] && record.SecurityPrincipalID == row["security_principal_id"] &&
					(record.SecurityPrincipalDisplayName == row["security_principal_display_name"] ||
						row["security_principal_display_name"] == "(null)") &&
					(record.RoleDescription == row["role_description"] || row["role_description"] == "(null)")
			}) {
				t.Errorf("the file has no line for %v", row)
			}
		}
	}
	escaped := plain(t, p.reviewed(with(everything, "escape_formulas", yes))["csv"])
	for _, cell := range []string{`"'=HYPERLINK(""https://evil.example"",""Grace""), Hopper"`, ",'+Auditors,", ",'-Robot,", ",'@review,"} {
		if !strings.Contains(escaped, cell) {
			t.Errorf("%s is not escaped in\n%s", cell, escaped)
		}
	}
	if plainFile := exportOf(t, b, ""); strings.Contains(plainFile, "'=") || !strings.Contains(plainFile, ",+Auditors,") {
		t.Error("the backend's own file is escaped")
	}
}

// TestRoleAssignmentsBySource compares the rows of the export with those that an external application gets from the listing.
func TestRoleAssignmentsBySource(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{Seed: []byte(reviewSeed)})
	administrator := configured(t, b)
	application := configuredWith(t, b, map[string]tftypes.Value{
		"access_token": tftypes.NewValue(tftypes.String, nil), "client_id": text("3c000000-0000-4000-8000-000000000001"),
		"client_secret": text("review-secret"), "organization": text("acme"),
	})
	for name, attributes := range map[string]map[string]tftypes.Value{
		"everything": everything,
		"expanded":   with(everything, "expand_group_memberships", yes),
		"exact":      {"scope": text("/tenant/" + productionID)},
		"inherited":  {"scope": text("/tenant/" + productionID + "/orchestrator/folder/" + invoicesKey), "include_inherited": yes},
		"both":       {"scope": text("/tenant/" + productionID + "/documentunderstanding"), "include_inherited": yes, "include_below": yes},
		"of a user": with(with(everything, "expand_group_memberships", yes), "principal_id",
			text("3A000000-0000-4000-8000-000000000003")),
	} {
		exported, listed := administrator.reviewed(attributes), application.reviewed(attributes)
		if got := plain(t, listed["source"]); got != "listing" {
			t.Errorf("%s: the source is %q", name, got)
		}
		want, got := rows(t, exported), rows(t, listed)
		if len(want) == 0 {
			t.Errorf("%s: nothing was found", name)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: the rows of export and listing differ:\n%s", name, diff)
		}
		// The export has its lines in an order of its own.
		lines := func(read map[string]tftypes.Value) int { return strings.Count(plain(t, read["csv"]), productionID) }
		if lines(exported) != lines(listed) {
			t.Errorf("%s: the files differ:\n%s\n%s", name, plain(t, exported["csv"]), plain(t, listed["csv"]))
		}
	}
	requests := b.Journal()
	if requests["ExportAssignments"] != 4 {
		t.Errorf("%d requests for the export: want one of each provider, with and without members", requests["ExportAssignments"])
	}
}

// TestRoleAssignmentsStandOut looks at what a review is for: grants of what is gone, and grants that do nothing.
func TestRoleAssignmentsStandOut(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{Seed: []byte(reviewSeed)})
	p := configured(t, b)
	standing := map[string]string{}
	for _, row := range rows(t, p.reviewed(everything)) {
		standing[row["principal_name"]+" @ "+row["scope_with_display_names"]] = strings.Join([]string{
			row["principal_exists"], row["role_exists"], row["scope_exists"], row["effective"],
		}, " ")
	}
	want := map[string]string{
		"Ada Lovelace @ /":                     "true true true true",
		"@review @ /":                          "true true true true",
		goneUser + " @ /tenant/Production":     "false true true true",
		"José\nÁlvarez ‑ 渡辺 @ /tenant/Staging": "true false true false",
		"José\nÁlvarez ‑ 渡辺 @ /tenant/Production/Orchestrator":                                   "true true true false",
		"José\nÁlvarez ‑ 渡辺 @ /tenant/Production/Document Understanding/projects/" + goneProject: "true true false true",
		"barbara@acme.example @ /tenant/Production/Orchestrator/folder/" + goneFolder:            "true true false true",
		"barbara@acme.example @ /tenant/Production/Document Understanding/projects/Contracts":    "true true true true",
		"-Robot @ /tenant/Production/Orchestrator/folder/Finance/Invoices":                       "true true true true",
		"+Auditors @ /tenant/Production":                                                         "true true true true",
		`=HYPERLINK("https://evil.example","Grace"), Hopper @ /tenant/Production`:                "true true true true",
	}
	if diff := cmp.Diff(want, standing); diff != "" {
		t.Error(diff)
	}
	quiet := configuredWith(t, b, map[string]tftypes.Value{"resolve_principals": tftypes.NewValue(tftypes.Bool, false)})
	before := b.Journal()
	for _, row := range rows(t, quiet.reviewed(everything)) {
		if row["security_principal_id"] == goneUser && (row["principal_exists"] != "(null)" || row["principal_name"] != goneUser) {
			t.Errorf("with resolve_principals = false somebody who is not named is shown as %v", row)
		}
	}
	if after := b.Journal(); after["ListUsers"] != before["ListUsers"] {
		t.Error("with resolve_principals = false the directory was asked")
	}
}

// TestRoleAssignmentsRequests reads five hundred rows with one request for them, one for the roles, and none for each.
func TestRoleAssignmentsRequests(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{Seed: audited(500)})
	p := configured(t, b)
	before := b.Journal()
	for range 3 {
		if got := len(rows(t, p.reviewed(everything))); got != 501 {
			t.Fatalf("%d rows", got)
		}
	}
	asked := map[string]int{}
	for operation, n := range b.Journal() {
		if n > before[operation] {
			asked[operation] = n - before[operation]
		}
	}
	if diff := cmp.Diff(map[string]int{"ExportAssignments": 1, "ListRoles": 1}, asked); diff != "" {
		t.Errorf("the server was asked for something else:\n%s", diff)
	}
}

func TestAccRoleAssignmentsDataSource(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{Seed: []byte(reviewSeed)})
	refused := func(want string, lines ...string) resource.TestStep {
		return resource.TestStep{Config: b.Config(t, "", assignmentsRead(lines...)), ExpectError: regexp.MustCompile(`(?s)` + want)}
	}
	whole := `scope = "/"`
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			refused(`Missing scope.*scope_name`),
			refused(`Invalid scope.*begin\s+with`, `scope = "tenant"`),
			refused(`Scope not found.*no\s+tenant\s+"1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f91"`, `scope = "/tenant/1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f91"`),
			refused(`Unknown service.*"Excel".*role_type value must be one of.*assignment_type value must be one of`,
				whole, `service = "Excel"`, `role_type = "Static"`, `assignment_type = "Platform"`),
			refused(`Not a GUID.*role_ids set must contain at least 1 elements`, whole, `principal_id = "grace"`, `role_ids = []`),
			{
				Config: b.Config(t, "", assignmentsRead(whole, `include_below = true`, `service = "Orchestrator"`)),
				ConfigStateChecks: []statecheck.StateCheck{
					expectData("uipath_role_assignments", "assignments", knownvalue.ListSizeExact(2)),
					expectData("uipath_role_assignments", "source", knownvalue.StringExact("export")),
				},
			},
		},
	})
}

// TestRoleAssignmentsFilters counts what reach and filters leave.
func TestRoleAssignmentsFilters(t *testing.T) {
	t.Parallel()
	p := configured(t, acctest.NewBackend(t, backend.Options{Seed: []byte(reviewSeed)}))
	at := map[string]tftypes.Value{"scope": text("/tenant/" + strings.ToUpper(productionID))}
	barbara := text("3a000000-0000-4000-8000-000000000003")
	for name, test := range map[string]struct {
		attributes map[string]tftypes.Value
		want       int
	}{
		"exactly there":       {at, 3},
		"inherited":           {with(at, "include_inherited", yes), 5},
		"below":               {with(at, "include_below", yes), 8},
		"with members":        {with(at, "expand_group_memberships", yes), 7},
		"everything":          {everything, 11},
		"of no role":          {with(everything, "service", text("Task Mining")), 0},
		"of a service":        {with(everything, "service", text("Orchestrator")), 2},
		"of a role type":      {with(everything, "role_type", text("Custom")), 3},
		"of the platform":     {with(everything, "assignment_type", text("BuiltIn")), 1},
		"of a role":           {with(everything, "role_ids", texts("3D000000-0000-4000-8000-000000000001")), 3},
		"of two roles":        {with(everything, "role_ids", texts("3d000000-0000-4000-8000-000000000001", goneRole)), 4},
		"of a user":           {with(everything, "principal_id", barbara), 2},
		"of a user in groups": {with(with(everything, "expand_group_memberships", yes), "principal_id", barbara), 3},
		"of both":             {with(with(everything, "service", text("orchestrator")), "principal_id", text("3f000000-0000-4000-8000-000000000001")), 1},
	} {
		if got := rows(t, p.reviewed(test.attributes)); len(got) != test.want {
			t.Errorf("%s: %d rows, want %d", name, len(got), test.want)
		}
	}
}

// TestAccRoleAssignmentsDataSource_inherited looks at the tenant administrator at a service, where the platform shows the role too
// and does not let it be removed.
func TestAccRoleAssignmentsDataSource_inherited(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	p := configured(t, b)
	found := map[string]string{}
	for _, row := range rows(t, p.reviewed(map[string]tftypes.Value{
		"scope": text("/tenant/" + productionID + "/documentunderstanding"), "include_inherited": yes,
	})) {
		found[row["principal_name"]+" -> "+row["role_name"]] = "inherited " + row["inherited"] + ", mutable " + row["mutable"]
	}
	for who, want := range map[string]string{
		"Grace Hopper -> Tenant Administrator":                 "inherited true, mutable false",
		"Administrators -> Organization Administrator":         "inherited true, mutable false",
		"barbara.liskov@acme.example -> Document Project Lead": "inherited false, mutable true",
	} {
		if found[who] != want {
			t.Errorf("%s: %q, want %q", who, found[who], want)
		}
	}
}

func TestAccRoleAssignmentsDataSource_callers(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	step := func(caller, settings string, lines ...string) string {
		return b.ConfigWith(t, caller, settings, assignmentsRead(lines...))
	}
	at := `scope = "/tenant/` + productionID + `"`
	quiet := "resolve_principals = false"
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config:      step("katherine.johnson@acme.example", "", at),
				ExpectError: regexp.MustCompile(`(?s)not\s+authorized\s+to\s+read\s+role\s+assignments\s+of\s+the\s+tenant\s+Production`),
			},
			{
				// The names of who made what come from the directory, which is closed to a tenant administrator.
				Config:      step("grace.hopper@acme.example", "", at),
				ExpectError: regexp.MustCompile(`(?s)Directory cannot be read.*resolve_principals`),
			},
			{
				// What is below is listed if the caller may list the organization.
				Config:      step("grace.hopper@acme.example", quiet, at, "include_below = true"),
				ExpectError: regexp.MustCompile(`(?s)not\s+authorized\s+to\s+read\s+role\s+assignments\s+of\s+the\s+organization`),
			},
			{
				Config: step("grace.hopper@acme.example", quiet, at),
				ConfigStateChecks: []statecheck.StateCheck{
					expectData("uipath_role_assignments", "source", knownvalue.StringExact("listing")),
					expectData("uipath_role_assignments", "assignments", knownvalue.ListSizeExact(3)),
				},
			},
		},
	})
}
