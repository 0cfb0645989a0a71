package provider_test

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/accessascode/terraform-provider-uipath/internal/acctest"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

// BenchmarkRefreshTenantRoles reads n roles as the refresh of a plan does, each run in a provider of its own. It reports what one
// role costs, which should not grow with n, and how many requests the whole refresh makes.
func BenchmarkRefreshTenantRoles(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			server := acctest.NewBackend(b, backend.Options{})
			client := server.Client(b)
			p := configured(b, server)
			block := p.schema.ResourceSchemas["uipath_tenant_role"].Block
			states := make([]*tfprotov6.DynamicValue, n)
			for i := range n {
				states[i] = p.object(block, map[string]tftypes.Value{
					"id": text(string(newRole(b, client, fmt.Sprintf("Role %d", i), acctest.Production).ID)),
				})
			}
			requests := 0
			for b.Loop() {
				b.StopTimer()
				p := configured(b, server)
				before := server.Journal()["ListRoles"] + server.Journal()["GetRole"]
				b.StartTimer()
				for _, state := range states {
					read, err := p.server.ReadResource(b.Context(), &tfprotov6.ReadResourceRequest{TypeName: "uipath_tenant_role", CurrentState: state})
					if err != nil {
						b.Fatal(err)
					}
					p.noErrors(read.Diagnostics)
				}
				requests = server.Journal()["ListRoles"] + server.Journal()["GetRole"] - before
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*n), "µs/role")
			b.ReportMetric(float64(requests), "requests/refresh")
		})
	}
}

// audited is a seed with n role assignments, of ten roles and scopes for each person.
func audited(n int) []byte {
	seed := crowd(n / 10)
	seed = append(seed, "folders:\n"...)
	for i := range 10 {
		seed = fmt.Appendf(seed, "  - {id: 4e000000-0000-4000-8000-%012d, tenant: Production, name: Folder %d}\n", i, i)
	}
	seed = bytes.Replace(seed, []byte("name: Production}"), []byte("name: Production, services: [Orchestrator]}"), 1)
	var assignments []byte
	for i := range n {
		assignments = fmt.Appendf(assignments, "  - {role: {service: Orchestrator, name: Administrator}, principal: %s, scope: {tenant: Production, folder: Folder %d}}\n",
			person(i/10), i%10)
	}
	return bytes.Replace(seed, []byte("assignments:\n"), append([]byte("assignments:\n"), assignments...), 1)
}

// BenchmarkReviewRoleAssignments reads n role assignments with the data source, each run in a provider of its own. It reports what
// a row costs in time and memory, which should not grow with n, and how many requests the whole makes.
func BenchmarkReviewRoleAssignments(b *testing.B) {
	for _, n := range []int{1000, 10_000, 20_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			server := acctest.NewBackend(b, backend.Options{Seed: audited(n)})
			var before, after runtime.MemStats
			allocated, requests := uint64(0), 0
			for b.Loop() {
				b.StopTimer()
				p := configured(b, server)
				counted := sum(server.Journal())
				runtime.ReadMemStats(&before)
				b.StartTimer()
				if got := len(rows(b, p.reviewed(everything))); got != n+1 {
					b.Fatalf("%d rows", got)
				}
				b.StopTimer()
				runtime.ReadMemStats(&after)
				allocated, requests = after.TotalAlloc-before.TotalAlloc, sum(server.Journal())-counted
				b.StartTimer()
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*n), "µs/row")
			b.ReportMetric(float64(allocated)/float64(n), "B-allocated/row")
			b.ReportMetric(float64(requests), "requests")
		})
	}
}

func sum(counts map[string]int) int {
	total := 0
	for _, n := range counts {
		total += n
	}
	return total
}
