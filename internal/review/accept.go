package review

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Acceptance is a finding that somebody has accepted.
type Acceptance struct {
	// Finding is one of [FindingNames].
	Finding string `json:"finding" yaml:"finding"`
	// Subject narrows it to findings about this, as the review writes it: "grace@acme.example -> Tenant Administrator @ Production".
	Subject string `json:"subject,omitempty" yaml:"subject"`
	Reason  string `json:"reason" yaml:"reason"`
	// Until is the last day on which it is accepted, such as 2026-12-31, in UTC.
	Until string `json:"until" yaml:"until"`
}

// maxAcceptances bounds the file of accepted findings, in bytes.
const maxAcceptances = 1 << 20

// ReadAcceptances reads a file of accepted findings: a YAML list. All that is wrong with it is an error, so that nothing is accepted
// by mistake.
func ReadAcceptances(from io.Reader) ([]Acceptance, error) {
	content, err := io.ReadAll(io.LimitReader(from, maxAcceptances+1))
	if err != nil {
		return nil, err
	}
	if len(content) > maxAcceptances {
		return nil, fmt.Errorf("it is larger than %d MiB", maxAcceptances>>20)
	}
	var list []Acceptance
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	if err := decoder.Decode(&list); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	for i, a := range list {
		if objection := a.objection(); objection != "" {
			return nil, fmt.Errorf("entry %d: %s", i+1, objection)
		}
	}
	return list, nil
}

func (a Acceptance) objection() string {
	switch _, err := time.Parse(time.DateOnly, a.Until); {
	case !slices.Contains(FindingNames(), a.Finding):
		return fmt.Sprintf("no finding is called %q; there are %s", a.Finding, strings.Join(FindingNames(), ", "))
	case strings.TrimSpace(a.Reason) == "":
		return "give the reason"
	case err != nil:
		return fmt.Sprintf("until is %q: give the last day, such as 2026-12-31", a.Until)
	}
	return ""
}

// Accept marks the findings that are accepted at a time. Entries that have ended count no more, which a note says.
func (r *Review) Accept(list []Acceptance, now time.Time) {
	today := now.UTC().Format(time.DateOnly)
	expired := map[string]bool{}
	for i := range r.Findings {
		finding := &r.Findings[i]
		for _, a := range list {
			switch {
			case a.Finding != finding.Name || a.Subject != "" && a.Subject != finding.subject():
			case a.Until < today:
				expired[a.Finding] = true
			case finding.Accepted == nil:
				finding.Accepted = &a
			}
		}
	}
	for _, name := range FindingNames() {
		if expired[name] {
			r.Notes = append(r.Notes, "An acceptance of "+name+" has ended.")
		}
	}
}

// Fails returns those of the names that an open finding has.
func (r *Review) Fails(names []string) []string {
	var failed []string
	for _, name := range names {
		if slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Name == name && f.Accepted == nil }) {
			failed = append(failed, name)
		}
	}
	return failed
}

// subject is what the finding is about, in one line of plain text.
func (f Finding) subject() string { return subjectText(f.Subject, plainName) }

// subjectText writes a subject: a principal, its role and the scope, or a role and its tenant.
func subjectText(subject []Name, write func(Name) string) string {
	var b strings.Builder
	separators := []string{"", " -> ", " @ "}
	if len(subject) == 2 {
		separators = []string{"", " @ "}
	}
	for i, name := range subject {
		if i < len(separators) {
			b.WriteString(separators[i])
		}
		b.WriteString(write(name))
	}
	return b.String()
}
