package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestArguments(t *testing.T) {
	t.Parallel()
	if got := plan.arguments(10); !slices.Contains(got, "-detailed-exitcode") || !slices.Contains(got, "-parallelism=10") {
		t.Errorf("plan: %v", got)
	}
	for _, v := range []verb{apply, destroy} {
		if got := v.arguments(50); got[0] != string(v) || !slices.Contains(got, "-auto-approve") || !slices.Contains(got, "-parallelism=50") {
			t.Errorf("%s: %v", v, got)
		}
	}
}

func TestInstallOverrides(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	launcher, config := filepath.Join(dir, "launcher"), filepath.Join(dir, "terraform.tfrc")
	if err := os.WriteFile(launcher, []byte("program"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := installOverrides(launcher, dir, config, side{name: "uipath"}, side{name: "yardstick"}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"uipath", "yardstick"} {
		folder := filepath.ToSlash(filepath.Join(dir, name))
		if want := `"accessascode/` + name + `" = "` + folder + `"`; !strings.Contains(string(text), want) {
			t.Errorf("the CLI configuration lacks %s:\n%s", want, text)
		}
		if program, err := os.ReadFile(filepath.Join(folder, "terraform-provider-"+name)); err != nil || string(program) != "program" {
			t.Errorf("the launcher of %s: %q, %v", name, program, err)
		}
	}
	if strings.Contains(string(text), "direct") {
		t.Errorf("a registry may be asked:\n%s", text)
	}
}

// TestRunFails shows that the output of a command that fails is in the error.
func TestRunFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	program := filepath.Join(dir, "terraform")
	for code, want := range map[string]string{"1": "Error: it was asked to plan", "2": "there are changes"} {
		script := "#!/bin/sh\necho \"Error: it was asked to $1\" >&2\nexit " + code + "\n"
		if err := os.WriteFile(program, []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
		space, err := terraform{program: program}.newWorkspace(side{name: "uipath"}, filepath.Join(dir, "space"), "# nothing\n")
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := space.run(t.Context(), plan, 10); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("exit code %s: got error %v, want one with %q", code, err, want)
		}
	}
}
