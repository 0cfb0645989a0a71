package provider_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/config"
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

const role = "uipath_tenant_role.test"

// rolesDestroyed checks that no role of the state is left on the server.
func rolesDestroyed(client *uipath.Client) resource.TestCheckFunc {
	return func(state *terraform.State) error {
		for name, r := range state.RootModule().Resources {
			if r.Type != "uipath_tenant_role" {
				continue
			}
			if found, err := client.RefreshedRole(context.Background(), access.GUID(r.Primary.ID)); !errors.Is(err, uipath.ErrNotFound) {
				return fmt.Errorf("%s is still there: %+v, %w", name, found, err)
			}
		}
		return nil
	}
}

// roleID keeps the id of the role in the state.
func roleID(id *string) resource.TestCheckFunc {
	return func(state *terraform.State) error {
		*id = state.RootModule().Resources[role].Primary.ID
		return nil
	}
}

func tenant(t testing.TB, client *uipath.Client, name string) uipath.Tenant {
	t.Helper()
	found, err := client.Tenant(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func known(attribute string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(role, tfjsonpath.New(attribute), check)
}

func permissionSet(names ...string) knownvalue.Check {
	checks := make([]knownvalue.Check, len(names))
	for i, name := range names {
		checks[i] = knownvalue.StringExact(name)
	}
	return knownvalue.SetExact(checks)
}

func TestAccTenantRole_lifecycle(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	client := b.Client(t)
	production := tenant(t, client, acctest.Production)
	sameID := statecheck.CompareValue(compare.ValuesSame())
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             rolesDestroyed(client),
		Steps: []resource.TestStep{
			{
				Config: b.Config(t, "", `
resource "uipath_tenant_role" "test" {
  name        = "Reviewer"
  permissions = ["ORCHESTRATOR.MLLOGS.VIEW"]
}`),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectKnownValue(role, tfjsonpath.New("tenant_id"), knownvalue.StringExact(production.ID.String())),
					plancheck.ExpectKnownValue(role, tfjsonpath.New("tenant_name"), knownvalue.StringExact("Production")),
					plancheck.ExpectKnownValue(role, tfjsonpath.New("owner_service"), knownvalue.StringExact("CentralizedAccess")),
					plancheck.ExpectKnownValue(role, tfjsonpath.New("type"), knownvalue.StringExact("Custom")),
					plancheck.ExpectUnknownValue(role, tfjsonpath.New("id")),
				}},
				ConfigStateChecks: []statecheck.StateCheck{
					known("description", knownvalue.StringExact("Managed by Terraform")),
					known("service", knownvalue.Null()),
					known("permissions", permissionSet("ORCHESTRATOR.MLLOGS.VIEW")),
					known("id", knownvalue.StringRegexp(regexp.MustCompile(`^[0-9a-f-]{36}$`))),
					sameID.AddStateValue(role, tfjsonpath.New("id")),
				},
			},
			{
				Config: b.Config(t, "", `
resource "uipath_tenant_role" "test" {
  name        = "Senior reviewer"
  description = "Reviews discovery results."
  permissions = ["ORCHESTRATOR.MLPACKAGES.VIEW", "ORCHESTRATOR.MLLOGS.VIEW"]
}`),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(role, plancheck.ResourceActionUpdate),
					plancheck.ExpectKnownValue(role, tfjsonpath.New("id"), knownvalue.NotNull()),
				}},
				ConfigStateChecks: []statecheck.StateCheck{
					known("name", knownvalue.StringExact("Senior reviewer")),
					known("description", knownvalue.StringExact("Reviews discovery results.")),
					known("permissions", permissionSet("ORCHESTRATOR.MLLOGS.VIEW", "ORCHESTRATOR.MLPACKAGES.VIEW")),
					sameID.AddStateValue(role, tfjsonpath.New("id")),
				},
			},
			{ResourceName: role, ImportState: true, ImportStateVerify: true},
			{ResourceName: role, ImportState: true, ImportStateKind: resource.ImportBlockWithID},
			{
				ResourceName: role, ImportState: true, ImportStateVerify: true,
				ImportStateIdFunc: func(state *terraform.State) (string, error) {
					return strings.ToUpper(state.RootModule().Resources[role].Primary.ID), nil
				},
			},
		},
	})
}

