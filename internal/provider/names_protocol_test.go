package provider_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/accessascode/terraform-provider-uipath/internal/acctest"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

// Ids of the organization of the reviews.
const (
	operations  = "3d000000-0000-4000-8000-000000000001"
	watchers    = "3d000000-0000-4000-8000-0000000000a1"
	inner       = "3b000000-0000-4000-8000-000000000002"
	auditors    = "3b000000-0000-4000-8000-000000000001"
	barbara     = "3a000000-0000-4000-8000-000000000003"
	otherGroup  = "3b000000-0000-4000-8000-0000000000a1"
	namesRoles  = "\n  - {id: " + watchers + ", name: Watchers, description: Watches., tenant: Production, permissions: [ORCHESTRATOR.ROBOTS.VIEW]}\nassignments:"
	othersGrant = "  - {role: Night watch, principal: Insiders, scope: /tenant/Production}\n"
)

// namesSeed is the organization before others change its names, and the other seeds are the same after that: Operations and the group Inner
// have other names, another role and group took them, or both are gone. In all of them but the first the group holds the role.
var (
	namesSeed   = strings.Replace(reviewSeed, "\nassignments:", namesRoles, 1)
	renamedSeed = strings.NewReplacer(
		"name: Operations\n", "name: Night watch\n", "role: Operations,", "role: Night watch,", "name: Inner,", "name: Insiders,", "Inner]", "Insiders]",
	).Replace(namesSeed) + othersGrant
	takenSeed = strings.NewReplacer(
		"name: Watchers", "name: Operations", "\ngroups:", "\ngroups:\n  - {id: "+otherGroup+", name: Inner}",
	).Replace(renamedSeed)
	goneSeed = strings.NewReplacer(
		"\n  - {id: "+inner+", name: Inner, members: [barbara@acme.example, \"-robot\"]}", "", ", Inner]", "]",
	).Replace(namesSeed) + "  - {role: Operations, principal: {group: " + inner + "}, scope: /tenant/Production}\n"
)

// ways are the ways to name an object.
var ways = []string{"by name", "by id", "by both"}

// give names an object in one of the ways.
func give(way string, config map[string]tftypes.Value, idAttribute, id, nameAttribute, name string) {
	if way != "by name" {
		config[idAttribute] = text(id)
	}
	if way != "by id" {
		config[nameAttribute] = text(name)
	}
}

// granting is the configuration of an assignment, named in one of the ways.
func granting(way, role, roleName, principal, principalName, scope, scopeName string) map[string]tftypes.Value {
	config := map[string]tftypes.Value{}
	give(way, config, "role_id", role, "role_name", roleName)
	give(way, config, "principal_id", principal, "principal_name", principalName)
	give(way, config, "scope", scope, "scope_name", scopeName)
	return config
}

// operationsOfInner is the assignment that others change the names of.
func operationsOfInner(way string) map[string]tftypes.Value {
	return granting(way, operations, "Operations", inner, "Inner", productionPath, "Production")
}

func seeded(t *testing.T, seed string) *acctest.Backend {
	t.Helper()
	return acctest.NewBackend(t, backend.Options{Seed: []byte(seed)})
}

// expectShown expects what a plan or a state shows.
func (m managed) expectShown(kept held, want map[string]string) {
	m.t.Helper()
	shown := m.shown(kept.state)
	for name, value := range want {
		if shown[name] != value {
			m.t.Errorf("%s is %q, want %q", name, shown[name], value)
		}
	}
}

