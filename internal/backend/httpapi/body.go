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
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// MaxBody is the size in bytes of the largest request body.
const MaxBody = 4 << 20

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
	text, err := readBody(r.Request)
	if err != nil {
		r.failed = err
		return b
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || !isJSON(kind) {
		r.failed = &httpError{http.StatusUnsupportedMediaType, "The body must be sent with the Content-Type application/json."}
		return b
	}
	members, err := parseObject(text)
	if err != nil {
		r.failed = &invalidError{[]fault{{"$", fmt.Sprintf("The body is not a JSON object: %s.", err)}}}
		return b
	}
	b.take(members, known)
	return b
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

func parseObject(text []byte) (members map[string]json.RawMessage, err error) {
	in := json.NewDecoder(bytes.NewReader(text))
	if err := in.Decode(&members); err != nil {
		return nil, err
	}
	if members == nil {
		return nil, errors.New("it is null")
	}
	if in.Decode(new(json.RawMessage)) != io.EOF {
		return nil, errors.New("something follows the object")
	}
	return members, nil
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

// guid reads a member that is a GUID, or nil where it is missing.
func (b body) guid(name string) *access.GUID {
	text := member[string](b, name)
	if text == nil {
		return nil
	}
	id := b.parseGUID(b.prefix+name, *text)
	return &id
}

// guids reads a member that is a list of GUIDs, up to most of them.
func (b body) guids(name string, most int) []access.GUID {
	texts := deref(member[[]string](b, name))
	if len(texts) > most {
		b.wrongf(name, "%d ids are given; at most %d are read.", len(texts), most)
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
