package uipath

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// The figures of the design: a thousand grants of five hundred principals, of three roles at forty folders or at the tenant.
const manyFolders = 40

// manyGrants returns the grants: each principal has one of three roles at the tenant, and one of three at a folder.
func manyGrants(principals int) []OrchestratorGrant {
	var grants []OrchestratorGrant
	for n := range principals {
		grants = append(grants, orGrant(int32(1+n%3), 1+n, 0), orGrant(int32(4+n/manyFolders%3), 1+n, int64(1+n%manyFolders)))
	}
	return grants
}

// parallel works on all grants, so many at a time.
func parallel(t *testing.T, grants []OrchestratorGrant, many int, do func(context.Context, OrchestratorGrant) error) {
	t.Helper()
	next := make(chan OrchestratorGrant)
	var group sync.WaitGroup
	for range many {
		group.Go(func() {
			for g := range next {
				if err := do(t.Context(), g); err != nil {
					t.Errorf("%s: %v", g, err)
				}
			}
		})
	}
	for _, g := range grants {
		next <- g
	}
	close(next)
	group.Wait()
}

// requests are how many were sent, and how many of them removed an account from a folder where it had its last role.
func requests(f *fake) (all, lastRoles int) {
	sent := f.sent("")
	for _, request := range sent {
		if strings.HasSuffix(request, "RemoveUserFromFolder") {
			lastRoles++
		}
	}
	return len(sent), lastRoles
}

// orchestratorCounts are the requests of the steps of a life cycle, each in a run of its own.
type orchestratorCounts struct{ planned, made, read, removed, lastRoles int }

func countOrchestrator(t *testing.T, principals, many int) (counts orchestratorCounts) {
	t.Helper()
	f := newFake(t)
	o := withOrchestrator(t, f, manyFolders)
	o.addUsers(principals)
	grants := manyGrants(principals)
	synctest.Test(t, func(t *testing.T) {
		has := func(c *Client, want bool) func(context.Context, OrchestratorGrant) error {
			return func(ctx context.Context, g OrchestratorGrant) error {
				there, err := c.HasOrchestratorRole(ctx, g)
				if there != want {
					t.Errorf("%s: there is %t", g, there)
				}
				return err
			}
		}
		parallel(t, grants, many, has(f.slow(t), false))
		counts.planned, _ = requests(f)

		c := f.slow(t)
		parallel(t, grants, many, func(ctx context.Context, g OrchestratorGrant) error {
			return c.AssignOrchestratorRole(ctx, g, access.PrincipalUser)
		})
		counts.made, _ = requests(f)
		if len(o.held) != len(grants) {
			t.Errorf("%d grants, want %d", len(o.held), len(grants))
		}

		parallel(t, grants, many, has(f.slow(t), true))
		counts.read, _ = requests(f)

		c = f.slow(t)
		parallel(t, grants, many, c.UnassignOrchestratorRole)
		counts.removed, counts.lastRoles = requests(f)
		counts.removed -= counts.lastRoles
		if len(o.held) != 0 || len(o.in) != 0 {
			t.Errorf("left are %d grants, %d places", len(o.held), len(o.in))
		}
	})
	return counts
}

// Asked for together, requests grow with roles, folders and pages, and not with grants, but for an account's last role in a folder.
func TestOrchestratorRequestsForMany(t *testing.T) {
	t.Parallel()
	half, whole := countOrchestrator(t, 250, 2000), countOrchestrator(t, 500, 2000)
	t.Logf("500 grants together: %+v", half)
	t.Logf("1000 grants together: %+v", whole)
	// Read are: users, roles, folders, members of three roles, and those of the folders.
	const reads = 2 + 1 + 1 + 1 + 3 + manyFolders
	if whole.planned > reads+3 || whole.read > reads+3 {
		t.Errorf("%+v, want at most %d to read", whole, reads+3)
	}
	// Of each batch, each folder is read before and after, and each of three roles there is one request.
	const writes = reads + 3*2 + 2*manyFolders*(2+3)
	if whole.made > writes || whole.removed > reads+3*2+2*manyFolders*2 || whole.lastRoles != 500 {
		t.Errorf("%+v, want at most %d to make and 500 last roles", whole, writes)
	}
	// How many batches there are depends on how fast grants come, on a busy machine too.
	if more := whole.made - half.made; more > (1000-500)/3 {
		t.Errorf("500 grants more cost %d requests more than %d", more, half.made)
	}
}

// Terraform asks for ten at a time, and gets the next answer before it asks on. So a request carries ten at most.
func TestOrchestratorRequestsTenAtATime(t *testing.T) {
	t.Parallel()
	got := countOrchestrator(t, 100, parallelism)
	t.Logf("200 grants, ten at a time: %+v", got)
	const reads = 2 + 1 + 1 + 1 + 3 + manyFolders
	if got.planned > reads+3 || got.read > reads+3 {
		t.Errorf("%+v, want at most %d to read", got, reads+3)
	}
	if got.made > 460 || got.removed > 360 {
		t.Errorf("%+v, want at most 460 to make, and 360 to remove", got)
	}
}
