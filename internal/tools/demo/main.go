// Command demo shows the provider at work: it plans and applies an example with a real Terraform CLI on the reference backend inside
// the provider, plans again, and prints who may do what then.
//
// It builds nothing; `make demo` does that first. What it writes is in one directory, which it clears when it starts.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

func main() {
	os.Exit(run())
}

func run() (exitCode int) {
	terraform := flag.String("terraform", "", "the Terraform CLI")
	config := flag.String("config", "", "the CLI configuration file that leads Terraform to the built provider")
	provider := flag.String("provider", "", "the built provider")
	example := flag.String("example", "", "the directory of the configuration")
	directory := flag.String("dir", "", "where to work; cleared first")
	stay := flag.Bool("stay", false, "leave the backend running, to look at its page")
	flag.Parse()

	for _, path := range []*string{terraform, config, provider, example, directory} {
		absolute, err := filepath.Abs(*path)
		if err != nil || *path == "" {
			fmt.Fprintln(os.Stderr, "demo: -terraform, -config, -provider, -example and -dir must all be given")
			return 1
		}
		*path = absolute
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	d := demo{
		terraform:   *terraform,
		config:      *config,
		provider:    *provider,
		example:     *example,
		directory:   *directory,
		environment: os.Environ(),
		patience:    30 * time.Second,
		out:         os.Stdout,
		errOut:      os.Stderr,
	}
	err := d.run(ctx)
	if err == nil && *stay {
		err = d.stay(ctx)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "\ndemo:", err)
		return 1
	}
	return 0
}
