package adopt

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

const usage = `terraform-provider-uipath adopt [-hcl] [FILTERS]
terraform-provider-uipath adopt -conflicts [FILE]

Takes over into Terraform what exists already. It changes nothing in the organization.

Without -conflicts it reads the organization and writes, on standard output, an import block for everything that
the credentials see and that the provider's resources manage: uipath_tenant_role, uipath_role_assignment and
uipath_task_mining_permission. What they cannot manage, and what the credentials may not read, stands in
comments with the reason.

  export UIPATH_ORGANIZATION=acme UIPATH_CLIENT_ID=... UIPATH_CLIENT_SECRET=...
  terraform-provider-uipath adopt -hcl > adopted.tf
  terraform plan      # imports only
  terraform apply
  terraform plan      # no changes

  -hcl                   Write the resources too, grouped by scope, by name as one writes them by hand. The import
                         blocks are at the end: remove them after the apply. Without -hcl Terraform can write the
                         resources: terraform plan -generate-config-out=adopted.tf

Filters, as in the list resources of terraform query:

  -tenant NAME           Only this tenant and what is in it, by name or GUID. UIPATH_TENANT narrows nothing.
  -scope-name NAMES      Only at this scope, such as "/" or "Production / Task Mining".
  -scope PATH            The same as a path, such as /tenant/{id}.
  -below                 At everything under that scope too.
  -principal-name NAME   Only what this principal holds, with the custom roles among it.
  -role-name NAME        Only roles of this name and their assignments; no Task Mining permissions.

Signing in works as in the provider: UIPATH_URI, UIPATH_ORGANIZATION, and UIPATH_CLIENT_ID with
UIPATH_CLIENT_SECRET, or UIPATH_PAT. Secrets have no flags, because other users of the machine see flags.

  -uri ADDRESS           In place of UIPATH_URI.
  -organization NAME     In place of UIPATH_ORGANIZATION.
  -data FILE             Read the data file of the embedded reference backend, without an account.
  -caller NAME           Who acts there; the default caller of its seed without it.
  -resolve-tenants=false, -resolve-principals=false, -resolve-folders=false, -resolve-projects=false
                         The settings of the provider of that name, for credentials that may not read these. Ids
                         stand in place of names.

With -conflicts it reads the output of terraform plan -json or terraform apply -json, from the file or from
standard input, and writes an import block for each object that was refused because it exists already: under the
address of its resource, with a comment that says what exists and, for a role assignment, who made it and when.

  terraform plan -json | terraform-provider-uipath adopt -conflicts > adopted.tf

`

// arguments are the command's flags.
type arguments struct {
	Query

	flags          *flag.FlagSet
	conflicts, hcl bool
}

// parse reads the arguments, and refuses those that do not go together.
func parse(args []string) (arguments, error) {
	a := arguments{flags: flag.NewFlagSet("adopt", flag.ContinueOnError)}
	a.flags.SetOutput(io.Discard)
	a.flags.BoolVar(&a.conflicts, "conflicts", false, "")
	a.flags.BoolVar(&a.hcl, "hcl", false, "")
	a.flags.BoolVar(&a.Below, "below", false, "")
	for name, target := range map[string]*string{
		"tenant": &a.Tenant, "scope": &a.Scope, "scope-name": &a.ScopeName, "principal-name": &a.PrincipalName, "role-name": &a.RoleName,
		"uri": &a.BaseURL, "organization": &a.Organization, "data": &a.DataFile, "caller": &a.Caller,
	} {
		a.flags.Func(name, "", func(value string) error {
			if value == "" {
				return errors.New("it is empty")
			}
			*target = value
			return nil
		})
	}
	for name, without := range map[string]*bool{
		"resolve-tenants": &a.WithoutTenants, "resolve-principals": &a.WithoutPrincipals, "resolve-folders": &a.WithoutFolders,
		"resolve-projects": &a.WithoutProjects,
	} {
		a.flags.BoolFunc(name, "", func(value string) error {
			*without = value == "false"
			if value != "true" && value != "false" {
				return errors.New("say true or false")
			}
			return nil
		})
	}
	if err := a.flags.Parse(args); err != nil {
		return a, fmt.Errorf("%w; -h shows what there is", err)
	}
	return a, a.check()
}

func (a arguments) check() error {
	given := map[string]bool{}
	a.flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	switch {
	case a.conflicts && len(given) > 1:
		return errors.New("-conflicts takes no other flag: it asks no organization")
	case a.conflicts && a.flags.NArg() > 1:
		return fmt.Errorf("give one file, not %d", a.flags.NArg())
	case a.conflicts:
		return nil
	case a.flags.NArg() > 0:
		return fmt.Errorf("%q is no flag. A plan is read with -conflicts", a.flags.Arg(0))
	case given["tenant"] && (given["scope"] || given["scope-name"]), given["scope"] && given["scope-name"]:
		return errors.New("give one of -tenant, -scope and -scope-name")
	case a.Below && !given["scope"] && !given["scope-name"]:
		return errors.New("-below belongs to -scope or -scope-name: without them everything is read")
	case given["caller"] && !given["data"]:
		return errors.New("-caller belongs to -data: a server knows who acts by its credentials")
	case given["data"] && given["uri"]:
		return errors.New("give -data or -uri: the embedded backend has no address")
	}
	return nil
}

// Command runs the command with the arguments after its name, and returns the exit code: 0 also where there is nothing to adopt.
func Command(ctx context.Context, args []string, find Find, stdin io.Reader, stdout, stderr io.Writer) int {
	say := func(format string, args ...any) {
		fmt.Fprintf(stderr, "terraform-provider-uipath adopt: "+format+"\n", args...)
	}
	a, err := parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return 0
	case err == nil && a.conflicts:
		err = writeConflicts(a.flags.Arg(0), stdin, stdout, say)
	case err == nil:
		err = writeOrganization(ctx, a, find, stdout, say)
	}
	if err != nil {
		say("%s", oneLine(err.Error()))
		return 1
	}
	return 0
}

// writeConflicts reads the output of Terraform, from a file if it has a name.
func writeConflicts(name string, stdin io.Reader, stdout io.Writer, say func(string, ...any)) error {
	if name != "" {
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		stdin = bytes.NewReader(content)
	}
	found, err := Conflicts(stdin)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		say("nothing exists already, says the output")
	}
	return Write(stdout, found)
}

// writeOrganization reads an organization. Nothing is written unless all of it that may be read was read.
func writeOrganization(ctx context.Context, a arguments, find Find, stdout io.Writer, say func(string, ...any)) error {
	if a.DataFile != "" {
		// The backend would create the file.
		if _, err := os.Stat(a.DataFile); err != nil {
			return err
		}
	}
	found, err := find(ctx, a.Query)
	if err != nil {
		return err
	}
	for _, what := range found.Unread {
		say("these credentials may not read %s", oneLine(what))
	}
	say("%s", summary(found))
	return WriteConfiguration(stdout, found, a.hcl)
}
