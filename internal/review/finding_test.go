package review

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// namesOf are the findings of a review with their severities.
func namesOf(r *Review) string {
	var names []string
	for _, f := range r.Findings {
		names = append(names, string(f.Severity)+" "+f.Name)
	}
	return strings.Join(names, ", ")
}

func TestFindings(t *testing.T) {
	t.Parallel()
	create, remove := []string{"create"}, []string{"delete"}
	admin := assigned(grace, "User", organizationAdministrator, "/")
	role := func(holders int, group bool) ([]object, planned) {
		var held []object
		for i := range holders {
			kind := "User"
			if group {
				kind = "Group"
			}
			held = append(held, object{
				"address": strings.Repeat("a", i+1), "mode": "managed", "type": typeAssignment, "provider_name": ourOwn,
				"values": assigned(strings.Repeat("p", i+1), kind, "Readers", "Production"),
			})
		}
		return held, planned{kind: typeTenantRole, actions: []string{"update"}, before: roleNamed("Readers", "A"), after: roleNamed("Readers", "B")}
	}
	nobody, widened := role(0, false)
	three, _ := role(3, false)
	group, _ := role(1, true)
	for name, test := range map[string]struct {
		prior   []object
		changes []planned
		want    string
	}{
		"nothing":             {nil, []planned{{actions: create, after: assigned("Team", "Group", "Auditor", "Production")}}, ""},
		"direct":              {nil, []planned{{actions: create, after: assigned(grace, "User", "Auditor", "Production")}}, "low direct-grant"},
		"everywhere":          {nil, []planned{{actions: create, after: assigned("Team", "Group", "Auditor", "/")}}, "high organization-wide"},
		"service everywhere":  {nil, []planned{{actions: create, after: with(assigned("Team", "Group", "Auditor", "/"), "scope", "/automationops")}}, "high organization-wide"},
		"administrator":       {nil, []planned{{actions: create, after: assigned("Team", "Group", "Tenant Administrator", "Production")}}, "high administrator"},
		"service's":           {nil, []planned{{actions: create, after: assigned("Team", "Group", "DU Administrator", "Production")}}, "medium administrator"},
		"only sounds like it": {nil, []planned{{actions: create, after: assigned("Team", "Group", "Administration Reader", "Production")}}, ""},
		"application":         {nil, []planned{{actions: create, after: assigned("app", "ExternalApplication", "Tenant Administrator", "Production")}}, "high administrator, high external-application-broad"},
		"narrow application":  {nil, []planned{{actions: create, after: assigned("app", "ExternalApplication", "Auditor", "Production")}}, ""},
		"no effect":           {nil, []planned{{actions: create, after: with(assigned("Team", "Group", "Auditor", "Production"), "effective", false)}}, "medium no-effect"},
		"imported no effect":  {nil, []planned{{actions: []string{"no-op"}, importing: true, before: admin, after: with(admin, "effective", false)}}, "medium no-effect"},
		"imported":            {nil, []planned{{actions: []string{"no-op"}, importing: true, before: admin, after: admin}}, ""},
		"unknown":             {nil, []planned{{actions: create, after: object{"role_name": "Auditor", "scope": "/tenant/x"}, unknown: object{"principal_name": true}}}, "medium unknown-grant"},
		"role for nobody":     {nobody, []planned{widened}, "medium role-widened"},
		"role for several":    {three, []planned{widened}, "high role-widened"},
		"role for a group":    {group, []planned{widened}, "high role-widened"},
		"role deleted":        {nil, []planned{{kind: typeTenantRole, actions: remove, before: roleNamed("Readers", "A")}}, "medium role-deleted"},
		"role taken away":     {nil, []planned{{kind: typeTenantRole, actions: remove, before: with(roleNamed("Readers", "A"), "force_destroy", true)}}, "high role-deleted"},
		"role made anew":      {nil, []planned{{kind: typeTenantRole, actions: []string{"delete", "create"}, before: roleNamed("Readers", "A"), after: roleNamed("Readers", "A")}}, "medium role-deleted"},
		"last administrator":  {nil, []planned{{actions: remove, before: admin}}, "high last-administrator"},
		"another is left":     {nil, []planned{{address: "a", actions: remove, before: admin}, {address: "b", actions: []string{"no-op"}, before: with(admin, "principal_id", "b")}}, ""},
		"another comes":       {nil, []planned{{address: "a", actions: remove, before: admin}, {address: "b", actions: create, after: assigned("Team", "Group", organizationAdministrator, "/")}}, "high administrator, high organization-wide"},
		"made anew":           {nil, []planned{{actions: []string{"delete", "create"}, before: admin, after: admin}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := namesOf(reviewOf(t, test.prior, test.changes...)); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestOwnGrant(t *testing.T) {
	t.Parallel()
	text := planText(t, nil, planned{actions: []string{"delete"}, before: with(assigned("app", "ExternalApplication", "Auditor", "Production"), "principal_id", "AB")})
	for caller, want := range map[string]string{"ab": "high own-grant-removed", "c": "", "": ""} {
		r, err := Read(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		r.Find(Known{Callers: []string{caller}})
		if got := namesOf(r); got != want {
			t.Errorf("%q gave %q, want %q", caller, got, want)
		}
	}
}

func TestAccept(t *testing.T) {
	t.Parallel()
	const subject = grace + " -> Tenant Administrator @ Production"
	today := time.Date(2026, 6, 30, 23, 59, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		file string
		now  time.Time
		want []string
		note string
	}{
		"nothing":         {"", today, []string{findingAdministrator}, ""},
		"by name":         {"- {finding: administrator, reason: r, until: 2026-06-30}", today, nil, ""},
		"by subject":      {"- {finding: administrator, subject: " + subject + ", reason: r, until: 2026-06-30}", today, nil, ""},
		"another subject": {"- {finding: administrator, subject: ada, reason: r, until: 2026-06-30}", today, []string{findingAdministrator}, ""},
		"another finding": {"- {finding: direct-grant, reason: r, until: 2026-06-30}", today, []string{findingAdministrator}, ""},
		"ended":           {"- {finding: administrator, reason: r, until: 2026-06-30}", today.Add(time.Minute), []string{findingAdministrator}, "An acceptance of administrator has ended."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := reviewOf(t, nil, planned{actions: []string{"create"}, after: assigned(grace, "User", "Tenant Administrator", "Production")})
			list, err := ReadAcceptances(strings.NewReader(test.file))
			if err != nil {
				t.Fatal(err)
			}
			r.Accept(list, test.now)
			if got := r.Fails([]string{findingAdministrator}); !slices.Equal(got, test.want) {
				t.Errorf("it fails on %v, want %v", got, test.want)
			}
			if got := strings.Join(r.Notes, " "); got != test.note {
				t.Errorf("it says %q, want %q", got, test.note)
			}
		})
	}
}

func TestReadAcceptancesRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"finding: administrator":                                            "cannot unmarshal",
		"- {finding: x, reason: r, until: 2026-06-30}":                      `entry 1: no finding is called "x"`,
		"- {finding: administrator, until: 2026-06-30}":                     "entry 1: give the reason",
		"- {finding: administrator, reason: ' ', until: 2026-06-30}":        "entry 1: give the reason",
		"- {finding: administrator, reason: r}":                             "entry 1: until",
		"- {finding: administrator, reason: r, until: never}":               "entry 1: until",
		"- {finding: administrator, reason: r, until: 2026-06-30, who: me}": "field who not found",
		strings.Repeat("#", maxAcceptances+1):                               "larger than 1 MiB",
	} {
		if _, err := ReadAcceptances(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q gave %v, want %q", text, err, want)
		}
	}
}
