// Command launcher runs the provider that the benchmark measures and writes down what the operating system charged it with.
// Terraform starts the launcher, which stands where it looks for the provider; nobody else could wait for that process.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"

	"github.com/accessascode/terraform-provider-uipath/internal/tools/bench/usage"
)

func main() {
	os.Exit(run(os.Getenv("BENCH_PROVIDER"), os.Getenv("BENCH_USAGE"), os.Args[1:]))
}

// run starts the program, waits for it, appends what it took to the file and returns its exit code.
func run(program, file string, args []string) int {
	// An interrupt reaches both. The provider leaves it to Terraform, and the launcher outlives the provider.
	signal.Notify(make(chan os.Signal, 1), os.Interrupt)

	cmd := exec.Command(program, args...) //nolint:noctx // Terraform ends the provider.
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		fmt.Fprintln(os.Stderr, "launcher:", err)
		return 1
	}
	if err := usage.Of(cmd.ProcessState).Append(file); err != nil {
		fmt.Fprintln(os.Stderr, "launcher:", err)
		return 1
	}
	return cmd.ProcessState.ExitCode()
}
