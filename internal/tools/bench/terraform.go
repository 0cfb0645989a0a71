package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/tools/bench/usage"
	"github.com/accessascode/terraform-provider-uipath/internal/tools/environ"
)

// patience is how long a program may take to stop.
const patience = 30 * time.Second

// terraform is the CLI and how it is started.
type terraform struct {
	program     string
	config      string // the CLI configuration file
	environment []string
}

// workspace is a directory with a configuration and its state.
type workspace struct {
	terraform terraform
	side      side
	directory string
}

// newWorkspace writes the configuration into an empty directory.
func (t terraform) newWorkspace(s side, directory, configuration string) (workspace, error) {
	if err := os.RemoveAll(directory); err != nil {
		return workspace{}, err
	}
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return workspace{}, err
	}
	return workspace{t, s, directory}, os.WriteFile(filepath.Join(directory, "main.tf"), []byte(configuration), 0o600)
}

// verb is a Terraform command that is measured.
type verb string

const (
	apply   verb = "apply"
	plan    verb = "plan"
	destroy verb = "destroy"
)

// arguments are those of the command. A plan with changes is an error, because there are to be none after an apply.
func (v verb) arguments(parallelism int) []string {
	args := []string{string(v), "-no-color", "-input=false", "-parallelism=" + strconv.Itoa(parallelism)}
	if v == plan {
		return append(args, "-detailed-exitcode")
	}
	return append(args, "-auto-approve")
}

// run runs the command and returns how long it took, and what the provider's processes took.
func (w workspace) run(ctx context.Context, v verb, parallelism int) (time.Duration, usage.Process, error) {
	file := filepath.Join(w.directory, "usage.jsonl")
	cmd := exec.CommandContext(ctx, w.terraform.program, v.arguments(parallelism)...)
	cmd.Dir = w.directory
	cmd.Env = append(environ.Without(w.terraform.environment, "TF_", "UIPATH_", "CHECKPOINT_DISABLE=", "BENCH_"),
		"TF_CLI_CONFIG_FILE="+w.terraform.config, "TF_DATA_DIR="+filepath.Join(w.directory, ".terraform"), "CHECKPOINT_DISABLE=1",
		"BENCH_PROVIDER="+w.side.program, "BENCH_USAGE="+file)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = patience

	began := time.Now()
	err := cmd.Run()
	took := time.Since(began)
	if err != nil {
		if exit := (*exec.ExitError)(nil); v == plan && errors.As(err, &exit) && exit.ExitCode() == 2 {
			err = errors.New("there are changes although nothing changed")
		}
		return 0, usage.Process{}, fmt.Errorf("%s: terraform %s: %w\n%s", w.side.name, v, err, tail(out.Bytes()))
	}
	process, err := usage.Take(file)
	return took, process, err
}

// tail is the end of an output.
func tail(out []byte) []byte {
	const enough = 4000
	return out[max(0, len(out)-enough):]
}

// installOverrides puts the launcher where Terraform looks for each of the providers, and writes a CLI configuration file that
// makes it look there. No registry is asked then.
func installOverrides(launcher, directory, config string, sides ...side) error {
	program, err := os.ReadFile(launcher)
	if err != nil {
		return err
	}
	var overrides strings.Builder
	for _, s := range sides {
		folder := filepath.Join(directory, s.name)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		file := filepath.Join(folder, "terraform-provider-"+s.name+filepath.Ext(launcher))
		if err := os.WriteFile(file, program, 0o755); err != nil {
			return err
		}
		fmt.Fprintf(&overrides, "    \"accessascode/%s\" = %q\n", s.name, filepath.ToSlash(folder))
	}
	text := fmt.Sprintf("provider_installation {\n  dev_overrides {\n%s  }\n}\n", &overrides)
	return os.WriteFile(config, []byte(text), 0o600)
}
