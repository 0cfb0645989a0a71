package provider_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

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

// heldRoles are two roles, and an assignment of one of them that is named in one of the ways.
func heldRoles(way, readers, holds string) string {
	lines := map[string]string{
		"by name": "  role_name = uipath_tenant_role." + holds + ".name\n  principal_name = \"Process Discovery\"\n" +
			"  scope_name = uipath_tenant_role." + holds + ".tenant_name\n",
		"by id": "  role_id = uipath_tenant_role." + holds + ".id\n  principal_id = \"" + processes + "\"\n" +
			"  scope = provider::uipath::tenant_scope(uipath_tenant_role." + holds + ".tenant_id)\n",
	}
	lines["by both"] = lines["by name"] + lines["by id"]
	return fmt.Sprintf(`
resource "uipath_tenant_role" "test" {
  name        = %q
  permissions = ["ORCHESTRATOR.MLLOGS.VIEW"]
}

resource "uipath_tenant_role" "others" {
  name        = "Others"
  permissions = ["ORCHESTRATOR.MLLOGS.VIEW"]
}

resource "uipath_role_assignment" "test" {
%s}
`, readers, lines[way])
}

func expectAssignment(attribute, value string) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(assignment, tfjsonpath.New(attribute), knownvalue.StringExact(value))
}

// TestAccNames_assignment follows an assignment of a role of the same configuration, named by name, by id and by both: made with the role,
// renamed, renamed by others, made anew with the role, moved, imported, and removed by others.
func TestAccNames_assignment(t *testing.T) {
	t.Parallel()
	for _, way := range ways {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			b := acctest.NewBackend(t, backend.Options{})
			client := b.Client(t)
			config := func(readers, holds string) string { return b.Config(t, "", heldRoles(way, readers, holds)) }
			changes := 0
			changed := func(want int) resource.TestCheckFunc {
				return func(*terraform.State) error {
					before := changes
					if changes = b.Journal()["PatchAssignments"]; changes-before != want {
						return fmt.Errorf("%d changes of assignments were sent, want %d", changes-before, want)
					}
					return nil
				}
			}
			var id string
			byName := way != "by id"
			renamed := plancheck.ResourceActionNoop
			if byName {
				renamed = plancheck.ResourceActionUpdate
			}
			action := func(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
				return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(assignment, action)}}
			}
			// By its id alone nothing is to be done to the assignment, and its state shows the new name after the next refresh.
			now := func(named, refreshed string) []statecheck.StateCheck {
				if !byName {
					named = refreshed
				}
				return []statecheck.StateCheck{expectAssignment("name", "Process Discovery -> "+named+" @ Production")}
			}
			created := []plancheck.PlanCheck{
				plancheck.ExpectUnknownValue(assignment, tfjsonpath.New("role_id")),
				plancheck.ExpectKnownValue(assignment, tfjsonpath.New("principal_name"), knownvalue.StringExact("Process Discovery")),
				plancheck.ExpectKnownValue(assignment, tfjsonpath.New("principal_type"), knownvalue.StringExact("Group")),
				plancheck.ExpectKnownValue(assignment, tfjsonpath.New("scope_name"), knownvalue.StringExact("Production")),
			}
			if byName {
				created = append(created,
					plancheck.ExpectKnownValue(assignment, tfjsonpath.New("name"), knownvalue.StringExact("Process Discovery -> Readers @ Production")),
					plancheck.ExpectKnownValue(assignment, tfjsonpath.New("role_name"), knownvalue.StringExact("Readers")))
			} else {
				created = append(created, plancheck.ExpectUnknownValue(assignment, tfjsonpath.New("role_name")))
			}
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				CheckDestroy:             resource.ComposeTestCheckFunc(assignmentsDestroyed(client), rolesDestroyed(client)),
				Steps: []resource.TestStep{
					{
						Config: config("Readers", "test"), ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: created},
						Check:             resource.ComposeTestCheckFunc(changed(1), roleID(&id)),
						ConfigStateChecks: []statecheck.StateCheck{expectAssignment("name", "Process Discovery -> Readers @ Production")},
					},
					{
						Config: config("Auditors", "test"), ConfigPlanChecks: action(renamed), Check: changed(0), ConfigStateChecks: now("Auditors", "Readers"),
					},
					{
						PreConfig: func() { renameRole(t, client, id, "Stolen") },
						Config:    config("Auditors", "test"), ConfigPlanChecks: action(renamed), Check: changed(0),
						ConfigStateChecks: now("Auditors", "Stolen"),
					},
					{
						Config: config("Auditors", "test"), Taint: []string{role}, ConfigPlanChecks: action(plancheck.ResourceActionDestroyBeforeCreate),
						Check: changed(2),
					},
					{
						Config: config("Auditors", "others"), ConfigPlanChecks: action(plancheck.ResourceActionDestroyBeforeCreate), Check: changed(2),
						ConfigStateChecks: []statecheck.StateCheck{expectAssignment("name", "Process Discovery -> Others @ Production")},
					},
					{
						ResourceName: assignment, ImportState: true, ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "name",
						ImportStateId: "Production|Others|Process Discovery",
					},
					{
						PreConfig: func() {
							scope := access.TenantScope(tenant(t, client, acctest.Production).ID)
							for _, found := range assignmentsOf(t, b, scope, processes) {
								if err := b.Client(t).Unassign(t.Context(), found); err != nil {
									t.Error(err)
								}
							}
							changes++
						},
						Config: config("Auditors", "others"), ConfigPlanChecks: action(plancheck.ResourceActionCreate), Check: changed(1),
					},
				},
			})
		})
	}
}

