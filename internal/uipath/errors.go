package uipath

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// What errors.Is finds out about a refusal.
var (
	// ErrNotFound is the answer to a request for one object by its id: there is none. A collection that answers 404 is not,
	// nor is a web page that a proxy sent.
	ErrNotFound = errors.New("not found")
	// ErrUnauthorized is a token that the server does not take.
	ErrUnauthorized = errors.New("unauthorized")
	// ErrForbidden is a right that the caller lacks.
	ErrForbidden = errors.New("forbidden")
	// ErrConflict is something that stands in the way of the change, such as a name that is taken.
	ErrConflict = errors.New("conflict")
)

// errWebPage is an answer in HTML where JSON was due: a proxy, a sign-in page or no UiPath server at all.
var errWebPage = errors.New("the answer is a web page, not JSON")

// Error is a request that did not succeed.
type Error struct {
	// Operation says what was attempted, such as "read role".
	Operation string
	Method    string
	URL       string
	// Status is the HTTP status of the last answer, 0 where there was none.
	Status int
	// Code is the server's own, where it sent one.
	Code string
	// Message is what the server said, in one line of bounded length.
	Message string
	// TraceID identifies the request to the vendor's support (contract 10.4).
	TraceID string
	// Fields are refused members of the request and why, by name.
	Fields map[string][]string
	// Attempts is how often the request was sent.
	Attempts int
	// Err is what failed where there was no usable answer.
	Err error

	// object says that one object was asked for by its id.
	object bool
	// undecided says that the server may have carried out the request.
	undecided bool
	// header is that of the answer, if there was one.
	header http.Header
	// note is why it was not tried again, where that needs saying.
	note string
}

// Error returns one line: what failed, the status, what the server said, how often it was tried and the trace id.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Operation)
	if e.Status != 0 {
		fmt.Fprintf(&b, ": HTTP %d", e.Status)
		if text := http.StatusText(e.Status); text != "" {
			b.WriteString(" " + text)
		}
	}
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	for i, field := range slices.Sorted(maps.Keys(e.Fields)) {
		separator := "; "
		if i == 0 {
			separator = ": "
		}
		b.WriteString(separator + field + ": " + strings.Join(e.Fields[field], " "))
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	var remarks []string
	if e.Attempts > 1 {
		remarks = append(remarks, fmt.Sprintf("tried %d times", e.Attempts))
	}
	if e.note != "" {
		remarks = append(remarks, e.note)
	}
	if e.TraceID != "" {
		remarks = append(remarks, "trace id "+e.TraceID)
	}
	if len(remarks) > 0 {
		b.WriteString(" (" + strings.Join(remarks, "; ") + ")")
	}
	return b.String()
}

// Unwrap returns what failed where there was no usable answer.
func (e *Error) Unwrap() error { return e.Err }

// Is makes errors.Is tell refusals by their status.
func (e *Error) Is(target error) bool {
	switch target {
	case ErrNotFound:
		return e.Status == http.StatusNotFound && e.object && !errors.Is(e.Err, errWebPage)
	case ErrUnauthorized:
		return e.Status == http.StatusUnauthorized
	case ErrForbidden:
		return e.Status == http.StatusForbidden
	case ErrConflict:
		return e.Status == http.StatusConflict
	}
	return false
}

// ConfigError is a wrong setting. Its text is the detail, in the words of the provider's settings.
type ConfigError struct {
	// Attribute is the provider's attribute at fault, "" where none is.
	Attribute string
	// Summary is a title; Detail says what is wrong and what to do.
	Summary string
	Detail  string
	// Err is the cause, if there is one.
	Err error
}

// Error returns the detail.
func (e *ConfigError) Error() string { return e.Detail }

// Unwrap returns the cause.
func (e *ConfigError) Unwrap() error { return e.Err }

// NotFoundError is a name or id that stands for nothing. It is not [ErrNotFound], which is said of an object known before.
type NotFoundError struct {
	// Kind is what was looked for, such as "tenant".
	Kind string
	// Name is the name or id that was given.
	Name string
	// Candidates are the names there are, sorted; Nearest are those that may have been meant.
	Candidates []string
	Nearest    []string
}

// maxCandidates bounds what a message lists.
const maxCandidates = 20

// Error names the candidates.
func (e *NotFoundError) Error() string {
	text := fmt.Sprintf("There is no %s %q.", e.Kind, e.Name)
	if len(e.Nearest) > 0 {
		text += " Did you mean " + quoted(e.Nearest, " or ") + "?"
	}
	if len(e.Candidates) == 0 {
		return text + fmt.Sprintf(" These credentials see no %s at all.", e.Kind)
	}
	listed := e.Candidates[:min(maxCandidates, len(e.Candidates))]
	text += " There are: " + quoted(listed, ", ")
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
	// Matches are the ids of those that have the name.
	Matches []string
}

// Error names the matches.
func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("%d of kind %s are called %q: give the id instead, one of %s.",
		len(e.Matches), e.Kind, e.Name, strings.Join(e.Matches, ", "))
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
		e.Existing.Key, e.Existing.ID, e.Existing.madeBy(), e.Err)
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

// OutcomeUnknownError is a write of which it could not be found out whether it happened: the creation of a role, or a change of
// role assignments.
type OutcomeUnknownError struct {
	// Name is that of the role that was to be created, "" where it was no role.
	Name string
	// Existing is the role that has the name now. Its ID is empty where none was seen or none could be looked for.
	Existing Role
	// Grants and Removals are the change of role assignments that was asked for.
	Grants   []Grant
	Removals []AssignmentKey
	// Assignments are those of Grants that are there now, none where they could not be looked for.
	Assignments []Assignment
	// Err is what happened to the request, and to the look-up after it.
	Err error
}

// Error says what may exist.
func (e *OutcomeUnknownError) Error() string {
	if e.Name == "" {
		return e.changeText() + fmt.Sprintf("What happened: %v", e.Err)
	}
	text := fmt.Sprintf("The request to create role %q was interrupted and the server may have carried it out. ", e.Name)
	if e.Existing.ID == "" {
		text += "Look whether the role exists before trying again. "
	} else {
		text += fmt.Sprintf("A role of that name exists, with id %s, but it cannot be told whether this request made it. ", e.Existing.ID)
	}
	return text + fmt.Sprintf("What happened: %v", e.Err)
}

// changeText says what of a change of role assignments may have happened.
func (e *OutcomeUnknownError) changeText() string {
	var asked []string
	for _, g := range e.Grants {
		asked = append(asked, "grant "+g.Key.String())
	}
	for _, key := range e.Removals {
		asked = append(asked, "remove "+key.String())
	}
	listed := strings.Join(asked[:min(maxFieldErrors, len(asked))], ", ")
	if more := len(asked) - maxFieldErrors; more > 0 {
		listed += fmt.Sprintf(" and %d more", more)
	}
	text := fmt.Sprintf("The request to %s was interrupted and the server may have carried it out. ", listed)
	if len(e.Assignments) == 0 {
		return text + "Look whether it has before trying again. "
	}
	first := e.Assignments[0]
	return text + fmt.Sprintf("There is an assignment of the %s, with id %s%s, but it cannot be told whether this request made it. ",
		first.Key, first.ID, first.madeBy())
}

// Unwrap returns what happened.
func (e *OutcomeUnknownError) Unwrap() error { return e.Err }

// quoted joins names for a message.
func quoted(names []string, separator string) string {
	marked := make([]string, len(names))
	for i, name := range names {
		marked[i] = fmt.Sprintf("%q", name)
	}
	return strings.Join(marked, separator)
}
