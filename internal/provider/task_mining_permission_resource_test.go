package provider_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
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
)

const (
	mining = "uipath_task_mining_permission.test"

	margaret  = "3a000000-0000-4000-8000-000000000007"
	edsger    = "3a000000-0000-4000-8000-000000000005"
	invoicing = "3b000000-0000-4000-8000-000000000006"
	payables  = "4b000000-0000-4000-8000-000000000003"
	customers = "4b000000-0000-4000-8000-000000000004"
)

func expectMined(attribute string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(mining, tfjsonpath.New(attribute), check)
}

func TestAccTaskMiningPermission_lifecycle(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	config := func(permission string, lines ...string) string {
		return b.Config(t, "", mined(strings.ToUpper(edsger), "User", permission, lines...))
	}
	changes := 0
	patched := func(want int) resource.TestCheckFunc {
		return func(*terraform.State) error {
			before := changes
			changes = b.Journal()["PatchAssignments"]
			if changes-before != want {
				return fmt.Errorf("%d changes were sent, want %d", changes-before, want)
			}
			return nil
		}
	}
	action := func(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
		return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(mining, action)}}
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             holds(t, b),
		Steps: []resource.TestStep{
			{
				Config: config("User", recordsFor(payables)),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectKnownValue(mining, tfjsonpath.New("name"), knownvalue.StringExact("edsger.dijkstra@acme.example -> Task Mining User @ Production")),
					plancheck.ExpectKnownValue(mining, tfjsonpath.New("rights"), knownvalue.ListSizeExact(3)),
					plancheck.ExpectKnownValue(mining, tfjsonpath.New("ai_center_permissions"), permissionSet("ORCHESTRATOR.MLPACKAGES.VIEW")),
					plancheck.ExpectUnknownValue(mining, tfjsonpath.New("missing_ai_center_permissions")),
				}},
				Check: resource.ComposeTestCheckFunc(holds(t, b, "User", "User of "+payables), patched(1)),
				ConfigStateChecks: []statecheck.StateCheck{
					expectMined("tenant_id", knownvalue.StringExact(productionID)),
					expectMined("tenant_name", knownvalue.StringExact("Production")),
					expectMined("missing_ai_center_permissions", permissionSet("ORCHESTRATOR.MLPACKAGES.VIEW")),
				},
			},
			{Config: config("User", recordsFor(payables), `timeouts = { read = "1m" }`), Check: patched(0)},
			{Config: config("User", recordsFor(payables)), Check: patched(0)},
			{
				Config: config("User", recordsFor(payables, customers)), ConfigPlanChecks: action(plancheck.ResourceActionUpdate),
				Check: resource.ComposeTestCheckFunc(holds(t, b, "User", "User of "+payables, "User of "+customers), patched(1)),
			},
			{
				Config: config("Admin"), ConfigPlanChecks: action(plancheck.ResourceActionUpdate),
				Check: resource.ComposeTestCheckFunc(holds(t, b, "Admin"), patched(1)),
				ConfigStateChecks: []statecheck.StateCheck{
					expectMined("name", knownvalue.StringExact("edsger.dijkstra@acme.example -> Task Mining Admin @ Production")),
					expectMined("missing_ai_center_permissions", knownvalue.SetSizeExact(6)),
				},
			},
			{
				Config: config("Process SME"), ConfigPlanChecks: action(plancheck.ResourceActionUpdate),
				Check: resource.ComposeTestCheckFunc(holds(t, b, "Process SME"), patched(1)),
			},
			{
				Config: config("User", "project_ids = []"), Check: resource.ComposeTestCheckFunc(holds(t, b, "User"), patched(1)),
			},
			{Config: config("User"), Check: resource.ComposeTestCheckFunc(holds(t, b, "User"), patched(0))},
			{Config: config("User", recordsFor(customers)), Check: patched(1)},
			{ResourceName: mining, ImportState: true, ImportStateId: "production/" + strings.ToUpper(edsger), ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "name", ImportStateVerifyIgnore: ignored},
			{ResourceName: mining, ImportState: true, ImportStateIdFunc: assignmentGUID(t, b, edsger, ""), ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "name", ImportStateVerifyIgnore: ignored},
			{ResourceName: mining, ImportState: true, ImportStateIdFunc: assignmentGUID(t, b, edsger, "/|"), ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "name", ImportStateVerifyIgnore: ignored},
			{
				ResourceName: mining, ImportState: true, ImportStateKind: resource.ImportBlockWithID, ImportStateId: productionID + "/" + edsger,
				Config: config("User", recordsFor(customers)),
			},
			{ResourceName: mining, ImportState: true, ImportStateId: "Prodution/" + edsger, ExpectError: regexp.MustCompile(`(?s)Tenant not found.*Did\s+you\s+mean\s+"Production"`)},
			{ResourceName: mining, ImportState: true, ImportStateId: edsger + "/Production", ExpectError: regexp.MustCompile(`(?s)Tenant not found.*` + edsger)},
			{ResourceName: mining, ImportState: true, ImportStateId: "Production", ExpectError: regexp.MustCompile(`(?s)Invalid import id.*\{tenant\}/\{principal\}`)},
			{ResourceName: mining, ImportState: true, ImportStateId: productionID + "/" + grace, ExpectError: regexp.MustCompile(`Cannot import non-existent remote object`)},
			{ResourceName: mining, ImportState: true, ImportStateId: goneUser, ExpectError: regexp.MustCompile(`Task Mining permission not found`)},
			{ResourceName: mining, ImportState: true, ImportStateIdFunc: assignmentGUID(t, b, katherine, ""), ExpectError: regexp.MustCompile(`(?s)Not a Task Mining permission.*Automation\s+Auditor`)},
		},
	})
}

