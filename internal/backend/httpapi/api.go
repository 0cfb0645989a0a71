// Package httpapi serves an organization over HTTP: routes, wire types, error envelopes, bearer tokens, and the endpoints of
// the backend's own below /_reference.
//
// What belongs here is the wire. Decisions are made in rules. A request is parsed before its one transaction begins, and its response
// is written when the transaction is over. Only the export and the snapshot, which may have any length, are written inside it.
package httpapi

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/accessascode/terraform-provider-uipath/internal/backend/faults"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/store"
)

const requestIDHeader = "X-Request-Id"

// API is the HTTP handler.
type API struct {
	rules  *rules.Rules
	store  *store.Store
	logger *slog.Logger
	mux    *http.ServeMux
	// operations are the names of the operations by the patterns of the mux.
	operations map[string]string
	journal    Journal
	faults     faults.Set
	own        Own
	options    Options
	guard      *http.CrossOriginProtection
}

// Options say which addresses are answered.
type Options struct {
	// RequireOrganization refuses identity paths without an organization, as newer organizations do.
	RequireOrganization bool
	// Origin is the origin of the pages that may read what the API answers; none may where it is empty. [CheckOrigin] checks it.
	Origin string
	// Hosts are the names under which clients reach the backend, besides localhost and addresses. [CheckHostName] checks each.
	Hosts []string
	// RateLimits limits how many requests the identity service takes.
	RateLimits bool
}

// handler answers a request with a reply or a refusal.
type handler func(*http.Request) (reply, error)

// reply is a response that is written when the transaction is over.
type reply struct {
	status      int
	contentType string
	body        []byte
	// location is where a redirect leads.
	location string
	// stream writes a response of any length instead of the one above. If it fails before the first byte, its error is a refusal like any
	// other. If it fails later, the connection is closed, so that nobody takes a part for the whole.
	stream func(http.ResponseWriter) error
}

// New returns the handler.
func New(r *rules.Rules, s *store.Store, logger *slog.Logger, own Own, o Options) *API {
	a := &API{
		rules: r, store: s, logger: logger, mux: http.NewServeMux(), operations: map[string]string{}, own: own, options: o,
		guard: http.NewCrossOriginProtection(),
	}
	limiter := &rateLimiter{now: r.Now, windows: map[string]countedWindow{}}
	for _, r := range a.withTwins(a.routes()) {
		if o.RateLimits && isLimited(r.pattern) {
			r.handle = limiter.guard(r.handle)
		}
		a.operations[r.pattern] = r.operation
		a.mux.HandleFunc(r.pattern, a.serve(r.handle))
	}
	for _, pattern := range []string{"GET /{$}", "GET " + pagePath + "{name}"} {
		a.operations[pattern] = ""
		a.mux.HandleFunc(pattern, a.page)
	}
	a.mux.HandleFunc(anyPath, a.serve(a.noRoute))
	return a
}

// SetPage sets the web page, which shows the journal and so comes after it.
func (a *API) SetPage(page http.Handler) { a.own.page = page }

// Journal returns the record of the requests so far.
func (a *API) Journal() *Journal { return &a.journal }

// ServeHTTP implements http.Handler.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	came, at := time.Now(), a.rules.Now()
	h := w.Header()
	h.Set("Date", at.UTC().Format(http.TimeFormat))
	h.Set(requestIDHeader, uuid.NewString())
	r.Body = http.MaxBytesReader(w, r.Body, MaxBody)
	r, told := traced(r)
	out := &statusWriter{ResponseWriter: w}
	routed := withSplitKeys(r)
	refused := a.own.admit(r)
	switch {
	case !a.isOwnHost(r.Host):
		a.serve(wrongHost)(out, r)
	case a.allowOrigin(out, r):
		return
	case refused != nil:
		a.serve(func(*http.Request) (reply, error) { return reply{}, refused })(out, r)
	default:
		a.injected(out, routed)
	}
	a.record(r, JournalEntry{
		At: at.UTC(), Operation: a.operations[routed.Pattern], Method: r.Method, Path: a.own.masked(r.URL.Path), Status: out.status,
		Caller: told.caller, Changes: told.changes, Fault: told.fault, Milliseconds: milliseconds(time.Since(came)),
	}, out)
	if out.unfinished {
		panic(http.ErrAbortHandler) //nolint:forbidigo // This is how net/http is told to end the connection.
	}
}

