package rules

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/catalogue"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/store"
)

// Observer returns a session that reads everything, as an organization administrator does, without anybody signing in. The backend's own
// web page looks through it.
func (r *Rules) Observer(ctx context.Context, tx *store.Tx) (*Session, error) {
	organization, err := tx.Organization(ctx)
	if err != nil {
		return nil, err
	}
	s := &Session{Rules: r, tx: tx, organization: organization, callerID: model.SystemID, callerType: access.PrincipalUser}
	if role, ok := r.Catalogue.Role(catalogue.OrganizationAdministratorID()); ok {
		s.grants = []grant{{role, access.Organization}}
	}
	return s, nil
}

// Places are the scopes of the organization.
type Places struct {
	Organization model.Organization
	Tenants      []model.Tenant
	// Folders are by tenant and fully qualified name, projects by tenant, service and name.
	Folders  []FolderDetails
	Projects []model.Project
}

// Places returns the scopes of the organization.
func (s *Session) Places(ctx context.Context) (Places, error) {
	tenants, err := s.tx.Tenants(ctx)
	if err != nil {
		return Places{}, err
	}
	p := Places{Organization: s.organization, Tenants: tenants}
	for _, t := range tenants {
		folders, err := s.foldersOf(ctx, t.ID.String())
		if err != nil {
			return Places{}, err
		}
		p.Folders = append(p.Folders, folders...)
	}
	p.Projects, err = s.tx.Projects(ctx)
	slices.SortFunc(p.Projects, func(a, b model.Project) int {
		return cmp.Or(cmp.Compare(a.TenantID, b.TenantID), cmp.Compare(a.Service, b.Service),
			cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)))
	})
	return p, err
}

// SortedRows is up to how many assignments are sorted by name. More are in the order of the ids.
const SortedRows = 2000

// RowQuery narrows and pages assignments one by one. Empty filters do not narrow it.
type RowQuery struct {
	// Scope is where to look, and where what was assigned above it counts as inherited. It is required.
	Scope access.Scope
	// Below lists the whole organization instead.
	Below       bool
	PrincipalID access.GUID
	// Search is part of the name of a principal or a role, in any case.
	Search string
	Paging
}

// Row is an assignment with who holds it.
type Row struct {
	HeldRole

	Holder model.Principal
}

// AssignmentRows returns a page of the assignments that a query asks for, by the name of who holds them as long as there are at most
// [SortedRows]. The caller needs the permission to read role assignments at the scope.
func (s *Session) AssignmentRows(ctx context.Context, q RowQuery) (Page[Row], error) {
	if err := s.require(ctx, readAssignments, q.Scope); err != nil {
		return Page[Row]{}, err
	}
	filter := store.AssignmentFilter{PrincipalID: q.PrincipalID, Search: q.Search}
	if !q.Below {
		filter.Scopes = q.Scope.Lineage()
	}
	var err error
	if q.Search != "" {
		if filter.SearchRoles, err = s.rolesNamed(ctx, q.Search); err != nil {
			return Page[Row]{}, err
		}
	}
	total, err := s.tx.CountAssignments(ctx, filter)
	if err != nil {
		return Page[Row]{}, err
	}
	top, skip := q.Top, q.Skip
	if total <= SortedRows {
		top, skip = total, 0
	}
	assignments, err := s.tx.AssignmentRows(ctx, filter, top, skip)
	if err != nil {
		return Page[Row]{}, err
	}
	rows, err := s.rows(ctx, q.Scope, assignments)
	if total > SortedRows {
		return Page[Row]{total, rows}, err
	}
	slices.SortStableFunc(rows, func(a, b Row) int {
		return cmp.Compare(strings.ToLower(a.Holder.DisplayName), strings.ToLower(b.Holder.DisplayName))
	})
	return cut(rows, q.Paging), err
}

func (s *Session) rows(ctx context.Context, from access.Scope, assignments []model.Assignment) ([]Row, error) {
	roles, err := s.rolesOf(ctx, assignments)
	if err != nil {
		return nil, err
	}
	ids := make([]access.GUID, len(assignments))
	for i, a := range assignments {
		ids[i] = a.PrincipalID
	}
	principals, err := s.People(ctx, ids)
	rows := make([]Row, len(assignments))
	for i, a := range assignments {
		rows[i] = Row{seenFrom(from, a, roles), holderOf(a, principals)}
	}
	return rows, err
}

// People returns the principals with some ids. What does not exist is not among them.
func (s *Session) People(ctx context.Context, ids []access.GUID) (map[access.GUID]model.Principal, error) {
	return s.tx.PrincipalsWithIDs(ctx, model.SortedUnique(slices.Clone(ids)))
}

// GroupsWith returns the groups that a principal is in, itself or through other groups, by name.
func (s *Session) GroupsWith(ctx context.Context, id access.GUID) ([]model.Principal, error) {
	ids, err := s.tx.GroupsOf(ctx, id)
	if err != nil {
		return nil, err
	}
	found, err := s.tx.PrincipalsWithIDs(ctx, ids)
	groups := make([]model.Principal, 0, len(found))
	for _, g := range found {
		groups = append(groups, g)
	}
	slices.SortFunc(groups, func(a, b model.Principal) int { return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return groups, err
}

// GrantsEverything reports whether a role grants every permission there is, whatever it lists.
func GrantsEverything(r model.Role) bool { return catalogue.IsOrganizationAdministrator(r.ID) }

// Permission returns what the catalogue has about a permission.
func (s *Session) Permission(name string) (catalogue.Permission, bool) {
	return s.Catalogue.Permission(name)
}

// rolesNamed returns the ids of the roles whose names contain a text.
func (s *Session) rolesNamed(ctx context.Context, part string) ([]access.GUID, error) {
	custom, err := s.tx.Roles(ctx)
	var ids []access.GUID
	for _, r := range slices.Concat(s.Catalogue.Roles(), custom) {
		if containsFold(r.Name, part) {
			ids = append(ids, r.ID)
		}
	}
	return ids, err
}