// ignored is what an import spells in the canonical way.
var ignored = []string{"principal_id"}

func TestAccTaskMiningPermission_refused(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	for name, test := range map[string]struct {
		config, want string
		// planned says that the plan refuses it already.
		planned bool
	}{
		"invitation not accepted": {mined(margaret, "User", "User"), `Invitation not accepted.*"margaret\.hamilton@acme\.example"\s+\(` + margaret, true},
		"unknown user": {
			mined(goneUser, "User", "User"), `Principal not found.*principal_id.*Cannot\s+resolve\s+users=\[` + goneUser, false,
		},
		"projects of an admin":     {mined(edsger, "User", "Admin", recordsFor(payables)), `Projects are for the permission User.*"Admin"\s+reaches\s+every\s+project`, true},
		"unknown project":          {mined(edsger, "User", "User", recordsFor(goneProject)), `project_ids.*` + goneProject + `.*Accounts\s+Payable`, false},
		"project in another case":  {mined(edsger, "User", "User", recordsFor(strings.ToUpper("4b0000000000000a"))), `in\s+lower\s+case.*"4b0000000000000a"`, true},
		"what is no project":       {mined(edsger, "User", "User", recordsFor("Accounts Payable")), `"Accounts\s+Payable"\s+is\s+neither`, true},
		"robot":                    {mined(edsger, "Robot", "User"), `principal_type value must be one of`, true},
		"misspelt permission":      {mined(edsger, "User", "Proces SME"), `Unknown Task Mining permission.*Did\s+you\s+mean\s+"Process\s+SME"`, true},
		"unknown tenant":           {mined(edsger, "User", "User", `tenant_id = "`+goneUser+`"`), `Tenant not found`, true},
		"group called a user":      {mined(invoicing, "User", "User"), `is\s+of\s+type\s+Group`, false},
		"missing what is required": {mined(edsger, "User", "Admin", "require_ai_center_permissions = true"), `AI Center permissions missing.*ORCHESTRATOR\.MLLOGS\.VIEW.*nothing\s+was\s+granted`, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				Steps: []resource.TestStep{{
					Config: b.Config(t, "", test.config), PlanOnly: test.planned, ExpectError: regexp.MustCompile(`(?s)` + test.want),
				}},
			})
			for _, id := range []string{edsger, margaret, invoicing} {
				if held := newMiner(t, b).held(id); len(held) > 0 {
					t.Errorf("%s was granted %v", id, held)
				}
			}
		})
	}
}

// TestAccTaskMiningPermission_unknownWhenPlanning plans with everything unknown, and checks it once it is known.
func TestAccTaskMiningPermission_unknownWhenPlanning(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	config := func(permission string) string {
		return b.Config(t, "", `
resource "terraform_data" "late" {
  input = { id = "`+edsger+`", type = "User", permission = "`+permission+`", projects = ["`+payables+`"], tenant = "`+productionID+`" }
}

resource "uipath_task_mining_permission" "test" {
  principal_id   = terraform_data.late.output.id
  principal_type = terraform_data.late.output.type
  permission     = terraform_data.late.output.permission
  project_ids    = terraform_data.late.output.projects
  tenant_id      = terraform_data.late.output.tenant
}
`)
	}
	unknown := func(attributes ...string) []plancheck.PlanCheck {
		checks := make([]plancheck.PlanCheck, len(attributes))
		for i, attribute := range attributes {
			checks[i] = plancheck.ExpectUnknownValue(mining, tfjsonpath.New(attribute))
		}
		return checks
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             holds(t, b),
		Steps: []resource.TestStep{
			{Config: config("Admin"), ExpectError: regexp.MustCompile(`Projects are for the permission User`)},
			{
				Config: config("User"), Check: holds(t, b, "User", "User of "+payables),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: unknown(
					"name", "principal_name", "tenant_name", "rights", "ai_center_permissions", "missing_ai_center_permissions")},
				ConfigStateChecks: []statecheck.StateCheck{
					expectMined("name", knownvalue.StringExact("edsger.dijkstra@acme.example -> Task Mining User @ Production")),
				},
			},
		},
	})
}

