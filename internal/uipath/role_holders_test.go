package uipath

import (
	"net/http"
	"slices"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

func holderKeys(t *testing.T, c *Client, role Role) (keys []AssignmentKey, complete bool) {
	t.Helper()
	holders, complete, err := c.RoleHolders(t.Context(), role)
	if err != nil {
		t.Fatal(err)
	}
	for _, held := range holders {
		keys = append(keys, held.Key)
	}
	return keys, complete
}

func TestRoleHolders(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	here := access.TenantScope(tenantID)
	first, second := keyOf(1, 1, here), keyOf(1, 2, mustScope("/tenant/"+tenantID+"/taskmining"))
	f.grant(first)
	f.grant(second)
	f.grant(keyOf(2, 1, here))
	c := f.client(t)
	role := Role{ID: roleID(1), Shape: access.ShapeTenant, TenantID: tenantID, Service: access.MultiService.Name}

	keys, complete := holderKeys(t, c, role)
	if !complete || !slices.Equal(keys, []AssignmentKey{first, second}) {
		t.Errorf("the role is held by %v, complete %t", keys, complete)
	}

	// The listing goes on showing what this client has removed.
	if err := c.Unassign(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	f.grant(first)
	c.index.forgetWide()
	if keys, _ = holderKeys(t, c, role); !slices.Equal(keys, []AssignmentKey{second}) {
		t.Errorf("after a removal that the listing does not show yet the role is held by %v", keys)
	}

	if _, _, err := c.RoleHolders(t.Context(), Role{}); err == nil {
		t.Error("a role without id was looked for")
	}
}

// TestRoleHoldersInTenant looks as somebody who may not list the organization.
func TestRoleHoldersInTenant(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	here := access.TenantScope(tenantID)
	f.grant(keyOf(1, 1, here))
	f.grant(keyOf(1, 2, mustScope("/tenant/"+tenantID+"/taskmining")))
	f.on(func(w http.ResponseWriter, r *http.Request, _ string) bool {
		refused := r.URL.Query().Get("scope") == "/"
		if refused {
			w.WriteHeader(http.StatusForbidden)
		}
		return refused
	})
	keys, complete := holderKeys(t, f.client(t), Role{ID: roleID(1), Shape: access.ShapeTenant, TenantID: tenantID, Service: access.MultiService.Name})
	if complete || !slices.Equal(keys, []AssignmentKey{keyOf(1, 1, here)}) {
		t.Errorf("in the tenant the role is held by %v, complete %t", keys, complete)
	}
}

// TestDeletedRoleWithoutHolders sees that the listing of the organization is kept for a role that nobody held.
func TestDeletedRoleWithoutHolders(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.seed(3)
	f.grant(keyOf(1, 1, access.TenantScope(tenantID)))
	c := f.client(t)
	listings := func() int { return len(f.sent("GET /" + orgID + "/pap_/api/userroleassignments")) }
	holderKeys(t, c, Role{ID: roleID(2)})
	before := listings()
	for _, n := range []int{2, 3} {
		if err := c.DeleteRole(t.Context(), roleID(n)); err != nil {
			t.Fatal(err)
		}
		holderKeys(t, c, Role{ID: roleID(n)})
	}
	if got := listings(); got != before {
		t.Errorf("deleting roles that nobody held asked for %d more listings", got-before)
	}
	if err := c.DeleteRole(t.Context(), roleID(1)); err != nil {
		t.Fatal(err)
	}
	if holderKeys(t, c, Role{ID: roleID(1)}); listings() == before {
		t.Error("after deleting a role that was held the organization was not listed again")
	}
}
