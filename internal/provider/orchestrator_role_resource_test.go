package provider_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/acctest"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

const orRole = "uipath_orchestrator_role.test"

// orRoleConfig is a role of Orchestrator in the provider's tenant.
func orRoleConfig(name, kind string, permissions ...string) string {
	return fmt.Sprintf("resource \"uipath_orchestrator_role\" \"test\" {\n  name = %q\n  type = %q\n  permissions = [\"%s\"]\n}\n", name, kind, strings.Join(permissions, `", "`))
}

func orKnown(attribute string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(orRole, tfjsonpath.New(attribute), check)
}

// orRoleNamed finds a role of Orchestrator in Production by its name.
func orRoleNamed(t testing.TB, client *uipath.Client, name string) uipath.OrchestratorRole {
	t.Helper()
	found, err := client.OrchestratorRoleNamed(t.Context(), tenant(t, client, acctest.Production).ID, name)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestAccOrchestratorRole_lifecycle(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{Strict: true})
	client := b.Client(t)
	production := tenant(t, client, acctest.Production)
	config := func(body string) string { return b.Config(t, "ada.lovelace@acme.example", body) }
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy: func(*terraform.State) error {
			if roles, err := b.Client(t).OrchestratorRoles(t.Context(), production.ID); err != nil || len(roles) != 9 {
				return fmt.Errorf("%d roles are left, %w", len(roles), err)
			}
			return nil
		},
		Steps: []resource.TestStep{
			{
				Config: config(orRoleConfig("AI Center", "Tenant", "MLLogs.View", "MLPackages.View")),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectKnownValue(orRole, tfjsonpath.New("tenant_id"), knownvalue.StringExact(production.ID.String())),
					plancheck.ExpectKnownValue(orRole, tfjsonpath.New("tenant_name"), knownvalue.StringExact("Production")),
					plancheck.ExpectUnknownValue(orRole, tfjsonpath.New("id")),
				}},
				ConfigStateChecks: []statecheck.StateCheck{
					orKnown("id", knownvalue.StringRegexp(regexp.MustCompile(`^\d{5}$`))), orKnown("key", knownvalue.StringRegexp(regexp.MustCompile(`^[0-9a-f-]{36}$`))),
					orKnown("permissions", permissionSet("MLLogs.View", "MLPackages.View")), orKnown("implied_permissions", permissionSet()),
				},
			},
			{
				Config: config(orRoleConfig("AI Center of Task Mining", "Tenant", "MLLogs.View", "MLSkills.View")),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(orRole, plancheck.ResourceActionUpdate), plancheck.ExpectKnownValue(orRole, tfjsonpath.New("id"), knownvalue.NotNull()),
				}},
				Check: func(*terraform.State) error {
					if got := orRoleNamed(t, b.Client(t), "AI Center of Task Mining").Permissions; !slices.Equal(got, []string{"MLLogs.View", "MLSkills.View"}) {
						return fmt.Errorf("the role grants %v", got)
					}
					return nil
				},
			},
			{ResourceName: orRole, ImportState: true, ImportStateVerify: true, ImportStateId: "Production|AI Center of Task Mining"},
			{
				ResourceName: orRole, ImportState: true, ImportStateVerify: true,
				ImportStateIdFunc: func(state *terraform.State) (string, error) {
					return strings.ToUpper(production.ID.String()) + "|" + state.RootModule().Resources[orRole].Primary.ID, nil
				},
			},
			{
				Config: config(orRoleConfig("AI Center of Task Mining", "Folder", "Assets.View")),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(orRole, plancheck.ResourceActionDestroyBeforeCreate),
				}},
			},
		},
	})
}

// What somebody adds to the role shows as a change, and is taken back.
func TestAccOrchestratorRole_drift(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	config := b.Config(t, "", orRoleConfig("Clerk", "Folder", "Assets.View"))
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: config},
			{
				PreConfig: func() {
					client := b.Client(t)
					role := orRoleNamed(t, client, "Clerk")
					if _, err := client.UpdateOrchestratorRole(t.Context(), role.ID, uipath.OrchestratorRoleSpec{
						TenantID: role.TenantID, Name: "Clerk", Type: "Folder", Permissions: []string{"Assets.View", "Assets.Delete"},
					}); err != nil {
						t.Fatal(err)
					}
				},
				Config: config,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(orRole, plancheck.ResourceActionUpdate),
				}},
				ConfigStateChecks: []statecheck.StateCheck{orKnown("permissions", permissionSet("Assets.View"))},
			},
			{
				PreConfig: func() {
					client := b.Client(t)
					role := orRoleNamed(t, client, "Clerk")
					if err := client.DeleteOrchestratorRole(t.Context(), role.TenantID, role.ID); err != nil {
						t.Fatal(err)
					}
				},
				Config: config,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(orRole, plancheck.ResourceActionCreate),
				}},
			},
		},
	})
}

