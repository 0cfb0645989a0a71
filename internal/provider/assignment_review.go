package provider

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// Where the rows of a review come from.
const (
	sourceExport  = "export"
	sourceListing = "listing"
)

// reviewWanted is what a review asks for.
type reviewWanted struct {
	scope        access.Scope
	reach        uipath.Reach
	expandGroups bool
}

// review is what is known of role assignments at the same moment.
type review struct {
	// source is one of [sourceExport] and [sourceListing].
	source string
	// header is the first line of the vendor's file, and of a file of our own where there is none.
	header string
	rows   []reviewRow
	roles  map[string]uipath.Role
	// named are the principals of the directory by id, as far as they were needed.
	named map[string]uipath.Principal
}

// reviewRow is an assignment, or with group expansion a member of the group that holds it.
type reviewRow struct {
	access.ExportRow
	// text is the row as the vendor's file has it, "" where there is no such file.
	text string
	// readable says that scope could be read from the row; an assignment of an app stands at none that is known.
	readable bool
	scope    access.Scope
	mutable  bool
	// scopeExists is null where nobody can tell.
	scopeExists types.Bool
}

// reviewAssignments reads role assignments from the export where the caller may have it, else from the listing.
func (s *session) reviewAssignments(ctx context.Context, wanted reviewWanted) (*review, diag.Diagnostics) {
	var diags diag.Diagnostics
	attempted := fmt.Sprintf("Reading the role assignments at %s.", wanted.scope)
	roles, err := s.client.Roles(ctx)
	if err != nil {
		diags.Append(failure("Reading roles failed", attempted, err))
		return nil, diags
	}
	r := &review{roles: make(map[string]uipath.Role, len(roles)), named: map[string]uipath.Principal{}}
	for _, role := range roles {
		r.roles[role.ID] = role
	}
	file, err := s.client.ExportAssignments(ctx, wanted.expandGroups)
	switch {
	case err == nil:
		s.fromExport(ctx, r, wanted, file)
	case !errors.Is(err, uipath.ErrForbidden):
		diags.Append(failure("Reading role assignments failed", attempted, err))
		return nil, diags
	default:
		diags.Append(s.fromListing(ctx, r, wanted)...)
	}
	if !diags.HasError() {
		diags.Append(s.nameTheUnnamed(ctx, r)...)
	}
	return r, diags
}

// fromExport keeps the lines of the vendor's file that are wanted, in its order.
func (s *session) fromExport(ctx context.Context, r *review, wanted reviewWanted, file uipath.Export) {
	r.source, r.header = sourceExport, file.Header
	for _, line := range file.Lines {
		row := reviewRow{ExportRow: line.ExportRow, text: line.Text}
		scope, err := access.ParseScope(row.ExportRow[access.ExportScope])
		row.scope, row.readable = scope, err == nil
		if !wanted.has(row) {
			continue
		}
		platforms := strings.EqualFold(row.ExportRow[access.ExportRoleAssignmentType], string(access.RoleBuiltIn))
		row.mutable = !platforms && !wanted.inherits(row) && row.ExportRow[access.ExportInheritedFromGroupID] == ""
		row.scopeExists = s.namedScope(ctx, row)
		r.rows = append(r.rows, row)
	}
}

// has reports whether a row is wanted by its scope. One whose scope cannot be read is somewhere in the organization.
func (w reviewWanted) has(row reviewRow) bool {
	switch {
	case !row.readable:
		return w.scope == access.Organization && w.reach.Below
	case row.scope == w.scope:
		return true
	}
	return w.reach.Below && w.scope.Contains(row.scope) || w.inherits(row) && w.reach.Above
}

// inherits reports whether a row comes from a wider scope than the one that is asked for.
func (w reviewWanted) inherits(row reviewRow) bool {
	return row.readable && row.scope != w.scope && row.scope.Contains(w.scope)
}

