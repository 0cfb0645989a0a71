package httpapi

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

const (
	// journalLength is how many requests the journal keeps.
	journalLength = 1000
	// maxJournalPath bounds the length in bytes of a path that it keeps.
	maxJournalPath = 500
	// noOperation counts requests for paths or methods that do not exist.
	noOperation = "None"
)

// Journal counts requests by operation and keeps the last of them. Its zero value is empty. It may be used by many goroutines.
type Journal struct {
	mu       sync.Mutex
	counts   map[string]int
	requests []JournalEntry
	last     int
}

// JournalEntry is a request that was answered, or was not.
type JournalEntry struct {
	// Number counts the requests of this process, from 1.
	Number int `json:"number"`
	// At is when the request came, on the backend's clock.
	At        time.Time `json:"at"`
	Operation string    `json:"operation"`
	Method    string    `json:"method"`
	Path      string    `json:"path"`
	// Status is 0 where no answer was sent.
	Status int `json:"status"`
	// Caller is the name of who signed in, or empty.
	Caller string `json:"caller"`
	// Milliseconds is how long the answer took.
	Milliseconds float64 `json:"milliseconds"`
	// Changes are what the request changed, in words.
	Changes []string `json:"changes"`
	// Fault is the fault that was injected, in words.
	Fault string `json:"fault"`
}

type journalBody struct {
	Counts   map[string]int `json:"counts"`
	Requests []JournalEntry `json:"requests"`
}

// JournalFilter narrows the journal. Its zero value keeps all of it.
type JournalFilter struct {
	Operation, Method string
	// Caller and Path are parts of what they are compared with, in any case.
	Caller, Path string
	Status       int
	// Changed keeps requests that changed something, Fault those that a fault was injected into.
	Changed, Fault bool
	// After keeps requests with a higher number.
	After int
}

func (f JournalFilter) keeps(e JournalEntry) bool {
	return (f.Operation == "" || strings.EqualFold(f.Operation, e.Operation)) && (f.Method == "" || strings.EqualFold(f.Method, e.Method)) &&
		contains(e.Caller, f.Caller) && contains(e.Path, f.Path) && (f.Status == 0 || f.Status == e.Status) &&
		(!f.Changed || len(e.Changes) > 0) && (!f.Fault || e.Fault != "") && e.Number > f.After
}

func contains(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}

func (j *Journal) add(e JournalEntry) {
	if e.Operation == "" {
		e.Operation = noOperation
	}
	if e.Changes == nil {
		e.Changes = []string{}
	}
	e.Path = e.Path[:min(len(e.Path), maxJournalPath)]
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.counts == nil {
		j.counts = map[string]int{}
	}
	j.counts[e.Operation]++
	j.last++
	e.Number = j.last
	if len(j.requests) == journalLength {
		j.requests = slices.Delete(j.requests, 0, 1)
	}
	j.requests = append(j.requests, e)
}

// Counts returns how many requests there were of each operation.
func (j *Journal) Counts() map[string]int { return j.body(JournalFilter{}).Counts }

// Requests returns the last requests that a filter keeps, in the order in which they were answered.
func (j *Journal) Requests(f JournalFilter) []JournalEntry { return j.body(f).Requests }

func (j *Journal) body(f JournalFilter) journalBody {
	j.mu.Lock()
	defer j.mu.Unlock()
	b := journalBody{Counts: maps.Clone(j.counts), Requests: []JournalEntry{}}
	for _, e := range j.requests {
		if f.keeps(e) {
			b.Requests = append(b.Requests, e)
		}
	}
	if b.Counts == nil {
		b.Counts = map[string]int{}
	}
	return b
}

func (j *Journal) clear() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.counts, j.requests = nil, nil
}

// trace is what the handlers tell of a request while they answer it.
type trace struct {
	caller  string
	changes []string
	fault   string
}

type traceKey struct{}

// traced returns a request whose handlers can tell of it.
func traced(r *http.Request) (*http.Request, *trace) {
	t := &trace{}
	return r.WithContext(context.WithValue(r.Context(), traceKey{}, t)), t
}

// traceOf returns what is told of a request.
func traceOf(r *http.Request) *trace {
	if t, ok := r.Context().Value(traceKey{}).(*trace); ok {
		return t
	}
	return &trace{}
}

// changed tells what a session has changed and committed.
func changed(r *http.Request, s *rules.Session) {
	if s != nil {
		traceOf(r).changes = s.Changes()
	}
}

func (a *API) readJournal(r *http.Request) (reply, error) {
	f, err := journalFilter(r.URL.Query())
	if err != nil {
		return reply{}, err
	}
	return jsonReply(a.journal.body(f))
}

func (a *API) clearJournal(*http.Request) (reply, error) {
	a.journal.clear()
	return reply{status: http.StatusNoContent}, nil
}

// journalFilter reads the parameters of the journal.
func journalFilter(values url.Values) (JournalFilter, error) {
	f := JournalFilter{
		Operation: values.Get("operation"), Method: values.Get("method"), Caller: values.Get("caller"), Path: values.Get("path"),
	}
	wrong := &invalidError{}
	for name := range values {
		var err error
		value := values.Get(name)
		switch name {
		case "operation", "method", "caller", "path":
		case "status":
			f.Status, err = strconv.Atoi(value)
		case "after":
			f.After, err = strconv.Atoi(value)
		case "changed":
			f.Changed, err = strconv.ParseBool(value)
		case "fault":
			f.Fault, err = strconv.ParseBool(value)
		default:
			wrong.faults = append(wrong.faults, fault{name,
				"The parameter is unknown: known are operation, method, caller, path, status, after, changed and fault."})
		}
		if err != nil {
			wrong.faults = append(wrong.faults, fault{name, "The value '" + value + "' is not valid."})
		}
	}
	if len(wrong.faults) > 0 {
		return f, wrong
	}
	return f, nil
}
