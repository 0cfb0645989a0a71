package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestMain lets the test program stand in for Terraform, which the demo starts: a test starts it under that name. It writes what it
// was asked into the file calls, where it was started.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == "terraform" {
		os.Exit(standInForTerraform())
	}
	os.Exit(m.Run())
}

// standInForTerraform ends with the code that STANDIN_EXIT, as plan:1, gives for its command.
func standInForTerraform() int {
	command := strings.Join(os.Args[1:], " ")
	record("terraform " + command)
	for _, setting := range os.Environ() {
		if strings.HasPrefix(setting, "TF_") || strings.HasPrefix(setting, "UIPATH_") {
			record(setting)
		}
	}
	fmt.Fprintf(os.Stdout, "output of %s\n  # a.b will be created\nsomething in between\nPlan: 1 to add\nNo changes. It is so.\nApply complete!\n", command)

	failing, exit, _ := strings.Cut(os.Getenv("STANDIN_EXIT"), ":")
	if code, err := strconv.Atoi(exit); err == nil && strings.HasPrefix(command, failing) {
		return code
	}
	return 0
}

func record(line string) {
	file, err := os.OpenFile("calls", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(98)
	}
	fmt.Fprintln(file, line)
	if err := file.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(98)
	}
}

// newDemo returns a demo with a stand-in, in a directory that an earlier run has left something in.
func newDemo(t *testing.T, settings ...string) (d demo, out *bytes.Buffer) {
	t.Helper()

	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Symlink(self, filepath.Join(dir, "terraform")); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "example", "main.tf"), "# the example\n")
	write(t, filepath.Join(dir, "example", "uipath.db"), "from a run in the example itself")
	write(t, filepath.Join(dir, "demo", "uipath.db"), "from the run before")

	out = &bytes.Buffer{}
	return demo{
		terraform: filepath.Join(dir, "terraform"),
		config:    filepath.Join(dir, "terraform.tfrc"),
		provider:  filepath.Join(dir, "provider"),
		example:   filepath.Join(dir, "example"),
		directory: filepath.Join(dir, "demo"),
		environment: append([]string{
			"GORACE=atexit_sleep_ms=0", // else each stand-in takes a second to end
			"HOME=" + dir, "TF_CLI_ARGS_plan=-destroy", "TF_IN_AUTOMATION=1", "TF_CLI_CONFIG_FILE=theirs", "UIPATH_PAT=theirs",
		}, settings...),
		patience: 10 * time.Second,
		out:      out,
		errOut:   out,
	}, out
}

func TestRun(t *testing.T) {
	t.Parallel()

	d, out := newDemo(t)
	for run := range 2 {
		out.Reset()
		if err := d.run(t.Context()); err != nil {
			t.Fatalf("run %d: %v\n%s", run+1, err, out)
		}
	}

	configured := []string{"TF_CLI_CONFIG_FILE=" + d.config, "TF_DATA_DIR=" + filepath.Join(d.directory, ".terraform")}
	want := slices.Concat(
		[]string{"terraform init -no-color"}, configured,
		[]string{"terraform plan -no-color -out=tfplan"}, configured,
		[]string{"terraform apply -no-color tfplan"}, configured,
		[]string{"terraform plan -no-color -detailed-exitcode"}, configured,
		[]string{"terraform output -no-color -raw who_may_do_what"}, configured,
	)
	got := strings.Split(strings.TrimSpace(read(t, filepath.Join(d.directory, "calls"))), "\n")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what the programs were asked (-want +got):\n%s", diff)
	}
	if _, err := os.Stat(filepath.Join(d.directory, "uipath.db")); !os.IsNotExist(err) {
		t.Errorf("a data file of an earlier run is still there (%v)", err)
	}

	for _, want := range []string{
		"\n    $ terraform plan -out=tfplan\n\n  # a.b will be created\nPlan: 1 to add\n\n==>",
		"\nApply complete!\n\n==>",
		"\nNo changes. It is so.\n\n==>",
		"\noutput of output -no-color -raw who_may_do_what\n",
		"http://127.0.0.1:8411/\n    $ " + d.provider + " backend -data uipath.db -listen 127.0.0.1:8411\n",
		"cd " + d.directory + "; export TF_CLI_CONFIG_FILE=" + d.config + "\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the output lacks %q:\n%s", want, out)
		}
	}
	if lines := strings.Count(out.String(), "\n"); lines > 60 {
		t.Errorf("it is %d lines long", lines)
	}
	if plans := read(t, filepath.Join(d.directory, "plan.txt")); strings.Count(plans, "something in between") != 2 {
		t.Errorf("the whole plans are %q", plans)
	}
}

func TestRunStopsAtTheFirstFailure(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		setting string // the last one of a name holds
		want    string
		last    string // what the programs were asked last
	}{
		"init":        {"STANDIN_EXIT=init:1", "terraform init failed with exit code 1", "terraform init"},
		"plan":        {"STANDIN_EXIT=plan -no-color -out:1", "terraform plan failed with exit code 1", "terraform plan"},
		"apply":       {"STANDIN_EXIT=apply:1", "terraform apply failed with exit code 1", "terraform apply"},
		"second plan": {"STANDIN_EXIT=plan -no-color -detailed:1", "terraform plan failed with exit code 1", "terraform plan"},
		"changes":     {"STANDIN_EXIT=plan -no-color -detailed:2", "the second plan is not empty", "terraform plan"},
		"table":       {"STANDIN_EXIT=output:1", "terraform output failed with exit code 1", "terraform output"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			d, out := newDemo(t, test.setting)
			err := d.run(t.Context())
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want one with %q\n%s", err, test.want, out)
			}
			calls := read(t, filepath.Join(d.directory, "calls"))
			calls = calls[max(strings.LastIndex(calls, "\nterraform "), -1)+1:]
			if !strings.HasPrefix(calls, test.last) {
				t.Errorf("went on to %q, want to stop after %q", calls, test.last)
			}
		})
	}
}

func TestRunRefusesWhatItCannotStart(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		change func(*demo)
		want   string
	}{
		"no Terraform": {func(d *demo) { d.terraform += "-missing" }, "terraform-missing"},
		"no example":   {func(d *demo) { d.example += "-missing" }, "no Terraform configuration in"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			d, _ := newDemo(t)
			test.change(&d)
			if err := d.run(t.Context()); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want one with %q", err, test.want)
			}
		})
	}
}

func TestRunEndsWhenInterrupted(t *testing.T) {
	t.Parallel()

	d, _ := newDemo(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.run(ctx); err == nil || !strings.Contains(err.Error(), "interrupted") {
		t.Errorf("got error %v, want one that says interrupted", err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
