package uipath

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// Project is a project of a service that has projects.
type Project struct {
	// ID is the project's id as scope paths have it: a GUID, or with IXP a hexadecimal number.
	ID   string
	Name string
}

// UnlistedProjectsError says that it cannot be told which projects a service has: no public endpoint lists them (contract 9.6), and the
// export of role assignments names only those at which a role is assigned.
type UnlistedProjectsError struct {
	Service access.Service
	// ID is the project that was asked for; "" where all were.
	ID string
	// Err is why the export could not be read; nil where it was and does not name the project.
	Err error
}

// Error says why.
func (e *UnlistedProjectsError) Error() string {
	text := fmt.Sprintf("No public endpoint lists the projects of %s. Only the export of role assignments names those at which a role is assigned, ",
		e.Service.DisplayName)
	if e.Err != nil {
		return text + fmt.Sprintf("and it could not be read: %v", e.Err)
	}
	return text + fmt.Sprintf("and the project %q is not among them.", e.ID)
}

// Unwrap returns why the export could not be read.
func (e *UnlistedProjectsError) Unwrap() error { return e.Err }

// projectsOf are the projects of a service in a tenant.
type projectsOf struct {
	tenant  access.GUID
	service access.Service
}

// projects are the projects that all readers share.
type projects struct {
	*api
	tenants *tenants
	exports *exports
	listed  rest.Memo[projectsOf, places[Project]]
}

func newProjects(a *api, t *tenants, e *exports) *projects {
	p := &projects{api: a, tenants: t, exports: e}
	p.listed.Read, p.listed.Client = p.list, a.rest
	return p
}

// Projects returns the projects of a service in a tenant, sorted by name. They are listed once in a run. It returns [ErrForbidden] if the
// caller may not list them.
//
// No public endpoint lists those of Task Mining. The projects that the export of role assignments names are taken instead, which are those
// at which a role is assigned. If the caller may not read that, it returns an [*UnlistedProjectsError].
func (p *projects) Projects(ctx context.Context, tenant access.GUID, service access.Service) ([]Project, error) {
	all, err := p.projectsOf(ctx, tenant, service)
	return slices.Clone(all.sorted), err
}

// Project returns a project by its id. It returns [ErrNotFound] if the service has no such project, and an [*UnlistedProjectsError] if that
// cannot be told.
func (p *projects) Project(ctx context.Context, tenant access.GUID, service access.Service, id string) (Project, error) {
	all, err := p.projectsOf(ctx, tenant, service)
	if err != nil {
		return Project{}, err
	}
	found, ok := all.byID[strings.ToLower(id)]
	switch {
	case ok:
		return found, nil
	case listProjects[service.Slug] == nil:
		return Project{}, &UnlistedProjectsError{Service: service, ID: id}
	}
	return Project{}, fmt.Errorf("%s has no project %q in the tenant %s: %w", service.DisplayName, id, p.tenants.name(tenant), ErrNotFound)
}

// ProjectNamed returns a project by its name in exactly this case. It returns a [*NotFoundError] or an [*AmbiguousError] if it finds none or
// several.
func (p *projects) ProjectNamed(ctx context.Context, tenant access.GUID, service access.Service, name string) (Project, error) {
	all, err := p.projectsOf(ctx, tenant, service)
	if err != nil {
		return Project{}, err
	}
	found, err := all.named("project of "+service.DisplayName, name)
	missing, ok := err.(*NotFoundError) //nolint:errorlint // Nothing wraps it.
	if !ok {
		return found, err
	}
	missing.Note = p.tenants.elsewhere(tenant, "project", func(other access.GUID) bool {
		there, err := p.projectsOf(ctx, other, service)
		return err == nil && len(there.byName[name]) > 0
	})
	if missing.Note == "" && listProjects[service.Slug] == nil {
		missing.Note = fmt.Sprintf("No public endpoint lists the projects of %s, so only those at which a role is assigned are known.", service.DisplayName)
	}
	return found, err
}

// ProjectElsewhere returns another tenant that has a project of a service with an id. It finds none where the caller may not list the
// projects.
func (p *projects) ProjectElsewhere(ctx context.Context, tenant access.GUID, service access.Service, id string) (Tenant, bool) {
	return p.tenants.other(tenant, func(other access.GUID) bool {
		_, err := p.Project(ctx, other, service, id)
		return err == nil
	})
}

func (p *projects) projectsOf(ctx context.Context, tenant access.GUID, service access.Service) (places[Project], error) {
	if err := checkID("tenant", tenant); err != nil {
		return places[Project]{}, err
	}
	if !service.HasProjects() {
		return places[Project]{}, fmt.Errorf("the service %s has no projects", service.DisplayName)
	}
	return p.listed.Get(ctx, projectsOf{tenant, service})
}

// ListsProjects reports whether a public endpoint lists the projects of a service.
func ListsProjects(service access.Service) bool { return listProjects[service.Slug] != nil }

func projectKey(p Project) (id, name string) { return p.ID, p.Name }

// listProjects are how services list their projects (contract 9.6). A service that has projects and no entry has no public endpoint.
var listProjects = map[string]func(*projects, context.Context, access.GUID) ([]Project, error){
	"documentunderstanding": (*projects).ofDocumentUnderstanding,
	"testmanager":           (*projects).ofTestManager,
	"reinfer":               (*projects).ofIXP,
}

// list asks a service for its projects, or reads them from the export.
func (p *projects) list(ctx context.Context, of projectsOf) (places[Project], error) {
	var found []Project
	var err error
	if ask := listProjects[of.service.Slug]; ask != nil {
		found, err = ask(p, ctx, of.tenant)
	} else {
		found, err = p.exported(ctx, of.tenant, of.service)
	}
	if err != nil {
		return places[Project]{}, err
	}
	slices.SortStableFunc(found, func(a, b Project) int { return strings.Compare(a.ID, b.ID) })
	found = slices.CompactFunc(found, func(a, b Project) bool { return a.ID == b.ID })
	return newPlaces(found, projectKey), nil
}

