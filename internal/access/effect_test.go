package access

import "testing"

func TestHasEffect(t *testing.T) {
	t.Parallel()
	const multi, a, b = "CentralizedAccess", "/tenant/" + tenantA, "/tenant/" + tenantB
	for _, test := range []struct {
		name  string
		shape RoleShape
		owner string
		home  GUID
		path  string
		want  bool
	}{
		{"organization role at the organization", ShapeOrganization, multi, "", "/", true},
		{"organization role of a service at the organization", ShapeOrganization, "AuthZ", ZeroGUID, "/", true},
		{"organization role of a service at the service", ShapeOrganization, "AutomationOps", "", "/automationops", true},
		{"organization role at another service", ShapeOrganization, "AutomationOps", "", "/audit", false},
		{"multi-service organization role at a service", ShapeOrganization, multi, "", "/authz", false},
		{"organization role at a tenant", ShapeOrganization, multi, "", a, false},
		{"organization role at its service in a tenant", ShapeOrganization, "AutomationOps", "", a + "/automationops", false},
		{"multi-service role at its tenant", ShapeTenant, multi, tenantA, a, true},
		{"the tenant in upper case", ShapeTenant, multi, OptionalGUID("A1B2C3D4-0000-4000-8000-00000000000A"), a, true},
		{"multi-service role at another tenant", ShapeTenant, multi, tenantA, b, false},
		{"multi-service role at a service", ShapeTenant, multi, tenantA, a + "/orchestrator", false},
		{"multi-service role at a folder", ShapeTenant, multi, tenantA, a + "/orchestrator/folder/f1", false},
		{"multi-service role at the organization", ShapeTenantGlobal, multi, "", "/", false},
		{"role for any tenant", ShapeTenantGlobal, multi, ZeroGUID, b, true},
		{"role of a service at the service", ShapeTenantGlobal, "TaskMining", "", a + "/TaskMining", true},
		{"role of a service at a project", ShapeTenantGlobal, "TaskMining", "", a + "/taskmining/project/p1", true},
		{"role of Orchestrator at a folder", ShapeTenantGlobal, "Orchestrator", "", a + "/orchestrator/folder/f1", true},
		{"role of a service at the tenant", ShapeTenantGlobal, "TaskMining", "", a, false},
		{"role of a service at another service", ShapeTenantGlobal, "TaskMining", "", a + "/reinfer", false},
		{"role of a service at the organization's service", ShapeTenantGlobal, "TaskMining", "", "/taskmining", false},
		{"project role at a project", ShapeProject, "Reinfer", "", a + "/reinfer/project/abc", true},
		{"project role of another tenant", ShapeProject, "Reinfer", tenantB, a + "/reinfer/project/abc", false},
		{"project role at the service", ShapeProject, "Reinfer", "", a + "/reinfer", false},
		{"project role at a folder", ShapeProject, "Orchestrator", "", a + "/orchestrator/folder/f1", false},
		{"a shape of no place", "MIXED", multi, "", a, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			at, err := ParseScope(test.path)
			if err != nil {
				t.Fatal(err)
			}
			if got := HasEffect(test.shape, test.owner, test.home, at); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestPathNeeded(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		shape RoleShape
		owner string
		home  GUID
		want  string
	}{
		{ShapeOrganization, "AuthZ", ZeroGUID, "/"},
		{ShapeTenantGlobal, "CentralizedAccess", ZeroGUID, "/tenant/{tenant}"},
		{ShapeTenantGlobal, "DocumentUnderstanding", "", "/tenant/{tenant}/documentunderstanding"},
		{ShapeTenant, "CentralizedAccess", tenantA, "/tenant/" + tenantA},
		{ShapeProject, "Reinfer", "", "/tenant/{tenant}/reinfer/project/{project}"},
		{ShapeProject, "DocumentUnderstanding", tenantA, "/tenant/" + tenantA + "/documentunderstanding/projects/{project}"},
		{"MIXED", "Orchestrator", "", ""},
	} {
		if got := PathNeeded(test.shape, test.owner, test.home); got != test.want {
			t.Errorf("%s of %s: %q, want %q", test.shape, test.owner, got, test.want)
		}
	}
}

func TestLineage(t *testing.T) {
	t.Parallel()
	for path, want := range map[string][]string{
		"/":                  {"/"},
		"/authz":             {"/", "/authz"},
		"/tenant/" + tenantA: {"/", "/tenant/" + tenantA},
		"/tenant/" + tenantA + "/reinfer/project/p": {
			"/", "/tenant/" + tenantA, "/tenant/" + tenantA + "/reinfer", "/tenant/" + tenantA + "/reinfer/project/p",
		},
		"/tenant/" + tenantA + "/orchestrator/folder/f": {
			"/", "/tenant/" + tenantA, "/tenant/" + tenantA + "/orchestrator", "/tenant/" + tenantA + "/orchestrator/folder/f",
		},
	} {
		scope, err := ParseScope(path)
		if err != nil {
			t.Fatal(err)
		}
		lineage := scope.Lineage()
		if len(lineage) != len(want) {
			t.Errorf("%s: %v, want %v", path, lineage, want)
			continue
		}
		for i, s := range lineage {
			if s.String() != want[i] || !s.Contains(scope) {
				t.Errorf("%s: %v, want %v", path, lineage, want)
			}
		}
	}
}
