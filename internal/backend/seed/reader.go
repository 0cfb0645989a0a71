package seed

import (
	"cmp"
	"encoding/hex"
	"reflect"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/catalogue"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// reader turns the entries of a file into an organization: names become ids, and what is left out gets its default.
type reader struct {
	*problems

	catalogue *catalogue.Catalogue
	now       time.Time
	state     model.State
	// memberLists are those of the groups, in their order. They are resolved in the end, and so is the default caller.
	memberLists   []memberList
	defaultCaller func() access.GUID
	// linked says whether the organization has an external directory.
	linked bool
	// lines is where the names and ids stand that only one thing may have.
	lines map[key]int
	// names are those of everything that can be referred to.
	names map[place][]string

	services   index[access.Service]
	tenants    index[*model.Tenant]
	principals index[principal]
	folders    index[folder]
	projects   index[model.Project]
	roles      index[role]
	// ofOrchestrator are the roles of Orchestrator by their keys.
	ofOrchestrator map[access.GUID]model.OrchestratorRole
}

func newReader(p *problems, c *catalogue.Catalogue, now time.Time) *reader {
	r := &reader{
		problems: p, catalogue: c, now: now.UTC().Truncate(model.Tick), lines: map[key]int{}, names: map[place][]string{},
		services: index[access.Service]{}, tenants: index[*model.Tenant]{}, principals: index[principal]{},
		folders: index[folder]{}, projects: index[model.Project]{}, roles: index[role]{}, ofOrchestrator: map[access.GUID]model.OrchestratorRole{},
	}
	for _, s := range append(access.Services(), access.MultiService) {
		r.services.add(r, servicePlace, s, "", s.Slug, s.Name, s.DisplayName)
	}
	for _, platform := range c.Roles() {
		r.addRole(platform)
	}
	return r
}

// read takes over the entries of a document. They may refer to one another and to those of the documents before. Only members of groups and
// the default caller may come in a later document.
func (r *reader) read(n node, doc document) {
	s := &r.state
	if organization := n.at("organization"); r.defaultCaller == nil {
		s.Organization = r.organization(organization, doc.Organization)
		r.defaultCaller = func() access.GUID { return r.caller(organization.at("defaultCaller"), doc.Organization.DefaultCaller) }
	} else {
		r.wrongIf(organization != n, organization, "organization stands in the first document of the file already")
	}
	s.Tenants = append(s.Tenants, each(r, n.at("tenants"), "tenant", doc.Tenants, r.tenant)...)
	s.Users = append(s.Users, each(r, n.at("users"), "user", doc.Users, r.user)...)
	s.Robots = append(s.Robots, each(r, n.at("robotAccounts"), "robot account", doc.Robots, r.robot)...)
	s.Applications = append(s.Applications, each(r, n.at("externalApplications"), "external application", doc.Applications, r.application)...)
	s.Groups = append(s.Groups, each(r, n.at("groups"), "group", doc.Groups, r.group)...)
	s.Tokens = append(s.Tokens, each(r, n.at("personalAccessTokens"), "personal access token", doc.Tokens, r.token)...)
	s.Settings = append(s.Settings, each(r, n.at("settings"), "setting", doc.Settings, r.setting)...)
	s.Folders = append(s.Folders, each(r, n.at("folders"), "folder", doc.Folders, r.folder)...)
	s.Projects = append(s.Projects, each(r, n.at("projects"), "project", doc.Projects, r.project)...)
	s.Roles = append(s.Roles, each(r, n.at("roles"), "role", doc.Roles, r.role)...)
	s.OrchestratorRoles = append(s.OrchestratorRoles,
		each(r, n.at("orchestratorRoles"), "role of Orchestrator", doc.OrchestratorRoles, r.orchestratorRole)...)
	s.OrchestratorUsers = append(s.OrchestratorUsers,
		each(r, n.at("orchestratorUsers"), "user of Orchestrator", doc.OrchestratorUsers, r.orchestratorUser)...)
	s.Assignments = append(s.Assignments, each(r, n.at("assignments"), "assignment", doc.Assignments, r.assignment)...)
	for i, e := range doc.Groups {
		r.memberLists = append(r.memberLists, memberList{n.at("groups").item(i).at("members"), e.Members})
	}
}

// memberList is the members of a group, which may be groups that come later.
type memberList struct {
	list node
	refs []principalRef
}

// finish resolves what may refer to entries that come later, and numbers what has no number.
func (r *reader) finish() {
	for i, members := range r.memberLists {
		r.state.Groups[i].Members = r.members(members.list, r.state.Groups[i], members.refs)
	}
	numberSecrets(r.state.Applications)
	numberSettings(r.state.Settings)
	r.finishOrchestrator()
	r.state.Organization.DefaultCaller = r.defaultCaller()
}

// node is the place of an entry or of a value in the file.
type node struct{ *yaml.Node }

// at returns the place of the value of a key, or that of the entry where it has no such key.
func (n node) at(key string) node {
	for i := 0; n.Kind == yaml.MappingNode && i < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return node{n.Content[i+1]}
		}
	}
	return n
}

