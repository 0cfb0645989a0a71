package uipath

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// lanes lists rows in pages of a size that arrive after a while, several at a time. It returns how long that took.
func lanes(t *testing.T, total, size int, answer func(skip, size int) (int, []string)) (list []string, took time.Duration, most int, err error) {
	t.Helper()
	var mu sync.Mutex
	under := 0
	began := time.Now()
	list, err = lister[string]{lanes: 4, id: itself, read: func(ctx context.Context, skip int) (page[string], error) {
		mu.Lock()
		under++
		most = max(most, under)
		mu.Unlock()
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return page[string]{}, ctx.Err()
		}
		mu.Lock()
		defer mu.Unlock()
		under--
		count, found := total, rows(skip, min(total, skip+size))
		if answer != nil {
			count, found = answer(skip, size)
		}
		if count < 0 {
			return page[string]{}, errors.New("broken")
		}
		return page[string]{TotalCount: &count, Results: found}, nil
	}}.all(t.Context())
	return list, time.Since(began), most, err
}

func TestPagesAreReadSideBySide(t *testing.T) {
	t.Parallel()
	for total, seconds := range map[int]int{0: 1, 1: 1, 10: 1, 11: 2, 50: 2, 51: 3, 101: 4} {
		synctest.Test(t, func(t *testing.T) {
			got, took, most, err := lanes(t, total, 10, nil)
			if err != nil || !slices.Equal(got, rows(0, total)) || took != time.Duration(seconds)*time.Second || most > 4 {
				t.Errorf("%d rows of %d in %s, %d at a time: %v", len(got), total, took, most, err)
			}
		})
	}
}

// A page may be shorter than the first was, without anything having moved.
func TestShortPagesSideBySide(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		got, _, _, err := lanes(t, 47, 10, func(skip, size int) (int, []string) {
			if skip >= 20 {
				size = 3
			}
			return 47, rows(skip, min(47, skip+size))
		})
		slices.Sort(got)
		if err != nil || !slices.Equal(got, rows(0, 47)) {
			t.Errorf("%d rows, %v", len(got), err)
		}
	})
}

func TestMovedRowsSideBySide(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]func(skip int) (int, []string){
		"the count changed": func(skip int) (int, []string) { return 29, rows(skip, min(29, skip+10)) },
		"a row came again":  func(skip int) (int, []string) { return 30, rows(skip-1, skip+9) },
		"a page is empty":   func(int) (int, []string) { return 30, nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				listings := 0
				got, _, _, err := lanes(t, 30, 10, func(skip, size int) (int, []string) {
					if skip == 0 {
						listings++
					} else if listings == 1 {
						return first(skip)
					}
					return 30, rows(skip, skip+size)
				})
				if err != nil || !slices.Equal(got, rows(0, 30)) || listings != 2 {
					t.Errorf("%d rows after %d listings, %v", len(got), listings, err)
				}
			})
		})
	}
}

func TestFailuresSideBySide(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		got, _, _, err := lanes(t, 0, 10, func(skip, size int) (int, []string) {
			if skip == 20 {
				return -1, nil
			}
			return 100, rows(skip, skip+size)
		})
		if err == nil || err.Error() != "broken" || got != nil {
			t.Errorf("%d rows, %v, want the failure of the page", len(got), err)
		}
		_, _, _, err = lanes(t, 0, 1, func(skip, size int) (int, []string) { return 1 << 30, rows(skip, skip+size) })
		if !errors.Is(err, errEndless) {
			t.Errorf("a listing without end: %v", err)
		}
		_, _, _, err = lanes(t, 0, 10, func(skip, size int) (int, []string) { return 25, rows(skip, min(20, skip+size)) })
		if !errors.Is(err, errRowsMoved) || !strings.Contains(err.Error(), "5 times") {
			t.Errorf("a count that is wrong: %v", err)
		}
	})
}

// A principal may stand on two pages, with a part of its assignments on each.
func TestRowsOfTheSamePrincipalAreMerged(t *testing.T) {
	t.Parallel()
	pages := [][]heldRoles{
		{{"a", []Assignment{{ID: "1"}, {ID: "2"}}}, {"b", nil}},
		{{"a", []Assignment{{ID: "2"}, {ID: "3"}}}, {"c", nil}},
	}
	got, err := lister[heldRoles]{
		lanes: 4, merge: heldRoles.merge, id: func(h heldRoles) string { return h.principalID },
		read: func(_ context.Context, skip int) (page[heldRoles], error) {
			total := 3
			return page[heldRoles]{TotalCount: &total, Results: pages[skip/2]}, nil
		},
	}.all(t.Context())
	if err != nil || len(got) != 3 || len(got[0].assignments) != 3 {
		t.Errorf("%+v, %v", got, err)
	}
}
