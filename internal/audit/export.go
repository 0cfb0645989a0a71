package audit

import (
	"context"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// readExport takes the wanted lines of the vendor's file.
func (r *reader) readExport(ctx context.Context, file uipath.Export) {
	r.report.Source, r.report.header = Export, file.Header
	for _, line := range file.Lines {
		row := Row{ExportRecord: line.ExportRecord, text: line.Text}
		// A scope that cannot be read is none.
		row.scope, _ = access.ParseScope(row.Scope)
		if !r.wants(row.scope) {
			continue
		}
		row.Mutable = !row.platformMade() && !r.inherits(row.scope) && row.InheritedFromGroupID == ""
		row.ScopeExists = r.exportedScopeExists(ctx, row)
		r.report.Rows = append(r.report.Rows, row)
	}
}

// exportedScopeExists tells whether a scope exists from the tenants, and from the names in the file: what is gone has none.
func (r *reader) exportedScopeExists(ctx context.Context, row Row) *bool {
	if row.scope == (access.Scope{}) {
		return nil
	}
	named := true
	switch row.scope.Kind() {
	case access.ScopeFolder:
		named = row.FolderName != ""
	case access.ScopeProject:
		_, shown := cutLast(row.ScopeWithDisplayNames)
		named = !strings.EqualFold(shown, row.scope.Container())
	default:
	}
	if id := row.scope.TenantID(); named && id != "" {
		_, err := r.client.Tenant(ctx, string(id))
		named = err == nil
	}
	return &named
}

// cutLast cuts a path before its last segment.
func cutLast(path string) (before, last string) {
	i := strings.LastIndex(path, "/") + 1
	return path[:i], path[i:]
}
