package access

import (
	"slices"
	"strings"
	"testing"
)

const (
	tenantA = "a1b2c3d4-0000-4000-8000-00000000000a"
	tenantB = "a1b2c3d4-0000-4000-8000-00000000000b"
)

func TestParseScope(t *testing.T) {
	t.Parallel()
	project := "b7e0d4c2-1111-4222-8333-444455556666"
	for _, test := range []struct {
		path, canonical string
		kind            ScopeKind
		tenant          GUID
		service         string
	}{
		{"/", "/", ScopeOrganization, "", ""},
		{"/AuthZ", "/authz", ScopeService, "", "authz"},
		{"/tenant/" + strings.ToUpper(tenantA), "/tenant/" + tenantA, ScopeTenant, tenantA, ""},
		{"/tenant/" + tenantA + "/Reinfer", "/tenant/" + tenantA + "/reinfer", ScopeService, tenantA, "reinfer"},
		{"/tenant/" + tenantA + "/Reinfer/projects/00Ff", "/tenant/" + tenantA + "/reinfer/project/00ff", ScopeProject, tenantA, "reinfer"},
		{
			"/tenant/" + tenantA + "/DocumentUnderstanding/project/" + project,
			"/tenant/" + tenantA + "/documentunderstanding/projects/" + project, ScopeProject, tenantA, "documentunderstanding",
		},
		{
			"/tenant/" + tenantA + "/orchestrator/folder/" + project,
			"/tenant/" + tenantA + "/orchestrator/folder/" + project, ScopeFolder, tenantA, "orchestrator",
		},
	} {
		t.Run(test.path, func(t *testing.T) {
			t.Parallel()
			scope, err := ParseScope(test.path)
			if err != nil {
				t.Fatal(err)
			}
			if scope.String() != test.canonical || scope.Kind() != test.kind ||
				scope.TenantID() != test.tenant || scope.ServiceSlug() != test.service {
				t.Errorf("got %s, %s of tenant %q and service %q", scope, scope.Kind(), scope.TenantID(), scope.ServiceSlug())
			}
		})
	}
}

func TestParseScopeRefuses(t *testing.T) {
	t.Parallel()
	for _, path := range []string{
		"", "tenant", "//", "/tenant", "/tenant/", "/tenant/production", "/tenant/" + tenantA + "/", "/tenant/" + tenantA + "/task mining",
		"/tenant/" + tenantA + "/taskmining/project", "/tenant/" + tenantA + "/taskmining/project/", "/tenant/" + tenantA + "/taskmining/app/1",
		"/tenant/" + tenantA + "/taskmining/project/1/2", "/taskmining/project/1", "/tenant/" + tenantA + "/taskmining/project/../1",
	} {
		if scope, err := ParseScope(path); err == nil {
			t.Errorf("%q was read as %s", path, scope)
		} else if !strings.Contains(err.Error(), path) {
			t.Errorf("the error for %q does not name it: %v", path, err)
		}
	}
}

func TestServiceScope(t *testing.T) {
	t.Parallel()
	for name, slug := range map[string]string{
		"reinfer": "reinfer", "Reinfer": "reinfer", "IXP": "reinfer", "ixp": "reinfer", "task mining": "taskmining", "TaskMining": "taskmining",
		"TASKMINING": "taskmining", "Data Fabric": "dataservice", "Maestro": "casemanagement", "Spreadsheets": "spreadsheets",
	} {
		scope, err := ServiceScope(GUID(strings.ToUpper(tenantA)), name)
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		if scope.Kind() != ScopeService || scope.TenantID() != tenantA || scope.ServiceSlug() != slug || scope.Container() != "" {
			t.Errorf("%q is at %s", name, scope)
		}
	}
}

func TestServiceScopeRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		tenant        GUID
		service, want string
	}{
		{tenantA, "CentralizedAccess", "assigned at the tenant"},
		{tenantA, "multi-service", "assigned at the tenant"},
		{tenantA, "Task Minning", `"Task Minning" is not the name of a service`},
		{tenantA, "", "not the name of a service"},
		{"Production", "IXP", `"Production" is not a GUID`},
		{"", "IXP", `"" is not a GUID`},
		{tenantA, "taskmining/project/1", `"taskmining/project/1"`},
		{tenantA, "orchestrator/folder/1", `"orchestrator/folder/1" is not the name of a service`},
		{tenantA + "/orchestrator/folder", "f", "/orchestrator/folder\" is not a GUID"},
	} {
		if scope, err := ServiceScope(test.tenant, test.service); err == nil {
			t.Errorf("service %q of tenant %q is at %s", test.service, test.tenant, scope)
		} else if !strings.Contains(err.Error(), test.want) {
			t.Errorf("service %q of tenant %q: %v, want %s", test.service, test.tenant, err, test.want)
		}
	}
}

