package provider_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/accessascode/terraform-provider-uipath/internal/acctest"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

// granted is a seed with n assignments: each of n/2 people has a role at two of five scopes.
func granted(n int) []byte {
	var assignments strings.Builder
	for i := range n {
		fmt.Fprintf(&assignments, "  - {role: Tenant Administrator, principal: %s, scope: %s}\n", person(i/2), guideScopes[i%len(guideScopes)])
	}
	return []byte(strings.Replace(string(crowd(n/2)), "assignments:\n", "assignments:\n"+assignments.String(), 1))
}

// guideScopes are the scopes of the guide's grants.
var guideScopes = []string{
	"/tenant/Production", "/tenant/Staging", "/tenant/Production/documentunderstanding", "/tenant/Staging/documentunderstanding",
	"/tenant/Production/reinfer",
}

// withRoles is a seed with n roles.
func withRoles(n int) []byte {
	var roles strings.Builder
	for i := range n {
		fmt.Fprintf(&roles, "  - {id: 3d000000-0000-4000-8000-%012d, name: Role %d, description: A role, tenant: Production, permissions: [ORCHESTRATOR.MLLOGS.VIEW]}\n", i, i)
	}
	return append(crowd(0), "roles:\n"+roles.String()...)
}

// refreshed counts the requests of a process that is configured and then reads resources, as a plan without changes does.
func refreshed(t *testing.T, seed []byte, typeName string, states []map[string]tftypes.Value) (total, identity int) {
	t.Helper()
	b := acctest.NewBackend(t, backend.Options{Seed: seed})
	before := b.Journal()
	p := configured(t, b)
	block := p.schema.ResourceSchemas[typeName].Block
	changes := make([]*change, len(states))
	for i, state := range states {
		changes[i] = &change{state: p.object(block, state)}
	}
	failed := each(changes, func(c *change) []*tfprotov6.Diagnostic {
		read, err := p.server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{TypeName: typeName, CurrentState: c.state})
		if err != nil {
			return problem(err)
		}
		if value, err := read.NewState.Unmarshal(block.ValueType()); err != nil || value.IsNull() {
			return problem(fmt.Errorf("it reads as gone, %w", err))
		}
		return read.Diagnostics
	})
	if len(failed) > 0 {
		t.Fatalf("%d of %d failed, such as: %s", len(failed), len(states), failed[0])
	}
	for operation, n := range b.Journal() {
		n -= before[operation]
		total += n
		switch operation {
		case "ListUsers", "ListGroups", "ListRobotAccounts", "ListExternalClients", "GetUser", "GetGroup":
			identity += n
		}
	}
	return total, identity
}

// TestGuideFigures holds that the guide on performance tells the requests that a run takes.
func TestGuideFigures(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../../templates/guides/performance-and-limits.md.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	told := func(t *testing.T, line string) {
		t.Helper()
		if !strings.Contains(string(guide), line+"\n") {
			t.Errorf("the guide does not have the line\n%s", line)
		}
	}
	for n, spelled := range map[int]string{100: "100", 1000: "1,000", 2000: "2,000"} {
		t.Run("grants/"+spelled, func(t *testing.T) {
			t.Parallel()
			states := make([]map[string]tftypes.Value, n)
			tenants := strings.NewReplacer("Production", productionID, "Staging", "2f7b1d63-4a5c-4e9f-8b82-6c3d7e8f9a01")
			role := ""
			b := acctest.NewBackend(t, backend.Options{Seed: granted(10)})
			all, err := b.Client(t).RolesNamed(t.Context(), "Tenant Administrator")
			if err != nil || len(all) != 1 {
				t.Fatal(all, err)
			}
			role = all[0].ID.String()
			for i := range states {
				states[i] = map[string]tftypes.Value{
					"role_id": text(role), "scope": text(tenants.Replace(guideScopes[i%len(guideScopes)])),
					"principal_id": text(person(i / 2)), "principal_type": text("User"),
				}
			}
			total, identity := refreshed(t, granted(n), "uipath_role_assignment", states)
			told(t, fmt.Sprintf("| %s grants of %d principals at 5 scopes | %d | %d |", spelled, n/2, total, identity))
		})
		t.Run("roles/"+spelled, func(t *testing.T) {
			t.Parallel()
			states := make([]map[string]tftypes.Value, n)
			for i := range states {
				states[i] = map[string]tftypes.Value{"id": text(fmt.Sprintf("3d000000-0000-4000-8000-%012d", i))}
			}
			total, identity := refreshed(t, withRoles(n), "uipath_tenant_role", states)
			told(t, fmt.Sprintf("| %s tenant roles | %d | %d |", spelled, total, identity))
		})
	}
}
