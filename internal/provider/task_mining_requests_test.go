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

// study is a seed with n people in a group that holds the AI Center role, of whom the first ones record.
func study(n, recording int) []byte {
	var people, grants, members strings.Builder
	for i := range n {
		fmt.Fprintf(&people, "  - {id: %s, userName: person%d@initech.example, displayName: Person %d}\n", person(i), i, i)
		if i < recording {
			fmt.Fprintf(&grants, "  - {role: {service: Task Mining, name: User}, principal: %s, scope: /tenant/Production/taskmining}\n", person(i))
		}
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

// TestTaskMiningWrites gives sixty permissions where sixty are held already, and takes them again: what is held is listed once,
// and updated by what is written.
func TestTaskMiningWrites(t *testing.T) {
	t.Parallel()
	const held, given = 60, 60
	b := acctest.NewBackend(t, backend.Options{Seed: study(held+given, held), Faults: []string{latency}})
	changes := make([]*change, given)
	for i := range changes {
		changes[i] = &change{resource: "uipath_task_mining_permission", attributes: map[string]tftypes.Value{
			"principal_id": text(person(held + i)), "principal_type": text("User"), "permission": text("User"),
		}}
	}
	// A listing of those who hold something is one page of a hundred, then two. A look-up may join it.
	for _, step := range []struct {
		doing string
		pages int
	}{{"giving", 1}, {"taking", 2}} {
		p := configured(t, b)
		before := b.Journal()
		if failed := each(changes, p.apply); len(failed) > 0 {
			t.Fatalf("%s failed for %v", step.doing, failed)
		}
		counts := b.Journal()
		for operation, n := range before {
			counts[operation] -= n
		}
		if listed := counts["ListAssignments"]; listed > step.pages+3 {
			t.Errorf("%s listed %d pages: %v", step.doing, listed, counts)
		}
		if patched := counts["PatchAssignments"]; patched > given/4 {
			t.Errorf("%s took %d changes: %v", step.doing, patched, counts)
		}
		t.Logf("%s: %v", step.doing, counts)
	}
}

// TestTaskMiningRequests refreshes a hundred permissions with what they need of AI Center: the listing of Task Mining's roles is
// one page of a hundred principals, and everything else is asked once.
func TestTaskMiningRequests(t *testing.T) {
	t.Parallel()
	const n = 100
	b := acctest.NewBackend(t, backend.Options{Seed: study(n, n)})
	p := configured(t, b)
	block := p.schema.ResourceSchemas["uipath_task_mining_permission"].Block
	before := sum(b.Journal())
	for i := range n {
		read, err := p.server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
			TypeName: "uipath_task_mining_permission", CurrentState: p.object(block, map[string]tftypes.Value{
				"tenant_id": text(productionID), "principal_id": text(person(i)),
			}),
		})
		if err != nil {
			t.Fatal(err)
		}
		p.noErrors(read.Diagnostics)
		attributes := p.attributes(block.ValueType(), read.NewState)
		if name := plain(t, attributes["name"]); name != fmt.Sprintf("person%d@initech.example -> Task Mining User @ Production", i) {
			t.Fatalf("permission %d is %q", i, name)
		}
		var missing []tftypes.Value
		if value := attributes["missing_ai_center_permissions"]; value.IsNull() || value.As(&missing) != nil || len(missing) > 0 {
			t.Fatalf("permission %d lacks %s", i, value)
		}
	}
	// Beside that page: the roles, who holds what in Orchestrator, the group, two users by id and then all.
	if got := sum(b.Journal()) - before; got != 1+1+1+1+2+1 {
		t.Errorf("%d requests: %v", got, b.Journal())
	}
}
