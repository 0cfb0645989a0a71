package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/tools/environ"
)

const (
	planFile = "tfplan"
	// table is the output of the example that says who may do what.
	table = "who_may_do_what"
)

// demo is one run of the demonstration. All paths are absolute.
type demo struct {
	terraform string // the CLI
	config    string // the CLI configuration file
	example   string // the directory of the configuration
	directory string // where it is copied to and run

	environment []string // of the person who started the demo
	color       bool
	patience    time.Duration // how long a command may take to stop

	out, errOut io.Writer
}

// run is the whole demonstration; it ends with the first step that fails.
func (d demo) run(ctx context.Context) error {
	if err := d.prepare(); err != nil {
		return fmt.Errorf("preparing %s: %w", d.directory, err)
	}

	steps := []struct {
		why  string
		args []string
	}{
		{"Terraform finds the provider in the mirror that make has filled", []string{"init"}},
		{"what would be done", []string{"plan", "-out=" + planFile}},
		{"it is done", []string{"apply", planFile}},
	}
	for _, step := range steps {
		if code, err := d.step(ctx, step.why, step.args...); err != nil {
			return err
		} else if code != 0 {
			return fmt.Errorf("terraform %s failed with exit code %d", step.args[0], code)
		}
	}

	code, err := d.step(ctx, "a second plan finds nothing left to do", "plan", "-detailed-exitcode")
	switch {
	case err != nil:
		return err
	case code == 2:
		return errors.New("the second plan is not empty: what was applied is not what the configuration says")
	case code != 0:
		return fmt.Errorf("the second terraform plan failed with exit code %d", code)
	}

	code, err = d.step(ctx, "who may do what in Task Mining now", "output", "-raw", table)
	if err == nil && code != 0 {
		err = fmt.Errorf("terraform output failed with exit code %d", code)
	}
	return err
}

// prepare copies the example into an empty directory, so that each run begins with nothing.
func (d demo) prepare() error {
	if err := os.RemoveAll(d.directory); err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(d.example, "*.tf"))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("no Terraform configuration in %s", d.example)
	}
	if err := os.MkdirAll(d.directory, 0o755); err != nil {
		return err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		to := filepath.Join(d.directory, filepath.Base(file))
		if err := os.WriteFile(to, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// step announces and runs one Terraform command and returns its exit code. The error is for one that did not run.
func (d demo) step(ctx context.Context, why string, args ...string) (int, error) {
	d.announce(why, "terraform", args...)
	if !d.color {
		args = append([]string{args[0], "-no-color"}, args[1:]...)
	}

	cmd := exec.CommandContext(ctx, d.terraform, args...)
	cmd.Dir = d.directory
	cmd.Env = d.childEnvironment()
	cmd.Stdout, cmd.Stderr = d.out, d.errOut
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = d.patience

	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return 0, errors.New("interrupted")
	case errors.As(err, &exit):
		return exit.ExitCode(), nil
	case err != nil:
		return 0, fmt.Errorf("running %s: %w", d.terraform, err)
	}
	return 0, nil
}

// childEnvironment is the person's environment without what configures Terraform or the provider: the demo must not
// read or change anything of theirs, least of all an organization that UIPATH_* names.
func (d demo) childEnvironment() []string {
	return append(environ.Without(d.environment, "TF_", "UIPATH_", "CHECKPOINT_DISABLE="),
		"TF_CLI_CONFIG_FILE="+d.config,
		"TF_DATA_DIR="+filepath.Join(d.directory, ".terraform"),
		"CHECKPOINT_DISABLE=1", // no network
	)
}

func (d demo) announce(why, program string, args ...string) {
	fmt.Fprintf(d.out, "\n==> %s\n    $ %s\n\n", why, strings.Join(append([]string{program}, args...), " "))
}
