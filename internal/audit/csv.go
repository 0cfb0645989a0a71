package audit

import (
	"encoding/csv"
	"iter"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// Text is a text in parts, which is not copied while it grows.
type Text struct {
	parts []string
	last  strings.Builder
	size  int
}

// partSize is that of a part, in bytes.
const partSize = 1 << 20

// Write adds to the text. It never fails.
func (t *Text) Write(p []byte) (int, error) { return t.WriteString(string(p)) }

// WriteString adds to the text. It never fails.
func (t *Text) WriteString(s string) (int, error) {
	if t.last.Cap() == 0 {
		t.last.Grow(partSize)
	}
	t.last.WriteString(s)
	t.size += len(s)
	if t.last.Len() > partSize-partSize/16 {
		t.parts = append(t.parts, t.last.String())
		t.last.Reset()
	}
	return len(s), nil
}

// Len returns the length of the text in bytes.
func (t *Text) Len() int { return t.size }

// Parts returns the text.
func (t *Text) Parts() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, part := range t.parts {
			if !yield(part) {
				return
			}
		}
		yield(t.last.String())
	}
}

// String returns the text in one piece.
func (t *Text) String() string { return strings.Join(slices.Collect(t.Parts()), "") }

// csvFile is a file with the columns of the export that is being written.
type csvFile struct {
	// escaped lets a cell that a spreadsheet would take for a formula begin with an apostrophe.
	escaped bool

	text    *Text
	records *csv.Writer
}

// begin begins the file anew with a header as it stands there.
func (f *csvFile) begin(header string) {
	f.text = &Text{}
	f.write(header)
	// It ends records with a line feed, in which it differs from RFC 4180.
	f.records = csv.NewWriter(f.text)
}

// write adds what stands in the vendor's file.
func (f *csvFile) write(text string) { _, _ = f.text.WriteString(text) }

// beginOwn begins a file that is not the vendor's.
func (f *csvFile) beginOwn() {
	f.begin("")
	f.record(access.ExportHeader())
}

// line adds a line of the vendor's file.
func (f *csvFile) line(text string, record access.ExportRecord) {
	if f.escaped {
		f.row(record)
	} else {
		f.write(text)
	}
}

// row adds a line of our own.
func (f *csvFile) row(record access.ExportRecord) {
	cells := record.Cells()
	if f.escaped {
		escapeFormulas(cells)
	}
	f.record(cells)
}

func (f *csvFile) record(cells []string) {
	// A text takes everything.
	_ = f.records.Write(cells)
	f.records.Flush()
}

// escapeFormulas puts an apostrophe before cells that spreadsheets would run, as OWASP's page on CSV injection advises.
func escapeFormulas(cells []string) {
	for i, cell := range cells {
		if strings.IndexAny(cell, "=+-@\t\r") == 0 {
			cells[i] = "'" + cell
		}
	}
}
