package seed

import (
	"cmp"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/catalogue"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// pathName is what the name of an organization or a tenant looks like: it is a segment of URLs.
var pathName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)

// resolver turns the entries of a file into an organization: names become ids, and what is left out gets its default.
type resolver struct {
	*decoder

	catalogue *catalogue.Catalogue
	now       time.Time
	tenants   []model.Tenant
	// linked says whether the organization has an external directory.
	linked bool

	// Principals and roles are found by their names and ids in lower case.
	principals     map[string][]principal
	principalNames []string
	principalIDs   uniques
	roles          map[string][]model.Role
	roleNames      []string

	folders  places[placedFolder]
	projects places[model.Project]
}

// principal is what can be named as the holder of a role, a member of a group, or the author of a change.
type principal struct {
	id   access.GUID
	kind access.PrincipalType
	// outside is true for an account that only the external directory has.
	outside bool
}

func (r *resolver) resolve(doc document) model.State {
	var s model.State
	s.Organization = r.organization(doc.Organization)
	s.Tenants = r.readTenants(doc.Tenants)
	s.Users = r.users(doc.Users)
	s.Robots = r.robots(doc.Robots)
	s.Applications = r.applications(doc.Applications)
	s.Groups = r.groups(doc.Groups)
	r.members(s.Groups, doc.Groups)
	s.Tokens = r.tokens(doc.Tokens)
	s.Folders = r.readFolders(doc.Folders)
	s.Projects = r.readProjects(doc.Projects)
	s.Roles = r.readRoles(doc.Roles)
	s.Assignments = r.assignments(doc.Assignments)
	if ref := doc.Organization.DefaultCaller; !ref.IsZero() {
		if p, ok := r.added(ref, "be the default caller"); ok && p.kind != access.PrincipalUser && p.kind != access.PrincipalExternalApplication {
			r.reportf(ref.name.line, "the default caller %q is a %s: name a user or an application",
				ref.name.value, strings.ToLower(string(p.kind)))
		} else {
			s.Organization.DefaultCaller = p.id
		}
	}
	return s
}

func (r *resolver) organization(e organizationEntry) model.Organization {
	if r.required(e.Name, e.line, "organization", "name") && !pathName.MatchString(e.Name.value) {
		r.reportf(e.Name.line, "the name %q of the organization may have letters, digits, \"-\" and \"_\" only", e.Name.value)
	}
	o := model.Organization{
		ID: r.id(e.ID, "organization", e.Name.value), Name: e.Name.value,
		ExternalDirectory: orFalse(e.ExternalDirectory), AutoProvisioning: orFalse(e.AutoProvisioning),
	}
	r.linked = o.ExternalDirectory
	if o.AutoProvisioning && !o.ExternalDirectory {
		r.reportf(e.line, "organization: autoProvisioning needs externalDirectory: true")
	}
	return o
}

func (r *resolver) readTenants(entries []tenantEntry) []model.Tenant {
	names, ids := uniques{what: "tenant"}, uniques{what: "tenant id"}
	for _, e := range entries {
		if r.required(e.Name, e.line, "tenant", "name") && !pathName.MatchString(e.Name.value) {
			r.reportf(e.Name.line, "the name %q of the tenant may have letters, digits, \"-\" and \"_\" only", e.Name.value)
		}
		t := model.Tenant{ID: r.id(e.ID, "tenant", e.Name.value), Name: e.Name.value}
		if names.add(r, e.Name.value, e.Name.line) {
			ids.add(r, t.ID.String(), e.line)
		}
		for _, name := range e.Services {
			if service, ok := r.service(name); ok {
				t.Services = append(t.Services, service.Slug)
			}
		}
		t.Services = sortedUnique(t.Services)
		r.tenants = append(r.tenants, t)
	}
	return r.tenants
}