// TestAccTaskMiningPermission_unknownUser refuses somebody when planning where nobody can be provisioned.
func TestAccTaskMiningPermission_unknownUser(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{Seed: []byte(reviewSeed)})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: b.Config(t, "", mined("3a000000-0000-4000-8000-0000000000fe", "User", "User")), PlanOnly: true,
			ExpectError: regexp.MustCompile(`(?s)Principal not found.*no\s+User\s+with\s+the\s+id\s+3a000000-0000-4000-8000-0000000000fe`),
		}},
	})
}

func TestAccTaskMiningPermission_exists(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	newMiner(t, b).gives(edsger, access.TaskMiningAdmin, "")()
	config := b.Config(t, "", mined(edsger, "User", "User"))
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             holds(t, b),
		Steps: []resource.TestStep{
			{
				Config: config, PlanOnly: true,
				ExpectError: regexp.MustCompile(`(?s)Task Mining permission already exists.*"edsger\.dijkstra@acme\.example".*is\s+Admin.*import \{.*` + productionID + "/" + edsger),
			},
			{
				Config: config, ResourceName: mining, ImportState: true, ImportStateId: productionID + "/" + edsger, ImportStatePersist: true,
			},
			{Config: config, Check: holds(t, b, "User")},
			{Config: config, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}},
			{
				Config:      b.Config(t, "", mined(edsger, "User", "User")+strings.ReplaceAll(mined(edsger, "User", "Admin"), `"test"`, `"other"`)),
				ExpectError: regexp.MustCompile(`Task Mining permission already exists`),
			},
			{Config: config},
		},
	})
}

func TestAccTaskMiningPermission_drift(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	m := newMiner(t, b)
	config := b.Config(t, "", mined(edsger, "User", "User", recordsFor(payables)))
	// mends is a step that finds something changed, and brings it back.
	mends := func(changed func(), action plancheck.ResourceActionType) resource.TestStep {
		return resource.TestStep{
			PreConfig: changed, Config: config, Check: holds(t, b, "User", "User of "+payables),
			ConfigPlanChecks: resource.ConfigPlanChecks{
				PreApply:             []plancheck.PlanCheck{plancheck.ExpectResourceAction(mining, action)},
				PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
			},
		}
	}
	all := func(steps ...func()) func() {
		return func() {
			for _, step := range steps {
				step()
			}
		}
	}
	update := plancheck.ResourceActionUpdate
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             holds(t, b),
		Steps: []resource.TestStep{
			{Config: config},
			mends(m.gives(edsger, access.TaskMiningUser, customers), update),
			mends(m.takes(payables), update),
			mends(m.takes(""), update),
			mends(m.gives(edsger, access.TaskMiningAdmin, ""), update),
			mends(all(m.takes(""), m.takes(payables), m.gives(edsger, access.TaskMiningProcessSME, "")), update),
			mends(all(m.takes(""), m.takes(payables)), plancheck.ResourceActionCreate),
		},
	})
}

// TestAccTaskMiningPermission_leavesTheGroup lets the AI Center role come through a group, and goes on when the member leaves it.
func TestAccTaskMiningPermission_leavesTheGroup(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	config := b.Config(t, "", `
resource "uipath_tenant_role" "ai" {
  name        = "AI Center"
  permissions = provider::uipath::task_mining_ai_center_permissions("Admin")
}

resource "uipath_role_assignment" "ai" {
  role_id        = uipath_tenant_role.ai.id
  principal_id   = "`+processes+`"
  principal_type = "Group"
  scope          = provider::uipath::tenant_scope("`+productionID+`")
}
`+mined(edsger, "User", "Admin", "require_ai_center_permissions = true", "depends_on = [uipath_role_assignment.ai]"))
	missing := func(n int) []statecheck.StateCheck {
		return []statecheck.StateCheck{expectMined("missing_ai_center_permissions", knownvalue.SetSizeExact(n))}
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             holds(t, b),
		Steps: []resource.TestStep{
			// Edsger is in Invoice Processing, which is in Process Discovery.
			{Config: config, ConfigStateChecks: missing(0), Check: holds(t, b, "Admin")},
			{
				PreConfig: func() { putGroup(t, b, invoicing, "Invoice Processing", "directoryUserIDsToRemove", edsger) },
				Config:    config, ConfigStateChecks: missing(6),
				ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
			},
			{
				PreConfig: func() { putGroup(t, b, invoicing, "Invoice Processing", "directoryUserIDsToAdd", edsger) },
				Config:    config, ConfigStateChecks: missing(0),
			},
		},
	})
}

