// Command terraform-provider-uipath is the Terraform provider plugin for access management in UiPath. With `backend` as
// its first argument it runs the bundled reference backend instead, with `adopt` it writes the configuration of what exists, and
// with `review` it tells the change of access that a plan makes.
//
// Only the choice between them belongs here.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/adopt"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
	"github.com/accessascode/terraform-provider-uipath/internal/provider"
	"github.com/accessascode/terraform-provider-uipath/internal/review"
	"github.com/accessascode/terraform-provider-uipath/internal/review/organization"
)

// version is set by the linker when a release is built.
var version = "dev"

// waitingSignals is how many signals wait while a command is busy.
const waitingSignals = 8

const (
	address = "registry.terraform.io/accessascode/uipath"

	usage = `Terraform runs this program; it is not meant to be started by hand, except as

  terraform-provider-uipath backend [flags]              run the reference backend (-h lists the flags)
  terraform-provider-uipath backend [flags] -- COMMAND   run a command beside the reference backend
  terraform-provider-uipath adopt [flags]                write import blocks and resources for what exists already (-h says how)
  terraform-provider-uipath review [flags] [PLAN]        say who gains and who loses which access by a plan (-h says how)
  terraform-provider-uipath -debug                       serve the provider for a debugger
  terraform-provider-uipath -version                     print the version
`
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], backend.Process{
		Environ: os.Environ(), Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
	}, serve))
}

// serve speaks the plugin protocol with Terraform until Terraform is done.
func serve(_ context.Context, debug bool) error {
	if !debug {
		if err := silence(os.Environ(), os.Setenv); err != nil {
			return err
		}
	}
	collectLate(os.Getenv)
	return provider.Serve(address, version, debug)
}

// silence turns the log of this process off where no variable TF_LOG, or one that begins so, asks Terraform for a log. Terraform
// would drop every line, and writing them takes a quarter of the processor time of a large plan.
func silence(environ []string, setenv func(name, value string) error) error {
	for _, variable := range environ {
		if name, value, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "TF_LOG") && value != "" {
			return nil
		}
	}
	return errors.Join(setenv("TF_LOG_SDK", "off"), setenv("TF_LOG_PROVIDER_UIPATH", "off"))
}

// run does what args ask for and returns the exit code.
func run(ctx context.Context, args []string, p backend.Process, serve func(ctx context.Context, debug bool) error) int {
	if len(args) > 0 && args[0] == "backend" {
		// The plugin leaves signals alone: Terraform decides when it stops.
		signals := make(chan os.Signal, waitingSignals)
		signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
		defer signal.Stop(signals)
		p.Signals = signals
		return backend.Command(ctx, args[1:], p)
	}

	if len(args) > 0 && args[0] == "adopt" {
		return adopt.Command(ctx, args[1:], provider.Adoptable(version), p.Stdin, p.Stdout, p.Stderr)
	}

	if len(args) > 0 && args[0] == "review" {
		return review.Command(ctx, args[1:], review.Process{
			Getenv: getenv(p.Environ), Now: time.Now(), Stdin: p.Stdin, Stdout: p.Stdout, Stderr: p.Stderr, Connect: organization.Connect,
		})
	}

	flags := flag.NewFlagSet("terraform-provider-uipath", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	debug := flags.Bool("debug", false, "serve the provider for a debugger")
	printVersion := flags.Bool("version", false, "print the version")

	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(p.Stdout, usage)
		return 0
	case err != nil:
		fmt.Fprintf(p.Stderr, "terraform-provider-uipath: %v; -h shows what there is\n", err)
		return 1
	case flags.NArg() > 0:
		fmt.Fprintf(p.Stderr, "terraform-provider-uipath: unknown command %q; the only ones are backend, adopt and review\n", flags.Arg(0))
		return 1
	case *printVersion:
		fmt.Fprintf(p.Stdout, "terraform-provider-uipath %s\n", version)
		return 0
	}

	if err := serve(ctx, *debug); err != nil {
		fmt.Fprintf(p.Stderr, "terraform-provider-uipath: %v\n", err)
		return 1
	}
	return 0
}

// getenv looks variables up in an environment.
func getenv(environ []string) func(name string) string {
	return func(name string) string {
		for _, variable := range environ {
			if found, value, _ := strings.Cut(variable, "="); found == name {
				return value
			}
		}
		return ""
	}
}
