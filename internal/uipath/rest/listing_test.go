package rest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// rows returns the rows from..to-1.
func rows(from, to int) []string {
	var list []string
	for n := from; n < to; n++ {
		list = append(list, fmt.Sprintf("%04d", n))
	}
	return list
}

// itself is the id of a row that is nothing but its id.
func itself(row string) string { return row }

// list reads a listing whose pages are given by a function.
func list(t *testing.T, read func(request, skip int) (total int, rows []string)) ([]string, []int, error) {
	t.Helper()
	var skips []int
	got, err := Listing[string]{Operation: "list rows", Read: func(_ context.Context, skip int) (Page[string], error) {
		total, list := read(len(skips), skip)
		skips = append(skips, skip)
		if total < 0 {
			return Page[string]{Results: list}, nil
		}
		return Page[string]{TotalCount: &total, Results: list}, nil
	}, ID: itself}.All(t.Context())
	return got, skips, err
}

func TestPageBoundaries(t *testing.T) {
	t.Parallel()
	const size = 4
	for total, want := range map[int][]int{
		0: {0}, 1: {0}, size - 1: {0}, size: {0}, size + 1: {0, 4}, 2 * size: {0, 4}, 2*size + 1: {0, 4, 8},
	} {
		t.Run(fmt.Sprint(total), func(t *testing.T) {
			t.Parallel()
			all := rows(0, total)
			got, skips, err := list(t, func(_, skip int) (int, []string) { return total, all[min(skip, total):min(skip+size, total)] })
			if err != nil || !slices.Equal(got, all) || !slices.Equal(skips, want) {
				t.Errorf("%d rows from %v, %v, want %d rows from %v", len(got), skips, err, total, want)
			}
			// A server that tells no count ends with an empty page.
			got, skips, err = list(t, func(_, skip int) (int, []string) { return -1, all[min(skip, total):min(skip+size, total)] })
			if err != nil || !slices.Equal(got, all) || skips[len(skips)-1] != total {
				t.Errorf("without a count: %d rows from %v, %v", len(got), skips, err)
			}
		})
	}
}

func TestShortPagesDoNotEndAListing(t *testing.T) {
	t.Parallel()
	sizes := []int{3, 1, 2, 4}
	got, skips, err := list(t, func(request, skip int) (int, []string) { return 10, rows(skip, skip+sizes[request]) })
	if err != nil || !slices.Equal(got, rows(0, 10)) || !slices.Equal(skips, []int{0, 3, 4, 6}) {
		t.Errorf("%v from %v, %v", got, skips, err)
	}
}

func TestMovedRowsAreNotLost(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]func(request int) (int, []string){
		"a row moved to the second page again": func(request int) (int, []string) {
			return 4, [][]string{{"0000", "0001"}, {"0001", "0002"}}[request]
		},
		"a row was deleted before the second page": func(request int) (int, []string) {
			return []int{4, 3}[request], [][]string{{"0000", "0001"}, {"0003"}}[request]
		},
		"a row was added before the second page": func(request int) (int, []string) {
			return []int{4, 5}[request], [][]string{{"0000", "0001"}, {"0001", "0002", "0003"}}[request]
		},
		"the second page is empty": func(request int) (int, []string) { return 4, [][]string{{"0000", "0001"}, nil}[request] },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, skips, err := list(t, func(request, skip int) (int, []string) {
				if request < 2 {
					return first(request)
				}
				return 4, rows(skip, skip+2)
			})
			if err != nil || !slices.Equal(got, rows(0, 4)) || len(skips) != 4 {
				t.Errorf("%v from %v, %v, want a second listing", got, skips, err)
			}
		})
	}
}

func TestEndlessListings(t *testing.T) {
	t.Parallel()
	for name, read := range map[string]func(request, skip int) (int, []string){
		"the same page for ever": func(int, int) (int, []string) { return 1 << 30, rows(0, 2) },
		"a count that is wrong":  func(_, skip int) (int, []string) { return 5, rows(skip, min(skip+2, 4)) },
		"no end and no count":    func(int, int) (int, []string) { return -1, rows(0, 2) },
		"new rows for ever":      func(_, skip int) (int, []string) { return 1 << 30, rows(skip, skip+1) },
		"a count that grows":     func(request, skip int) (int, []string) { return 10 + request, rows(skip, skip+1) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, skips, err := list(t, read)
			if err == nil || got != nil || len(skips) > maxPages {
				t.Errorf("%d rows after %d pages, %v, want an error", len(got), len(skips), err)
			}
		})
	}
}

