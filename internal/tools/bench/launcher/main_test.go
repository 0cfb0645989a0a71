package main

import (
	"path/filepath"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/tools/bench/usage"
)

func TestRun(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		program, argument string
		code              int
		runs              bool
	}{{"go", "version", 0, true}, {"go", "nonsense", 2, true}, {"a-program-that-is-not-there", "", 1, false}} {
		file := filepath.Join(t.TempDir(), "usage")
		if got := run(test.program, file, []string{test.argument}); got != test.code {
			t.Errorf("%s %s: exit code %d, want %d", test.program, test.argument, got, test.code)
		}
		took, err := usage.Take(file)
		if ran := took.CPU > 0; err != nil || ran != test.runs {
			t.Errorf("%s %s: took %v, %v", test.program, test.argument, took, err)
		}
	}
}
