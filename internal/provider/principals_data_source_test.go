package provider_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/accessascode/terraform-provider-uipath/internal/acctest"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

func TestAccPrincipalsDataSource(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	read := reading(t, b, "", "principals")
	keys := func(names ...string) statecheck.StateCheck {
		all := map[string]knownvalue.Check{}
		for _, name := range names {
			all[name] = knownvalue.NotNull()
		}
		return expectData("uipath_principals", "principals", knownvalue.MapExact(all))
	}
	nobodyMissing := expectData("uipath_principals", "missing", knownvalue.SetSizeExact(0))
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			refusing(read(`names = ["Grace Hoper"]`), `Principal not found by its name.*"Grace Hoper" was looked up.*ignore_missing = true.*Did you mean "Grace Hopper"\?`),
			refusing(read(`names = [" Ada"]`), "white space"),
			refusing(read(`type = "Users"`), "Unknown principal type"),
			refusing(read("names = [\"invoice-robot\"]\ntype = \"Group\""), "There is no group \"invoice-robot\". It is the name of the robot account"),
			{
				Config: read(`names = ["Grace.Hopper@acme.example", "Ada Lovelace", "Process Discovery", "invoice-robot", "terraform"]`),
				ConfigStateChecks: []statecheck.StateCheck{
					keys("Grace.Hopper@acme.example", "Ada Lovelace", "Process Discovery", "invoice-robot", "terraform"), nobodyMissing,
					statecheck.ExpectKnownValue("data.uipath_principals.test", tfjsonpath.New("principals").AtMapKey("Ada Lovelace"), knownvalue.ObjectExact(
						map[string]knownvalue.Check{
							"id": knownvalue.NotNull(), "type": knownvalue.StringExact("User"), "name": knownvalue.StringExact("ada.lovelace@acme.example"),
							"display_name": knownvalue.StringExact("Ada Lovelace"), "email": knownvalue.StringExact("ada.lovelace@acme.example"),
							"source": knownvalue.StringExact("local"), "active": knownvalue.Bool(true), "invitation_accepted": knownvalue.Bool(true),
						})),
					statecheck.ExpectKnownValue("data.uipath_principals.test", tfjsonpath.New("principals").AtMapKey("invoice-robot"), knownvalue.ObjectPartial(
						map[string]knownvalue.Check{"type": knownvalue.StringExact("Robot"), "name": knownvalue.StringExact("invoice-robot"), "email": knownvalue.Null()})),
				},
			},
			{
				Config: read("names = [\"Ada Lovelace\", \"gone@acme.example\"]\nignore_missing = true"),
				ConfigStateChecks: []statecheck.StateCheck{
					keys("Ada Lovelace"), expectData("uipath_principals", "missing", knownvalue.SetExact([]knownvalue.Check{knownvalue.StringExact("gone@acme.example")})),
				},
			},
			{Config: read(`names = []`), ConfigStateChecks: []statecheck.StateCheck{keys(), nobodyMissing}},
			{
				Config:            read(`type = "Robot"`),
				ConfigStateChecks: []statecheck.StateCheck{keys("invoice-robot", "ledger-robot", "regression-robot"), nobodyMissing},
			},
			{Config: read(""), ConfigStateChecks: []statecheck.StateCheck{expectData("uipath_principals", "principals", knownvalue.MapSizeExact(8+9+3+3))}},
			// A tenant administrator may list nobody, and finds who has a name.
			{
				Config: reading(t, b, "grace.hopper@acme.example", "principals")(`names = ["ada.lovelace@acme.example", "invoice-robot"]`),
				ConfigStateChecks: []statecheck.StateCheck{
					keys("ada.lovelace@acme.example", "invoice-robot"), nobodyMissing,
				},
			},
			refusing(reading(t, b, "grace.hopper@acme.example", "principals")(""), "Directory cannot be read.*Give names to find some of them"),
		},
	})
}

func TestAccPrincipalsOfOneName(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{Seed: []byte(twins + `externalApplications:
  - {name: sync, secret: s1}
  - {id: 3c000000-0000-4000-8000-000000000071, name: pipeline, secret: s2}
  - {id: 3c000000-0000-4000-8000-000000000072, name: pipeline, secret: s3}
robotAccounts:
  - {name: sync}
`)})
	read := reading(t, b, "", "principals")
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			refusing(read(`names = ["Sam"]`), `more than one principal named "Sam": user sam.one@initech.example \(.*group Sam`),
			{
				Config: read(""),
				ConfigStateChecks: []statecheck.StateCheck{expectData("uipath_principals", "principals", knownvalue.MapExact(map[string]knownvalue.Check{
					"bill@initech.example": knownvalue.NotNull(), "sam.one@initech.example": knownvalue.NotNull(), "sam.two@initech.example": knownvalue.NotNull(),
					"Sam": knownvalue.NotNull(), "sync (Robot)": knownvalue.NotNull(), "sync (ExternalApplication)": knownvalue.NotNull(),
					"pipeline (3c000000-0000-4000-8000-000000000071)": knownvalue.NotNull(), "pipeline (3c000000-0000-4000-8000-000000000072)": knownvalue.NotNull(),
				}))},
			},
		},
	})
}

