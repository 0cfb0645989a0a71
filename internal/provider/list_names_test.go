package provider_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/accessascode/terraform-provider-uipath/internal/acctest"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

const (
	assignmentType = "uipath_role_assignment"

	alan = "3a000000-0000-4000-8000-000000000003"
)

// TestListTellsWhatItLeavesOut counts by reason what is in no list because its resource would not make it.
func TestListTellsWhatItLeavesOut(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{Seed: []byte(everythingSeed)})
	p := configured(t, b)
	_, diagnostics := p.list(assignmentType, everything, 0, false)
	warned(t, diagnostics, "Role assignments left out: .*"+
		"  1 at a service that this provider does not know\n"+
		"  1 made by the platform\n"+
		"  11 of a role of Task Mining, which uipath_task_mining_permission manages\n"+
		"  2 without effect\n\n"+
		"With include_all = true they are listed too, unless the provider does not know their service")
	_, diagnostics = p.list(assignmentType, with(everything, "include_all", yes), 0, false)
	warned(t, diagnostics, "Role assignments left out: .*\n\n  1 at a service that this provider does not know$")
	_, diagnostics = p.list(miningType, nil, 0, false)
	warned(t, diagnostics, "Task Mining permissions left out: .*"+
		"  2 of a robot account or an external application\n"+
		"  1 of projects without a permission at the service$")
	_, diagnostics = p.list(assignmentType, map[string]tftypes.Value{"scope_name": text("Staging")}, 1, false)
	warned(t, diagnostics, "Role assignments left out: .*  1 without effect", "List is not complete: The query finds 2, and its limit lets 1 through")
	found, diagnostics := p.list(assignmentType, map[string]tftypes.Value{"scope_name": text("Staging / Insights")}, 1, false)
	if warned(t, diagnostics); len(found) != 1 {
		t.Errorf("a limit that is just enough gave %q", displayNames(found))
	}
}

// TestTaskMiningListForAdmin lists as somebody who administers Task Mining and nothing else. The projects of recorders are hidden from such a
// caller, so recorders are left out: a configuration without their projects would take them away.
func TestTaskMiningListForAdmin(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	studied(t, b)
	newMiner(t, b).gives(alan, "Admin", "")()
	found, diagnostics := configuredAs(t, b, "alan.turing@acme.example", unresolved).list(miningType, nil, 0, false)
	warned(t, diagnostics, "Task Mining permissions left out: .*2 of the permission User, whose projects these credentials may not list: "+
		"that needs the right to list the whole organization")
	want := []string{grace + " -> Task Mining Admin @ Production", alan + " -> Task Mining Admin @ Production", katherine + " -> Task Mining Process SME @ Production"}
	if got := displayNames(found); !slices.Equal(got, want) {
		t.Errorf("listed %q, want %q", got, want)
	}
}

