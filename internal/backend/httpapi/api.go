// Package httpapi serves an organization over HTTP: routes, wire types, error envelopes, bearer tokens, and the endpoints of
// the backend's own below /_reference.
//
// What belongs here is the wire. Decisions are made in rules. A request is one transaction: its body is read before, its
// response written after; that of the export, which may have any length, in it.
package httpapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/store"
)

// MaxBody is the size in bytes of the largest request body.
const MaxBody = 4 << 20

const requestIDHeader = "X-Request-Id"

// API is the HTTP handler.
type API struct {
	rules   *rules.Rules
	store   *store.Store
	logger  *slog.Logger
	mux     *http.ServeMux
	routes  map[string]route
	journal Journal
	own     Own
	guard   *http.CrossOriginProtection
}

// Own is what the endpoints below /_reference do.
type Own struct {
	// Reset returns to the seed.
	Reset func(context.Context) error
	// Snapshot writes a seed that reproduces the state.
	Snapshot func(context.Context) ([]byte, error)
}

// route is one operation. Those of the backend's own are not in the journal and have no name there.
type route struct {
	operation string
	method    string
	path      string
	handle    func(*http.Request) (reply, error)
}

// reply is a response that is written when the transaction is over.
type reply struct {
	status      int
	contentType string
	body        []byte
	// stream writes a response of any length instead of the one above. An error before its first byte is a refusal like any other;
	// one behind it ends the connection, so that nobody takes what there is for all of it.
	stream func(http.ResponseWriter) error
}

// New returns the handler.
func New(r *rules.Rules, s *store.Store, logger *slog.Logger, own Own) *API {
	a := &API{
		rules: r, store: s, logger: logger, mux: http.NewServeMux(), routes: map[string]route{}, own: own,
		guard: http.NewCrossOriginProtection(),
	}
	const role, actions, assignments = "/{org}/pap_/api/roles", "/{org}/pap_/api/actions", "/{org}/pap_/api/userroleassignments"
	for _, r := range slices.Concat(a.directoryRoutes(), []route{
		{"Token", http.MethodPost, "/identity_/connect/token", a.token},
		{"Token", http.MethodPost, "/{org}/identity_/connect/token", a.token},
		{"TenantsAndOrganizationInfo", http.MethodGet, "/{org}/portal_/api/filtering/leftnav/tenantsAndOrganizationInfo", a.tenants},
		{"ListRoles", http.MethodGet, role, a.listRoles},
		{"PutRole", http.MethodPut, role, a.putRole},
		{"GetRole", http.MethodGet, role + "/{id}", a.getRole},
		{"DeleteRole", http.MethodDelete, role + "/{id}", a.deleteRole},
		{"ListActions", http.MethodGet, actions, a.listActions},
		{"ListAssignments", http.MethodGet, assignments, a.listAssignments},
		{"PatchAssignments", http.MethodPatch, assignments, a.patchAssignments},
		{"EffectiveAccess", http.MethodPost, "/{org}/pap_/api/geteffectiveaccess", a.effectiveAccess},
		{"EffectiveAccessOfOrganization", http.MethodPost, "/{org}/pdp_/api/geteffectiveaccess", a.effectiveAccessOfOrganization},
		{"ExportAssignments", http.MethodGet, assignments + "/export", a.exportAssignments},
		{"", http.MethodGet, "/_reference/health", a.health},
		{"", http.MethodPost, "/_reference/reset", a.private(a.reset)},
		{"", http.MethodGet, "/_reference/snapshot", a.private(a.snapshot)},
		{"", http.MethodGet, "/_reference/journal", a.private(a.readJournal)},
		{"", http.MethodDelete, "/_reference/journal", a.private(a.clearJournal)},
	}) {
		pattern := r.method + " " + r.path
		a.routes[pattern] = r
		a.mux.HandleFunc(pattern, a.serve(r.handle))
	}
	allowed := map[string][]string{}
	for _, r := range a.routes {
		allowed[r.path] = append(allowed[r.path], r.method)
	}
	for path, methods := range allowed {
		a.mux.HandleFunc(path, a.wrongMethod(methods))
	}
	a.mux.HandleFunc("/", a.serve(a.unknownPath))
	return a
}

// Journal returns the record of the requests so far.
func (a *API) Journal() *Journal { return &a.journal }