// Each type is listed once; where that is refused, forty names go in two requests.
func TestPrincipalsRequests(t *testing.T) {
	t.Parallel()
	const people = 100
	seed := append(crowd(people), "---\nassignments:\n  - {role: Tenant Administrator, principal: person0@initech.example, scope: /tenant/Production}\n"...)
	b := acctest.NewBackend(t, backend.Options{Seed: seed})
	var wanted []string
	for i := range people {
		wanted = append(wanted, fmt.Sprintf("person%d@initech.example", i))
	}
	for caller, want := range map[string]map[string]int{
		"":                        {"ListUsers": 1, "ListGroups": 1, "ListRobotAccounts": 1, "ListExternalClients": 1},
		"person0@initech.example": {"ListUsers": 1, "BulkResolveByName": 15},
	} {
		p := configuredAs(t, b, caller, nil)
		asked := map[string]tftypes.Value{"names": texts(wanted...)}
		if want["BulkResolveByName"] > 0 {
			asked["type"] = text("User")
		}
		before := b.Journal()
		read, diagnostics := p.read("uipath_principals", asked)
		p.noErrors(diagnostics)
		if got := mapKeys(t, read["principals"]); len(got) != people || !slices.Contains(got, "person99@initech.example") {
			t.Errorf("%q reads %d principals", caller, len(got))
		}
		for operation, n := range b.Journal() {
			if n -= before[operation]; n > want[operation] {
				t.Errorf("%q: %d requests %s, want at most %d", caller, n, operation, want[operation])
			}
		}
	}
}

// mapKeys returns the keys of a map.
func mapKeys(t *testing.T, value tftypes.Value) []string {
	t.Helper()
	var elements map[string]tftypes.Value
	if err := value.As(&elements); err != nil {
		t.Fatal(err)
	}
	var keys []string
	for key := range elements {
		keys = append(keys, key)
	}
	return keys
}

func TestAccRolesDataSource(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	read := reading(t, b, "", "roles")
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			refusing(read(`service = "Excel"`), "Unknown service"),
			refusing(read(`type = "Homemade"`), "type.*Homemade"),
			refusing(read(`tenant_name = "Prod"`), "Tenant not found.*list of roles"),
			{
				Config: read("type = \"Custom\"\ntenant_name = \"production\""),
				ConfigStateChecks: []statecheck.StateCheck{
					expectData("uipath_roles", "tenant_id", knownvalue.StringExact(productionID)),
					expectData("uipath_roles", "roles", knownvalue.MapExact(map[string]knownvalue.Check{
						"Document Project Lead": knownvalue.NotNull(),
						"Invoice Operations": knownvalue.ObjectExact(map[string]knownvalue.Check{
							"id": knownvalue.StringExact("3d000000-0000-4000-8000-000000000001"), "name": knownvalue.StringExact("Invoice Operations"),
							"description": knownvalue.StringExact("Runs and watches invoice processing across services."), "type": knownvalue.StringExact("Custom"),
							"shape": knownvalue.StringExact("Tenant"), "service_name": knownvalue.StringExact("Multi-service"),
							"owner_service": knownvalue.StringExact("CentralizedAccess"), "tenant_id": knownvalue.StringExact(productionID),
							"tenant_name": knownvalue.StringExact("Production"),
						}),
					})),
				},
			},
			{
				Config: read(`service = "Task Mining"`),
				ConfigStateChecks: []statecheck.StateCheck{
					expectData("uipath_roles", "roles", knownvalue.MapExact(map[string]knownvalue.Check{
						"Admin": knownvalue.NotNull(), "Process SME": knownvalue.NotNull(), "User": knownvalue.NotNull(),
					})),
				},
			},
			{
				Config: read(""),
				ConfigStateChecks: []statecheck.StateCheck{
					expectData("uipath_roles", "roles", knownvalue.MapPartial(map[string]knownvalue.Check{
						"Tenant Administrator": knownvalue.ObjectPartial(map[string]knownvalue.Check{"tenant_id": knownvalue.Null()}),
						"Viewer (Insights)":    knownvalue.ObjectPartial(map[string]knownvalue.Check{"name": knownvalue.StringExact("Viewer")}),
					})),
				},
			},
		},
	})
}
