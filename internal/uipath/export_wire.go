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
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// byteOrderMark may begin a file in UTF-8.
const byteOrderMark = "\ufeff"

// otherHeaders are other headers of a column: the vendor's page has either (contract 4.6).
var otherHeaders = map[string]string{"RoleName": "OriginalRoleName"}

// identifyingColumns are those without which a line says nothing.
var identifyingColumns = []string{"Id", "RoleId", "Scope", "SecurityPrincipalId"}

// parseExport reads the file.
func parseExport(body []byte) (Export, error) {
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
		file.Lines = append(file.Lines, ExportLine{fields.record(record), text[end:next]})
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

// exportFields are the places of the columns in a line, -1 for those that the file lacks.
type exportFields []int

// findExportFields finds the columns by their headers, whose order and case are not verified (contract 4.6).
func findExportFields(header []string) (exportFields, error) {
	place := func(name string) int {
		return slices.IndexFunc(header, func(title string) bool { return strings.EqualFold(title, name) })
	}
	var fields exportFields
	var missing []string
	for _, name := range access.ExportHeader() {
		at := place(name)
		if other, ok := otherHeaders[name]; ok && at < 0 {
			at = place(other)
		}
		if at < 0 && slices.Contains(identifyingColumns, name) {
			missing = append(missing, name)
		}
		fields = append(fields, at)
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("the file has no column %s; it begins with %q",
			strings.Join(missing, ", "), rest.OneLine(strings.Join(header, ",")))
	}
	return fields, nil
}

// record puts the values of a line in the order of the columns.
func (f exportFields) record(line []string) access.ExportRecord {
	var record access.ExportRecord
	for i, column := range record.Columns() {
		if f[i] >= 0 {
			*column = line[f[i]]
		}
	}
	return record
}
