package audit

import (
	"context"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// exportReader takes the wanted lines of the vendor's file while it is read.
type exportReader struct {
	*reader
	ctx context.Context //nolint:containedctx // It is that of the one reading that it is made for.
	// scopes are the scopes read so far, by their texts, and texts the cells: most repeat what others say.
	scopes map[string]access.Scope
	texts  map[string]string
}

// readExport takes the rows from the vendor's file.
func (r *reader) readExport(ctx context.Context) error {
	return r.client.ExportAssignments(ctx, r.ExpandGroups, &exportReader{
		reader: r, ctx: ctx, scopes: map[string]access.Scope{}, texts: map[string]string{},
	})
}

// Begin begins the file, perhaps anew.
func (r *exportReader) Begin(header string) {
	r.report.Source, r.report.Rows = Export, nil
	r.csv.begin(header)
}

// Line takes a line if it is wanted.
func (r *exportReader) Line(line uipath.ExportLine) {
	scope := r.scope(line.Scope)
	if !r.wants(scope) || !r.keeps(line.ExportRecord) {
		return
	}
	r.csv.line(line.Text, line.ExportRecord)
	if r.CSVOnly {
		return
	}
	row := &Row{ExportRecord: line.ExportRecord, scope: scope}
	r.share(&row.ExportRecord)
	row.Mutable = !row.platformMade() && !r.inherits(row.scope) && row.InheritedFromGroupID == ""
	row.ScopeExists = r.exportedScopeExists(r.ctx, row)
	r.report.Rows = append(r.report.Rows, row)
}

// scope reads a scope. One that cannot be read is none.
func (r *exportReader) scope(text string) access.Scope {
	scope, known := r.scopes[text]
	if !known {
		scope, _ = access.ParseScope(text)
		r.scopes[strings.Clone(text)] = scope
	}
	return scope
}

// share lets a record's cells be the texts of others that say the same: else each would keep its whole line in memory.
func (r *exportReader) share(record *access.ExportRecord) {
	for _, column := range record.Columns() {
		known, ok := r.texts[*column]
		if !ok {
			known = strings.Clone(*column)
			if column != &record.ID {
				r.texts[known] = known
			}
		}
		*column = known
	}
}

// exportedScopeExists tells whether a scope exists from the tenants, and from the names in the file: what is gone has none.
func (r *reader) exportedScopeExists(ctx context.Context, row *Row) *bool {
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
