package taskmining

import (
	"strings"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// TestPermissionOf tells the roles that carry a permission from those of newer generations of the service, and from others.
func TestPermissionOf(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		role uipath.Role
		want access.TaskMiningPermission
	}{
		{uipath.Role{Name: "Admin", Service: "TaskMining", Type: access.RoleBuiltIn}, access.TaskMiningAdmin},
		{uipath.Role{Name: "Process SME", Service: "taskmining", Type: access.RolePlatform}, access.TaskMiningProcessSME},
		{uipath.Role{Name: "Project Creator", Service: "TaskMining", Type: access.RoleBuiltIn}, ""},
		{uipath.Role{Name: "Admin", Service: "TaskMining", Type: access.RoleCustom}, ""},
		{uipath.Role{Name: "Admin", Service: "Insights", Type: access.RoleBuiltIn}, ""},
	} {
		if got, carries := PermissionOf(test.role); carries != (test.want != "") || carries && got != test.want {
			t.Errorf("%+v carries %q, %t", test.role, got, carries)
		}
	}
}

func TestRoles(t *testing.T) {
	t.Parallel()
	of := func(names ...string) *fake {
		f := &fake{}
		for _, name := range names {
			f.roles = append(f.roles, builtIn(name))
		}
		// A role of the same name that administrators made carries nothing.
		f.roles = append(f.roles, uipath.Role{ID: access.GUID(string(crew)), Name: "user", Service: "TaskMining", Type: access.RoleCustom})
		return f
	}
	found, err := New(of("User", "Process SME", "Admin", "Project Creator"), true).roles(t.Context())
	if err != nil || len(found) != 3 || string(found["User"]) != roleID("User") {
		t.Errorf("found %v, %v", found, err)
	}
	for want, f := range map[string]*fake{
		`no built-in role "User"`:  of(),
		`no built-in role "Admin"`: of("User", "Process SME"),
		"the service has other roles: Administrator, Project Creator, user": of("Administrator", "Project Creator"),
	} {
		if found, err := New(f, true).roles(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v gave %v, %v, want %s", f.roles, found, err, want)
		}
	}
}