// namedScope tells from the tenants, and from the names in the vendor's file, whether a scope exists: what is gone has none.
func (s *session) namedScope(ctx context.Context, row reviewRow) types.Bool {
	if !row.readable {
		return types.BoolNull()
	}
	exists := true
	if id := row.scope.TenantID(); id != "" {
		_, err := s.client.Tenant(ctx, string(id))
		exists = err == nil
	}
	switch row.scope.Kind() {
	case access.ScopeFolder:
		exists = exists && row.ExportRow[access.ExportFolderName] != ""
	case access.ScopeProject:
		names := row.ExportRow[access.ExportScopeWithDisplayNames]
		exists = exists && !strings.EqualFold(names[strings.LastIndex(names, "/")+1:], row.scope.Container())
	default:
	}
	return types.BoolValue(exists)
}

// fromListing builds the rows of the vendor's file from the listing, which app-only tokens may read.
func (s *session) fromListing(ctx context.Context, r *review, wanted reviewWanted) diag.Diagnostics {
	var diags diag.Diagnostics
	found, err := s.client.Assignments(ctx, wanted.scope, wanted.reach)
	if err != nil {
		diags.Append(failure("Reading role assignments failed", fmt.Sprintf("Reading the role assignments at %s.", wanted.scope), err))
		return diags
	}
	if s.resolvePrincipals {
		// Who made an assignment, and who is in a group, the listing tells by id only.
		kinds := []access.PrincipalType{access.PrincipalUser, access.PrincipalExternalApplication}
		if wanted.expandGroups {
			kinds = access.PrincipalTypes()
		}
		if diags.Append(s.readDirectory(ctx, r, kinds...)...); diags.HasError() {
			return diags
		}
	}
	r.source, r.header = sourceListing, encodeCSV(access.ExportHeader())
	for _, a := range found {
		row := s.listedRow(ctx, r, a)
		r.rows = append(r.rows, row)
		if !wanted.expandGroups || a.PrincipalType != access.PrincipalGroup {
			continue
		}
		members, err := s.client.GroupMembers(ctx, a.Key.PrincipalID)
		if err != nil && !errors.Is(err, uipath.ErrNotFound) {
			diags.Append(failure("Reading group failed", fmt.Sprintf("Reading who is in the group %s.", label(a.PrincipalName, a.Key.PrincipalID)), err))
			return diags
		}
		for _, id := range slices.Sorted(maps.Keys(members)) {
			r.rows = append(r.rows, row.forMember(id, members[id], r.named[id]))
		}
	}
	return diags
}

// listedRow fills in the columns of the vendor's file from what the listing, the roles, the tenants and the folders tell.
func (s *session) listedRow(ctx context.Context, r *review, a uipath.Assignment) reviewRow {
	row := reviewRow{scope: a.Key.Scope, readable: true, mutable: a.Mutable, scopeExists: types.BoolValue(true)}
	role, known := r.roles[a.Key.RoleID]
	if !known {
		role = uipath.Role{Name: a.RoleName, Type: a.RoleType}
	}
	organization := s.client.Organization()
	row.ExportRow = access.ExportRow{
		access.ExportID: a.ID, access.ExportRoleName: role.Name, access.ExportRoleID: a.Key.RoleID,
		access.ExportRoleDescription: role.Description, access.ExportRoleType: strings.ToUpper(string(role.Type)),
		access.ExportRoleAssignmentType: a.Type, access.ExportScope: a.Key.Scope.String(),
		access.ExportServiceName:         access.ServiceDisplayName(role.Service),
		access.ExportSecurityPrincipalID: a.Key.PrincipalID, access.ExportSecurityPrincipalType: string(a.PrincipalType),
		access.ExportOrganizationName: organization.Name, access.ExportOrganizationID: organization.ID,
		access.ExportCreatedBy: a.CreatedBy, access.ExportCreatedByDisplayName: r.named[a.CreatedBy].Name,
	}
	row.showPrincipal(a.PrincipalName, a.PrincipalEmail, a.PrincipalSource)
	if !a.CreatedOn.IsZero() {
		row.ExportRow[access.ExportCreatedOn] = a.CreatedOn.Format("2006-01-02T15:04:05.9999999-07:00")
	}
	s.placeRow(ctx, &row)
	return row
}

