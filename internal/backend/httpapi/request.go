package httpapi

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

// accountParameter is sent by the vendor's own scripts with every request and means nothing (contract 1).
const accountParameter = "x-uipath-internal-accountid"

// countParameter is sent with the value false to lists of identity by UiPathOrch and means nothing (contract 7-1).
const countParameter = "$count"

// repeatable are the parameters that may be given several times (contract 4.1, 7.1, 7.9).
var repeatable = []string{"roleIds", "sourceFilter", memberKey}

// maxFaults bounds how much that is wrong one refusal says, where nothing else does.
const maxFaults = 20

// fault is one thing that is wrong with one member or parameter of a request.
type fault struct{ name, message string }

// invalidError refuses a request because of what is wrong with it.
type invalidError struct {
	faults []fault
	// inBody says that the request has a body, so that it is the body that does not fit.
	inBody bool
}

// Error implements error.
func (e *invalidError) Error() string {
	return fmt.Sprintf("%d members of the request are wrong", len(e.faults))
}

// request is a request while its input is parsed. It collects what is wrong with it.
type request struct {
	*http.Request

	// strict refuses names that no public source shows.
	strict bool
	// memberOf returns the name of the member at fault, where a rule objects to the input.
	memberOf func(model.Violation) string
	faults   []fault
	// hasBody says that the body was read.
	hasBody bool
	// failed is an error that leaves nothing else to say.
	failed error
}

// memberNames are the names of the members that the parts of an input are read from.
type memberNames map[model.Part]string

// of returns the name of the member at fault, "$" for the request as a whole.
func (m memberNames) of(v model.Violation) string { return cmp.Or(m[v.Part], "$") }

func (r *request) wrongf(name, format string, args ...any) {
	r.faults = append(r.faults, fault{name, fmt.Sprintf(format, args...)})
}

// full reports whether so much is wrong that nothing more needs to be parsed.
func (r *request) full() bool { return r.failed != nil || len(r.faults) >= maxFaults }

func (r *request) err() error {
	if r.failed == nil && len(r.faults) > 0 {
		return &invalidError{r.faults, r.hasBody}
	}
	return r.failed
}

// unknown refuses, in strict mode, a name that no public source shows. The prefix is that of the object that has the member.
func (r *request) unknown(kind, prefix, name string, known []string) {
	if r.strict && !r.full() {
		r.wrongf(prefix+name, "%s", model.WithSuggestion(fmt.Sprintf("The %s %q is not known.", kind, name), name, known))
	}
}

// parseGUID reads a GUID, and returns none where the text is not one.
func (r *request) parseGUID(name, text string) access.GUID {
	id, err := access.ParseGUID(text)
	if err != nil {
		r.wrongf(name, "The value '%s' is not valid.", text)
	}
	return id
}

// id reads the id in the path.
func (r *request) id() access.GUID { return r.parseGUID("id", r.PathValue("id")) }

// query is the query string of a request. Names are read in any case.
type query struct {
	*request

	values url.Values
}

func (r *request) query(known ...string) query {
	q := query{r, url.Values{}}
	parsed, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		q.wrongf("query", "The query string cannot be read: %s.", err)
	}
	for _, name := range slices.Sorted(maps.Keys(parsed)) {
		i := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, name) })
		switch {
		case i >= 0 && slices.Contains(repeatable, known[i]):
			q.values[known[i]] = append(q.values[known[i]], parsed[name]...)
		case i >= 0 && len(parsed[name]) > 1:
			q.wrongf(known[i], "The parameter is given %d times.", len(parsed[name]))
		case i >= 0:
			q.values.Set(known[i], parsed.Get(name))
		case !meansNothing(r.URL.Path, name, parsed.Get(name)):
			q.unknown("parameter", "", name, known)
		}
	}
	return q
}

// meansNothing reports whether a parameter is one that clients send where nobody reads it.
func meansNothing(path, name, value string) bool {
	return strings.EqualFold(name, accountParameter) ||
		name == countParameter && strings.EqualFold(value, "false") && strings.Contains(path, hostIdentity)
}

func (q query) text(name string) string { return q.values.Get(name) }

// guid reads a parameter that is a GUID. It returns none where the parameter is missing or wrong.
func (q query) guid(name string) access.GUID {
	if q.text(name) == "" {
		return ""
	}
	return q.parseGUID(name, q.text(name))
}

// guids reads a parameter that may be given several times, up to most times.
func (q query) guids(name string, most int) []access.GUID {
	values := q.values[name]
	if len(values) > most {
		q.wrongf(name, "The parameter is given %d times; at most %d are read.", len(values), most)
		return nil
	}
	ids := make([]access.GUID, len(values))
	for i, value := range values {
		ids[i] = q.parseGUID(name, value)
	}
	return ids
}

// number reads a whole number from 0 to most.
func (q query) number(name string, absent, most int) int {
	if !q.values.Has(name) {
		return absent
	}
	n, err := strconv.Atoi(q.text(name))
	switch {
	case err != nil:
		q.wrongf(name, "The value '%s' is not valid.", q.text(name))
	case n < 0 || n > most:
		q.wrongf(name, "The value %d is out of range: it is from 0 to %d.", n, most)
	}
	return n
}

// paging reads the parameters top and skip, which some services spell with a prefix.
func (q query) paging(prefix string, absent, most int) rules.Paging {
	return rules.Paging{Top: q.number(prefix+"top", absent, most), Skip: q.number(prefix+"skip", 0, math.MaxInt32)}
}

// choice is a value of a parameter by the name that it has on the wire.
type choice[T any] struct {
	name  string
	value T
}

var (
	booleans   = []choice[bool]{{"true", true}, {"false", false}}
	descending = []choice[bool]{{"asc", false}, {"desc", true}}
)

// words are the choices of a parameter whose values are taken as they are.
func words[T ~string](values ...T) []choice[T] {
	choices := make([]choice[T], len(values))
	for i, v := range values {
		choices[i] = choice[T]{string(v), v}
	}
	return choices
}

// oneOf reads a parameter whose value is one of some names in any case, and returns what the name stands for. It returns absent where
// the parameter is missing or wrong.
func oneOf[T any](q query, name string, absent T, choices []choice[T]) T {
	text := q.text(name)
	if text == "" {
		return absent
	}
	names := make([]string, len(choices))
	for i, c := range choices {
		if strings.EqualFold(c.name, text) {
			return c.value
		}
		names[i] = c.name
	}
	q.wrongf(name, "The value '%s' is not valid: it is one of %s.", text, strings.Join(names, ", "))
	return absent
}

// service reads the serviceName filter. An unknown service has no roles and no permissions; strict mode refuses it.
func (q query) service() string {
	name := q.text("serviceName")
	if !q.strict {
		return name
	}
	known := []string{access.MultiService.Name}
	for _, s := range access.Services() {
		known = append(known, s.Name)
	}
	return oneOf(q, "serviceName", "", words(known...))
}