// item returns the place of an item of a list.
func (n node) item(i int) node { return node{n.Content[i]} }

// wrongf reports a mistake.
func (r *reader) wrongf(n node, format string, args ...any) { r.reportf(n.Line, format, args...) }

// wrongIf reports a mistake if there is one, and returns whether there is.
func (r *reader) wrongIf(wrong bool, n node, format string, args ...any) bool {
	if wrong {
		r.wrongf(n, format, args...)
	}
	return wrong
}

// each reads the complete ones among the entries of a list.
func each[E, T any](r *reader, list node, what string, entries []E, read func(node, E) T) []T {
	var things []T
	for i, e := range entries {
		var thing T
		if n := list.item(i); complete[E](r, n, what) {
			thing = read(n, e)
		}
		things = append(things, thing)
	}
	return things
}

// complete reports the required keys that an entry lacks, and what yaml reads as true or false beside these two.
func complete[E any](r *reader, n node, what string) bool {
	before := len(r.found)
	for _, field := range reflect.VisibleFields(reflect.TypeFor[E]()) {
		key, options, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		value := n.at(key)
		switch {
		case value != n && field.Type == reflect.TypeFor[*bool]():
			r.wrongIf(value.ShortTag() != "!!bool", value, "expected true or false, found %q", value.Value)
		case key != "" && key != "-" && !strings.Contains(options, "omitempty"):
			r.wrongIf(value == n, n, "%s: %s is missing", what, key)
		}
	}
	return len(r.found) == before
}

// once reports a name or an id that another has already, and returns whether it is new.
func (r *reader) once(n node, at place, name string) bool {
	k := nameIn(at, name)
	before, taken := r.lines[k]
	r.lines[k] = cmp.Or(before, n.Line)
	return !r.wrongIf(taken, n, "%s %q%s stands on line %d already", at.kind, name, at.in, before)
}

// id reads the id of an entry, or derives the one that names of this kind always get.
func (r *reader) id(n node, text, kind string, names ...string) access.GUID {
	id := access.OptionalGUID(text)
	r.wrongIf(text != "" && id == "", n.at("id"), "id %q is not a GUID", text)
	return cmp.Or(id, model.DerivedID(kind, names...))
}

func orTrue(b *bool) bool { return b == nil || *b }

func orFalse(b *bool) bool { return b != nil && *b }

// oneOf reads one of a few words, of which the first is the default.
func oneOf[T ~string](r *reader, n node, key, word string, words ...T) T {
	if word == "" {
		return words[0]
	}
	known := apply(words, func(w T) string { return string(w) })
	r.wrongIf(!slices.Contains(known, word), n.at(key), "unknown %s %q: it is %s", key, word, strings.Join(known, " or "))
	return T(word)
}

// time reads a time, which is otherwise a given one.
func (r *reader) time(n node, text string, otherwise time.Time) time.Time {
	if text == "" {
		return otherwise
	}
	at, err := time.Parse(time.RFC3339, text)
	r.wrongIf(err != nil, n, "%q is not a time: write it like 2026-01-31T12:00:00Z", text)
	return at.UTC().Truncate(model.Tick)
}

// secret reads a secret that is given in the clear or as its hash, and returns the hash.
func (r *reader) secret(n node, key, plain, hashed string) string {
	hashedKey := key + "Sha256"
	if r.wrongIf((plain == "") == (hashed == ""), n, "one of %s and %s is needed, not both", key, hashedKey) {
		return ""
	}
	if plain != "" {
		return model.HashSecret(plain)
	}
	const hashBytes = 32
	sum, err := hex.DecodeString(hashed)
	r.wrongIf(err != nil || len(sum) != hashBytes, n.at(hashedKey), "%s is not a SHA-256 of 64 hexadecimal digits", hashedKey)
	return strings.ToLower(hashed)
}

// stamp reads who made something and when. Where nothing is said, the platform made it now.
func (r *reader) stamp(n node, e stampEntry) model.Stamp {
	s := model.Stamp{CreatedBy: r.actor(n.at("createdBy"), e.CreatedBy, model.SystemID), CreatedOn: r.time(n.at("createdOn"), e.CreatedOn, r.now)}
	s.UpdatedBy = r.actor(n.at("updatedBy"), e.UpdatedBy, s.CreatedBy)
	s.UpdatedOn = r.time(n.at("updatedOn"), e.UpdatedOn, s.CreatedOn)
	return s
}

// actor reads a principal by name, or any GUID: whoever made something may be gone.
func (r *reader) actor(n node, text string, otherwise access.GUID) access.GUID {
	if text == "" {
		return otherwise
	}
	if id, err := access.ParseGUID(text); err == nil {
		return id
	}
	p, _ := r.principals.find(r, n, anyPrincipal, text)
	return p.id
}
