package uipath

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// placesFake is a fake with folders in two tenants.
func placesFake(t *testing.T) *fake {
	t.Helper()
	f := directoryFake(t, 1)
	f.directory[tenantID+"/orchestrator_/odata/folders"] = `{"@odata.context":"x","@odata.count":3,"value":[
		{"Key":"` + strings.ToUpper(principalID(800).String()) + `","DisplayName":"Invoices","FullyQualifiedName":"Finance/Invoices","Id":7},
		{"Key":"` + principalID(801).String() + `","DisplayName":"Finance","Id":6},
		{"Key":"` + principalID(802).String() + `","DisplayName":" ","Id":5}]}`
	f.directory[testTenantID+"/orchestrator_/odata/folders"] = `{"value":[
		{"Key":"` + principalID(810).String() + `","FullyQualifiedName":"Human Resources"},
		{"Key":"` + principalID(811).String() + `","FullyQualifiedName":"Twin"},{"Key":"` + principalID(812).String() + `","FullyQualifiedName":"Twin"}],
		"@odata.count":3}`
	return f
}

func TestFolders(t *testing.T) {
	t.Parallel()
	f := placesFake(t)
	c := f.client(t)
	key := principalID(800).String()
	want := []Folder{
		{principalID(801).String(), "Finance", 6}, {key, "Finance/Invoices", 7}, {principalID(802).String(), principalID(802).String(), 5},
	}
	if got, err := c.Folders(t.Context(), tenantID); err != nil || cmp.Diff(want, got) != "" {
		t.Errorf("Folders = %v, %v, want %v", got, err, want)
	}
	for key, want := range map[string]string{key: "Finance/Invoices", strings.ToUpper(key): "Finance/Invoices", principalID(801).String(): "Finance"} {
		if got, err := c.Folder(t.Context(), tenantID, key); err != nil || got.Name != want {
			t.Errorf("Folder = %v, %v, want %q", got, err, want)
		}
	}
	if got, err := c.FolderNamed(t.Context(), tenantID, "Finance/Invoices"); err != nil || got.Key != key {
		t.Errorf("FolderNamed = %v, %v, want %s", got, err, key)
	}
	if _, err := c.Folder(t.Context(), tenantID, principalID(9).String()); !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "Production") {
		t.Errorf("Folder = %v, want ErrNotFound and the tenant's name", err)
	}
	wanted := "GET /" + orgID + "/" + tenantID + "/orchestrator_/odata/Folders?%24count=true&%24skip=0&%24top=1000"
	if got := f.sent(""); len(got) != 1 || got[0] != wanted {
		t.Errorf("requests %v, want %s", got, wanted)
	}
}

func TestFoldersThatAreNotThere(t *testing.T) {
	t.Parallel()
	f := placesFake(t)
	c := f.client(t)
	for name, want := range map[string]string{
		"finance/invoices": `Did you mean "Finance/Invoices"?`, "Human Resources": "the tenant Test has a folder of this name", "": `There is no folder ""`,
	} {
		_, err := c.FolderNamed(t.Context(), tenantID, name)
		if missing, ok := errors.AsType[*NotFoundError](err); !ok || len(missing.Candidates) != 3 || !strings.Contains(err.Error(), want) {
			t.Errorf("FolderNamed(%q) = %v, want %s", name, err, want)
		}
	}
	_, err := c.FolderNamed(t.Context(), testTenantID, "Twin")
	several, ok := errors.AsType[*AmbiguousError](err)
	if want := []Match{{ID: principalID(811).String()}, {ID: principalID(812).String()}}; !ok || cmp.Diff(want, several.Matches) != "" {
		t.Errorf("FolderNamed = %v, want both", err)
	}
	if other, ok := c.FolderElsewhere(t.Context(), tenantID, principalID(810).String()); !ok || other.Name != "Test" {
		t.Errorf("FolderElsewhere = %v, %t", other, ok)
	}
	if other, ok := c.FolderElsewhere(t.Context(), testTenantID, principalID(810).String()); ok {
		t.Errorf("FolderElsewhere = %v", other)
	}
	if _, err := c.Folders(t.Context(), "Production"); err == nil || !strings.Contains(err.Error(), `"Production"`) {
		t.Errorf("Folders = %v", err)
	}
	// A tenant without Orchestrator is no folder that is gone.
	if _, err := c.Folder(t.Context(), strangerID, principalID(1).String()); err == nil || errors.Is(err, ErrNotFound) {
		t.Errorf("Folder = %v, want the failure of the list", err)
	}
}

