package rest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// errors.Is compares an [Error] with these.
var (
	// ErrNotFound says that the one object asked for by its id does not exist. A 404 for a collection, or one with a web page from
	// a proxy, does not count.
	ErrNotFound = errors.New("not found")
	// ErrUnauthorized says that the server does not accept the token.
	ErrUnauthorized = errors.New("unauthorized")
	// ErrForbidden says that the caller lacks a right.
	ErrForbidden = errors.New("forbidden")
	// ErrConflict says that something prevents the change, such as a name that is taken.
	ErrConflict = errors.New("conflict")
	// ErrWebPage is an answer in HTML where JSON was due: a proxy, a sign-in page or no UiPath server at all.
	ErrWebPage = errors.New("the answer is a web page, not JSON")
)

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
	// Undecided says that the server may have carried out the request.
	Undecided bool
	// Note is why it was not tried again, where that needs saying.
	Note string
	// Err is what failed where there was no usable answer.
	Err error

	// object says that one object was asked for by its id.
	object bool
	// header is that of the answer, if there was one.
	header http.Header
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
	if e.Note != "" {
		remarks = append(remarks, e.Note)
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
		return e.Status == http.StatusNotFound && e.object && !errors.Is(e.Err, ErrWebPage)
	case ErrUnauthorized:
		return e.Status == http.StatusUnauthorized
	case ErrForbidden:
		return e.Status == http.StatusForbidden
	case ErrConflict:
		return e.Status == http.StatusConflict
	}
	return false
}

// Header returns that of the last answer, nil where there was none or e is nil.
func (e *Error) Header() http.Header {
	if e == nil {
		return nil
	}
	return e.header
}

// Explain returns a [*SettingError] if a first request failed because there is no such server or organization. The organization is
// spelled as in the path, "" if the path has none. Other errors, and nil, are returned as they are.
func (c *Client) Explain(organization string, err error) error {
	failed, ok := err.(*Error) //nolint:errorlint // A wrapped one has been explained already.
	// A connection that timed out is a DeadlineExceeded too, though the caller's context goes on.
	if !ok || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) && !neverSent(failed.Err) {
		return err
	}
	wrong := &SettingError{Value: c.Address(), Err: err}
	switch {
	case failed.Status == 0 && untrusted(failed.Err):
		wrong.Problem = ServerUntrusted
	case failed.Status == 0 && hopeless(failed.Err):
		wrong.Problem, wrong.Value = HostUnknown, c.base.Hostname()
	case failed.Status == 0:
		wrong.Problem = ServerSilent
	case failed.Status == http.StatusNotFound && organization != "" && !errors.Is(failed.Err, ErrWebPage):
		wrong.Problem, wrong.Value, wrong.Other = OrganizationNotFound, organization, c.Address()
	case failed.Status == http.StatusNotFound, failed.Status >= 300 && failed.Status < 400,
		failed.Status < 500 && errors.Is(failed.Err, ErrWebPage):
		wrong.Problem = ServerForeign
	default:
		return err
	}
	return wrong
}
