package access

import (
	"strings"
	"testing"
)

func TestParsePrincipalType(t *testing.T) {
	t.Parallel()
	for _, want := range PrincipalTypes() {
		for _, spelling := range []string{string(want), strings.ToUpper(string(want)), strings.ToLower(string(want))} {
			if got, err := ParsePrincipalType(spelling); err != nil || got != want {
				t.Errorf("%q is %q, %v", spelling, got, err)
			}
		}
	}
	if _, err := ParsePrincipalType("Robots"); err == nil || !strings.Contains(err.Error(), `"Robots"`) {
		t.Errorf("an unknown type gave %v", err)
	}
}