// TestAccTaskMiningPermission_interrupted breaks the connection around the change from User to Admin: the principal holds the old or
// the new permission, never none, and the apply ends with the new one.
func TestAccTaskMiningPermission_interrupted(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ committed, lasting bool }{
		"before the server committed":            {false, false},
		"after the server committed":             {true, false},
		"before the server committed, each time": {false, true},
		"after the server committed, each time":  {true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fault := "PATCH drop=before"
			if test.committed {
				fault = "PATCH drop=after"
			}
			if !test.lasting {
				fault += " requests=1"
			}
			b := acctest.NewBackend(t, backend.Options{})
			must := func(err error) {
				if err != nil {
					t.Error(err)
				}
			}
			config := func(permission string) string {
				return b.ConfigWith(t, "", "tenant = \"Production\"\n  max_retries = 1", mined(edsger, "User", permission))
			}
			admin := resource.TestStep{PreConfig: func() { must(b.AddFaults(fault)) }, Config: config("Admin")}
			if test.lasting && !test.committed {
				admin.ExpectError = regexp.MustCompile(`(?s)Changing Task Mining permission failed.*"edsger\.dijkstra@acme\.example"`)
			}
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				CheckDestroy:             holds(t, b),
				Steps: []resource.TestStep{
					{Config: config("User")},
					admin,
					{
						PreConfig: func() {
							must(b.ClearFaults())
							if held := newMiner(t, b).held(edsger); len(held) != 1 {
								t.Errorf("after the interruption the principal holds %v", held)
							}
						},
						Config: config("Admin"), Check: holds(t, b, "Admin"),
					},
				},
			})
		})
	}
}

// TestAccTaskMiningPermission_callers works as Task Mining's own Admin, who sees and changes Task Mining only, and as an
// administrator of another tenant.
func TestAccTaskMiningPermission_callers(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	m := newMiner(t, b)
	m.gives(katherine, access.TaskMiningAdmin, "")()
	as := func(who, permission string, lines ...string) string {
		return b.ConfigWith(t, who, "tenant = \"Production\"\n  resolve_principals = false", mined(edsger, "User", permission, lines...))
	}
	expert := "katherine.johnson@acme.example"
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             holds(t, b),
		Steps: []resource.TestStep{
			{
				Config:      as("alan.turing@acme.example", "User"),
				ExpectError: regexp.MustCompile(`(?s)not\s+authorized\s+to\s+read\s+role\s+assignments\s+of\s+Task\s+Mining\s+in\s+the\s+tenant\s+Production`),
			},
			{
				Config: as(expert, "User", "require_ai_center_permissions = true"), ExpectError: regexp.MustCompile(`(?s)AI Center permissions not checked.*nothing\s+was\s+granted`),
			},
			{
				Config: as(expert, "User", recordsFor(payables)), Check: holds(t, b, "User", "User of "+payables),
				ConfigStateChecks: []statecheck.StateCheck{
					expectMined("missing_ai_center_permissions", knownvalue.Null()),
					expectMined("principal_name", knownvalue.Null()),
					expectMined("name", knownvalue.StringExact(edsger+" -> Task Mining User @ Production")),
				},
			},
			{Config: as(expert, "Admin"), Check: holds(t, b, "Admin")},
			{Config: as("grace.hopper@acme.example", "Process SME"), Check: holds(t, b, "Process SME")},
		},
	})
}

// TestAccTaskMiningPermission_asRoleAssignment refuses the roles of Task Mining in the general resource.
func TestAccTaskMiningPermission_asRoleAssignment(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	roles := newMiner(t, b).roles
	if len(roles) != 3 {
		t.Fatalf("%d roles of Task Mining: %v", len(roles), slices.Collect(maps.Keys(roles)))
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config:      b.Config(t, "", assigned("test", roles[access.TaskMiningAdmin], edsger, "User", "/tenant/"+productionID+"/taskmining")),
			PlanOnly:    true,
			ExpectError: regexp.MustCompile(`(?s)Role is a Task Mining permission.*uipath_task_mining_permission`),
		}},
	})
}
