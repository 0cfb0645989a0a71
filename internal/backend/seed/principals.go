package seed

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// principal is what can be named as the holder of a role, a member of a group, or the author of a change.
type principal struct {
	id access.GUID
	principalRef
	// outside is true for an account that only the external directory has.
	outside bool
}

// String returns a reference that means this principal only.
func (p principal) String() string { return "{" + keyOf(p.kind) + ": " + p.name + "}" }

// anyPrincipal is the place of principals that are named without their kind.
var anyPrincipal = place{kind: "principal"}

// addPrincipal makes a principal known. No other of its kind may have one of its names, and no other principal its id.
func (r *reader) addPrincipal(n node, what string, p principal, aliases ...string) {
	name := n.at("name")
	if p.kind == access.PrincipalUser {
		name = n.at("userName")
	}
	// Several applications may have one name, if each has an id of its own.
	shared := p.kind == access.PrincipalExternalApplication && n.at("id") != n
	if !shared && !r.once(name, place{kind: what}, p.name) || !r.once(n, place{kind: "principal id"}, p.id.String()) {
		return
	}
	names := []string{p.name}
	for _, alias := range aliases {
		if r.once(n, place{kind: what}, alias) {
			names = append(names, alias)
		}
	}
	r.principals.add(r, anyPrincipal, p, p.id.String(), names...)
	r.principals.add(r, place{kind: keyOf(p.kind)}, p, p.id.String(), names...)
}

func (r *reader) user(n node, e userEntry) model.User {
	u := model.User{
		ID: r.id(n, e.ID, "user", e.UserName), UserName: e.UserName, Email: e.Email, Name: e.Name, Surname: e.Surname,
		DisplayName: e.DisplayName, Active: orTrue(e.Active), InvitationAccepted: orTrue(e.InvitationAccepted), Added: orTrue(e.Added),
		BypassesBasicAuth: orFalse(e.BypassesBasicAuth), LegacyID: r.number(n, "legacyId", e.LegacyID),
	}.WithDefaults()
	u.CreatedOn, u.ModifiedOn = r.times(n, e.timesEntry)
	u.Source = r.source(n, "user", u.UserName, e.Source, u.Added)
	r.wrongIf(!u.Added && !u.InvitationAccepted, n,
		"user %q cannot have been invited before it was added: leave out invitationAccepted or added", u.UserName)
	var aliases []string
	if u.Email != "" && !strings.EqualFold(u.Email, u.UserName) {
		aliases = append(aliases, u.Email)
	}
	r.addPrincipal(n, "user", principal{u.ID, principalRef{u.UserName, access.PrincipalUser}, !u.Added}, aliases...)
	return u
}

// times reads when something was made and when it was changed last. Where nothing is said, it was made now and never changed.
func (r *reader) times(n node, e timesEntry) (created, modified time.Time) {
	return r.time(n.at("creationTime"), e.Created, r.now), r.time(n.at("lastModificationTime"), e.Modified, time.Time{})
}

// source reads where an account is kept. Only an account of an external directory can be known without being added.
func (r *reader) source(n node, what, name, word string, added bool) access.PrincipalSource {
	source := oneOf(r, n, "source", word, access.SourceLocal, access.SourceDirectory)
	r.wrongIf(!added && source == access.SourceLocal, n, "%s %q: added: false needs source: directory", what, name)
	r.wrongIf(!added && source == access.SourceDirectory && !r.linked, n,
		"%s %q: added: false needs an organization with externalDirectory: true", what, name)
	return source
}

func (r *reader) robot(n node, e robotEntry) model.Robot {
	one := model.Robot{
		ID: r.id(n, e.ID, "robot", e.Name), Name: e.Name, DisplayName: cmp.Or(e.DisplayName, e.Name),
		CreatedOn: r.time(n.at("creationTime"), e.Created, r.now),
	}
	r.addPrincipal(n, "robot account", principal{id: one.ID, principalRef: principalRef{e.Name, access.PrincipalRobot}})
	return one
}

// group reads a group without its members.
func (r *reader) group(n node, e groupEntry) model.Group {
	g := model.Group{ID: r.id(n, e.ID, "group", e.Name), Name: e.Name, BuiltIn: orFalse(e.BuiltIn), Added: orTrue(e.Added)}
	g.CreatedOn, g.ModifiedOn = r.times(n, e.timesEntry)
	g.Source = r.source(n, "group", g.Name, e.Source, g.Added)
	r.wrongIf(g.BuiltIn && g.Source == access.SourceDirectory, n, "group %q: a built-in group is local", g.Name)
	r.addPrincipal(n, "group", principal{g.ID, principalRef{g.Name, access.PrincipalGroup}, !g.Added})
	return g
}

func (r *reader) members(list node, g model.Group, refs []principalRef) []access.GUID {
	var members []access.GUID
	for i, ref := range refs {
		n := list.item(i)
		p, ok := r.principal(n, ref)
		if !ok || r.wrongIf(p.id == g.ID, n, "group %q cannot be a member of itself", g.Name) ||
			r.wrongIf(slices.Contains(members, p.id), n, "%q is a member of group %q already", ref.name, g.Name) {
			continue
		}
		members = append(members, p.id)
	}
	slices.Sort(members)
	return members
}

func (r *reader) token(n node, e tokenEntry) model.Token {
	user, _ := r.added(n.at("user"), principalRef{e.User, access.PrincipalUser}, "have a personal access token")
	t := model.Token{
		SHA256: r.secret(n, "token", e.Token, e.TokenSHA256), UserID: user.id, Expires: r.time(n.at("expires"), e.Expires, time.Time{}),
	}
	if t.SHA256 != "" {
		r.once(n, place{kind: "token"}, t.SHA256)
	}
	return t
}

// principal finds the one principal of a name or an id.
func (r *reader) principal(n node, ref principalRef) (principal, bool) {
	at := anyPrincipal
	if ref.kind != "" {
		at = place{kind: keyOf(ref.kind)}
	}
	return r.principals.find(r, n, at, ref.name)
}

// added finds a principal that the organization has, which is needed to do what is said.
func (r *reader) added(n node, ref principalRef, todo string) (principal, bool) {
	p, ok := r.principal(n, ref)
	if r.wrongIf(p.outside, n, "%q cannot %s before it was added: leave out added: false", ref.name, todo) {
		return principal{}, false
	}
	return p, ok
}

// holder finds the principal of an assignment. One named by kind and id may be gone: what it holds stays.
func (r *reader) holder(n node, ref principalRef) principal {
	if id, err := access.ParseGUID(ref.name); err == nil && ref.kind != "" && len(r.principals.lookUp(anyPrincipal, ref.name)) == 0 {
		return principal{id: id, principalRef: ref}
	}
	p, _ := r.added(n, ref, "hold a role")
	return p
}

// caller finds the default caller, if there is one.
func (r *reader) caller(n node, ref principalRef) access.GUID {
	if ref.IsZero() {
		return ""
	}
	p, ok := r.added(n, ref, "be the default caller")
	r.wrongIf(ok && p.kind != access.PrincipalUser && p.kind != access.PrincipalExternalApplication, n,
		"the default caller %q is a %s: name a user or an application", ref.name, keyOf(p.kind))
	return p.id
}
