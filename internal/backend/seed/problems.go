package seed

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

const (
	// maxProblems bounds how many mistakes one error reports.
	maxProblems = 10
	// maxMessage bounds the length in bytes of what is said about one of them, because it may quote the file.
	maxMessage = 400
)

// Problem is one mistake in a seed.
type Problem struct {
	// Line is where it stands, from 1; 0 where it has no place.
	Line    int
	Message string
}

// Error is what is wrong with a seed: its first mistakes, in the order of the file.
type Error struct {
	Problems []Problem
	// More is how many further mistakes there are.
	More int
}

// Error implements error, on one line.
func (e *Error) Error() string {
	parts := make([]string, 0, len(e.Problems)+1)
	for _, p := range e.Problems {
		if p.Line > 0 {
			parts = append(parts, fmt.Sprintf("line %d: %s", p.Line, p.Message))
		} else {
			parts = append(parts, p.Message)
		}
	}
	if e.More > 0 {
		parts = append(parts, fmt.Sprintf("and %d more", e.More))
	}
	return "seed: " + strings.Join(parts, "; ")
}

// problems collects the mistakes in a file.
type problems struct{ found []Problem }

func (p *problems) reportf(line int, format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	if len(message) > maxMessage {
		message = strings.ToValidUTF8(message[:maxMessage], "") + "..."
	}
	p.found = append(p.found, Problem{line, message})
}

func (p *problems) err() error {
	if len(p.found) == 0 {
		return nil
	}
	slices.SortStableFunc(p.found, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	shown := min(len(p.found), maxProblems)
	return &Error{Problems: p.found[:shown], More: len(p.found) - shown}
}

// offer ends a message with the nearest candidates, or with all of them where they are few and none is near. It offers nothing after
// very many mistakes, because comparing takes time.
func (p *problems) offer(name string, candidates []string) string {
	const few = 12
	if len(p.found) > few {
		return ""
	}
	if question := access.DidYouMean(name, candidates); question != "" {
		return ". " + question
	}
	if len(candidates) > 0 && len(candidates) <= few {
		return "; known are " + strings.Join(candidates, ", ")
	}
	return ""
}
