package seed

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxKeys is how many keys one mapping may have. No entry has a quarter as many, and yaml compares each key with all others.
const maxKeys = 100

// decoder reads the documents of a file one after the other, strictly.
type decoder struct {
	*problems

	// bounded is what trees reads from, and limit the size in bytes of the longest document.
	bounded *boundedReader
	limit   int
	// Each document is read twice: trees gives the lines, and entries refuses unknown keys.
	trees, entries *yaml.Decoder
	// doc and root are the present document.
	doc  document
	root node
	// begun is true after the first document.
	begun bool
	// failed is true after a document that cannot be read.
	failed bool
}

func newDecoder(p *problems, file []byte) *decoder {
	d := &decoder{
		problems: p, bounded: &boundedReader{in: bytes.NewReader(file)}, limit: maxDocument, entries: yaml.NewDecoder(bytes.NewReader(file)),
	}
	d.trees = yaml.NewDecoder(d.bounded)
	d.entries.KnownFields(true)
	return d
}

// next reads the next document. It returns false after the last one, and where a document cannot be read.
func (d *decoder) next() bool {
	var tree yaml.Node
	before := len(d.found)
	d.bounded.left = d.limit
	switch err := d.trees.Decode(&tree); {
	case errors.Is(err, io.EOF) && d.begun:
		return false
	case errors.Is(err, io.EOF):
		d.reportf(0, "the file is empty: it needs at least organization with a name")
	case d.bounded.left <= 0:
		d.reportf(0, "a document of the file is too long: at most %d bytes are read. Divide it by lines of ---", d.limit)
	case err != nil:
		d.translate(err)
	case d.check(&tree) && len(d.found) <= maxProblems:
		d.doc, d.root = document{}, node{tree.Content[0]}
		d.translate(d.entries.Decode(&d.doc))
	}
	d.begun = true
	d.failed = len(d.found) > before
	return !d.failed
}

// boundedReader reads a part of a file, and fails after that.
type boundedReader struct {
	in io.Reader
	// left is how many bytes may still be read.
	left int
}

var errTooLong = errors.New("too long")

// Read implements io.Reader.
func (b *boundedReader) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLong
	}
	n, err := b.in.Read(p)
	b.left -= n
	return n, err
}

// check reports what a seed must not have although yaml accepts it, and keys that stand twice, of which yaml reports every pair. It returns
// false if decoding could take long: aliases grow.
func (p *problems) check(n *yaml.Node) bool {
	sound := true
	switch {
	case n.Kind == yaml.AliasNode:
		p.reportf(n.Line, "aliases are not supported: write the value out")
		return false
	case n.Kind == yaml.MappingNode:
		sound = p.checkKeys(n)
	case n.Kind == yaml.ScalarNode && (n.Value == "" || n.ShortTag() == "!!null"):
		p.reportf(n.Line, "the value is empty: write one or leave the key out")
	case n.ShortTag() == "!!binary":
		p.reportf(n.Line, "binary values are not supported: write a text")
	}
	for _, child := range n.Content {
		sound = p.check(child) && sound
	}
	return sound
}

func (p *problems) checkKeys(n *yaml.Node) bool {
	sound, lines := true, map[string]int{}
	for i := 0; i < len(n.Content); i += 2 {
		key := n.Content[i]
		before, twice := lines[key.Value]
		switch lines[key.Value] = cmp.Or(before, key.Line); {
		case key.ShortTag() == "!!merge":
			p.reportf(key.Line, "unknown key %q: merging is not supported", key.Value)
			sound = false
		case twice:
			p.reportf(key.Line, "key %q stands on line %d already", key.Value, before)
		}
	}
	if len(lines) > maxKeys {
		p.reportf(n.Line, "%d keys stand together; at most %d are read", len(lines), maxKeys)
		sound = false
	}
	return sound
}

// What yaml says is wrong.
var (
	atLine       = regexp.MustCompile(`(?s)^(?:yaml: )?line (\d+): (.*)$`)
	unknownField = regexp.MustCompile(`(?s)^field (.*) not found in type (.*)$`)
	wrongKind    = regexp.MustCompile("(?s)^cannot unmarshal (\\S+)(?: `(.*)`)? into (.*)$")
)

// translate reports the errors of yaml in the words of the format.
func (p *problems) translate(err error) {
	if err == nil {
		return
	}
	messages := []string{strings.TrimPrefix(err.Error(), "yaml: ")}
	if several, ok := errors.AsType[*yaml.TypeError](err); ok {
		messages = several.Errors
	}
	keys := map[string][]string{}
	collectKeys(reflect.TypeFor[document](), keys)
	for _, message := range messages {
		line := 0
		if m := atLine.FindStringSubmatch(message); m != nil {
			line, _ = strconv.Atoi(m[1])
			message = m[2]
		}
		if m := unknownField.FindStringSubmatch(message); m != nil {
			message = fmt.Sprintf("unknown key %q%s", m[1], p.offer(m[1], keys[m[2]]))
		} else if m := wrongKind.FindStringSubmatch(message); m != nil {
			message = fmt.Sprintf("expected %s, found %s", kindOfType(m[3], keys), kindOfValue(m[1], m[2]))
		}
		if !strings.HasPrefix(message, "mapping key ") { // check has reported the key that stands twice.
			p.reportf(line, "%s", message)
		}
	}
}

// kindOfType names what a type is read from.
func kindOfType(goType string, keys map[string][]string) string {
	switch {
	case strings.HasPrefix(goType, "[]"):
		return "a list"
	case goType == "bool":
		return "true or false"
	case goType == "int64":
		return "a whole number"
	case strings.HasSuffix(goType, "Ref"):
		return "a text or keys and values"
	case keys[goType] != nil:
		return "keys and values"
	}
	return "a text"
}

// kindOfValue names a value by its tag, or quotes the beginning that yaml gives of it.
func kindOfValue(tag, beginning string) string {
	return cmp.Or(map[string]string{"!!map": "keys and values", "!!seq": "a list"}[tag], strconv.Quote(beginning))
}

// collectKeys lists the keys of a type and of the types below it, by the names of the types.
func collectKeys(t reflect.Type, keys map[string][]string) {
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return
	}
	for _, field := range reflect.VisibleFields(t) {
		if key, _, _ := strings.Cut(field.Tag.Get("yaml"), ","); key != "" && key != "-" {
			keys[t.String()] = append(keys[t.String()], key)
			collectKeys(field.Type, keys)
		}
	}
}