func TestForbiddenFolders(t *testing.T) {
	t.Parallel()
	f := placesFake(t)
	c := f.client(t)
	f.on(func(w http.ResponseWriter, _ *http.Request, _ string) bool {
		answerJSON(w, http.StatusForbidden, `{"error":{"message":"You are not authorized!"},"unAuthorizedRequest":true}`)
		return true
	})
	for range 3 {
		if _, err := c.Folder(t.Context(), tenantID, principalID(800).String()); !errors.Is(err, ErrForbidden) {
			t.Errorf("Folder = %v", err)
		}
		if _, err := c.FolderNamed(t.Context(), tenantID, "Finance"); !errors.Is(err, ErrForbidden) {
			t.Errorf("FolderNamed = %v", err)
		}
	}
	if got := f.sent(""); len(got) != 1 {
		t.Errorf("asked %d times", len(got))
	}
}

func service(t *testing.T, name string) access.Service {
	t.Helper()
	s, ok := access.FindService(name)
	if !ok {
		t.Fatalf("no service %q", name)
	}
	return s
}

func TestProjects(t *testing.T) {
	t.Parallel()
	f := placesFake(t)
	f.directory[tenantID+"/du_/api/framework/projects"] = `{"projects":[
		{"id":"00000000-0000-0000-0000-000000000000","name":"Predefined","type":"Unknown"},
		{"id":"` + strings.ToUpper(principalID(821).String()) + `","name":"Invoices","type":"Modern"},
		{"id":"` + principalID(820).String() + `","name":"Contracts","type":"Classic"}]}`
	f.directory[tenantID+"/reinfer_/api/_private/projects"] = `{"status":"ok","projects":[
		{"id":"4B0A","name":"supplier-mail","title":"Supplier Mail"},{"id":"4b0b","name":"untitled","title":""}]}`
	f.directory[tenantID+"/reinfer_/api/_private/ixp/projects"] = `{"status":"ok","projects":[{"id":"4b0c","name":"Receipts"},{"id":"4b0a","name":"again"}]}`
	c := f.client(t)
	for name, want := range map[string][]Project{
		"Document Understanding": {{principalID(820).String(), "Contracts"}, {principalID(821).String(), "Invoices"}},
		"IXP":                    {{"4b0c", "Receipts"}, {"4b0a", "Supplier Mail"}, {"4b0b", "untitled"}},
	} {
		of := service(t, name)
		if got, err := c.Projects(t.Context(), tenantID, of); err != nil || cmp.Diff(want, got) != "" {
			t.Errorf("Projects of %s = %v, %v, want %v", name, got, err, want)
		}
		first := want[0]
		if got, err := c.Project(t.Context(), tenantID, of, strings.ToUpper(first.ID)); err != nil || got != first {
			t.Errorf("Project = %v, %v, want %v", got, err, first)
		}
		if got, err := c.ProjectNamed(t.Context(), tenantID, of, first.Name); err != nil || got != first {
			t.Errorf("ProjectNamed = %v, %v, want %v", got, err, first)
		}
		if _, err := c.Project(t.Context(), tenantID, of, "17"); !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "Production") {
			t.Errorf("Project = %v, want ErrNotFound and the tenant's name", err)
		}
		_, err := c.ProjectNamed(t.Context(), tenantID, of, strings.ToLower(first.Name))
		if _, ok := errors.AsType[*NotFoundError](err); !ok || !strings.Contains(err.Error(), fmt.Sprintf("Did you mean %q?", first.Name)) {
			t.Errorf("ProjectNamed = %v", err)
		}
	}
	base := "GET /" + orgID + "/" + tenantID
	want := []string{
		base + "/du_/api/framework/projects?api-version=1.0", base + "/reinfer_/api/_private/ixp/projects", base + "/reinfer_/api/_private/projects",
	}
	if diff := cmp.Diff(want, slices.Sorted(slices.Values(f.sent(base)))); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestProjectElsewhere(t *testing.T) {
	t.Parallel()
	f := placesFake(t)
	f.directory[tenantID+"/du_/api/framework/projects"] = `{"projects":[]}`
	f.directory[testTenantID+"/du_/api/framework/projects"] = `{"projects":[{"id":"17","name":"Invoices"},{"id":"18","name":"Twin"},{"id":"19","name":"Twin"}]}`
	c := f.client(t)
	documents := service(t, "DocumentUnderstanding")
	if _, err := c.ProjectNamed(t.Context(), tenantID, documents, "Invoices"); err == nil ||
		!strings.Contains(err.Error(), "the tenant Test has a project of this name") {
		t.Errorf("ProjectNamed = %v", err)
	}
	if other, ok := c.ProjectElsewhere(t.Context(), tenantID, documents, "17"); !ok || other.Name != "Test" {
		t.Errorf("ProjectElsewhere = %v, %t", other, ok)
	}
	if _, err := c.ProjectNamed(t.Context(), testTenantID, documents, "Twin"); err == nil || !strings.Contains(err.Error(), "18, 19") {
		t.Errorf("ProjectNamed = %v, want both", err)
	}
	if _, err := c.Projects(t.Context(), tenantID, service(t, "Insights")); err == nil || !strings.Contains(err.Error(), "no projects") {
		t.Errorf("Projects = %v", err)
	}
}

