package provider_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// miningSeed is the organization before others change names that Task Mining permissions have: of their tenant, their principal and their
// projects. Somebody holds something at each project: no endpoint tells their names but the export.
var (
	miningSeed = strings.NewReplacer(
		"\nroles:", `
  - {id: `+payables+`, tenant: Production, service: Task Mining, name: Accounts Payable}
  - {id: `+customers+`, tenant: Production, service: Task Mining, name: Customers}
roles:`,
		"name: Staging}", "name: Staging, services: [Task Mining]}",
	).Replace(namesSeed) + `
  - {role: {service: Task Mining, name: User}, principal: grace@acme.example, scope: /tenant/Production/taskmining}
  - {role: {service: Task Mining, name: User}, principal: grace@acme.example, scope: {tenant: Production, service: Task Mining, project: Accounts Payable}}
  - {role: {service: Task Mining, name: User}, principal: grace@acme.example, scope: {tenant: Production, service: Task Mining, project: Customers}}
`
	renamedMiningSeed = strings.NewReplacer(
		"Production", "Live", "name: Inner,", "name: Insiders,", "Inner]", "Insiders]", "Accounts Payable", "Payables",
	).Replace(miningSeed) + `
  - {role: {service: Task Mining, name: User}, principal: Insiders, scope: /tenant/Live/taskmining}
  - {role: {service: Task Mining, name: User}, principal: Insiders, scope: {tenant: Live, service: Task Mining, project: Payables}}
`
)

// place is a project of Task Mining.
type place struct{ id, name string }

var (
	accountsPayable = place{payables, "Accounts Payable"}
	theCustomers    = place{customers, "Customers"}
)

// permitting is the configuration of a Task Mining permission, named in one of the ways.
func permitting(way, principal, principalName, tenant, tenantName, permission string, projects ...place) map[string]tftypes.Value {
	config := map[string]tftypes.Value{"permission": text(permission)}
	give(way, config, "principal_id", principal, "principal_name", principalName)
	give(way, config, "tenant_id", tenant, "tenant_name", tenantName)
	var ids, names []string
	for _, project := range projects {
		ids, names = append(ids, project.id), append(names, project.name)
	}
	if way != "by name" && len(projects) > 0 {
		config["project_ids"] = texts(ids...)
	}
	if way != "by id" && len(projects) > 0 {
		config["project_names"] = texts(names...)
	}
	return config
}

func recordersOfInner(way string) map[string]tftypes.Value {
	return permitting(way, inner, "Inner", productionID, "Production", "User", accountsPayable)
}

// projects are the projects of a plan or a state.
func (m managed) projects(kept held) []string {
	m.t.Helper()
	return sortedTexts(m.t, m.attributes(m.kind, kept.state)["project_ids"])
}

// TestTaskMiningNamedAnyWay gives, changes, moves and takes a permission that is named by names, by ids and by both.
func TestTaskMiningNamedAnyWay(t *testing.T) {
	t.Parallel()
	for _, way := range ways {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			b := seeded(t, miningSeed)
			run := func() managed { return configured(t, b).managed(miningType) }
			m := run()
			plan := m.plan(m.none(), recordersOfInner(way))
			m.expectShown(plan.planned, map[string]string{
				"principal_id": inner, "principal_name": "Inner", "principal_type": "Group", "tenant_id": productionID, "tenant_name": "Production",
				"name": "Inner -> Task Mining User @ Production",
			})
			kept, config := run().apply(plan), plan.config
			projects := []string{payables}
			for _, step := range []struct {
				config   map[string]tftypes.Value
				replaces []string
				name     string
				projects []string
			}{
				{permitting(way, inner, "Inner", productionID, "Production", "User", theCustomers), nil, "Inner -> Task Mining User @ Production", []string{customers}},
				{
					permitting(way, inner, "Inner", productionID, "Production", "User", theCustomers, accountsPayable), nil,
					"Inner -> Task Mining User @ Production", []string{payables, customers},
				},
				{permitting(way, inner, "Inner", productionID, "Production", "Process SME"), nil, "Inner -> Task Mining Process SME @ Production", nil},
				{
					permitting(way, barbara, "barbara@acme.example", productionID, "Production", "Admin"), []string{"principal_id", "principal_type"},
					"barbara@acme.example -> Task Mining Admin @ Production", nil,
				},
				{
					permitting(way, barbara, "barbara@acme.example", staging, "Staging", "Admin"), []string{"tenant_id"},
					"barbara@acme.example -> Task Mining Admin @ Staging", nil,
				},
			} {
				m = run()
				read, diagnostics := m.refresh(kept)
				m.noErrors(diagnostics)
				m.unchanged(read, config)
				if got := m.projects(read); !slices.Equal(got, projects) {
					t.Errorf("before %s it has the projects %q, want %q", step.name, got, projects)
				}
				plan = m.plan(read, step.config)
				if !slices.Equal(plan.replaces, step.replaces) {
					t.Errorf("%s replaces because of %q, want %q", step.name, plan.replaces, step.replaces)
				}
				m.expectShown(plan.planned, map[string]string{"name": step.name})
				if got := m.projects(plan.planned); !slices.Equal(got, step.projects) {
					t.Errorf("%s is planned with the projects %q, want %q", step.name, got, step.projects)
				}
				kept, config, projects = run().apply(plan), step.config, step.projects
			}
			m = run()
			read, _ := m.refresh(kept)
			m.destroy(read)
			if gone, _ := run().refresh(read); !m.value(gone.state).IsNull() {
				t.Error("it is still there")
			}
		})
	}
}

