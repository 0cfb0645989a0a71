package audit

import (
	"encoding/csv"
	"strings"
)

// CSV returns the rows as a file with the columns of the export: the vendor's own lines where there are such, else lines of the same
// form. With escaped, a cell that a spreadsheet would take for a formula begins with an apostrophe.
func (r *Report) CSV(escaped bool) string {
	var b strings.Builder
	b.WriteString(r.header)
	for _, row := range r.Rows {
		switch {
		case escaped:
			b.WriteString(encodeCSV(escapeFormulas(row.Cells())))
		case row.text != "":
			b.WriteString(row.text)
		default:
			b.WriteString(encodeCSV(row.Cells()))
		}
	}
	return b.String()
}

// encodeCSV writes one record as in RFC 4180, but ends it with a line feed.
func encodeCSV(record []string) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	// A strings.Builder takes everything.
	_ = w.Write(record)
	w.Flush()
	return b.String()
}

// escapeFormulas puts an apostrophe before cells that spreadsheets would run, as OWASP's page on CSV injection advises.
func escapeFormulas(cells []string) []string {
	for i, cell := range cells {
		if strings.IndexAny(cell, "=+-@\t\r") == 0 {
			cells[i] = "'" + cell
		}
	}
	return cells
}
