package provider_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/acctest"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// everyFault makes 20 % of the requests fail, in every way that the reference backend knows.
func everyFault(seed int) string {
	text := ""
	for i, effect := range []string{
		"status=500", "status=503", "status=429", "delay=30ms", "drop=before", "drop=after", "body=truncated", "body=malformed", "lag=200ms",
	} {
		// What is left to a later rule is what the earlier ones let pass.
		const share = 0.2 / 9
		text += fmt.Sprintf("%s rate=%.5f seed=%d;", effect, share/(1-share*float64(i)), seed*100+i)
	}
	return text
}

// TestGrantsWhileRequestsFail makes five hundred grants while requests fail in every way. `make soak` does so with many seeds.
func TestGrantsWhileRequestsFail(t *testing.T) {
	t.Parallel()
	seeds := 1
	if os.Getenv("SOAK") != "" {
		seeds = 25
	}
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			grantWhileRequestsFail(t, seed)
		})
	}
}

func grantWhileRequestsFail(t *testing.T, seed int) {
	t.Helper()
	const (
		grants  = 500
		applies = 3
	)
	b := acctest.NewBackend(t, backend.Options{Seed: crowd(grants)})
	client := b.Client(t)
	scope := access.TenantScope(tenant(t, client, acctest.Production).ID)
	all, err := client.Roles(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	role := all[slices.IndexFunc(all, func(r uipath.Role) bool { return r.Name == "Tenant Administrator" })].ID.String()
	wanted := make([]*change, grants)
	for i := range wanted {
		wanted[i] = &change{attributes: map[string]tftypes.Value{
			"role_id": text(role), "scope": text(scope.String()), "principal_id": text(person(i)), "principal_type": text("User"),
		}}
	}
	if err := b.AddFaults(everyFault(seed)); err != nil {
		t.Fatal(err)
	}
	left := wanted
	for n := 0; len(left) > 0 && n < applies; n++ {
		p := configuredWith(t, b, map[string]tftypes.Value{"max_retries": tftypes.NewValue(tftypes.Number, 12)})
		var again []*change
		for i, wrong := range each(left, p.apply) {
			t.Logf("apply %d: %s", n+1, wrong)
			again = append(again, left[i])
		}
		left = again
	}
	if len(left) > 0 {
		t.Errorf("%d grants are missing after %d applies", len(left), applies)
	}
	requests := 0
	for _, n := range b.Journal() {
		requests += n
	}
	t.Logf("%d of %d requests failed", b.Failed(), requests)
	if b.Failed() < requests/10 {
		t.Errorf("only %d of %d requests failed", b.Failed(), requests)
	}
	if err := b.ClearFaults(); err != nil {
		t.Fatal(err)
	}
	checkGranted(t, b, wanted, scope)
}

// checkGranted checks that each grant is there once, and that a plan changes none.
func checkGranted(t *testing.T, b *acctest.Backend, wanted []*change, scope access.Scope) {
	t.Helper()
	p := configured(t, b)
	kind := p.schema.ResourceSchemas["uipath_role_assignment"].ValueType()
	for i, wrong := range each(wanted, func(c *change) []*tfprotov6.Diagnostic {
		read, err := p.server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
			TypeName: "uipath_role_assignment", CurrentState: c.state, Private: c.private,
		})
		if err != nil {
			return problem(err)
		}
		before, errBefore := c.state.Unmarshal(kind)
		after, errAfter := read.NewState.Unmarshal(kind)
		if err := errors.Join(errBefore, errAfter); err != nil || !before.Equal(after) {
			return problem(fmt.Errorf("the second plan changes %s to %s, %w", before, after, err))
		}
		return read.Diagnostics
	}) {
		t.Errorf("grant %d: %s", i, wrong)
	}
	there, err := b.Client(t).Assignments(t.Context(), scope, uipath.Reach{})
	if err != nil {
		t.Fatal(err)
	}
	if len(there) != len(wanted) {
		t.Errorf("there are %d grants, want %d", len(there), len(wanted))
	}
}
