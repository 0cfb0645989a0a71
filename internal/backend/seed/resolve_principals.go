package seed

import (
	"cmp"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

func (r *resolver) users(entries []userEntry) []model.User {
	var users []model.User
	names := uniques{what: "user"}
	for _, e := range entries {
		r.required(e.UserName, e.line, "user", "userName")
		u := model.User{
			ID: r.id(e.ID, "user", e.UserName.value), UserName: e.UserName.value, Email: e.Email.value,
			Name: e.Name.value, Surname: e.Surname.value, DisplayName: e.DisplayName.value,
			Active: orTrue(e.Active), InvitationAccepted: orTrue(e.InvitationAccepted), Source: r.source(e.Source), Added: orTrue(e.Added),
		}
		if r.checkAdded(u.Added, u.Source, e.line, "user", u.UserName); !u.Added && !u.InvitationAccepted {
			r.reportf(e.line, "user %q cannot have been invited before it was added: leave out invitationAccepted or added", u.UserName)
		}
		if u.Email == "" && strings.Contains(u.UserName, "@") {
			u.Email = u.UserName
		}
		u.DisplayName = cmp.Or(u.DisplayName, strings.TrimSpace(u.Name+" "+u.Surname), u.UserName)
		if names.add(r, u.UserName, e.UserName.line) {
			r.principalIDs.add(r, u.ID.String(), e.line)
		}
		if !strings.EqualFold(u.Email, u.UserName) {
			names.add(r, u.Email, e.line)
		}
		users = append(users, u)
		r.addPrincipal(principal{u.ID, access.PrincipalUser, !u.Added}, u.UserName, u.Email)
	}
	return users
}

func orTrue(b *bool) bool { return b == nil || *b }

func orFalse(b *bool) bool { return b != nil && *b }

func (r *resolver) source(t text) access.PrincipalSource {
	switch {
	case t.IsZero(), t.value == string(access.SourceLocal):
		return access.SourceLocal
	case t.value != string(access.SourceDirectory):
		r.reportf(t.line, "unknown source %q: it is local or directory", t.value)
	}
	return access.SourceDirectory
}

// checkAdded reports an account that was not added and cannot be: only those of an external directory can.
func (r *resolver) checkAdded(added bool, source access.PrincipalSource, line int, what, name string) {
	switch {
	case added:
	case source != access.SourceDirectory:
		r.reportf(line, "%s %q: added: false needs source: directory", what, name)
	case !r.linked:
		r.reportf(line, "%s %q: added: false needs an organization with externalDirectory: true", what, name)
	}
}

func (r *resolver) robots(entries []robotEntry) []model.Robot {
	var robots []model.Robot
	names := uniques{what: "robot account"}
	for _, e := range entries {
		r.required(e.Name, e.line, "robot account", "name")
		one := model.Robot{
			ID: r.id(e.ID, "robot", e.Name.value), Name: e.Name.value, DisplayName: cmp.Or(e.DisplayName.value, e.Name.value),
		}
		if names.add(r, one.Name, e.Name.line) {
			r.principalIDs.add(r, one.ID.String(), e.line)
		}
		robots = append(robots, one)
		r.addPrincipal(principal{id: one.ID, kind: access.PrincipalRobot}, one.Name)
	}
	return robots
}

func (r *resolver) applications(entries []applicationEntry) []model.Application {
	var applications []model.Application
	names := uniques{what: "external application"}
	for _, e := range entries {
		r.required(e.Name, e.line, "external application", "name")
		a := model.Application{
			ID: r.id(e.ID, "application", e.Name.value), Name: e.Name.value,
			SecretSHA256: r.secret(e.Secret, e.SecretSHA256, e.line, "secret", "secretSha256"),
		}
		for _, scope := range e.Scopes {
			if strings.ContainsAny(scope.value, " \t\n") {
				r.reportf(scope.line, "scope %q contains a blank: list scopes one by one", scope.value)
			}
			a.Scopes = append(a.Scopes, scope.value)
		}
		a.Scopes = sortedUnique(a.Scopes)
		if names.add(r, a.Name, e.Name.line) {
			r.principalIDs.add(r, a.ID.String(), e.line)
		}
		applications = append(applications, a)
		r.addPrincipal(principal{id: a.ID, kind: access.PrincipalExternalApplication}, a.Name)
	}
	return applications
}

// groups reads the groups without their members, which may be groups that come later.
func (r *resolver) groups(entries []groupEntry) []model.Group {
	var groups []model.Group
	names := uniques{what: "group"}
	for _, e := range entries {
		r.required(e.Name, e.line, "group", "name")
		g := model.Group{
			ID: r.id(e.ID, "group", e.Name.value), Name: e.Name.value, BuiltIn: orFalse(e.BuiltIn), Source: r.source(e.Source), Added: orTrue(e.Added),
		}
		if r.checkAdded(g.Added, g.Source, e.line, "group", g.Name); g.BuiltIn && g.Source == access.SourceDirectory {
			r.reportf(e.line, "group %q: a built-in group is local", g.Name)
		}
		if names.add(r, g.Name, e.Name.line) {
			r.principalIDs.add(r, g.ID.String(), e.line)
		}
		groups = append(groups, g)
		r.addPrincipal(principal{g.ID, access.PrincipalGroup, !g.Added}, g.Name)
	}
	return groups
}

func (r *resolver) members(groups []model.Group, entries []groupEntry) {
	for i, e := range entries {
		for _, ref := range e.Members {
			p, ok := r.principal(ref)
			switch {
			case !ok:
			case p.id == groups[i].ID:
				r.reportf(ref.name.line, "group %q cannot be a member of itself", groups[i].Name)
			case slices.Contains(groups[i].Members, p.id):
				r.reportf(ref.name.line, "%q is a member of group %q already", ref.name.value, groups[i].Name)
			default:
				groups[i].Members = append(groups[i].Members, p.id)
			}
		}
		slices.Sort(groups[i].Members)
	}
}

// addPrincipal makes a principal known by its id and its names, of which some may be empty.
func (r *resolver) addPrincipal(p principal, names ...string) {
	names = slices.DeleteFunc(names, func(name string) bool { return name == "" })
	for _, name := range append(names, p.id.String()) {
		key := strings.ToLower(name)
		if !slices.Contains(r.principals[key], p) {
			r.principals[key] = append(r.principals[key], p)
		}
	}
	r.principalNames = append(r.principalNames, names...)
}

// principal finds the one principal of a name or an id.
func (r *resolver) principal(ref principalRef) (principal, bool) {
	var found []principal
	for _, p := range r.principals[strings.ToLower(ref.name.value)] {
		if ref.kind == "" || ref.kind == p.kind {
			found = append(found, p)
		}
	}
	switch len(found) {
	case 1:
		return found[0], true
	case 0:
		what := cmp.Or(strings.ToLower(string(ref.kind)), "principal")
		r.reportf(ref.name.line, "unknown %s %q%s", what, ref.name.value, r.offer(ref.name.value, r.principalNames))
	default:
		r.reportf(ref.name.line, "%q names several principals: write {user: ...}, {group: ...}, {robot: ...}, {application: ...} or the id",
			ref.name.value)
	}
	return principal{}, false
}

// added finds a principal that the organization has, which is needed to do what is said.
func (r *resolver) added(ref principalRef, todo string) (principal, bool) {
	p, ok := r.principal(ref)
	if ok && p.outside {
		r.reportf(ref.name.line, "%q cannot %s before it was added: leave out added: false", ref.name.value, todo)
		return principal{}, false
	}
	return p, ok
}

// holder finds the principal of an assignment. One named by kind and id may be gone: what it holds stays.
func (r *resolver) holder(ref principalRef) (principal, bool) {
	id, err := access.ParseGUID(ref.name.value)
	if ref.kind != "" && err == nil && len(r.principals[id.String()]) == 0 {
		return principal{id: id, kind: ref.kind}, true
	}
	return r.added(ref, "hold a role")
}

// stamp reads who made something and when, which is the platform and now where it says nothing.
func (r *resolver) stamp(e stampEntry) model.Stamp {
	s := model.Stamp{CreatedBy: model.SystemID, CreatedOn: r.now}
	if !e.CreatedBy.IsZero() {
		s.CreatedBy = r.actor(e.CreatedBy)
	}
	if !e.CreatedOn.IsZero() {
		s.CreatedOn = r.time(e.CreatedOn)
	}
	s.UpdatedBy, s.UpdatedOn = s.CreatedBy, s.CreatedOn
	if !e.UpdatedBy.IsZero() {
		s.UpdatedBy = r.actor(e.UpdatedBy)
	}
	if !e.UpdatedOn.IsZero() {
		s.UpdatedOn = r.time(e.UpdatedOn)
	}
	return s
}

// actor reads a principal by name, or any GUID: whoever made something may be gone.
func (r *resolver) actor(t text) access.GUID {
	if id, err := access.ParseGUID(t.value); err == nil {
		return id
	}
	p, _ := r.principal(principalRef{name: t})
	return p.id
}
