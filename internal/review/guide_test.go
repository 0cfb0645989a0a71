package review

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The guide shows a review as the scripts have it, and every finding as the command lists it.
func TestGuide(t *testing.T) {
	t.Parallel()
	read := func(parts ...string) string {
		content, err := os.ReadFile(filepath.Join(append([]string{"..", ".."}, parts...)...))
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	guide := read("templates", "guides", "review.md.tmpl")
	_, shown, _ := strings.Cut(guide, "~~~markdown\n")
	shown, _, ok := strings.Cut(shown, "~~~")
	if scripts := read("internal", "acctest", "testdata", "scripts", "review.txtar"); !ok || !strings.Contains(scripts, "-- promotion.golden --\n"+shown+"-- ") {
		t.Error("the guide shows another review than the golden one of a promotion")
	}
	for _, kind := range findingKinds {
		if line := fmt.Sprintf("| `%s` | %s | %s |\n", kind.name, kind.severity, kind.about); !strings.Contains(guide, line) {
			t.Errorf("the guide lacks %s", line)
		}
	}
	if _, err := ReadAcceptances(strings.NewReader(read("examples", "ci", "accepted.yaml"))); err != nil {
		t.Error(err)
	}
}
