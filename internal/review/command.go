package review

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
)

const usage = `terraform-provider-uipath review [flags] [PLAN]

Says who gains, loses or keeps which access when a plan is applied. It reads what terraform show -json prints of a
saved plan, from the file or from standard input.

  terraform plan -out=tfplan
  terraform show -json tfplan | terraform-provider-uipath review

`

const (
	exitError    = 1
	exitFindings = 2
)

// Process is what the command has of its process, and of the rest of the program.
type Process struct {
	Getenv         func(name string) string
	Now            time.Time
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Connect signs in to the organization that the environment names, or to the reference backend with a data file.
	Connect func(ctx context.Context, getenv func(string) string, dataFile string) (Organization, error)
}

// Command runs the command with the arguments after its name, and returns the exit code: 2 where -fail-on has found something.
func Command(ctx context.Context, args []string, p Process) int {
	failed, err := p.command(ctx, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		fmt.Fprintf(p.Stderr, "terraform-provider-uipath review: %s\n", printable(err.Error()))
		return exitError
	case len(failed) > 0:
		fmt.Fprintf(p.Stderr, "terraform-provider-uipath review: the plan has findings that fail it: %s\n", strings.Join(failed, ", "))
		return exitFindings
	}
	return 0
}

type options struct {
	format, failOn, accept, callers, dataFile string
	expand                                    bool
}

func (p Process) command(ctx context.Context, args []string) (failed []string, err error) {
	var o options
	flags := flag.NewFlagSet("review", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.format, "format", "markdown", "`FORMAT` of the review: markdown, text or json")
	flags.StringVar(&o.failOn, "fail-on", "", "`NAMES` of findings, with commas between them, that end the command with exit code 2")
	flags.StringVar(&o.accept, "accept", "", "`FILE` of accepted findings, in YAML")
	flags.StringVar(&o.callers, "caller", p.Getenv("UIPATH_CLIENT_ID"),
		"`IDS` of those who apply the plan, with commas between them; the client id in UIPATH_CLIENT_ID by default")
	flags.BoolVar(&o.expand, "expand", false, "ask the organization, with address and credentials from the environment as the provider reads it "+
		"(UIPATH_URI, UIPATH_ORGANIZATION, UIPATH_CLIENT_ID, UIPATH_CLIENT_SECRET, UIPATH_PAT), who is in groups and who else holds a role")
	flags.StringVar(&o.dataFile, "reference-backend", "", "like -expand, and ask the reference backend with this data `FILE`")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		help(flags, p.Stdout)
		return nil, err
	} else if err != nil {
		return nil, fmt.Errorf("%w; -h shows what there is", err)
	}
	write := map[string]func(*Review, io.Writer) error{
		"markdown": (*Review).WriteMarkdown, "text": (*Review).WriteText, "json": (*Review).WriteJSON,
	}[o.format]
	if write == nil {
		return nil, fmt.Errorf("no format is called %q: give markdown, text or json", o.format)
	}
	names, err := failOn(o.failOn)
	if err != nil {
		return nil, err
	}
	if flags.NArg() > 1 {
		return nil, fmt.Errorf("give one plan, not %d", flags.NArg())
	}
	var acceptances []Acceptance
	if o.accept != "" {
		if acceptances, err = acceptancesIn(o.accept); err != nil {
			return nil, err
		}
	}
	r, err := readFrom(flags.Arg(0), p.Stdin)
	if err != nil {
		return nil, err
	}
	known, err := p.look(ctx, r, o)
	if err != nil {
		return nil, err
	}
	r.Find(known)
	r.Accept(acceptances, p.Now)
	return r.Fails(names), write(r, p.Stdout)
}

// look asks the organization, if that is wanted, and says what is not known otherwise.
func (p Process) look(ctx context.Context, r *Review, o options) (Known, error) {
	known := Known{}
	if !o.expand && o.dataFile == "" {
		r.Notes = append(r.Notes, "Read from the plan alone: who is in a group, and who holds a role outside of this configuration, is not known.")
	} else {
		asked, err := p.Connect(ctx, p.Getenv, o.dataFile)
		if err != nil {
			return Known{}, err
		}
		if known, err = r.Expand(ctx, asked); err != nil {
			return Known{}, err
		}
	}
	known.Callers = append(known.Callers, strings.Split(o.callers, ",")...)
	return known, nil
}

func help(flags *flag.FlagSet, stdout io.Writer) {
	fmt.Fprint(stdout, usage+"Flags:\n\n")
	flags.SetOutput(stdout)
	flags.PrintDefaults()
	fmt.Fprint(stdout, "\nFindings:\n\n")
	for _, kind := range findingKinds {
		fmt.Fprintf(stdout, "  %-27s %-7s %s\n", kind.name, kind.severity, kind.about)
	}
	fmt.Fprint(stdout, `
The file of accepted findings is a list. An entry without a subject accepts every finding of its name.

  - finding: direct-grant
    subject: grace.hopper@acme.example -> Automation Auditor @ Production
    reason: On call until the team has a group.
    until: 2026-12-31

Exit codes: 0, 1 for an error, 2 for an open finding that -fail-on names.
`)
}

// failOn reads the names of findings.
func failOn(list string) ([]string, error) {
	var names []string
	for name := range strings.SplitSeq(list, ",") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		if !slices.Contains(FindingNames(), name) {
			return nil, fmt.Errorf("-fail-on: no finding is called %q; there are %s", name, strings.Join(FindingNames(), ", "))
		}
		names = append(names, name)
	}
	return names, nil
}

func acceptancesIn(name string) ([]Acceptance, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("accepted findings: %w", err)
	}
	defer func() { _ = file.Close() }()
	list, err := ReadAcceptances(file)
	if err != nil {
		return nil, fmt.Errorf("accepted findings in %s: %w", name, err)
	}
	return list, nil
}

// readFrom reads a file, or standard input where none is named.
func readFrom(name string, stdin io.Reader) (*Review, error) {
	if name == "" || name == "-" {
		return Read(stdin)
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return Read(file)
}
