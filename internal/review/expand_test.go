package review

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
)

var (
	errRefused = errors.New("refused")
	errBroken  = errors.New("broken")
)

// fakeOrganization answers from tables; an error in failing is that of the question it names.
type fakeOrganization struct {
	held    []Holding
	members map[string][]Member
	invited []string
	failing map[string]error
}

func (f fakeOrganization) Callers() []string { return []string{"caller"} }

func (f fakeOrganization) Refused(err error) bool { return errors.Is(err, errRefused) }

func (f fakeOrganization) Held(context.Context) ([]Holding, error) { return f.held, f.failing["held"] }

func (f fakeOrganization) Members(_ context.Context, group string) ([]Member, error) {
	return f.members[group], f.failing["members"]
}

func (f fakeOrganization) Invited(_ context.Context, user string) (bool, error) {
	return slices.Contains(f.invited, user), f.failing["invited"]
}

// holding is what the organization says of an assignment in a plan.
func holding(o object) Holding {
	a := attributes{values: o}
	return Holding{
		Principal: a.name("principal_name", "principal_id"), PrincipalType: a.kind(), Role: a.name("role_name", "role_id"),
		Scope: a.name("scope_name", "scope"),
	}
}

func TestExpand(t *testing.T) {
	t.Parallel()
	group := assigned("Team", "Group", "Readers", "Production")
	admin := assigned(grace, "User", organizationAdministrator, "/")
	admins := assigned("Admins", "Group", organizationAdministrator, "/")
	widened := planned{kind: typeTenantRole, actions: []string{"update"}, before: roleNamed("Readers", "A"), after: roleNamed("Readers", "A", "B")}
	people := map[string][]Member{
		"id-Team":   {{"one", true}, {"two", true}, {"robot", false}, {"caller", false}},
		"id-Others": {{"TWO", true}},
		"id-Admins": {{"robot", false}},
	}
	for name, test := range map[string]struct {
		asked    fakeOrganization
		changes  []planned
		rows     string
		findings string
		notes    string
	}{
		"members": {
			fakeOrganization{members: people, invited: []string{"two"}, held: []Holding{holding(assigned("Others", "Group", "Readers", "Production"))}},
			[]planned{{actions: []string{"create"}, after: group}},
			"gains\tTeam (group)\tReaders\tProduction\t2 people, 1 of them new, 1 not yet members, and 2 that are no people", "", "",
		},
		"own grant through a group": {
			fakeOrganization{members: people}, []planned{{actions: []string{"delete"}, before: group}},
			"loses\tTeam (group)\tReaders\tProduction\t2 people, and 2 that are no people", "high own-grant-removed", "",
		},
		"holders elsewhere": {
			fakeOrganization{members: people, held: []Holding{holding(group), holding(assigned(grace, "User", "Other", "Production"))}}, []planned{widened},
			"gains\tTeam (group)\tReaders\tProduction\tthe role changes, outside of this configuration, 2 people, and 2 that are no people", "high role-widened", "",
		},
		"holders elsewhere of a role made anew": {
			fakeOrganization{held: []Holding{holding(assigned(grace, "User", "Readers", "Production"))}},
			[]planned{{kind: typeTenantRole, actions: []string{"delete", "create"}, before: roleNamed("Readers", "A"), after: with(roleNamed("Readers", "B"), "id", nil)}},
			"loses\t" + grace + " (user)\tReaders\tProduction\tthe role is deleted, outside of this configuration", "high role-deleted, medium role-widened", "",
		},
		"holders that go": {
			fakeOrganization{held: []Holding{holding(admin)}}, []planned{{address: "a", actions: []string{"delete"}, before: group},
				{kind: typeTenantRole, actions: []string{"delete"}, before: roleNamed("Readers", "A")}},
			"loses\tTeam (group)\tReaders\tProduction\t0 people", "medium role-deleted", "",
		},
		"invited": {
			fakeOrganization{invited: []string{"id-" + grace}}, []planned{{actions: []string{"create"}, after: assigned(grace, "User", "Auditor", "Production")}},
			"gains\t" + grace + " (user)\tAuditor\tProduction", "medium invitation-pending, low direct-grant", "",
		},
		"last administrator": {
			fakeOrganization{held: []Holding{holding(admin)}}, []planned{{actions: []string{"delete"}, before: admin}},
			"loses\t" + grace + " (user)\tOrganization Administrator\t/", "high last-administrator", "",
		},
		"a group of robots is no administrator": {
			fakeOrganization{members: people, held: []Holding{holding(admin), holding(admins)}}, []planned{{actions: []string{"delete"}, before: admin}},
			"loses\t" + grace + " (user)\tOrganization Administrator\t/", "high last-administrator", "",
		},
		"another administrator": {
			fakeOrganization{held: []Holding{holding(admin), holding(with(admin, "principal_id", "b"))}}, []planned{{actions: []string{"delete"}, before: admin}},
			"loses\t" + grace + " (user)\tOrganization Administrator\t/", "", "",
		},
		"refused": {
			fakeOrganization{failing: map[string]error{"held": errRefused, "members": errRefused}}, []planned{{actions: []string{"create"}, after: group}},
			"gains\tTeam (group)\tReaders\tProduction", "", "may not list the role assignments",
		},
		"refused to tell who accepted": {
			fakeOrganization{failing: map[string]error{"invited": errRefused}}, []planned{{actions: []string{"create"}, after: admin}},
			"gains\t" + grace + " (user)\tOrganization Administrator\t/", "high administrator, high organization-wide, low direct-grant", "accepted the invitation",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := Read(strings.NewReader(planText(t, nil, test.changes...)))
			if err != nil {
				t.Fatal(err)
			}
			known, err := r.Expand(t.Context(), test.asked)
			if err != nil {
				t.Fatal(err)
			}
			r.Find(known)
			if got := textRowsOf(r); got != test.rows {
				t.Errorf("got\n%s\nwant\n%s", got, test.rows)
			}
			if got := namesOf(r); got != test.findings {
				t.Errorf("it finds %q, want %q", got, test.findings)
			}
			if got := strings.Join(r.Notes, " "); test.notes == "" && got != "" || !strings.Contains(got, test.notes) {
				t.Errorf("it says %q, want %q", got, test.notes)
			}
		})
	}
}

