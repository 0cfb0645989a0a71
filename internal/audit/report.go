// Package audit reports who has which role where, for access reviews: rows in the form of the vendor's export, with what a reviewer wants
// to know besides, and the file itself.
//
// It knows nothing of Terraform. The rows come from the export or, where that is closed to the caller, from the listing.
package audit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// Client is what a report asks of the server. The methods are those of [uipath.Client].
type Client interface {
	Organization() uipath.Organization
	Roles(ctx context.Context) ([]uipath.Role, error)
	Tenant(ctx context.Context, nameOrID string) (uipath.Tenant, error)
	Folder(ctx context.Context, tenant access.GUID, key string) (uipath.Folder, error)
	Project(ctx context.Context, tenant access.GUID, service access.Service, id string) (uipath.Project, error)
	ExportAssignments(ctx context.Context, expandGroups bool, into uipath.ExportReader) error
	Assignments(ctx context.Context, scope access.Scope, reach uipath.Reach) ([]uipath.Assignment, error)
	GroupMembers(ctx context.Context, group access.GUID) (map[access.GUID]access.PrincipalType, error)
	Principals(ctx context.Context, t access.PrincipalType) ([]uipath.Principal, error)
}

// Source says where the rows of a report come from.
type Source string

const (
	// Export is the vendor's file.
	Export Source = "export"
	// Listing is the list of role assignments, which external applications may read too.
	Listing Source = "listing"
)

// Query is what a report is asked for.
type Query struct {
	Scope access.Scope
	Reach uipath.Reach
	// ExpandGroups adds a row for each member of a group that holds a role.
	ExpandGroups bool
	// ResolvePrincipals lets the directory be asked for the principals that neither file nor listing names.
	ResolvePrincipals bool
	// Keep says which rows are wanted by their cells; nil wants all.
	Keep func(access.ExportRecord) bool
	// EscapeFormulas lets a cell of the file that a spreadsheet would take for a formula begin with an apostrophe.
	EscapeFormulas bool
	// CSVOnly leaves out the rows, which take many times the memory of the file.
	CSVOnly bool
}

// inherits reports whether what is assigned at a scope holds at the one that is asked for because it is wider.
func (q Query) inherits(at access.Scope) bool { return at != q.Scope && at.Contains(q.Scope) }

// wants reports whether an assignment at a scope belongs to the report. One at a scope that cannot be read is somewhere in the
// organization.
func (q Query) wants(at access.Scope) bool {
	if at == (access.Scope{}) {
		return q.Scope == access.Organization && q.Reach.Below
	}
	return at == q.Scope || q.Reach.Below && q.Scope.Contains(at) || q.Reach.Above && q.inherits(at)
}

// keeps reports whether a row is wanted by its cells.
func (q Query) keeps(row access.ExportRecord) bool { return q.Keep == nil || q.Keep(row) }

// Report is a list of role assignments as they were at one moment.
type Report struct {
	Source Source
	// Rows stand in the order of the file, or sorted as by [Report.Sort] where there is none.
	Rows []*Row
	// CSV is a file with the columns of the export: the wanted lines of the vendor's file as they stand there, or, where there is no such
	// file or formulas are escaped, lines of the same form.
	CSV *Text
}

// Row is an assignment, or with group expansion a member of the group that holds it.
type Row struct {
	access.ExportRecord
	// PrincipalName is the row's own name for the principal, else the directory's, else the id. It is never blank.
	PrincipalName string
	// Inherited says that the assignment comes from a wider scope than the one that is asked for.
	Inherited bool
	// Mutable says that it can be removed at the scope that is asked for.
	Mutable bool
	// Effective says that the role does anything at the scope; nil where the caller does not see the role, or the scope cannot be read.
	Effective *bool
	// PrincipalExists is nil where the directory was not asked about a principal whom the row does not name.
	PrincipalExists *bool
	// RoleExists is true too for a role that the caller does not see and that has a name.
	RoleExists bool
	// ScopeExists is nil where it cannot be told.
	ScopeExists *bool

	// scope is no scope where the row's cannot be read, such as that of an app.
	scope access.Scope
}

// DirectoryError says that principals of a type were to be read from the directory for their names, and could not be.
type DirectoryError struct {
	PrincipalType access.PrincipalType
	Err           error
}

// Error names the type.
func (e *DirectoryError) Error() string {
	return fmt.Sprintf("read principals of type %s: %v", e.PrincipalType, e.Err)
}

// Unwrap returns what went wrong.
func (e *DirectoryError) Unwrap() error { return e.Err }

