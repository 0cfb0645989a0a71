package uipath

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// byteOrderMark may begin a file in UTF-8.
const byteOrderMark = "\ufeff"

// originalRoleName is another header of [access.ExportRoleName]: the vendor's page has either (contract 4.6).
const originalRoleName = "OriginalRoleName"

// identifyingColumns are those without which a line says nothing.
var identifyingColumns = []access.ExportColumn{
	access.ExportID, access.ExportRoleID, access.ExportScope, access.ExportSecurityPrincipalID,
}

// readExport reads the file.
func readExport(body []byte) (Export, error) {
	if !utf8.Valid(body) {
		return Export{}, errors.New("the file is not in UTF-8")
	}
	text := string(body)
	begin := len(text) - len(strings.TrimPrefix(text, byteOrderMark))
	reader := csv.NewReader(strings.NewReader(text[begin:]))
	reader.ReuseRecord = true

	header, err := reader.Read()
	if errors.Is(err, io.EOF) {
		return Export{}, errors.New("the file is empty")
	}
	if err != nil {
		return Export{}, notCSV(err)
	}
	fields, err := findExportFields(header)
	if err != nil {
		return Export{}, err
	}
	end := begin + int(reader.InputOffset())
	file := Export{Header: text[:end]}
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			file.addRest(text[end:])
			return file, nil
		}
		if err != nil {
			return Export{}, notCSV(err)
		}
		next := begin + int(reader.InputOffset())
		file.Lines = append(file.Lines, ExportLine{fields.row(record), text[end:next]})
		end = next
	}
}

func notCSV(err error) error { return fmt.Errorf("the file is not CSV: %w", err) }

// addRest adds what follows the last record, which is blank, to its text.
func (e *Export) addRest(rest string) {
	if n := len(e.Lines); n > 0 {
		e.Lines[n-1].Text += rest
	} else {
		e.Header += rest
	}
}

// exportFields are the places of the columns in a record, -1 for those that the file lacks.
type exportFields [len(access.ExportRow{})]int

// findExportFields finds the columns by their headers, whose order and case are not verified (contract 4.6).
func findExportFields(header []string) (exportFields, error) {
	place := func(name string) int {
		return slices.IndexFunc(header, func(title string) bool { return strings.EqualFold(title, name) })
	}
	var fields exportFields
	for column, name := range access.ExportHeader() {
		fields[column] = place(name)
	}
	if fields[access.ExportRoleName] < 0 {
		fields[access.ExportRoleName] = place(originalRoleName)
	}
	var missing []string
	for _, column := range identifyingColumns {
		if fields[column] < 0 {
			missing = append(missing, column.String())
		}
	}
	if len(missing) > 0 {
		return exportFields{}, fmt.Errorf("the file has no column %s; it begins with %q",
			strings.Join(missing, ", "), oneLine(strings.Join(header, ",")))
	}
	return fields, nil
}

// row puts the fields of a record in the order of the columns.
func (f exportFields) row(record []string) access.ExportRow {
	var row access.ExportRow
	for column, place := range f {
		if place >= 0 {
			row[column] = record[place]
		}
	}
	return row
}
