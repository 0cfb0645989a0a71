package provider_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
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

// generation is a resource between a list and a plan of what was written for it.
type generation struct {
	protocol
	typeName string
	kind     tftypes.Type
}

// value reads a value of the resource.
func (g generation) value(dynamic *tfprotov6.DynamicValue) tftypes.Value {
	g.t.Helper()
	value, err := dynamic.Unmarshal(g.kind)
	if err != nil {
		g.t.Fatal(err)
	}
	return value
}

// imported takes over what the list found, as an import block with an identity does.
func (g generation) imported(one listed) *tfprotov6.ReadResourceResponse {
	g.t.Helper()
	imported, err := g.server.ImportResourceState(g.t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: g.typeName, Identity: one.identity})
	if err != nil {
		g.t.Fatal(err)
	}
	g.noErrors(imported.Diagnostics)
	found := imported.ImportedResources[0]
	read, err := g.server.ReadResource(g.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: g.typeName, CurrentState: found.State, Private: found.Private, CurrentIdentity: found.Identity,
	})
	if err != nil {
		g.t.Fatal(err)
	}
	g.noErrors(read.Diagnostics)
	return read
}

// written is the configuration that Terraform writes of a resource, after it was validated.
func (g generation) written(resource *tfprotov6.DynamicValue) *tfprotov6.DynamicValue {
	g.t.Helper()
	generated, err := g.server.GenerateResourceConfig(g.t.Context(), &tfprotov6.GenerateResourceConfigRequest{TypeName: g.typeName, State: resource})
	if err != nil {
		g.t.Fatal(err)
	}
	g.noErrors(generated.Diagnostics)
	validated, err := g.server.ValidateResourceConfig(g.t.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: g.typeName, Config: generated.Config})
	if err != nil {
		g.t.Fatal(err)
	}
	for _, d := range validated.Diagnostics {
		g.t.Errorf("the generated configuration is refused: %s: %s", d.Summary, d.Detail)
	}
	return generated.Config
}

// unchanged plans a configuration for what was read, and expects nothing to do.
func (g generation) unchanged(config *tfprotov6.DynamicValue, read *tfprotov6.ReadResourceResponse) {
	g.t.Helper()
	prior := g.value(read.NewState)
	proposed := g.attributes(g.kind, read.NewState)
	for name, value := range g.attributes(g.kind, config) {
		if !value.IsNull() {
			proposed[name] = value
		}
	}
	plan, err := g.server.PlanResourceChange(g.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: g.typeName, Config: config, PriorState: read.NewState, ProposedNewState: g.dynamic(g.kind, tftypes.NewValue(g.kind, proposed)),
		PriorPrivate: read.Private, PriorIdentity: read.NewIdentity,
	})
	if err != nil {
		g.t.Fatal(err)
	}
	g.noErrors(plan.Diagnostics)
	if planned := g.value(plan.PlannedState); !planned.Equal(prior) || len(plan.RequiresReplace) > 0 {
		g.t.Errorf("planning the generated configuration changes %s\nto %s, and replaces because of %v", prior, planned, plan.RequiresReplace)
	}
}

// without is a configuration without some of its attributes.
func (g generation) without(config *tfprotov6.DynamicValue, names ...string) *tfprotov6.DynamicValue {
	g.t.Helper()
	attributes := g.attributes(g.kind, config)
	maps.DeleteFunc(attributes, func(name string, _ tftypes.Value) bool { return slices.Contains(names, name) })
	return g.object(g.schema.ResourceSchemas[g.typeName].Block, attributes)
}

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
	g := generation{p, typeName, p.schema.ResourceSchemas[typeName].ValueType()}
	read := g.imported(one)
	if diff := cmp.Diff(g.value(one.resource).String(), g.value(read.NewState).String()); diff != "" {
		p.t.Errorf("the list and the import differ:\n%s", diff)
	}
	config := g.written(one.resource)
	g.unchanged(config, read)
	attributes := p.attributes(g.kind, config)
	var ids, names []string
	for _, pair := range [][2]string{{"role_id", "role_name"}, {"principal_id", "principal_name"}, {"scope", "scope_name"}, {"tenant_id", "tenant_name"}} {
		id, hasID := attributes[pair[0]]
		if name := attributes[pair[1]]; hasID && !id.IsNull() && !name.IsNull() {
			ids, names = append(ids, pair[0]), append(names, pair[1])
		}
	}
	g.unchanged(g.without(config, names...), read)
	g.unchanged(g.without(config, append(ids, "principal_type")...), read)
}
