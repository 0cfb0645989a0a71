package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

// accountParameter is sent by the vendor's own scripts with every request and means nothing (contract 1).
const accountParameter = "x-uipath-internal-accountid"

// repeatable are the parameters that may be given several times (contract 4.1, 7.1).
var repeatable = []string{"roleIds", "sourceFilter"}

// input reads the members of a request and collects what is wrong with them.
type input struct {
	strict bool
	// prefix stands before the names of members, where they are those of an item in a list.
	prefix     string
	violations []rules.Violation
}

// maxViolations bounds how much that is wrong one refusal says, where nothing else does.
const maxViolations = 20

func (in *input) wrongf(name, format string, args ...any) {
	in.violations = append(in.violations, rules.Violation{Field: rules.Field(in.prefix + name), Message: fmt.Sprintf(format, args...)})
}

// parseGUID reads a GUID, and returns none where the text is not one.
func (in *input) parseGUID(name, text string) access.GUID {
	id, err := access.ParseGUID(text)
	if err != nil {
		in.wrongf(name, "The value '%s' is not valid.", text)
	}
	return id
}

func (in *input) err() error {
	if len(in.violations) == 0 {
		return nil
	}
	return rules.Invalidate(in.violations...)
}

// unknown refuses, in strict mode, a name that no public source shows.
func (in *input) unknown(kind, name string, known []string) {
	const long = 200
	if !in.strict || len(in.violations) >= maxViolations {
		return
	}
	near := ""
	if len(name) <= long {
		if nearest := access.Nearest(name, known, 1); len(nearest) > 0 {
			near = "; did you mean " + nearest[0]
		}
	}
	in.wrongf(name, "The %s %q is not known%s.", kind, name, near)
}

// query is the query string of a request. Names are read in any case.
type query struct {
	*input

	values url.Values
}

func (a *API) query(r *http.Request, known ...string) query {
	q := query{&input{strict: a.rules.Strict}, url.Values{}}
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
		case !strings.EqualFold(name, accountParameter):
			q.unknown("parameter", name, known)
		}
	}
	return q
}

func (q query) text(name string) string { return q.values.Get(name) }

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
	n, err := strconv.Atoi(q.values.Get(name))
	switch {
	case err != nil:
		q.wrongf(name, "The value '%s' is not valid.", q.values.Get(name))
	case n < 0 || n > most:
		q.wrongf(name, "The value %d is out of range: it is from 0 to %d.", n, most)
	}
	return n
}

// oneOf reads one of the given values in any case, and returns it as it is given here.
func (q query) oneOf(name string, values []string) string {
	value := q.values.Get(name)
	if value == "" {
		return ""
	}
	i := slices.IndexFunc(values, func(v string) bool { return strings.EqualFold(v, value) })
	if i < 0 {
		q.wrongf(name, "The value '%s' is not valid: it is one of %s.", value, strings.Join(values, ", "))
		return ""
	}
	return values[i]
}

func (q query) guid(name string) access.GUID {
	if q.values.Get(name) == "" {
		return ""
	}
	return q.parseGUID(name, q.values.Get(name))
}

// body is the JSON object in the body of a request. Names are read in any case; a null is not there.
type body struct {
	*input

	members map[string]json.RawMessage
}

func (a *API) body(r *http.Request, text []byte, known ...string) (body, error) {
	b := body{&input{strict: a.rules.Strict}, map[string]json.RawMessage{}}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || !isJSON(kind) {
		return b, &httpError{http.StatusUnsupportedMediaType, "The body must be sent with the Content-Type application/json."}
	}
	in := json.NewDecoder(bytes.NewReader(text))
	var members map[string]json.RawMessage
	err := in.Decode(&members)
	if err == nil && members == nil {
		err = errors.New("it is null")
	}
	if err == nil && in.Decode(new(json.RawMessage)) != io.EOF {
		err = errors.New("something follows the object")
	}
	if err != nil {
		b.wrongf("$", "The body is not a JSON object: %s.", err)
		err = b.err()
		return b, err
	}
	b.collect(members, known)
	return b, nil
}

// item is an object in a list in the body. What is wrong with it has to be added to what is wrong with the body.
func (b body) item(prefix string, members map[string]json.RawMessage, known ...string) body {
	one := body{&input{strict: b.strict, prefix: prefix}, map[string]json.RawMessage{}}
	one.collect(members, known)
	return one
}

// collect takes over the members that are known.
func (b body) collect(members map[string]json.RawMessage, known []string) {
	for _, name := range slices.Sorted(maps.Keys(members)) {
		i := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, name) })
		if i < 0 {
			b.unknown("member", name, known)
			continue
		}
		if _, twice := b.members[known[i]]; twice {
			b.wrongf(known[i], "The member is given twice, in different spellings.")
		}
		if string(members[name]) != "null" {
			b.members[known[i]] = members[name]
		}
	}
}

// guid reads a member that is a GUID. It is empty where it is missing or wrong.
func (b body) guid(name string) access.GUID {
	value := member[string](b, name)
	if value == nil {
		return ""
	}
	return b.parseGUID(name, *value)
}

// required says which members are missing.
func (b body) required(names ...string) {
	for _, name := range names {
		if _, ok := b.members[name]; !ok {
			b.wrongf(name, "The %s is required.", name)
		}
	}
}

func isJSON(kind string) bool {
	return kind == "application/json" || strings.HasPrefix(kind, "application/") && strings.HasSuffix(kind, "+json")
}

// member reads one member, or nil where it is missing.
func member[T any](b body, name string) *T {
	raw, ok := b.members[name]
	if !ok {
		return nil
	}
	var value T
	if err := json.Unmarshal(raw, &value); err != nil {
		b.wrongf(name, "The JSON value could not be converted to %s.", jsonName(value))
		return nil
	}
	return &value
}

func jsonName(value any) string {
	switch value.(type) {
	case string:
		return "a string"
	case []string:
		return "an array of strings"
	case map[string]json.RawMessage:
		return "an object"
	}
	return "an array of objects"
}
