package page

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

// The tabs of a scope.
const (
	tabAssignments = "assignments"
	tabRoles       = "roles"
)

// accessBody is a scope with its assignments or its roles.
type accessBody struct {
	Tree  *node
	Trail []link
	// Name and Kind are of the scope.
	Name, Kind string
	Path       string
	Tabs       []link
	Tab        string

	Search string
	// Below says that the whole organization is listed, BelowURL leads to the other choice; it is empty where there is none.
	Below    bool
	BelowURL string
	Rows     []assignmentRow
	// ByID says that there are too many rows to sort them by name.
	ByID  bool
	Roles []roleRow
	Pager pager
}

// link leads somewhere.
type link struct {
	Name, URL string
	Current   bool
}

// assignmentRow is an assignment as a line of a table.
type assignmentRow struct {
	rules.Row

	// From names the scope that the assignment is inherited from, or where it is below the one that is shown.
	From string
	// Author names who made it.
	Author string
}

// Who is the name of the holder, or the id of one that does not exist any more.
func (r assignmentRow) Who() string {
	return cmp.Or(r.Holder.DisplayName, r.Holder.Name, r.Holder.ID.String())
}

// What is the name of the role, or the id of one that does not exist any more.
func (r assignmentRow) What() string { return cmp.Or(r.Role.Name, r.RoleID.String()) }

// IsPlatform reports whether the role is shared by all services.
func (r assignmentRow) IsPlatform() bool { return r.Role.Type == access.RolePlatform }

// roleRow is a role as a line of a table.
type roleRow struct {
	model.Role

	Count int
	// Where says in words where the role can be assigned.
	Where string
}

// where says in words where a role can be assigned. The tenant is the name of the one that owns it.
func where(r model.Role, tenant string) string {
	service := ""
	if r.Service != access.MultiService.Name && r.Shape != access.ShapeOrganization {
		service = access.ServiceDisplayName(r.Service) + " of "
	}
	switch r.Shape {
	case access.ShapeOrganization:
		return "the organization"
	case access.ShapeProject:
		return "projects of " + access.ServiceDisplayName(r.Service)
	case access.ShapeTenant:
		return service + "the tenant " + tenant
	default:
		return service + "any tenant"
	}
}

// access shows who has which role at a scope, or which roles can be assigned there.
func (p *Page) access(ctx context.Context, s *rules.Session, q query) (frame, error) {
	at, err := scopeOf(q)
	if err != nil {
		return frame{}, err
	}
	all, err := s.Places(ctx)
	if err != nil {
		return frame{}, err
	}
	names := newPlaces(all)
	if names.kinds[at] == "" {
		return frame{}, &missingError{fmt.Sprintf("The scope %q does not exist.", at)}
	}
	b := accessBody{
		Tab: tabAssignments, Name: names.names[at], Kind: names.kinds[at], Path: at.String(), Search: q.text("q"),
	}
	if q.Get("tab") == tabRoles {
		b.Tab = tabRoles
	}
	b.Tree = names.tree(at, b.Tab)
	for _, above := range names.trail(at) {
		b.Trail = append(b.Trail, link{names.names[above], address(pathAccess, "scope", above.String(), "tab", b.Tab), above == at})
	}
	for _, t := range []struct{ tab, name string }{{tabAssignments, "Role assignments"}, {tabRoles, "Roles"}} {
		b.Tabs = append(b.Tabs, link{t.name, address(pathAccess, "scope", at.String(), "tab", t.tab), t.tab == b.Tab})
	}
	f := frame{Template: "access.html", Title: "Manage access: " + b.Kind + " " + b.Name, Section: "access"}
	if b.Tab == tabRoles {
		err = b.showRoles(ctx, s, q, at, names)
	} else {
		err = b.showAssignments(ctx, s, q, at, names)
	}
	f.Body = b
	return f, err
}

func scopeOf(q query) (access.Scope, error) {
	if q.Get("scope") == "" {
		return access.Organization, nil
	}
	at, err := access.ParseScope(q.Get("scope"))
	if err != nil {
		return access.Scope{}, &missingError{fmt.Sprintf("%.200q is not a scope: %s", q.Get("scope"), err)}
	}
	return at, nil
}

