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
	role := model.Role{Shape: access.ShapeTenantGlobal, Service: "DocumentUnderstanding"}
	for _, test := range []struct {
		kind access.AssignmentType
		path string
		want bool
	}{
		{access.AssignmentCustom, "/tenant/" + tenantA + "/documentunderstanding", true},
		{access.AssignmentCustom, "/", false},
		{access.AssignmentBuiltIn, "/", true},
	} {
		if got := effective(role, model.Assignment{Type: test.kind, Scope: scope(t, test.path)}); got != test.want {
			t.Errorf("%s at %s: got %v, want %v", test.kind, test.path, got, test.want)
		}
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