// TestAssignmentNamedAnyWay makes, moves and removes an assignment that is named by names, by ids and by both. A plan of one run is carried
// out by another.
func TestAssignmentNamedAnyWay(t *testing.T) {
	t.Parallel()
	folder := productionPath + "/orchestrator/folder/" + invoicesKey
	for _, way := range ways {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			b := seeded(t, namesSeed)
			run := func() managed { return configured(t, b).managed(assignmentType) }
			m := run()
			plan := m.plan(m.none(), operationsOfInner(way))
			m.expectShown(plan.planned, map[string]string{
				"role_id": operations, "role_name": "Operations", "principal_id": inner, "principal_name": "Inner", "principal_type": "Group",
				"scope": productionPath, "scope_name": "Production", "name": "Inner -> Operations @ Production",
			})
			kept, config := run().apply(plan), plan.config
			for _, step := range []struct {
				config   map[string]tftypes.Value
				replaces []string
				name     string
			}{
				{granting(way, watchers, "Watchers", inner, "Inner", productionPath, "Production"), []string{"role_id"}, "Inner -> Watchers @ Production"},
				{
					granting(way, watchers, "Watchers", auditors, "+Auditors", productionPath, "Production"), []string{"principal_id"},
					"+Auditors -> Watchers @ Production",
				},
				{
					granting(way, watchers, "Watchers", barbara, "barbara@acme.example", productionPath, "Production"), []string{"principal_id", "principal_type"},
					"barbara@acme.example -> Watchers @ Production",
				},
				{
					with(granting(way, orchestratorAdministrator(t, b), "Administrator", barbara, "barbara@acme.example",
						folder, "Production / Orchestrator / Finance/Invoices"), "service", text("Orchestrator")),
					[]string{"role_id", "scope"}, "barbara@acme.example -> Administrator @ Production / Orchestrator / Finance/Invoices",
				},
			} {
				m = run()
				read, diagnostics := m.refresh(kept)
				m.noErrors(diagnostics)
				m.unchanged(read, config)
				plan = m.plan(read, step.config)
				if !slices.Equal(plan.replaces, step.replaces) {
					t.Errorf("%s replaces because of %q, want %q", step.name, plan.replaces, step.replaces)
				}
				m.expectShown(plan.planned, map[string]string{"name": step.name})
				kept, config = run().apply(plan), step.config
			}
			m = run()
			read, diagnostics := m.refresh(kept)
			if warned(t, diagnostics); t.Failed() {
				return
			}
			m.destroy(read)
			if gone, _ := run().refresh(read); !m.value(gone.state).IsNull() {
				t.Error("it is still there")
			}
		})
	}
}

// orchestratorAdministrator is the id of Orchestrator's Administrator.
func orchestratorAdministrator(t *testing.T, b *acctest.Backend) string {
	t.Helper()
	roles, err := b.Client(t).RolesNamed(t.Context(), "Administrator")
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range roles {
		if role.Service == "Orchestrator" {
			return role.ID.String()
		}
	}
	t.Fatal("Orchestrator has no Administrator")
	return ""
}

// TestNamesChangedByOthers plans an assignment after others have renamed its role and its principal, and given their names to others. It
// stays what it is, with a warning where the configuration has the old names, and the new names are an update without a request.
func TestNamesChangedByOthers(t *testing.T) {
	t.Parallel()
	for _, way := range ways {
		for name, seed := range map[string]string{"renamed": renamedSeed, "taken": takenSeed} {
			t.Run(way+", "+name, func(t *testing.T) {
				t.Parallel()
				before := configured(t, seeded(t, namesSeed)).managed(assignmentType)
				kept := before.apply(before.plan(before.none(), operationsOfInner(way)))
				b := seeded(t, seed)
				run := func() managed { return configured(t, b).managed(assignmentType) }

				m := run()
				if plan := m.plan(kept, operationsOfInner(way)); !m.noop(plan) || len(plan.diagnostics) > 0 {
					t.Errorf("without a refresh it changes, or is warned of: %v", plan.diagnostics)
				}
				read, diagnostics := m.refresh(kept)
				warned(t, diagnostics)
				m.expectShown(read, map[string]string{
					"role_name": "Night watch", "principal_name": "Insiders", "role_id": operations, "principal_id": inner,
					"name": "Insiders -> Night watch @ Production",
				})
				plan := m.plan(read, operationsOfInner(way))
				if !m.noop(plan) {
					t.Errorf("it replaces because of %v, or changes to %s", plan.replaces, m.value(plan.planned.state))
				}
				var want []string
				if way != "by id" {
					role, principal := `Write role_name = "Night watch"`, `Write principal_name = "Insiders"`
					if name == "taken" {
						role += `\. Another role is called "Operations" now.*role_id = "` + watchers
						principal += `\. Another principal is called "Inner" now.*principal_id = "` + otherGroup
					}
					want = []string{`Name out of date: role_name = "Operations" .*` + role, `Name out of date: principal_name = "Inner" .*` + principal}
				}
				warned(t, plan.diagnostics, want...)

				// What the warnings say to write, also where nothing was refreshed.
				journal := b.Journal()["PatchAssignments"]
				now := granting(way, operations, "Night watch", inner, "Insiders", productionPath, "Production")
				for _, prior := range []held{read, kept} {
					plan = m.plan(prior, now)
					if len(plan.replaces) > 0 {
						t.Errorf("the new names replace because of %v", plan.replaces)
					}
					warned(t, plan.diagnostics)
					done := run().apply(plan)
					m.expectShown(done, map[string]string{"role_id": operations, "principal_id": inner})
					m = run()
					again, _ := m.refresh(done)
					m.unchanged(again, now)
				}
				if got := b.Journal()["PatchAssignments"] - journal; got != 0 {
					t.Errorf("%d changes were sent", got)
				}
				m.destroy(read)
			})
		}
	}
}

