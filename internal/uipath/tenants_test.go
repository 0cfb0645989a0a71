package uipath

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

func TestFindTenant(t *testing.T) {
	t.Parallel()
	tenants := []Tenant{
		{roleID(1), "Production"}, {roleID(2), "Staging"}, {roleID(3), "test"}, {roleID(4), "Test"}, {roleID(5), "TWIN"}, {roleID(6), "Twin"},
	}
	for given, want := range map[string]access.GUID{
		"Production": roleID(1), "PRODUCTION": roleID(1), strings.ToUpper(roleID(2).String()): roleID(2), "test": roleID(3), "Test": roleID(4),
	} {
		if got, err := findTenant(tenants, given); err != nil || got.ID != want {
			t.Errorf("findTenant(%q) = %v, %v, want %s", given, got, err, want)
		}
	}
	_, err := findTenant(tenants, "twin")
	several, ok := errors.AsType[*AmbiguousError](err)
	if !ok || cmp.Diff([]Match{{roleID(5).String(), "TWIN"}, {roleID(6).String(), "Twin"}}, several.Matches) != "" || !strings.Contains(err.Error(), roleID(6).String()) {
		t.Errorf("findTenant of an ambiguous name = %v", err)
	}
	_, err = findTenant(tenants, "Stagin")
	missing, ok := errors.AsType[*NotFoundError](err)
	if !ok || !strings.Contains(err.Error(), `Did you mean "Staging"?`) || len(missing.Candidates) != len(tenants) {
		t.Errorf("findTenant of an unknown name = %v", err)
	}
	if errors.Is(err, ErrNotFound) {
		t.Error("a tenant that does not exist is taken for an object that is gone")
	}
}

func TestNotFoundErrorIsBounded(t *testing.T) {
	t.Parallel()
	err := &NotFoundError{Kind: "tenant", Name: "x"}
	if got := err.Error(); !strings.Contains(got, "see no tenant at all") {
		t.Errorf("without candidates: %s", got)
	}
	for i := range maxCandidates + 5 {
		err.Candidates = append(err.Candidates, fmt.Sprintf("tenant-%02d", i))
	}
	if got := err.Error(); !strings.HasSuffix(got, `"tenant-19" and 5 more.`) {
		t.Errorf("with many candidates: %s", got)
	}
}

func TestTenantWithoutPortal(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t, func(c *Config) { c.ResolveTenants = false })
	if got, err := c.Tenant(t.Context(), strings.ToUpper(tenantID)); err != nil || got != (Tenant{tenantID, tenantID}) {
		t.Errorf("Tenant = %v, %v, want the GUID as name", got, err)
	}
	if _, err := c.Tenant(t.Context(), "Production"); err == nil || !strings.Contains(err.Error(), "not looked up") {
		t.Errorf("Tenant by name = %v, want a refusal", err)
	}
	if len(c.tenants.all) != 0 || len(f.sent("")) != 0 {
		t.Errorf("tenants %v, requests %v, want none", c.tenants.all, f.sent(""))
	}
}

func TestTenants(t *testing.T) {
	t.Parallel()
	c := newFake(t).client(t)
	want := []Tenant{{tenantID, "Production"}, {testTenantID, "Test"}}
	if diff := cmp.Diff(want, c.tenants.all); diff != "" {
		t.Errorf("Tenants (-want +got):\n%s", diff)
	}
	if got, err := c.Tenant(t.Context(), "TEST"); err != nil || got != want[1] {
		t.Errorf("Tenant = %v, %v", got, err)
	}
}
