package review

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
)

type object = map[string]any

const (
	grace  = "grace.hopper@acme.example"
	ourOwn = "registry.terraform.io/accessascode/uipath"
)

// planned is one change of a resource in a plan.
type planned struct {
	address, kind, provider string
	actions                 []string
	before, after           object
	unknown, sensitive      object
	importing               bool
}

func (p planned) json() object {
	if p.provider == "" {
		p.provider = ourOwn
	}
	if p.kind == "" {
		p.kind = typeAssignment
	}
	if p.address == "" {
		p.address = p.kind + ".this"
	}
	change := object{"actions": p.actions, "before": p.before, "after": p.after, "after_unknown": p.unknown, "before_sensitive": p.sensitive,
		"after_sensitive": p.sensitive}
	if p.importing {
		change["importing"] = object{"id": "x"}
	}
	return object{"address": p.address, "mode": "managed", "type": p.kind, "provider_name": p.provider, "change": change}
}

// planText is a plan as Terraform shows it.
func planText(t testing.TB, prior []object, changes ...planned) string {
	t.Helper()
	list := []object{}
	for _, c := range changes {
		list = append(list, c.json())
	}
	text, err := json.Marshal(object{
		"format_version": "1.2", "planned_values": object{}, "resource_changes": list,
		"prior_state": object{"values": object{"root_module": object{"child_modules": []object{{"resources": prior}}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// reviewOf reads a plan and looks for findings.
func reviewOf(t testing.TB, prior []object, changes ...planned) *Review {
	t.Helper()
	r, err := Read(strings.NewReader(planText(t, prior, changes...)))
	if err != nil {
		t.Fatal(err)
	}
	r.Find(Known{})
	return r
}

// assigned is a role assignment in a plan.
func assigned(principal, kind, role, scope string) object {
	path := "/"
	if scope != "/" {
		path = "/tenant/" + scope
	}
	return object{
		"principal_name": principal, "principal_id": "id-" + principal, "principal_type": kind,
		"role_name": role, "role_id": "id-" + role, "scope_name": scope, "scope": path, "effective": true,
	}
}

// with is an object with another value.
func with(o object, name string, value any) object {
	changed := maps.Clone(o)
	changed[name] = value
	return changed
}

func roleNamed(name string, permissions ...string) object {
	return object{"name": name, "id": "id-" + name, "tenant_name": "Production", "tenant_id": "production", "permissions": permissions}
}

// textRowsOf are the rows of a review in words.
func textRowsOf(r *Review) string { return strings.Join(textRows(r.Rows), "\n") }

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, want string }{
		"nothing":           {" \n", "the plan is empty"},
		"no JSON":           {"Terraform will perform", "not JSON at byte 1"},
		"a list":            {"[]", "not that of a plan"},
		"a log":             {`{"@level":"info"}` + "\n" + `{"@level":"info"}`, "the log that terraform plan -json prints"},
		"one line of a log": {`{"@level":"info"}`, "the log that terraform plan -json prints"},
		"a saved plan":      {"PK\x03\x04", "a saved plan"},
		"no version":        {"{}", "no format_version"},
		"a newer version":   {`{"format_version":"2.0","resource_changes":[]}`, "reads 1.x"},
		"a state":           {`{"format_version":"1.0","values":{}}`, "of a state"},
		"wrong members":     {`{"format_version":"1.0","resource_changes":{"secret":1}}`, "not that of a plan"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Read(strings.NewReader(test.text))
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
	if _, err := readPlan(strings.NewReader(`{"format_version":"1.0"}`), 5); err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Errorf("a plan that is too large gave %v", err)
	}
}

func TestWhose(t *testing.T) {
	t.Parallel()
	after := assigned(grace, "User", "Auditor", "Production")
	for provider, want := range map[string]int{
		ourOwn: 1, "registry.opentofu.org/accessascode/uipath": 1, "mirror.example/accessascode/uipath": 1,
		"registry.terraform.io/other/uipath": 0, "registry.terraform.io/notaccessascode/uipath": 0,
	} {
		if r := reviewOf(t, nil, planned{provider: provider, actions: []string{"create"}, after: after}); len(r.Rows) != want {
			t.Errorf("%s gave %d rows", provider, len(r.Rows))
		}
	}
}

func TestRows(t *testing.T) {
	t.Parallel()
	auditor := assigned(grace, "User", "Auditor", "Production")
	group := assigned("Team", "Group", "Readers", "Production")
	held := []object{{"address": "module.a.uipath_role_assignment.b", "mode": "managed", "type": typeAssignment, "provider_name": ourOwn, "values": group}}
	miner := object{"principal_name": grace, "principal_id": "g", "principal_type": "User", "tenant_name": "Production", "tenant_id": "T", "permission": "User",
		"project_ids": []string{"A1", "b2"}}
	for name, test := range map[string]struct {
		prior   []object
		changes []planned
		want    string
	}{
		"gains":         {nil, []planned{{actions: []string{"create"}, after: auditor}}, "gains\t" + grace + " (user)\tAuditor\tProduction"},
		"loses":         {nil, []planned{{actions: []string{"delete"}, before: auditor}}, "loses\t" + grace + " (user)\tAuditor\tProduction"},
		"nothing":       {held, []planned{{actions: []string{"no-op"}, before: auditor, after: auditor}}, ""},
		"imported":      {nil, []planned{{actions: []string{"no-op"}, before: auditor, after: auditor, importing: true}}, "keeps\t" + grace + " (user)\tAuditor\tProduction\timported"},
		"forgotten":     {nil, []planned{{actions: []string{"forget"}, before: auditor}}, "keeps\t" + grace + " (user)\tAuditor\tProduction\tno longer managed"},
		"made anew":     {nil, []planned{{actions: []string{"delete", "create"}, before: auditor, after: with(auditor, "role_id", nil)}}, "keeps\t" + grace + " (user)\tAuditor\tProduction\tmade anew"},
		"moved by hand": {nil, []planned{{address: "a", actions: []string{"delete"}, before: auditor}, {address: "b", actions: []string{"create"}, after: auditor}}, "keeps\t" + grace + " (user)\tAuditor\tProduction\tmade anew"},
		"other timeout": {nil, []planned{{actions: []string{"update"}, before: auditor, after: auditor}}, ""},
		"named anew":    {nil, []planned{{actions: []string{"update"}, before: auditor, after: with(auditor, "role_name", "Reviser")}}, "keeps\t" + grace + " (user)\tReviser\tProduction\tnamed anew"},
		"replaced": {
			nil, []planned{{actions: []string{"create", "delete"}, before: auditor, after: assigned("Team", "Group", "Auditor", "Production")}},
			"gains\tTeam (group)\tAuditor\tProduction\nloses\t" + grace + " (user)\tAuditor\tProduction",
		},
		"unknown": {
			nil, []planned{{actions: []string{"create"}, after: object{"principal_name": grace}, unknown: object{"role_name": true, "role_id": true, "scope_name": true}}},
			"gains\t" + grace + "\t(known after apply)\t(known after apply)",
		},
		"permission of Task Mining": {
			nil, []planned{{kind: typeTaskMining, actions: []string{"update"}, before: miner, after: with(with(miner, "permission", "Admin"), "project_ids", []string{"a1"})}},
			"changes\t" + grace + " (user)\tTask Mining Admin\tProduction / Task Mining\tinstead of Task Mining User\n" +
				"loses\t" + grace + " (user)\tTask Mining User\tProduction / Task Mining / b2",
		},
		"role grants more": {
			held, []planned{{kind: typeTenantRole, actions: []string{"update"}, before: roleNamed("Readers", "A"), after: roleNamed("Readers", "A", "B")}},
			"gains\tTeam (group)\tReaders\tProduction\tthe role changes",
		},
		"role grants less": {
			held, []planned{{kind: typeTenantRole, actions: []string{"update"}, before: roleNamed("Readers", "A", "B"), after: roleNamed("Readers", "B")}},
			"loses\tTeam (group)\tReaders\tProduction\tthe role changes",
		},
		"role known after apply": {
			held, []planned{{kind: typeTenantRole, actions: []string{"update"}, before: roleNamed("Readers", "A"), after: with(roleNamed("Readers"), "permissions", nil), unknown: object{"permissions": true}}},
			"changes\tTeam (group)\tReaders\tProduction\tthe role changes",
		},
		"role deleted": {
			held, []planned{{kind: typeTenantRole, actions: []string{"delete"}, before: roleNamed("Readers", "A")}},
			"loses\tTeam (group)\tReaders\tProduction\tthe role is deleted",
		},
		"role made anew with its holder": {
			nil, []planned{
				{address: "a", actions: []string{"delete", "create"}, before: group, after: with(group, "role_id", nil)},
				{kind: typeTenantRole, actions: []string{"delete", "create"}, before: roleNamed("Readers", "A"), after: with(roleNamed("Readers", "A"), "id", nil)},
			}, "keeps\tTeam (group)\tReaders\tProduction\tmade anew",
		},
		"role made anew with more": {
			nil, []planned{
				{address: "a", actions: []string{"delete", "create"}, before: group, after: with(group, "role_id", nil)},
				{kind: typeTenantRole, actions: []string{"delete", "create"}, before: roleNamed("Readers", "A"), after: with(roleNamed("Readers", "A", "B"), "id", nil)},
			}, "gains\tTeam (group)\tReaders\tProduction\tthe role changes\nkeeps\tTeam (group)\tReaders\tProduction\tmade anew",
		},
		"role made anew without its holder": {
			held, []planned{{kind: typeTenantRole, actions: []string{"delete", "create"}, before: roleNamed("Readers", "A"), after: with(roleNamed("Readers", "A", "B"), "id", nil)}},
			"loses\tTeam (group)\tReaders\tProduction\tthe role is deleted",
		},
		"role of no concern": {held, []planned{{kind: typeTenantRole, actions: []string{"update"}, before: roleNamed("Others", "A"), after: roleNamed("Others", "B")}}, ""},
		"role renamed":       {held, []planned{{kind: typeTenantRole, actions: []string{"update"}, before: roleNamed("Readers", "A"), after: with(roleNamed("Readers", "A"), "name", "Viewers")}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := textRowsOf(reviewOf(t, test.prior, test.changes...))
			if got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// The order of a plan's resources does not matter, so that two reviews compare.
func TestStableOrder(t *testing.T) {
	t.Parallel()
	changes := []planned{
		{address: "a", actions: []string{"create"}, after: assigned("b", "User", "Auditor", "Production")},
		{address: "b", actions: []string{"delete"}, before: assigned("c", "User", "Auditor", "Production")},
		{address: "c", actions: []string{"create"}, after: assigned("a", "Group", "Tenant Administrator", "Staging")},
		{address: "d", kind: typeTenantRole, actions: []string{"create"}, after: roleNamed("R", "A")},
		{address: "e", actions: []string{"delete"}, before: assigned("d", "User", "Auditor", "Production")},
	}
	var first string
	for range changes {
		changes = append(changes[1:], changes[0])
		var b strings.Builder
		if err := reviewOf(t, nil, changes...).WriteMarkdown(&b); err != nil {
			t.Fatal(err)
		}
		if first == "" {
			first = b.String()
		}
		if b.String() != first {
			t.Errorf("got\n%s\nwant\n%s", b.String(), first)
		}
	}
}