func TestProjectsOfTestManagerArePaged(t *testing.T) {
	t.Parallel()
	f := placesFake(t)
	c := f.client(t)
	f.on(func(w http.ResponseWriter, r *http.Request, _ string) bool {
		if !strings.HasSuffix(r.URL.Path, "/testmanager_/api/v2/projects") || r.URL.Query().Get("top") != "100" {
			return false
		}
		first, rows := 0, 100
		if r.URL.Query().Get("skip") == "100" {
			first, rows = 100, 1
		}
		var list []string
		for n := first; n < first+rows; n++ {
			list = append(list, fmt.Sprintf(`{"id":%q,"name":"Project %03d","projectPrefix":"P%[2]d"}`, principalID(n), n))
		}
		answerJSON(w, http.StatusOK, `{"data":[`+strings.Join(list, ",")+`],"paging":{"total":101}}`)
		return true
	})
	found, err := c.Projects(t.Context(), tenantID, service(t, "Test Manager"))
	if err != nil || len(found) != 101 || found[100] != (Project{principalID(100).String(), "Project 100"}) {
		t.Errorf("Projects = %d, %v", len(found), err)
	}
}

// Where a server lacks one of the two lists of IXP, the other counts; without both it is an error.
func TestProjectsOfIXPInOneList(t *testing.T) {
	t.Parallel()
	f := placesFake(t)
	f.directory[testTenantID+"/reinfer_/api/_private/ixp/projects"] = `{"projects":[{"id":"4b0c","name":"Receipts"}]}`
	c := f.client(t)
	if found, err := c.Projects(t.Context(), testTenantID, service(t, "IXP")); err != nil || len(found) != 1 {
		t.Errorf("Projects = %v, %v", found, err)
	}
	if found, err := c.Projects(t.Context(), tenantID, service(t, "IXP")); err == nil {
		t.Errorf("Projects = %v, want an error", found)
	}
}

// No endpoint lists the projects of Task Mining.
func TestProjectsOfTheExport(t *testing.T) {
	t.Parallel()
	f := placesFake(t)
	header := "Id,RoleId,Scope,SecurityPrincipalId,ScopeWithDisplayNames\n"
	line := func(path, names string) string {
		return fmt.Sprintf("%s,%s,%s,%s,%s\n", assignmentID(1), roleID(1), path, principalID(1), names)
	}
	at := "/tenant/" + tenantID + "/taskmining/"
	f.exports = map[bool]string{false: header +
		line(at+"project/"+principalID(831).String(), "/tenant/Production/Task Mining/project/Onboarding/Part 2") +
		line(at+"projects/"+strings.ToUpper(principalID(830).String()), "/tenant/Production/Task Mining/projects/Accounts Payable") +
		line(at+"project/"+principalID(830).String(), "/tenant/Production/Task Mining/project/Accounts Payable") +
		line(at+"project/"+principalID(832).String(), "/tenant/Production/Task Mining/project/"+principalID(832).String()) +
		line(at+"project/"+principalID(833).String(), "Accounts Receivable") +
		line("/tenant/"+testTenantID+"/taskmining/project/"+principalID(834).String(), "/tenant/Test/Task Mining/project/Other") +
		line("/tenant/"+tenantID+"/testmanager/project/"+principalID(835).String(), "/tenant/Production/Test Manager/project/Regression") +
		line("/", "/") + line("nonsense", ""),
	}
	c := f.client(t)
	mining := service(t, "Task Mining")
	want := []Project{{principalID(830).String(), "Accounts Payable"}, {principalID(831).String(), "Onboarding/Part 2"}}
	for range 2 {
		if got, err := c.Projects(t.Context(), tenantID, mining); err != nil || cmp.Diff(want, got) != "" {
			t.Errorf("Projects = %v, %v, want %v", got, err, want)
		}
	}
	_, err := c.Project(t.Context(), tenantID, mining, principalID(832).String())
	if unlisted, ok := errors.AsType[*UnlistedProjectsError](err); !ok || errors.Is(err, ErrNotFound) || unlisted.Service != mining {
		t.Errorf("Project = %v, want that it cannot be told", err)
	}
	if _, err := c.ProjectNamed(t.Context(), tenantID, mining, "Acounts Payable"); err == nil || !strings.Contains(err.Error(), "only those at which a role is assigned") {
		t.Errorf("ProjectNamed = %v", err)
	}
	if got := f.sent(""); len(got) != 1 {
		t.Errorf("requests %v, want the export once", got)
	}

	f.exports = nil
	c = f.client(t)
	for range 2 {
		_, err := c.Projects(t.Context(), tenantID, mining)
		if _, ok := errors.AsType[*UnlistedProjectsError](err); !ok || !errors.Is(err, ErrForbidden) || !strings.Contains(err.Error(), "No public endpoint") {
			t.Errorf("Projects = %v, want what is missing", err)
		}
	}
	if got := f.sent(""); len(got) != 1 {
		t.Errorf("requests %v, want the export once", got)
	}
}