func TestAccOrchestratorRole_refused(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	var steps []resource.TestStep
	for config, want := range map[string]string{
		orRoleConfig("N", "Tenant", "ORCHESTRATOR.MLLOGS.VIEW"): `In Orchestrator it\s+is "MLLogs.View"`, orRoleConfig("N", "Tenant", "mllogs.view"): `It is spelled "MLLogs.View"`,
		orRoleConfig("N", "Tenant", "Assets.View"): `It\s+belongs to roles of the type Folder`, orRoleConfig("N", "Folder", "Asset.View"): `Did you mean\s+"Assets.View"`,
		orRoleConfig("N", "Mixed", "Assets.View"):              `Mixed roles cannot be created any more`,
		orRoleConfig("N", "tenant", "Assets.View"):             `Did you\s+mean "Tenant"`,
		orRoleConfig("invoice clerk", "Folder", "Assets.View"): `(?s)already exists.*import \{`, orRoleConfig("Tenant Administrator", "Tenant", "Users.View"): `(?s)comes with\s+Orchestrator.*Choose another name`,
	} {
		steps = append(steps, resource.TestStep{Config: b.Config(t, "", config), PlanOnly: true, ExpectError: regexp.MustCompile(want)})
	}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acctest.Factories(), Steps: steps})
}

// Whoever mixes up the two kinds of roles is told which resource makes the other.
func TestAccOrchestratorRole_otherWorld(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	var steps []resource.TestStep
	for members, want := range map[string]string{
		`service = "Orchestrator"` + "\n" + `permissions = ["ORCHESTRATOR.ROLES.VIEW"]`: `another\s+kind:\s+uipath_orchestrator_role`,
		`service = "AI Center"` + "\n" + `permissions = ["ORCHESTRATOR.ROLES.VIEW"]`:    `AI\s+Center\s+is\s+managed\s+from\s+Orchestrator:.*\s*uipath_orchestrator_role`,
		`permissions = ["Assets.View"]`:                                                 `uipath_orchestrator_role.\s+Here\s+it\s+is\s+"ORCHESTRATOR.ASSETS.VIEW"`,
	} {
		steps = append(steps, resource.TestStep{
			Config: b.Config(t, "", "resource \"uipath_tenant_role\" \"test\" {\n  name = \"N\"\n  "+members+"\n}\n"), PlanOnly: true, ExpectError: regexp.MustCompile(want),
		})
	}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acctest.Factories(), Steps: steps})
}

func TestAccOrchestratorRole_held(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	config := b.Config(t, "", orRoleConfig("Clerk", "Folder", "Assets.View"))
	forced := strings.Replace(config, "  type =", "  force_destroy = true\n  type =", 1)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: config},
			{
				PreConfig: func() {
					client := b.Client(t)
					role := orRoleNamed(t, client, "Clerk")
					if err := client.AssignOrchestratorRole(t.Context(), uipath.OrchestratorGrant{
						TenantID: role.TenantID, RoleID: role.ID, PrincipalID: grace, FolderKey: "4a000000-0000-4000-8000-000000000002",
					}, access.PrincipalUser); err != nil {
						t.Fatal(err)
					}
				},
				Config: config, Destroy: true, ExpectError: regexp.MustCompile(`(?s)Role is still held.*Grace Hopper.*Finance/Invoices.*force_destroy`),
			},
			{Config: forced},
		},
	})
}

func TestAccOrchestratorRole_importOfStatic(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: b.Config(t, "", orRoleConfig("Clerk", "Folder", "Assets.View"))},
			{ResourceName: orRole, ImportState: true, ImportStateId: "Production|Folder Administrator", ExpectError: regexp.MustCompile(`comes with\s+Orchestrator`)},
			{ResourceName: orRole, ImportState: true, ImportStateId: "Clerk", ExpectError: regexp.MustCompile("An import id is")},
			{ResourceName: orRole, ImportState: true, ImportStateId: "Production|Clark", ExpectError: regexp.MustCompile(`Did you mean\s+"Clerk"`)},
		},
	})
}

func TestOrchestratorRoleList(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	p := configured(t, b)
	all, diagnostics := p.list("uipath_orchestrator_role", nil, 0, true)
	if want := []string{"Invoice Clerk (Production)", "Machine Keeper (Production)"}; !slices.Equal(displayNames(all), want) {
		t.Errorf("listed %q, want %q", displayNames(all), want)
	}
	if len(diagnostics) != 1 || !strings.Contains(diagnostics[0].Detail, "7 that come with Orchestrator") {
		t.Errorf("said %v", diagnostics)
	}
	values := p.strings(p.schema.ResourceSchemas["uipath_orchestrator_role"].ValueType(), all[0].resource)
	if values["id"] != "10002" || values["type"] != "Folder" || values["tenant_name"] != "Production" {
		t.Errorf("the included resource is %v", values)
	}
	some, _ := p.list("uipath_orchestrator_role", map[string]tftypes.Value{"contains": text("ROBOT"), "tenant_name": text("staging")}, 0, false)
	if len(some) != 0 {
		t.Errorf("Staging has %q", displayNames(some))
	}
}
