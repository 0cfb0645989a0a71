package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// tableHeading begins the generated end of the contract.
const tableHeading = "## Facts and cases\n"

// tableText is written between the heading and the tables.
const tableText = "\nWritten by `make generate` from the facts above and from the tables in [`" + suite + "`](" + suite + "), the conformance\n" +
	"suite. It sends requests to the reference backend and compares the answers with the facts. The case of a fact is the test\n" +
	"`TestFacts/{fact}` in the file named. \"Served\" is what the backend does. A deviation is a case that states the fact and that the\n" +
	"backend is known to fail.\n\n"

// writeTable brings the end of the contract in a directory up to date.
func writeTable(directory string) error {
	files := os.DirFS(directory)
	text, err := fs.ReadFile(files, contractFile)
	if err != nil {
		return err
	}
	cases, _, err := readCases(files)
	if err != nil {
		return err
	}
	c, _ := readContract(string(text))
	all, _ := cover(c, cases)
	head, _, _ := bytes.Cut(text, []byte(tableHeading))
	head = append(bytes.TrimRight(head, "\n"), "\n\n"...)
	return os.WriteFile(filepath.Join(directory, contractFile), append(head, formatTable(all)...), 0o644)
}

// formatTable returns the end of the contract: the sums, and a row for each fact.
func formatTable(all []coverage) string {
	var out strings.Builder
	out.WriteString(tableHeading + tableText)
	out.WriteString("| Mark | Facts | Served | With a case | Of these with a deviation |\n|---|---|---|---|---|\n")
	var total sums
	for _, mark := range marks {
		var of sums
		for _, f := range all {
			if f.mark == mark {
				of.add(f)
				total.add(f)
			}
		}
		out.WriteString(of.row(mark))
	}
	out.WriteString(total.row("all"))
	out.WriteString("\n| Fact | Mark | Case |\n|---|---|---|\n")
	for _, f := range all {
		fmt.Fprintf(&out, "| %s | %s | %s |\n", f.id, f.mark, f.describe())
	}
	return out.String()
}

// sums count facts. A fact that is not served counts as one with a case when the case waits for it.
type sums struct{ facts, served, proven, deviating int }

func (s *sums) add(f coverage) {
	s.facts++
	if f.served {
		s.served++
	}
	if f.served && len(f.files) > 0 {
		s.proven++
		if len(f.deviations) > 0 {
			s.deviating++
		}
	}
}

func (s *sums) row(name string) string {
	return fmt.Sprintf("| %s | %d | %d | %d | %d |\n", name, s.facts, s.served, s.proven, s.deviating)
}

// describe says in one cell what the suite has about a fact.
func (of *coverage) describe() string {
	switch {
	case len(of.files) == 0 && of.excused && of.served:
		return "none, although it is served: " + of.reason
	case len(of.files) == 0 && of.excused:
		return "none: " + of.reason
	case len(of.files) == 0:
		return notServedYet
	}
	cell := "`" + strings.Join(of.files, "`, `") + "`"
	if len(of.deviations) > 0 {
		cell += "; deviation: " + strings.Join(of.deviations, "; ")
	}
	return cell
}
