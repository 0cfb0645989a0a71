package uipath

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// Export is the file of role assignments as the server wrote it: the header and then all texts are the file byte for byte.
type Export struct {
	// Header is the text of the first line as the server wrote it, with its line end (and a BOM where there is one).
	Header string
	Lines  []ExportLine
}

// ExportLine is a record of the file. Its row has "" for a column that the file lacks, and "\n" for a line break in a value.
type ExportLine struct {
	access.ExportRecord
	// Text is the record as the server wrote it, with its line end: one line, or more where a value has line breaks.
	Text string
}

// exports are the files that all readers share, by whether groups are expanded.
type exports struct {
	*api
	files rest.Memo[bool, Export]
}

func newExports(a *api) *exports {
	e := &exports{api: a}
	e.files.Read, e.files.Client = e.download, a.rest
	return e
}

// ExportAssignments downloads the file of all role assignments of the organization; with expandGroups each member of a group has a
// line too. It is shared by the run until a change of assignments, and the caller must not change it. It is [ErrForbidden] if the
// caller may not export, as an external application may not (contract 2.5).
func (e *exports) ExportAssignments(ctx context.Context, expandGroups bool) (Export, error) {
	return e.files.Get(ctx, expandGroups)
}

// forget makes the next reader of the file download it.
func (e *exports) forget() { e.files.ForgetWhere(func(bool) bool { return true }) }

// download asks for the file as CSV: of that form alone all columns are documented (contract 4.6).
func (e *exports) download(ctx context.Context, expandGroups bool) (Export, error) {
	return rest.FetchAs(ctx, e.rest, rest.Request{
		Operation: "export role assignments", Method: http.MethodGet, Path: e.path("/userroleassignments/export"),
		Query:  url.Values{"exportoutputtype": {"csv"}, "expandgroupmemberships": {strconv.FormatBool(expandGroups)}},
		Accept: "text/csv, application/json;q=0.5", Private: true,
	}, parseExport)
}

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
func (e *Export) addRest(blank string) {
	if n := len(e.Lines); n > 0 {
		e.Lines[n-1].Text += blank
	} else {
		e.Header += blank
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