// TestTaskMiningNamesChangedByOthers plans a permission after others have renamed its tenant, its group and its project. It stays what it is.
func TestTaskMiningNamesChangedByOthers(t *testing.T) {
	t.Parallel()
	for _, way := range ways {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			before := configured(t, seeded(t, miningSeed)).managed(miningType)
			kept := before.apply(before.plan(before.none(), recordersOfInner(way)))
			b := seeded(t, renamedMiningSeed)
			inLive := map[string]tftypes.Value{"tenant": text("Live")}
			run := func() managed { return configuredWith(t, b, inLive).managed(miningType) }

			m := run()
			read, diagnostics := m.refresh(kept)
			m.noErrors(diagnostics)
			m.expectShown(read, map[string]string{
				"principal_name": "Insiders", "tenant_name": "Live", "name": "Insiders -> Task Mining User @ Live", "principal_id": inner,
			})
			for what, prior := range map[string]held{"refreshed": read, "not refreshed": kept} {
				plan := m.plan(prior, recordersOfInner(way))
				if !m.noop(plan) {
					t.Errorf("%s: it replaces because of %v, or changes to %s", what, plan.replaces, m.value(plan.planned.state))
				}
				if said := plan.diagnostics[:max(0, len(plan.diagnostics)-1)]; what == "refreshed" && way != "by id" {
					warned(t, said, `Name out of date: tenant_name = "Production".*Write tenant_name = "Live"`, `Name out of date: principal_name = "Inner".*Write principal_name = "Insiders"`)
				} else {
					warned(t, said)
				}
			}
			journal := b.Journal()["PatchAssignments"]
			now := permitting(way, inner, "Insiders", productionID, "Live", "User", place{payables, "Payables"})
			plan := m.plan(read, now)
			if len(plan.replaces) > 0 || !slices.Equal(m.projects(plan.planned), []string{payables}) {
				t.Errorf("the new names replace because of %v, with the projects %q", plan.replaces, m.projects(plan.planned))
			}
			done := run().apply(plan)
			m = run()
			again, _ := m.refresh(done)
			m.unchanged(again, now)
			if got := b.Journal()["PatchAssignments"] - journal; got != 0 {
				t.Errorf("%d changes were sent", got)
			}
			m.destroy(again)
		})
	}
}

// TestTaskMiningNamesRefused names what there is not, or two things at once.
func TestTaskMiningNamesRefused(t *testing.T) {
	t.Parallel()
	b := seeded(t, miningSeed)
	m := configured(t, b).managed(miningType)
	whole := recordersOfInner("by both")
	for want, config := range map[string]map[string]tftypes.Value{
		"Missing principal: Neither principal_name nor principal_id is set":                 without(whole, "principal_id", "principal_name"),
		`Id and name of different objects: tenant_id .*tenant_name says "Staging"`:          with(whole, "tenant_name", text("Staging")),
		`Id and name of different objects: principal_id .*principal_name says "\+Auditors"`: with(whole, "principal_name", text("+Auditors")),
		`Tenant not found: .*Did you mean "Production"`:                                     with(without(whole, "tenant_id"), "tenant_name", text("Prodution")),
		`Principal not found by its name: .*Did you mean "Inner"`:                           with(without(whole, "principal_id"), "principal_name", text("inner")),
		`Neither a user nor a group: .*"-robot".*of type Robot`:                             with(without(whole, "principal_id"), "principal_name", text("-robot")),
		`Project not found by its name: .*"accounts payable".*project_ids`:                  with(without(whole, "project_ids"), "project_names", texts("accounts payable")),
		`Ids and names of different projects: .*` + payables + `.*` + customers:             with(whole, "project_ids", texts(customers)),
		`Projects are for the permission User: "Admin" reaches every project`:               with(without(whole, "project_ids"), "permission", text("Admin")),
	} {
		refused(t, m.refusals(m.none(), config), want)
	}
	// Names of projects come from the export, which a tenant administrator may not read.
	const caller = "grace@acme.example"
	refused(t, configuredAs(t, b, caller, nil).managed(miningType).refusals(m.none(), without(whole, "project_ids")),
		`Project not found by its name: .*Accounts Payable.*project_ids.*No public endpoint lists the projects of Task Mining`)
	byID := configuredAs(t, b, caller, nil).managed(miningType)
	kept := byID.apply(byID.plan(byID.none(), without(whole, "project_names")))
	byID.expectShown(kept, map[string]string{"name": "Inner -> Task Mining User @ Production"})
}

// TestTaskMiningUnknownNames plans with parts that are known only after apply. What is known is shown.
func TestTaskMiningUnknownNames(t *testing.T) {
	t.Parallel()
	m := configured(t, seeded(t, miningSeed)).managed(miningType)
	unknown := tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	whole := recordersOfInner("by name")
	for attribute, test := range map[string]struct {
		config tftypes.Value
		shown  []string
	}{
		"principal_name": {unknown, []string{"permission", "tenant_id", "tenant_name"}},
		"tenant_name":    {unknown, []string{"permission", "principal_id", "principal_name", "principal_type"}},
		"permission":     {unknown, []string{"principal_id", "principal_name", "principal_type", "tenant_id", "tenant_name"}},
		"project_names": {tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, []tftypes.Value{unknown}), []string{
			"name", "permission", "principal_id", "principal_name", "principal_type", "tenant_id", "tenant_name",
		}},
	} {
		plan := m.plan(m.none(), with(whole, attribute, test.config))
		if got := slices.Sorted(maps.Keys(m.shown(plan.planned.state))); !slices.Equal(got, test.shown) {
			t.Errorf("with an unknown %s the plan shows %q, want %q", attribute, got, test.shown)
		}
	}
}
