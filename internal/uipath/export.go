package uipath

import (
	"bytes"
	"compress/flate"
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

// ExportReader takes the file of role assignments while it is read: the header and then all texts are the file byte for byte.
type ExportReader interface {
	// Begin takes the text of the first line as the server wrote it, with its line end (and a BOM where there is one). It is called again,
	// with the lines after it, where an answer broke off.
	Begin(header string)
	Line(line ExportLine)
}

// ExportLine is a record of the file. Its row has "" for a column that the file lacks, and "\n" for a line break in a value.
type ExportLine struct {
	access.ExportRecord
	// Text is the record as the server wrote it, with its line end: one line, or more where a value has line breaks.
	Text string
}

// maxKeptExport is how much of a file is kept for other readers, compressed, in bytes. Such a file shrinks to a tenth or less, so that
// most are kept whole, a million lines perhaps. Without a bound a file of any length would be held in memory.
const maxKeptExport = 16 << 20

// exports are the files that all readers share, by whether groups are expanded.
type exports struct {
	*api
	files rest.Memo[bool, keptExport]
	// maxKept is [maxKeptExport].
	maxKept int
}

// keptExport is a file that was read and found to be whole, compressed; nil is one that is too large to keep.
type keptExport []byte

func newExports(a *api) *exports {
	e := &exports{api: a, maxKept: maxKeptExport}
	e.files.Read, e.files.Client = e.download, a.rest
	return e
}

// ExportAssignments reads the file of all role assignments of the organization; with expandGroups each member of a group has a line
// too. The file is shared by the run until a change of assignments, unless it is very large: then each reader downloads it. It is
// [ErrForbidden] if the caller may not export, as an external application may not (contract 2.5).
func (e *exports) ExportAssignments(ctx context.Context, expandGroups bool, into ExportReader) error {
	kept, err := e.files.Get(ctx, expandGroups)
	switch {
	case err != nil:
		return err
	case kept != nil:
		return parseExport(flate.NewReader(bytes.NewReader(kept)), into)
	}
	return e.rest.Stream(ctx, e.request(expandGroups), func(body io.Reader) error { return parseExport(body, into) })
}

// forget makes the next reader of the file download it.
func (e *exports) forget() { e.files.ForgetWhere(func(bool) bool { return true }) }

// request asks for the file as CSV: of that form alone all columns are documented (contract 4.6).
func (e *exports) request(expandGroups bool) rest.Request {
	return rest.Request{
		Operation: "export role assignments", Method: http.MethodGet, Path: e.path("/userroleassignments/export"),
		Query:  url.Values{"exportoutputtype": {"csv"}, "expandgroupmemberships": {strconv.FormatBool(expandGroups)}},
		Accept: "text/csv, application/json;q=0.5", Private: true,
	}
}

// errTooLargeToKeep ends the download of a file that nobody could share.
var errTooLargeToKeep = errors.New("the file is too large to keep")

// download keeps the file if it is not too large.
func (e *exports) download(ctx context.Context, expandGroups bool) (kept keptExport, err error) {
	err = e.rest.Stream(ctx, e.request(expandGroups), func(body io.Reader) error {
		packed := &boundedBuffer{limit: e.maxKept}
		packer, err := flate.NewWriter(packed, flate.BestSpeed)
		if err != nil {
			return err
		}
		err = parseExport(io.TeeReader(body, packer), nobody{})
		if err == nil {
			err = packer.Close()
		}
		if errors.Is(err, errTooLargeToKeep) {
			return nil
		}
		kept = packed.Bytes()
		return err
	})
	return kept, err
}

// boundedBuffer takes a number of bytes at most.
type boundedBuffer struct {
	bytes.Buffer
	limit int
}

// Write returns errTooLargeToKeep for what is more.
func (b *boundedBuffer) Write(p []byte) (int, error) {
	if b.Len()+len(p) > b.limit {
		return 0, errTooLargeToKeep
	}
	return b.Buffer.Write(p)
}

// nobody wants to know only whether the file can be read.
type nobody struct{}

func (nobody) Begin(string)    {}
func (nobody) Line(ExportLine) {}

// byteOrderMark may begin a file in UTF-8.
const byteOrderMark = "\ufeff"

// otherHeaders are other headers of a column: the vendor's page has either (contract 4.6).
var otherHeaders = map[string]string{"RoleName": "OriginalRoleName"}

// identifyingColumns are those without which a line says nothing.
var identifyingColumns = []string{"Id", "RoleId", "Scope", "SecurityPrincipalId"}

// parseExport reads the file, a record at a time.
func parseExport(file io.Reader, into ExportReader) error {
	texts := &recorder{Reader: file}
	if err := texts.skipMark(); err != nil {
		return err
	}
	records := csv.NewReader(texts)
	records.ReuseRecord = true
	header, err := records.Read()
	if errors.Is(err, io.EOF) {
		return errors.New("the file is empty")
	}
	if err != nil {
		return notCSV(err)
	}
	// The text of a record is known when the next begins: what follows the last, which is blank, belongs to it.
	begun := func(text string) { into.Begin(text) }
	text, err := texts.take(records.InputOffset())
	if err != nil {
		return err
	}
	fields, err := findExportFields(header)
	if err != nil {
		return err
	}
	for {
		record, err := records.Read()
		if errors.Is(err, io.EOF) {
			blank, err := texts.take(texts.end())
			begun(text + blank)
			return err
		}
		if err != nil {
			return notCSV(err)
		}
		begun(text)
		if text, err = texts.take(records.InputOffset()); err != nil {
			return err
		}
		line := ExportLine{ExportRecord: fields.record(record)}
		begun = func(text string) {
			line.Text = text
			into.Line(line)
		}
	}
}

func notCSV(err error) error { return fmt.Errorf("the file is not CSV: %w", err) }

// recorder hands out the text of what was read through it.
type recorder struct {
	io.Reader
	// text is what was read; of it taken bytes were handed out. What is left begins at an offset of the file, the mark not counted.
	text   []byte
	taken  int
	offset int64
	// ahead was read to look for the mark and is to be read again.
	ahead []byte
}

// Read reads on.
func (r *recorder) Read(p []byte) (int, error) {
	if len(r.ahead) > 0 {
		n := copy(p, r.ahead)
		r.ahead = r.ahead[n:]
		return n, nil
	}
	n, err := r.Reader.Read(p)
	left := copy(r.text, r.text[r.taken:])
	r.text, r.taken = append(r.text[:left], p[:n]...), 0
	return n, err
}

// skipMark lets a byte order mark be no part of the first record, though it is part of its text.
func (r *recorder) skipMark() error {
	begin := make([]byte, len(byteOrderMark))
	n, err := io.ReadFull(r.Reader, begin)
	r.text = append(r.text, begin[:n]...)
	if string(begin) == byteOrderMark {
		r.offset = -int64(n)
	} else {
		r.ahead = begin[:n]
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

// end is the offset of the end of what was read.
func (r *recorder) end() int64 { return r.offset + int64(len(r.text)-r.taken) }

// take hands out the text up to an offset.
func (r *recorder) take(end int64) (string, error) {
	next := r.taken + int(end-r.offset)
	text := string(r.text[r.taken:next])
	r.taken, r.offset = next, end
	if !utf8.ValidString(text) {
		return "", errors.New("the file is not in UTF-8")
	}
	return text, nil
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
