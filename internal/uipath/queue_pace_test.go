package uipath

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// handOver works on keys as Terraform does, which needs a time for each before it hands the next over, and has some under way at most. It
// returns how long it took.
func handOver(t *testing.T, keys []AssignmentKey, slots int, pace func() time.Duration, do func(context.Context, AssignmentKey) error) time.Duration {
	t.Helper()
	began := time.Now()
	free := make(chan struct{}, slots)
	var group sync.WaitGroup
	for _, key := range keys {
		free <- struct{}{}
		<-time.After(pace())
		group.Go(func() {
			if err := do(t.Context(), key); err != nil {
				t.Errorf("%s: %v", key, err)
			}
			<-free
		})
	}
	group.Wait()
	return time.Since(began)
}

// However slowly Terraform hands changes over, they go in few requests, and Terraform hardly waits for them.
func TestBatchesKeepPace(t *testing.T) {
	t.Parallel()
	keys := many()[:400]
	for name, test := range map[string]struct {
		slots int
		pace  time.Duration
		// uneven lets each take between nothing and five times that, as chance will have it.
		uneven   bool
		requests int
		most     time.Duration
	}{
		"at once":                       {10, time.Millisecond, false, 50, 3 * time.Second},
		"fast":                          {10, 10 * time.Millisecond, false, 50, 7 * time.Second},
		"a thousand in the state":       {10, 25 * time.Millisecond, false, 66, 11 * time.Second},
		"a busy machine":                {10, 60 * time.Millisecond, false, 85, 26 * time.Second},
		"a very busy machine":           {10, 130 * time.Millisecond, false, 85, 56 * time.Second},
		"a busy machine, unevenly":      {10, 60 * time.Millisecond, true, 100, 26 * time.Second},
		"a very busy machine, unevenly": {10, 130 * time.Millisecond, true, 110, 56 * time.Second},
		"slower than anybody waits":     {10, 400 * time.Millisecond, false, 400, 165 * time.Second},
		"few at a time":                 {3, time.Millisecond, false, 145, 10 * time.Second},
		"one at a time":                 {1, time.Millisecond, false, 400, 27 * time.Second},
		"one at a time, slowly":         {1, 60 * time.Millisecond, false, 400, 53 * time.Second},
		"more at a time than expected":  {50, time.Millisecond, false, 15, 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			synctest.Test(t, func(t *testing.T) {
				c := f.slow(t)
				random := rand.New(rand.NewPCG(1, 2))
				var alone time.Duration
				pace := func() time.Duration {
					next := test.pace
					if test.uneven {
						next = min(5*next, time.Duration(random.ExpFloat64()*float64(next)))
					}
					alone += next
					return next
				}
				took := handOver(t, keys, test.slots, pace, func(ctx context.Context, key AssignmentKey) error {
					return c.Assign(ctx, Grant{key, access.PrincipalUser})
				})
				requests := len(f.sent("PATCH"))
				t.Logf("%d requests, %s where Terraform alone takes %s", requests, took, alone)
				if requests > test.requests || took > test.most {
					t.Errorf("%d requests in %s, want at most %d in %s", requests, took, test.requests, test.most)
				}
			})
		})
	}
}