// renameRole gives a role another name, as others would.
func renameRole(t *testing.T, client *uipath.Client, id, name string) {
	t.Helper()
	found, err := client.Role(t.Context(), access.GUID(id))
	if err == nil {
		_, err = client.UpdateRole(t.Context(), found.ID, uipath.RoleSpec{
			Name: name, Description: found.Description, Shape: found.Shape, TenantID: found.TenantID, Permissions: found.Permissions,
		})
	}
	if err != nil {
		t.Error(err)
	}
}

// assignmentsOf are what a principal holds at a scope.
func assignmentsOf(t *testing.T, b *acctest.Backend, scope access.Scope, principal access.GUID) []uipath.AssignmentKey {
	t.Helper()
	found, err := b.Client(t).Assignments(t.Context(), scope, uipath.Reach{})
	if err != nil {
		t.Error(err)
	}
	var held []uipath.AssignmentKey
	for _, a := range found {
		if a.Key.PrincipalID == principal {
			held = append(held, a.Key)
		}
	}
	return held
}

// TestAccNames_unknownUnderStaticKeys names principals, roles and scopes that are known only after apply, of instances whose keys are known.
func TestAccNames_unknownUnderStaticKeys(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	config := b.Config(t, "", `
resource "terraform_data" "names" {
  input = {
    experts = { role = "Automation Auditor", principal = "Process Discovery", scope = "Production" }
    grace   = { role = "DU Viewer", principal = "GRACE.HOPPER@acme.example", scope = "staging / Document Understanding" }
    robot   = { role = "Administrator", principal = "invoice-robot", scope = "Production / Orchestrator / Finance/Invoices" }
  }
}

resource "uipath_role_assignment" "each" {
  for_each       = toset(["experts", "grace", "robot"])
  role_name      = terraform_data.names.output[each.key].role
  principal_name = terraform_data.names.output[each.key].principal
  scope_name     = terraform_data.names.output[each.key].scope
}
`)
	named := func(key, name string) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(fmt.Sprintf("uipath_role_assignment.each[%q]", key), tfjsonpath.New("name"), knownvalue.StringExact(name))
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: config,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectUnknownValue(`uipath_role_assignment.each["grace"]`, tfjsonpath.New("principal_id")),
				}},
				ConfigStateChecks: []statecheck.StateCheck{
					named("experts", "Process Discovery -> Automation Auditor @ Production"),
					named("grace", "GRACE.HOPPER@acme.example -> DU Viewer @ staging / Document Understanding"),
					named("robot", "invoice-robot -> Administrator @ Production / Orchestrator / Finance/Invoices"),
				},
			},
			// The testing framework cannot destroy what has such keys.
			{Config: b.Config(t, "", "")},
		},
	})
	if left := assignmentsOf(t, b, access.TenantScope(productionID), processes); len(left) > 0 {
		t.Errorf("these are left: %v", left)
	}
}