// A server in trouble is no answer.
func TestExpandFails(t *testing.T) {
	t.Parallel()
	for _, question := range []string{"held", "members", "invited"} {
		asked := fakeOrganization{failing: map[string]error{question: errBroken}, held: []Holding{holding(assigned("Team", "Group", organizationAdministrator, "/"))}}
		r, err := Read(strings.NewReader(planText(t, nil, planned{actions: []string{"create"}, after: assigned(grace, "User", "Auditor", "Production")})))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Expand(t.Context(), asked); !errors.Is(err, errBroken) {
			t.Errorf("%s: got %v", question, err)
		}
	}
}

// What is sensitive in the plan is not shown where the organization tells it either.
func TestExpandSensitive(t *testing.T) {
	t.Parallel()
	grant := assigned("Team", "Group", "Readers", "Production")
	r, err := Read(strings.NewReader(planText(t, nil,
		planned{address: "a", actions: []string{"no-op"}, before: with(grant, "scope", "/tenant/other"), after: grant, sensitive: object{"principal_name": true}},
		planned{kind: typeTenantRole, actions: []string{"delete"}, before: roleNamed("Readers", "A"), sensitive: object{}},
	)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Expand(t.Context(), fakeOrganization{held: []Holding{holding(grant)}}); err != nil {
		t.Fatal(err)
	}
	if got := textRowsOf(r); strings.Contains(got, "Team") || strings.Count(got, "\n") != 1 {
		t.Errorf("got\n%s", got)
	}
}