// TestNewNamesAfterOthersTookTheOld plans the old names anew after others have taken them: a resource that is created means whoever has them.
func TestNewNamesAfterOthersTookTheOld(t *testing.T) {
	t.Parallel()
	m := configured(t, seeded(t, takenSeed)).managed(assignmentType)
	m.expectShown(m.plan(m.none(), operationsOfInner("by name")).planned, map[string]string{"role_id": watchers, "principal_id": otherGroup})
	refused(t, m.refusals(m.none(), granting("by both", operations, "Operations", otherGroup, "Inner", productionPath, "Production")),
		`Id and name of different objects: role_id = "`+operations+`" is the role "Night watch", and role_name says "Operations"`)
	refused(t, m.refusals(m.none(), granting("by both", watchers, "Operations", inner, "Inner", productionPath, "Production")),
		`Id and name of different objects: principal_id = "`+inner+`" is the principal "Insiders", and principal_name says "Inner"`)
}

// TestPrincipalGone reads, plans and removes an assignment whose group is gone. Its last known name stays.
func TestPrincipalGone(t *testing.T) {
	t.Parallel()
	for _, way := range ways {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			before := configured(t, seeded(t, namesSeed)).managed(assignmentType)
			kept := before.apply(before.plan(before.none(), operationsOfInner(way)))
			b := seeded(t, goneSeed)
			m := configured(t, b).managed(assignmentType)
			read, diagnostics := m.refresh(kept)
			warned(t, diagnostics, `Principal is gone: The Group "Inner" \(`+inner+`\) is not in the directory any more.*Remove the assignment`)
			m.expectShown(read, map[string]string{"principal_name": "Inner", "name": "Inner -> Operations @ Production"})
			m.unchanged(read, operationsOfInner(way))
			if way == "by name" {
				refused(t, m.refusals(m.none(), operationsOfInner(way)), `Principal not found by its name: .*"Inner"`)
			}
			m.destroy(read)
		})
	}
}

