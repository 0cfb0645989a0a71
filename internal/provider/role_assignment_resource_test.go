package provider_test

import (
	"context"
	"errors"
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

const assignment = "uipath_role_assignment.test"

// People and roles of the built-in organization.
const (
	katherine = "3a000000-0000-4000-8000-000000000004"
	grace     = "3a000000-0000-4000-8000-000000000002"
	processes = "3b000000-0000-4000-8000-000000000005"
	auditor   = "3d000000-0000-4000-8000-000000000002"
	invoices  = "3d000000-0000-4000-8000-000000000001"
	// nobody is the id of no principal, role, tenant or organization.
	nobody = "00000000-0000-0000-0000-000000000000"
)

// assigned is a resource that makes the assignment.
func assigned(label, role, principal, kind, scope string) string {
	return fmt.Sprintf("resource \"uipath_role_assignment\" %q {\n  role_id = %q\n  principal_id = %q\n  principal_type = %q\n  scope = %q\n}\n",
		label, role, principal, kind, scope)
}

// assignmentsDestroyed checks that no assignment of the state is left on the server.
func assignmentsDestroyed(client *uipath.Client) resource.TestCheckFunc {
	return func(state *terraform.State) error {
		for name, r := range state.RootModule().Resources {
			if r.Type != "uipath_role_assignment" {
				continue
			}
			scope, err := access.ParseScope(r.Primary.Attributes["scope"])
			if err != nil {
				return err
			}
			key := uipath.AssignmentKey{RoleID: access.GUID(r.Primary.Attributes["role_id"]), PrincipalID: access.GUID(r.Primary.Attributes["principal_id"]), Scope: scope}
			if found, err := client.RefreshedAssignment(context.Background(), key); !errors.Is(err, uipath.ErrNotFound) {
				return fmt.Errorf("%s is still there: %+v, %w", name, found, err)
			}
		}
		return nil
	}
}

func auditorOfKatherine(t *testing.T, client *uipath.Client) uipath.AssignmentKey {
	t.Helper()
	return uipath.AssignmentKey{RoleID: auditor, PrincipalID: katherine, Scope: access.TenantScope(tenant(t, client, acctest.Production).ID)}
}

func TestAccRoleAssignment_lifecycle(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	client := b.Client(t)
	production := tenant(t, client, acctest.Production)
	scope := "/tenant/" + production.ID.String()
	id := scope + "|" + auditor + "|" + katherine
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             assignmentsDestroyed(client),
		Steps: []resource.TestStep{
			{
				Config: b.Config(t, "", assigned("test", auditor, katherine, "User", scope)),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectKnownValue(assignment, tfjsonpath.New("scope"), knownvalue.StringExact(scope)),
					plancheck.ExpectKnownValue(assignment, tfjsonpath.New("name"), knownvalue.StringExact("katherine.johnson@acme.example -> Automation Auditor @ Production")),
					plancheck.ExpectKnownValue(assignment, tfjsonpath.New("principal_name"), knownvalue.StringExact("katherine.johnson@acme.example")),
					plancheck.ExpectKnownValue(assignment, tfjsonpath.New("role_name"), knownvalue.StringExact("Automation Auditor")),
					plancheck.ExpectKnownValue(assignment, tfjsonpath.New("scope_name"), knownvalue.StringExact("Production")),
					plancheck.ExpectKnownValue(assignment, tfjsonpath.New("effective"), knownvalue.Bool(true)),
				}},
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(assignment, tfjsonpath.New("scope"), knownvalue.StringExact(scope)),
				},
			},
			// Another spelling of the same is no change.
			{
				Config:           b.Config(t, "", assigned("test", strings.ToUpper(auditor), strings.ToUpper(katherine), "User", strings.ToUpper(scope))),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
			},
			{ResourceName: assignment, ImportState: true, ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "name", ImportStateId: id},
			{ResourceName: assignment, ImportState: true, ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "name", ImportStateId: strings.ToUpper(id)},
			{
				ResourceName: assignment, ImportState: true, ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "name",
				ImportStateIdFunc: func(*terraform.State) (string, error) {
					found, err := client.RefreshedAssignment(t.Context(), auditorOfKatherine(t, client))
					return found.ID.String(), err
				},
			},
			{
				ResourceName: assignment, ImportState: true, ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "name",
				ImportStateIdFunc: func(*terraform.State) (string, error) {
					found, err := client.RefreshedAssignment(t.Context(), auditorOfKatherine(t, client))
					return scope + "|" + found.ID.String(), err
				},
			},
			{
				Config: b.Config(t, "", assigned("test", auditor, grace, "User", scope)),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(assignment, plancheck.ResourceActionDestroyBeforeCreate),
					plancheck.ExpectKnownValue(assignment, tfjsonpath.New("name"), knownvalue.StringExact("grace.hopper@acme.example -> Automation Auditor @ Production")),
				}},
			},
		},
	})
}

