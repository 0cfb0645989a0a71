package provider

import (
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// What the server adds to a write stays apart, so that it is no change; what comes later is one.
func TestImpliedPermissions(t *testing.T) {
	t.Parallel()
	var diags diag.Diagnostics
	set := func(m *orchestratorRoleModel) (permissions, implied []string) {
		permissions, implied = knownStrings(m.Permissions), knownStrings(m.Implied)
		slices.Sort(permissions)
		slices.Sort(implied)
		return permissions, implied
	}
	m := orchestratorRoleModel{Permissions: stringSet(t.Context(), []string{"Assets.Edit"}, &diags)}
	written := uipath.OrchestratorRole{ID: 7, Permissions: []string{"Assets.View", "assets.edit"}}
	m.fillImplied(t.Context(), written, &diags)
	if permissions, implied := set(&m); !slices.Equal(permissions, []string{"Assets.Edit"}) || !slices.Equal(implied, []string{"Assets.View"}) {
		t.Errorf("after the write: %v, %v", permissions, implied)
	}
	m.fill(t.Context(), written, nil, &diags)
	if permissions, implied := set(&m); !slices.Equal(permissions, []string{"Assets.Edit"}) || !slices.Equal(implied, []string{"Assets.View"}) {
		t.Errorf("refreshed: %v, %v", permissions, implied)
	}
	m.fill(t.Context(), uipath.OrchestratorRole{ID: 7, Permissions: []string{"Assets.Delete", "Assets.Edit"}}, nil, &diags)
	if permissions, implied := set(&m); !slices.Equal(permissions, []string{"Assets.Delete", "Assets.Edit"}) || len(implied) != 0 || diags.HasError() {
		t.Errorf("changed by others: %v, %v, %v", permissions, implied, diags)
	}
}
