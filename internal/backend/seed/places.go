package seed

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// maxFolderDepth is how many folders a fully qualified name has at most.
const maxFolderDepth = 7

// pathName is what the name of an organization or a tenant looks like: it is a segment of URLs.
var pathName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)

// folder is a folder and its fully qualified name.
type folder struct {
	model.Folder

	path string
}

var servicePlace, tenantPlace = place{kind: "service"}, place{kind: "tenant"}

func folderPlace(tenant *model.Tenant) place { return place{"folder", " in tenant " + tenant.Name} }

func projectPlace(tenant *model.Tenant, slug string) place {
	return place{"project", " of " + access.ServiceDisplayName(slug) + " in tenant " + tenant.Name}
}

func (r *reader) organization(n node, e organizationEntry) model.Organization {
	if complete[organizationEntry](r, n, "organization") {
		r.checkPathName(n, "organization", e.Name)
	}
	r.linked = orFalse(e.ExternalDirectory)
	r.wrongIf(orFalse(e.AutoProvisioning) && !r.linked, n, "organization: autoProvisioning needs externalDirectory: true")
	return model.Organization{
		ID: r.id(n, e.ID, "organization", e.Name), Name: e.Name, ExternalDirectory: r.linked, AutoProvisioning: orFalse(e.AutoProvisioning),
	}
}

func (r *reader) checkPathName(n node, what, name string) {
	r.wrongIf(!pathName.MatchString(name), n.at("name"), "the name %q of the %s may have letters, digits, \"-\" and \"_\" only", name, what)
}

func (r *reader) tenant(n node, e tenantEntry) model.Tenant {
	r.checkPathName(n, "tenant", e.Name)
	t := model.Tenant{ID: r.id(n, e.ID, "tenant", e.Name), Name: e.Name}
	for i, name := range e.Services {
		if service, ok := r.services.find(r, n.at("services").item(i), servicePlace, name); ok {
			t.Services = append(t.Services, service.Slug)
		}
	}
	t.Services = model.SortedUnique(t.Services)
	if r.once(n.at("name"), tenantPlace, t.Name) && r.once(n, place{kind: "tenant id"}, t.ID.String()) {
		r.tenants.add(r, tenantPlace, &t, t.ID.String(), t.Name)
		r.addOrchestratorRoles(&t)
	}
	return t
}

// tenantWith reads the tenant of a folder or a project, which must have the service that it belongs to.
func (r *reader) tenantWith(n node, name, slug string) (*model.Tenant, bool) {
	tenant, ok := r.tenants.find(r, n.at("tenant"), tenantPlace, name)
	if !ok || r.wrongIf(!slices.Contains(tenant.Services, slug), n.at("tenant"),
		"the tenant %q has no %s: add it to services", tenant.Name, access.ServiceDisplayName(slug)) {
		return nil, false
	}
	return tenant, true
}

// folder reads a folder, whose parent stands before it.
func (r *reader) folder(n node, e folderEntry) model.Folder {
	tenant, ok := r.tenantWith(n, e.Tenant, "orchestrator")
	if !ok || r.wrongIf(strings.Contains(e.Name, "/"), n.at("name"),
		"the name %q of the folder contains \"/\": name the folder that it is in as parent", e.Name) {
		return model.Folder{}
	}
	at := folderPlace(tenant)
	f := folder{model.Folder{TenantID: tenant.ID, Name: e.Name}, e.Name}
	if e.Parent != "" {
		parent, ok := r.folders.find(r, n.at("parent"), at, e.Parent)
		if !ok {
			return model.Folder{}
		}
		f.ParentID, f.path = parent.ID, parent.path+"/"+f.Name
	}
	f.ID = r.id(n, e.ID, "folder", tenant.Name, f.path)
	if !r.wrongIf(strings.Count(f.path, "/") >= maxFolderDepth, n, "folder %q nests deeper than %d levels", f.path, maxFolderDepth) &&
		r.once(n.at("name"), at, f.path) && r.once(n, place{kind: "folder id"}, f.ID.String()) {
		r.folders.add(r, at, f, f.ID.String(), f.path)
	}
	return f.Folder
}

func (r *reader) project(n node, e projectEntry) model.Project {
	slug, ok := r.projectService(n, e.Service)
	if !ok {
		return model.Project{}
	}
	tenant, ok := r.tenantWith(n, e.Tenant, slug)
	if !ok {
		return model.Project{}
	}
	p := model.Project{ID: strings.ToLower(e.ID), TenantID: tenant.ID, Service: slug, Name: e.Name}
	p.ID = cmp.Or(p.ID, model.DerivedID("project", tenant.Name, slug, p.Name).String())
	at := projectPlace(tenant, slug)
	if !r.wrongIf(!access.IsContainerID(p.ID), n.at("id"),
		"id %q is not the id of a project: it may have letters, digits and \"-\" only", e.ID) &&
		r.once(n.at("name"), at, p.Name) && r.once(n, place{"project id", at.in}, p.ID) {
		r.projects.add(r, at, p, p.ID, p.Name)
	}
	return p
}

// projectService reads the service of a project, and returns its slug.
func (r *reader) projectService(n node, name string) (string, bool) {
	service, ok := r.services.find(r, n.at("service"), servicePlace, name)
	var with []string
	for _, s := range access.ServicesWithProjects() {
		with = append(with, s.DisplayName)
	}
	return service.Slug, ok && !r.wrongIf(!service.HasProjects(), n.at("service"),
		"service %q has no projects; known are %s", name, strings.Join(with, ", "))
}

// scope reads where an assignment holds. It returns no scope where that is unknown.
func (r *reader) scope(n node, ref scopeRef) access.Scope {
	path, ok := r.path(n, ref)
	if !ok {
		return access.Scope{}
	}
	scope, err := access.ParseScope(path)
	r.wrongIf(err != nil, n, "%v", err)
	return scope
}

// path writes a scope with ids. In a given path only the tenant may stand by its name.
func (r *reader) path(n node, ref scopeRef) (string, bool) {
	if ref.text != "" {
		segments := strings.Split(ref.text, "/")
		if len(segments) < 3 || !strings.EqualFold(segments[1], "tenant") {
			return ref.text, true
		}
		tenant, ok := r.tenants.find(r, n, tenantPlace, segments[2])
		if ok {
			segments[2] = tenant.ID.String()
		}
		return strings.Join(segments, "/"), ok
	}
	if !complete[scopeRef](r, n, "scope") || r.wrongIf((ref.Folder == "") == (ref.Project == "") || (ref.Project == "") != (ref.Service == ""), n,
		"a scope is a path, {tenant: ..., folder: ...} or {tenant: ..., service: ..., project: ...}") {
		return "", false
	}
	tenant, ok := r.tenants.find(r, n.at("tenant"), tenantPlace, ref.Tenant)
	if !ok {
		return "", false
	}
	at := "/tenant/" + tenant.ID.String() + "/"
	if ref.Folder != "" {
		f, ok := r.folders.find(r, n.at("folder"), folderPlace(tenant), ref.Folder)
		return at + "orchestrator/folder/" + f.ID.String(), ok
	}
	slug, ok := r.projectService(n, ref.Service)
	if !ok {
		return "", false
	}
	p, ok := r.projects.find(r, n.at("project"), projectPlace(tenant, slug), ref.Project)
	return at + slug + "/project/" + p.ID, ok
}