func (b *accessBody) showAssignments(ctx context.Context, s *rules.Session, q query, at access.Scope, names places) error {
	if at == access.Organization {
		b.Below = q.Get("below") != ""
		b.BelowURL = address(pathAccess, "q", b.Search)
		if !b.Below {
			b.BelowURL = address(pathAccess, "q", b.Search, "below", "1")
		}
	}
	found, err := s.AssignmentRows(ctx, rules.RowQuery{Scope: at, Below: b.Below, Search: b.Search, Paging: q.paging()})
	if err != nil {
		return err
	}
	b.ByID = found.Total > rules.SortedRows
	b.Rows, err = lines(ctx, s, found.Rows, at, names)
	b.Pager = q.pager(pathAccess, len(b.Rows), found.Total)
	return err
}

// lines adds to rows where they come from and who made them.
func lines(ctx context.Context, s *rules.Session, rows []rules.Row, at access.Scope, names places) ([]assignmentRow, error) {
	authors := make([]access.GUID, len(rows))
	for i, r := range rows {
		authors[i] = r.CreatedBy
	}
	people, err := s.People(ctx, authors)
	shown := make([]assignmentRow, len(rows))
	for i, r := range rows {
		shown[i] = assignmentRow{Row: r, Author: cmp.Or(people[r.CreatedBy].DisplayName, r.CreatedBy.String())}
		if r.CreatedBy == model.SystemID {
			shown[i].Author = "the platform"
		}
		if r.Scope != at {
			shown[i].From = names.name(r.Scope)
		}
	}
	return shown, err
}

func (b *accessBody) showRoles(ctx context.Context, s *rules.Session, q query, at access.Scope, names places) error {
	found, err := s.Roles(ctx, rules.RoleQuery{
		Contains: b.Search, Order: rules.Order[model.Role]{By: func(r model.Role) string { return r.Name }}, Paging: rules.Paging{Top: math.MaxInt32},
	})
	if err != nil {
		return err
	}
	here := slices.DeleteFunc(found.Rows, func(r model.Role) bool { return !access.HasEffect(r.Shape, r.Service, r.TenantID, at) })
	from := min(q.paging().Skip, len(here))
	for _, r := range here[from:min(from+pageSize, len(here))] {
		b.Roles = append(b.Roles, roleRow{r, len(r.Permissions), where(r, names.names[access.TenantScope(r.TenantID)])})
	}
	b.Pager = q.pager(pathAccess, len(b.Roles), len(here))
	return nil
}

// roleBody is a role with its definition.
type roleBody struct {
	model.Role

	Where    string
	Author   string
	HeldURL  string
	Services []servicePermissions
	// Everything is true for the role that grants every permission there is.
	Everything bool
}

// servicePermissions are the permissions of one service.
type servicePermissions struct {
	Name        string
	Permissions []permission
}

type permission struct{ Name, Description string }

// role shows the definition of a role.
func (p *Page) role(ctx context.Context, s *rules.Session, q query) (frame, error) {
	id := access.OptionalGUID(q.Get("id"))
	role, err := s.Role(ctx, id)
	if err != nil {
		return frame{}, err
	}
	people, err := s.People(ctx, []access.GUID{role.CreatedBy})
	if err != nil {
		return frame{}, err
	}
	all, err := s.Places(ctx)
	if err != nil {
		return frame{}, err
	}
	b := roleBody{
		Role: role, Where: where(role, newPlaces(all).names[access.TenantScope(role.TenantID)]),
		Author:  cmp.Or(people[role.CreatedBy].DisplayName, role.CreatedBy.String()),
		HeldURL: address(pathAccess, "q", role.Name, "below", "1"), Services: byService(s, role.Permissions),
		Everything: rules.GrantsEverything(role),
	}
	if role.Type != access.RoleCustom || role.CreatedBy == model.SystemID {
		b.Author = "the platform"
	}
	return frame{Template: "role.html", Title: "Role " + role.Name, Section: "access", Body: b}, nil
}

// byService sorts permissions by the service that they are of.
func byService(s *rules.Session, names []string) []servicePermissions {
	services := map[string][]permission{}
	for _, name := range names {
		known, _ := s.Permission(name)
		namespace, _, _ := strings.Cut(name, ".")
		service := cmp.Or(known.ServiceDisplayName, namespace)
		services[service] = append(services[service], permission{name, known.Description})
	}
	var sorted []servicePermissions
	for name, permissions := range services {
		sorted = append(sorted, servicePermissions{name, permissions})
	}
	slices.SortFunc(sorted, func(a, b servicePermissions) int { return cmp.Compare(a.Name, b.Name) })
	return sorted
}
