package main

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	// headingPattern is a numbered heading: "## 4. Role assignments", "### 4.3 Changing".
	headingPattern = regexp.MustCompile(`^#{2,6} ([0-9]+(?:\.[0-9]+)*[a-z]?)\.? `)
	// factPattern is a fact: "- **4.3-2** What it says. [attested: who says it]".
	factPattern = regexp.MustCompile(`^- \*\*([0-9]+(?:\.[0-9]+)*[a-z]?)-([0-9]+)\*\* (.*)$`)
	// markPattern is the end of a fact.
	markPattern = regexp.MustCompile(` \[(?:attested|documented|inferred|our choice): [^\[\]]+\]$`)
)

// readContract returns the numbers of sections and facts with the line that each stands at, and what is wrong with them.
func readContract(text string) (lineOf map[string]int, findings []finding) {
	lineOf = map[string]int{}
	number := 0
	enter := func(id string) {
		if first, twice := lineOf[id]; twice {
			findings = append(findings, finding{contractFile, number, fmt.Sprintf("the number %s is taken by line %d", id, first)})
			return
		}
		lineOf[id] = number
	}
	section := ""
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimRight(line, "\r\n")
		if heading := headingPattern.FindStringSubmatch(line); heading != nil {
			section = heading[1]
			enter(section)
			continue
		}
		fact := factPattern.FindStringSubmatch(line)
		if fact == nil {
			continue
		}
		id := fact[1] + "-" + fact[2]
		enter(id)
		if fact[1] != section {
			findings = append(findings, finding{contractFile, number, fmt.Sprintf("the fact %s stands in section %q", id, section)})
		}
		if !markPattern.MatchString(line) {
			findings = append(findings, finding{contractFile, number, fmt.Sprintf(
				"the fact %s does not end with its mark and sources, such as [attested: SDK]", id)})
		}
	}
	return lineOf, findings
}
