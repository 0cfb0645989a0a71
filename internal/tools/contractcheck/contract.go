package main

import (
	"fmt"
	"regexp"
	"strings"
)

// The marks that a fact may have, in the order in which the table counts them.
const (
	attested   = "attested"
	documented = "documented"
	inferred   = "inferred"
	ourChoice  = "our choice"
)

var marks = []string{attested, documented, inferred, ourChoice}

// notServedYet stands in the heading of a section, or in a fact, that neither client nor backend has.
const notServedYet = "not served yet"

var (
	// headingPattern is a numbered heading: "## 4. Role assignments", "### 4.3 Changing".
	headingPattern = regexp.MustCompile(`^#{2,6} ([0-9]+(?:\.[0-9]+)*[a-z]?)\.? `)
	// factPattern is a fact: "- **4.3-2** What it says. [attested: who says it]".
	factPattern = regexp.MustCompile(`^- \*\*([0-9]+(?:\.[0-9]+)*[a-z]?)-([0-9]+)\*\* (.*)$`)
	// markPattern is the end of a fact.
	markPattern = regexp.MustCompile(` \[(attested|documented|inferred|our choice): [^\[\]]+\]$`)
)

// fact is a numbered line of the contract.
type fact struct {
	id   string
	line int
	// mark is "" where it is missing.
	mark string
	// later says that the fact, or the heading above it, is marked as not served yet.
	later bool
}

// contract is CONTRACT.md.
type contract struct {
	// lineOf are the lines of the sections and facts by their numbers.
	lineOf map[string]int
	// facts are in the order of the file.
	facts []fact
}

// readContract returns the numbers of sections and facts with the line that each stands at, and what is wrong with them.
func readContract(text string) (c contract, findings []finding) {
	c.lineOf = map[string]int{}
	number := 0
	enter := func(id string) {
		if first, twice := c.lineOf[id]; twice {
			findings = append(findings, finding{contractFile, number, fmt.Sprintf("the number %s is taken by line %d", id, first)})
			return
		}
		c.lineOf[id] = number
	}
	section, later := "", false
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimRight(line, "\r\n")
		if heading := headingPattern.FindStringSubmatch(line); heading != nil {
			section, later = heading[1], strings.Contains(line, notServedYet)
			enter(section)
			continue
		}
		match := factPattern.FindStringSubmatch(line)
		if match == nil {
			continue
		}
		f := fact{id: match[1] + "-" + match[2], line: number, later: later || strings.Contains(strings.ToLower(match[3]), notServedYet)}
		enter(f.id)
		if match[1] != section {
			findings = append(findings, finding{contractFile, number, fmt.Sprintf("the fact %s stands in section %q", f.id, section)})
		}
		if mark := markPattern.FindStringSubmatch(line); mark != nil {
			f.mark = mark[1]
		} else {
			findings = append(findings, finding{contractFile, number, fmt.Sprintf(
				"the fact %s does not end with its mark and sources, such as [attested: SDK]", f.id)})
		}
		c.facts = append(c.facts, f)
	}
	return c, findings
}
