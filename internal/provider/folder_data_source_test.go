package provider_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/accessascode/terraform-provider-uipath/internal/acctest"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

const (
	financeKey   = "4a000000-0000-4000-8000-000000000001"
	stagingKey   = "4a000000-0000-4000-8000-000000000004"
	contractsID  = "4b000000-0000-4000-8000-000000000002"
	payableID    = "4b000000-0000-4000-8000-000000000003"
	regressionID = "4b000000-0000-4000-8000-000000000005"
)

// reading is a configuration with one data source.
func reading(t *testing.T, b *acctest.Backend, caller, kind string) func(lines string) string {
	t.Helper()
	return func(lines string) string {
		return b.Config(t, caller, "data \"uipath_"+kind+"\" \"test\" {\n"+lines+"\n}")
	}
}

// refusing is a step that ends in an error.
func refusing(config, want string) resource.TestStep {
	return resource.TestStep{Config: config, ExpectError: regexp.MustCompile("(?s)" + spaced.ReplaceAllString(want, `[\s│]+`))}
}

// spaced are the blanks of an expected text, where Terraform breaks lines.
var spaced = regexp.MustCompile(" ")

func TestAccFolderDataSource(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	read := reading(t, b, "", "folder")
	found := []statecheck.StateCheck{
		expectData("uipath_folder", "key", knownvalue.StringExact(invoicesKey)),
		expectData("uipath_folder", "name", knownvalue.StringExact("Finance/Invoices")),
		expectData("uipath_folder", "tenant_id", knownvalue.StringExact(productionID)),
		expectData("uipath_folder", "tenant_name", knownvalue.StringExact("Production")),
		expectData("uipath_folder", "scope", knownvalue.StringExact("/tenant/"+productionID+"/orchestrator/folder/"+invoicesKey)),
		expectData("uipath_folder", "scope_name", knownvalue.StringExact("Production / Orchestrator / Finance/Invoices")),
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			refusing(read(""), "Missing folder.*Neither name nor key is set"),
			refusing(read(`key = "a/b"`), "Invalid key or id"),
			refusing(read(`name = "Human Resorces"`), `No such folder.*There is no folder "Human Resorces". Did you mean "Human Resources"\?`),
			refusing(read("name = \"Human Resources\"\ntenant_name = \"Staging\""), `No such folder.*the tenant Production has a folder of this name`),
			refusing(read(`key = "`+stagingKey+`"`), `No such folder.*in the tenant "Staging": set tenant_name`),
			refusing(read(`key = "`+payableID+`"`), `No such folder.*It is not there, or these credentials do not see it`),
			refusing(read("name = \"Finance\"\nkey = \""+invoicesKey+"\""), "Id and name of different objects"),
			refusing(read("name = \"Finance\"\ntenant_name = \"Prod\""), "Tenant not found"),
			{Config: read(`name = "Finance/Invoices"`), ConfigStateChecks: found},
			{Config: read(`key = "` + invoicesKey + `"`), ConfigStateChecks: found},
			{Config: read("key = \"" + invoicesKey + "\"\nname = \"Finance/Invoices\"\ntenant_id = \"" + productionID + "\""), ConfigStateChecks: found},
			refusing(reading(t, b, "access-review", "folder")(`name = "Finance"`), "Reading folders failed.*Expect to have 'OR.Folders'"),
		},
	})
}

func TestAccFoldersDataSource(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config: reading(t, b, "grace.hopper@acme.example", "folders")(""),
				ConfigStateChecks: []statecheck.StateCheck{
					expectData("uipath_folders", "tenant_name", knownvalue.StringExact("Production")),
					expectData("uipath_folders", "folders", knownvalue.MapExact(map[string]knownvalue.Check{
						"Finance":         knownvalue.NotNull(),
						"Human Resources": knownvalue.NotNull(),
						"Finance/Invoices": knownvalue.ObjectExact(map[string]knownvalue.Check{
							"key": knownvalue.StringExact(invoicesKey), "name": knownvalue.StringExact("Finance/Invoices"),
							"scope":      knownvalue.StringExact("/tenant/" + productionID + "/orchestrator/folder/" + invoicesKey),
							"scope_name": knownvalue.StringExact("Production / Orchestrator / Finance/Invoices"),
						}),
					})),
				},
			},
			{
				Config:            reading(t, b, "", "folders")(`tenant_name = "staging"`),
				ConfigStateChecks: []statecheck.StateCheck{expectData("uipath_folders", "folders", knownvalue.MapSizeExact(1))},
			},
			refusing(reading(t, b, "access-review", "folders")(""), "Reading folders failed.*folders of the tenant"),
		},
	})
}

