package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/accessascode/terraform-provider-uipath/internal/acctest"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

// everythingSeed is the organization of the reviews with one of everything else that can be listed: names that look like something else,
// names that several bear, every kind of scope, every kind of holder of a Task Mining permission, and what is gone.
var everythingSeed = strings.NewReplacer(
	"services: [Orchestrator, Document Understanding, Task Mining]", "services: [Orchestrator, Document Understanding, Task Mining, IXP, Test Manager, Insights, Apps]",
	"name: Staging}", "name: Staging, services: [Task Mining, Insights]}",
	"\ngroups:", `
  - {id: 3a000000-0000-4000-8000-000000000011, userName: sam.one@acme.example, displayName: Sam}
  - {id: 3a000000-0000-4000-8000-000000000012, userName: sam.two@acme.example, displayName: Sam, invitationAccepted: false}
groups:
  - {id: 3b000000-0000-4000-8000-000000000011, name: Sam}
  - {id: 3b000000-0000-4000-8000-000000000012, name: "Production / Task Mining"}
  - {id: 3b000000-0000-4000-8000-000000000013, name: 3b000000-0000-4000-8000-000000000011}
  - {id: 3b000000-0000-4000-8000-000000000014, name: "/"}`,
	"\nfolders:", `
folders:
  - {id: 4a000000-0000-4000-8000-000000000011, tenant: Production, name: "Invoices "}
  - {id: 4a000000-0000-4000-8000-000000000012, tenant: Production, name: " - Orchestrator ", parent: "Invoices "}`,
	"\nroles:", `
  - {id: 4b000000-0000-4000-8000-000000000011, tenant: Production, service: Document Understanding, name: "Contracts / Drafts/Old "}
  - {id: 4b0000000000000a, tenant: Production, service: IXP, name: Mail}
  - {id: `+payables+`, tenant: Production, service: Task Mining, name: Accounts Payable}
  - {id: `+customers+`, tenant: Production, service: Task Mining, name: "Customers / "}
  - {id: 4b000000-0000-4000-8000-000000000015, tenant: Production, service: Test Manager, name: Contracts}
roles:
  - {id: 3d000000-0000-4000-8000-000000000012, name: "Operations | nightly", description: Runs., tenant: Staging, permissions: [ORCHESTRATOR.ROBOTS.VIEW]}
  - {id: 3d000000-0000-4000-8000-000000000013, name: "Models ", description: " Trains.\n", tenant: Production, service: IXP, permissions: [REINFER.PROJECT.READ]}`,
).Replace(reviewSeed) + `
  - {role: Tenant Administrator, principal: {group: Sam}, scope: /tenant/Staging}
  - {role: Tenant Administrator, principal: sam.one@acme.example, scope: /tenant/Production}
  - {role: Tenant Administrator, principal: {group: "Production / Task Mining"}, scope: /tenant/Production}
  - {role: Tenant Administrator, principal: {group: 3b000000-0000-4000-8000-000000000013}, scope: /tenant/Production}
  - {role: Tenant Administrator, principal: {group: "/"}, scope: /tenant/Production}
  - {role: {service: Test Manager, name: Viewer}, principal: "-robot", scope: {tenant: Production, service: Test Manager, project: Contracts}}
  - {role: {service: Insights, name: Viewer}, principal: "@review", scope: /tenant/Production/insights}
  - {role: {service: Insights, name: Viewer}, principal: jose@acme.example, scope: /tenant/Staging/insights}
  - {role: "Operations | nightly", principal: barbara@acme.example, scope: /tenant/Staging}
  - {role: "Models ", principal: grace@acme.example, scope: /tenant/Production/reinfer}
  - {role: {service: AutomationOps, name: Administrator}, principal: grace@acme.example, scope: /automationops}
  - {role: {service: Orchestrator, name: Administrator}, principal: grace@acme.example, scope: {tenant: Production, folder: "Invoices "}}
  - {role: {service: Orchestrator, name: Administrator}, principal: grace@acme.example, scope: {tenant: Production, folder: "Invoices / - Orchestrator "}}
  - {role: {service: Document Understanding, name: Data Annotator}, principal: grace@acme.example, scope: {tenant: Production, service: Document Understanding, project: "Contracts / Drafts/Old "}}
  - {role: Tenant Administrator, principal: grace@acme.example, scope: /tenant/Production/unheardof}
  - {role: {service: Task Mining, name: Admin}, principal: grace@acme.example, scope: /tenant/Production/taskmining}
  - {role: {service: Task Mining, name: Process SME}, principal: "+Auditors", scope: /tenant/Production/taskmining}
  - {role: {service: Task Mining, name: User}, principal: barbara@acme.example, scope: /tenant/Production/taskmining}
  - {role: {service: Task Mining, name: User}, principal: barbara@acme.example, scope: {tenant: Production, service: Task Mining, project: Accounts Payable}}
  - {role: {service: Task Mining, name: User}, principal: barbara@acme.example, scope: {tenant: Production, service: Task Mining, project: "Customers / "}}
  - {role: {service: Task Mining, name: User}, principal: Inner, scope: /tenant/Production/taskmining}
  - {role: {service: Task Mining, name: User}, principal: jose@acme.example, scope: {tenant: Production, service: Task Mining, project: Accounts Payable}}
  - {role: {service: Task Mining, name: User}, principal: "-robot", scope: /tenant/Production/taskmining}
  - {role: {service: Task Mining, name: Admin}, principal: "@review", scope: /tenant/Production/taskmining}
  - {role: {service: Task Mining, name: Process SME}, principal: {user: ` + goneUser + `}, scope: /tenant/Production/taskmining}
  - {role: {service: Task Mining, name: User}, principal: {group: 3b000000-0000-4000-8000-0000000000ff}, scope: /tenant/Staging/taskmining}
`

