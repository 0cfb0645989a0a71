package provider_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/acctest"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// grants gives a permission at the service and, of a recorder, at the projects.
func (m miner) grants(principal string, kind access.PrincipalType, permission access.TaskMiningPermission, projects ...string) {
	m.t.Helper()
	m.assigns(principal, kind, permission, append([]string{""}, projects...)...)
}

// assigns gives the role of a permission at projects, of which "" is the service.
func (m miner) assigns(principal string, kind access.PrincipalType, permission access.TaskMiningPermission, projects ...string) {
	m.t.Helper()
	var add []uipath.Grant
	for _, project := range projects {
		add = append(add, uipath.Grant{Key: m.key(principal, permission, project), PrincipalType: kind})
	}
	if err := m.b.Client(m.t).Change(context.Background(), add, nil); err != nil {
		m.t.Fatal(err)
	}
}

// studied is a study: who records, who reviews, who administers.
func studied(t *testing.T, b *acctest.Backend) {
	t.Helper()
	m := newMiner(t, b)
	m.grants(grace, access.PrincipalUser, access.TaskMiningAdmin)
	m.grants(katherine, access.PrincipalUser, access.TaskMiningProcessSME)
	m.grants(katherine, access.PrincipalUser, access.TaskMiningUser, payables)
	m.grants(edsger, access.PrincipalUser, access.TaskMiningUser, payables, customers)
	m.grants(processes, access.PrincipalGroup, access.TaskMiningUser, payables)
	m.assigns(ada, access.PrincipalUser, access.TaskMiningUser, customers)
}

// users reads the list of users, a line for each.
func (p protocol) users(attributes map[string]tftypes.Value) []string {
	p.t.Helper()
	read, diagnostics := p.read("uipath_task_mining_permissions", attributes)
	p.noErrors(diagnostics)
	told := []string{}
	for _, one := range list(p.t, read["permissions"]) {
		user := members(p.t, one)
		projects := "(null)"
		if !user["project_ids"].IsNull() {
			projects = "[" + strings.Join(sortedTexts(p.t, user["project_ids"]), " ") + "]"
		}
		told = append(told, strings.Join([]string{
			plain(p.t, user["principal_type"]), plain(p.t, user["principal_name"]), plain(p.t, user["email"]), plain(p.t, user["permission"]), projects,
			plain(p.t, user["through_group_name"]),
		}, ", "))
	}
	return told
}

func TestTaskMiningUsers(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	if got := configured(t, b).users(nil); len(got) != 0 {
		t.Errorf("before the study there are %q", got)
	}
	studied(t, b)
	p := configured(t, b)
	want := []string{
		"User, Ada Lovelace, ada.lovelace@acme.example, (null), [" + customers + "], (null)",
		"User, Barbara Liskov, barbara.liskov@acme.example, User, [" + payables + "], Process Discovery",
		"User, Edsger Dijkstra, edsger.dijkstra@acme.example, User, [" + payables + " " + customers + "], (null)",
		"User, Edsger Dijkstra, edsger.dijkstra@acme.example, User, [" + payables + "], Process Discovery",
		"User, Grace Hopper, grace.hopper@acme.example, Admin, [], (null)",
		"Group, Invoice Processing, (null), User, [" + payables + "], Process Discovery",
		// Of several the strongest counts, and who reviews reaches every project.
		"User, Katherine Johnson, katherine.johnson@acme.example, Process SME, [], (null)",
		"User, Katherine Johnson, katherine.johnson@acme.example, User, [" + payables + "], Process Discovery",
		"Group, Process Discovery, (null), User, [" + payables + "], (null)",
	}
	if diff := cmp.Diff(want, p.users(nil)); diff != "" {
		t.Errorf("the users are others:\n%s", diff)
	}
	if got := p.users(map[string]tftypes.Value{"tenant_id": text(staging)}); len(got) != 0 {
		t.Errorf("in Staging there are %q", got)
	}
	if got := p.users(map[string]tftypes.Value{"tenant_id": text(strings.ToUpper(productionID))}); len(got) != len(want) {
		t.Errorf("the tenant in upper case has %q", got)
	}
}

// TestTaskMiningUsersWithoutDirectory shows who holds something as the listing does, and asks the directory for nothing.
func TestTaskMiningUsersWithoutDirectory(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	studied(t, b)
	p := configuredWith(t, b, unresolved)
	before := b.Journal()
	got := p.users(nil)
	for operation, n := range b.Journal() {
		if n > before[operation] && operation != "ListAssignments" && operation != "ListRoles" {
			t.Errorf("%d requests to %s", n-before[operation], operation)
		}
	}
	if len(got) != 5 || slices.ContainsFunc(got, func(user string) bool { return !strings.HasSuffix(user, ", (null)") }) {
		t.Errorf("who holds something itself is not all there is: %q", got)
	}
}

