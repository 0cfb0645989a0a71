package httpapi

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

// stallTimeout is how long a client may take nothing of the export. Meanwhile a database in memory serves nobody else.
const stallTimeout = 30 * time.Second

// The formats of the export (contract 4.6). The first is the one where none is named.
const (
	formatCSV  = "csv"
	formatJSON = "json"
)

// exportInput is what the export is asked for with.
type exportInput struct {
	format string
	expand bool
}

func newExportInput(r *request) exportInput {
	q := r.query("exportoutputtype", "expandgroupmemberships")
	return exportInput{oneOf(q, "exportoutputtype", formatCSV, words(formatCSV, formatJSON)), oneOf(q, "expandgroupmemberships", false, booleans)}
}

// exportAssignments answers with a file of any length, which is written while the assignments are read.
func (a *API) exportAssignments(r *http.Request) (reply, error) {
	return reply{stream: func(w http.ResponseWriter) error {
		_, err := decide(a, r, a.store.Read, newExportInput, func(s *rules.Session, ctx context.Context, in exportInput) (struct{}, error) {
			export, err := s.Export(ctx, in.expand)
			if err != nil {
				return struct{}{}, err
			}
			return struct{}{}, sendExport(w, in.format, export.Rows(ctx))
		})
		return err
	}}, nil
}

// sendExport writes the whole response.
func sendExport(w http.ResponseWriter, format string, rows iter.Seq2[rules.ExportedRow, error]) error {
	body := steadyWriter{w, http.NewResponseController(w)}
	var out exportWriter = csvExport{csv.NewWriter(body)}
	contentType, name := "text/csv; charset=utf-8", "role-assignments.csv"
	if format == formatJSON {
		out = &jsonExport{out: bufio.NewWriter(body), header: access.ExportHeader()}
		contentType, name = "application/json", "role-assignments.json"
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", name))
	w.WriteHeader(http.StatusOK)
	if err := out.begin(); err != nil {
		return err
	}
	for row, err := range rows {
		if err == nil {
			err = out.row(row)
		}
		if err != nil {
			return err
		}
	}
	return errors.Join(out.end(), body.release())
}

// steadyWriter writes to a client that may take long altogether, but not for any of it.
type steadyWriter struct {
	out     io.Writer
	control *http.ResponseController
}

// Write implements io.Writer.
func (s steadyWriter) Write(p []byte) (int, error) {
	if err := s.until(time.Now().Add(stallTimeout)); err != nil {
		return 0, err
	}
	return s.out.Write(p)
}

// release leaves no deadline behind for the next response on the same connection.
func (s steadyWriter) release() error { return s.until(time.Time{}) }

// until sets the deadline. A response that goes to no connection has none.
func (s steadyWriter) until(deadline time.Time) error {
	err := s.control.SetWriteDeadline(deadline)
	if errors.Is(err, http.ErrNotSupported) {
		return nil
	}
	return err
}

// exportWriter writes the export in one of the formats.
type exportWriter interface {
	begin() error
	row(rules.ExportedRow) error
	end() error
}

// csvExport writes values as they are. Spreadsheets take some for formulas, but to change them would falsify what people compare
// with the portal.
type csvExport struct{ out *csv.Writer }

func (e csvExport) begin() error { return e.out.Write(access.ExportHeader()) }

func (e csvExport) row(row rules.ExportedRow) error { return e.out.Write(row.Cells()) }

func (e csvExport) end() error {
	e.out.Flush()
	return e.out.Error()
}

// jsonExport writes an array of objects, whose members are the columns and the role's unique name. Blanks are nulls.
type jsonExport struct {
	out    *bufio.Writer
	header []string
	// object is the last one, kept for its memory.
	object []byte
}

func (e *jsonExport) begin() error { return e.out.WriteByte('[') }

func (e *jsonExport) row(row rules.ExportedRow) error {
	separator := byte('{')
	if len(e.object) > 0 {
		if err := e.out.WriteByte(','); err != nil {
			return err
		}
	}
	e.object = e.object[:0]
	for i, value := range row.Cells() {
		e.object = append(e.object, separator)
		if err := e.member(e.header[i], value); err != nil {
			return err
		}
		separator = ','
	}
	e.object = append(e.object, separator)
	if err := e.member("RoleUniqueName", row.RoleUniqueName); err != nil {
		return err
	}
	e.object = append(e.object, '}')
	_, err := e.out.Write(e.object)
	return err
}

// member adds a name, which needs no escaping, and a value to the object.
func (e *jsonExport) member(name, value string) error {
	e.object = append(append(append(e.object, '"'), name...), `":`...)
	if value == "" {
		e.object = append(e.object, "null"...)
		return nil
	}
	text, err := json.Marshal(value)
	e.object = append(e.object, text...)
	return err
}

func (e *jsonExport) end() error {
	if err := e.out.WriteByte(']'); err != nil {
		return err
	}
	return e.out.Flush()
}