func TestAccTenantRole_ownedByService(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	owned := func(service string) string {
		return b.Config(t, "", fmt.Sprintf(`
data "uipath_permissions" "ixp" {
  service    = "IXP"
  scope_type = "Tenant"
}

resource "uipath_tenant_role" "test" {
  name        = "Model owner"
  service     = %q
  permissions = slice(data.uipath_permissions.ixp.names, 0, 2)
}`, service))
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             rolesDestroyed(b.Client(t)),
		Steps: []resource.TestStep{
			{
				Config: owned("IXP"),
				ConfigStateChecks: []statecheck.StateCheck{
					known("service", knownvalue.StringExact("IXP")),
					known("owner_service", knownvalue.StringExact("Reinfer")),
				},
			},
			{
				Config: owned("reinfer"),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectEmptyPlan(),
				}},
			},
			{ResourceName: role, ImportState: true, ImportStateVerify: true},
			{
				Config: b.Config(t, "", `
resource "uipath_tenant_role" "test" {
  name        = "Model owner"
  permissions = ["ORCHESTRATOR.MLLOGS.VIEW"]
}`),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(role, plancheck.ResourceActionDestroyBeforeCreate),
					plancheck.ExpectKnownValue(role, tfjsonpath.New("owner_service"), knownvalue.StringExact("CentralizedAccess")),
				}},
			},
		},
	})
}

func TestAccTenantRole_tenant(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	client := b.Client(t)
	staging := tenant(t, client, acctest.Staging)
	inTenant := func(line string) string {
		return fmt.Sprintf("resource \"uipath_tenant_role\" \"test\" {\n  name = \"Reviewer\"\n  permissions = [\"ORCHESTRATOR.MLLOGS.VIEW\"]\n  %s\n}", line)
	}
	replaced := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
		plancheck.ExpectResourceAction(role, plancheck.ResourceActionDestroyBeforeCreate),
	}}
	unchanged := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             rolesDestroyed(client),
		Steps: []resource.TestStep{
			{Config: b.Config(t, "", inTenant(""))},
			// The provider's default changes, and with it the tenant.
			{Config: b.ConfigWith(t, "", `tenant = "Staging"`, inTenant("")), ConfigPlanChecks: replaced},
			// The same tenant, named by the resource and in another spelling.
			{Config: b.Config(t, "", inTenant(fmt.Sprintf("tenant_id = %q", strings.ToUpper(staging.ID.String())))), ConfigPlanChecks: unchanged},
			{
				Config: b.Config(t, "", inTenant("")), ConfigPlanChecks: replaced,
				ConfigStateChecks: []statecheck.StateCheck{known("tenant_name", knownvalue.StringExact("Production"))},
			},
			{
				Config:      b.Config(t, "", inTenant(fmt.Sprintf("tenant_id = %q", nobody))),
				ExpectError: regexp.MustCompile(`(?s)Tenant not found.*` + nobody),
			},
			{Config: b.ConfigWith(t, "", "", inTenant("")), ExpectError: regexp.MustCompile(`(?s)No tenant.*UIPATH_TENANT`)},
			{Config: b.Config(t, "", inTenant(`tenant_id = "Staging"`)), ExpectError: regexp.MustCompile(`(?s)Not a GUID.*"Staging"`)},
			{Config: b.Config(t, "", inTenant("")), ConfigPlanChecks: unchanged},
		},
	})
}

func TestAccTenantRole_unknownWhenPlanning(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	client := b.Client(t)
	staging := tenant(t, client, acctest.Staging)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             rolesDestroyed(client),
		Steps: []resource.TestStep{
			{
				Config: b.Config(t, "", `
variable "tenant" { type = string }

resource "terraform_data" "late" {
  input = { tenant = var.tenant, permission = "ORCHESTRATOR.MLLOGS.VIEW", name = "Late" }
}

resource "uipath_tenant_role" "test" {
  name        = terraform_data.late.output.name
  tenant_id   = terraform_data.late.output.tenant
  permissions = [terraform_data.late.output.permission]
}`),
				ConfigVariables: config.Variables{"tenant": config.StringVariable(staging.ID.String())},
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectUnknownValue(role, tfjsonpath.New("tenant_name")),
				}},
				ConfigStateChecks: []statecheck.StateCheck{
					known("tenant_name", knownvalue.StringExact("Staging")),
					known("permissions", permissionSet("ORCHESTRATOR.MLLOGS.VIEW")),
				},
			},
		},
	})
}

