package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/accessascode/terraform-provider-uipath/internal/acctest"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

// study is a seed with n people who record, and a group of all of them that holds the AI Center role.
func study(n int) []byte {
	var people, grants, members strings.Builder
	for i := range n {
		fmt.Fprintf(&people, "  - {id: %s, userName: person%d@initech.example, displayName: Person %d}\n", person(i), i, i)
		fmt.Fprintf(&grants, "  - {role: {service: Task Mining, name: User}, principal: %s, scope: /tenant/Production/taskmining}\n", person(i))
		fmt.Fprintf(&members, "%s, ", person(i))
	}
	return []byte(`organization: {name: initech, defaultCaller: bill@initech.example}
tenants:
  - {id: ` + productionID + `, name: Production, services: [Orchestrator, Task Mining]}
users:
  - {userName: bill@initech.example, displayName: Bill Lumbergh}
` + people.String() + `groups:
  - {name: Recorders, members: [` + strings.TrimSuffix(members.String(), ", ") + `]}
roles:
  - {name: AI Center, description: Records., tenant: Production, permissions: [ORCHESTRATOR.MLPACKAGES.VIEW]}
assignments:
  - {role: Organization Administrator, principal: bill@initech.example, scope: /}
  - {role: AI Center, principal: Recorders, scope: /tenant/Production}
` + grants.String())
}

// TestTaskMiningRequests refreshes two hundred permissions with what they need of AI Center: the listing of Task Mining's roles has
// twenty pages of ten principals, and everything else is asked once.
func TestTaskMiningRequests(t *testing.T) {
	t.Parallel()
	const n = 200
	b := acctest.NewBackend(t, backend.Options{Seed: study(n)})
	p := configured(t, b)
	block := p.schema.ResourceSchemas["uipath_task_mining_permission"].Block
	before := sum(b.Journal())
	for i := range n {
		read, err := p.server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
			TypeName: "uipath_task_mining_permission", CurrentState: p.object(block, map[string]tftypes.Value{
				"id": text(productionID + "/" + person(i)), "tenant": text(productionID), "principal_id": text(person(i)),
			}),
		})
		if err != nil {
			t.Fatal(err)
		}
		p.noErrors(read.Diagnostics)
		attributes := p.attributes(block.ValueType(), read.NewState)
		if name := plain(t, attributes["name"]); name != fmt.Sprintf("Person %d -> Task Mining User @ Production", i) {
			t.Fatalf("permission %d is %q", i, name)
		}
		var missing []tftypes.Value
		if value := attributes["missing_ai_center_permissions"]; value.IsNull() || value.As(&missing) != nil || len(missing) > 0 {
			t.Fatalf("permission %d lacks %s", i, value)
		}
	}
	// Beside the twenty pages: the roles, who holds what in Orchestrator, the group, two users by id and then all.
	if got := sum(b.Journal()) - before; got != 20+1+1+1+2+1 {
		t.Errorf("%d requests: %v", got, b.Journal())
	}
}
