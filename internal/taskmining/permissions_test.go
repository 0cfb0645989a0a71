package taskmining

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

func TestScopes(t *testing.T) {
	t.Parallel()
	at, err := scopes(tenant, []string{"a", "b", "A", "b"})
	var paths []string
	for _, scope := range at {
		paths = append(paths, strings.TrimPrefix(scope.String(), "/tenant/"+string(tenant)))
	}
	if got := strings.Join(paths, " "); err != nil || got != "/taskmining /taskmining/project/a /taskmining/project/b" {
		t.Errorf("%s, %v", got, err)
	}
	if _, err := scopes(tenant, []string{"a/b"}); err == nil {
		t.Error("an id with a slash was taken")
	}
}

// TestNoTenant holds that a tenant that is none never means more than one: nothing is read and nothing changed.
func TestNoTenant(t *testing.T) {
	t.Parallel()
	for _, none := range []access.GUID{"", "Production"} {
		f := newFake()
		f.gives(edsger, access.TaskMiningAdmin)
		permissions := New(f, true)
		wrong := Key{none, edsger}
		if held, err := permissions.Of(t.Context(), wrong); err == nil || held.Exists() {
			t.Errorf("%q: Of gave %+v, %v", none, held, err)
		}
		if held, err := permissions.Reread(t.Context(), wrong, nil); err == nil || held.Exists() {
			t.Errorf("%q: Reread gave %+v, %v", none, held, err)
		}
		if held, _, err := permissions.In(t.Context(), none); err == nil || len(held) > 0 {
			t.Errorf("%q: In gave %+v, %v", none, held, err)
		}
		if missing, err := permissions.MissingAICenter(t.Context(), wrong, access.TaskMiningUser); err == nil {
			t.Errorf("%q: MissingAICenter gave %+v", none, missing)
		}
		if err := permissions.Change(t.Context(), Holding{}, Permission{Key: wrong, Level: access.TaskMiningUser}); err == nil {
			t.Errorf("%q: Change was made", none)
		}
		if slices.ContainsFunc(f.asked, func(call string) bool { return !strings.HasPrefix(call, "RolesNamed") }) || len(f.assignments) != 1 {
			t.Errorf("%q: the server was asked for %q, and holds %v", none, f.asked, f.assignments)
		}
	}
}

// TestNoPrincipal holds that nobody is not everybody: what others hold is never taken for it, and so never removed.
func TestNoPrincipal(t *testing.T) {
	t.Parallel()
	f := newFake()
	f.gives(grace, access.TaskMiningAdmin)
	if held, err := New(f, true).Of(t.Context(), Key{Tenant: tenant}); err == nil || held.Exists() || len(f.asked) > 0 {
		t.Errorf("Of gave %+v, %v", held, err)
	}
}

func TestKeyOf(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]bool{
		"/": false, "/taskmining": false, "/tenant/" + string(tenant): false, "/tenant/" + string(tenant) + "/orchestrator": false,
		"/tenant/" + string(tenant) + "/taskmining": true, "/tenant/" + string(tenant) + "/taskmining/project/a": true,
	} {
		got, ok := KeyOf(uipath.Assignment{Key: uipath.AssignmentKey{PrincipalID: access.GUID(string(edsger)), Scope: pathOf(t, path)}})
		if ok != want || ok && got != key {
			t.Errorf("%s: %s, %t", path, got, ok)
		}
	}
}

// TestHolding tells what principals hold, from roles at the service and at projects, whoever else holds what.
func TestHolding(t *testing.T) {
	t.Parallel()
	const user, expert, admin = access.TaskMiningUser, access.TaskMiningProcessSME, access.TaskMiningAdmin
	for name, test := range map[string]struct {
		give func(*fake)
		want string
	}{
		"nothing":       {func(*fake) {}, "nothing of "},
		"the service":   {func(f *fake) { f.gives(edsger, user) }, "User of "},
		"projects":      {func(f *fake) { f.gives(edsger, user); f.gives(edsger, user, "b", "a") }, "User of a b"},
		"projects only": {func(f *fake) { f.gives(edsger, user, "b") }, "nothing of b"},
		"the strongest": {func(f *fake) { f.gives(edsger, expert); f.gives(edsger, admin); f.gives(edsger, user) }, "Admin of , 2 extra"},
		"projects of an expert": {
			func(f *fake) { f.gives(edsger, expert); f.gives(edsger, user, "a") }, "Process SME of , 1 extra",
		},
		"an expert of a project": {func(f *fake) { f.gives(edsger, user); f.gives(edsger, expert, "a") }, "User of , 1 extra"},
		"another tenant's": {
			func(f *fake) { f.assign(edsger, "Admin", pathOf(t, "/tenant/"+string(otherTenant)+"/taskmining")) }, "nothing of ",
		},
		"a role that carries none": {func(f *fake) {
			f.roles = append(f.roles, builtIn("Project Creator"))
			f.assign(edsger, "Project Creator", pathOf(t, "/tenant/"+string(tenant)+"/taskmining"))
		}, "nothing of "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake()
			test.give(f)
			f.gives(grace, access.TaskMiningAdmin)
			permissions := New(f, true)
			held, err := permissions.Of(t.Context(), key)
			if err != nil || told(held) != test.want || held.Exists() != (test.want != "nothing of ") {
				t.Errorf("%s, %v; want %s", told(held), err, test.want)
			}
			again, err := permissions.Reread(t.Context(), key, []string{"a", "b"})
			if err != nil || told(again) != test.want {
				t.Errorf("asked again: %s, %v; want %s", told(again), err, test.want)
			}
		})
	}
}

