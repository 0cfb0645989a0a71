package provider_test

import (
	"fmt"
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
					"id": text(newRole(b, client, fmt.Sprintf("Role %d", i), acctest.Production).ID),
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
