package provider

import (
	"strings"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// TestTaskMiningPermission tells the roles that carry a permission from those of newer generations of the service, and from others.
func TestTaskMiningPermission(t *testing.T) {
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
		if got, carries := taskMiningPermission(test.role); carries != (test.want != "") || carries && got != test.want {
			t.Errorf("%+v carries %q, %t", test.role, got, carries)
		}
	}
}

func TestFindTaskMiningRoles(t *testing.T) {
	t.Parallel()
	of := func(names ...string) []uipath.Role {
		var roles []uipath.Role
		for _, name := range names {
			roles = append(roles, uipath.Role{ID: name, Name: name, Service: "TaskMining", Type: access.RoleBuiltIn})
		}
		return roles
	}
	if roles, err := findTaskMiningRoles(of("User", "Process SME", "Admin", "Project Creator")); err != nil || len(roles) != 3 {
		t.Errorf("found %v, %v", roles, err)
	}
	for want, roles := range map[string][]uipath.Role{
		`no built-in role "User"`:                           nil,
		`no built-in role "Admin"`:                          of("User", "Process SME"),
		"has Administrator, Project Creator, which uipath_": of("Administrator", "Project Creator"),
	} {
		if found, err := findTaskMiningRoles(roles); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v gave %v, %v", roles, found, err)
		}
	}
}

func TestTaskMiningScopes(t *testing.T) {
	t.Parallel()
	const tenant = "1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90"
	scopes, err := taskMiningScopes(tenant, []string{"a", "b", "A", "b"})
	var paths []string
	for _, scope := range scopes {
		paths = append(paths, strings.TrimPrefix(scope.String(), "/tenant/"+tenant))
	}
	if got := strings.Join(paths, " "); err != nil || got != "/taskmining /taskmining/project/a /taskmining/project/b" {
		t.Errorf("%s, %v", got, err)
	}
	if _, err := taskMiningScopes(tenant, []string{"a/b"}); err == nil {
		t.Error("an id with a slash was taken")
	}
}
