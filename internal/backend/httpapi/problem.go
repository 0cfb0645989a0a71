package httpapi

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

// problem is the envelope of errors (contract 10.1, the first shape). What was wrong is its title: the vendor's own SDK shows nothing else.
type problem struct {
	Type    string              `json:"type"`
	Title   string              `json:"title"`
	Status  int                 `json:"status"`
	Errors  map[string][]string `json:"errors,omitempty"`
	TraceID string              `json:"traceId"`

	// code is Orchestrator's, 0 for none; ordinary says that it has Orchestrator's usual envelope although its status is 403; and inBody that it
	// is the body that does not fit.
	code             int
	ordinary, inBody bool
	// other is sent instead where the service has an envelope of its own.
	other any
}

// directoryProblem is the envelope of the directory (contract 10.1, the fourth shape).
type directoryProblem struct {
	StatusCode        int    `json:"StatusCode"`
	StatusDescription string `json:"StatusDescription"`
	Message           string `json:"Message"`
	Description       string `json:"Description"`
}

func newDirectoryProblem(status int, message, description string) problem {
	name := strings.ReplaceAll(http.StatusText(status), " ", "")
	return problem{Status: status, other: directoryProblem{status, name, message, description}}
}

// directoryError is a refusal in the directory's own envelope.
type directoryError struct {
	status  int
	message string
}

// Error implements error.
func (e *directoryError) Error() string { return e.message }

// httpError is a refusal that only HTTP knows.
type httpError struct {
	status int
	detail string
}

// Error implements error.
func (e *httpError) Error() string { return e.detail }

func notFound(format string, args ...any) error {
	return &httpError{http.StatusNotFound, fmt.Sprintf(format, args...)}
}

// statusOf are the statuses of refusals. An Invalid one becomes an invalidError, which names the members at fault.
var statusOf = map[rules.Kind]int{
	rules.Unauthenticated: http.StatusUnauthorized, rules.Forbidden: http.StatusForbidden,
	rules.ScopeMissing: http.StatusForbidden, rules.NotFound: http.StatusNotFound, rules.Conflict: http.StatusConflict,
}

// sectionOf is where RFC 9110 defines a status.
var sectionOf = map[int]string{
	http.StatusBadRequest: "15.5.1", http.StatusUnauthorized: "15.5.2", http.StatusForbidden: "15.5.4", http.StatusNotFound: "15.5.5",
	http.StatusMethodNotAllowed: "15.5.6", http.StatusConflict: "15.5.10", http.StatusRequestEntityTooLarge: "15.5.14",
	http.StatusUnsupportedMediaType: "15.5.16", http.StatusInternalServerError: "15.6.1", http.StatusServiceUnavailable: "15.6.4",
}

// typeOf returns the address of the text that defines a status. Another RFC than the usual one has the status of limits.
func typeOf(status int) string {
	if status == http.StatusTooManyRequests {
		return "https://tools.ietf.org/html/rfc6585#section-4"
	}
	return "https://tools.ietf.org/html/rfc9110#section-" + sectionOf[status]
}

// problemFor is the one place where errors become envelopes. An unforeseen error shows no details.
func problemFor(err error) problem {
	if wrong, ok := errors.AsType[*invalidError](err); ok {
		p := newInvalidProblem(wrong.faults)
		p.inBody = wrong.inBody
		return p
	}
	if directory, ok := errors.AsType[*directoryError](err); ok {
		return newDirectoryProblem(directory.status, directory.message, "")
	}
	if unresolved, ok := errors.AsType[*rules.UnknownPrincipalsError](err); ok {
		return newDirectoryProblem(http.StatusNotFound, unresolved.Error(), unresolved.Outside)
	}
	if refusal, ok := errors.AsType[*rules.RefusedError](err); ok {
		if refusal.Kind == rules.ScopeMissing {
			return problem{Status: statusOf[refusal.Kind], Title: refusal.Message, other: map[string]string{"errorMessage": refusal.Message}}
		}
		return newProblem(statusOf[refusal.Kind], refusal.Message)
	}
	if known, ok := errors.AsType[*httpError](err); ok {
		return newProblem(known.status, known.detail)
	}
	if wrong, ok := errors.AsType[*wrongMethodError](err); ok {
		return newProblem(http.StatusMethodNotAllowed, wrong.Error())
	}
	if errors.Is(err, rules.ErrNoFolder) {
		return problem{Status: http.StatusNotFound, Title: err.Error(), code: codeFolderNotFound}
	}
	if injected, ok := errors.AsType[*injectedError](err); ok {
		return newProblem(injected.status, injected.Error())
	}
	if taken, ok := errors.AsType[*rules.NameTakenError](err); ok {
		return problem{Status: http.StatusConflict, Title: taken.Error(), code: codeNameTaken}
	}
	if forbidden, ok := errors.AsType[*rules.ActionForbiddenError](err); ok {
		return problem{Status: http.StatusForbidden, Title: forbidden.Error(), ordinary: true}
	}
	if exceeded, ok := errors.AsType[*tooManyError](err); ok {
		return newProblem(http.StatusTooManyRequests, exceeded.Error())
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return newProblem(http.StatusServiceUnavailable, "")
	}
	return problem{Status: http.StatusInternalServerError, Title: "An error occurred while processing your request."}
}

func newProblem(status int, message string) problem {
	return problem{Status: status, Title: cmp.Or(message, http.StatusText(status))}
}

// faultTexts say what is wrong with the members of a request, by name.
func faultTexts(p problem) []string {
	var texts []string
	for _, name := range slices.Sorted(maps.Keys(p.Errors)) {
		texts = append(texts, name+": "+strings.Join(p.Errors[name], " "))
	}
	return texts
}

func newInvalidProblem(faults []fault) problem {
	p := problem{Status: http.StatusBadRequest, Title: "One or more validation errors occurred.", Errors: map[string][]string{}}
	for _, f := range faults {
		p.Errors[f.name] = append(p.Errors[f.name], f.message)
	}
	return p
}

// writeProblem sends a problem, in the envelope of the service that the path belongs to.
func writeProblem(w http.ResponseWriter, path string, p problem, requestID string) {
	p.TraceID = traceID(requestID)
	p.Type = typeOf(p.Status)
	contentType, envelope := "application/problem+json; charset=utf-8", any(p)
	ofService := newProjectProblem(path, p)
	switch {
	case isOrchestrator(path):
		contentType, envelope = jsonType, newOrchestratorProblem(p)
	case ofService != nil:
		contentType, envelope = jsonType, ofService
	case p.other != nil:
		contentType, envelope = jsonType, p.other
	}
	body, err := json.Marshal(envelope)
	if err != nil {
		http.Error(w, p.Title, p.Status)
		return
	}
	send(w, reply{status: p.Status, contentType: contentType, body: body})
}

// traceID returns a trace id in the form of W3C, which begins with the request id.
func traceID(requestID string) string {
	var span [8]byte
	// Read never fails.
	_, _ = rand.Read(span[:])
	return "00-" + strings.ReplaceAll(requestID, "-", "") + "-" + hex.EncodeToString(span[:]) + "-00"
}