func TestFolderScope(t *testing.T) {
	t.Parallel()
	const key = "4a000000-0000-4000-8000-00000000000f"
	scope, err := FolderScope(tenantA, strings.ToUpper(key))
	if err != nil {
		t.Fatal(err)
	}
	if want := "/tenant/" + tenantA + "/orchestrator/folder/" + key; scope.String() != want || scope.Kind() != ScopeFolder || scope.Container() != key {
		t.Errorf("the folder is at %s, a %s with the key %q", scope, scope.Kind(), scope.Container())
	}
	for _, wrong := range []struct {
		tenant GUID
		key    string
	}{{"Production", key}, {tenantA, ""}, {tenantA, "Finance/Invoices"}, {tenantA, "Human Resources"}} {
		if scope, err := FolderScope(wrong.tenant, wrong.key); err == nil {
			t.Errorf("folder %q of tenant %q is at %s", wrong.key, wrong.tenant, scope)
		}
	}
}

// TestProjectScope holds the spelling of the project's segment, which differs by service.
func TestProjectScope(t *testing.T) {
	t.Parallel()
	for service, segments := range map[string]string{
		"Document Understanding": "/documentunderstanding/projects/", "IXP": "/reinfer/project/", "Task Mining": "/taskmining/project/",
		"Test Manager": "/testmanager/project/",
	} {
		scope, err := ProjectScope(tenantA, service, "4B0000000000000A")
		if err != nil {
			t.Errorf("%s: %v", service, err)
			continue
		}
		if want := "/tenant/" + tenantA + segments + "4b0000000000000a"; scope.String() != want || scope.Kind() != ScopeProject {
			t.Errorf("the project of %s is at %s, a %s, want %s", service, scope, scope.Kind(), want)
		}
		if scope.Container() != "4b0000000000000a" {
			t.Errorf("the project of %s has the id %q", service, scope.Container())
		}
	}
	for _, wrong := range []struct {
		tenant      GUID
		service, id string
	}{
		{"Production", "IXP", "1"}, {tenantA, "CentralizedAccess", "1"}, {tenantA, "IXP", ""}, {tenantA, "IXP", "1/2"}, {tenantA, "IXP", "Supplier Mail"},
		{tenantA, "taskmining/project/1", "2"},
	} {
		if scope, err := ProjectScope(wrong.tenant, wrong.service, wrong.id); err == nil {
			t.Errorf("project %q of %q in tenant %q is at %s", wrong.id, wrong.service, wrong.tenant, scope)
		}
	}
}

func TestIsContainerID(t *testing.T) {
	t.Parallel()
	for _, id := range []string{tenantA, strings.ToUpper(tenantA), "4b0000000000000a", "4B0000000000000A", "1"} {
		if !IsContainerID(id) {
			t.Errorf("%q was refused", id)
		}
	}
	for _, id := range []string{"", "-1", "a b", "a/b", "../a", "a\n", "{" + tenantA + "}", "Finance/Invoices", "Zürich"} {
		if IsContainerID(id) {
			t.Errorf("%q passed for the key of a folder", id)
		}
	}
}

// TestHasProjects holds the services that the vendor's page on role assignments lists with projects.
func TestHasProjects(t *testing.T) {
	t.Parallel()
	var with []string
	for _, s := range append(Services(), MultiService) {
		if s.HasProjects() {
			with = append(with, s.DisplayName)
		}
	}
	if want := []string{"Document Understanding", "IXP", "Task Mining", "Test Manager"}; !slices.Equal(with, want) {
		t.Errorf("services with projects are %q, want %q", with, want)
	}
}

