package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/accessascode/terraform-provider-uipath/internal/acctest"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

// TestAccTenantRole_requests counts what a hundred roles cost: they share one listing, and none asks for itself.
func TestAccTenantRole_requests(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	hundred := func(description string) string {
		return b.Config(t, "", fmt.Sprintf(`
resource "uipath_tenant_role" "test" {
  count       = 100
  name        = "Role ${count.index}"
  description = %q
  permissions = ["ORCHESTRATOR.MLLOGS.VIEW"]
}`, description))
	}
	before := map[string]int{}
	since := func() map[string]int {
		counts := map[string]int{}
		now := b.Journal()
		for operation, n := range now {
			if d := n - before[operation]; d > 0 {
				counts[operation] = d
			}
		}
		before = now
		return counts
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: hundred("First.")},
			{
				PreConfig: func() { since() },
				Config:    hundred("First."), PlanOnly: true,
			},
			{
				PreConfig: func() {
					counts := since()
					// A PlanOnly step plans twice, each in a provider of its own.
					if counts["ListRoles"] > 2 || counts["GetRole"] != 0 || counts["PutRole"] != 0 {
						t.Errorf("planning 100 unchanged roles asked for %v", counts)
					}
				},
				Config: strings.Replace(hundred("First."), "count       = 100", "count       = 100\n  timeouts    = { update = \"1m\" }", 1),
			},
			{
				PreConfig: func() {
					if counts := since(); counts["PutRole"] != 0 {
						t.Errorf("changed timeouts sent %d roles", counts["PutRole"])
					}
				},
				Config: hundred("Second."),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(role+"[0]", plancheck.ResourceActionUpdate),
				}},
			},
		},
	})
	if counts := since(); counts["PutRole"] != 100 || counts["GetRole"] != 0 {
		t.Errorf("updating and destroying 100 roles asked for %v", counts)
	}
}
