package uipath

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// The errors of the floor, for those who need not know that there is one.
type (
	// Error is a request that did not succeed.
	Error = rest.Error
	// SettingError is a wrong setting.
	SettingError = rest.SettingError
	// Problem is what is wrong with a setting.
	Problem = rest.Problem
)

// What errors.Is finds out about a refusal; see package rest.
var (
	ErrNotFound     = rest.ErrNotFound
	ErrUnauthorized = rest.ErrUnauthorized
	ErrForbidden    = rest.ErrForbidden
	ErrConflict     = rest.ErrConflict
	ErrTimeout      = rest.ErrTimeout
	ErrUnsettled    = rest.ErrUnsettled
)

// NotFoundError is a name or id that stands for nothing. It is not [ErrNotFound], which is said of an object known before.
type NotFoundError struct {
	// Kind is what was looked for, such as "tenant".
	Kind string
	// Name is the name or id that was given.
	Name string
	// Candidates are the names there are, sorted.
	Candidates []string
	// Note is a sentence that helps, such as what else has the name; "" for none.
	Note string
}

// maxCandidates bounds what a message lists.
const maxCandidates = 20

// Error names the candidates.
func (e *NotFoundError) Error() string {
	text := fmt.Sprintf("There is no %s %q.", e.Kind, e.Name)
	if e.Note != "" {
		text += " " + e.Note
	}
	near := access.DidYouMean(e.Name, e.Candidates)
	if near != "" {
		text += " " + near
	}
	switch {
	case len(e.Candidates) == 0:
		return text + fmt.Sprintf(" These credentials see no %s at all.", e.Kind)
	case near != "" && len(e.Candidates) > maxCandidates:
		return text
	}
	var listed []string
	for _, name := range e.Candidates[:min(maxCandidates, len(e.Candidates))] {
		listed = append(listed, fmt.Sprintf("%q", name))
	}
	text += " There are: " + strings.Join(listed, ", ")
	if more := len(e.Candidates) - len(listed); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text + "."
}

// AmbiguousError is a name that stands for several.
type AmbiguousError struct {
	// Kind is what was looked for, such as "tenant"; Name is the name that was given.
	Kind string
	Name string
	// Matches are those that have the name.
	Matches []Match
}

// Match is one of several things of a name.
type Match struct {
	ID string
	// Description tells it from the others, such as "group Sam"; "" where only the id does.
	Description string
}

// String is the match as messages list it.
func (m Match) String() string {
	if m.Description == "" {
		return m.ID
	}
	return fmt.Sprintf("%s (%s)", m.Description, m.ID)
}

// Error names the matches.
func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("There is more than one %s named %q: %s. Give the id instead.", e.Kind, e.Name, joined(e.Matches))
}

// RoleExistsError is a name that another role has already: names are unique in an organization (contract 3.5).
type RoleExistsError struct {
	// Existing is the role that has the name.
	Existing Role
	// Err is the server's refusal.
	Err error
}

// Error names the existing role.
func (e *RoleExistsError) Error() string {
	return fmt.Sprintf("A role named %q exists already: id %s, type %s, owned by %s. The server said: %v",
		e.Existing.Name, e.Existing.ID, e.Existing.Type, e.Existing.Service, e.Err)
}

// Unwrap returns the server's refusal.
func (e *RoleExistsError) Unwrap() error { return e.Err }

// RoleOutcomeUnknownError is the creation of a role of which it could not be found out whether it happened.
type RoleOutcomeUnknownError struct {
	// Name is that of the role that was to be created.
	Name string
	// Existing is the role that has the name now. Its ID is empty where none was seen or none could be looked for.
	Existing Role
	// Err is what happened to the request, and to the look-up after it.
	Err error
}

// Error says what may exist.
func (e *RoleOutcomeUnknownError) Error() string {
	text := fmt.Sprintf("The request to create role %q was interrupted and the server may have carried it out. ", e.Name)
	if e.Existing.ID == "" {
		text += "Look whether the role exists before trying again. "
	} else {
		text += fmt.Sprintf("A role of that name exists, with id %s, but it cannot be told whether this request made it. ", e.Existing.ID)
	}
	return text + fmt.Sprintf("What happened: %v", e.Err)
}

