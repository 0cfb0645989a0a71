package review

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

const (
	// openRows and openFindings are how many are shown before the rest is folded, openLow how many where none matters more.
	openRows     = 15
	openFindings = 10
	openLow      = 3
	// maxMarkdown bounds what is written, in bytes: a comment on GitHub has 65,536 characters at most.
	maxMarkdown = 60_000
)

// markdownPage writes Markdown and stops adding rows where a comment would become too long.
type markdownPage struct {
	strings.Builder
	left int
}

// section writes a heading with a table, and folds what is more than open rows.
func (p *markdownPage) section(heading, header string, lines []string, open int) {
	if len(lines) == 0 {
		return
	}
	if heading != "" {
		p.add("\n### " + heading + "\n")
	}
	open = min(open, len(lines))
	if open > 0 {
		p.table(header, lines[:open])
	}
	if rest := lines[open:]; len(rest) > 0 {
		p.fold(fmt.Sprintf("%d more", len(rest)), header, rest)
	}
}

func (p *markdownPage) add(text string) { p.WriteString(text) }

func (p *markdownPage) table(header string, lines []string) {
	if header != "" {
		p.add("\n" + header + "\n" + "|" + strings.Repeat("---|", strings.Count(header, "|")-1) + "\n")
	} else {
		p.add("\n")
	}
	for _, line := range lines {
		if p.Len()+len(line) > maxMarkdown {
			p.left++
			continue
		}
		p.add(line + "\n")
	}
}

func (p *markdownPage) fold(summary, header string, lines []string) {
	p.add("\n<details><summary>" + summary + "</summary>\n")
	p.table(header, lines)
	p.add("\n</details>\n")
}

// WriteMarkdown writes the review for a comment on a pull request.
func (r *Review) WriteMarkdown(w io.Writer) error {
	p := &markdownPage{}
	p.add("## Change of access\n\n**" + r.headline() + "**")
	if found := r.findingCount(); found != "" {
		p.add(" " + found)
	}
	p.add("\n")

	open, accepted := r.split()
	const findingHeader = "| Severity | Finding | About | Why |"
	p.section("Findings", findingHeader, findingLines(open), openAtFirst(open))
	const rowHeader = "| | Who | Role | Where | |"
	p.section("Who gains and who loses", rowHeader, rowLines(r.rowsOf(Gains, Changes, Loses)), openRows)
	p.section("Roles", "", roleLines(r.Roles), openRows)
	if kept := r.rowsOf(Keeps); len(kept) > 0 {
		p.fold(fmt.Sprintf("Kept without a change of access: %d", len(kept)), rowHeader, rowLines(kept))
	}
	if len(accepted) > 0 {
		p.fold(fmt.Sprintf("Accepted findings: %d", len(accepted)), "| Until | Finding | About | Accepted because |", acceptedLines(accepted))
	}
	if len(r.Notes) > 0 {
		p.add("\n> " + strings.Join(r.Notes, "\n>\n> ") + "\n")
	}
	if p.left > 0 {
		fmt.Fprintf(p, "\n%s not shown, because a comment has a limit. `-format text` shows everything.\n", count(p.left, "line"))
	}
	_, err := io.WriteString(w, p.String())
	return err
}

// openAtFirst is how many findings are shown before the rest is folded: those that matter, and few of the others.
func openAtFirst(findings []Finding) int {
	grave := len(slices.DeleteFunc(slices.Clone(findings), func(f Finding) bool { return f.Severity == Low }))
	return min(openFindings, max(grave, openLow))
}

func findingLines(findings []Finding) []string {
	var lines []string
	for _, f := range findings {
		severity := string(f.Severity)
		if f.Severity == High {
			severity = "**high**"
		}
		lines = append(lines, fmt.Sprintf("| %s | `%s` | %s | %s |", severity, f.Name, subjectText(f.Subject, markdownName), f.Reason))
	}
	return lines
}

func acceptedLines(findings []Finding) []string {
	var lines []string
	for _, f := range findings {
		lines = append(lines, fmt.Sprintf("| %s | `%s` | %s | %s |",
			f.Accepted.Until, f.Name, subjectText(f.Subject, markdownName), markdownCode(f.Accepted.Reason)))
	}
	return lines
}

func rowLines(rows []Row) []string {
	var lines []string
	for _, row := range rows {
		line := fmt.Sprintf("| %s | %s | %s | %s | ", row.Verb, row.who(markdownName), markdownName(row.Role), markdownName(row.Scope))
		if remark := row.remark(markdownName); remark != "" {
			line += remark + " "
		}
		lines = append(lines, line+"|")
	}
	return lines
}

func roleLines(roles []RoleChange) []string {
	var lines []string
	for _, change := range roles {
		lines = append(lines, "- "+change.summary(markdownName, markdownCode))
	}
	return lines
}
