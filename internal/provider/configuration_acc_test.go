package provider_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/accessascode/terraform-provider-uipath/internal/acctest"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

// TestAccConfiguration_unknown holds that no default steps in for a setting that is not known yet.
func TestAccConfiguration_unknown(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: b.ConfigWith(t, "", "tenant = terraform_data.late.output", `
resource "terraform_data" "late" {
  input = "Production"
}

data "uipath_tenant" "test" {
  name = "Production"
}`),
				ExpectError: regexp.MustCompile(`(?s)Unknown provider configuration value.*"tenant"`),
			},
			{
				Config: `
resource "terraform_data" "late" {
  input = "uipath.db"
}

provider "uipath" {
  reference_backend = { data_file = terraform_data.late.output }
}

data "uipath_tenant" "test" {
  name = "Production"
}`,
				ExpectError: regexp.MustCompile(`(?s)Unknown provider configuration value.*"reference_backend.data_file"`),
			},
		},
	})
}

// TestAccConfiguration_strict holds that credentials which may not read the tenants are told so, and what else they can do.
func TestAccConfiguration_strict(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{Strict: true})
	client := b.Client(t)
	production := tenant(t, client, acctest.Production)
	reviewer := `
resource "uipath_tenant_role" "test" {
  name        = "Reviewer"
  permissions = ["ORCHESTRATOR.MLLOGS.VIEW"]
}`
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		CheckDestroy:             rolesDestroyed(client),
		Steps: []resource.TestStep{
			{
				Config:      b.Config(t, "terraform", reviewer),
				ExpectError: regexp.MustCompile(`(?s)Tenants cannot be listed.*resolve_tenants\s+=\s+false`),
			},
			{
				Config:      b.ConfigWith(t, "terraform", "resolve_tenants = false\n  tenant = \"Production\"", reviewer),
				ExpectError: regexp.MustCompile(`(?s)Tenant must be a GUID.*"Production"`),
			},
			{Config: b.ConfigWith(t, "terraform", "resolve_tenants = false\n  tenant = \""+production.ID.String()+"\"", reviewer)},
		},
	})
}