func TestHoldingIs(t *testing.T) {
	t.Parallel()
	wanted := Permission{Key: key, PrincipalType: access.PrincipalUser, Level: access.TaskMiningUser, Projects: []string{"b", "a"}}
	for name, test := range map[string]struct {
		give func(*fake)
		want bool
	}{
		"the same":       {func(f *fake) { f.gives(edsger, "User"); f.gives(edsger, "User", "a", "b") }, true},
		"nothing":        {func(*fake) {}, false},
		"a project less": {func(f *fake) { f.gives(edsger, "User"); f.gives(edsger, "User", "a") }, false},
		"another level":  {func(f *fake) { f.gives(edsger, "Admin") }, false},
		"something extra": {func(f *fake) {
			f.gives(edsger, "User")
			f.gives(edsger, "User", "a", "b")
			f.gives(edsger, "Admin", "a")
		}, false},
	} {
		f := newFake()
		test.give(f)
		held, err := New(f, true).Of(t.Context(), key)
		if err != nil || held.Is(wanted) != test.want {
			t.Errorf("%s: %s is it: %t, %v", name, told(held), held.Is(wanted), err)
		}
	}
}

// TestInTenant lists all principals, and as a caller who may not list the organization those at the service.
func TestInTenant(t *testing.T) {
	t.Parallel()
	f := newFake()
	f.gives(edsger, "User")
	f.gives(edsger, "User", "a")
	f.gives(grace, "Admin")
	f.gives(crew, "User", "b")
	tell := func(f *fake) (all []string, complete bool) {
		holdings, complete, err := New(f, true).In(t.Context(), tenant)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range holdings {
			all = append(all, string(h.Principal[:2])+string(h.Principal[34:])+" "+told(h))
		}
		return all, complete
	}
	all, complete := tell(f)
	if diff := cmp.Diff([]string{"3a02 Admin of ", "3a05 User of a", "3b06 nothing of b"}, all); diff != "" || !complete {
		t.Errorf("complete: %t\n%s", complete, diff)
	}
	f.refused = map[string]error{"ServiceAssignments": uipath.ErrForbidden}
	all, complete = tell(f)
	if diff := cmp.Diff([]string{"3a02 Admin of ", "3a05 User of "}, all); diff != "" || complete {
		t.Errorf("complete: %t\n%s", complete, diff)
	}
}

// TestOfWithoutTheOrganization sees the projects that are named, and fails where one of the scopes cannot be read.
func TestOfWithoutTheOrganization(t *testing.T) {
	t.Parallel()
	f := newFake()
	f.gives(edsger, "User")
	f.gives(edsger, "User", "a", "b")
	f.refused = map[string]error{"ServiceAssignments": uipath.ErrForbidden}
	held, err := New(f, true).Of(t.Context(), key, "a")
	if err != nil || told(held) != "User of a" {
		t.Errorf("%s, %v", told(held), err)
	}
	f.refused["Assignments"] = uipath.ErrForbidden
	if held, err := New(f, true).Of(t.Context(), key, "a"); !errors.Is(err, uipath.ErrForbidden) {
		t.Errorf("%s, %v", told(held), err)
	}
	f.refused["ServiceAssignments"] = uipath.ErrUnauthorized
	delete(f.refused, "Assignments")
	if held, err := New(f, true).Of(t.Context(), key, "a"); !errors.Is(err, uipath.ErrUnauthorized) {
		t.Errorf("another failure was taken for a missing right: %s, %v", told(held), err)
	}
}

// TestChange adds and removes what differs, in one change, and leaves what stays.
func TestChange(t *testing.T) {
	t.Parallel()
	f := newFake()
	permissions := New(f, true)
	wanted := Permission{Key: key, PrincipalType: access.PrincipalUser}
	for _, step := range []struct {
		level    access.TaskMiningPermission
		projects []string
		sent     string
	}{
		{"User", []string{"a", "b"}, "+3 -0"}, {"User", []string{"b", "c"}, "+1 -1"}, {"Admin", nil, "+1 -3"}, {"Admin", nil, "+0 -0"},
	} {
		held, err := permissions.Of(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		wanted.Level, wanted.Projects = step.level, step.projects
		if err := permissions.Change(t.Context(), held, wanted); err != nil {
			t.Fatal(err)
		}
		if sent := f.asked[len(f.asked)-1]; sent != "Change "+step.sent {
			t.Errorf("%s of %v: %s, want %s", step.level, step.projects, sent, step.sent)
		}
		if held, err = permissions.Of(t.Context(), key); err != nil || !held.Is(wanted) {
			t.Errorf("%s of %v: afterwards %s is held, %v", step.level, step.projects, told(held), err)
		}
	}
	held, err := permissions.Of(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	if err := permissions.Remove(t.Context(), held); err != nil || len(f.assignments) > 0 {
		t.Errorf("removed: %v, %v", f.assignments, err)
	}
}