// showPrincipal fills in what the file shows of a principal: an e-mail of a user only, a display name of nobody from an external
// directory.
func (row *reviewRow) showPrincipal(name, email, source string) {
	user := row.ExportRow[access.ExportSecurityPrincipalType] == string(access.PrincipalUser)
	row.ExportRow[access.ExportSecurityPrincipalDisplayName], row.ExportRow[access.ExportSecurityPrincipalEmail] = name, ""
	if user {
		row.ExportRow[access.ExportSecurityPrincipalEmail] = email
	}
	if user && source == uipath.SourceDirectory {
		row.ExportRow[access.ExportSecurityPrincipalDisplayName] = ""
	}
}

// placeRow fills in the columns about the scope.
func (s *session) placeRow(ctx context.Context, row *reviewRow) {
	names := ""
	if id := row.scope.TenantID(); id != "" {
		row.ExportRow[access.ExportTenantID] = string(id)
		tenant, err := s.client.Tenant(ctx, string(id))
		if err == nil {
			row.ExportRow[access.ExportTenantName] = tenant.Name
		} else {
			row.scopeExists = types.BoolValue(false)
			tenant.Name = string(id)
		}
		names = "/tenant/" + tenant.Name
	}
	if slug := row.scope.ServiceSlug(); slug != "" {
		names += "/" + access.ServiceDisplayName(slug)
	}
	container := row.scope.Container()
	switch row.scope.Kind() {
	case access.ScopeFolder:
		row.ExportRow[access.ExportFolderKey] = container
		name, err := s.client.FolderName(ctx, string(row.scope.TenantID()), container)
		switch {
		case err == nil:
			row.ExportRow[access.ExportFolderName], container = name, name
		case errors.Is(err, uipath.ErrNotFound):
			row.scopeExists = types.BoolValue(false)
		default:
			row.scopeExists = types.BoolNull()
		}
		names += "/folder/" + container
	case access.ScopeProject:
		// No endpoint names projects.
		row.ExportRow[access.ExportProjectID] = container
		row.scopeExists = types.BoolNull()
		path := row.scope.String()
		names += path[strings.LastIndex(strings.TrimSuffix(path, "/"+container), "/"):]
	default:
	}
	if names == "" {
		names = "/"
	}
	row.ExportRow[access.ExportScopeWithDisplayNames] = names
}

// forMember is the row of somebody who is in the group that holds the assignment.
func (row reviewRow) forMember(id string, kind access.PrincipalType, known uipath.Principal) reviewRow {
	row.mutable = false
	row.ExportRow[access.ExportInheritedFromGroupID] = row.ExportRow[access.ExportSecurityPrincipalID]
	row.ExportRow[access.ExportInheritedFromGroupName] = row.ExportRow[access.ExportSecurityPrincipalDisplayName]
	row.ExportRow[access.ExportSecurityPrincipalID] = id
	row.ExportRow[access.ExportSecurityPrincipalType] = string(kind)
	row.showPrincipal(known.Name, known.Email, known.Source)
	return row
}

// nameTheUnnamed looks those up in the directory that neither file nor listing names: they are gone, or the directory knows more.
func (s *session) nameTheUnnamed(ctx context.Context, r *review) diag.Diagnostics {
	if !s.resolvePrincipals {
		return nil
	}
	var kinds []access.PrincipalType
	for _, kind := range access.PrincipalTypes() {
		if slices.ContainsFunc(r.rows, func(row reviewRow) bool {
			return row.ownName() == "" && row.ExportRow[access.ExportSecurityPrincipalType] == string(kind)
		}) {
			kinds = append(kinds, kind)
		}
	}
	return s.readDirectory(ctx, r, kinds...)
}

