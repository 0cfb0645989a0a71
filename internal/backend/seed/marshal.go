package seed

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/catalogue"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

const indent = 2

// Marshal writes an organization as a seed that reproduces it exactly. Equal organizations give equal files. Secrets are
// written as their hashes.
func Marshal(s model.State, c *catalogue.Catalogue) ([]byte, error) {
	w := newWriter(s, c)
	doc := document{Organization: organizationEntry{
		ID: textOf(s.Organization.ID), Name: textOf(s.Organization.Name), DefaultCaller: w.principals[s.Organization.DefaultCaller],
		ExternalDirectory: &s.Organization.ExternalDirectory, AutoProvisioning: &s.Organization.AutoProvisioning,
	}}
	for _, t := range s.Tenants {
		doc.Tenants = append(doc.Tenants, tenantEntry{ID: textOf(t.ID), Name: textOf(t.Name), Services: textsOf(t.Services)})
	}
	for _, u := range s.Users {
		doc.Users = append(doc.Users, userEntry{
			ID: textOf(u.ID), UserName: textOf(u.UserName), Email: textOf(u.Email), Name: textOf(u.Name), Surname: textOf(u.Surname),
			DisplayName: textOf(u.DisplayName), Active: &u.Active, InvitationAccepted: &u.InvitationAccepted, Source: textOf(string(u.Source)),
			Added: unlessTrue(u.Added),
		})
	}
	for _, g := range s.Groups {
		doc.Groups = append(doc.Groups, groupEntry{
			ID: textOf(g.ID), Name: textOf(g.Name), BuiltIn: &g.BuiltIn, Source: textOf(string(g.Source)), Added: unlessTrue(g.Added), Members: w.members(g),
		})
	}
	for _, r := range s.Robots {
		doc.Robots = append(doc.Robots, robotEntry{ID: textOf(r.ID), Name: textOf(r.Name), DisplayName: textOf(r.DisplayName)})
	}
	for _, a := range s.Applications {
		doc.Applications = append(doc.Applications, applicationEntry{
			ID: textOf(a.ID), Name: textOf(a.Name), SecretSHA256: textOf(a.SecretSHA256), Scopes: textsOf(a.Scopes),
		})
	}
	for _, t := range s.Tokens {
		doc.Tokens = append(doc.Tokens, tokenEntry{
			User: w.principals[t.UserID].name, TokenSHA256: textOf(t.SHA256), Expires: textOf(model.FormatTime(t.Expires)),
		})
	}
	for _, f := range s.Folders {
		doc.Folders = append(doc.Folders, folderEntry{
			ID: textOf(f.ID), Tenant: textOf(w.tenants[f.TenantID]), Name: textOf(f.Name), Parent: textOf(w.folders[f.ParentID]),
		})
	}
	for _, p := range s.Projects {
		doc.Projects = append(doc.Projects, projectEntry{
			ID: textOf(p.ID), Tenant: textOf(w.tenants[p.TenantID]), Service: textOf(p.Service), Name: textOf(p.Name),
		})
	}
	for _, r := range s.Roles {
		doc.Roles = append(doc.Roles, w.role(r))
	}
	for _, a := range s.Assignments {
		doc.Assignments = append(doc.Assignments, w.assignment(a))
	}
	var out bytes.Buffer
	e := yaml.NewEncoder(&out)
	e.SetIndent(indent)
	if err := e.Encode(doc); err != nil {
		return nil, err
	}
	return out.Bytes(), e.Close()
}

// writer knows everything by the name that people know it by.
type writer struct {
	tenants    map[access.GUID]string
	principals map[access.GUID]principalRef
	roles      map[access.GUID]roleRef
	folders    map[access.GUID]string
}

func newWriter(s model.State, c *catalogue.Catalogue) writer {
	w := writer{
		tenants: map[access.GUID]string{}, principals: map[access.GUID]principalRef{}, roles: map[access.GUID]roleRef{},
		folders: model.FolderPaths(s.Folders),
	}
	for _, t := range s.Tenants {
		w.tenants[t.ID] = t.Name
	}
	for _, u := range s.Users {
		w.principals[u.ID] = principalRef{textOf(u.UserName), access.PrincipalUser}
	}
	for _, g := range s.Groups {
		w.principals[g.ID] = principalRef{textOf(g.Name), access.PrincipalGroup}
	}
	for _, r := range s.Robots {
		w.principals[r.ID] = principalRef{textOf(r.Name), access.PrincipalRobot}
	}
	for _, a := range s.Applications {
		w.principals[a.ID] = principalRef{textOf(a.Name), access.PrincipalExternalApplication}
	}
	for _, r := range slices.Concat(c.Roles(), s.Roles) {
		w.roles[r.ID] = roleRef{name: textOf(r.Name), service: textOf(r.Service)}
	}
	return w
}

func (w writer) members(g model.Group) []principalRef {
	members := make([]principalRef, 0, len(g.Members))
	for _, id := range g.Members {
		members = append(members, w.principals[id])
	}
	slices.SortFunc(members, func(a, b principalRef) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.name.value, b.name.value))
	})
	return members
}

func (w writer) role(r model.Role) roleEntry {
	e := roleEntry{
		ID: textOf(r.ID), Name: textOf(r.Name), Description: textOf(r.Description), Shape: textOf(string(r.Shape)),
		Tenant: textOf(w.tenants[r.TenantID]), Service: textOf(r.Service), Permissions: textsOf(r.Permissions),
		stampEntry: writeStamp(r.Stamp),
	}
	return e
}

func (w writer) assignment(a model.Assignment) assignmentEntry {
	holder, known := w.principals[a.PrincipalID]
	if !known {
		holder = principalRef{textOf(a.PrincipalID), a.PrincipalType}
	}
	role, known := w.roles[a.RoleID]
	if !known {
		role = roleRef{id: textOf(a.RoleID)}
	}
	return assignmentEntry{
		ID: textOf(a.ID), Role: role, Principal: holder, Scope: scopeRef{path: textOf(w.scope(a.Scope))},
		Type: textOf(string(a.Type)), stampEntry: writeStamp(a.Stamp),
	}
}

// scope writes a path with the tenant's name in it.
func (w writer) scope(s access.Scope) string {
	if s.TenantID() == "" {
		return s.String()
	}
	return strings.Replace(s.String(), s.TenantID().String(), w.tenants[s.TenantID()], 1)
}

func writeStamp(s model.Stamp) stampEntry {
	return stampEntry{
		CreatedBy: textOf(s.CreatedBy), CreatedOn: textOf(model.FormatTime(s.CreatedOn)),
		UpdatedBy: textOf(s.UpdatedBy), UpdatedOn: textOf(model.FormatTime(s.UpdatedOn)),
	}
}

// unlessTrue leaves out what is true of nearly everybody.
func unlessTrue(b bool) *bool {
	if b {
		return nil
	}
	return &b
}

func textsOf(values []string) []text {
	texts := make([]text, len(values))
	for i, v := range values {
		texts[i] = textOf(v)
	}
	return texts
}