func TestAccProjectDataSource(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	read := reading(t, b, "", "project")
	found := func(service, id, name, path string) []statecheck.StateCheck {
		return []statecheck.StateCheck{
			expectData("uipath_project", "id", knownvalue.StringExact(id)), expectData("uipath_project", "name", knownvalue.StringExact(name)),
			expectData("uipath_project", "scope", knownvalue.StringExact("/tenant/"+productionID+path+id)),
			expectData("uipath_project", "scope_name", knownvalue.StringExact("Production / "+service+" / "+name)),
		}
	}
	documents := "service = \"Document Understanding\"\n"
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			refusing(read(documents), "Missing project.*Neither name nor id is set"),
			refusing(read("service = \"Insights\"\nname = \"x\""), "Service without projects.*Test Manager"),
			refusing(read(documents+`name = "contracts"`), `No such project.*Did you mean "Contracts"\?`),
			refusing(read(documents+"name = \"Contracts\"\ntenant_name = \"Staging\""), "No such project.*the tenant Production has a project of this name"),
			refusing(read(documents+`id = "4b000000-0000-4000-8000-000000000006"`), `No such project.*in the tenant "Staging": set tenant_name`),
			refusing(read(documents+"id = \""+contractsID+"\"\nname = \"Invoices\""), "Id and name of different objects"),
			{Config: read(documents + `name = "Contracts"`), ConfigStateChecks: found("Document Understanding", contractsID, "Contracts", "/documentunderstanding/projects/")},
			{Config: read(documents + `id = "` + contractsID + `"`), ConfigStateChecks: found("Document Understanding", contractsID, "Contracts", "/documentunderstanding/projects/")},
			{
				Config:            read("service = \"Test Manager\"\nname = \"Invoice Regression\""),
				ConfigStateChecks: found("Test Manager", regressionID, "Invoice Regression", "/testmanager/project/"),
			},
			{Config: read("service = \"reinfer\"\nid = \"4B0000000000000A\""), ConfigStateChecks: []statecheck.StateCheck{
				expectData("uipath_project", "name", knownvalue.StringExact("Supplier Mail")),
			}},
			refusing(reading(t, b, "access-review", "project")(documents+`name = "Contracts"`), "Reading projects failed.*Du.Digitization.Api"),
		},
	})
}

// The projects of Task Mining are known where a role is assigned.
func TestAccProjectOfTaskMining(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	mining := "service = \"Task Mining\"\n"
	read := reading(t, b, "", "project")
	recorder := `
resource "uipath_task_mining_permission" "recorder" {
  principal_name = "edsger.dijkstra@acme.example"
  permission     = "User"
  project_ids    = ["` + payableID + `"]
}
`
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			refusing(read(mining+`name = "Accounts Payable"`), "No such project.*only those at which a role is assigned are known"),
			refusing(read(mining+`id = "`+payableID+`"`), "No such project.*No public endpoint lists the projects of Task Mining"),
			{Config: b.Config(t, "", recorder)},
			{
				Config: read(mining+`name = "Accounts Payable"`) + recorder,
				ConfigStateChecks: []statecheck.StateCheck{
					expectData("uipath_project", "id", knownvalue.StringExact(payableID)),
					// No endpoint lists them, so a scope has the id.
					expectData("uipath_project", "scope_name", knownvalue.StringExact("Production / Task Mining / "+payableID)),
				},
			},
			refusing(reading(t, b, "terraform-production", "project")(mining+`name = "Accounts Payable"`)+recorder, "Reading projects failed.*it could not be read"),
			{Config: b.Config(t, "", recorder)},
		},
	})
}
