package taskmining

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

const (
	tenant      access.GUID = "1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90"
	otherTenant access.GUID = "2f7b1d63-4a5c-4e9f-8b82-6c3d7e8f9a01"
	edsger      access.GUID = "3a000000-0000-4000-8000-000000000005"
	grace       access.GUID = "3a000000-0000-4000-8000-000000000002"
	crew        access.GUID = "3b000000-0000-4000-8000-000000000006"
)

var key = Key{tenant, edsger}

// fake is a server in memory. A role's id is its name in a GUID.
type fake struct {
	roles       []uipath.Role
	assignments []uipath.Assignment
	members     map[access.GUID][]access.GUID
	// refused makes a method fail, by its name.
	refused map[string]error
	// asked counts calls, by method and what it was asked for.
	asked []string
}

func (f *fake) call(method string, of any) error {
	f.asked = append(f.asked, fmt.Sprint(method, " ", of))
	return f.refused[method]
}

func (f *fake) Role(_ context.Context, id access.GUID) (uipath.Role, error) {
	if err := f.call("Role", id); err != nil {
		return uipath.Role{}, err
	}
	if i := slices.IndexFunc(f.roles, func(r uipath.Role) bool { return r.ID == id }); i >= 0 {
		return f.roles[i], nil
	}
	return uipath.Role{}, uipath.ErrNotFound
}

func (f *fake) Roles(context.Context) ([]uipath.Role, error) { return f.roles, f.call("Roles", "") }

func (f *fake) RolesNamed(_ context.Context, name string) ([]uipath.Role, error) {
	var named []uipath.Role
	for _, r := range f.roles {
		if strings.EqualFold(r.Name, name) {
			named = append(named, r)
		}
	}
	return named, f.call("RolesNamed", name)
}

func (f *fake) held(keep func(uipath.Assignment) bool) []uipath.Assignment {
	return slices.DeleteFunc(slices.Clone(f.assignments), func(a uipath.Assignment) bool { return !keep(a) })
}

func (f *fake) ServiceAssignments(_ context.Context, service string, principal access.GUID) ([]uipath.Assignment, error) {
	return f.held(func(a uipath.Assignment) bool {
		owned := slices.ContainsFunc(f.roles, func(r uipath.Role) bool { return r.ID == a.Key.RoleID && r.Service == service })
		return owned && (principal == "" || a.Key.PrincipalID == principal)
	}), f.call("ServiceAssignments", principal)
}

func (f *fake) Assignments(_ context.Context, scope access.Scope, _ uipath.Reach) ([]uipath.Assignment, error) {
	return f.held(func(a uipath.Assignment) bool { return a.Key.Scope == scope }), f.call("Assignments", scope)
}

func (f *fake) HeldAt(_ context.Context, scope access.Scope, principal access.GUID) ([]uipath.Assignment, error) {
	return f.held(func(a uipath.Assignment) bool {
			return a.Key.Scope == scope && a.Key.PrincipalID == principal
		}),
		f.call("HeldAt", scope)
}

func (f *fake) Holding(_ context.Context, scope access.Scope, principal access.GUID) ([]uipath.Assignment, error) {
	return f.held(func(a uipath.Assignment) bool {
			return a.Key.Scope.Contains(scope) && a.Key.PrincipalID == principal
		}),
		f.call("Holding", principal)
}

func (f *fake) GroupHoldings(_ context.Context, scope access.Scope) ([]uipath.Assignment, error) {
	return f.held(func(a uipath.Assignment) bool {
			return a.Key.Scope.Contains(scope) && a.PrincipalType == access.PrincipalGroup
		}),
		f.call("GroupHoldings", scope)
}

func (f *fake) GroupMembers(_ context.Context, group access.GUID) (map[access.GUID]access.PrincipalType, error) {
	if err := f.call("GroupMembers", group); err != nil {
		return nil, err
	}
	members, ok := f.members[group]
	if !ok {
		return nil, uipath.ErrNotFound
	}
	found := map[access.GUID]access.PrincipalType{}
	for _, id := range members {
		found[id] = access.PrincipalUser
	}
	return found, nil
}

func (f *fake) Change(_ context.Context, add []uipath.Grant, remove []uipath.AssignmentKey) error {
	f.assignments = f.held(func(a uipath.Assignment) bool { return !slices.Contains(remove, a.Key) })
	for _, grant := range add {
		f.assignments = append(f.assignments, uipath.Assignment{Key: grant.Key, PrincipalType: grant.PrincipalType, Type: "Custom"})
	}
	return f.call("Change", fmt.Sprintf("+%d -%d", len(add), len(remove)))
}

// newFake is a server with Task Mining's roles.
func newFake() *fake {
	f := &fake{}
	for _, permission := range access.TaskMiningPermissions() {
		f.roles = append(f.roles, builtIn(string(permission)))
	}
	return f
}

// roleID makes a GUID of a name.
func roleID(name string) string { return fmt.Sprintf("3d000000-0000-4000-8000-%012x", sum(name)) }

func sum(name string) (n int) {
	for i, b := range []byte(name) {
		n += (i + 1) * int(b)
	}
	return n
}

func builtIn(name string) uipath.Role {
	return uipath.Role{
		ID: access.GUID(roleID(name)), Name: name, Service: access.TaskMiningService, Type: access.RoleBuiltIn, Shape: access.ShapeTenantGlobal,
	}
}

// gives lets a principal hold a role of Task Mining at the service, or at a project.
func (f *fake) gives(principal access.GUID, level access.TaskMiningPermission, projects ...string) {
	at, err := scopes(tenant, projects)
	if err != nil {
		return
	}
	for _, scope := range at[min(1, len(projects)):] {
		f.assign(principal, string(level), scope)
	}
}

func (f *fake) assign(principal access.GUID, role string, scope access.Scope) {
	kind := access.PrincipalUser
	if principal == crew {
		kind = access.PrincipalGroup
	}
	f.assignments = append(f.assignments, uipath.Assignment{
		Key:           uipath.AssignmentKey{RoleID: access.GUID(roleID(role)), PrincipalID: access.GUID(string(principal)), Scope: scope},
		PrincipalType: kind, Type: "Custom",
	})
}

func pathOf(t *testing.T, path string) access.Scope {
	t.Helper()
	scope, err := access.ParseScope(path)
	if err != nil {
		t.Fatal(err)
	}
	return scope
}

// told describes what a principal holds, such as "User of a b, 1 extra".
func told(h Holding) string {
	text := fmt.Sprintf("%s of %s", cmp.Or(string(h.Level), "nothing"), strings.Join(h.Projects, " "))
	if len(h.Extra) > 0 {
		text += fmt.Sprintf(", %d extra", len(h.Extra))
	}
	return text
}
