package httpapi

import (
	"math"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

// Where the services list their projects (contract 9.6).
const (
	documentUnderstanding = "/{org}/{tenant}/du_/api/framework/projects"
	testManager           = "/{org}/{tenant}/testmanager_/api/v2/projects"
	ixp                   = "/{org}/{tenant}/reinfer_/api/_private/"
)

// The slugs of the services that list their projects.
const (
	slugDocumentUnderstanding = "documentunderstanding"
	slugTestManager           = "testmanager"
	slugIXP                   = "reinfer"
)

// projectRoutes are the operations of the services that list their projects.
func (a *API) projectRoutes() []route {
	return []route{
		{"ListDocumentUnderstandingProjects", "GET " + documentUnderstanding, a.listDocumentsProjects},
		{"GetDocumentUnderstandingProject", "GET " + documentUnderstanding + "/{id}",
			read(a, documentsKey, (*rules.Session).Project, newDocumentsProjectBody)},
		{"ListTestManagerProjects", "GET " + testManager, a.listTestManagerProjects},
		{"GetTestManagerProject", "GET " + testManager + "/{id}",
			read(a, projectKey(slugTestManager), (*rules.Session).Project, newTestProjectBody)},
		{"ListIXPProjects", "GET " + ixp + "projects", read(a, ixpQuery, (*rules.Session).Projects, newIXPBody(newMiningProjectBody))},
		{"ListIXPDocumentProjects", "GET " + ixp + "ixp/projects",
			read(a, ixpQuery, (*rules.Session).Projects, newIXPBody(newIXPProjectBody))},
	}
}

// wholeList asks for all projects of a service.
func wholeList(r *request, slug string) rules.ProjectQuery {
	return rules.ProjectQuery{Tenant: r.PathValue("tenant"), Service: slug, Paging: rules.Paging{Top: math.MaxInt32}}
}

func projectKey(slug string) func(*request) rules.ProjectKey {
	return func(r *request) rules.ProjectKey {
		r.query()
		return rules.ProjectKey{Tenant: r.PathValue("tenant"), Service: slug, ID: r.PathValue("id")}
	}
}

// apiVersions are the versions of Document Understanding's API in use.
var apiVersions = words("1", "1.0", "1.1")

// documentTypes are the types of its projects, with whether any are kept here: all are modern.
var documentTypes = []choice[bool]{{"Modern", true}, {"Classic", false}, {"IXP", false}}

// version reads the version of the API, which is required.
func version(q query) {
	const name = "api-version"
	if oneOf(q, name, "", apiVersions); q.text(name) == "" {
		q.wrongf(name, "The api-version parameter is required.")
	}
}

// listDocumentsProjects answers the projects of a type, or all with the built-in one, which every tenant has (contract 9.6-4).
func (a *API) listDocumentsProjects(r *http.Request) (reply, error) {
	var narrowed bool
	parse := func(r *request) rules.ProjectQuery {
		q := r.query("api-version", "type")
		version(q)
		all := wholeList(r, slugDocumentUnderstanding)
		if narrowed = q.values.Has("type"); !oneOf(q, "type", true, documentTypes) {
			all.Top = 0
		}
		return all
	}
	body := func(found rules.Page[model.Project]) documentsBody {
		b := documentsBody{each(newDocumentsProjectBody)(found.Rows)}
		if !narrowed {
			predefined := documentsProjectBody{ID: access.ZeroGUID.String(), Name: "Predefined", Type: "Unknown", Properties: []string{}}
			b.Projects = slices.Insert(b.Projects, 0, predefined)
		}
		return b
	}
	return read(a, parse, (*rules.Session).Projects, body)(r)
}

func documentsKey(r *request) rules.ProjectKey {
	version(r.query("api-version"))
	return rules.ProjectKey{Tenant: r.PathValue("tenant"), Service: slugDocumentUnderstanding, ID: r.PathValue("id")}
}

// documentsBody is all projects of Document Understanding.
type documentsBody struct {
	Projects []documentsProjectBody `json:"projects"`
}

type documentsProjectBody struct {
	ID             string   `json:"id"`
	Name           string   `json:"name"`
	Type           string   `json:"type"`
	Description    *string  `json:"description"`
	CreatedOn      *string  `json:"createdOn"`
	DetailsURL     *string  `json:"detailsUrl"`
	DigitizeURL    *string  `json:"digitizationStartUrl"`
	ClassifiersURL *string  `json:"classifiersDiscoveryUrl"`
	ExtractorsURL  *string  `json:"extractorsDiscoveryUrl"`
	Properties     []string `json:"properties"`
}

func newDocumentsProjectBody(p model.Project) documentsProjectBody {
	return documentsProjectBody{ID: p.ID, Name: p.Name, Type: "Modern", Properties: []string{}}
}

// testProjectBody is a project of Test Manager.
type testProjectBody struct {
	ID          string  `json:"id"`
	Name        string  `json:"name"`
	Prefix      string  `json:"projectPrefix"`
	Description *string `json:"description"`
	IsActive    bool    `json:"isActive"`
	Authorizes  bool    `json:"isAuthorizationEnabled"`
	HasSAP      bool    `json:"isSapConfigured"`
	Created     *string `json:"created"`
	CreatedBy   *string `json:"createdBy"`
	Updated     *string `json:"updated"`
	UpdatedBy   *string `json:"updatedBy"`
}

// testProjectsBody is a page of projects of Test Manager.
type testProjectsBody struct {
	Data   []testProjectBody `json:"data"`
	Paging testPagingBody    `json:"paging"`
}

type testPagingBody struct {
	Total    int     `json:"total"`
	Page     int     `json:"page"`
	Pages    int     `json:"pages"`
	PageSize int     `json:"pageSize"`
	Returned int     `json:"returned"`
	Previous *string `json:"previousPage"`
	Next     *string `json:"nextPage"`
}

// newTestProjectBody makes the prefix of the first letters of the name's words.
func newTestProjectBody(p model.Project) testProjectBody {
	var prefix strings.Builder
	for word := range strings.FieldsSeq(p.Name) {
		prefix.WriteString(strings.ToUpper(string([]rune(word)[0])))
	}
	return testProjectBody{ID: p.ID, Name: p.Name, Prefix: prefix.String(), IsActive: true, Authorizes: true}
}

// testManagerPage is the page of Test Manager where top is left out, and the largest (contract 9.6).
const testManagerPage = 100

func (a *API) listTestManagerProjects(r *http.Request) (reply, error) {
	var asked rules.Paging
	parse := func(r *request) rules.ProjectQuery {
		asked = r.query("top", "skip").paging("", testManagerPage, testManagerPage)
		return rules.ProjectQuery{Tenant: r.PathValue("tenant"), Service: slugTestManager, Paging: asked}
	}
	body := func(found rules.Page[model.Project]) testProjectsBody {
		size := max(1, asked.Top)
		return testProjectsBody{Data: each(newTestProjectBody)(found.Rows), Paging: testPagingBody{
			Total: found.Total, Page: asked.Skip/size + 1, Pages: (found.Total + size - 1) / size, PageSize: asked.Top, Returned: len(found.Rows),
		}}
	}
	return read(a, parse, (*rules.Session).Projects, body)(r)
}

func ixpQuery(r *request) rules.ProjectQuery {
	oneOf(r.query("cm_only"), "cm_only", false, booleans)
	return wholeList(r, slugIXP)
}

// ixpBody is all projects of IXP.
type ixpBody[T any] struct {
	Status   string `json:"status"`
	Projects []T    `json:"projects"`
}

func newIXPBody[T any](one func(model.Project) T) func(rules.Page[model.Project]) ixpBody[T] {
	return func(found rules.Page[model.Project]) ixpBody[T] { return ixpBody[T]{"ok", each(one)(found.Rows)} }
}

// miningProjectBody is a project of IXP as Communications Mining shows it.
type miningProjectBody struct {
	ID           string  `json:"id"`
	Name         string  `json:"name"`
	Title        string  `json:"title"`
	Description  string  `json:"description"`
	CreatedAt    *string `json:"created_at"`
	UpdatedAt    *string `json:"updated_at"`
	UserAutoJoin bool    `json:"user_auto_join"`
}

var notInSlug = regexp.MustCompile(`[^A-Za-z0-9_-]+`)

// newMiningProjectBody shows the name as the title. The name of a project there has few characters.
func newMiningProjectBody(p model.Project) miningProjectBody {
	return miningProjectBody{ID: p.ID, Name: strings.ToLower(notInSlug.ReplaceAllString(p.Name, "-")), Title: p.Name}
}

// ixpProjectBody is a project of IXP as documents show it.
type ixpProjectBody struct {
	ID        string      `json:"id"`
	Name      string      `json:"name"`
	CreatedAt *string     `json:"created_at"`
	URLs      ixpURLsBody `json:"relative_urls"`
}

type ixpURLsBody struct {
	Measure string `json:"measure"`
	Build   string `json:"build"`
}

func newIXPProjectBody(p model.Project) ixpProjectBody {
	at := "/reinfer_/projects/" + url.PathEscape(p.ID)
	return ixpProjectBody{ID: p.ID, Name: p.Name, URLs: ixpURLsBody{at + "/measure", at + "/build"}}
}

// documentsProblem is the envelope of Document Understanding.
type documentsProblem struct {
	Message    string   `json:"message"`
	Severity   string   `json:"severity"`
	Code       string   `json:"code"`
	Parameters []string `json:"parameters"`
}

// ixpProblem is the envelope of IXP.
type ixpProblem struct {
	Status  string `json:"status"`
	Message string `json:"message"`
}

// newProjectProblem puts a problem into the envelope of the service that a path belongs to. It is nil where the service has none.
func newProjectProblem(path string, p problem) any {
	segments := strings.SplitN(strings.TrimPrefix(path, "/"), "/", 4)
	if len(segments) < 3 {
		return nil
	}
	message := strings.TrimSpace(strings.Join(append([]string{p.Title}, faultTexts(p)...), " "))
	switch segments[2] {
	case "du_":
		return documentsProblem{message, "Error", strings.ReplaceAll(http.StatusText(p.Status), " ", ""), []string{}}
	case "reinfer_":
		return ixpProblem{"error", message}
	}
	return nil
}
