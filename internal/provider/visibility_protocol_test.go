package provider_test

import (
	"context"
	"net/http"
	"strings"
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

// TestInertAssignmentIsWarnedOf refreshes an assignment that does nothing, and one that does something.
func TestInertAssignmentIsWarnedOf(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{Seed: []byte(reviewSeed)})
	p := configured(t, b)
	block := p.schema.ResourceSchemas["uipath_role_assignment"].Block
	const jose, operations = "3a000000-0000-4000-8000-000000000004", "3d000000-0000-4000-8000-000000000001"
	for _, test := range []struct {
		role, principal, kind, scope string
		want                         []string
	}{
		{operations, jose, "User", productionPath + "/orchestrator", []string{"does nothing", "Operations @ Production / Orchestrator", "the role needs the path " + productionPath}},
		{goneRole, jose, "User", "/tenant/" + staging, []string{"does nothing", "its role is gone"}},
		{operations, "3b000000-0000-4000-8000-000000000001", "Group", productionPath, nil},
	} {
		read, err := p.server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
			TypeName: "uipath_role_assignment", CurrentState: p.object(block, map[string]tftypes.Value{
				"role_id": text(test.role), "principal_id": text(test.principal), "principal_type": text(test.kind), "scope": text(test.scope),
			}),
		})
		if err != nil {
			t.Fatal(err)
		}
		p.noErrors(read.Diagnostics)
		var warned []string
		for _, d := range read.Diagnostics {
			warned = append(warned, d.Summary+": "+d.Detail)
		}
		if (len(warned) == 1) != (test.want != nil) {
			t.Errorf("at %s: %q", test.scope, warned)
		}
		for _, want := range test.want {
			if !strings.HasPrefix(warned[0], "Role assignment without effect: ") || !strings.Contains(warned[0], want) {
				t.Errorf("at %s: %q does not say %q", test.scope, warned[0], want)
			}
		}
	}
}

// TestAnotherTenantReplacesTaskMiningPermission plans a permission in another tenant: it is made anew there, whether the resource or the
// provider names the tenant.
func TestAnotherTenantReplacesTaskMiningPermission(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	p := configured(t, b)
	block := p.schema.ResourceSchemas[miningType].Block
	config := map[string]tftypes.Value{
		"principal_id": text(edsger), "principal_type": text("User"), "permission": text("User"), "require_ai_center_permissions": tftypes.NewValue(tftypes.Bool, false),
	}
	created := p.applied(p.absent(), p.object(block, config), p.object(block, config))
	replaced := func(p protocol, tenant string) bool {
		planned := with(config, "tenant", tftypes.NewValue(tftypes.String, nil))
		proposed := p.changed(created, nil)
		if tenant != "" {
			planned = with(config, "tenant", text(tenant))
			proposed = p.changed(created, map[string]tftypes.Value{"tenant": text(tenant)})
		}
		for _, path := range p.planned(created, p.object(block, planned), proposed).RequiresReplace {
			if path.String() == `AttributeName("tenant")` {
				return true
			}
		}
		return false
	}
	inStaging := configuredWith(t, b, map[string]tftypes.Value{"tenant": text(acctest.Staging)})
	for name, test := range map[string]struct {
		p      protocol
		tenant string
		want   bool
	}{
		"the same":                         {p, productionID, false},
		"in another spelling":              {p, strings.ToUpper(productionID), false},
		"by the provider":                  {p, "", false},
		"another":                          {p, staging, true},
		"another provider's":               {inStaging, "", true},
		"the same with another provider's": {inStaging, productionID, false},
	} {
		if got := replaced(test.p, test.tenant); got != test.want {
			t.Errorf("%s: replaced %t", name, got)
		}
	}
}
