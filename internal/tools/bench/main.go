// Command bench measures the provider with a real Terraform CLI, beside a yardstick: a provider of the same framework whose
// resources have the same attributes and which does nothing. Both run in turn on the same machine, so that their ratio holds
// where the seconds do not. It prints a table with the bars beside the figures, and asserts nothing.
//
// The provider talks to the reference backend in another process, through a proxy that answers each request late. Processor time
// and memory are what the operating system charged the provider's processes with: Terraform starts a launcher, which starts and
// awaits the provider (see package usage). Memory is not told on Windows.
//
// It builds nothing; `make bench` does that first. What it writes is in one directory.
package main

import (
	"context"
	"debug/buildinfo"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
)

func main() {
	os.Exit(run())
}

func run() (exitCode int) {
	program := flag.String("terraform", "", "the Terraform CLI")
	provider := flag.String("provider", "", "the built provider")
	yardstick := flag.String("yardstick", "", "the built yardstick")
	launcher := flag.String("launcher", "", "the built launcher")
	directory := flag.String("dir", "", "where to work")
	form := flag.String("form", "", "short, full, review, or nothing for the standard form")
	flag.Parse()

	for _, path := range []*string{program, provider, yardstick, launcher, directory} {
		absolute, err := filepath.Abs(*path)
		if err != nil || *path == "" {
			fmt.Fprintln(os.Stderr, "bench: -terraform, -provider, -yardstick, -launcher and -dir must all be given")
			return 1
		}
		*path = absolute
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	config := filepath.Join(*directory, "terraform.tfrc")
	b := benchmark{
		terraform: terraform{program: *program, config: config, environment: os.Environ()},
		ours:      side{"uipath", *provider},
		yardstick: side{"yardstick", *yardstick},
		launcher:  *launcher,
		directory: *directory,
		progress:  os.Stderr,
	}
	if err := b.run(ctx, *form); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		return 1
	}
	return 0
}

// run measures, prints the table and keeps it.
func (b benchmark) run(ctx context.Context, form string) error {
	heading, err := b.heading()
	if err != nil {
		return err
	}
	if err := installOverrides(b.launcher, filepath.Join(b.directory, "plugins"), b.terraform.config, b.ours, b.yardstick); err != nil {
		return err
	}
	rows, err := b.rows(ctx, form)
	if err != nil {
		return err
	}
	text := report(heading, rows)
	fmt.Fprint(os.Stdout, "\n", text)
	return b.write(text)
}

// heading says what the figures hold for.
func (b benchmark) heading() (string, error) {
	ours, err := framework(b.ours.program)
	if err != nil {
		return "", err
	}
	theirs, err := framework(b.yardstick.program)
	if err != nil {
		return "", err
	}
	versions := "both with terraform-plugin-framework " + ours
	if ours != theirs {
		versions = fmt.Sprintf("terraform-plugin-framework %s, but the yardstick's is %s", ours, theirs)
	}
	return fmt.Sprintf("Medians; ratios pair by pair. %d processors, %s/%s; %s.", runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, versions), nil
}

// framework is the version of the framework that a program was built with.
func framework(program string) (string, error) {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return "", err
	}
	for _, dependency := range info.Deps {
		if dependency.Path == "github.com/hashicorp/terraform-plugin-framework" {
			return dependency.Version, nil
		}
	}
	return "", fmt.Errorf("%s was built without terraform-plugin-framework", program)
}
