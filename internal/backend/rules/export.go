package rules

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/store"
)

// Export is all role assignments of an organization as a report with names. It holds the names, and the assignments only one
// after the other.
type Export struct {
	tx           *store.Tx
	organization model.Organization
	names        exportNames
	// members are the ids of the direct members of each group, or nil where groups are not expanded.
	members map[access.GUID][]access.GUID
}

// ExportedRow is a row of the report, with what is in one of its formats only.
type ExportedRow struct {
	access.ExportRow

	// RoleUniqueName is empty where the role does not exist any more.
	RoleUniqueName string
}

// Export returns the report of all role assignments. With expand, the row of a group that holds a role is followed by one for
// each member, direct or through other groups, by id. It is for users only (contract 2.5).
func (s *Session) Export(ctx context.Context, expand bool) (*Export, error) {
	if s.callerKind != access.PrincipalUser {
		return nil, refuse(Forbidden, "The export refuses the token of an external application, whatever its roles and scopes: "+
			"call it with a user's token, such as a personal access token.")
	}
	if !s.can(readAssignments, access.Organization) {
		return nil, s.forbid(ctx, readAssignments, access.Organization)
	}
	e := &Export{tx: s.tx, organization: s.organization}
	var err error
	if e.names, err = s.exportNames(ctx); err != nil || !expand {
		return e, err
	}
	groups, err := s.tx.AllGroups(ctx)
	e.members = make(map[access.GUID][]access.GUID, len(groups))
	for _, g := range groups {
		e.members[g.ID] = g.Members
	}
	return e, err
}

// Rows yields the rows by scope path, principal id and role id. After an error it yields no more. It has to be read in the
// transaction that the session lives in.
func (e *Export) Rows(ctx context.Context) iter.Seq2[ExportedRow, error] {
	return func(yield func(ExportedRow, error) bool) {
		at := access.Organization
		place := e.place(at)
		for a, err := range e.tx.EveryAssignment(ctx) {
			if err != nil {
				yield(ExportedRow{}, err)
				return
			}
			if a.Scope != at {
				at, place = a.Scope, e.place(a.Scope)
			}
			row := e.row(a, place)
			if !yield(row, nil) {
				return
			}
			for _, id := range e.membersOf(a.PrincipalID) {
				if !yield(e.inherited(row, id), nil) {
					return
				}
			}
		}
	}
}

// place fills the columns that say where an assignment holds.
func (e *Export) place(at access.Scope) access.ExportRow {
	var row access.ExportRow
	row[access.ExportOrganizationName], row[access.ExportOrganizationID] = e.organization.Name, e.organization.ID.String()
	row[access.ExportTenantName], row[access.ExportTenantID] = e.names.tenants[at.TenantID()], string(at.TenantID())
	row[access.ExportScope], row[access.ExportScopeWithDisplayNames] = at.String(), e.names.path(at)
	switch at.Kind() {
	case access.ScopeFolder:
		row[access.ExportFolderName], row[access.ExportFolderKey] = e.names.containers[at], at.Container()
	case access.ScopeProject:
		row[access.ExportProjectID] = at.Container()
	default:
	}
	return row
}

// row fills the rest for an assignment at a place.
func (e *Export) row(a model.Assignment, row access.ExportRow) ExportedRow {
	row[access.ExportID], row[access.ExportRoleAssignmentType] = a.ID.String(), string(a.Type)
	row[access.ExportCreatedBy], row[access.ExportCreatedByDisplayName] = a.CreatedBy.String(), e.names.principals[a.CreatedBy].DisplayName
	row[access.ExportCreatedOn], row[access.ExportRoleID] = model.FormatTime(a.CreatedOn), a.RoleID.String()
	hold(&row, a.PrincipalID, a.PrincipalType, e.names.principals[a.PrincipalID])
	role, ok := e.names.roles[a.RoleID]
	if !ok {
		return ExportedRow{ExportRow: row}
	}
	row[access.ExportRoleName], row[access.ExportRoleDescription] = role.Name, role.Description
	row[access.ExportRoleType], row[access.ExportServiceName] = strings.ToUpper(string(role.Type)), access.ServiceDisplayName(role.Service)
	return ExportedRow{row, role.UniqueName()}
}