func TestAccRoleAssignment_roleOfTheSamePlan(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	client := b.Client(t)
	production := tenant(t, client, acctest.Production)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             assignmentsDestroyed(client),
		Steps: []resource.TestStep{{
			Config: b.Config(t, "", fmt.Sprintf(`
resource "uipath_tenant_role" "reviewer" {
  name        = "Reviewer"
  permissions = ["ORCHESTRATOR.MLLOGS.VIEW"]
}

resource "uipath_role_assignment" "test" {
  role_id        = uipath_tenant_role.reviewer.id
  principal_id   = %q
  principal_type = "Group"
  scope          = "/tenant/%s"
}`, processes, production.ID)),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectUnknownValue(assignment, tfjsonpath.New("name")),
			}},
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(assignment, tfjsonpath.New("name"), knownvalue.StringExact("Process Discovery -> Reviewer @ Production")),
			},
		}},
	})
}

func TestAccRoleAssignment_disappears(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	client := b.Client(t)
	key := auditorOfKatherine(t, client)
	config := b.Config(t, "", assigned("test", auditor, katherine, "User", key.Scope.String()))
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             assignmentsDestroyed(client),
		Steps: []resource.TestStep{
			{Config: config},
			{
				PreConfig: func() {
					// A client of its own: the first one shares what it read before.
					if err := b.Client(t).Unassign(t.Context(), key); err != nil {
						t.Error(err)
					}
				},
				Config: config,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(assignment, plancheck.ResourceActionCreate),
				}},
			},
		},
	})
}

func TestAccRoleAssignment_exists(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	client := b.Client(t)
	key := auditorOfKatherine(t, client)
	if err := client.Assign(t.Context(), uipath.Grant{Key: key, PrincipalType: access.PrincipalUser}); err != nil {
		t.Fatal(err)
	}
	scope := key.Scope.String()
	exists := regexp.MustCompile(`(?s)Role assignment already exists.*moved \{.*import \{.*` + regexp.QuoteMeta(scope+"|"+auditor+"|"+katherine))
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: b.Config(t, "", assigned("test", auditor, katherine, "User", scope)), ExpectError: exists},
			{Config: b.Config(t, "", assigned("test", auditor, grace, "User", scope))},
			// The same assignment under another address, without a moved block.
			{Config: b.Config(t, "", assigned("renamed", auditor, grace, "User", scope)), ExpectError: regexp.MustCompile(`(?s)already exists.*moved \{`)},
			// ... and with one.
			{
				Config: b.Config(t, "", assigned("renamed", auditor, grace, "User", scope)+
					"moved {\n  from = uipath_role_assignment.test\n  to = uipath_role_assignment.renamed\n}\n"),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction("uipath_role_assignment.renamed", plancheck.ResourceActionNoop),
				}},
			},
		},
	})
	if _, err := b.Client(t).RefreshedAssignment(t.Context(), key); err != nil {
		t.Errorf("the assignment that stood in the way is gone: %v", err)
	}
}

// TestAccRoleAssignment_tainted holds what Terraform leaves no choice about: planning a tainted resource, it hands over neither
// its state nor its private state, so the assignment in the way could be anybody's.
func TestAccRoleAssignment_tainted(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	client := b.Client(t)
	config := b.Config(t, "", assigned("test", auditor, katherine, "User", auditorOfKatherine(t, client).Scope.String()))
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             assignmentsDestroyed(client),
		Steps: []resource.TestStep{
			{Config: config},
			{Config: config, Taint: []string{assignment}, ExpectError: regexp.MustCompile(`(?s)already exists.*untaint`)},
		},
	})
}

