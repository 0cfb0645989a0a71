// Command fmtexamples formats the Terraform files of the examples as `terraform fmt` does, without a Terraform CLI.
//
//	fmtexamples [-check] DIRECTORY...
//
// With -check it changes nothing, lists what is not formatted and exits 1.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// errUnformatted is the answer of a check that has listed files.
var errUnformatted = errors.New("not formatted: run make fmt")

func main() {
	check := flag.Bool("check", false, "list the files that are not formatted and exit 1")
	flag.Parse()

	if err := run(flag.Args(), *check, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "fmtexamples:", err)
		os.Exit(1)
	}
}

// run formats the files below the directories and lists on out those that it changed, or would change.
func run(directories []string, check bool, out io.Writer) error {
	if len(directories) == 0 {
		return errors.New("name at least one directory")
	}

	changed := false
	for _, directory := range directories {
		paths, err := formatBelow(directory, check)
		if err != nil {
			return err
		}
		for _, path := range paths {
			changed = true
			fmt.Fprintln(out, path)
		}
	}

	if check && changed {
		return errUnformatted
	}
	return nil
}

// formatBelow formats the files below one directory, or only looks at them, and returns the paths of those that were
// not formatted.
func formatBelow(directory string, check bool) (paths []string, err error) {
	root, err := os.OpenRoot(directory)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, root.Close()) }()

	err = fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == ".terraform":
			return fs.SkipDir
		case entry.IsDir() || !formattable(entry.Name()):
			return nil
		}

		path := filepath.Join(directory, filepath.FromSlash(name))
		was, err := root.ReadFile(name)
		if err != nil {
			return err
		}
		formatted, err := format(path, was)
		if err != nil || bytes.Equal(was, formatted) {
			return err
		}
		paths = append(paths, path)
		if check {
			return nil
		}
		// The file exists, so it keeps its mode.
		return root.WriteFile(name, formatted, 0o644)
	})
	return paths, err
}

func formattable(name string) bool {
	return strings.HasSuffix(name, ".tf") || strings.HasSuffix(name, ".tfvars") || strings.HasSuffix(name, ".tfquery.hcl")
}

// format returns source in canonical form. A file that does not parse is an error with the line, never rewritten.
func format(path string, source []byte) ([]byte, error) {
	if _, diags := hclsyntax.ParseConfig(source, path, hcl.InitialPos); diags.HasErrors() {
		return nil, diags
	}
	return hclwrite.Format(source), nil
}
