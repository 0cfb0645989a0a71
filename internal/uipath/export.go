package uipath

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// Export is the file of role assignments as the server wrote it: the header and then all texts are the file byte for byte.
type Export struct {
	// Header is the text of the first line as the server wrote it, with its line end (and a BOM where there is one).
	Header string
	Lines  []ExportLine
}

// ExportLine is a record of the file. Its row has "" for a column that the file lacks, and "\n" for a line break in a value.
type ExportLine struct {
	access.ExportRow
	// Text is the record as the server wrote it, with its line end: one line, or more where a value has line breaks.
	Text string
}

// ExportAssignments downloads the file of all role assignments of the organization; with expandGroups each member of a group has a
// line too. It is shared by the run until a change of assignments, and the caller must not change it. It is [ErrForbidden] for who
// may not, such as an external application (contract 2.5).
func (c *Client) ExportAssignments(ctx context.Context, expandGroups bool) (Export, error) {
	return c.assignments.exports.get(ctx, expandGroups)
}

// downloadExport asks for the file as CSV: of that form alone all columns are documented (contract 4.6). It names people, so that
// it is not logged.
func (c *Client) downloadExport(ctx context.Context, expandGroups bool) (Export, error) {
	var file Export
	err := c.send(ctx, request{
		operation: "export role assignments", method: http.MethodGet, path: c.apiPath("/userroleassignments/export"),
		query:  url.Values{"exportoutputtype": {"csv"}, "expandgroupmemberships": {strconv.FormatBool(expandGroups)}},
		accept: "text/csv, application/json;q=0.5",
	}, func(body []byte) (err error) {
		file, err = readExport(body)
		return err
	})
	return file, err
}