func TestScopeContains(t *testing.T) {
	t.Parallel()
	scope := func(path string) Scope {
		s, err := ParseScope(path)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for _, test := range []struct {
		wide, narrow string
		want         bool
	}{
		{"/", "/", true},
		{"/", "/tenant/" + tenantA + "/taskmining/project/1", true},
		{"/tenant/" + tenantA, "/tenant/" + tenantA + "/taskmining", true},
		{"/tenant/" + tenantA, "/tenant/" + tenantB, false},
		{"/tenant/" + tenantA, "/", false},
		{"/tenant/" + tenantA + "/taskmining", "/tenant/" + tenantA + "/taskmining/project/1", true},
		{"/tenant/" + tenantA + "/taskmining", "/tenant/" + tenantA + "/reinfer", false},
		{"/tenant/" + tenantA + "/taskmining/project/1", "/tenant/" + tenantA + "/taskmining/project/2", false},
		{"/tenant/" + tenantA + "/taskmining/project/1", "/tenant/" + tenantA + "/taskmining", false},
		{"/authz", "/authz", true},
		{"/authz", "/tenant/" + tenantA + "/authz", false},
	} {
		if got := scope(test.wide).Contains(scope(test.narrow)); got != test.want {
			t.Errorf("%s contains %s: %t", test.wide, test.narrow, got)
		}
	}
}

// TestNoScope holds that a scope that was never read neither grants nor selects anything.
func TestNoScope(t *testing.T) {
	t.Parallel()
	var none Scope
	if none == Organization || none.Kind() != "" || none.String() != "" || none.Lineage() != nil {
		t.Errorf("no scope is %q, a %q, within %v", none, none.Kind(), none.Lineage())
	}
	if none != TenantScope("") || none != TenantScope("Production") {
		t.Error("the scope of a tenant that is not named is one")
	}
	for _, s := range []Scope{none, Organization, TenantScope(tenantA)} {
		if none.Contains(s) || s.Contains(none) {
			t.Errorf("no scope lies in %s, or contains it", s)
		}
	}
	if HasEffect(ShapeOrganization, MultiService.Name, "", none) || HasEffect(ShapeTenantGlobal, MultiService.Name, "", none) {
		t.Error("a role has an effect at no scope")
	}
}

func FuzzParseScope(f *testing.F) {
	for _, path := range []string{
		"/", "/authz", "/tenant/" + tenantA, "/tenant/" + tenantA + "/DocumentUnderstanding/project/1",
		"/tenant/" + tenantA + "/orchestrator/folder/f", "/Tenant/K", "//", "/tenant//",
	} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		scope, err := ParseScope(path)
		if err != nil {
			return
		}
		again, err := ParseScope(scope.String())
		if err != nil || again != scope {
			t.Errorf("%q reads as %s, which reads as %s: %v", path, scope, again, err)
		}
	})
}

// FuzzBuildScope holds that a path that was built is that of its parts, and reads back as itself.
func FuzzBuildScope(f *testing.F) {
	for _, parts := range [][3]string{
		{tenantA, "IXP", "4b0000000000000a"}, {strings.ToUpper(tenantA), "Document Understanding", strings.ToUpper(tenantB)},
		{tenantA, "spreadsheets", "1"}, {tenantA, "CentralizedAccess", "1"}, {"Production", "IXP", "1"}, {tenantA, "taskmining/project/1", "2"},
		{tenantA + "/orchestrator/folder", "k", "1"}, {tenantA, "TAS\u212aMINING", "\u212a"}, {"", "", ""},
	} {
		f.Add(parts[0], parts[1], parts[2])
	}
	f.Fuzz(func(t *testing.T, tenantText, service, container string) {
		tenant := GUID(tenantText)
		canonical, notGUID := ParseGUID(tenantText)
		check := func(kind ScopeKind, slug, id string, s Scope, err error) {
			if err != nil {
				return
			}
			if s.Kind() != kind || s.TenantID() != canonical || slug != "" && s.ServiceSlug() != slug || s.Container() != id {
				t.Errorf("%s of %q, %q and %q is %s, a %s of tenant %q and service %q with %q inside",
					kind, tenant, service, container, s, s.Kind(), s.TenantID(), s.ServiceSlug(), s.Container())
			}
			if again, err := ParseScope(s.String()); err != nil || again != s {
				t.Errorf("%s reads back as %s: %v", s, again, err)
			}
		}
		known, _ := FindService(service)
		id := strings.ToLower(container)
		s, err := ServiceScope(tenant, service)
		check(ScopeService, known.Slug, "", s, err)
		s, err = ProjectScope(tenant, service, container)
		check(ScopeProject, known.Slug, id, s, err)
		if err == nil && !IsContainerID(container) {
			t.Errorf("%q stands in %s and is no id of a project", container, s)
		}
		s, err = FolderScope(tenant, container)
		check(ScopeFolder, "orchestrator", id, s, err)
		if (err == nil) != (notGUID == nil && IsContainerID(container)) {
			t.Errorf("folder %q of tenant %q: %v", container, tenant, err)
		}
	})
}
