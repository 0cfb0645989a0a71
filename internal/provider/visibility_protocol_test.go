package provider_test

import (
	"context"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/accessascode/terraform-provider-uipath/internal/acctest"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
	"github.com/accessascode/terraform-provider-uipath/internal/provider"
)

// TestFreshResourceIsWaitedFor creates a resource on a server whose reads come from a replica that lags behind. The next refresh waits
// for the resource, because it knows when it was created.
func TestFreshResourceIsWaitedFor(t *testing.T) {
	t.Parallel()
	for resource, attributes := range map[string]map[string]tftypes.Value{
		"uipath_role_assignment": {
			"role_id": text(auditor), "principal_id": text(katherine), "principal_type": text("User"), "scope": text(productionPath),
		},
		"uipath_task_mining_permission": {"principal_id": text(edsger), "principal_type": text("User"), "permission": text("Admin")},
		"uipath_tenant_role":            {"name": text("Reviewer"), "permissions": texts("ORCHESTRATOR.MLLOGS.VIEW")},
	} {
		t.Run(resource, func(t *testing.T) {
			t.Parallel()
			var lagging atomic.Bool
			replica := acctest.NewBackend(t, backend.Options{})
			b := acctest.NewBackendBehind(t, backend.Options{}, func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.Method == http.MethodGet && lagging.Load() {
						replica.ServeHTTP(w, r)
						return
					}
					next.ServeHTTP(w, r)
				})
			})
			waits := 0
			start := func() protocol {
				server, err := providerserver.NewProtocol6WithError(provider.NewWaiting(func(ctx context.Context, _ time.Duration) error {
					waits++
					lagging.Store(waits < 2)
					return ctx.Err()
				})())()
				if err != nil {
					t.Fatal(err)
				}
				return configuredServer(t, b, server, map[string]tftypes.Value{
					// Both servers know this token.
					"access_token": text("reference-backend-token-of-ada"), "organization": text("acme"), "visibility_timeout": text("1m"),
				})
			}
			made := &change{resource: resource, attributes: attributes}
			p := start()
			p.noErrors(p.apply(made))
			lagging.Store(true)
			p = start()
			kind := p.schema.ResourceSchemas[resource].ValueType()
			for _, test := range []struct {
				private []byte
				gone    bool
				waits   int
			}{{made.private, false, 2}, {nil, true, 2}} {
				read, err := p.server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
					TypeName: resource, CurrentState: made.state, Private: test.private,
				})
				if err != nil {
					t.Fatal(err)
				}
				p.noErrors(read.Diagnostics)
				if state, err := read.NewState.Unmarshal(kind); err != nil || state.IsNull() != test.gone || waits != test.waits {
					t.Errorf("after %d waits it reads as %s, %v", waits, state, err)
				}
				lagging.Store(true)
				p = start()
			}
		})
	}
}