// projectAnswer is a project as each of the services shows it.
type projectAnswer struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Title string `json:"title"`
}

// project converts to the package's own terms. It reports false for one that no scope can name.
func (a projectAnswer) project() (Project, bool) {
	id := strings.ToLower(a.ID)
	return Project{ID: id, Name: written(id, a.Title, a.Name)}, access.IsContainerID(id)
}

func projectsFrom(rows []projectAnswer) []Project {
	var found []Project
	for _, row := range rows {
		if project, ok := row.project(); ok {
			found = append(found, project)
		}
	}
	return found
}

// projectList is the answer of the services that list all projects at once.
type projectList struct {
	Projects []projectAnswer `json:"projects"`
}

func (p *projects) allAtOnce(ctx context.Context, service, path string, query url.Values) ([]Project, error) {
	answer, err := rest.Fetch[projectList](ctx, p.rest, rest.Request{
		Operation: "list projects of " + service, Method: http.MethodGet, Path: path, Query: query,
	})
	return projectsFrom(answer.Projects), err
}

// ofDocumentUnderstanding lists the projects but the built-in one, whose id is all zeros: roles are not assigned there.
func (p *projects) ofDocumentUnderstanding(ctx context.Context, tenant access.GUID) ([]Project, error) {
	found, err := p.allAtOnce(ctx, "Document Understanding", p.tenantPath(tenant, "/du_/api/framework/projects"), url.Values{"api-version": {"1.0"}})
	return slices.DeleteFunc(found, func(project Project) bool { return project.ID == access.ZeroGUID.String() }), err
}

// ofIXP lists those of Communications Mining and of documents, which are two lists. A server that lacks one of them has the other.
func (p *projects) ofIXP(ctx context.Context, tenant access.GUID) ([]Project, error) {
	var all []Project
	var missing error
	for _, list := range []string{"projects", "ixp/projects"} {
		found, err := p.allAtOnce(ctx, "IXP", p.tenantPath(tenant, "/reinfer_/api/_private/"+list), nil)
		refused, ok := errors.AsType[*Error](err)
		switch {
		case ok && refused.Status == http.StatusNotFound && missing == nil:
			missing = err
		case err != nil:
			return nil, err
		default:
			all = append(all, found...)
		}
	}
	return all, nil
}

// testManagerPage is the page size that Test Manager's clients ask for.
const testManagerPage = 100

type testManagerAnswer struct {
	Data   []projectAnswer `json:"data"`
	Paging struct {
		Total *int `json:"total"`
	} `json:"paging"`
}

func parseTestManagerPage(body []byte) (rest.Page[projectAnswer], error) {
	var answer testManagerAnswer
	err := json.Unmarshal(body, &answer)
	return rest.Page[projectAnswer]{TotalCount: answer.Paging.Total, Results: answer.Data}, err
}

func (p *projects) ofTestManager(ctx context.Context, tenant access.GUID) ([]Project, error) {
	const operation = "list projects of Test Manager"
	rows, err := rest.Listing[projectAnswer]{
		Operation: operation, ID: func(row projectAnswer) string { return strings.ToLower(row.ID) },
		Read: func(ctx context.Context, skip int) (rest.Page[projectAnswer], error) {
			return rest.FetchPage(ctx, p.rest, rest.Request{
				Operation: operation, Method: http.MethodGet, Path: p.tenantPath(tenant, "/testmanager_/api/v2/projects"),
				Query: url.Values{"top": {strconv.Itoa(testManagerPage)}, "skip": {strconv.Itoa(skip)}},
			}, parseTestManagerPage)
		},
	}.All(ctx)
	return projectsFrom(rows), err
}

// exported returns the projects of a service that the export of role assignments names.
func (p *projects) exported(ctx context.Context, tenant access.GUID, service access.Service) ([]Project, error) {
	named := &exportedProjects{tenant: tenant, service: service}
	if err := p.exports.ExportAssignments(ctx, false, named); err != nil {
		return nil, &UnlistedProjectsError{Service: service, Err: err}
	}
	return slices.Collect(maps.Values(named.found)), nil
}

// exportedProjects are the projects of a service that a file of role assignments names.
type exportedProjects struct {
	tenant  access.GUID
	service access.Service
	// found are those of the first line of each, by id.
	found map[string]Project
}

// Begin begins the file, perhaps anew.
func (p *exportedProjects) Begin(string) { p.found = map[string]Project{} }

// Line takes the project of a line, if it has one.
func (p *exportedProjects) Line(line ExportLine) {
	scope, err := access.ParseScope(line.Scope)
	if err != nil || scope.Kind() != access.ScopeProject || scope.TenantID() != p.tenant || scope.ServiceSlug() != p.service.Slug {
		return
	}
	id := scope.Container()
	name := nameOfProject(line.ScopeWithDisplayNames)
	if _, known := p.found[id]; known || name == "" || strings.EqualFold(name, id) {
		return
	}
	// Its texts must not keep the whole line in memory.
	id = strings.Clone(id)
	p.found[id] = Project{ID: id, Name: strings.Clone(name)}
}

// nameOfProject returns what follows /tenant/{name}/{service}/project/ in a path with names; "" where the path has another form. The
// name may have slashes.
func nameOfProject(path string) string {
	const segments = 6
	parts := strings.SplitN(path, "/", segments)
	if len(parts) < segments || !strings.EqualFold(parts[1], "tenant") || !strings.HasPrefix(strings.ToLower(parts[4]), "project") {
		return ""
	}
	return parts[5]
}
