package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/tools/environ"
	"github.com/accessascode/terraform-provider-uipath/internal/tools/shell"
)

const (
	planFile = "tfplan"
	// table is the output of the example that says who may do what.
	table = "who_may_do_what"
	// dataFile is where the example keeps the data of its backend.
	dataFile = "uipath.db"
	// pageAddress is where the backend serves its page afterwards.
	pageAddress = "127.0.0.1:8411"
)

// demo is one run of the demonstration. All paths are absolute.
type demo struct {
	terraform string // the CLI
	config    string // the CLI configuration file
	provider  string // the built provider, which is the backend too
	example   string // the directory of the configuration
	directory string // where it is copied to and run

	environment []string      // of the person who started the demo
	patience    time.Duration // how long a command may take to stop

	out, errOut io.Writer
}

// step is a Terraform command of the demonstration. All that it prints is in a file; a person sees the lines that tell the story.
type step struct {
	why  string
	args []string
	// tells picks the lines to show; nil shows all.
	tells func(line string) bool
	// codes say what exit codes mean that are no success.
	codes map[int]string
}

// begins picks lines that begin with one of some texts.
func begins(texts ...string) func(string) bool {
	return func(line string) bool {
		return slices.ContainsFunc(texts, func(text string) bool { return strings.HasPrefix(line, text) })
	}
}

// run is the whole demonstration; it ends with the first step that fails.
func (d demo) run(ctx context.Context) error {
	if err := d.prepare(); err != nil {
		return fmt.Errorf("preparing %s: %w", d.directory, err)
	}
	for _, s := range []step{
		{"Terraform finds the provider in the mirror that make has filled", []string{"init"}, begins("Terraform has been"), nil},
		{"what would be done", []string{"plan", "-out=" + planFile}, begins("  # ", "Plan: "), nil},
		{"it is done", []string{"apply", planFile}, begins("Apply complete!"), nil},
		{"a second plan finds nothing left to do", []string{"plan", "-detailed-exitcode"}, begins("No changes."), map[int]string{
			changes: "the second plan is not empty: what was applied is not what the configuration says",
		}},
		{"who may do what in Task Mining now", []string{"output", "-raw", table}, nil, nil},
	} {
		if err := d.step(ctx, s); err != nil {
			return err
		}
	}
	d.next()
	return nil
}

// changes is the exit code of a plan that is not empty.
const changes = 2

// next says what to try next.
func (d demo) next() {
	directory, config := shell.Quote(d.directory), shell.Quote(d.config)
	backend := shell.Quote(d.provider) + " backend -data " + dataFile
	fmt.Fprintf(d.out, `
==> Three things to try next, in this folder

    cd %s; export TF_CLI_CONFIG_FILE=%s

    Look at it: who may do what, and through which group, at http://%s/
    $ %s -listen %s

    Change it: edit main.tf, and see what the change would do
    $ terraform plan

    Break it: every third request is answered 503, and Terraform goes on
    $ %s -fault 'rate=0.3 status=503' -- terraform plan -var embedded=false

    What the commands above printed in full is in init.txt, plan.txt, apply.txt and output.txt there.
`, directory, config, pageAddress, backend, pageAddress, backend)
}

// stay runs the backend on the demonstration's data until it is interrupted.
func (d demo) stay(ctx context.Context) error {
	fmt.Fprintf(d.out, "\n==> the backend is running: open http://%s/ and end it with Ctrl-C\n\n", pageAddress)
	cmd := d.command(ctx, d.provider, "backend", "-data", dataFile, "-listen", pageAddress)
	cmd.Stdout, cmd.Stderr = io.Discard, d.errOut
	if err := cmd.Run(); ctx.Err() == nil {
		return fmt.Errorf("the backend has ended: %w", err)
	}
	return nil
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

// step announces and runs one Terraform command, and shows what tells of it.
func (d demo) step(ctx context.Context, s step) error {
	fmt.Fprintf(d.out, "\n==> %s\n    $ terraform %s\n\n", s.why, strings.Join(s.args, " "))
	cmd := d.command(ctx, d.terraform, append([]string{s.args[0], "-no-color"}, s.args[1:]...)...)
	var printed bytes.Buffer
	cmd.Stdout, cmd.Stderr = &printed, &printed
	err := cmd.Run()
	if ctx.Err() != nil {
		return errors.New("interrupted")
	}
	exit, failed := errors.AsType[*exec.ExitError](err)
	if err != nil && !failed {
		return fmt.Errorf("running %s: %w", d.terraform, err)
	}
	if err := appendTo(filepath.Join(d.directory, s.args[0]+".txt"), printed.Bytes()); err != nil {
		return err
	}
	if failed {
		fmt.Fprintln(d.errOut, printed.String())
		return errors.New(cmp.Or(s.codes[exit.ExitCode()], fmt.Sprintf("terraform %s failed with exit code %d", s.args[0], exit.ExitCode())))
	}
	for line := range strings.Lines(printed.String()) {
		if s.tells == nil || s.tells(line) {
			fmt.Fprint(d.out, line)
		}
	}
	return nil
}

// appendTo writes behind what is in a file: there are two plans.
func appendTo(path string, text []byte) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	return errors.Join(err, file.Close())
}

// command is a command in the directory of the demonstration. An interrupt ends it.
func (d demo) command(ctx context.Context, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir, cmd.Env = d.directory, d.childEnvironment()
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = d.patience
	return cmd
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
