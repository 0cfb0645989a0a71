// Command contractcheck compares what the tracked files say of the contract with CONTRACT.md, and its facts with the cases of the
// conformance suite.
//
//	contractcheck [-write] DIRECTORY
//
// The directory is the root of a git checkout. Mentions are "contract 4.3", "contract 4.3-2", "contract 4.1, 4.3",
// "contract 7.2 to 7.5" and "contract sections 3.7 and 5.3". It lists those that point nowhere, numbers that occur twice and
// facts without a mark, cases of facts that do not exist, and facts with neither a case nor a reason, each as file:line: message, and
// exits 1 if there are any. With -write it brings the table of facts and cases at the end of CONTRACT.md up to date instead.
package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// contractFile is the path of the contract in the checkout.
const contractFile = "CONTRACT.md"

// errFound is the answer of a check that has listed findings.
var errFound = errors.New("the files and " + contractFile + " do not agree")

// finding is something wrong at a line of a file.
type finding struct {
	path    string
	line    int
	message string
}

func main() {
	write := flag.Bool("write", false, "write the table of facts and cases into "+contractFile)
	flag.Parse()

	if err := run(context.Background(), flag.Args(), *write, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "contractcheck:", err)
		os.Exit(1)
	}
}

// run checks one checkout and lists on out what is wrong, or writes its table.
func run(ctx context.Context, directories []string, write bool, out io.Writer) error {
	if len(directories) != 1 {
		return errors.New("name one directory, the root of the checkout")
	}
	if write {
		return writeTable(directories[0])
	}
	paths, err := trackedFiles(ctx, directories[0])
	if err != nil {
		return err
	}
	files := os.DirFS(directories[0])
	findings, err := check(files, paths)
	if err != nil {
		return err
	}
	unproven, err := checkCases(files)
	if err != nil {
		return err
	}
	findings = append(findings, unproven...)
	list(out, findings)
	if len(findings) > 0 {
		return errFound
	}
	return nil
}

func list(out io.Writer, findings []finding) {
	for _, f := range findings {
		fmt.Fprintf(out, "%s:%d: %s\n", f.path, f.line, f.message)
	}
}

// trackedFiles returns the paths of the files that may mention the contract. This command's own are not among them: they
// give examples.
func trackedFiles(ctx context.Context, directory string) ([]string, error) {
	git := exec.CommandContext(ctx, "git", "-C", directory, "ls-files", "-z", "--",
		"*.go", "*.md", "*.tmpl", "*.yaml", "*.yml", ":(exclude)internal/tools/contractcheck")
	var complaint bytes.Buffer
	git.Stderr = &complaint
	listed, err := git.Output()
	if err != nil {
		return nil, fmt.Errorf("list tracked files: %w: %s", err, strings.TrimSpace(complaint.String()))
	}
	return strings.FieldsFunc(string(listed), func(r rune) bool { return r == 0 }), nil
}

// check returns what is wrong with the numbers in the contract and in the files, sorted by file and line. A file that was deleted and is
// still tracked has nothing wrong.
func check(files fs.FS, paths []string) ([]finding, error) {
	text, err := fs.ReadFile(files, contractFile)
	if err != nil {
		return nil, err
	}
	contract, findings := readContract(string(text))
	if len(contract.lineOf) == 0 {
		return nil, errors.New(contractFile + " has no numbered section")
	}
	for _, path := range paths {
		text, err := fs.ReadFile(files, path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return nil, err
		}
		for _, m := range findMentions(string(text), path == contractFile) {
			if _, ok := contract.lineOf[m.number]; !ok {
				findings = append(findings, finding{path, m.line, fmt.Sprintf("contract %s points nowhere: %s has no such number", m.number, contractFile)})
			}
		}
	}
	slices.SortStableFunc(findings, func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.path, b.path), cmp.Compare(a.line, b.line))
	})
	// The contract names facts in two ways, and one mention may be both.
	return slices.Compact(findings), nil
}
