package access

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestFindService(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"reinfer", "Reinfer", "IXP", "ixp"} {
		if s, ok := FindService(name); !ok || s.DisplayName != "IXP" {
			t.Errorf("%q found %+v, %t", name, s, ok)
		}
	}
	if s, ok := FindService("CENTRALIZEDACCESS"); !ok || s != MultiService {
		t.Errorf("the multi-service owner was not found: %+v", s)
	}
	if s, ok := FindService("Excel"); ok {
		t.Errorf("an unknown service was found: %+v", s)
	}
}

func TestServicesTellApart(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, s := range append(Services(), MultiService) {
		if s.Slug != strings.ToLower(s.Name) {
			t.Errorf("slug of %s is %q", s.Name, s.Slug)
		}
		for _, name := range slices.Compact([]string{s.Slug, strings.ToLower(s.DisplayName)}) {
			if other, taken := seen[name]; taken {
				t.Errorf("%q names both %s and %s", name, other, s.Name)
			}
			seen[name] = s.Name
		}
	}
}

func TestServiceDisplayName(t *testing.T) {
	t.Parallel()
	if got := ServiceDisplayName("DataService"); got != "Data Fabric" {
		t.Errorf("DataService shows as %q", got)
	}
	if got := ServiceDisplayName("Excel"); got != "Excel" {
		t.Errorf("a service that the table lacks shows as %q", got)
	}
}

func TestParseRoleType(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]RoleType{"BUILTIN": RoleBuiltIn, "Platform": RolePlatform, "custom": RoleCustom} {
		if got, err := ParseRoleType(s); err != nil || got != want {
			t.Errorf("%q is %q, %v", s, got, err)
		}
	}
	if _, err := ParseRoleType("Static"); err == nil || !strings.Contains(err.Error(), `"Static"`) {
		t.Errorf("an unknown type gave %v", err)
	}
}

func TestShapes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		scopeType string
		tenant    GUID
		shape     RoleShape
	}{
		{"ORGANIZATION", ZeroGUID, ShapeOrganization},
		{"TENANT", ZeroGUID, ShapeTenantGlobal},
		{"Tenant", "", ShapeTenantGlobal},
		{"TENANT", tenantA, ShapeTenant},
		{"PROJECT", tenantA, ShapeProject},
	} {
		shape := ShapeOf(test.scopeType, test.tenant)
		if shape != test.shape || shape.ScopeType() != strings.ToUpper(test.scopeType) {
			t.Errorf("%s of tenant %q is of shape %s, stored as %s", test.scopeType, test.tenant, shape, shape.ScopeType())
		}
	}
	if got := ShapeOf("MIXED", ""); got != "MIXED" {
		t.Errorf("a scope type without a shape became %q", got)
	}
}

func TestParseGUID(t *testing.T) {
	t.Parallel()
	for _, text := range []string{tenantA, strings.ToUpper(tenantA)} {
		if id, err := ParseGUID(text); err != nil || id != tenantA || OptionalGUID(text) != tenantA {
			t.Errorf("%q is read as %q, %v", text, id, err)
		}
	}
	for _, text := range []string{"", "Production", "{" + tenantA + "}", strings.ReplaceAll(tenantA, "-", ""), tenantA + "\n"} {
		if id, err := ParseGUID(text); err == nil || id != "" || OptionalGUID(text) != "" || err.Error() != fmt.Sprintf("%q is not a GUID", text) {
			t.Errorf("%q passed for the GUID %q, %v", text, id, err)
		}
	}
	if id, err := ParseGUID(string(ZeroGUID)); err != nil || id != ZeroGUID || OptionalGUID(string(ZeroGUID)) != "" {
		t.Errorf("the zero GUID is read as %q, %v", id, err)
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	names := []string{
		"ORCHESTRATOR.MLPACKAGES.VIEW", "ORCHESTRATOR.MLPACKAGES.EDIT", "ORCHESTRATOR.MLSKILLS.VIEW", "ORCHESTRATOR.PACKAGES.VIEW", "AUTHZ.ROLE.READ",
	}
	got := Nearest("orchestrator.mlpackage.view", names, 3)
	if want := []string{"ORCHESTRATOR.MLPACKAGES.VIEW", "ORCHESTRATOR.PACKAGES.VIEW"}; !slices.Equal(got, want) {
		t.Errorf("nearest names are %q, want %q", got, want)
	}
	if got := Nearest("orchestrator.mlpackage.view", names, 1); len(got) != 1 {
		t.Errorf("one was asked for, and %q came", got)
	}
	if got := Nearest("completely different", names, 3); len(got) != 0 {
		t.Errorf("something far was offered: %q", got)
	}
	if got := Nearest("Prodution", []string{"Production", "Staging", "Production"}, 3); !slices.Equal(got, []string{"Production"}) {
		t.Errorf("nearest tenants are %q", got)
	}
}