func TestAccTenantRole_disappears(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	client := b.Client(t)
	var id string
	reviewer := b.Config(t, "", `
resource "uipath_tenant_role" "test" {
  name        = "Reviewer"
  permissions = ["ORCHESTRATOR.MLLOGS.VIEW"]
}`)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             rolesDestroyed(client),
		Steps: []resource.TestStep{
			{Config: reviewer, Check: roleID(&id)},
			{
				PreConfig: func() {
					if err := client.DeleteRole(t.Context(), access.GUID(id)); err != nil {
						t.Error(err)
					}
				},
				Config: reviewer,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(role, plancheck.ResourceActionCreate),
				}},
			},
		},
	})
}

func TestAccTenantRole_drift(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	client := b.Client(t)
	production := tenant(t, client, acctest.Production)
	var id string
	reviewer := b.Config(t, "", `
resource "uipath_tenant_role" "test" {
  name        = "Reviewer"
  permissions = ["ORCHESTRATOR.MLLOGS.VIEW"]
}`)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             rolesDestroyed(client),
		Steps: []resource.TestStep{
			{Config: reviewer, Check: roleID(&id)},
			{
				PreConfig: func() {
					if _, err := client.UpdateRole(t.Context(), access.GUID(id), uipath.RoleSpec{
						Name: "Renamed", Description: "Changed by hand.", Shape: access.ShapeTenant, TenantID: production.ID,
						Permissions: []string{"ORCHESTRATOR.MLSKILLS.VIEW", "ORCHESTRATOR.MLLOGS.VIEW"},
					}); err != nil {
						t.Error(err)
					}
				},
				Config: reviewer,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(role, plancheck.ResourceActionUpdate),
				}},
			},
		},
	})
	if t.Failed() {
		return
	}
	if got := b.Journal()["DeleteRole"]; got != 1 {
		t.Errorf("mending drift deleted roles: %d deletions in all", got)
	}
}

func TestAccTenantRole_conflict(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	client := b.Client(t)
	production := tenant(t, client, acctest.Production)
	existing, err := client.CreateRole(t.Context(), uipath.RoleSpec{
		Name: "Reviewer", Description: "Made by hand.", Shape: access.ShapeTenant, TenantID: production.ID,
		Permissions: []string{"ORCHESTRATOR.MLLOGS.VIEW"},
	})
	if err != nil {
		t.Fatal(err)
	}
	named := func(name string) string {
		return b.Config(t, "", fmt.Sprintf("resource \"uipath_tenant_role\" \"test\" {\n  name = %q\n  permissions = [\"ORCHESTRATOR.MLLOGS.VIEW\"]\n}", name))
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{Config: named("reviewer"), ExpectError: regexp.MustCompile(`(?s)Role already exists.*import \{.*` + existing.ID.String())},
			{Config: named("Tenant Administrator"), ExpectError: regexp.MustCompile(`(?s)Role already exists.*platform\s+role.*Choose another name`)},
			{Config: named("Auditor")},
			{Config: named("Reviewer"), ExpectError: regexp.MustCompile(`(?s)Role already exists.*` + existing.ID.String())},
		},
	})
	if found, err := client.RefreshedRole(t.Context(), existing.ID); err != nil || found.Description != "Made by hand." {
		t.Errorf("the role that stood in the way is now %+v, %v", found, err)
	}
}

