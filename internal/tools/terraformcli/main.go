// Command terraformcli prints the path of a Terraform CLI for the tests and the demo: the one on PATH where it is new
// enough, else one that it fetches into the given directory with HashiCorp's installer library.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"github.com/hashicorp/go-version"
)

// oldest is the first release that knows provider functions, which the provider has.
var oldest = version.Must(version.NewVersion("1.8.0"))

// fetched is the release that is fetched where PATH has none.
var fetched = version.Must(version.NewVersion("1.14.9"))

func main() {
	os.Exit(run())
}

func run() (exitCode int) {
	directory := flag.String("dir", "", "where a fetched Terraform is kept (required)")
	baseURL := flag.String("base-url", "", "a mirror of https://releases.hashicorp.com to fetch from")
	flag.Parse()

	if *directory == "" || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "terraformcli: usage: terraformcli -dir DIRECTORY [-base-url URL]")
		return 1
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	f := finder{
		lookPath: exec.LookPath,
		version:  installedVersion,
		install:  release{version: fetched, directory: *directory, baseURL: *baseURL}.install,
		progress: os.Stderr,
	}
	path, err := f.find(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, "terraformcli:", err)
		return 1
	}
	fmt.Println(path)
	return 0
}
