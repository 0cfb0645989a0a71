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
	example := flag.String("example", "", "the directory of the configuration")
	directory := flag.String("dir", "", "where to work; cleared first")
	flag.Parse()

	for _, path := range []*string{terraform, config, example, directory} {
		absolute, err := filepath.Abs(*path)
		if err != nil || *path == "" {
			fmt.Fprintln(os.Stderr, "demo: -terraform, -config, -example and -dir must all be given")
			return 1
		}
		*path = absolute
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	d := demo{
		terraform:   *terraform,
		config:      *config,
		example:     *example,
		directory:   *directory,
		environment: os.Environ(),
		color:       isTerminal(os.Stdout),
		patience:    30 * time.Second,
		out:         os.Stdout,
		errOut:      os.Stderr,
	}
	if err := d.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "\ndemo:", err)
		return 1
	}
	return 0
}

// isTerminal tells whether a person looks at the file. Terraform colors its output wherever that goes.
func isTerminal(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("NO_COLOR") == ""
}
