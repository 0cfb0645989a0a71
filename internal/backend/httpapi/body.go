package httpapi

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

// MaxBody is the size in bytes of the largest request body.
const MaxBody = 4 << 20

// wholeBody stands for a body that cannot be read.
const wholeBody = "$"

// body is a JSON object in the body of a request. Names are read in any case; a null counts as missing.
type body struct {
	*request

	// prefix stands before the names of members, where the object is itself a member.
	prefix  string
	members map[string]json.RawMessage
}

// body reads the whole body, which is one JSON object with the known members.
func (r *request) body(known ...string) body {
	b := body{request: r}
	var members map[string]json.RawMessage
	if r.json(&members, "a JSON object") {
		b.take(members, known)
	}
	return b
}

// list reads the whole body, which is an array of objects with the known members, up to most of them.
func (r *request) list(most int, known ...string) []body {
	var all []map[string]json.RawMessage
	if !r.json(&all, "a JSON array of objects") {
		return nil
	}
	return body{request: r}.items("", all, most, known...)
}

// json reads the whole body, which is one JSON value, and reports whether it could be read.
func (r *request) json(value any, what string) bool {
	r.hasBody = true
	text, err := readBody(r.Request)
	if err != nil {
		r.failed = err
		return false
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || !isJSON(kind) {
		r.failed = &httpError{http.StatusUnsupportedMediaType, "The body must be sent with the Content-Type application/json."}
		return false
	}
	if err := parseJSON(text, value); err != nil {
		r.failed = &invalidError{[]fault{{wholeBody, fmt.Sprintf("The body is not %s: %s.", what, err)}}, true}
	}
	return r.failed == nil
}

func readBody(r *http.Request) ([]byte, error) {
	text, err := io.ReadAll(r.Body)
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, &httpError{http.StatusRequestEntityTooLarge, fmt.Sprintf("The body is larger than %d bytes.", tooLarge.Limit)}
	}
	if err != nil {
		return nil, &httpError{http.StatusBadRequest, "The body could not be read to its end."}
	}
	return text, nil
}

func parseJSON(text []byte, value any) error {
	in := json.NewDecoder(bytes.NewReader(text))
	if err := in.Decode(value); err != nil {
		return err
	}
	if string(bytes.TrimSpace(text)) == "null" {
		return errors.New("it is null")
	}
	if in.Decode(new(json.RawMessage)) != io.EOF {
		return errors.New("something follows it")
	}
	return nil
}

func isJSON(kind string) bool {
	return kind == "application/json" || strings.HasPrefix(kind, "application/") && strings.HasSuffix(kind, "+json")
}

// item is an object inside this one.
func (b body) item(name string, members map[string]json.RawMessage, known ...string) body {
	one := body{request: b.request, prefix: b.prefix + name + "."}
	one.take(members, known)
	return one
}

// items are the objects of an array inside this one, up to most of them.
func (b body) items(name string, all []map[string]json.RawMessage, most int, known ...string) []body {
	if len(all) > most {
		b.wrongf(cmp.Or(name, "$"), "%d objects are given; at most %d are read.", len(all), most)
		return nil
	}
	var items []body
	for i, members := range all {
		if b.full() {
			break
		}
		items = append(items, b.item(fmt.Sprintf("%s[%d]", name, i), members, known...))
	}
	return items
}

// take takes over the members that are known.
func (b *body) take(members map[string]json.RawMessage, known []string) {
	b.members = make(map[string]json.RawMessage, len(members))
	for _, name := range slices.Sorted(maps.Keys(members)) {
		i := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, name) })
		if i < 0 {
			b.unknown("member", b.prefix, name, known)
			continue
		}
		if b.has(known[i]) {
			b.wrongf(known[i], "The member is given twice, in different spellings.")
		}
		if string(members[name]) != "null" {
			b.members[known[i]] = members[name]
		}
	}
}

func (b body) has(name string) bool {
	_, ok := b.members[name]
	return ok
}

func (b body) wrongf(name, format string, args ...any) {
	b.request.wrongf(b.prefix+name, format, args...)
}

// required says which members are missing.
func (b body) required(names ...string) {
	for _, name := range names {
		if !b.has(name) {
			b.wrongf(name, "The %s is required.", name)
		}
	}
}

// unsupported refuses members for values that the backend does not keep, unless they are empty.
func (b body) unsupported(names ...string) {
	for _, name := range names {
		if raw := string(b.members[name]); raw != "" && raw != "[]" && raw != "{}" {
			b.wrongf(name, "The backend keeps no such values: leave the member out.")
		}
	}
}

// time reads a member that is a time. Without an offset it is UTC. It returns the zero time where the member is missing.
func (b body) time(name string) time.Time {
	text := member[string](b, name)
	if text == nil {
		return time.Time{}
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05"} {
		if at, err := time.Parse(layout, *text); err == nil {
			return at.UTC().Truncate(model.Tick)
		}
	}
	b.wrongf(name, "The value '%s' is not a time.", *text)
	return time.Time{}
}

// guid reads a member that is a GUID, or nil where it is missing.
func (b body) guid(name string) *access.GUID {
	text := member[string](b, name)
	if text == nil {
		return nil
	}
	id := b.parseGUID(b.prefix+name, *text)
	return &id
}

// guids reads a member that is a list of GUIDs, up to [rules.MaxAccounts] of them.
func (b body) guids(name string) []access.GUID {
	texts := deref(member[[]string](b, name))
	if len(texts) > rules.MaxAccounts {
		b.wrongf(name, "%d ids are given; at most %d are read.", len(texts), rules.MaxAccounts)
		return nil
	}
	ids := make([]access.GUID, len(texts))
	for i, text := range texts {
		if ids[i] = b.parseGUID(b.prefix+name, text); b.full() {
			break
		}
	}
	return ids
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
	case bool:
		return "a boolean"
	case int64:
		return "a whole number"
	case []int64:
		return "an array of whole numbers"
	case map[string]json.RawMessage:
		return "an object"
	}
	return "an array of objects"
}

// deref returns what a pointer points to, and the zero value for nil.
func deref[T any](value *T) T {
	if value == nil {
		var none T
		return none
	}
	return *value
}
