package provider_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/accessascode/terraform-provider-uipath/internal/acctest"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

func expectData(source, attribute string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue("data."+source+".test", tfjsonpath.New(attribute), check)
}

func TestAccTenantDataSource(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	production := tenant(t, b.Client(t), acctest.Production)
	named := func(settings, name string) string {
		return b.ConfigWith(t, "", settings, `data "uipath_tenant" "test" { name = "`+name+`" }`)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: named("", "Prodution"), ExpectError: regexp.MustCompile(`(?s)Tenant not found.*Did\s+you\s+mean\s+"Production"`)},
			{
				Config:      named("resolve_tenants = false", "Production"),
				ExpectError: regexp.MustCompile(`(?s)Tenant not found.*resolve_tenants`),
			},
			{
				Config: named("", "production"),
				ConfigStateChecks: []statecheck.StateCheck{
					expectData("uipath_tenant", "id", knownvalue.StringExact(production.ID.String())),
					expectData("uipath_tenant", "organization_name", knownvalue.StringExact("acme")),
				},
			},
		},
	})
}

func TestAccRoleDataSource(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	read := func(lines string) string { return b.Config(t, "", "data \"uipath_role\" \"test\" {\n"+lines+"\n}") }
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: read(`name = "Acess Administrator"`), ExpectError: regexp.MustCompile(`(?s)Role not found by its name.*Did\s+you\s+mean\s+"Access\s+Administrator"`)},
			{Config: read(`name = "Viewer"`), ExpectError: regexp.MustCompile(`(?s)roles\s+have\s+the\s+name\s+"Viewer".*Insights.*Set\s+service`)},
			{Config: read("name = \"Viewer\"\nservice = \"Excel\""), ExpectError: regexp.MustCompile(`(?s)Unknown service.*"Excel"`)},
			{
				Config: read(`name = "access administrator"`),
				ConfigStateChecks: []statecheck.StateCheck{
					expectData("uipath_role", "id", knownvalue.StringExact("587d79d6-85de-4ee7-819b-1eb19b85009b")),
					expectData("uipath_role", "type", knownvalue.StringExact("BuiltIn")),
					expectData("uipath_role", "shape", knownvalue.StringExact("Organization")),
					expectData("uipath_role", "owner_service", knownvalue.StringExact("AuthZ")),
					expectData("uipath_role", "tenant_id", knownvalue.Null()),
					expectData("uipath_role", "tenant_name", knownvalue.Null()),
				},
			},
			{
				Config: read("name = \"Process SME\"\nservice = \"Task Mining\""),
				ConfigStateChecks: []statecheck.StateCheck{
					expectData("uipath_role", "owner_service", knownvalue.StringExact("TaskMining")),
				},
			},
		},
	})
}

func TestAccPermissionsDataSource(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config:      b.Config(t, "", `data "uipath_permissions" "test" { scope_type = "Galaxy" }`),
				ExpectError: regexp.MustCompile(`(?s)scope_type.*"Galaxy"`),
			},
			{
				Config: b.Config(t, "", `
data "uipath_permissions" "test" {
  service    = "Orchestrator"
  scope_type = "Tenant"
  contains   = "mlpackages"
}`),
				ConfigStateChecks: []statecheck.StateCheck{
					expectData("uipath_permissions", "names", knownvalue.ListExact([]knownvalue.Check{
						knownvalue.StringExact("ORCHESTRATOR.MLPACKAGES.CREATE"), knownvalue.StringExact("ORCHESTRATOR.MLPACKAGES.DELETE"),
						knownvalue.StringExact("ORCHESTRATOR.MLPACKAGES.EDIT"), knownvalue.StringExact("ORCHESTRATOR.MLPACKAGES.VIEW"),
					})),
					statecheck.ExpectKnownValue("data.uipath_permissions.test", tfjsonpath.New("permissions").AtSliceIndex(3), knownvalue.ObjectPartial(
						map[string]knownvalue.Check{
							"name": knownvalue.StringExact("ORCHESTRATOR.MLPACKAGES.VIEW"), "service": knownvalue.StringExact("Orchestrator"),
							"action": knownvalue.StringExact("View"), "scope_type": knownvalue.StringExact("TENANT"),
						})),
				},
			},
			{
				Config: b.Config(t, "", `data "uipath_permissions" "test" { contains = "NO SUCH PERMISSION" }`),
				ConfigStateChecks: []statecheck.StateCheck{
					expectData("uipath_permissions", "names", knownvalue.ListExact([]knownvalue.Check{})),
					expectData("uipath_permissions", "permissions", knownvalue.ListExact([]knownvalue.Check{})),
				},
			},
		},
	})
}

// twins is an organization in which a user, a group and another user have one name.
const twins = `
organization: {name: initech, defaultCaller: bill@initech.example}
tenants:
  - {name: Production}
users:
  - {userName: bill@initech.example, name: Bill, surname: Lumbergh}
  - {userName: sam.one@initech.example, displayName: Sam}
  - {userName: sam.two@initech.example, displayName: Sam, invitationAccepted: false}
groups:
  - {name: Sam}
assignments:
  - {role: Organization Administrator, principal: bill@initech.example, scope: /}
`

func TestAccPrincipalDataSource(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{Seed: []byte(twins)})
	read := func(lines string) string {
		return b.Config(t, "", "data \"uipath_principal\" \"test\" {\n"+lines+"\n}")
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: read(`name = "Sma"`), ExpectError: regexp.MustCompile(`(?s)Principal not found by its name.*Did\s+you\s+mean\s+"Sam"`)},
			{Config: read(`name = "sam"`), ExpectError: regexp.MustCompile(`(?s)3\s+principals\s+have.*User,\s+sam.one@.*User,\s+sam.two@.*Group.*Set\s+type`)},
			{Config: read("name = \"Sam\"\ntype = \"User\""), ExpectError: regexp.MustCompile(`(?s)2\s+principals\s+have.*give\s+the\s+e-mail`)},
			{Config: read("name = \"Sam\"\ntype = \"Users\""), ExpectError: regexp.MustCompile(`(?s)Unknown principal type.*"User"`)},
			{
				Config: read("name = \"Sam\"\ntype = \"Group\""),
				ConfigStateChecks: []statecheck.StateCheck{
					expectData("uipath_principal", "type", knownvalue.StringExact("Group")),
					expectData("uipath_principal", "email", knownvalue.Null()),
				},
			},
			{
				Config: read(`name = "SAM.TWO@initech.example"`),
				ConfigStateChecks: []statecheck.StateCheck{
					expectData("uipath_principal", "type", knownvalue.StringExact("User")),
					expectData("uipath_principal", "display_name", knownvalue.StringExact("Sam")),
					expectData("uipath_principal", "invitation_accepted", knownvalue.Bool(false)),
					expectData("uipath_principal", "active", knownvalue.Bool(true)),
				},
			},
		},
	})
}
