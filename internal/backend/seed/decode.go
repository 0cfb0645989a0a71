package seed

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

const (
	// maxProblems bounds how many mistakes one error reports.
	maxProblems = 10
	// maxMessage bounds the length in bytes of what is said about one of them, because it may quote the file.
	maxMessage = 400
)

// Problem is one mistake in a seed.
type Problem struct {
	// Line is where it stands, from 1; 0 where it has no place.
	Line    int
	Message string
}

// Error is what is wrong with a seed: its first mistakes, in the order of the file.
type Error struct {
	Problems []Problem
	// More is how many further mistakes there are.
	More int
}

// Error implements error, on one line.
func (e *Error) Error() string {
	parts := make([]string, 0, len(e.Problems)+1)
	for _, p := range e.Problems {
		if p.Line > 0 {
			parts = append(parts, fmt.Sprintf("line %d: %s", p.Line, p.Message))
		} else {
			parts = append(parts, p.Message)
		}
	}
	if e.More > 0 {
		parts = append(parts, fmt.Sprintf("and %d more", e.More))
	}
	return "seed: " + strings.Join(parts, "; ")
}

// decoder reads YAML nodes into the types of format.go and collects what is wrong.
type decoder struct{ problems []Problem }

func (d *decoder) reportf(line int, format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	if len(message) > maxMessage {
		message = strings.ToValidUTF8(message[:maxMessage], "") + "..."
	}
	d.problems = append(d.problems, Problem{line, message})
}

type nodeDecoder interface {
	decodeNode(d *decoder, n *yaml.Node)
}

// parseNode returns the root of the one document in a file. YAML nodes keep aliases as they are, so that a file of aliases
// does not grow.
func parseNode(file []byte) (*yaml.Node, error) {
	in := yaml.NewDecoder(bytes.NewReader(file))
	var root yaml.Node
	if err := in.Decode(&root); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, &Error{Problems: []Problem{{0, "the file is empty: it needs at least organization with a name"}}}
		}
		return nil, &Error{Problems: []Problem{{0, strings.TrimPrefix(err.Error(), "yaml: ")}}}
	}
	var second yaml.Node
	if err := in.Decode(&second); !errors.Is(err, io.EOF) {
		return nil, &Error{Problems: []Problem{{second.Line, "the file has a second document: keep only one"}}}
	}
	return root.Content[0], nil
}

// decode reads a node into the value that v points to.
func (d *decoder) decode(n *yaml.Node, v any) { d.value(n, reflect.ValueOf(v).Elem()) }

func (d *decoder) value(n *yaml.Node, v reflect.Value) {
	if n.Kind == yaml.AliasNode {
		d.reportf(n.Line, "aliases are not supported: write the value out")
		return
	}
	if custom, ok := reflect.TypeAssert[nodeDecoder](v.Addr()); ok {
		custom.decodeNode(d, n)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		d.mapping(n, v)
	case reflect.Slice:
		d.sequence(n, v)
	default:
		d.boolean(n, v)
	}
}

func (d *decoder) mapping(n *yaml.Node, v reflect.Value) {
	if positioned, ok := reflect.TypeAssert[interface{ setLine(line int) }](v.Addr()); ok {
		positioned.setLine(n.Line)
	}
	if n.Kind != yaml.MappingNode {
		d.reportf(n.Line, "expected keys and values, found %s", kindOf(n))
		return
	}
	fields, keys := fieldsOf(v)
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		field, known := fields[key.Value]
		switch {
		case key.Kind != yaml.ScalarNode || !known:
			d.reportf(key.Line, "unknown key %q%s", key.Value, d.offer(key.Value, keys))
		case seen[key.Value] > 0:
			d.reportf(key.Line, "key %q stands on line %d already", key.Value, seen[key.Value])
		default:
			seen[key.Value] = key.Line
			d.value(value, field)
		}
	}
}

// fieldsOf returns the fields of a struct by their keys, those of inlined structs included.
func fieldsOf(v reflect.Value) (fields map[string]reflect.Value, keys []string) {
	fields = map[string]reflect.Value{}
	for i := range v.NumField() {
		tag, options, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
		switch {
		case tag == "-":
		case options == "inline":
			inner, innerKeys := fieldsOf(v.Field(i))
			maps.Copy(fields, inner)
			keys = append(keys, innerKeys...)
		default:
			fields[tag] = v.Field(i)
			keys = append(keys, tag)
		}
	}
	return fields, keys
}

func (d *decoder) sequence(n *yaml.Node, v reflect.Value) {
	if n.Kind != yaml.SequenceNode {
		d.reportf(n.Line, "expected a list, found %s", kindOf(n))
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
	for i, item := range n.Content {
		d.value(item, v.Index(i))
	}
}

// boolean reads into a *bool, the only pointer of the format.
func (d *decoder) boolean(n *yaml.Node, v reflect.Value) {
	var b bool
	if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" || n.Decode(&b) != nil {
		d.reportf(n.Line, "expected true or false, found %s", kindOf(n))
		return
	}
	v.Set(reflect.ValueOf(&b))
}

func kindOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "keys and values"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias"
	case yaml.DocumentNode:
		return "a document"
	case yaml.ScalarNode:
		if n.Tag == "!!null" {
			return "nothing"
		}
	}
	return fmt.Sprintf("%q", n.Value)
}

// offer names the nearest candidates, or all of them where they are few and none is near. For a very long name, and after very
// many mistakes, it offers nothing: comparing takes time.
func (d *decoder) offer(name string, candidates []string) string {
	const offered, few, many, long = 3, 12, 100, 200
	if len(d.problems) > many || len(name) > long {
		return ""
	}
	near := access.Nearest(name, candidates, offered)
	switch {
	case len(near) > 0:
		return "; did you mean " + strings.Join(near, ", ") + "?"
	case len(candidates) > 0 && len(candidates) <= few:
		return "; known are " + strings.Join(candidates, ", ")
	}
	return ""
}