// readDirectory enters the principals of some types.
func (s *session) readDirectory(ctx context.Context, r *review, kinds ...access.PrincipalType) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, kind := range kinds {
		principals, err := s.client.Principals(ctx, kind)
		if err != nil {
			diags.Append(failure("Directory cannot be read", fmt.Sprintf("The names of principals of the type %s were to be read from the directory. "+
				"With resolve_principals = false the provider does not ask, and shows what the role assignments tell themselves.", kind), err))
			return diags
		}
		for _, p := range principals {
			r.named[p.ID] = p
		}
	}
	return diags
}

// ownName is what the row itself says of who the principal is.
func (row reviewRow) ownName() string {
	if name := row.ExportRow[access.ExportSecurityPrincipalDisplayName]; name != "" {
		return name
	}
	return row.ExportRow[access.ExportSecurityPrincipalEmail]
}

// principalName is never blank: the row's own name, else the directory's, else the id.
func (r *review) principalName(row reviewRow) string {
	id := row.ExportRow[access.ExportSecurityPrincipalID]
	if name := row.ownName(); name != "" {
		return name
	}
	if known, ok := r.named[access.CanonicalGUID(id)]; ok {
		return known.Name
	}
	return id
}

// principalExists is null where the directory was not asked about somebody whom the row does not name.
func (s *session) principalExists(r *review, row reviewRow) types.Bool {
	if row.ownName() != "" {
		return types.BoolValue(true)
	}
	if !s.resolvePrincipals {
		return types.BoolNull()
	}
	_, known := r.named[access.CanonicalGUID(row.ExportRow[access.ExportSecurityPrincipalID])]
	return types.BoolValue(known)
}

// roleExists reports whether the role of a row is there: one that the caller may not see has at least a name.
func (r *review) roleExists(row reviewRow) bool {
	_, known := r.roles[access.CanonicalGUID(row.ExportRow[access.ExportRoleID])]
	return known || row.ExportRow[access.ExportRoleName] != ""
}

// effective is null for a role that the caller may not see, and for a scope that cannot be read. What the platform assigned itself
// counts wherever it stands.
func (r *review) effective(row reviewRow) types.Bool {
	role, known := r.roles[access.CanonicalGUID(row.ExportRow[access.ExportRoleID])]
	switch {
	case !r.roleExists(row):
		return types.BoolValue(false)
	case strings.EqualFold(row.ExportRow[access.ExportRoleAssignmentType], string(access.RoleBuiltIn)):
		return types.BoolValue(true)
	case !known || !row.readable:
		return types.BoolNull()
	}
	return types.BoolValue(access.HasEffect(role.Shape, role.Service, access.GUID(role.TenantID), row.scope))
}

// file is the vendor's file with the rows given: their own lines where there are such, else lines in its form. With escaped, a cell
// that a spreadsheet would take for a formula begins with an apostrophe.
func (r *review) file(rows []reviewRow, escaped bool) string {
	var b strings.Builder
	b.WriteString(r.header)
	for _, row := range rows {
		switch {
		case escaped:
			b.WriteString(encodeCSV(escapeFormulas(row.ExportRow[:])))
		case row.text != "":
			b.WriteString(row.text)
		default:
			b.WriteString(encodeCSV(row.ExportRow[:]))
		}
	}
	return b.String()
}

// encodeCSV writes one record as RFC 4180 has it, but for the line end, which is a line feed.
func encodeCSV(record []string) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	// A strings.Builder takes everything.
	_ = w.Write(record)
	w.Flush()
	return b.String()
}

// escapeFormulas puts an apostrophe before cells that spreadsheets would run, as OWASP's page on CSV injection advises.
func escapeFormulas(cells []string) []string {
	escaped := slices.Clone(cells)
	for i, cell := range escaped {
		if strings.IndexAny(cell, "=+-@\t\r") == 0 {
			escaped[i] = "'" + cell
		}
	}
	return escaped
}
