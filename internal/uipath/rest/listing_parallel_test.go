package rest

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

// sideBySide lists rows in pages of a size that arrive after a while, several at a time. It returns how long that took.
func sideBySide(t *testing.T, total, size int, answer func(skip, size int) (int, []string)) (list []string, took time.Duration, most int, err error) {
	t.Helper()
	var mu sync.Mutex
	under := 0
	began := time.Now()
	list, err = Listing[string]{Operation: "list rows", Parallel: 4, ID: itself, Read: func(ctx context.Context, skip int) (Page[string], error) {
		mu.Lock()
		under++
		most = max(most, under)
		mu.Unlock()
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return Page[string]{}, ctx.Err()
		}
		mu.Lock()
		defer mu.Unlock()
		under--
		count, found := total, rows(skip, min(total, skip+size))
		if answer != nil {
			count, found = answer(skip, size)
		}
		if count < 0 {
			return Page[string]{}, errors.New("broken")
		}
		return Page[string]{TotalCount: &count, Results: found}, nil
	}}.All(t.Context())
	return list, time.Since(began), most, err
}

func TestPagesAreReadSideBySide(t *testing.T) {
	t.Parallel()
	for total, seconds := range map[int]int{0: 1, 1: 1, 10: 1, 11: 2, 50: 2, 51: 3, 101: 4} {
		synctest.Test(t, func(t *testing.T) {
			got, took, most, err := sideBySide(t, total, 10, nil)
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
		got, _, _, err := sideBySide(t, 47, 10, func(skip, size int) (int, []string) {
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
				got, _, _, err := sideBySide(t, 30, 10, func(skip, size int) (int, []string) {
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
		got, _, _, err := sideBySide(t, 0, 10, func(skip, size int) (int, []string) {
			if skip == 20 {
				return -1, nil
			}
			return 100, rows(skip, skip+size)
		})
		if err == nil || err.Error() != "list rows: broken" || got != nil {
			t.Errorf("%d rows, %v, want the failure of the page", len(got), err)
		}
		_, _, _, err = sideBySide(t, 0, 1, func(skip, size int) (int, []string) { return 1 << 30, rows(skip, skip+size) })
		if !errors.Is(err, errEndless) {
			t.Errorf("a listing without end: %v", err)
		}
		_, _, _, err = sideBySide(t, 0, 10, func(skip, size int) (int, []string) { return 25, rows(skip, min(20, skip+size)) })
		if !errors.Is(err, errRowsMoved) || !strings.Contains(err.Error(), "5 times") {
			t.Errorf("a count that is wrong: %v", err)
		}
	})
}

// A row may stand on two pages, with a part of it on each.
func TestRowsOnTwoPagesAreMerged(t *testing.T) {
	t.Parallel()
	pages := [][]row{{{"a", []string{"1", "2"}}, {"b", nil}}, {{"a", []string{"2", "3"}}, {"c", nil}}}
	for name, test := range map[string]struct {
		merge func(first, again row) row
		want  []string
	}{
		"merged": {func(first, again row) row { return row{first.id, slices.Concat(first.parts, again.parts)} }, []string{"1", "2", "2", "3"}},
		"first":  {nil, []string{"1", "2"}},
	} {
		for parallel := range 5 {
			got, err := Listing[row]{
				Parallel: parallel, Merge: test.merge, ID: func(r row) string { return r.id },
				Read: func(_ context.Context, skip int) (Page[row], error) {
					total := 3
					return Page[row]{TotalCount: &total, Results: pages[skip/2]}, nil
				},
			}.All(t.Context())
			if err != nil || len(got) != 3 || !slices.Equal(got[0].parts, test.want) {
				t.Errorf("%s, %d at a time: %+v, %v", name, parallel, got, err)
			}
		}
	}
}

type row struct {
	id    string
	parts []string
}