func TestAccRoleAssignment_refused(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	client := b.Client(t)
	production, staging := tenant(t, client, acctest.Production), tenant(t, client, acctest.Staging)
	roles, err := client.Roles(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	named := func(name, service string) string {
		for _, r := range roles {
			if r.Name == name && r.Service == service {
				return r.ID.String()
			}
		}
		t.Fatalf("there is no role %s of %s", name, service)
		return ""
	}
	administrator := named("DU Administrator", "DocumentUnderstanding")
	tenantAdministrator := named("Tenant Administrator", "CentralizedAccess")
	at := "/tenant/" + production.ID.String()
	var steps []resource.TestStep
	for _, test := range []struct{ config, want string }{
		{assigned("test", nobody, katherine, "User", at), `Role not found`},
		{assigned("test", auditor, katherine, "user", at), `Unknown principal type.*"User"`},
		{assigned("test", auditor, katherine, "User", "/tenant/"+nobody), `Scope not found.*no\s+tenant\s+"` + nobody},
		{assigned("test", auditor, katherine, "User", "tenant"), `Invalid scope`},
		{assigned("test", auditor, katherine, "User", at+"/takmining"), `Invalid scope.*"taskmining"`},
		{assigned("test", administrator, katherine, "User", at), `Role has no effect at this scope.*` + `/documentunderstanding`},
		{assigned("test", auditor, katherine, "User", at+"/taskmining"), `Role has no effect at this scope`},
		{assigned("test", invoices, katherine, "User", "/tenant/"+staging.ID.String()), `Role has no effect at this scope.*` + production.ID.String()},
		{assigned("test", tenantAdministrator, katherine, "User", at+"/orchestrator"), `Role has no effect at this scope`},
	} {
		steps = append(steps, resource.TestStep{Config: b.Config(t, "", test.config), ExpectError: regexp.MustCompile(`(?s)` + test.want)})
	}
	steps = append(steps, resource.TestStep{Config: b.Config(t, "", assigned("test", administrator, katherine, "User", at+"/documentunderstanding"))})
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acctest.Factories(), CheckDestroy: assignmentsDestroyed(client), Steps: steps})
}

const closedOrganization = `
organization: {name: initech, defaultCaller: bill@initech.example}
tenants:
  - {id: 1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90, name: Production}
users:
  - {id: 3a000000-0000-4000-8000-000000000004, userName: bill@initech.example, name: Bill, surname: Lumbergh}
assignments:
  - {role: Organization Administrator, principal: bill@initech.example, scope: /}
`

func TestAccRoleAssignment_principalUnknown(t *testing.T) {
	t.Parallel()
	const scope = "/tenant/1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90"
	b := acctest.NewBackend(t, backend.Options{Seed: []byte(closedOrganization)})
	client := b.Client(t)
	roles, err := client.Roles(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	administrator := ""
	for _, r := range roles {
		if r.Name == "Tenant Administrator" {
			administrator = r.ID.String()
		}
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             assignmentsDestroyed(client),
		Steps: []resource.TestStep{
			{
				Config:      b.Config(t, "", assigned("test", administrator, processes, "Group", scope)),
				ExpectError: regexp.MustCompile(`(?s)Principal not found.*` + processes),
			},
			{
				Config:      b.Config(t, "", assigned("test", administrator, katherine, "Group", scope)),
				ExpectError: regexp.MustCompile(`(?s)Principal not found.*principal_type`),
			},
			{Config: b.Config(t, "", assigned("test", administrator, katherine, "User", scope))},
		},
	})
}

// TestAccRoleAssignment_externalDirectory names somebody whom the organization does not know yet: its directory is linked, so the
// server has the last word.
func TestAccRoleAssignment_externalDirectory(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	scope := auditorOfKatherine(t, b.Client(t)).Scope.String()
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config:      b.Config(t, "", assigned("test", auditor, nobody, "User", scope)),
				ExpectError: regexp.MustCompile(`(?s)Creating role assignment failed.*404.*Cannot\s+resolve\s+users`),
			},
			{
				Config: b.ConfigWith(t, "", "resolve_principals = false", assigned("test", auditor, katherine, "User", scope)),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(assignment, tfjsonpath.New("principal_name"), knownvalue.Null()),
					statecheck.ExpectKnownValue(assignment, tfjsonpath.New("name"), knownvalue.StringExact(katherine+" -> Automation Auditor @ Production")),
				},
			},
		},
	})
}