// ServeHTTP implements http.Handler.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Date", a.rules.Now().UTC().Format(http.TimeFormat))
	h.Set(requestIDHeader, uuid.NewString())
	r.Body = http.MaxBytesReader(w, r.Body, MaxBody)
	_, pattern := a.mux.Handler(r)
	out := &statusWriter{ResponseWriter: w}
	defer func() {
		if failed := recover(); failed != nil {
			a.recovered(out, r, failed)
		}
		operation := a.routes[pattern].operation
		if !strings.HasPrefix(r.URL.Path, "/_reference/") {
			a.journal.add(operation, r.Method, r.URL.Path, out.status)
		}
		a.logger.InfoContext(r.Context(), "request", "operation", operation, "method", r.Method, "path", r.URL.Path,
			"status", out.status, "request_id", h.Get(requestIDHeader), "unfinished", out.unfinished)
		if out.unfinished {
			panic(http.ErrAbortHandler) //nolint:forbidigo // This is how net/http is told to end the connection.
		}
	}()
	a.mux.ServeHTTP(out, r)
}

// recovered answers a request whose handler panicked.
func (a *API) recovered(w *statusWriter, r *http.Request, failed any) {
	a.logger.ErrorContext(r.Context(), "handler panicked", "panic", fmt.Sprint(failed), "request_id", w.Header().Get(requestIDHeader))
	if !w.brokenOff() {
		write(w, problemFor(errors.New("panic")), w.Header().Get(requestIDHeader))
	}
}

type statusWriter struct {
	http.ResponseWriter

	status int
	// unfinished is true for a response that ends before its end.
	unfinished bool
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// brokenOff reports, of a response that failed, whether a part of it may be on its way, so that it cannot become a refusal.
func (w *statusWriter) brokenOff() bool {
	w.unfinished = w.status != 0
	return w.unfinished
}

// Unwrap lets net/http find the writer below.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// serve turns an operation into a handler.
func (a *API) serve(handle func(*http.Request) (reply, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		out, err := handle(r)
		switch {
		case err == nil && out.stream != nil:
			err = out.stream(w)
		case err == nil:
			send(w, out)
		}
		if err == nil {
			return
		}
		if sent, ok := w.(*statusWriter); ok && sent.brokenOff() {
			a.logger.WarnContext(r.Context(), "response broken off", "error", err, "request_id", w.Header().Get(requestIDHeader))
			return
		}
		p := problemFor(err)
		if p.Status == http.StatusInternalServerError {
			a.logger.ErrorContext(r.Context(), "request failed", "error", err, "request_id", w.Header().Get(requestIDHeader))
		}
		if p.Status == http.StatusUnauthorized {
			w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		}
		write(w, p, w.Header().Get(requestIDHeader))
	}
}

func send(w http.ResponseWriter, out reply) {
	if out.contentType != "" {
		w.Header().Set("Content-Type", out.contentType)
	}
	w.WriteHeader(out.status)
	// A client that is gone cannot be told.
	_, _ = w.Write(out.body)
}

// read runs f for the caller of a request, in a transaction that changes nothing.
func (a *API) read(r *http.Request, f func(*rules.Session) error) error {
	return a.store.Read(r.Context(), a.signedIn(r, f))
}

// change runs f for the caller of a request, in a transaction that is committed when f returns nil.
func (a *API) change(r *http.Request, f func(*rules.Session) error) error {
	return a.store.Write(r.Context(), a.signedIn(r, f))
}

func (a *API) signedIn(r *http.Request, f func(*rules.Session) error) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		if err := a.inOrganization(r, tx); err != nil {
			return err
		}
		s, err := a.rules.SignIn(r.Context(), tx, bearer(r))
		if err != nil {
			return err
		}
		return f(s)
	}
}

// inOrganization refuses a path that names another organization. A path without one belongs to the one that there is.
func (a *API) inOrganization(r *http.Request, tx *store.Tx) error {
	name := r.PathValue("org")
	o, err := tx.Organization(r.Context())
	if err != nil || name == "" || strings.EqualFold(name, o.Name) || strings.EqualFold(name, o.ID.String()) {
		return err
	}
	near := ""
	if len(access.Nearest(name, []string{o.Name}, 1)) > 0 {
		near = "; did you mean " + o.Name
	}
	return notFound("The organization %q does not exist%s.", name, near)
}

func bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

func readBody(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(r.Body)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, &httpError{http.StatusRequestEntityTooLarge, fmt.Sprintf("The body is larger than %d bytes.", tooLarge.Limit)}
	case err != nil:
		return nil, &httpError{http.StatusBadRequest, "The body could not be read to its end."}
	}
	return body, nil
}