// TestListByName narrows lists by names, and by ids beside them.
func TestListByName(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{Seed: []byte(everythingSeed)})
	p := configured(t, b)
	for name, test := range map[string]struct {
		typeName string
		query    map[string]tftypes.Value
		want     []string
	}{
		"a scope": {assignmentType, map[string]tftypes.Value{"scope_name": text("production / orchestrator / Finance/Invoices")}, []string{
			"-robot -> Administrator @ Production / Orchestrator / Finance/Invoices",
		}},
		"a scope and its path": {
			assignmentType, map[string]tftypes.Value{"scope_name": text("production / ixp"), "scope": text(productionPath + "/reinfer")},
			[]string{"grace@acme.example -> Models  @ Production / IXP"},
		},
		"a service of the organization": {assignmentType, map[string]tftypes.Value{"scope_name": text("/ AutomationOps")}, []string{
			"grace@acme.example -> Administrator @ / AutomationOps",
		}},
		"a principal": {assignmentType, with(everything, "principal_name", text("SAM.ONE@acme.example")), []string{
			"sam.one@acme.example -> Tenant Administrator @ Production",
		}},
		"a group whose name is a scope's": {assignmentType, with(everything, "principal_name", text("Production / Task Mining")), []string{
			"Production / Task Mining -> Tenant Administrator @ Production",
		}},
		"a group whose name is a GUID": {assignmentType, with(everything, "principal_name", text("3b000000-0000-4000-8000-000000000011")), []string{
			"3b000000-0000-4000-8000-000000000011 -> Tenant Administrator @ Production",
		}},
		"a display name": {assignmentType, with(everything, "principal_name", text("José Álvarez ‑ 渡辺")), []string{
			"jose@acme.example -> Data Annotator @ " + productionPath + "/documentunderstanding/projects/" + goneProject,
			"jose@acme.example -> Viewer @ Staging / Insights",
		}},
		// All roles of the name, whosever they are.
		"a role": {assignmentType, with(everything, "role_name", text("Viewer")), []string{
			"@review -> Viewer @ Production / Insights", "-robot -> Viewer @ Production / Test Manager / Contracts", "jose@acme.example -> Viewer @ Staging / Insights",
		}},
		"a role and a principal": {assignmentType, with(with(everything, "role_name", text("Viewer")), "principal_name", text("@review")), []string{
			"@review -> Viewer @ Production / Insights",
		}},
		"a role with a bar in its name": {assignmentType, with(everything, "role_name", text("Operations | nightly")), []string{
			"barbara@acme.example -> Operations | nightly @ Staging",
		}},
		"a role that nobody holds there": {assignmentType, map[string]tftypes.Value{"scope_name": text("/"), "role_name": text("Models ")}, nil},
		"a tenant":                       {"uipath_tenant_role", map[string]tftypes.Value{"tenant_name": text("staging")}, []string{"Operations | nightly (Staging)"}},
		"a tenant of permissions": {miningType, map[string]tftypes.Value{"tenant_name": text("STAGING")}, []string{
			"3b000000-0000-4000-8000-0000000000ff -> Task Mining User @ Staging",
		}},
	} {
		found, diagnostics := p.list(test.typeName, test.query, 0, false)
		p.noErrors(diagnostics)
		if got := displayNames(found); !slices.Equal(got, test.want) {
			t.Errorf("%s: listed %q, want %q", name, got, test.want)
		}
	}
}

// TestListByNameRefused asks for what there is not, or not just once.
func TestListByNameRefused(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{Seed: []byte(everythingSeed)})
	p := configured(t, b)
	for want, test := range map[string]struct {
		typeName string
		query    map[string]tftypes.Value
	}{
		"Missing scope: Neither scope_name nor scope is set":                            {assignmentType, nil},
		`Scope not found: .*"Prodution".*Did you mean "Production"`:                     {assignmentType, map[string]tftypes.Value{"scope_name": text("Prodution")}},
		`Scope not found: .*"Production / Orchestrator / Invoices".*folder`:             {assignmentType, map[string]tftypes.Value{"scope_name": text("Production / Orchestrator / Invoices")}},
		`Id and name of different objects: .*scope_name says "Staging"`:                 {assignmentType, map[string]tftypes.Value{"scope": text(productionPath), "scope_name": text("Staging")}},
		`Principal not found by its name: .*Did you mean "\+Auditors"`:                  {assignmentType, with(everything, "principal_name", text("Auditor"))},
		`Principal not found by its name: .*user sam\.one@.*user sam\.two@.*group Sam `: {assignmentType, with(everything, "principal_name", text("Sam"))},
		`Role not found by its name: .*"Vewer".*Did you mean "Viewer"`:                  {assignmentType, with(everything, "role_name", text("Vewer"))},
		`Tenant not found: The list of roles .*Did you mean "Staging"`:                  {"uipath_tenant_role", map[string]tftypes.Value{"tenant_name": text("Stagin")}},
		`Id and name of different objects: .*tenant_name says "Production"`:             {"uipath_tenant_role", map[string]tftypes.Value{"tenant_id": text(staging), "tenant_name": text("Production")}},
		`Tenant not found: The list of Task Mining .*Did you mean "Staging"`:            {miningType, map[string]tftypes.Value{"tenant_name": text("Stagin")}},
	} {
		_, diagnostics := p.list(test.typeName, test.query, 0, false)
		refused(t, diagnostics, want)
	}
	_, diagnostics := configuredWith(t, b, unresolved).list(assignmentType, with(everything, "principal_name", text("+Auditors")), 0, false)
	refused(t, diagnostics, "Names of principals are not looked up: resolve_principals = false")
	// A filter by id asks the directory for nothing.
	query := maps.Clone(everything)
	query["principal_id"] = text(goneUser)
	found, diagnostics := configuredWith(t, b, unresolved).list(assignmentType, query, 0, false)
	p.noErrors(diagnostics)
	if got := displayNames(found); !slices.Equal(got, []string{goneUser + " -> Operations @ Production"}) {
		t.Errorf("the one that is gone holds %q", got)
	}
}
