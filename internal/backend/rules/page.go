package rules

import (
	"cmp"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// Paging says which rows of a list are asked for: Top of them, after Skip.
type Paging struct{ Top, Skip int }

// Page is a part of a list.
type Page[T any] struct {
	// Total is how many rows there are on all pages.
	Total int
	Rows  []T
}

// cut returns the page of a whole list.
func cut[T any](all []T, p Paging) Page[T] {
	from := min(p.Skip, len(all))
	return Page[T]{len(all), all[from : from+min(p.Top, len(all)-from)]}
}

// Order says what a list is sorted by, in any case. Equal rows are sorted by id.
type Order[T any] struct {
	By         func(T) string
	Descending bool
}

func (o Order[T]) sort(rows []T, id func(T) access.GUID) {
	slices.SortFunc(rows, func(a, b T) int {
		order := cmp.Compare(strings.ToLower(o.By(a)), strings.ToLower(o.By(b)))
		if o.Descending {
			order = -order
		}
		return cmp.Or(order, cmp.Compare(id(a), id(b)))
	})
}

// containsFold reports whether a text contains a part, in any case.
func containsFold(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}

// beginsFold reports whether a text begins with a part, in any case.
func beginsFold(text, part string) bool {
	return strings.HasPrefix(strings.ToLower(text), strings.ToLower(part))
}
