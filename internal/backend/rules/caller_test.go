package rules

import (
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

const (
	tenantA = "1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90"
	tenantB = "2f7b1d63-4a5c-4e9f-8b82-6c3d7e8f9a01"
)

func scope(t *testing.T, path string) access.Scope {
	t.Helper()
	s, err := access.ParseScope(path)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEffective(t *testing.T) {
	t.Parallel()
	const multi, a, b, custom = "CentralizedAccess", "/tenant/" + tenantA, "/tenant/" + tenantB, model.AssignmentCustom
	const organization, global, tenant, project = access.ShapeOrganization, access.ShapeTenantGlobal, access.ShapeTenant, access.ShapeProject
	for _, test := range []struct {
		name  string
		shape access.RoleShape
		owner string
		home  string
		kind  model.AssignmentType
		path  string
		want  bool
	}{
		{"organization role at the organization", organization, multi, "", custom, "/", true},
		{"organization role of a service at the organization", organization, "AuthZ", "", custom, "/", true},
		{"organization role of a service at the service", organization, "AutomationOps", "", custom, "/automationops", true},
		{"organization role at another service", organization, "AutomationOps", "", custom, "/audit", false},
		{"organization role at a tenant", organization, multi, "", custom, a, false},
		{"multi-service role at its tenant", tenant, multi, tenantA, custom, a, true},
		{"multi-service role at another tenant", tenant, multi, tenantA, custom, b, false},
		{"multi-service role at a service", tenant, multi, tenantA, custom, a + "/orchestrator", false},
		{"multi-service role at the organization", global, multi, "", custom, "/", false},
		{"role for any tenant", global, multi, "", custom, b, true},
		{"role of a service at the service", global, "TaskMining", "", custom, a + "/TaskMining", true},
		{"role of a service at a project", global, "TaskMining", "", custom, a + "/taskmining/project/p1", true},
		{"role of a service at the tenant", global, "TaskMining", "", custom, a, false},
		{"role of a service at another service", global, "TaskMining", "", custom, a + "/reinfer", false},
		{"project role at a project", project, "Reinfer", "", custom, a + "/reinfer/project/abc", true},
		{"project role at the service", project, "Reinfer", "", custom, a + "/reinfer", false},
		{"what the platform maps", global, "DocumentUnderstanding", "", model.AssignmentBuiltIn, "/", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			role := model.Role{Shape: test.shape, Service: test.owner, TenantID: test.home}
			if got := effective(role, model.Assignment{Type: test.kind, Scope: scope(t, test.path)}); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestCan(t *testing.T) {
	t.Parallel()
	s := &Session{grants: []grant{{model.Role{Permissions: []string{readRoles}}, scope(t, "/tenant/"+tenantA)}}}
	if !s.can(readRoles, scope(t, "/tenant/"+tenantA)) || !s.can(readRoles, scope(t, "/tenant/"+tenantA+"/orchestrator")) {
		t.Error("a grant does not hold where it was given, or below")
	}
	if s.can(readRoles, scope(t, "/")) || s.can(readRoles, scope(t, "/tenant/"+tenantB)) || s.can(createRoles, scope(t, "/tenant/"+tenantA)) {
		t.Error("a grant holds above, elsewhere, or for another permission")
	}
	if !s.canSomewhere(readRoles) || s.canSomewhere(createRoles) {
		t.Error("somewhere is wrong")
	}
}
