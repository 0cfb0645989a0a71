package provider_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/accessascode/terraform-provider-uipath/internal/acctest"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

func TestAccServicesDataSource(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: b.Config(t, "", `
data "uipath_services" "all" {}

output "ai_center" { value = data.uipath_services.all.services["AI Center"].managed_from }
output "agents" { value = data.uipath_services.all.services["Agents"].part_of }
output "orchestrator" { value = data.uipath_services.all.services["Orchestrator"] }
output "with_projects" { value = sort([for name, s in data.uipath_services.all.services : name if s.containers == "projects"]) }
`),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownOutputValue("ai_center", knownvalue.StringExact("Orchestrator")),
				statecheck.ExpectKnownOutputValue("agents", knownvalue.StringExact("Studio Web")),
				statecheck.ExpectKnownOutputValue("orchestrator", knownvalue.ObjectPartial(map[string]knownvalue.Check{
					"part_of": knownvalue.Null(), "containers": knownvalue.StringExact("folders"), "roles_made_by": knownvalue.StringExact("Orchestrator"),
					"parts": knownvalue.SetSizeExact(6),
				})),
				statecheck.ExpectKnownOutputValue("with_projects", knownvalue.ListExact([]knownvalue.Check{
					knownvalue.StringExact("Communications Mining"), knownvalue.StringExact("Document Understanding"), knownvalue.StringExact("IXP"),
					knownvalue.StringExact("Task Mining"), knownvalue.StringExact("Test Manager"),
				})),
			},
		}},
	})
}
