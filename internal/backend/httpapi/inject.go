package httpapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/backend/faults"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/store"
)

// injectedError is an error that a fault answers with.
type injectedError struct{ status, retryAfter int }

// Error implements error.
func (e *injectedError) Error() string {
	return http.StatusText(e.status) + ": a fault that was injected into the reference backend."
}

// AddFaults puts fault rules behind those that there are.
func (a *API) AddFaults(rules []faults.Rule) error {
	if err := a.faults.Add(rules...); err != nil {
		return err
	}
	return a.store.KeepPast(a.faults.MaxLag())
}

// ClearFaults removes all fault rules.
func (a *API) ClearFaults() error {
	a.faults.Clear()
	return a.store.KeepPast(0)
}

// Faults returns the fault rules with what they have done.
func (a *API) Faults() []faults.Count { return a.faults.Counts() }

// injected answers a request, or fails as a fault wants it.
func (a *API) injected(w *statusWriter, r *http.Request) {
	effect, found := faults.Effect{}, false
	if !isOwn(r) {
		effect, found = a.faults.Next(r.Method, r.URL.Path)
	}
	if !found {
		a.mux.ServeHTTP(w, r)
		return
	}
	traceOf(r).fault = effect.String()
	// A request that is not looked at has its operation in the journal all the same.
	_, r.Pattern = a.mux.Handler(r)
	if err := wait(r.Context(), time.Duration(effect.Delay)); err != nil {
		w.unfinished = true
		return
	}
	switch {
	case effect.Status != 0:
		a.serve(func(*http.Request) (reply, error) { return reply{}, &injectedError{effect.Status, effect.RetryAfter} })(w, r)
	case effect.Drop == faults.DropBefore:
		w.unfinished = true
	case effect.Drop == faults.DropAfter:
		a.spoiled(w, r, &droppedWriter{ResponseWriter: w.ResponseWriter})
		w.unfinished = true
	case effect.Body == faults.BodyTruncated:
		a.spoiled(w, r, &halfWriter{ResponseWriter: w.ResponseWriter, announce: whole})
		w.unfinished = true
	case effect.Body == faults.BodyMalformed:
		a.spoiled(w, r, &halfWriter{ResponseWriter: w.ResponseWriter, announce: half})
	case effect.Lag != 0:
		a.mux.ServeHTTP(w, r.WithContext(store.Behind(r.Context(), time.Duration(effect.Lag))))
	default:
		a.mux.ServeHTTP(w, r)
	}
}

// wait returns after a time, or with an error when the client is gone.
func wait(ctx context.Context, d time.Duration) error {
	if d == 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// spoiled answers a request through a writer that spoils the answer.
func (a *API) spoiled(w *statusWriter, r *http.Request, through http.ResponseWriter) {
	inner := &statusWriter{ResponseWriter: through}
	a.mux.ServeHTTP(inner, r)
	w.status, w.unfinished = inner.status, inner.unfinished
}

// droppedWriter sends nothing of an answer.
type droppedWriter struct{ http.ResponseWriter }

// WriteHeader implements http.ResponseWriter.
func (*droppedWriter) WriteHeader(int) {}

// Write implements http.ResponseWriter.
func (*droppedWriter) Write(p []byte) (int, error) { return len(p), nil }

// Unwrap lets net/http find the writer below, for deadlines.
func (w *droppedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// How long a spoiled answer says that it is, from the length of the first part of it.
func whole(n int) int { return n }
func half(n int) int  { return n / 2 } //nolint:mnd // It is the half.

// halfWriter sends half of the first part of an answer.
type halfWriter struct {
	http.ResponseWriter

	announce func(int) int
	status   int
	sent     bool
}

// WriteHeader implements http.ResponseWriter. The header waits for the body, whose length it tells.
func (w *halfWriter) WriteHeader(status int) {
	w.status = status
	if status == http.StatusNoContent {
		w.ResponseWriter.WriteHeader(status)
	}
}

// Write implements http.ResponseWriter.
func (w *halfWriter) Write(p []byte) (int, error) {
	if w.sent || len(p) == 0 {
		return len(p), nil
	}
	w.sent = true
	w.Header().Set("Content-Length", strconv.Itoa(w.announce(len(p))))
	w.ResponseWriter.WriteHeader(w.status)
	if _, err := w.ResponseWriter.Write(p[:half(len(p))]); err != nil {
		return 0, err
	}
	return len(p), http.NewResponseController(w.ResponseWriter).Flush()
}

// Unwrap lets net/http find the writer below.
func (w *halfWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (a *API) readFaults(*http.Request) (reply, error) { return jsonReply(a.faults.Counts()) }

func (a *API) clearFaults(*http.Request) (reply, error) {
	return reply{status: http.StatusNoContent}, a.ClearFaults()
}

// addFaults reads rules, as JSON or as text, whatever the Content-Type says.
func (a *API) addFaults(r *http.Request) (reply, error) {
	var text strings.Builder
	if _, err := io.Copy(&text, r.Body); err != nil {
		if tooLong, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return reply{}, &httpError{http.StatusRequestEntityTooLarge, tooLong.Error()}
		}
		return reply{}, &httpError{http.StatusBadRequest, err.Error()}
	}
	rules, err := faults.Parse(text.String())
	if err == nil {
		err = a.AddFaults(rules)
	}
	if err != nil {
		return reply{}, &httpError{http.StatusBadRequest, err.Error()}
	}
	out, err := jsonReply(a.faults.Counts())
	out.status = http.StatusCreated
	return out, err
}
