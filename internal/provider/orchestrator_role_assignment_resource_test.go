package provider_test

import (
	"fmt"
	"net/http"
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

const orGrant = "uipath_orchestrator_role_assignment.test"

func orGrantKnown(attribute, value string) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(orGrant, tfjsonpath.New(attribute), knownvalue.StringExact(value))
}

func orGrantConfig(members ...string) string {
	return "resource \"uipath_orchestrator_role_assignment\" \"test\" {\n  " + strings.Join(members, "\n  ") + "\n}\n"
}

// hasGrant checks whether a role of Orchestrator is assigned in Production, with a client of its own.
func hasGrant(t *testing.T, b *acctest.Backend, role, folder string, want bool) resource.TestCheckFunc {
	t.Helper()
	return func(*terraform.State) error {
		client := b.Client(t)
		found := orRoleNamed(t, client, role)
		there, err := client.HasOrchestratorRole(t.Context(), uipath.OrchestratorGrant{TenantID: found.TenantID, RoleID: found.ID, PrincipalID: edsger, FolderKey: folder})
		if err != nil || there != want {
			return fmt.Errorf("%s at %q: there is %t, %w", role, folder, there, err)
		}
		return nil
	}
}

func TestAccOrchestratorRoleAssignment_lifecycle(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{Strict: true})
	config := func(members ...string) string {
		return b.Config(t, "ada.lovelace@acme.example", orGrantConfig(members...))
	}
	action := func(want plancheck.ResourceActionType) resource.ConfigPlanChecks {
		return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(orGrant, want)}}
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             resource.ComposeAggregateTestCheckFunc(hasGrant(t, b, "Invoice Clerk", financeKey, false), hasGrant(t, b, "Machine Keeper", "", false)),
		Steps: []resource.TestStep{
			{
				Config: config(`role_name = "Machine Keeper"`, `principal_name = "Edsger.Dijkstra@acme.example"`),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectKnownValue(orGrant, tfjsonpath.New("name"), knownvalue.StringExact("Edsger.Dijkstra@acme.example -> Machine Keeper @ Production / Orchestrator")),
					plancheck.ExpectKnownValue(orGrant, tfjsonpath.New("role_id"), knownvalue.StringExact("10001")),
					plancheck.ExpectKnownValue(orGrant, tfjsonpath.New("principal_type"), knownvalue.StringExact("User")),
				}},
				ConfigStateChecks: []statecheck.StateCheck{orGrantKnown("principal_id", edsger)},
				Check:             hasGrant(t, b, "Machine Keeper", "", true),
			},
			{ResourceName: orGrant, ImportState: true, ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "principal_id", ImportStateId: "Production|Machine Keeper|edsger.dijkstra@acme.example",
				ImportStateVerifyIgnore: []string{"name", "principal_name"}},
			{
				Config:           config(`role_id = "10001"`, `principal_id = "`+strings.ToUpper(edsger)+`"`),
				ConfigPlanChecks: action(plancheck.ResourceActionNoop),
			},
			{
				Config:            config(`role_name = "Invoice Clerk"`, `principal_id = "`+edsger+`"`, `folder_name = "Finance"`),
				ConfigPlanChecks:  action(plancheck.ResourceActionDestroyBeforeCreate),
				ConfigStateChecks: []statecheck.StateCheck{orGrantKnown("folder_key", financeKey)},
				Check:             resource.ComposeAggregateTestCheckFunc(hasGrant(t, b, "Invoice Clerk", financeKey, true), hasGrant(t, b, "Machine Keeper", "", false)),
			},
			{ResourceName: orGrant, ImportState: true, ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "principal_id",
				ImportStateId: "production|Finance|Invoice Clerk|" + edsger, ImportStateVerifyIgnore: []string{"name", "principal_name"}},
			{
				PreConfig: func() {
					client := b.Client(t)
					role := orRoleNamed(t, client, "Invoice Clerk")
					if err := client.UnassignOrchestratorRole(t.Context(), uipath.OrchestratorGrant{
						TenantID: role.TenantID, RoleID: role.ID, PrincipalID: edsger, FolderKey: financeKey,
					}); err != nil {
						t.Fatal(err)
					}
				},
				Config:           config(`role_name = "Invoice Clerk"`, `principal_id = "`+edsger+`"`, `folder_name = "Finance"`),
				ConfigPlanChecks: action(plancheck.ResourceActionCreate),
			},
		},
	})
}

