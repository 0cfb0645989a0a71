package adopt

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// longestLabel bounds a label, in characters.
const longestLabel = 80

// labels gives each object a label that no other of its type has: the shortest of its own that is not shared, with a number behind it where
// even the longest is.
func labels(objects []Object) []string {
	depth := make([]int, len(objects))
	at := func(i int) string { return objects[i].Type + "." + label(objects[i].Labels[depth[i]]) }
	for changed := true; changed; {
		changed = false
		sharing := map[string]int{}
		for i := range objects {
			sharing[at(i)]++
		}
		deeper := slices.Clone(depth)
		for i := range objects {
			if sharing[at(i)] > 1 && depth[i] < len(objects[i].Labels)-1 {
				deeper[i]++
				changed = true
			}
		}
		depth = deeper
	}
	found, taken := make([]string, len(objects)), map[string]bool{}
	for i, object := range objects {
		base := label(object.Labels[depth[i]])
		found[i] = base
		for n := 2; taken[object.Type+"."+found[i]]; n++ {
			found[i] = fmt.Sprintf("%s_%d", base, n)
		}
		taken[object.Type+"."+found[i]] = true
	}
	return found
}

// label makes an identifier of a text: its letters and digits in lower case, with underscores between words.
func label(text string) string {
	words := strings.FieldsFunc(strings.ToLower(normal(text)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	runes := []rune(strings.Join(words, "_"))
	made := strings.TrimRight(string(runes[:min(len(runes), longestLabel)]), "_")
	if made == "" || unicode.IsDigit([]rune(made)[0]) {
		made = "_" + made
	}
	if !hclsyntax.ValidIdentifier(made) {
		made = strings.Map(func(r rune) rune {
			if r < unicode.MaxASCII {
				return r
			}
			return '_'
		}, made)
	}
	return cmp.Or(strings.TrimRight(made, "_"), "unnamed")
}