// TestAccNames_taskMining makes a role, who holds it and a permission in one change, all of them by name, and lets others rename the group.
func TestAccNames_taskMining(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	m := newMiner(t, b)
	// The names of projects are those that the export shows, at which somebody holds a role.
	m.grants(katherine, access.PrincipalUser, access.TaskMiningUser, payables, customers)
	config := func(principal, permission string, lines ...string) string {
		return b.Config(t, "", `
resource "uipath_tenant_role" "ai" {
  name        = "AI Center"
  permissions = provider::uipath::task_mining_ai_center_permissions("Admin")
}

resource "uipath_role_assignment" "ai" {
  role_name      = uipath_tenant_role.ai.name
  principal_name = "`+principal+`"
  scope_name     = uipath_tenant_role.ai.tenant_name
}

resource "uipath_task_mining_permission" "test" {
  principal_name                = uipath_role_assignment.ai.principal_name
  tenant_name                   = "production"
  permission                    = "`+permission+`"
  require_ai_center_permissions = true
  depends_on                    = [uipath_role_assignment.ai]
  `+strings.Join(lines, "\n  ")+`
}
`)
	}
	holding := func(want ...string) resource.TestCheckFunc {
		return func(*terraform.State) error {
			if got := m.held(processes); strings.Join(got, ", ") != strings.Join(want, ", ") {
				return fmt.Errorf("the group holds %q, want %q", got, want)
			}
			return nil
		}
	}
	action := func(action plancheck.ResourceActionType, further ...plancheck.PlanCheck) resource.ConfigPlanChecks {
		return resource.ConfigPlanChecks{PreApply: append(further, plancheck.ExpectResourceAction(mining, action))}
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             holding(),
		Steps: []resource.TestStep{
			{
				Config: config("Process Discovery", "User", `project_names = ["Accounts Payable"]`), Check: holding("User", "User of "+payables),
				ConfigPlanChecks: action(plancheck.ResourceActionCreate,
					plancheck.ExpectKnownValue(mining, tfjsonpath.New("name"), knownvalue.StringExact("Process Discovery -> Task Mining User @ production")),
					plancheck.ExpectKnownValue(mining, tfjsonpath.New("project_ids"), permissionSet(payables)),
					plancheck.ExpectKnownValue("uipath_role_assignment.ai", tfjsonpath.New("name"),
						knownvalue.StringExact("Process Discovery -> AI Center @ Production"))),
			},
			{
				Config: config("Process Discovery", "User", `project_names = ["Customer Onboarding"]`), Check: holding("User", "User of "+customers),
				ConfigPlanChecks: action(plancheck.ResourceActionUpdate),
			},
			{
				Config: config("Process Discovery", "Admin"), Check: holding("Admin"), ConfigPlanChecks: action(plancheck.ResourceActionUpdate),
			},
			{
				PreConfig: func() { putGroup(t, b, processes, "Process Experts", "directoryUserIDsToAdd", edsger) },
				Config:    config("Process Discovery", "Admin"), Check: holding("Admin"), ConfigPlanChecks: action(plancheck.ResourceActionNoop),
				ConfigStateChecks: []statecheck.StateCheck{expectMined("principal_name", knownvalue.StringExact("Process Experts"))},
			},
			{
				Config: config("Process Experts", "Admin"), Check: holding("Admin"), ConfigPlanChecks: action(plancheck.ResourceActionNoop),
			},
			{
				ResourceName: mining, ImportState: true, ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "principal_id",
				ImportStateVerifyIgnore: []string{"require_ai_center_permissions", "tenant_name", "name"}, ImportStateId: "PRODUCTION/Process Experts",
			},
			{
				Config:      config("Process Discovery", "Admin", "timeouts = {}") + "\n" + strings.ReplaceAll(mined(grace, "User", "User", `principal_name = "Process Experts"`), `"test"`, `"other"`),
				ExpectError: regexp.MustCompile(`(?s)Id and name of different objects.*principal_name`),
			},
		},
	})
}