// The role is made and renamed by the same configuration.
func TestAccOrchestratorRoleAssignment_withItsRole(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	config := func(name, kind, permission, folder string) string {
		return b.Config(t, "", orRoleConfig(name, kind, permission)+orGrantConfig("role_name = uipath_orchestrator_role.test.name", `principal_name = "Document Reviewers"`, folder))
	}
	action := func(want plancheck.ResourceActionType) resource.ConfigPlanChecks {
		return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(orGrant, want)}}
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: config("Keeper", "Tenant", "Machines.View", ""), ConfigStateChecks: []statecheck.StateCheck{orGrantKnown("principal_type", "Group")}},
			{Config: config("Machine Looker", "Tenant", "Machines.View", ""), ConfigPlanChecks: action(plancheck.ResourceActionUpdate)},
			{Config: config("Machine Looker", "Folder", "Assets.View", `folder_key = "`+financeKey+`"`), ConfigPlanChecks: action(plancheck.ResourceActionDestroyBeforeCreate)},
		},
	})
}

func TestAccOrchestratorRoleAssignment_refused(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	client := b.Client(t)
	role := orRoleNamed(t, client, "Invoice Clerk")
	if err := client.AssignOrchestratorRole(t.Context(), uipath.OrchestratorGrant{
		TenantID: role.TenantID, RoleID: role.ID, PrincipalID: edsger, FolderKey: invoicesKey,
	}, access.PrincipalUser); err != nil {
		t.Fatal(err)
	}
	var steps []resource.TestStep
	const who = `principal_name = "edsger.dijkstra@acme.example"`
	for config, want := range map[string]string{
		orGrantConfig(`role_name = "Invoice Clerk"`, who): `is\s+a\s+folder\s+role`, orGrantConfig(`role_name = "Machine Keeper"`, who, `folder_name = "Finance"`): `is\s+a\s+tenant\s+role`,
		orGrantConfig(`role_name = "Invoice Clark"`, who):                                     `Did you\s+mean\s+"Invoice Clerk"`,
		orGrantConfig(`role_name = "Invoice Operations"`, who):                                `assign\s+that\s+with\s+uipath_role_assignment`,
		orGrantConfig(`role_id = "3d000000-0000-4000-8000-000000000001"`, who):                `belongs\s+into\s+a\s+uipath_role_assignment`,
		orGrantConfig(`role_id = "77777"`, who):                                               `Role of Orchestrator not found`,
		orGrantConfig(`role_name = "Invoice Clerk"`, who, `folder_name = "Finanse"`):          `Did you\s+mean\s+"Finance"`,
		orGrantConfig(`role_name = "Invoice Clerk"`, who, `folder_name = "Finance/Invoices"`): `(?s)already\s+exists.*import \{.*\|4a000000-0000-4000-8000-000000000002\|10002\|`,
		orGrantConfig(`role_name = "Invoice Clerk"`):                                          `Missing principal`,
	} {
		steps = append(steps, resource.TestStep{Config: b.Config(t, "", config), PlanOnly: true, ExpectError: regexp.MustCompile(want)})
	}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acctest.Factories(), Steps: steps})
}

// The guard names the role, and nothing is granted.
func TestAccOrchestratorRoleAssignment_elevationGuard(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	client := b.Client(t)
	production := tenant(t, client, acctest.Production).ID
	made, err := client.CreateOrchestratorRole(t.Context(), uipath.OrchestratorRoleSpec{
		TenantID: production, Name: "Folder Keeper", Type: "Tenant", Permissions: []string{"Units.Edit", "Units.View", "Users.View", "Users.Create", "Roles.View"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := client.AssignOrchestratorRole(t.Context(), uipath.OrchestratorGrant{
		TenantID: production, RoleID: made.ID, PrincipalID: "3a000000-0000-4000-8000-000000000004",
	}, access.PrincipalUser); err != nil {
		t.Fatal(err)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: b.ConfigWith(t, "katherine.johnson@acme.example", fmt.Sprintf("tenant = %q\n  resolve_principals = false\n  resolve_tenants = false\n  organization = %q",
				production, client.Organization().ID), orGrantConfig(`role_name = "Invoice Clerk"`, `principal_id = "`+edsger+`"`, `principal_type = "User"`, `folder_name = "Finance"`)),
			ExpectError: regexp.MustCompile(`Please\s+remove\s+the\s+following\s+role\(s\):\s+Invoice\s+Clerk\s+to\s+continue`),
		}},
		CheckDestroy: hasGrant(t, b, "Invoice Clerk", financeKey, false),
	})
}

