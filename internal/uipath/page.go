package uipath

import (
	"context"
	"errors"
	"fmt"
)

const (
	// pageSize is the most that the server gives for roles (contract 3.1).
	pageSize = 1000
	// maxPages bounds a listing by a server that never ends.
	maxPages = 5000
	// maxListings bounds how often a listing is begun anew because rows moved between its pages.
	maxListings = 5
)

// page is one page of a listing. Its total counts all rows.
type page[T any] struct {
	TotalCount *int `json:"totalCount"`
	Results    []T  `json:"results"`
}

var errRowsMoved = errors.New("rows moved between pages")

// listAll reads all pages of a listing and returns each row once. Rows move between pages when others add or remove some: a
// listing which that may have happened to is begun anew, so that no row is lost.
func listAll[T any](ctx context.Context, read func(ctx context.Context, skip int) (page[T], error), id func(T) string) ([]T, error) {
	var err error
	for range maxListings {
		var rows []T
		if rows, err = listOnce(ctx, read, id); !errors.Is(err, errRowsMoved) {
			return rows, err
		}
	}
	return nil, fmt.Errorf("the listing never agreed with its own count, %d times: %w", maxListings, err)
}

// listOnce reads all pages one after the other. It advances by what came, because the server may cap a page lower than asked.
func listOnce[T any](ctx context.Context, read func(ctx context.Context, skip int) (page[T], error), id func(T) string) ([]T, error) {
	var rows []T
	seen := map[string]bool{}
	total, skip := -1, 0
	for range maxPages {
		next, err := read(ctx, skip)
		if err != nil {
			return nil, err
		}
		if next.TotalCount != nil {
			if total >= 0 && total != *next.TotalCount {
				return nil, fmt.Errorf("%w: the count changed from %d to %d", errRowsMoved, total, *next.TotalCount)
			}
			total = *next.TotalCount
		}
		fresh := 0
		for _, row := range next.Results {
			if key := id(row); !seen[key] {
				seen[key] = true
				rows = append(rows, row)
				fresh++
			}
		}
		skip += len(next.Results)
		ended := len(next.Results) == 0 || total >= 0 && skip >= total
		if !ended && fresh > 0 {
			continue
		}
		if !ended || len(rows) < total {
			return nil, fmt.Errorf("%w: %d different rows of %d", errRowsMoved, len(rows), total)
		}
		return rows, nil
	}
	return nil, fmt.Errorf("the listing does not end after %d pages", maxPages)
}
