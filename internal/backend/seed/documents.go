package seed

import (
	"bytes"
	"errors"
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
	text, err := encode(key, value)
	if err != nil {
		return err
	}
	return d.addRow(key, text[len(key+":\n"):])
}

// encode writes a value, which takes more than one line, as the only one of a document.
func encode(key string, value any) ([]byte, error) {
	var text bytes.Buffer
	e := yaml.NewEncoder(&text)
	e.SetIndent(indent)
	err := e.Encode(map[string]any{key: value})
	return text.Bytes(), errors.Join(err, e.Close())
}

// addRow writes lines that stand below a key.
func (d *documents) addRow(key string, lines []byte) error {
	heading := ""
	if d.size > documentSize {
		heading, d.size, d.key = "---\n", 0, ""
	}
	if key != d.key {
		heading, d.key = heading+key+":\n", key
	}
	if heading != "" {
		if _, err := io.WriteString(d.out, heading); err != nil {
			return err
		}
	}
	n, err := d.out.Write(lines)
	d.size += len(heading) + n
	return err
}
