package review

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var testTime = time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)

func TestCommand(t *testing.T) {
	t.Parallel()
	plan := planText(t, nil, planned{actions: []string{"create"}, after: assigned(grace, "User", "Tenant Administrator", "Production")})
	file := func(text string) string {
		name := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	for name, test := range map[string]struct {
		args           []string
		stdin          string
		code           int
		stdout, stderr string
	}{
		"help":               {[]string{"-h"}, "", 0, "last-administrator", ""},
		"standard input":     {nil, plan, 0, "## Change of access", ""},
		"a file":             {[]string{"-format", "text", file(plan)}, "", 0, "1 principal gains access.", ""},
		"JSON":               {[]string{"-format=json", "-"}, plan, 0, `"verb": "gains"`, ""},
		"fails":              {[]string{"-fail-on", "direct-grant, administrator"}, plan, 2, "## Change", "fail it: direct-grant, administrator\n"},
		"does not fail":      {[]string{"-fail-on", "no-effect"}, plan, 0, "## Change", ""},
		"accepted":           {[]string{"-fail-on", "administrator", "-accept", file("- {finding: administrator, reason: r, until: 2026-06-30}")}, plan, 0, "Accepted findings: 1", ""},
		"ended":              {[]string{"-fail-on", "administrator", "-accept", file("- {finding: administrator, reason: r, until: 2026-06-29}")}, plan, 2, "has ended", "fail it"},
		"unknown name":       {[]string{"-fail-on", "x"}, plan, 1, "", `no finding is called "x"; there are last-administrator`},
		"unknown format":     {[]string{"-format", "html"}, plan, 1, "", "no format"},
		"unknown flag":       {[]string{"-x"}, plan, 1, "", "-h shows"},
		"two plans":          {[]string{"a", "b"}, plan, 1, "", "one plan"},
		"no plan":            {[]string{filepath.Join(t.TempDir(), "plan.json")}, "", 1, "", "plan.json"},
		"no acceptances":     {[]string{"-accept", filepath.Join(t.TempDir(), "a.yaml")}, plan, 1, "", "accepted findings: open"},
		"wrong acceptances":  {[]string{"-accept", file("- 1")}, plan, 1, "", "accepted findings in"},
		"nothing to read":    {nil, "", 1, "", "the plan is empty"},
		"terminal's escapes": {[]string{"\x1b[2J"}, "", 1, "", "⟨U+001B⟩[2J"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			code := Command(t.Context(), test.args, Process{
				Getenv: func(string) string { return "" }, Now: testTime, Stdin: strings.NewReader(test.stdin), Stdout: &stdout, Stderr: &stderr,
			})
			if code != test.code || !strings.Contains(stdout.String(), test.stdout) || !strings.Contains(stderr.String(), test.stderr) ||
				test.stderr == "" && stderr.Len() > 0 {
				t.Errorf("exit code %d\n%s\n%s", code, stdout.String(), stderr.String())
			}
		})
	}
}
