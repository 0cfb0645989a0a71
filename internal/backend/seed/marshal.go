package seed

import (
	"cmp"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/catalogue"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// Write writes an organization as a seed that reproduces it exactly. Equal organizations give equal files. Secrets are written as their
// hashes. The assignments are those of the sequence, so that not all of them have to be held at once.
func Write(out io.Writer, s model.State, assignments iter.Seq2[model.Assignment, error], c *catalogue.Catalogue) error {
	w := newWriter(s, c)
	doc := document{
		Organization: organizationEntry{
			s.Organization.ID.String(), s.Organization.Name, w.principals[s.Organization.DefaultCaller],
			&s.Organization.ExternalDirectory, &s.Organization.AutoProvisioning,
		},
		Tenants: apply(s.Tenants, func(t model.Tenant) tenantEntry { return tenantEntry{t.ID.String(), t.Name, t.Services} }),
		Users: apply(s.Users, func(u model.User) userEntry {
			return userEntry{
				u.ID.String(), u.UserName, u.Email, u.Name, u.Surname, u.DisplayName,
				&u.Active, &u.InvitationAccepted, ifTrue(u.BypassesBasicAuth), string(u.Source), unlessTrue(u.Added),
				unlessDerived(u.LegacyID, u.ID), writeTimes(u.CreatedOn, u.ModifiedOn),
			}
		}),
		Groups: apply(s.Groups, func(g model.Group) groupEntry {
			return groupEntry{
				g.ID.String(), g.Name, &g.BuiltIn, string(g.Source), unlessTrue(g.Added), w.members(g), writeTimes(g.CreatedOn, g.ModifiedOn),
			}
		}),
		Robots: apply(s.Robots, func(r model.Robot) robotEntry {
			return robotEntry{r.ID.String(), r.Name, r.DisplayName, model.FormatTime(r.CreatedOn)}
		}),
		Applications: apply(s.Applications, writeApplication),
		Tokens: apply(s.Tokens, func(t model.Token) tokenEntry {
			return tokenEntry{User: w.principals[t.UserID].name, TokenSHA256: t.SHA256, Expires: model.FormatTime(t.Expires)}
		}),
		Settings: apply(s.Settings, func(s model.Setting) settingEntry {
			return settingEntry{s.ID, w.principals[s.UserID].name, s.Key, quotedText(s.Value)}
		}),
		Folders: apply(s.Folders, func(f model.Folder) folderEntry {
			return folderEntry{f.ID.String(), w.tenants[f.TenantID], f.Name, w.folders[f.ParentID]}
		}),
		Projects: apply(s.Projects, func(p model.Project) projectEntry {
			return projectEntry{p.ID, w.tenants[p.TenantID], p.Service, p.Name}
		}),
		Roles: apply(s.Roles, func(r model.Role) roleEntry {
			return roleEntry{
				r.ID.String(), r.Name, r.Description, string(r.Shape), w.tenants[r.TenantID], r.Service, r.Permissions, writeStamp(r.Stamp),
			}
		}),
	}
	doc.OrchestratorRoles, doc.OrchestratorUsers = w.orchestratorRoles(s.OrchestratorRoles), w.orchestratorUsers(s.OrchestratorUsers)
	d := documents{out: out}
	if err := d.addAll(doc); err != nil {
		return err
	}
	rows := assignmentRows{writer: w, lines: map[any]string{}}
	for a, err := range assignments {
		if err != nil {
			return err
		}
		row, err := rows.row(a)
		if err != nil {
			return err
		}
		if err := d.addRow(assignmentsKey, row); err != nil {
			return err
		}
	}
	return nil
}

// writer knows everything by the name that people know it by.
type writer struct {
	tenants    map[access.GUID]string
	principals map[access.GUID]principalRef
	roles      map[access.GUID]roleRef
	folders    map[access.GUID]string
}

func newWriter(s model.State, c *catalogue.Catalogue) writer {
	w := writer{map[access.GUID]string{}, map[access.GUID]principalRef{}, map[access.GUID]roleRef{}, model.FolderPaths(s.Folders)}
	for _, t := range s.Tenants {
		w.tenants[t.ID] = t.Name
	}
	for _, u := range s.Users {
		w.principals[u.ID] = principalRef{u.UserName, access.PrincipalUser}
	}
	for _, g := range s.Groups {
		w.principals[g.ID] = principalRef{g.Name, access.PrincipalGroup}
	}
	for _, r := range s.Robots {
		w.principals[r.ID] = principalRef{r.Name, access.PrincipalRobot}
	}
	w.addApplications(s.Applications)
	for _, r := range slices.Concat(c.Roles(), s.Roles) {
		w.roles[r.ID] = roleRef{Service: r.Service, Name: r.Name}
	}
	for _, r := range s.OrchestratorRoles {
		w.roles[r.Key] = roleRef{Tenant: w.tenants[r.TenantID], Name: r.Name}
	}
	return w
}

// addApplications makes applications known, by id where several have a name. What is not confidential is no principal.
func (w writer) addApplications(all []model.Application) {
	named := map[string]int{}
	for _, a := range all {
		named[strings.ToLower(a.Name)]++
	}
	for _, a := range all {
		name := a.Name
		if named[strings.ToLower(name)] > 1 {
			name = a.ID.String()
		}
		if a.Confidential {
			w.principals[a.ID] = principalRef{name, access.PrincipalExternalApplication}
		}
	}
}

func writeApplication(a model.Application) applicationEntry {
	e := applicationEntry{
		ID: a.ID.String(), Name: a.Name, Confidential: unlessTrue(a.Confidential), RedirectURI: a.RedirectURI, Scopes: a.Scopes, UserScopes: a.UserScopes,
	}
	if a.Confidential {
		all := make([]secretEntry, len(a.Secrets))
		for i, s := range a.Secrets {
			all[i] = secretEntry{
				ID: s.ID, Description: s.Description, SecretSHA256: s.SHA256, Created: model.FormatTime(s.CreatedOn), Expires: writeTime(s.Expires),
			}
		}
		e.Secrets = &all
	}
	return e
}

// writeTime leaves out what never happened.
func writeTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return model.FormatTime(t)
}

func writeTimes(created, modified time.Time) timesEntry {
	return timesEntry{model.FormatTime(created), writeTime(modified)}
}

func (w writer) members(g model.Group) []principalRef {
	members := apply(g.Members, func(id access.GUID) principalRef { return w.principals[id] })
	slices.SortFunc(members, func(a, b principalRef) int { return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.name, b.name)) })
	return members
}

func writeStamp(s model.Stamp) stampEntry {
	return stampEntry{s.CreatedBy.String(), model.FormatTime(s.CreatedOn), s.UpdatedBy.String(), model.FormatTime(s.UpdatedOn)}
}

// apply returns the results of a function for the elements of a list.
func apply[T, E any](list []T, f func(T) E) []E {
	var results []E
	for _, element := range list {
		results = append(results, f(element))
	}
	return results
}

// unlessDerived leaves out a number that follows from the id.
func unlessDerived(number int64, id access.GUID) int64 {
	if number == model.DerivedNumber(id) {
		return 0
	}
	return number
}

// ifTrue leaves out what is false of nearly everybody.
func ifTrue(b bool) *bool {
	if b {
		return &b
	}
	return nil
}

// unlessTrue leaves out what is true of nearly everybody.
func unlessTrue(b bool) *bool {
	if b {
		return nil
	}
	return &b
}