// milliseconds returns a time span with a resolution of ten microseconds.
func milliseconds(d time.Duration) float64 {
	const resolution = 10 * time.Microsecond
	return float64(d.Round(resolution).Microseconds()) / 1000 //nolint:mnd // Microseconds in a millisecond.
}

// record puts a request into the log, and into the journal unless it is for the backend's own endpoints.
func (a *API) record(r *http.Request, e JournalEntry, out *statusWriter) {
	if !isOwn(r) {
		a.journal.add(e)
	}
	attributes := []any{"method", e.Method, "path", e.Path, "status", e.Status, "ms", e.Milliseconds}
	for _, more := range []struct {
		name, value string
		set         bool
	}{
		{"operation", e.Operation, e.Operation != ""},
		{"caller", e.Caller, e.Caller != ""},
		{"changed", strings.Join(e.Changes, "; "), len(e.Changes) > 0},
		{"fault", e.Fault, e.Fault != ""},
		{"unfinished", "true", out.unfinished},
		{"request_id", out.Header().Get(requestIDHeader), out.unfinished || e.Status >= http.StatusBadRequest},
	} {
		if more.set {
			attributes = append(attributes, more.name, more.value)
		}
	}
	a.logger.InfoContext(r.Context(), "request", attributes...)
}

type statusWriter struct {
	http.ResponseWriter

	status int
	// unfinished is true for a response that failed after it had begun.
	unfinished bool
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter: what is written without a status succeeds.
func (w *statusWriter) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(p)
}

// breakOff ends a response that failed. It reports whether a part of it may be on its way, so that it cannot become a refusal.
func (w *statusWriter) breakOff() bool {
	w.unfinished = w.status != 0
	return w.unfinished
}

// Unwrap lets net/http find the writer below.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// serve writes what a handler replies.
func (a *API) serve(handle handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := respond(w, r, handle)
		if err == nil {
			return
		}
		log := a.logger.With("error", err, "request_id", w.Header().Get(requestIDHeader))
		if sent, ok := w.(*statusWriter); ok && sent.breakOff() {
			log.WarnContext(r.Context(), "response broken off")
			return
		}
		p := problemFor(err)
		switch p.Status {
		case http.StatusInternalServerError:
			log.ErrorContext(r.Context(), "request failed")
		case http.StatusUnauthorized:
			w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		}
		if refused, ok := errors.AsType[*tooManyError](err); ok {
			w.Header().Set("Retry-After", strconv.Itoa(refused.seconds()))
		}
		if injected, ok := errors.AsType[*injectedError](err); ok && injected.retryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(injected.retryAfter))
		}
		if refused, ok := errors.AsType[*wrongMethodError](err); ok {
			w.Header().Set("Allow", strings.Join(refused.allowed, ", "))
		}
		writeProblem(w, r.URL.Path, p, w.Header().Get(requestIDHeader))
	}
}

// respond writes what a handler replies. A panic becomes an error.
func respond(w http.ResponseWriter, r *http.Request, handle handler) (err error) {
	defer func() {
		if failed := recover(); failed != nil {
			err = fmt.Errorf("handler panicked: %v", failed)
		}
	}()
	out, err := handle(r)
	if err != nil {
		return err
	}
	if out.stream != nil {
		return out.stream(w)
	}
	send(w, out)
	return nil
}

func send(w http.ResponseWriter, out reply) {
	if out.contentType != "" {
		w.Header().Set("Content-Type", out.contentType)
	}
	if out.location != "" {
		w.Header().Set("Location", out.location)
	}
	w.WriteHeader(out.status)
	// A client that is gone cannot be told.
	_, _ = w.Write(out.body)
}