// TestAmbiguousNames names what several bear, and tells them apart.
func TestAmbiguousNames(t *testing.T) {
	t.Parallel()
	b := seeded(t, everythingSeed)
	m := configured(t, b).managed(assignmentType)
	at := func(scope, role, principal string, further map[string]string) map[string]tftypes.Value {
		config := map[string]tftypes.Value{"scope_name": text(scope), "role_name": text(role), "principal_name": text(principal)}
		for name, value := range further {
			config[name] = text(value)
		}
		return config
	}
	for want, config := range map[string]map[string]tftypes.Value{
		// A role at a scope where none of its namesakes fits.
		`Role not found by its name: 3 roles are called "Viewer".*Insights.*Set service`: at("Production", "Viewer", "Inner", nil),
		`Role has no effect at this scope: .*"Viewer".*Insights`:                         at("Production", "Viewer", "Inner", map[string]string{"service": "insights"}),
		`Role not found by its name: No role of Apps .*is called "Viewer"`:               at("Production", "Viewer", "Inner", map[string]string{"service": "Apps"}),
		`Unknown service: "Excel"`: at("Production", "Viewer", "Inner", map[string]string{"service": "Excel"}),
		`Principal not found by its name: .*user sam\.one@.*user sam\.two@.*group Sam `:           at("Production", "Operations", "Sam", nil),
		`Principal not found by its name: There is more than one user .*sam\.one@.*sam\.two@`:     at("Production", "Operations", "Sam", map[string]string{"principal_type": "User"}),
		`Principal not found by its name: There is no robot account "Sam".*It is the name of the`: at("Production", "Operations", "Sam", map[string]string{"principal_type": "Robot"}),
		`Principal not found by its name: .*Did you mean "Inner"`:                                 at("Production", "Operations", "inner", nil),
		`Role not found by its name: .*letter case counts.*Did you mean "Operations"`:             at("Production", "operations", "Inner", nil),
	} {
		refused(t, m.refusals(m.none(), config), want)
	}
	for _, test := range []struct {
		config map[string]tftypes.Value
		want   map[string]string
	}{
		// The scope decides between roles of one name.
		{at("production / insights", "Viewer", "Inner", nil), map[string]string{
			"name": "Inner -> Viewer @ production / insights", "scope": productionPath + "/insights", "scope_name": "production / insights",
		}},
		{at("Production / Test Manager / Contracts", "Viewer", "Inner", nil), map[string]string{
			"name": "Inner -> Viewer @ Production / Test Manager / Contracts", "principal_type": "Group",
		}},
		{at("Production / Insights", "Viewer", "Inner", map[string]string{"service": "Insights"}), map[string]string{"service": "Insights"}},
		{at("Production", "Operations", "Sam", map[string]string{"principal_type": "Group"}), map[string]string{
			"principal_id": "3b000000-0000-4000-8000-000000000011", "name": "Sam -> Operations @ Production",
		}},
		{at("Production", "Operations", "SAM.TWO@acme.example", nil), map[string]string{
			"principal_id": "3a000000-0000-4000-8000-000000000012", "principal_type": "User", "principal_name": "SAM.TWO@acme.example",
		}},
		// A display name that nobody else has.
		{at("Production", "Operations", "Barbara Liskov", nil), map[string]string{
			"principal_id": barbara, "principal_name": "Barbara Liskov", "name": "Barbara Liskov -> Operations @ Production",
		}},
		{at("Production", "Operations", "-robot", nil), map[string]string{"principal_type": "Robot"}},
		{at("Production", "Operations", "@review", nil), map[string]string{"principal_type": "ExternalApplication"}},
		// Names that look like something else.
		{at("Production", "Operations", "Production / Task Mining", nil), map[string]string{"principal_id": "3b000000-0000-4000-8000-000000000012"}},
		{at("Production", "Operations", "3b000000-0000-4000-8000-000000000011", nil), map[string]string{"principal_id": "3b000000-0000-4000-8000-000000000013"}},
		{at("Production", "Operations", "/", nil), map[string]string{"principal_id": "3b000000-0000-4000-8000-000000000014"}},
	} {
		plan := m.plan(m.none(), test.config)
		warned(t, plan.diagnostics)
		m.expectShown(plan.planned, test.want)
		if test.want["principal_id"] == barbara {
			// What the author wrote stays after a refresh.
			kept, diagnostics := m.refresh(m.apply(plan))
			m.noErrors(diagnostics)
			m.expectShown(kept, test.want)
			m.unchanged(kept, test.config)
		}
	}
}

// TestNamesOfOtherSettings names things with settings that do not look them up.
func TestNamesOfOtherSettings(t *testing.T) {
	t.Parallel()
	b := seeded(t, namesSeed)
	no := tftypes.NewValue(tftypes.Bool, false)
	quiet := configuredWith(t, b, map[string]tftypes.Value{"resolve_principals": no, "resolve_folders": no, "resolve_projects": no}).managed(assignmentType)
	folder := map[string]tftypes.Value{
		"role_name": text("Administrator"), "principal_id": text(auditors), "principal_type": text("Group"),
		"scope_name": text("Production / Orchestrator / " + invoicesKey),
	}
	before := b.Journal()
	plan := quiet.plan(quiet.none(), folder)
	quiet.expectShown(plan.planned, map[string]string{
		"scope": productionPath + "/orchestrator/folder/" + invoicesKey, "principal_name": "",
		"name": auditors + " -> Administrator @ Production / Orchestrator / " + invoicesKey,
	})
	kept, diagnostics := quiet.refresh(quiet.apply(plan))
	warned(t, diagnostics)
	quiet.unchanged(kept, folder)
	for operation, n := range b.Journal() {
		if n > before[operation] && !slices.Contains([]string{"ListRoles", "ListAssignments", "PatchAssignments"}, operation) {
			t.Errorf("%d requests to %s", n-before[operation], operation)
		}
	}
	// A name beside the id is taken as it is, with and without the type.
	for _, config := range []map[string]tftypes.Value{
		with(folder, "principal_name", text("The auditors")), without(with(folder, "principal_name", text("The auditors")), "principal_type"),
	} {
		plan = quiet.plan(kept, config)
		if len(plan.replaces) > 0 {
			t.Errorf("a name beside the id replaces because of %v", plan.replaces)
		}
		quiet.expectShown(plan.planned, map[string]string{"principal_name": "The auditors", "principal_id": auditors, "principal_type": "Group"})
	}
	for want, config := range map[string]map[string]tftypes.Value{
		"Names of principals are not looked up: .*Give principal_id and principal_type": with(without(folder, "principal_id"), "principal_name", text("+Auditors")),
		"Missing principal type: resolve_principals = false":                            without(folder, "principal_type"),
	} {
		refused(t, quiet.refusals(quiet.none(), config), want)
	}
	// Where folders are looked up, the same text is no folder, and stays what it was for an assignment that exists.
	loud := configured(t, b).managed(assignmentType)
	refused(t, loud.refusals(loud.none(), folder), `Scope not found: .*no folder "`+invoicesKey)
	read, diagnostics := loud.refresh(kept)
	warned(t, diagnostics)
	loud.expectShown(read, map[string]string{"scope_name": "Production / Orchestrator / Finance/Invoices", "principal_name": "+Auditors"})
	plan = loud.plan(read, folder)
	if !loud.noop(plan) {
		t.Errorf("it replaces because of %v, or changes to %s", plan.replaces, loud.value(plan.planned.state))
	}
	warned(t, plan.diagnostics, `Name out of date: scope_name .*Write scope_name = "Production / Orchestrator / Finance/Invoices"`)
}

