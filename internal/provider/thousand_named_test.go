package provider_test

import (
	"bytes"
	"fmt"
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/accessascode/terraform-provider-uipath/internal/acctest"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

// grantPlaces are the roles and scopes of a thousand grants.
var grantPlaces = []struct{ role, scope string }{
	{"Tenant Administrator", "Production"}, {"Tenant Administrator", "Staging"}, {"DU Viewer", "Production / Document Understanding"},
	{"DU Viewer", "Staging / Document Understanding"}, {"IXP Project Creator", "Production / IXP"},
}

// tina administers both tenants, and may list nobody in the directory.
const tina = "tina@initech.example"

// namedCrowd is [crowd] with five hundred people and Tina.
func namedCrowd() []byte {
	var grants []byte
	for _, name := range []string{acctest.Production, acctest.Staging} {
		grants = fmt.Appendf(grants, "  - {role: Tenant Administrator, principal: %s, scope: /tenant/%s}\n", tina, name)
	}
	seed := bytes.Replace(crowd(500), []byte("users:\n"), append(grants, "users:\n"...), 1)
	return fmt.Appendf(seed, "  - {userName: %s, displayName: Tina}\n", tina)
}

// counted runs work and returns how many requests it made, by operation.
func counted(b *acctest.Backend, work func()) (total int, counts map[string]int) {
	before := b.Journal()
	work()
	counts = b.Journal()
	for operation, n := range before {
		counts[operation] -= n
	}
	maps.DeleteFunc(counts, func(_ string, n int) bool { return n == 0 })
	return sum(counts), counts
}

// TestThousandNamedRoleAssignments plans a thousand assignments of five hundred people by name and by id. By name it costs at most ten requests
// more than by id. For somebody who may not list the directory, names go together. What exists is refreshed by its ids in any case.
func TestThousandNamedRoleAssignments(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{Seed: namedCrowd(), Faults: []string{"delay=10ms"}})
	byName := make([]*grantTry, 1000)
	for i := range byName {
		// In no order, as Terraform comes to them: each person again after all others, at another place.
		place := grantPlaces[(i+i/500)%len(grantPlaces)]
		byName[i] = &grantTry{config: map[string]tftypes.Value{
			"role_name": text(place.role), "principal_name": text(fmt.Sprintf("person%d@initech.example", i%500)), "scope_name": text(place.scope),
		}}
	}
	named, counts := plannedGrants(t, b, "", byName)
	t.Logf("by name: %v", counts)
	byID := make([]*grantTry, len(byName))
	for i, try := range byName {
		byID[i] = &grantTry{config: map[string]tftypes.Value{}}
		for _, attribute := range []string{"role_id", "principal_id", "principal_type", "scope"} {
			byID[i].config[attribute] = text(try.shown[attribute])
		}
	}
	identified, counts := plannedGrants(t, b, "", byID)
	t.Logf("by id: %v", counts)
	// The first half names everybody once. How many names go together depends on how fast this machine is: that it is ten, and fifty requests, is
	// tested with the client, where time does not run. Here it is no request for each.
	unlisted, counts := plannedGrants(t, b, tina, byName[:500])
	t.Logf("by name, without lists: %v", counts)
	if named > identified+10 || unlisted > identified+200 {
		t.Errorf("planning takes %d requests by id, %d by name, and %d by name without lists", identified, named, unlisted)
	}
}

// grantTry is one of a thousand assignments.
type grantTry struct {
	config map[string]tftypes.Value
	// planned is what its creation was planned as, and shown are its strings.
	planned *tfprotov6.DynamicValue
	shown   map[string]string
}

// plannedGrants plans that all are created, in a run of its own.
func plannedGrants(t *testing.T, b *acctest.Backend, caller string, all []*grantTry) (int, map[string]int) {
	t.Helper()
	m := configuredAs(t, b, caller, nil).managed(assignmentType)
	return counted(b, func() {
		failed := each(all, func(try *grantTry) []*tfprotov6.Diagnostic {
			plan, diagnostics := m.ask(m.none(), try.config)
			try.planned, try.shown = plan.PlannedState, m.shown(plan.PlannedState)
			return diagnostics
		})
		if len(failed) > 0 {
			t.Fatalf("it failed for %v", failed)
		}
	})
}