func TestAccTenantRole_validation(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	withLines := func(lines ...string) string {
		return b.Config(t, "", "resource \"uipath_tenant_role\" \"test\" {\n  "+strings.Join(lines, "\n  ")+"\n}")
	}
	const name, permissions = `name = "Reviewer"`, `permissions = ["ORCHESTRATOR.MLLOGS.VIEW"]`
	var steps []resource.TestStep
	for _, test := range []struct {
		config string
		want   string
	}{
		{withLines(name, `permissions = []`), `at least 1 elements`},
		{withLines(name, `permissions = ["orchestrator.mllogs.view"]`), `Write\s+"ORCHESTRATOR.MLLOGS.VIEW"`},
		{withLines(name, `permissions = ["ORCHESTRATOR.MLPACKAGE.VIEW"]`), `Unknown permission.*Did you mean\s+"ORCHESTRATOR.MLPACKAGES.VIEW"`},
		{withLines(name, `service = "IXP"`, permissions), `Unknown permission.*a\s+tenant\s+role\s+of\s+IXP`},
		{withLines(name, `service = "Document Understandin"`, permissions), `Did you mean\s+"Document Understanding"`},
		{withLines(name, `service = "Task Mining"`, permissions), `Service cannot own a role.*leave\s+service\s+out`},
		{withLines(name, `service = "Licensing"`, permissions), `Service cannot own a role`},
		{withLines(name, `service = "CentralizedAccess"`, permissions), `leave\s+service\s+out`},
		{withLines(`name = ""`, permissions), `Invalid text.*empty`},
		{withLines(`name = "Reviewer "`, permissions), `Write\s+"Reviewer"`},
		{withLines(name, `description = ""`, permissions), `Invalid text`},
	} {
		steps = append(steps, resource.TestStep{Config: test.config, ExpectError: regexp.MustCompile(`(?s)` + test.want)})
	}
	// The catalogue is not asked where the configuration says so, and the server still refuses.
	steps = append(steps, resource.TestStep{
		Config: b.ConfigWith(t, "", "tenant = \"Production\"\n  validate_permissions = false",
			"resource \"uipath_tenant_role\" \"test\" {\n  name = \"Reviewer\"\n  permissions = [\"ORCHESTRATOR.MLPACKAGE.VIEW\"]\n}"),
		ExpectError: regexp.MustCompile(`(?s)Creating role failed.*ORCHESTRATOR.MLPACKAGE.VIEW`),
	})
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acctest.Factories(), Steps: steps})
	if got := b.Journal()["PutRole"]; got != 1 {
		t.Errorf("%d roles were sent, want only the one that was not to be checked", got)
	}
}

func TestAccTenantRole_importRefused(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	roles, err := b.Client(t).Roles(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	find := func(kind access.RoleType, shape access.RoleShape) string {
		i := slices.IndexFunc(roles, func(r uipath.Role) bool { return r.Type == kind && r.Shape == shape })
		if i < 0 {
			t.Fatalf("the built-in organization has no %s role of shape %s", kind, shape)
		}
		return roles[i].ID.String()
	}
	reviewer := b.Config(t, "", "resource \"uipath_tenant_role\" \"test\" {\n  name = \"Reviewer\"\n  permissions = [\"ORCHESTRATOR.MLLOGS.VIEW\"]\n}")
	var steps []resource.TestStep
	for _, test := range []struct{ id, want string }{
		{find(access.RoleBuiltIn, access.ShapeOrganization), `Not a custom tenant role.*a\s+built-in\s+role\s+of\s+.*for\s+the\s+organization`},
		{find(access.RolePlatform, access.ShapeTenantGlobal), `Not a custom tenant role.*a\s+platform\s+role\s+for\s+every\s+tenant`},
		{find(access.RoleCustom, access.ShapeTenantGlobal), `Not a custom tenant role.*a\s+custom\s+role\s+for\s+every\s+tenant`},
		{find(access.RoleCustom, access.ShapeOrganization), `Not a custom tenant role.*a\s+custom\s+role\s+for\s+the\s+organization`},
		{nobody, `Cannot import non-existent remote object`},
		{"Reviewer", `Role not found by its name.*"Reviewer"`},
	} {
		steps = append(steps, resource.TestStep{
			Config: reviewer, ResourceName: role, ImportState: true, ImportStateId: test.id,
			ExpectError: regexp.MustCompile(`(?s)` + test.want),
		})
	}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acctest.Factories(), Steps: steps})
}

func TestAccTenantRole_callers(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	staging := tenant(t, b.Client(t), acctest.Staging)
	reviewer := func(caller, line string) string {
		return b.Config(t, caller, fmt.Sprintf("resource \"uipath_tenant_role\" \"test\" {\n  name = \"Reviewer\"\n  permissions = [\"ORCHESTRATOR.MLLOGS.VIEW\"]\n  %s\n}", line))
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             rolesDestroyed(b.Client(t)),
		Steps: []resource.TestStep{
			{
				Config:      reviewer("terraform-production", fmt.Sprintf("tenant_id = %q", staging.ID)),
				ExpectError: regexp.MustCompile(`(?s)Creating role failed.*"Staging".*403.*Organization\s+Administrator`),
			},
			{
				Config:      reviewer("access-review", ""),
				ExpectError: regexp.MustCompile(`(?s)Creating role failed.*403`),
			},
			{Config: reviewer("terraform-production", "")},
		},
	})
}