func (r *resolver) tokens(entries []tokenEntry) []model.Token {
	var tokens []model.Token
	hashes := uniques{what: "token"}
	for _, e := range entries {
		t := model.Token{SHA256: r.secret(e.Token, e.TokenSHA256, e.line, "token", "tokenSha256")}
		hashes.add(r, t.SHA256, e.line)
		if r.required(e.User, e.line, "personal access token", "user") {
			p, ok := r.added(principalRef{name: e.User, kind: access.PrincipalUser}, "have a personal access token")
			if ok {
				t.UserID = p.id
			}
		}
		if r.required(e.Expires, e.line, "personal access token", "expires") {
			t.Expires = r.time(e.Expires)
		}
		tokens = append(tokens, t)
	}
	return tokens
}

// required reports a key that is missing.
func (r *resolver) required(t text, line int, what, key string) bool {
	if !t.IsZero() {
		return true
	}
	r.reportf(cmp.Or(line, 1), "%s: %s is missing", what, key)
	return false
}

// id reads a GUID, or derives the one that names of this kind always get.
func (r *resolver) id(t text, kind string, names ...string) access.GUID {
	if t.IsZero() {
		return model.DerivedID(kind, names...)
	}
	id := access.OptionalGUID(t.value)
	if id == "" {
		r.reportf(t.line, "id %q is not a GUID", t.value)
	}
	return id
}

func (r *resolver) time(t text) time.Time {
	at, err := time.Parse(time.RFC3339, t.value)
	if err != nil {
		r.reportf(t.line, "%q is not a time: write it like 2026-01-31T12:00:00Z", t.value)
	}
	return at.UTC().Truncate(model.Tick)
}

// secret reads a secret that is given in the clear or as its hash, and returns the hash.
func (r *resolver) secret(plain, hashed text, line int, plainKey, hashedKey string) string {
	switch {
	case plain.IsZero() == hashed.IsZero():
		r.reportf(line, "one of %s and %s is needed, not both", plainKey, hashedKey)
		return ""
	case hashed.IsZero():
		return model.HashSecret(plain.value)
	}
	const hashBytes = 32
	if sum, err := hex.DecodeString(hashed.value); err != nil || len(sum) != hashBytes {
		r.reportf(hashed.line, "%s is not a SHA-256 of 64 hexadecimal digits", hashedKey)
	}
	return strings.ToLower(hashed.value)
}

func (r *resolver) service(name text) (access.Service, bool) {
	service, ok := access.FindService(name.value)
	if !ok {
		var known []string
		for _, s := range access.Services() {
			known = append(known, s.Slug, s.Name, s.DisplayName)
		}
		r.reportf(name.line, "unknown service %q%s", name.value, r.offer(name.value, sortedUnique(known)))
	}
	return service, ok
}

func (r *resolver) tenant(name text) (model.Tenant, bool) {
	i := slices.IndexFunc(r.tenants, func(t model.Tenant) bool {
		return strings.EqualFold(t.Name, name.value) || strings.EqualFold(t.ID.String(), name.value)
	})
	if i >= 0 {
		return r.tenants[i], true
	}
	var known []string
	for _, t := range r.tenants {
		known = append(known, t.Name)
	}
	r.reportf(name.line, "unknown tenant %q%s", name.value, r.offer(name.value, known))
	return model.Tenant{}, false
}

// uniques remembers on which line each name stands.
type uniques struct {
	what  string
	lines map[string]int
}

// add reports a name that was there before, in any case, and returns whether it is new.
func (u *uniques) add(r *resolver, name string, line int) bool {
	if name == "" {
		return false
	}
	if u.lines == nil {
		u.lines = map[string]int{}
	}
	key := strings.ToLower(name)
	if before, ok := u.lines[key]; ok {
		r.reportf(line, "%s %q stands on line %d already", u.what, name, before)
		return false
	}
	u.lines[key] = line
	return true
}

func sortedUnique(values []string) []string {
	slices.Sort(values)
	return slices.Compact(values)
}
