package uipath

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// The figures of the design: a thousand assignments of five hundred principals at five scopes, ten at a time.
const (
	manyAssignments = 1000
	manyPrincipals  = 500
	parallelism     = 10
)

// many returns the assignments: each principal has one role at each of two scopes.
func many() []AssignmentKey {
	keys := make([]AssignmentKey, manyAssignments)
	for i := range keys {
		keys[i] = keyOf(1, 1+i%manyPrincipals, scopes[(i%manyPrincipals+i/manyPrincipals)%len(scopes)])
	}
	return keys
}

// pagesOf returns how many pages the listings of the keys' scopes have.
func pagesOf(keys []AssignmentKey) int {
	principals := map[access.Scope]map[access.GUID]bool{}
	for _, key := range keys {
		if principals[key.Scope] == nil {
			principals[key.Scope] = map[access.GUID]bool{}
		}
		principals[key.Scope][key.PrincipalID] = true
	}
	pages := 0
	for _, ids := range principals {
		pages += (len(ids) + smallPage - 1) / smallPage
	}
	return pages
}

// together works on all keys, ten at a time, as Terraform does.
func together(t *testing.T, keys []AssignmentKey, do func(context.Context, AssignmentKey) error) {
	t.Helper()
	next := make(chan AssignmentKey)
	var group sync.WaitGroup
	for range parallelism {
		group.Go(func() {
			for key := range next {
				if err := do(t.Context(), key); err != nil {
					t.Errorf("%s: %v", key, err)
				}
			}
		})
	}
	for _, key := range keys {
		next <- key
	}
	close(next)
	group.Wait()
}

func TestRequestsToReadMany(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	keys := many()
	for _, key := range keys {
		f.grant(key)
	}
	synctest.Test(t, func(t *testing.T) {
		c := f.slow(t)
		together(t, keys, func(ctx context.Context, key AssignmentKey) error {
			_, err := c.Assignment(ctx, key)
			return err
		})
		pages := pagesOf(keys)
		got := len(f.sent(""))
		t.Logf("%d requests for %d pages", got, pages)
		if got > pages+20 {
			t.Errorf("%d requests for %d pages, want at most 20 more", got, pages)
		}
	})
}

// Before a grant nothing is expected to be there.
func TestRequestsToReadNone(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	synctest.Test(t, func(t *testing.T) {
		c := f.slow(t)
		together(t, many(), func(ctx context.Context, key AssignmentKey) error {
			if _, ok, err := c.ListedAssignment(ctx, key); ok || err != nil {
				t.Errorf("%s is there: %t, %v", key, ok, err)
			}
			return nil
		})
		if got := len(f.sent("")); got > len(scopes)+20 {
			t.Errorf("%d requests for %d pages, want at most 20 more", got, len(scopes))
		}
	})
}

func TestRequestsToWriteMany(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	keys := many()
	synctest.Test(t, func(t *testing.T) {
		c := f.slow(t)
		together(t, keys, func(ctx context.Context, key AssignmentKey) error {
			return c.Assign(ctx, Grant{key, access.PrincipalUser})
		})
		got := len(f.sent(""))
		t.Logf("%d requests to make them, the largest of %d", got, slices.Max(f.patched()))
		if got > 300 || f.held() != manyAssignments {
			t.Errorf("%d requests and %d assignments, want at most 300 and %d", got, f.held(), manyAssignments)
		}

		c = f.slow(t)
		together(t, keys, c.Unassign)
		got = len(f.sent(""))
		t.Logf("%d requests to remove them, %d of them pages", got, pagesOf(keys))
		if got > 250 || f.held() != 0 {
			t.Errorf("%d requests and %d assignments left, want at most 250 and none", got, f.held())
		}
	})
}

func TestOneWrongAmongMany(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	keys := many()
	keys[333].RoleID = badRole
	synctest.Test(t, func(t *testing.T) {
		c := f.slow(t)
		together(t, keys, func(ctx context.Context, key AssignmentKey) error {
			err := c.Assign(ctx, Grant{key, access.PrincipalUser})
			if key.RoleID != badRole {
				return err
			}
			if err == nil || !strings.Contains(err.Error(), "no such role") {
				t.Errorf("the wrong one got %v", err)
			}
			return nil
		})
		if got := len(f.sent("")); got > 300 || f.held() != manyAssignments-1 {
			t.Errorf("%d requests and %d assignments", got, f.held())
		}
	})
}