// TestMissingNames gives neither id nor name.
func TestMissingNames(t *testing.T) {
	t.Parallel()
	m := configured(t, seeded(t, namesSeed)).managed(assignmentType)
	for name, want := range map[string]string{
		"role_name":      "Missing role: Neither role_name nor role_id is set",
		"principal_name": "Missing principal: Neither principal_name nor principal_id is set",
		"scope_name":     "Missing scope: Neither scope_name nor scope is set",
	} {
		refused(t, m.refusals(m.none(), without(operationsOfInner("by name"), name)), want)
	}
	for attribute, test := range map[string][2]string{
		"scope_name":     {productionPath, "Invalid name of a scope: .*is a path: give it as scope"},
		"principal_name": {" ", "Invalid text: It is empty"},
		"role_name":      {"", "Invalid text: It is empty"},
		"role_id":        {"Operations", "Not a GUID: .*role_name"},
		"scope":          {"Production", "Invalid scope"},
	} {
		refused(t, m.refusals(m.none(), with(operationsOfInner("by name"), attribute, text(test[0]))), test[1])
	}
}

// TestUnknownNames plans with parts that are known only after apply. What is known is shown.
func TestUnknownNames(t *testing.T) {
	t.Parallel()
	b := seeded(t, namesSeed)
	m := configured(t, b).managed(assignmentType)
	unknown := tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	whole := operationsOfInner("by name")
	kept := m.apply(m.plan(m.none(), operationsOfInner("by both")))
	for attribute, test := range map[string]struct {
		shown    []string
		replaces []string
	}{
		"role_name":      {[]string{"principal_id", "principal_name", "principal_type", "scope", "scope_name"}, []string{"role_id"}},
		"principal_name": {[]string{"role_id", "role_name", "scope", "scope_name"}, []string{"principal_id", "principal_type"}},
		"scope_name":     {[]string{"role_id", "role_name", "principal_id", "principal_name", "principal_type"}, []string{"scope"}},
	} {
		config := with(whole, attribute, unknown)
		plan := m.plan(m.none(), config)
		if got := slices.Sorted(maps.Keys(m.shown(plan.planned.state))); !slices.Equal(got, slices.Sorted(slices.Values(test.shown))) {
			t.Errorf("with an unknown %s the plan shows %q", attribute, got)
		}
		// Terraform cannot know whether it ends the same.
		if plan = m.plan(kept, config); !slices.Equal(plan.replaces, test.replaces) {
			t.Errorf("an unknown %s replaces because of %q", attribute, plan.replaces)
		}
		// A name that is not known yet beside an id that has not changed is no reason.
		config = with(operationsOfInner("by both"), attribute, unknown)
		if plan = m.plan(kept, config); len(plan.replaces) > 0 {
			t.Errorf("an unknown %s beside its id replaces because of %q", attribute, plan.replaces)
		}
	}
}

