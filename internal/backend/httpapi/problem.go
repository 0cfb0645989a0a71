package httpapi

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

// problem is the envelope of errors (contract 10.1, the first shape).
type problem struct {
	Type    string              `json:"type"`
	Title   string              `json:"title"`
	Status  int                 `json:"status"`
	Detail  string              `json:"detail,omitempty"`
	Errors  map[string][]string `json:"errors,omitempty"`
	TraceID string              `json:"traceId"`

	// other is the body instead of this one, where the service has an envelope of its own.
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

var statusOf = map[rules.Kind]int{
	rules.Invalid: http.StatusBadRequest, rules.Unauthenticated: http.StatusUnauthorized, rules.Forbidden: http.StatusForbidden,
	rules.ScopeMissing: http.StatusForbidden, rules.NotFound: http.StatusNotFound, rules.Conflict: http.StatusConflict,
}

// sectionOf is where RFC 9110 defines a status.
var sectionOf = map[int]string{
	http.StatusBadRequest: "15.5.1", http.StatusUnauthorized: "15.5.2", http.StatusForbidden: "15.5.4", http.StatusNotFound: "15.5.5",
	http.StatusMethodNotAllowed: "15.5.6", http.StatusConflict: "15.5.10", http.StatusRequestEntityTooLarge: "15.5.14",
	http.StatusUnsupportedMediaType: "15.5.16", http.StatusInternalServerError: "15.6.1", http.StatusServiceUnavailable: "15.6.4",
}

// problemFor is the one place where errors become envelopes. What was not foreseen shows nothing of its inside.
func problemFor(err error) problem {
	var refusal *rules.RefusedError
	var unresolved *rules.UnknownPrincipalsError
	var known *httpError
	var directory *directoryError
	switch {
	case errors.As(err, &directory):
		return newDirectoryProblem(directory.status, directory.message, "")
	case errors.As(err, &unresolved):
		return newDirectoryProblem(http.StatusNotFound, unresolved.Error(), unresolved.Outside)
	case errors.As(err, &refusal) && refusal.Kind == rules.ScopeMissing:
		return problem{Status: statusOf[refusal.Kind], other: map[string]string{"errorMessage": refusal.Message}}
	case errors.As(err, &refusal):
		p := problem{Status: statusOf[refusal.Kind], Title: http.StatusText(statusOf[refusal.Kind]), Detail: refusal.Message}
		if refusal.Kind == rules.Invalid {
			p.Title, p.Detail, p.Errors = refusal.Message, "", map[string][]string{}
			for _, v := range refusal.Violations {
				p.Errors[string(v.Field)] = append(p.Errors[string(v.Field)], v.Message)
			}
		}
		return p
	case errors.As(err, &known):
		return problem{Status: known.status, Title: http.StatusText(known.status), Detail: known.detail}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return problem{Status: http.StatusServiceUnavailable, Title: http.StatusText(http.StatusServiceUnavailable)}
	}
	return problem{Status: http.StatusInternalServerError, Title: "An error occurred while processing your request."}
}

// write sends a problem. Its trace id has the form of W3C and begins with the request id.
func write(w http.ResponseWriter, p problem, requestID string) {
	if p.other != nil {
		out, err := jsonReply(p.other)
		if err != nil {
			http.Error(w, http.StatusText(p.Status), p.Status)
			return
		}
		out.status = p.Status
		send(w, out)
		return
	}
	var span [8]byte
	// Read never fails.
	_, _ = rand.Read(span[:])
	p.TraceID = "00-" + strings.ReplaceAll(requestID, "-", "") + "-" + hex.EncodeToString(span[:]) + "-00"
	p.Type = "https://tools.ietf.org/html/rfc9110#section-" + sectionOf[p.Status]
	body, err := json.Marshal(p)
	if err != nil {
		http.Error(w, p.Title, p.Status)
		return
	}
	send(w, reply{status: p.Status, contentType: "application/problem+json; charset=utf-8", body: body})
}

func jsonReply(v any) (reply, error) {
	body, err := json.Marshal(v)
	return reply{status: http.StatusOK, contentType: "application/json; charset=utf-8", body: body}, err
}

// wrongMethod answers a path that exists with a method that it lacks.
func (a *API) wrongMethod(methods []string) http.HandlerFunc {
	slices.Sort(methods)
	allow := strings.Join(methods, ", ")
	refuse := a.serve(func(r *http.Request) (reply, error) {
		return reply{}, &httpError{http.StatusMethodNotAllowed, fmt.Sprintf("%s is not allowed at this path; allowed are %s.", r.Method, allow)}
	})
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", allow)
		refuse(w, r)
	}
}

// unknownPath answers a path that does not exist with the nearest that does.
func (a *API) unknownPath(r *http.Request) (reply, error) {
	const long = 300
	path := r.URL.Path
	if len(path) > long {
		return reply{}, notFound("The path does not exist.")
	}
	organization, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	var known []string
	for _, r := range a.routes {
		known = append(known, strings.ReplaceAll(r.path, "{org}", organization))
	}
	slices.Sort(known)
	if near := access.Nearest(path, slices.Compact(known), 1); len(near) > 0 {
		return reply{}, notFound("The path %q does not exist; the nearest is %s.", path, near[0])
	}
	return reply{}, notFound("The path %q does not exist.", path)
}