// reader makes one report.
type reader struct {
	Query
	client Client
	report *Report
	csv    csvFile
	roles  map[access.GUID]uipath.Role
	// directory are the principals that were read, by id.
	directory map[access.GUID]uipath.Principal
}

// Read makes a report, from the export if the caller may have it and else from the listing. It returns a [*DirectoryError] if the
// directory cannot be read.
func Read(ctx context.Context, client Client, query Query) (*Report, error) {
	roles, err := client.Roles(ctx)
	if err != nil {
		return nil, err
	}
	r := &reader{
		Query: query, client: client, report: &Report{}, csv: csvFile{escaped: query.EscapeFormulas},
		roles: make(map[access.GUID]uipath.Role, len(roles)), directory: map[access.GUID]uipath.Principal{},
	}
	for _, role := range roles {
		r.roles[role.ID] = role
	}
	err = r.readExport(ctx)
	if errors.Is(err, uipath.ErrForbidden) {
		err = r.readListing(ctx)
	}
	if err == nil {
		err = r.nameUnnamed(ctx)
	}
	if err != nil {
		return nil, err
	}
	r.finish()
	return r.report, nil
}

// finish judges and sorts the rows, and writes the file where it is not the vendor's.
func (r *reader) finish() {
	for _, row := range r.report.Rows {
		r.judge(row)
	}
	if r.report.Source == Listing {
		r.report.Sort()
		r.csv.beginOwn()
		for _, row := range r.report.Rows {
			r.csv.row(row.ExportRecord)
		}
	}
	r.report.CSV = r.csv.text
	if r.CSVOnly {
		r.report.Rows = nil
	}
}

// nameUnnamed reads the directory for principals that the rows do not name: they are gone, or the directory knows more.
func (r *reader) nameUnnamed(ctx context.Context) error {
	for _, t := range access.PrincipalTypes() {
		unnamed := slices.ContainsFunc(r.report.Rows, func(row *Row) bool {
			return row.ownName() == "" && row.SecurityPrincipalType == string(t)
		})
		if !unnamed {
			continue
		}
		if err := r.readDirectory(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

// readDirectory enters the principals of some types, if the directory may be asked.
func (r *reader) readDirectory(ctx context.Context, types ...access.PrincipalType) error {
	if !r.ResolvePrincipals {
		return nil
	}
	for _, t := range types {
		principals, err := r.client.Principals(ctx, t)
		if err != nil {
			return &DirectoryError{t, err}
		}
		for _, p := range principals {
			r.directory[p.ID] = p
		}
	}
	return nil
}

// ownName is what the row itself says of who the principal is.
func (row *Row) ownName() string {
	return cmp.Or(row.SecurityPrincipalDisplayName, row.SecurityPrincipalEmail)
}

// platformMade reports whether the platform made the assignment.
func (row *Row) platformMade() bool {
	return access.ReadAssignmentType(row.RoleAssignmentType) == access.AssignmentBuiltIn
}

// judge fills in what a reviewer wants to know of a row.
func (r *reader) judge(row *Row) {
	row.Inherited = r.inherits(row.scope)
	known, listed := r.directory[access.OptionalGUID(row.SecurityPrincipalID)]
	row.PrincipalName = cmp.Or(row.ownName(), known.Name, row.SecurityPrincipalID)
	switch {
	case row.ownName() != "":
		row.PrincipalExists = new(true)
	case r.ResolvePrincipals:
		row.PrincipalExists = &listed
	}
	role, seen := r.roles[access.OptionalGUID(row.RoleID)]
	row.RoleExists = seen || row.RoleName != ""
	switch {
	case !row.RoleExists:
		row.Effective = new(false)
	case row.platformMade():
		// It counts wherever it stands.
		row.Effective = new(true)
	case seen && row.scope != access.Scope{}:
		row.Effective = new(role.HasEffect(row.scope))
	}
}

// Sort brings the rows into an order for people to read, which depends on nothing but what they say.
func (r *Report) Sort() {
	slices.SortStableFunc(r.Rows, func(a, b *Row) int {
		return cmp.Or(
			strings.Compare(a.Scope, b.Scope),
			strings.Compare(a.PrincipalName, b.PrincipalName),
			strings.Compare(a.RoleName, b.RoleName),
			strings.Compare(a.SecurityPrincipalID, b.SecurityPrincipalID),
			strings.Compare(a.RoleID, b.RoleID),
			strings.Compare(a.InheritedFromGroupID, b.InheritedFromGroupID),
		)
	})
}
