// Command mirror places a built provider in a filesystem mirror and writes a CLI configuration file that makes Terraform
// take this provider, and no other, from there.
//
// Development overrides would be less work, but with them `terraform init` fails as long as the provider is unpublished.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/accessascode/terraform-provider-uipath/internal/tools/shell"
)

// address is what a configuration names as the source of the provider, with its default host written out.
const address = "registry.terraform.io/accessascode/uipath"

func main() {
	binary := flag.String("binary", "", "the built provider")
	directory := flag.String("dir", "", "the root of the mirror")
	config := flag.String("config", "", "the CLI configuration file to write")
	number := flag.String("version", "", "the version that the mirror offers, as 1.2.3")
	flag.Parse()

	if err := run(*binary, *directory, *config, *number, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "mirror:", err)
		os.Exit(1)
	}
}

// run installs the binary and tells on out how to use it. Another version that the mirror held is removed: Terraform
// takes the highest one, which need not be the one just built.
func run(binary, directory, config, number string, out io.Writer) error {
	if binary == "" || directory == "" || config == "" {
		return fmt.Errorf("-binary %q, -dir %q and -config %q must all be given", binary, directory, config)
	}
	if _, err := version.NewSemver(number); err != nil {
		return fmt.Errorf("-version %q must be a version such as 1.2.3: %w", number, err)
	}
	directory, err := filepath.Abs(directory)
	if err != nil {
		return err
	}
	config, err = filepath.Abs(config)
	if err != nil {
		return err
	}

	name := "terraform-provider-uipath_v" + number
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	versions := filepath.Join(directory, filepath.FromSlash(address))
	if err := os.RemoveAll(versions); err != nil {
		return err
	}
	installed := filepath.Join(versions, number, runtime.GOOS+"_"+runtime.GOARCH, name)
	if err := copyProgram(binary, installed); err != nil {
		return err
	}
	if err := os.WriteFile(config, configuration(directory), 0o644); err != nil {
		return err
	}

	_, err = fmt.Fprintf(out, `installed %s

To use it, in any directory with a configuration whose source is accessascode/uipath:

  export TF_CLI_CONFIG_FILE=%s
  terraform init

After another make install, remove .terraform.lock.hcl there first: it holds the checksum of the provider before.
`, installed, shell.Quote(config))
	return err
}

// configuration is the CLI configuration file for a mirror at directory.
func configuration(directory string) []byte {
	only := cty.TupleVal([]cty.Value{cty.StringVal(address)})

	file := hclwrite.NewEmptyFile()
	methods := file.Body().AppendNewBlock("provider_installation", nil).Body()
	mirror := methods.AppendNewBlock("filesystem_mirror", nil).Body()
	mirror.SetAttributeValue("path", cty.StringVal(filepath.ToSlash(directory)))
	mirror.SetAttributeValue("include", only)
	methods.AppendNewBlock("direct", nil).Body().SetAttributeValue("exclude", only)
	return file.Bytes()
}

func copyProgram(from, to string) error {
	program, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, program, 0o755)
}