// inherited turns the row of a group into that of a member.
func (e *Export) inherited(row ExportedRow, memberID access.GUID) ExportedRow {
	cells := &row.ExportRow
	cells[access.ExportInheritedFromGroupID] = cells[access.ExportSecurityPrincipalID]
	cells[access.ExportInheritedFromGroupName] = cells[access.ExportSecurityPrincipalDisplayName]
	member := e.names.principals[memberID]
	hold(cells, memberID, member.Kind, member)
	return row
}

// hold fills the columns of the principal, of whom nothing more is known where it does not exist any more.
func hold(row *access.ExportRow, id access.GUID, kind access.PrincipalType, known Entity) {
	row[access.ExportSecurityPrincipalID], row[access.ExportSecurityPrincipalType] = id.String(), string(kind)
	row[access.ExportSecurityPrincipalEmail], row[access.ExportSecurityPrincipalDisplayName] = known.Email, known.DisplayName
	if known.Kind == access.PrincipalUser && known.Source == access.SourceDirectory {
		row[access.ExportSecurityPrincipalDisplayName] = ""
	}
}

// membersOf returns the ids of the members of a group, itself not among them, direct or through other groups, sorted. Without
// expansion, and for everybody else, there are none.
func (e *Export) membersOf(groupID access.GUID) []access.GUID {
	if len(e.members[groupID]) == 0 {
		return nil
	}
	found, seen := []access.GUID{groupID}, map[access.GUID]bool{groupID: true}
	for next := 0; next < len(found); next++ {
		for _, id := range e.members[found[next]] {
			if !seen[id] {
				seen[id] = true
				found = append(found, id)
			}
		}
	}
	members := found[1:]
	slices.Sort(members)
	return members
}

// exportNames are the names of everything that an assignment names by its id.
type exportNames struct {
	tenants    map[access.GUID]string
	principals map[access.GUID]Entity
	roles      map[access.GUID]model.Role
	// containers are the fully qualified names of folders and the names of projects.
	containers map[access.Scope]string
}

func (s *Session) exportNames(ctx context.Context) (exportNames, error) {
	n := exportNames{
		tenants: map[access.GUID]string{}, principals: map[access.GUID]Entity{}, roles: map[access.GUID]model.Role{}, containers: map[access.Scope]string{},
	}
	tenants, err := s.tx.Tenants(ctx)
	if err != nil {
		return n, err
	}
	for _, t := range tenants {
		n.tenants[t.ID] = t.Name
	}
	everybody, err := s.entities(ctx)
	if err != nil {
		return n, err
	}
	for _, one := range everybody {
		n.principals[one.ID] = one
	}
	custom, err := s.tx.Roles(ctx)
	if err != nil {
		return n, err
	}
	for _, role := range slices.Concat(s.Catalogue.Roles(), custom) {
		n.roles[role.ID] = role
	}
	return n, s.nameContainers(ctx, n.containers)
}

// nameContainers adds the names of folders and projects.
func (s *Session) nameContainers(ctx context.Context, names map[access.Scope]string) error {
	folders, err := s.tx.Folders(ctx)
	if err != nil {
		return err
	}
	paths := model.FolderPaths(folders)
	for _, f := range folders {
		at, err := access.FolderScope(f.TenantID, f.ID.String())
		if err != nil {
			return err
		}
		names[at] = paths[f.ID]
	}
	projects, err := s.tx.Projects(ctx)
	if err != nil {
		return err
	}
	for _, p := range projects {
		at, err := access.ProjectScope(p.TenantID, p.Service, p.ID)
		if err != nil {
			return err
		}
		names[at] = p.Name
	}
	return nil
}

// path returns the path of a scope with names in place of ids, and with the id of what does not exist any more.
func (n exportNames) path(at access.Scope) string {
	segments, service := strings.Split(at.String(), "/"), 1
	if at.TenantID() != "" {
		segments[2], service = cmp.Or(n.tenants[at.TenantID()], at.TenantID().String()), 3
	}
	if at.ServiceSlug() != "" {
		segments[service] = access.ServiceDisplayName(at.ServiceSlug())
	}
	if at.Container() != "" {
		segments[len(segments)-1] = cmp.Or(n.containers[at], at.Container())
	}
	return strings.Join(segments, "/")
}
