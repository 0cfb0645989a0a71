package uipath

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// handOver works on keys as Terraform does, which needs a time for each before it hands the next over, and has some under way at most. It
// returns how long it took.
func handOver(t *testing.T, keys []AssignmentKey, slots int, pace time.Duration, do func(context.Context, AssignmentKey) error) time.Duration {
	t.Helper()
	began := time.Now()
	free := make(chan struct{}, slots)
	var group sync.WaitGroup
	for _, key := range keys {
		free <- struct{}{}
		<-time.After(pace)
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
		slots    int
		pace     time.Duration
		requests int
		most     time.Duration
	}{
		"at once":                      {10, time.Millisecond, 50, 3 * time.Second},
		"fast":                         {10, 10 * time.Millisecond, 50, 7 * time.Second},
		"a thousand in the state":      {10, 25 * time.Millisecond, 66, 11 * time.Second},
		"a busy machine":               {10, 60 * time.Millisecond, 85, 26 * time.Second},
		"a very busy machine":          {10, 130 * time.Millisecond, 85, 56 * time.Second},
		"slower than anybody waits":    {10, 400 * time.Millisecond, 400, 165 * time.Second},
		"few at a time":                {3, time.Millisecond, 145, 9 * time.Second},
		"one at a time":                {1, time.Millisecond, 400, 24 * time.Second},
		"one at a time, slowly":        {1, 60 * time.Millisecond, 400, 50 * time.Second},
		"more at a time than expected": {50, time.Millisecond, 15, 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			synctest.Test(t, func(t *testing.T) {
				c := f.slow(t)
				took := handOver(t, keys, test.slots, test.pace, func(ctx context.Context, key AssignmentKey) error {
					return c.Assign(ctx, Grant{key, access.PrincipalUser})
				})
				requests := len(f.sent("PATCH"))
				t.Logf("%d requests, %s where Terraform alone takes %s", requests, took, time.Duration(len(keys))*test.pace)
				if requests > test.requests || took > test.most {
					t.Errorf("%d requests in %s, want at most %d in %s", requests, took, test.requests, test.most)
				}
			})
		})
	}
}