func TestFailedPageIsAnError(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	pages := 0
	got, err := Listing[string]{Operation: "list rows", Read: func(context.Context, int) (Page[string], error) {
		pages++
		if pages == 2 {
			return Page[string]{}, broken
		}
		total := 4
		return Page[string]{TotalCount: &total, Results: rows(0, 2)}, nil
	}, ID: itself}.All(t.Context())
	if !errors.Is(err, broken) || got != nil || pages != 2 || err.Error() != "list rows: broken" {
		t.Errorf("%v after %d pages, %v, want the error of the second page", got, pages, err)
	}
}

func TestCappedPages(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.seed(25)
	c := f.client(t)
	got, err := listThings(t.Context(), c)
	if err != nil || len(got) != 25 {
		t.Fatalf("%d things, %v", len(got), err)
	}
	want := []string{"GET /acme/things?skip=0", "GET /acme/things?skip=10", "GET /acme/things?skip=20"}
	if diff := cmp.Diff(want, f.sent("")); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestListingFailsWithTheRequest(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.seed(25)
	c := f.client(t)
	f.on(func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Query().Get("skip") != "10" {
			return false
		}
		answerJSON(w, http.StatusNotFound, `{"title":"Not Found"}`)
		return true
	})
	got, err := listThings(t.Context(), c)
	if err == nil || got != nil || errors.Is(err, ErrNotFound) || !strings.HasPrefix(err.Error(), "list things: HTTP 404") {
		t.Errorf("%d things, %v, want the failure of the list, which is not ErrNotFound", len(got), err)
	}
	f.on(nil)
	if got, err := listThings(t.Context(), c); err != nil || len(got) != 25 {
		t.Errorf("%d things, %v after the server recovered", len(got), err)
	}
}

// A listing without end is not read until memory ends.
func TestListingIsBounded(t *testing.T) {
	t.Parallel()
	for want, page := range map[string]Page[string]{
		"list rows: the listing is too long: it goes on after 1000000 rows": {Results: make([]string, maxRows/2+1)},
		"list rows: the listing is too long: it goes on after 256 MiB":      {Results: make([]string, 1), size: maxListed/2 + 1},
		"list rows: the listing is too long: it goes on after 5000 pages":   {Results: make([]string, 1)},
	} {
		for parallel := range 3 {
			asked := 0
			got, err := Listing[string]{
				Operation: "list rows", Parallel: parallel, ID: itself,
				Read: func(context.Context, int) (Page[string], error) {
					asked++
					next := page
					// Each page has something new.
					next.Results = slices.Clone(page.Results)
					next.Results[0] = strconv.Itoa(asked)
					return next, nil
				},
			}.All(t.Context())
			if err == nil || err.Error() != want || got != nil || !errors.Is(err, errEndless) {
				t.Errorf("%d rows, %v, want %s", len(got), err, want)
			}
		}
	}
	// Where the server tells a count, nothing more is asked for.
	asked := 0
	_, err := Listing[string]{Operation: "list rows", Parallel: 2, ID: itself, Read: func(context.Context, int) (Page[string], error) {
		asked++
		return Page[string]{TotalCount: new(maxRows + 1), Results: make([]string, 1000)}, nil
	}}.All(t.Context())
	if !errors.Is(err, errEndless) || asked != 1 {
		t.Errorf("a listing of more than a million rows: %v after %d pages", err, asked)
	}
}

func TestPageKnowsItsSize(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.seed(3)
	c := f.client(t)
	page, err := FetchPage(t.Context(), c, Request{Method: http.MethodGet, Path: "/acme/things"}, func(body []byte) (Page[thingAnswer], error) {
		return ParsePage(body, func(a thingAnswer) (thingAnswer, error) { return a, nil })
	})
	if want := len(fmt.Sprintf(`{"totalCount":3,"results":%s}`, f.encode(f.things))); err != nil || page.size != want {
		t.Errorf("a page of %d bytes, %v, want %d", page.size, err, want)
	}
}
