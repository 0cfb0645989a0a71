package uipath

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

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

// ExportAssignments downloads the file of all role assignments of the organization; with expandGroups each member of a group has a
// line too. It is shared by the run until a change of assignments, and the caller must not change it. It is [ErrForbidden] if the
// caller may not export, as an external application may not (contract 2.5).
func (c *Client) ExportAssignments(ctx context.Context, expandGroups bool) (Export, error) {
	return c.exports.Get(ctx, expandGroups)
}

// forgetExports makes the next reader of the file download it.
func (c *Client) forgetExports() { c.exports.ForgetWhere(func(bool) bool { return true }) }

// downloadExport asks for the file as CSV: of that form alone all columns are documented (contract 4.6).
func (c *Client) downloadExport(ctx context.Context, expandGroups bool) (Export, error) {
	return rest.FetchAs(ctx, c.rest, rest.Request{
		Operation: "export role assignments", Method: http.MethodGet, Path: c.apiPath("/userroleassignments/export"),
		Query:  url.Values{"exportoutputtype": {"csv"}, "expandgroupmemberships": {strconv.FormatBool(expandGroups)}},
		Accept: "text/csv, application/json;q=0.5", Private: true,
	}, parseExport)
}
