package adopt

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

const usage = `terraform-provider-uipath adopt -conflicts [FILE]

Reads the output of terraform plan -json or terraform apply -json, from the file or from standard input, and
writes an import block for each object that was refused because it exists already: under the address of its
resource, with a comment that says what exists and, for a role assignment, who made it and when.

  terraform plan -json | terraform-provider-uipath adopt -conflicts > adopted.tf

`

// Command runs the command with the arguments after its name, and returns the exit code: 0 also where there is nothing to adopt.
func Command(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("adopt", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	conflicts := flags.Bool("conflicts", false, "take over what exists already according to a plan or an apply")
	fail := func(format string, args ...any) int {
		fmt.Fprintf(stderr, "terraform-provider-uipath adopt: "+format+"\n", args...)
		return 1
	}
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return 0
	case err != nil:
		return fail("%v; -h shows what there is", err)
	case !*conflicts:
		return fail("say what to adopt: -conflicts is what there is")
	case flags.NArg() > 1:
		return fail("give one file, not %d", flags.NArg())
	}
	if name := flags.Arg(0); name != "" {
		content, err := os.ReadFile(name)
		if err != nil {
			return fail("%v", err)
		}
		stdin = bytes.NewReader(content)
	}
	found, err := Conflicts(stdin)
	if err != nil {
		return fail("%v", err)
	}
	if len(found) == 0 {
		fmt.Fprintln(stderr, "terraform-provider-uipath adopt: nothing exists already, says the output")
	}
	if err := Write(stdout, found); err != nil {
		return fail("%v", err)
	}
	return 0
}
