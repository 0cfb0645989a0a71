package access

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

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

// likeness says how a candidate is like a name, the closest first.
type likeness int

const (
	sameLetters likeness = iota // in another letter case, or with other separators
	otherOrder                  // the same words in another order
	beginsWith                  // the candidate begins with the words of the name
	contains                    // the candidate contains the words of the name
	misspelled                  // each word is a misspelling of the other's
	partOf                      // the name contains the words of the candidate
	notAlike
)

// Nearest returns up to n of the candidates that somebody who wrote name may have meant, nearest first, compared without regard to case,
// each once. It returns none where nothing is near or the name is very long, and none that is much farther than the nearest.
//
// Words are compared with words: a name with another word in it is another thing, however few letters differ. So DOCUMENTS.DELETE never
// stands for PROJECTS.DELETE.
func Nearest(name string, candidates []string, n int) []string {
	if len(name) > maxLength {
		return nil
	}
	type scored struct {
		candidate string
		likeness  likeness
		distance  int
	}
	words := wordsOf(name)
	var near []scored
	for _, c := range candidates {
		if how, distance := compare(words, wordsOf(c)); how != notAlike {
			near = append(near, scored{c, how, distance})
		}
	}
	slices.SortFunc(near, func(a, b scored) int {
		return cmp.Or(cmp.Compare(a.likeness, b.likeness), cmp.Compare(a.distance, b.distance), cmp.Compare(a.candidate, b.candidate))
	})
	near = slices.Compact(near)
	const margin = 2
	names := make([]string, 0, n)
	for _, s := range near[:min(n, len(near))] {
		if s.likeness == near[0].likeness && s.distance <= near[0].distance+margin {
			names = append(names, s.candidate)
		}
	}
	return names
}

// wordsOf splits a name into its words, in lower case.
func wordsOf(name string) []string {
	return strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// compare tells how a candidate is like a name, and how far it is from it.
func compare(name, candidate []string) (likeness, int) {
	if len(name) == 0 || len(candidate) == 0 {
		return notAlike, 0
	}
	longer := len(candidate) - len(name)
	switch {
	case strings.Join(name, "") == strings.Join(candidate, ""):
		return sameLetters, 0
	case longer == 0 && slices.Equal(slices.Sorted(slices.Values(name)), slices.Sorted(slices.Values(candidate))):
		return otherOrder, 0
	case longer > 0 && slices.Equal(name, candidate[:len(name)]):
		return beginsWith, longer
	case longer > 0 && among(name, candidate):
		return contains, longer
	}
	if head := name[0]; len(name) == 1 && len(head) >= minPrefix && strings.HasPrefix(candidate[0], head) {
		return beginsWith, len(candidate[0]) - len(head) + longer
	}
	if distance, ok := misspelling(name, candidate); ok {
		return misspelled, distance
	}
	// Two words may have been written as one, or one as two.
	whole := [2][]string{{strings.Join(name, "")}, {strings.Join(candidate, "")}}
	if distance, ok := misspelling(whole[0], whole[1]); ok && longer != 0 && distance <= maxInOne {
		return misspelled, distance
	}
	if longer < 0 && among(candidate, name) {
		return partOf, -longer
	}
	return notAlike, 0
}

// maxInOne is how many letters may differ between words that were written as one and those that were not.
const maxInOne = 2

// minPrefix is how many letters of a first word stand for it.
const minPrefix = 3

// among reports whether all words are among others.
func among(words, others []string) bool {
	return !slices.ContainsFunc(words, func(word string) bool { return !slices.Contains(others, word) })
}

// misspelling returns how many letters differ where each word is a misspelling of the one in its place: a quarter of its letters may differ,
// and two of a word of five or more.
func misspelling(name, candidate []string) (distance int, ok bool) {
	if len(name) != len(candidate) {
		return 0, false
	}
	const long, divisor = 5, 4
	for i, word := range name {
		limit := len(word) / divisor
		switch {
		case len(word) >= long:
			limit = max(limit, 2) //nolint:mnd // As the comment says.
		case len(word) > 1:
			limit = 1
		}
		d := levenshtein.Distance(word, candidate[i], nil)
		if d > limit && !transposed(word, candidate[i]) {
			return 0, false
		}
		distance += d
	}
	return distance, true
}

// transposed reports whether two words have the same letters, two of which stand in each other's place.
func transposed(word, other string) bool {
	if len(word) != len(other) {
		return false
	}
	var differing []int
	for i := range len(word) {
		if word[i] != other[i] {
			differing = append(differing, i)
		}
	}
	return len(differing) == 2 && word[differing[0]] == other[differing[1]] && word[differing[1]] == other[differing[0]]
}