// A connection that breaks after the commit leaves one grant, and an empty plan.
func TestAccOrchestratorRoleAssignment_lostAnswer(t *testing.T) {
	t.Parallel()
	for _, suffix := range []string{".SetUsers", ".AssignUsers"} {
		t.Run(suffix, func(t *testing.T) {
			t.Parallel()
			broken := make(chan struct{}, 1)
			broken <- struct{}{}
			b := acctest.NewBackendBehind(t, backend.Options{}, func(inner http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if strings.HasSuffix(r.URL.Path, suffix) {
						select {
						case <-broken:
							inner.ServeHTTP(discardedAnswer{}, r)
							panic(http.ErrAbortHandler)
						default:
						}
					}
					inner.ServeHTTP(w, r)
				})
			})
			members := []string{`role_name = "Machine Keeper"`, `principal_name = "edsger.dijkstra@acme.example"`}
			if suffix == ".AssignUsers" {
				members = []string{`role_name = "Invoice Clerk"`, members[1], `folder_name = "Finance"`}
			}
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				Steps:                    []resource.TestStep{{Config: b.Config(t, "", orGrantConfig(members...))}},
			})
		})
	}
}

// discardedAnswer is an answer that is lost.
type discardedAnswer struct{}

func (discardedAnswer) Header() http.Header         { return http.Header{} }
func (discardedAnswer) WriteHeader(int)             {}
func (discardedAnswer) Write(p []byte) (int, error) { return len(p), nil }

func TestOrchestratorRoleAssignmentList(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	client := b.Client(t)
	keeper, clerk := orRoleNamed(t, client, "Machine Keeper"), orRoleNamed(t, client, "Invoice Clerk")
	for _, g := range []uipath.OrchestratorGrant{
		{TenantID: keeper.TenantID, RoleID: keeper.ID, PrincipalID: grace}, {TenantID: clerk.TenantID, RoleID: clerk.ID, PrincipalID: grace, FolderKey: financeKey},
	} {
		if err := client.AssignOrchestratorRole(t.Context(), g, access.PrincipalUser); err != nil {
			t.Fatal(err)
		}
	}
	p := configured(t, b)
	atTenant, diagnostics := p.list("uipath_orchestrator_role_assignment", nil, 0, true)
	p.noErrors(diagnostics)
	if want := []string{"grace.hopper@acme.example -> Machine Keeper @ Production / Orchestrator"}; !slices.Equal(displayNames(atTenant), want) {
		t.Errorf("listed %q, want %q", displayNames(atTenant), want)
	}
	values := p.strings(p.schema.ResourceSchemas["uipath_orchestrator_role_assignment"].ValueType(), atTenant[0].resource)
	if values["role_id"] != "10001" || values["principal_type"] != "User" || values["folder_key"] != "" {
		t.Errorf("the included resource is %v", values)
	}
	atFolder, diagnostics := p.list("uipath_orchestrator_role_assignment", map[string]tftypes.Value{"folder_name": text("Finance")}, 0, false)
	p.noErrors(diagnostics)
	if want := []string{"grace.hopper@acme.example -> Invoice Clerk @ Production / Orchestrator / Finance"}; !slices.Equal(displayNames(atFolder), want) {
		t.Errorf("listed %q, want %q", displayNames(atFolder), want)
	}
	if _, diagnostics := p.list("uipath_orchestrator_role_assignment", map[string]tftypes.Value{"folder_name": text("Finanse")}, 0, false); len(diagnostics) != 1 {
		t.Errorf("an unknown folder gave %v", diagnostics)
	}
}
