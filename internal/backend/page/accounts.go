package page

import (
	"cmp"
	"context"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

// accountsBody is the directory of the organization.
type accountsBody struct {
	Search string
	Types  []link
	Rows   []accountRow
	Pager  pager
}

// accountRow is a principal as a line of a table.
type accountRow struct{ model.Principal }

// Shown is the name that people know.
func (r accountRow) Shown() string { return cmp.Or(r.DisplayName, r.Name) }

// Login is the email or the name behind the name that is shown.
func (r accountRow) Login() string {
	if login := cmp.Or(r.Email, r.Name); login != r.Shown() {
		return login
	}
	return ""
}

// State says what keeps an account from being used, or nothing.
func (r accountRow) State() string {
	switch {
	case !r.Added:
		return "only in the external directory"
	case r.Invited:
		return "invited"
	case !r.Active:
		return "not active"
	}
	return ""
}

// IsOutside reports whether the account comes from an external directory.
func (r accountRow) IsOutside() bool { return r.Source == access.SourceDirectory }

// accounts lists the directory.
func (p *Page) accounts(ctx context.Context, s *rules.Session, q query) (frame, error) {
	b := accountsBody{Search: q.text("q")}
	only, err := access.ParsePrincipalType(q.Get("type"))
	if err != nil {
		only = ""
	}
	b.Types = []link{{"All", address(pathAccounts, "q", b.Search), only == ""}}
	for _, t := range access.PrincipalTypes() {
		b.Types = append(b.Types, link{typeName(t) + "s", address(pathAccounts, "q", b.Search, "type", string(t)), only == t})
	}
	found, err := directory(ctx, s, b.Search, only)
	from := min(q.paging().Skip, len(found))
	b.Rows = found[from:min(from+pageSize, len(found))]
	b.Pager = q.pager(pathAccounts, len(b.Rows), len(found))
	return frame{Template: "accounts.html", Title: "Accounts and groups", Section: "accounts", Body: b}, err
}

// directory returns the principals of a type whose names contain a text in any case.
func directory(ctx context.Context, s *rules.Session, part string, only access.PrincipalType) ([]accountRow, error) {
	query := rules.DirectoryQuery{}
	if only != "" {
		query.Types = []access.PrincipalType{only}
	}
	all, err := s.Search(ctx, query)
	part = strings.ToLower(part)
	var found []accountRow
	for _, a := range all {
		if part == "" || strings.Contains(strings.ToLower(a.Name+"\n"+a.DisplayName+"\n"+a.Email), part) {
			found = append(found, accountRow{a})
		}
	}
	return found, err
}

// accountBody is one principal with its groups, its members and what it holds itself.
type accountBody struct {
	accountRow

	Groups  []model.Principal
	Members []accountRow
	// MoreMembers is how many members are not listed.
	MoreMembers int
	Rows        []assignmentRow
	Pager       pager
}

// account shows one principal.
func (p *Page) account(ctx context.Context, s *rules.Session, q query) (frame, error) {
	id := access.OptionalGUID(q.Get("id"))
	found, err := s.People(ctx, []access.GUID{id})
	if err != nil {
		return frame{}, err
	}
	one, ok := found[id]
	if !ok {
		return frame{}, &missingError{"This account or group does not exist, or no longer."}
	}
	b := accountBody{accountRow: accountRow{one}}
	if b.Groups, err = s.GroupsWith(ctx, id); err != nil {
		return frame{}, err
	}
	if one.Type == access.PrincipalGroup {
		members, err := s.GroupMembers(ctx, rules.MembersQuery{GroupID: id, Paging: rules.Paging{Top: pageSize}})
		if err != nil {
			return frame{}, err
		}
		for _, m := range members.Rows {
			b.Members = append(b.Members, accountRow{m})
		}
		b.MoreMembers = members.Total - len(members.Rows)
	}
	all, err := s.Places(ctx)
	if err != nil {
		return frame{}, err
	}
	held, err := s.AssignmentRows(ctx, rules.RowQuery{Scope: access.Organization, Below: true, PrincipalID: id, Paging: q.paging()})
	if err != nil {
		return frame{}, err
	}
	// From no scope everything is elsewhere, so that each row names its own.
	b.Rows, err = lines(ctx, s, held.Rows, access.Scope{}, newPlaces(all))
	b.Pager = q.pager(pathAccount, len(b.Rows), held.Total)
	return frame{Template: "account.html", Title: b.Shown(), Section: "accounts", Body: b}, err
}

// checkBody is what somebody can do, or a choice of whom to check.
type checkBody struct {
	Search string
	// Found are those to choose from, More how many are not listed.
	Found []accountRow
	More  int

	Chosen *accountRow
	Roles  []checkedRole
	Pager  pager
}

// checkedRole is a role that somebody has, with the grants that it comes through.
type checkedRole struct {
	model.Role

	Grants   []checkedGrant
	Services []servicePermissions
	Count    int
	// Everything is true for the role that grants every permission there is.
	Everything bool
}

// checkedGrant is one grant.
type checkedGrant struct {
	Scope access.Scope
	At    string
	// Group holds the role where the account does not hold it itself.
	Group   string
	GroupID access.GUID
}

// choices is how many accounts are offered to choose from.
const choices = 50

// check shows what one person, or another principal, can do, and through which grant.
func (p *Page) check(ctx context.Context, s *rules.Session, q query) (frame, error) {
	f := frame{Template: "check.html", Title: "Check access", Section: "check"}
	b := checkBody{Search: q.text("q")}
	id := access.OptionalGUID(q.Get("id"))
	if id == "" {
		found, err := directory(ctx, s, b.Search, "")
		b.Found = found[:min(len(found), choices)]
		b.More = len(found) - len(b.Found)
		f.Body = b
		return f, err
	}
	people, err := s.People(ctx, []access.GUID{id})
	if err != nil {
		return f, err
	}
	one, ok := people[id]
	if !ok {
		return f, &missingError{"This account or group does not exist, or no longer."}
	}
	b.Chosen = &accountRow{one}
	f.Title = "Check access of " + b.Chosen.Shown()
	err = b.fill(ctx, s, q, id)
	f.Body = b
	return f, err
}

func (b *checkBody) fill(ctx context.Context, s *rules.Session, q query, id access.GUID) error {
	found, err := s.EffectiveAccessOfOrganization(ctx, rules.EffectiveQuery{PrincipalID: id, Paging: q.paging()})
	if err != nil {
		return err
	}
	all, err := s.Places(ctx)
	if err != nil {
		return err
	}
	names := newPlaces(all)
	var holders []access.GUID
	for _, r := range found.Rows {
		for _, a := range r.Assignments {
			holders = append(holders, a.PrincipalID)
		}
	}
	people, err := s.People(ctx, holders)
	if err != nil {
		return err
	}
	for _, r := range found.Rows {
		role, err := s.Role(ctx, r.ID)
		if err != nil {
			return err
		}
		checked := checkedRole{Role: role, Services: byService(s, role.Permissions), Count: len(role.Permissions), Everything: rules.GrantsEverything(role)}
		for _, a := range r.Assignments {
			grant := checkedGrant{Scope: a.Scope, At: names.name(a.Scope)}
			if a.PrincipalID != id {
				grant.Group, grant.GroupID = cmp.Or(people[a.PrincipalID].DisplayName, a.PrincipalID.String()), a.PrincipalID
			}
			checked.Grants = append(checked.Grants, grant)
		}
		b.Roles = append(b.Roles, checked)
	}
	b.Pager = q.pager(pathCheck, len(b.Roles), found.Total)
	return nil
}
