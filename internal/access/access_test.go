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

func TestNearestNames(t *testing.T) {
	t.Parallel()
	people := []string{"Grace Hopper", "Grace Kelly", "Ada Lovelace", "invoice-robot", "Invoice Processing", "Process Discovery"}
	permissions := []string{
		"DOCUMENTUNDERSTANDING.PROJECTS.DELETE", "DOCUMENTUNDERSTANDING.PROJECTS.READ", "ORCHESTRATOR.MLPACKAGES.VIEW", "ORCHESTRATOR.MLPACKAGES.EDIT",
	}
	roles := []string{"DU Administrator", "Tenant Administrator", "DU Viewer", "Administrator"}
	for name, test := range map[string]struct {
		name       string
		candidates []string
		want       []string
	}{
		"a first name":                      {"Grace", people, []string{"Grace Hopper", "Grace Kelly"}},
		"a last name":                       {"hopper", people, []string{"Grace Hopper"}},
		"the beginning of a word":           {"Inv", people, []string{"Invoice Processing", "invoice-robot"}},
		"words in another order":            {"Lovelace, Ada", people, []string{"Ada Lovelace"}},
		"another letter case":               {"ada lovelace", people, []string{"Ada Lovelace"}},
		"two words in one":                  {"InvoiceProcessing", people, []string{"Invoice Processing"}},
		"two words in one, misspelled":      {"InvoiceProcesing", people, []string{"Invoice Processing"}},
		"a misspelled word":                 {"Process Discovry", people, []string{"Process Discovery"}},
		"another privilege":                 {"DOCUMENTUNDERSTANDING.DOCUMENTS.DELETE", permissions, nil},
		"another right on the same":         {"ORCHESTRATOR.MLPACKAGES.READ", permissions, nil},
		"a misspelled privilege":            {"ORCHESTRATOR.MLPACKAGE.VIEW", permissions, []string{"ORCHESTRATOR.MLPACKAGES.VIEW"}},
		"the same privilege of no service":  {"MLPACKAGES.VIEW", permissions, []string{"ORCHESTRATOR.MLPACKAGES.VIEW"}},
		"two letters in each other's place": {"Graec Hopper", people, []string{"Grace Hopper"}},
		"a misspelled word before a part":   {"DU Adminstrator", roles, []string{"DU Administrator"}},
		"the beginning of one and another":  {"Operation", []string{"Operations | nightly", "Operations"}, []string{"Operations", "Operations | nightly"}},
		"another administrator":             {"Folder Administrator", roles, []string{"Administrator"}},
		"nothing":                           {"", roles, nil},
		"signs only":                        {"./-", roles, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Nearest(test.name, test.candidates, 3); !slices.Equal(got, test.want) {
				t.Errorf("nearest to %q are %q, want %q", test.name, got, test.want)
			}
		})
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	names := []string{
		"ORCHESTRATOR.MLPACKAGES.VIEW", "ORCHESTRATOR.MLPACKAGES.EDIT", "ORCHESTRATOR.MLSKILLS.VIEW", "ORCHESTRATOR.PACKAGES.VIEW", "AUTHZ.ROLE.READ",
	}
	got := Nearest("orchestrator.mlpackage.view", names, 3)
	if want := []string{"ORCHESTRATOR.MLPACKAGES.VIEW"}; !slices.Equal(got, want) {
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