// Unwrap returns what happened.
func (e *RoleOutcomeUnknownError) Unwrap() error { return e.Err }

// AssignmentExistsError is a grant that is there already.
type AssignmentExistsError struct {
	// Existing is what is there.
	Existing Assignment
	// Err is the server's refusal.
	Err error
}

// Error names the existing assignment.
func (e *AssignmentExistsError) Error() string {
	return fmt.Sprintf("The role assignment exists already: %s, with id %s%s. The server said: %v",
		e.Existing.Key, e.Existing.ID, madeBy(e.Existing), e.Err)
}

// Unwrap returns the server's refusal.
func (e *AssignmentExistsError) Unwrap() error { return e.Err }

// ImmutableAssignmentError is the refused removal of an assignment that cannot be removed where it is (contract 4.2).
type ImmutableAssignmentError struct {
	// Existing is what is there.
	Existing Assignment
	// Err is the server's refusal.
	Err error
}

// Error names the assignment.
func (e *ImmutableAssignmentError) Error() string {
	return fmt.Sprintf("The role assignment cannot be removed there: %s, with id %s, is immutable. The server said: %v",
		e.Existing.Key, e.Existing.ID, e.Err)
}

// Unwrap returns the server's refusal.
func (e *ImmutableAssignmentError) Unwrap() error { return e.Err }

// AssignmentOutcomeUnknownError is a change of role assignments of which it could not be found out whether it happened.
type AssignmentOutcomeUnknownError struct {
	// Grants and Removals are the change that was asked for.
	Grants   []Grant
	Removals []AssignmentKey
	// Existing are those of Grants that are there now, none where they could not be looked for.
	Existing []Assignment
	// Err is what happened to the request, and to the look-up after it.
	Err error
}

// maxListed is how many assignments a message lists.
const maxListed = 5

// Error says what may have happened.
func (e *AssignmentOutcomeUnknownError) Error() string {
	var asked []string
	for _, g := range e.Grants {
		asked = append(asked, "grant "+g.Key.String())
	}
	for _, key := range e.Removals {
		asked = append(asked, "remove "+key.String())
	}
	listed := strings.Join(asked[:min(maxListed, len(asked))], ", ")
	if more := len(asked) - maxListed; more > 0 {
		listed += fmt.Sprintf(" and %d more", more)
	}
	text := fmt.Sprintf("The request to %s was interrupted and the server may have carried it out. ", listed)
	if len(e.Existing) == 0 {
		text += "Look whether it has before trying again. "
	} else {
		first := e.Existing[0]
		text += fmt.Sprintf("There is an assignment of the %s, with id %s%s, but it cannot be told whether this request made it. ",
			first.Key, first.ID, madeBy(first))
	}
	return text + fmt.Sprintf("What happened: %v", e.Err)
}

// Unwrap returns what happened.
func (e *AssignmentOutcomeUnknownError) Unwrap() error { return e.Err }

// madeBy continues a sentence with who made an assignment and when, as far as that is known.
func madeBy(a Assignment) string {
	text := ""
	if a.CreatedBy != "" {
		text += ", made by " + a.CreatedBy.String()
	}
	if !a.CreatedOn.IsZero() {
		text += ", made on " + a.CreatedOn.Format(time.RFC3339)
	}
	return text
}

// joined lists matches.
func joined(matches []Match) string {
	texts := make([]string, len(matches))
	for i, m := range matches {
		texts[i] = m.String()
	}
	return strings.Join(texts, ", ")
}

// unknownService is the error of a service that the table lacks.
func unknownService(name string) error {
	missing := &NotFoundError{Kind: "service", Name: name}
	for _, s := range access.Services() {
		missing.Candidates = append(missing.Candidates, s.DisplayName)
	}
	slices.Sort(missing.Candidates)
	return missing
}
