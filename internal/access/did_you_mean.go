package access

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
)

// maxLength is how long a name, in bytes, may be that others are compared with: comparing takes time.
const maxLength = 300

// maxSuggestions is how many near names a message offers.
const maxSuggestions = 3

// DidYouMean asks whether one of the candidates was meant by a name, such as `Did you mean "Production"?`. It returns "" where none is
// near.
func DidYouMean(name string, candidates []string) string {
	near := Nearest(name, candidates, maxSuggestions)
	if len(near) == 0 {
		return ""
	}
	for i, n := range near {
		near[i] = fmt.Sprintf("%q", n)
	}
	return "Did you mean " + strings.Join(near, " or ") + "?"
}

// Nearest returns up to n of the candidates that somebody who wrote name may have meant, nearest first, compared without
// regard to case, each once. It returns none where nothing is near or the name is very long, and none that is much farther than the nearest.
func Nearest(name string, candidates []string, n int) []string {
	if len(name) > maxLength {
		return nil
	}
	type scored struct {
		candidate string
		distance  int
	}
	lower := strings.ToLower(name)
	limit := max(2, len(lower)/4)
	var near []scored
	for _, c := range candidates {
		if d := levenshtein.Distance(lower, strings.ToLower(c), nil); d <= limit {
			near = append(near, scored{c, d})
		}
	}
	slices.SortFunc(near, func(a, b scored) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.candidate, b.candidate))
	})
	near = slices.Compact(near)
	const margin = 2
	names := make([]string, 0, n)
	for _, s := range near[:min(n, len(near))] {
		if s.distance <= near[0].distance+margin {
			names = append(names, s.candidate)
		}
	}
	return names
}
