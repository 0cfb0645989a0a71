package seed

import (
	"bytes"
	"io"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v3"
)

const (
	indent = 2
	// partLength is how many entries of a list are turned into YAML at a time.
	partLength = 100
	// documentSize is the size in bytes from which a document is long enough, so that the rest goes into another one. Reading takes many
	// times the memory of a document.
	documentSize = 256 << 10
	// assignmentsKey is the key of the list that is never held whole.
	assignmentsKey = "assignments"
)

// documents writes a seed as one YAML document where it is short, and as several otherwise. A list may go on in the next document.
type documents struct {
	out io.Writer
	// size is the size in bytes of the present document.
	size int
	// key is the key that the present document ends with.
	key string
}

// addAll writes what the lists of a document hold, part by part.
func (d *documents) addAll(doc document) error {
	for _, field := range reflect.VisibleFields(reflect.TypeFor[document]()) {
		key, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		value := reflect.ValueOf(doc).FieldByIndex(field.Index)
		if value.Kind() != reflect.Slice {
			if err := d.add(key, value.Interface()); err != nil {
				return err
			}
			continue
		}
		for from := 0; from < value.Len(); from += partLength {
			if err := d.add(key, value.Slice(from, min(from+partLength, value.Len())).Interface()); err != nil {
				return err
			}
		}
	}
	return nil
}

// add writes a value, or entries of a list, with the key that it has in a document.
func (d *documents) add(key string, value any) error {
	var text bytes.Buffer
	if d.size > documentSize {
		text.WriteString("---\n")
		d.size, d.key = 0, ""
	}
	e := yaml.NewEncoder(&text)
	e.SetIndent(indent)
	if err := e.Encode(map[string]any{key: value}); err != nil {
		return err
	}
	if err := e.Close(); err != nil {
		return err
	}
	part := text.Bytes()
	if key == d.key {
		// The list goes on.
		part = part[len(key+":\n"):]
	}
	d.size, d.key = d.size+len(part), key
	_, err := d.out.Write(part)
	return err
}
