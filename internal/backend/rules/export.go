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

// Export is all role assignments of an organization as a report with names. It holds all names, but only one assignment at a time.
type Export struct {
	tx           *store.Tx
	organization model.Organization
	names        exportNames
	// members are the ids of the direct members of each group, or nil where groups are not expanded.
	members map[access.GUID][]access.GUID
}

// ExportedRow is a row of the report, with what is in one of its formats only.
type ExportedRow struct {
	access.ExportRecord

	// RoleUniqueName is empty where the role does not exist any more.
	RoleUniqueName string
}

// Export returns the report of all role assignments. With expand, the row of a group that holds a role is followed by one for
// each member, direct or through other groups, by id. It is for users only (contract 2.5).
func (s *Session) Export(ctx context.Context, expand bool) (*Export, error) {
	if s.callerType != access.PrincipalUser {
		return nil, refuse(Forbidden, "The export refuses the token of an external application, whatever its roles and scopes: "+
			"call it with a user's token, such as a personal access token.")
	}
	if err := s.require(ctx, readAssignments, access.Organization); err != nil {
		return nil, err
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
// session's transaction.
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
func (e *Export) place(at access.Scope) access.ExportRecord {
	record := access.ExportRecord{
		OrganizationName: e.organization.Name, OrganizationID: e.organization.ID.String(),
		TenantName: e.names.tenants[at.TenantID()], TenantID: at.TenantID().String(),
		Scope: at.String(), ScopeWithDisplayNames: e.names.path(at),
	}
	switch at.Kind() {
	case access.ScopeFolder:
		record.FolderName, record.FolderKey = e.names.containers[at], at.Container()
	case access.ScopeProject:
		record.ProjectID = at.Container()
	default:
	}
	return record
}

// row fills the other columns for an assignment at a place.
func (e *Export) row(a model.Assignment, place access.ExportRecord) ExportedRow {
	row := ExportedRow{ExportRecord: place}
	row.ID, row.RoleAssignmentType = a.ID.String(), string(a.Type)
	row.CreatedBy, row.CreatedByDisplayName = a.CreatedBy.String(), e.names.principals[a.CreatedBy].DisplayName
	row.CreatedOn, row.RoleID = model.FormatTime(a.CreatedOn), a.RoleID.String()
	row.setPrincipal(a.PrincipalID, a.PrincipalType, e.names.principals[a.PrincipalID])
	if role, ok := e.names.roles[a.RoleID]; ok {
		row.RoleName, row.RoleDescription, row.RoleUniqueName = role.Name, role.Description, role.UniqueName()
		row.RoleType, row.ServiceName = strings.ToUpper(string(role.Type)), access.ServiceDisplayName(role.Service)
	}
	return row
}

// inherited turns the row of a group into that of a member.
func (e *Export) inherited(row ExportedRow, memberID access.GUID) ExportedRow {
	row.InheritedFromGroupID, row.InheritedFromGroupName = row.SecurityPrincipalID, row.SecurityPrincipalDisplayName
	member := e.names.principals[memberID]
	row.setPrincipal(memberID, member.Type, member)
	return row
}

// setPrincipal fills the columns of the principal. Nothing more is known of one that does not exist any more.
func (r *ExportedRow) setPrincipal(id access.GUID, principalType access.PrincipalType, known model.Principal) {
	r.SecurityPrincipalID, r.SecurityPrincipalType = id.String(), string(principalType)
	r.SecurityPrincipalEmail, r.SecurityPrincipalDisplayName = known.Email, known.DisplayName
	if known.Type == access.PrincipalUser && known.Source == access.SourceDirectory {
		r.SecurityPrincipalDisplayName = ""
	}
}

// membersOf returns the ids of the members of a group, direct or through other groups, sorted and without the group itself. It returns
// none without expansion, and none for other principals.
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
	principals map[access.GUID]model.Principal
	roles      map[access.GUID]model.Role
	// containers are the fully qualified names of folders and the names of projects.
	containers map[access.Scope]string
}

func (s *Session) exportNames(ctx context.Context) (exportNames, error) {
	n := exportNames{
		tenants: map[access.GUID]string{}, principals: map[access.GUID]model.Principal{}, roles: map[access.GUID]model.Role{},
		containers: map[access.Scope]string{},
	}
	tenants, err := s.tx.Tenants(ctx)
	if err != nil {
		return n, err
	}
	for _, t := range tenants {
		n.tenants[t.ID] = t.Name
	}
	principals, err := s.tx.Principals(ctx)
	if err != nil {
		return n, err
	}
	for _, p := range principals {
		n.principals[p.ID] = p
	}
	custom, err := s.tx.Roles(ctx)
	if err != nil {
		return n, err
	}
	for _, role := range slices.Concat(s.Catalogue.Roles(), custom) {
		n.roles[role.ID] = role
	}
	made, err := s.tx.EveryOrchestratorRole(ctx)
	if err != nil {
		return n, err
	}
	for _, role := range made {
		n.roles[role.Key] = role.PlatformRole()
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
