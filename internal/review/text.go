package review

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode"
	"unicode/utf8"
)

// WriteText writes the review for a terminal.
func (r *Review) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", r.headline(), r.findingCount())
	open, accepted := r.split()
	section := func(heading string, lines []string) {
		if len(lines) == 0 {
			return
		}
		fmt.Fprintf(&b, "\n%s:\n", heading)
		columns := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
		for _, line := range lines {
			fmt.Fprintln(columns, "  "+line)
		}
		_ = columns.Flush()
	}
	var lines []string
	for _, f := range open {
		lines = append(lines, strings.Join([]string{string(f.Severity), f.Name, f.subject(), f.Reason}, "\t"))
	}
	section("Findings", lines)
	section("Who gains and who loses", textRows(r.rowsOf(Gains, Changes, Loses)))
	lines = nil
	for _, change := range r.Roles {
		lines = append(lines, change.summary(plainName, printable))
	}
	section("Roles", lines)
	section("Kept without a change of access", textRows(r.rowsOf(Keeps)))
	lines = nil
	for _, f := range accepted {
		lines = append(lines, strings.Join([]string{f.Accepted.Until, f.Name, f.subject(), printable(f.Accepted.Reason)}, "\t"))
	}
	section("Accepted findings", lines)
	section("Notes", r.Notes)
	_, err := io.WriteString(w, b.String())
	return err
}

func textRows(rows []Row) []string {
	var lines []string
	for _, row := range rows {
		cells := []string{string(row.Verb), row.who(plainName), plainName(row.Role), plainName(row.Scope), row.remark(plainName)}
		lines = append(lines, strings.TrimRight(strings.Join(cells, "\t"), "\t"))
	}
	return lines
}

// WriteJSON writes the review for programs. What a terminal could act on is escaped.
func (r *Review) WriteJSON(w io.Writer) error {
	whole := *r
	whole.Findings, whole.Rows = notNil(r.Findings), notNil(r.Rows)
	whole.Roles, whole.Notes = notNil(r.Roles), notNil(r.Notes)
	content, err := json.MarshalIndent(whole, "", "  ")
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, c := range string(content) {
		switch {
		case c < utf8.RuneSelf && c != 0x7f || unicode.IsPrint(c):
			b.WriteRune(c)
		case c > 0xffff:
			high, low := (c-0x10000)>>10+0xd800, (c-0x10000)&0x3ff+0xdc00
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, c)
		}
	}
	_, err = io.WriteString(w, b.String()+"\n")
	return err
}

// notNil lets an empty list be written as one.
func notNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