// TestTaskMiningUsersForAdmin reads as somebody who administers Task Mining and nothing else: the service can be listed, its projects
// cannot.
func TestTaskMiningUsersForAdmin(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	m := newMiner(t, b)
	m.grants(katherine, access.PrincipalUser, access.TaskMiningAdmin)
	m.grants(edsger, access.PrincipalUser, access.TaskMiningUser, payables)
	m.grants(processes, access.PrincipalGroup, access.TaskMiningUser, payables)
	m.assigns(ada, access.PrincipalUser, access.TaskMiningUser, customers)
	const caller = "katherine.johnson@acme.example"
	permissions := map[string]string{}
	for _, user := range configuredAs(t, b, caller, unresolved).users(nil) {
		columns := strings.Split(user, ", ")
		permissions[columns[1]] = columns[3] + " of " + columns[4]
	}
	want := map[string]string{
		"Katherine Johnson": "Admin of (null)", "Edsger Dijkstra": "User of (null)", "Process Discovery": "User of (null)",
	}
	if diff := cmp.Diff(want, permissions); diff != "" {
		t.Errorf("the users are others:\n%s", diff)
	}
	_, diagnostics := configuredAs(t, b, caller, unresolved).read("uipath_task_mining_permissions", map[string]tftypes.Value{"tenant_id": text(staging)})
	refused(t, diagnostics, `Reading Task Mining permissions failed: .*"Staging" .*403`)
	_, diagnostics = configuredAs(t, b, "alan.turing@acme.example", unresolved).read("uipath_task_mining_permissions", nil)
	refused(t, diagnostics, `Reading Task Mining permissions failed: .*"Production" .*not authorized to read role assignments`)
}

// departed is the organization of the reviews after somebody left who still holds a Task Mining permission.
const departed = reviewSeed + `
  - {role: {service: Task Mining, name: Admin}, principal: {user: ` + goneUser + `}, scope: /tenant/Production/taskmining}
  - {role: {service: Task Mining, name: User}, principal: Inner, scope: /tenant/Production/taskmining}
`

func TestTaskMiningUsersDeparted(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{Seed: []byte(departed)})
	want := []string{
		"Robot, -Robot, (null), User, [], Inner",
		"User, " + goneUser + ", (null), Admin, [], (null)",
		"User, Barbara Liskov, barbara@acme.example, User, [], Inner",
		"Group, Inner, (null), User, [], (null)",
	}
	if diff := cmp.Diff(want, configured(t, b).users(nil)); diff != "" {
		t.Errorf("the users are others:\n%s", diff)
	}
}

func TestAccTaskMiningPermissionsDataSource(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	newMiner(t, b).grants(invoicing, access.PrincipalGroup, access.TaskMiningUser, payables)
	read := func(lines string) string {
		return b.Config(t, "", "data \"uipath_task_mining_permissions\" \"test\" {\n"+lines+"\n}")
	}
	row := func(i int, attributes map[string]knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("data.uipath_task_mining_permissions.test", tfjsonpath.New("permissions").AtSliceIndex(i), knownvalue.ObjectExact(attributes))
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: read(`tenant_id = "Production"`), ExpectError: regexp.MustCompile(`(?s)Not a GUID.*"Production"`)},
			{Config: read(`tenant_id = "` + nobody + `"`), ExpectError: regexp.MustCompile(`(?s)Tenant not found.*` + nobody)},
			{
				Config:      b.ConfigWith(t, "", "", `data "uipath_task_mining_permissions" "test" {}`),
				ExpectError: regexp.MustCompile(`(?s)No tenant.*The\s+list\s+of\s+Task\s+Mining\s+permissions\s+belongs\s+to\s+no\s+tenant`),
			},
			{
				Config: read(""),
				ConfigStateChecks: []statecheck.StateCheck{
					expectData("uipath_task_mining_permissions", "tenant_id", knownvalue.StringExact(productionID)),
					expectData("uipath_task_mining_permissions", "tenant_name", knownvalue.StringExact("Production")),
					expectData("uipath_task_mining_permissions", "permissions", knownvalue.ListSizeExact(3)),
					row(1, map[string]knownvalue.Check{
						"principal_id": knownvalue.StringExact(edsger), "principal_type": knownvalue.StringExact("User"),
						"principal_name": knownvalue.StringExact("Edsger Dijkstra"), "email": knownvalue.StringExact("edsger.dijkstra@acme.example"),
						"permission": knownvalue.StringExact("User"), "project_ids": knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact(payables)}),
						"through_group_id": knownvalue.StringExact(invoicing), "through_group_name": knownvalue.StringExact("Invoice Processing"),
					}),
					row(2, map[string]knownvalue.Check{
						"principal_id": knownvalue.StringExact(invoicing), "principal_type": knownvalue.StringExact("Group"),
						"principal_name": knownvalue.StringExact("Invoice Processing"), "email": knownvalue.Null(),
						"permission": knownvalue.StringExact("User"), "project_ids": knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact(payables)}),
						"through_group_id": knownvalue.Null(), "through_group_name": knownvalue.Null(),
					}),
				},
			},
		},
	})
}
