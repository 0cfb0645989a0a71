package catalogue

import (
	"strings"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

func load(t *testing.T) *Catalogue {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTheCatalogueHasTheDocumentedCounts(t *testing.T) {
	t.Parallel()
	counts := map[string]int{}
	for _, p := range load(t).Permissions() {
		counts[p.Namespace+" "+p.ScopeType]++
		counts[p.Namespace]++
		counts["all"]++
	}
	t.Logf("%d permissions", counts["all"])
	for key, want := range map[string]int{
		"AUTHZ ANY": 10, "AUTHZ ORGANIZATION": 4, "AUTHZ": 14,
		"DOCUMENTUNDERSTANDING TENANT": 17, "DOCUMENTUNDERSTANDING PROJECT": 49,
	} {
		if counts[key] != want {
			t.Errorf("%s: %d permissions, want %d", key, counts[key], want)
		}
	}
	if counts["ORCHESTRATOR TENANT"] < 30 {
		t.Errorf("ORCHESTRATOR TENANT: %d permissions, want at least 30", counts["ORCHESTRATOR TENANT"])
	}
	if counts["all"] < 480 || counts["all"] > 520 {
		t.Errorf("%d permissions, want about 500", counts["all"])
	}
	for _, s := range access.Services() {
		if counts[s.Namespace] == 0 {
			t.Errorf("namespace %s has no permission", s.Namespace)
		}
	}
}

func TestTheCatalogueHasTheAttestedNames(t *testing.T) {
	t.Parallel()
	c := load(t)
	for name, scopeType := range map[string]string{
		"AUTHZ.ACTION.READ":                         "ANY",
		"AUTHZ.ROLE.READ":                           "ANY",
		"AUTHZ.CONDITIONALACCESSPOLICY.READ":        "ORGANIZATION",
		"CENTRALIZEDACCESS.ADMINISTRATIONPAGE.VIEW": "TENANT",
		"IDENTITY.GROUP.READ":                       "ORGANIZATION",
		"IDENTITY.GROUP.UPDATE":                     "ORGANIZATION",
		"OMS.ORGANIZATION.READ":                     "ORGANIZATION",
		"DOCUMENTUNDERSTANDING.PROJECTS.DELETE":     "TENANT",
		"DOCUMENTUNDERSTANDING.DOCUMENTS.DELETE":    "PROJECT",
		"STUDIO.NUGET.LIST":                         "TENANT",
		"ORCHESTRATOR.ASSETS.VIEW":                  "FOLDER",
		"ORCHESTRATOR.MLLOGS.VIEW":                  "TENANT",
		"ORCHESTRATOR.MLPACKAGES.VIEW":              "TENANT",
		"ORCHESTRATOR.MLPACKAGES.EDIT":              "TENANT",
		"ORCHESTRATOR.MLPACKAGES.CREATE":            "TENANT",
		"ORCHESTRATOR.MLPACKAGES.DELETE":            "TENANT",
		"ORCHESTRATOR.MLSKILLS.VIEW":                "TENANT",
	} {
		if p, ok := c.Permission(name); !ok || p.ScopeType != scopeType {
			t.Errorf("%s: got scope type %q, present %v; want %q", name, p.ScopeType, ok, scopeType)
		}
	}
	if p, _ := c.Permission("AUTHZ.ACTION.READ"); p.ID != actionReadID {
		t.Errorf("AUTHZ.ACTION.READ has the id %s, want %s", p.ID, actionReadID)
	}
	if p, _ := c.Permission("CENTRALIZEDACCESS.ADMINISTRATIONPAGE.VIEW"); p.Description != "View the administration page" {
		t.Errorf("description %q", p.Description)
	}
}

func TestAICenterPermissionsSayThatTheirNamesAreOurs(t *testing.T) {
	t.Parallel()
	found := 0
	for _, p := range load(t).Permissions() {
		if p.ResourceGroup != "AI Center" {
			continue
		}
		found++
		if !strings.Contains(p.Description, "reference backend's own") {
			t.Errorf("%s: description %q does not say whose name it is", p.Name, p.Description)
		}
	}
	if found != 6 {
		t.Errorf("%d AI Center permissions, want 6", found)
	}
}

func TestRolesFitTheirShape(t *testing.T) {
	t.Parallel()
	c := load(t)
	types := map[access.RoleType]int{}
	for _, r := range c.Roles() {
		types[r.Type]++
		if _, err := access.ParseGUID(r.ID.String()); err != nil {
			t.Errorf("%s: id %q", r.Name, r.ID)
		}
		if s, ok := access.FindService(r.Service); !ok || s.Name != r.Service {
			t.Errorf("%s: owner %q is not the API name of a service", r.Name, r.Service)
		}
		for _, name := range r.Permissions {
			if p, ok := c.Permission(name); !ok || !p.Fits(r.Shape.ScopeType()) {
				t.Errorf("%s: permission %s does not fit %s", r.Name, name, r.Shape)
			}
		}
	}
	if types[access.RolePlatform] != 2 || types[access.RoleBuiltIn] < 35 || types[access.RoleCustom] != 0 {
		t.Errorf("role types %v, want 2 platform roles and about 40 built-in ones", types)
	}
	if r, ok := c.Role("587d79d6-85de-4ee7-819b-1eb19b85009b"); !ok || r.Name != "Access Administrator" || r.Service != "AuthZ" {
		t.Errorf("Access Administrator: got %q of %s", r.Name, r.Service)
	}
	for _, name := range []string{"User", "Process SME", "Admin"} {
		if r, ok := c.Role(roleID("TaskMining", name)); !ok || r.Name != name {
			t.Errorf("Task Mining has no role %q", name)
		}
	}
	if r, ok := c.Role(organizationAdministratorID); !ok || !IsOrganizationAdministrator(r.ID) {
		t.Error("Organization Administrator is not in the catalogue")
	}
}

func TestMistakesInTheCatalogueAreFound(t *testing.T) {
	t.Parallel()
	if _, err := expandPermissions([]byte("- {namespace: NOWHERE, scopeType: TENANT, resources: {A: Read}}")); err == nil {
		t.Error("a namespace without a service was accepted")
	}
	if _, err := load(t).expandRoles([]byte(`- {name: A, shape: TenantGlobal, service: Apps, permissions: ["APPS.NOTHING"]}`)); err == nil {
		t.Error("a pattern that matches nothing was accepted")
	}
	if _, err := load(t).expandRoles([]byte(`- {name: A, shape: TenantGlobal, service: Apps, description: Sees, and does}`)); err == nil {
		t.Error("a description with a comma that is not quoted was accepted")
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for resource, want := range map[string]string{
		"Role": "role", "TestDataQueues": "test data queues", "MLLogs": "ML logs", "ConditionalAccessPolicy": "conditional access policy",
	} {
		if got := words(resource); got != want {
			t.Errorf("words(%q) = %q, want %q", resource, got, want)
		}
	}
}