// TestImportByName takes resources over by import ids that have names.
func TestImportByName(t *testing.T) {
	t.Parallel()
	b := seeded(t, everythingSeed)
	p := configured(t, b)
	m := p.managed(assignmentType)
	for id, want := range map[string]string{
		"Production|Operations|+Auditors":                                                                 "+Auditors -> Operations @ Production",
		productionPath + "|Operations|+Auditors":                                                          "+Auditors -> Operations @ Production",
		"production|" + operations + "|" + strings.ToUpper(auditors):                                      "+Auditors -> Operations @ Production",
		"/|Access Viewer|@review":                                                                         "@review -> Access Viewer @ /",
		"/ AutomationOps|Administrator|GRACE@acme.example":                                                "grace@acme.example -> Administrator @ / AutomationOps",
		"Production / Orchestrator / Finance/Invoices|Administrator|-robot":                               "-robot -> Administrator @ Production / Orchestrator / Finance/Invoices",
		"Production / Insights|Viewer|@review":                                                            "@review -> Viewer @ Production / Insights",
		"Production / Test Manager / Contracts|Viewer|-robot":                                             "-robot -> Viewer @ Production / Test Manager / Contracts",
		"Production / Document Understanding / Contracts|Data Annotator|Barbara Liskov":                   "barbara@acme.example -> Data Annotator @ Production / Document Understanding / Contracts",
		"Production / Orchestrator / Invoices / - Orchestrator |Administrator|grace@acme.example":         "grace@acme.example -> Administrator @ Production / Orchestrator / Invoices / - Orchestrator ",
		"Staging|3d000000-0000-4000-8000-000000000012|barbara@acme.example":                               "barbara@acme.example -> Operations | nightly @ Staging",
		"Production|Tenant Administrator|/":                                                               "/ -> Tenant Administrator @ Production",
		"Production / Document Understanding / Contracts / Drafts/Old |Data Annotator|grace@acme.example": "grace@acme.example -> Data Annotator @ Production / Document Understanding / Contracts / Drafts/Old ",
	} {
		m.expectShown(m.importedBy(id), map[string]string{"name": want})
	}
	roles := p.managed(roleType)
	for _, id := range []string{"Operations", "Models ", "Operations | nightly"} {
		roles.expectShown(roles.importedBy(id), map[string]string{"name": id})
	}
	permissions := p.managed(miningType)
	for id, want := range map[string]string{
		"Production/grace@acme.example":          "grace@acme.example -> Task Mining Admin @ Production",
		"production/Inner":                       "Inner -> Task Mining User @ Production",
		productionID + "/+Auditors":              "+Auditors -> Task Mining Process SME @ Production",
		"Production/Barbara Liskov":              "barbara@acme.example -> Task Mining User @ Production",
		"Production/" + strings.ToUpper(barbara): "barbara@acme.example -> Task Mining User @ Production",
	} {
		permissions.expectShown(permissions.importedBy(id), map[string]string{"name": want})
	}
}

// TestImportByNameRefused imports by ids that stand for nothing, or not for one thing.
func TestImportByNameRefused(t *testing.T) {
	t.Parallel()
	p := configured(t, seeded(t, everythingSeed))
	for want, test := range map[string][2]string{
		`Invalid import id: .*4 parts.*"{scope}\|{role}\|{principal}", each by id or by name`: {assignmentType, "Staging|Operations | nightly|barbara@acme.example"},
		`Invalid import id: .*"Nowhere" is no scope`:                                          {assignmentType, "Nowhere|Operations|+Auditors"},
		`Role not found by its name: .*"Operation".*Did you mean "Operations"`:                {assignmentType, "Production|Operation|+Auditors"},
		`Role not found by its name: 3 roles are called "Viewer"`:                             {assignmentType, "Production|Viewer|+Auditors"},
		`Principal not found by its name: .*user sam\.one@.*group Sam`:                        {assignmentType, "Staging|Tenant Administrator|Sam"},
		`Invalid import id: "Operations" is not the GUID of an assignment`:                    {assignmentType, "Operations"},
		`Role not found by its name: .*"Watchers"`:                                            {roleType, "Watchers"},
		`Tenant not found: .*Did you mean "Staging"`:                                          {miningType, "Stagin/Inner"},
		`Principal not found by its name: .*user sam\.one@`:                                   {miningType, "Staging/Sam"},
		`Invalid import id: "Staging" is none of the forms`:                                   {miningType, "Staging"},
	} {
		answer, err := p.server.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: test[0], ID: test[1]})
		if err != nil {
			t.Fatal(err)
		}
		refused(t, answer.Diagnostics, want)
	}
	// Several roles of a name, none of which the resource can manage.
	roles := p.managed(roleType)
	answer, err := p.server.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: roleType, ID: "Viewer"})
	if err != nil {
		t.Fatal(err)
	}
	p.noErrors(answer.Diagnostics)
	_, diagnostics := roles.refresh(held{state: answer.ImportedResources[0].State, identity: answer.ImportedResources[0].Identity})
	refused(t, diagnostics, `Not a custom tenant role: The role "Viewer" .* is a built-in role`)
}
