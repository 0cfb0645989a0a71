package access

import (
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
		tenant, service string
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