// TestAccRoleAssignment_immutable imports what the platform assigned itself: it can be managed, but not destroyed.
func TestAccRoleAssignment_immutable(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	roles, err := b.Client(t).Roles(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	administrator := ""
	for _, r := range roles {
		if r.Name == "Organization Administrator" {
			administrator = r.ID.String()
		}
	}
	const administrators = "35551807-06b1-4cda-90a1-2fb84851eee7"
	managed := assigned("test", administrator, administrators, "Group", "/")
	forget := "removed {\n  from = uipath_role_assignment.test\n  lifecycle {\n    destroy = false\n  }\n}\n"
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: b.Config(t, "", managed+fmt.Sprintf("import {\n  to = uipath_role_assignment.test\n  id = %q\n}\n",
					"/|"+administrator+"|"+administrators)),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(assignment, tfjsonpath.New("effective"), knownvalue.Bool(true)),
				},
			},
			{
				Config:      b.Config(t, "", ""),
				ExpectError: regexp.MustCompile(`(?s)Role assignment is immutable.*by\s+the\s+platform.*removed\s+block`),
			},
			{Config: b.Config(t, "", forget)},
		},
	})
}

// TestAccRoleAssignment_brokenConnection loses the answer to the first change, once before the server has seen it and once after
// it has carried it out. Either way the assignment is made once and known.
func TestAccRoleAssignment_brokenConnection(t *testing.T) {
	t.Parallel()
	for when, requests := range map[string]int{"before": 3, "after": 2} {
		t.Run(when+" the server committed", func(t *testing.T) {
			t.Parallel()
			b := acctest.NewBackend(t, backend.Options{Faults: []string{"PATCH requests=1 drop=" + when}})
			key := auditorOfKatherine(t, b.Client(t))
			config := b.Config(t, "", assigned("test", auditor, katherine, "User", key.Scope.String()))
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				CheckDestroy:             assignmentsDestroyed(b.Client(t)),
				Steps: []resource.TestStep{
					{Config: config},
					{Config: config, PlanOnly: true},
				},
			})
			if got := b.Journal()["PatchAssignments"]; got != requests {
				t.Errorf("%d changes were asked for, want one that assigns, once more if it was lost, and one that removes", got)
			}
		})
	}
}

// TestAccRoleAssignment_opaqueToken cannot tell whose the assignment is that stands there after a lost answer, and says so.
func TestAccRoleAssignment_opaqueToken(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{Faults: []string{"PATCH requests=1 drop=after"}})
	key := auditorOfKatherine(t, b.Client(t))
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: fmt.Sprintf(`
provider "uipath" {
  base_url     = %q
  organization = "acme"
  access_token = "reference-backend-token-of-ada"
}
`, b.URL) + assigned("test", auditor, katherine, "User", key.Scope.String()),
			ExpectError: regexp.MustCompile(`(?s)Role assignment may have been made.*import \{.*` + regexp.QuoteMeta(katherine)),
		}},
	})
}

// TestAccRoleAssignment_inert makes a grant that does nothing behind Terraform's back; it is imported and shown as what it is.
func TestAccRoleAssignment_inert(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	client := b.Client(t)
	roles, err := client.Roles(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	key := auditorOfKatherine(t, client)
	for _, r := range roles {
		if r.Name == "DU Administrator" {
			key.RoleID = r.ID
		}
	}
	if err := client.Assign(t.Context(), uipath.Grant{Key: key, PrincipalType: access.PrincipalUser}); err != nil {
		t.Fatal(err)
	}
	id := strings.Join([]string{key.Scope.String(), key.RoleID.String(), key.PrincipalID.String()}, "|")
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             assignmentsDestroyed(b.Client(t)),
		Steps: []resource.TestStep{
			{
				Config: b.Config(t, "", assigned("test", key.RoleID.String(), key.PrincipalID.String(), "User", key.Scope.String())+
					fmt.Sprintf("import {\n  to = uipath_role_assignment.test\n  id = %q\n}\n", id)),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(assignment, tfjsonpath.New("effective"), knownvalue.Bool(false)),
					statecheck.ExpectKnownValue(assignment, tfjsonpath.New("name"), knownvalue.StringExact("katherine.johnson@acme.example -> DU Administrator @ Production")),
				},
			},
		},
	})
}

func TestAccRoleAssignment_callers(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	client := b.Client(t)
	production, staging := tenant(t, client, acctest.Production), tenant(t, client, acctest.Staging)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             assignmentsDestroyed(client),
		Steps: []resource.TestStep{
			{Config: b.Config(t, "terraform-production", assigned("test", auditor, katherine, "User", "/tenant/"+production.ID.String()))},
			{
				Config:      b.Config(t, "terraform-production", assigned("test", auditor, grace, "User", "/tenant/"+staging.ID.String())),
				ExpectError: regexp.MustCompile(`(?s)403.*Organization\s+Administrator`),
			},
			{Config: b.Config(t, "terraform-production", assigned("test", auditor, katherine, "User", "/tenant/"+production.ID.String()))},
		},
	})
}
