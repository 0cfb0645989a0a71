package seed

import (
	"cmp"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// maxFolderDepth is how many folders a fully qualified name has at most.
const maxFolderDepth = 7

// orchestrator is the slug of the service that folders belong to.
const orchestrator = "orchestrator"

// places are the folders or the projects of the file by what they are in and their names and ids in lower case.
type places[T any] struct {
	byName map[string]T
	byID   map[string]T
	names  map[string][]string
}

// add makes a folder or a project known. Where is the tenant, and the service of a project.
func (p *places[T]) add(where, name, id string, one T) {
	if p.byName == nil {
		*p = places[T]{map[string]T{}, map[string]T{}, map[string][]string{}}
	}
	p.byName[where+"/"+strings.ToLower(name)] = one
	p.byID[where+"/"+id] = one
	p.names[where] = append(p.names[where], name)
}

// find finds one by its name, else by its id.
func (p *places[T]) find(where, name string) (T, bool) {
	key := where + "/" + strings.ToLower(name)
	one, ok := p.byName[key]
	if !ok {
		one, ok = p.byID[key]
	}
	return one, ok
}

// placedFolder is a folder and its fully qualified name.
type placedFolder struct {
	model.Folder

	path string
}

func (r *resolver) readFolders(entries []folderEntry) []model.Folder {
	var folders []model.Folder
	paths, ids := uniques{what: "folder"}, uniques{what: "folder id"}
	for _, e := range entries {
		named := r.required(e.Name, e.line, "folder", "name")
		tenant, ok := r.tenantWith(e.Tenant, orchestrator, e.line, "folder")
		if !ok || !named {
			continue
		}
		if strings.Contains(e.Name.value, "/") {
			r.reportf(e.Name.line, "the name %q of the folder contains \"/\": name the folder that it is in as parent", e.Name.value)
			continue
		}
		f := placedFolder{model.Folder{TenantID: tenant.ID, Name: e.Name.value}, e.Name.value}
		if !e.Parent.IsZero() {
			parent, ok := r.folder(tenant, e.Parent)
			if !ok {
				continue
			}
			f.ParentID, f.path = parent.ID, parent.path+"/"+f.Name
		}
		if strings.Count(f.path, "/") >= maxFolderDepth {
			r.reportf(e.line, "folder %q nests deeper than %d levels", f.path, maxFolderDepth)
			continue
		}
		f.ID = r.id(e.ID, "folder", tenant.Name, f.path)
		if paths.add(r, tenant.Name+"/"+f.path, e.Name.line) && ids.add(r, f.ID.String(), e.line) {
			r.folders.add(tenant.ID.String(), f.path, f.ID.String(), f)
			folders = append(folders, f.Folder)
		}
	}
	return folders
}

// folder finds a folder by its fully qualified name or its id, among those that stand before.
func (r *resolver) folder(tenant model.Tenant, name text) (placedFolder, bool) {
	f, ok := r.folders.find(tenant.ID.String(), name.value)
	if !ok {
		r.reportf(name.line, "unknown folder %q in tenant %s%s", name.value, tenant.Name, r.offer(name.value, r.folders.names[tenant.ID.String()]))
	}
	return f, ok
}

func (r *resolver) readProjects(entries []projectEntry) []model.Project {
	var projects []model.Project
	names, ids := uniques{what: "project"}, uniques{what: "project id"}
	for _, e := range entries {
		named := r.required(e.Name, e.line, "project", "name")
		slug, ok := r.projectService(e.Service, e.line)
		if !ok {
			continue
		}
		tenant, ok := r.tenantWith(e.Tenant, slug, e.line, "project")
		if !ok || !named {
			continue
		}
		p := model.Project{ID: strings.ToLower(e.ID.value), TenantID: tenant.ID, Service: slug, Name: e.Name.value}
		p.ID = cmp.Or(p.ID, model.DerivedID("project", tenant.Name, slug, p.Name).String())
		if _, err := access.ParseScope(projectPath(p)); err != nil {
			r.reportf(e.ID.line, "id %q is not the id of a project: it may have letters, digits and \"-\" only", e.ID.value)
			continue
		}
		place := tenant.Name + "/" + slug + "/"
		if names.add(r, place+p.Name, e.Name.line) && ids.add(r, place+p.ID, e.line) {
			r.projects.add(tenant.ID.String()+"/"+slug, p.Name, p.ID, p)
			projects = append(projects, p)
		}
	}
	return projects
}

func projectPath(p model.Project) string {
	return "/tenant/" + p.TenantID.String() + "/" + p.Service + "/project/" + p.ID
}

// projectService reads a service that has projects, and returns its slug.
func (r *resolver) projectService(name text, line int) (string, bool) {
	if !r.required(name, line, "project", "service") {
		return "", false
	}
	service, ok := r.service(name)
	if ok && !service.HasProjects() {
		var with []string
		for _, s := range access.ServicesWithProjects() {
			with = append(with, s.DisplayName)
		}
		r.reportf(name.line, "service %q has no projects; known are %s", name.value, strings.Join(with, ", "))
		return "", false
	}
	return service.Slug, ok
}

// tenantWith reads the tenant of a folder or a project, which must have the service that it belongs to.
func (r *resolver) tenantWith(name text, slug string, line int, what string) (model.Tenant, bool) {
	if !r.required(name, line, what, "tenant") {
		return model.Tenant{}, false
	}
	tenant, ok := r.tenant(name)
	if ok && !slices.Contains(tenant.Services, slug) {
		r.reportf(name.line, "the tenant %q has no %s: add it to services", tenant.Name, access.ServiceDisplayName(slug))
		return tenant, false
	}
	return tenant, ok
}

// scope reads where an assignment holds.
func (r *resolver) scope(e assignmentEntry) (access.Scope, bool) {
	at := e.Scope.at
	switch {
	case at.line == 0:
		return r.scopePath(e)
	case !r.required(at.Tenant, at.line, "scope", "tenant"):
		return access.Scope{}, false
	case at.Folder.IsZero() == at.Project.IsZero() || at.Project.IsZero() != at.Service.IsZero():
		r.reportf(at.line, "a scope is a path, {tenant: ..., folder: ...} or {tenant: ..., service: ..., project: ...}")
		return access.Scope{}, false
	}
	tenant, ok := r.tenant(at.Tenant)
	if !ok {
		return access.Scope{}, false
	}
	var path string
	if at.Project.IsZero() {
		folder, ok := r.folder(tenant, at.Folder)
		if !ok {
			return access.Scope{}, false
		}
		path = "/tenant/" + tenant.ID.String() + "/" + orchestrator + "/folder/" + folder.ID.String()
	} else {
		project, ok := r.project(tenant, at)
		if !ok {
			return access.Scope{}, false
		}
		path = projectPath(project)
	}
	scope, err := access.ParseScope(path)
	if err != nil {
		r.reportf(at.line, "%s", err)
	}
	return scope, err == nil
}

// project finds a project by its name or its id.
func (r *resolver) project(tenant model.Tenant, at scopeMapping) (model.Project, bool) {
	slug, ok := r.projectService(at.Service, at.line)
	if !ok {
		return model.Project{}, false
	}
	where := tenant.ID.String() + "/" + slug
	p, ok := r.projects.find(where, at.Project.value)
	if !ok {
		r.reportf(at.Project.line, "unknown project %q of %s in tenant %s%s",
			at.Project.value, access.ServiceDisplayName(slug), tenant.Name, r.offer(at.Project.value, r.projects.names[where]))
	}
	return p, ok
}

// scopePath reads a path in which a tenant stands by its name or its id.
func (r *resolver) scopePath(e assignmentEntry) (access.Scope, bool) {
	if !r.required(e.Scope.path, e.line, "assignment", "scope") {
		return access.Scope{}, false
	}
	path, line := e.Scope.path.value, e.Scope.path.line
	if segments := strings.Split(path, "/"); len(segments) > 2 && strings.EqualFold(segments[1], "tenant") {
		tenant, ok := r.tenant(text{segments[2], line})
		if !ok {
			return access.Scope{}, false
		}
		segments[2] = tenant.ID.String()
		path = strings.Join(segments, "/")
	}
	scope, err := access.ParseScope(path)
	if err != nil {
		r.reportf(line, "%s", err)
	}
	return scope, err == nil
}