// TestGeneratedConfiguration takes each row that any list resource shows, lets Terraform write its configuration, imports it, and plans that:
// there is nothing to change, whether the author keeps ids and names or only one of them.
func TestGeneratedConfiguration(t *testing.T) {
	t.Parallel()
	all := map[string]tftypes.Value{"scope_name": text("/"), "include_below": yes, "include_all": yes}
	for name, test := range map[string]struct {
		options backend.Options
		// rows are how many each query finds.
		rows [5]int
	}{
		"the built-in organization": {backend.Options{}, [5]int{7, 9, 2, 0, 0}},
		"everything there is":       {backend.Options{Seed: []byte(everythingSeed)}, [5]int{22, 36, 3, 5, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := acctest.NewBackend(t, test.options)
			p := configured(t, b)
			for i, query := range []struct {
				typeName   string
				attributes map[string]tftypes.Value
			}{
				{"uipath_role_assignment", everything}, {"uipath_role_assignment", all}, {"uipath_tenant_role", nil}, {miningType, nil},
				{miningType, map[string]tftypes.Value{"tenant_name": text("staging")}},
			} {
				found, diagnostics := p.list(query.typeName, query.attributes, 0, true)
				p.noErrors(diagnostics)
				if len(found) != test.rows[i] {
					t.Errorf("%s with %v lists %d rows, want %d: %q", query.typeName, query.attributes, len(found), test.rows[i], displayNames(found))
				}
				for _, one := range found {
					t.Run(fmt.Sprintf("%s %d %s", query.typeName, i, one.displayName), func(t *testing.T) {
						p := p
						p.t = t
						p.generates(query.typeName, one)
					})
				}
			}
		})
	}
}

// generates tries one row of [TestGeneratedConfiguration].
func (p protocol) generates(typeName string, one listed) {
	p.t.Helper()
	m := p.managed(typeName)
	imported := m.imported(one.identity)
	if diff := cmp.Diff(m.value(one.resource).String(), m.value(imported.state).String()); diff != "" {
		p.t.Errorf("the list and the import differ:\n%s", diff)
	}
	config := m.written(one.resource)
	m.unchanged(imported, config)
	var ids, names []string
	for _, pair := range [][2]string{{"role_id", "role_name"}, {"principal_id", "principal_name"}, {"scope", "scope_name"}, {"tenant_id", "tenant_name"}} {
		id, hasID := config[pair[0]]
		if name := config[pair[1]]; hasID && !id.IsNull() && !name.IsNull() {
			ids, names = append(ids, pair[0]), append(names, pair[1])
		}
	}
	m.unchanged(imported, without(config, names...))
	m.unchanged(imported, without(config, append(ids, "principal_type")...))
}
