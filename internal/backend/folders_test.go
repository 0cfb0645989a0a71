package backend_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

const (
	foldersPath = "/acme/Production/orchestrator_/odata/Folders"

	finance  = "4a000000-0000-4000-8000-000000000001"
	invoices = "4a000000-0000-4000-8000-000000000002"
	people   = "4a000000-0000-4000-8000-000000000003"
)

type folder struct {
	ID                                                            int
	Key, DisplayName, FullyQualifiedName                          string
	FolderType, ProvisionType, PermissionModel, FeedType          string
	IsPersonal                                                    bool
	ParentID                                                      *int
	ParentKey, Description, FullyQualifiedNameOrderable, IsActive *string
}

type foldersBody struct {
	Context string `json:"@odata.context"`
	Count   *int   `json:"@odata.count"`
	Value   []folder
}

func newFolder(id int, key, name, path string) folder {
	return folder{
		ID: id, Key: key, DisplayName: name, FullyQualifiedName: path, FolderType: "Standard", ProvisionType: "Automatic",
		PermissionModel: "FineGrained", FeedType: "Processes",
	}
}

// orchestratorRefused checks a refusal in Orchestrator's own envelope.
func orchestratorRefused(t *testing.T, r response, status, code int, part string) {
	t.Helper()
	p := decode[struct {
		Message, TraceID string
		ErrorCode        int
		Success          *bool
		ABP              bool `json:"__abp"`
		Unauthorized     bool `json:"unAuthorizedRequest"`
		Error            struct{ Message, Details string }
	}](t, r)
	if r.status != status || p.ErrorCode != code || !strings.Contains(r.text, part) || p.Message == "" {
		t.Errorf("got %d %s, want %d with the code %d and %q", r.status, r.text, status, code, part)
	}
	if !strings.HasPrefix(r.header.Get("Content-Type"), "application/json") {
		t.Errorf("Content-Type %q", r.header.Get("Content-Type"))
	}
	if status != http.StatusUnauthorized && status != http.StatusForbidden {
		if p.ABP || len(p.TraceID) != len("00-")+32+1+16+len("-00") {
			t.Errorf("not Orchestrator's envelope: %s", r.text)
		}
		return
	}
	const details = "You are not allowed to perform this operation."
	if !p.ABP || !p.Unauthorized || p.Success == nil || *p.Success || p.Message != "You are not authorized!" || p.Error.Message != p.Message ||
		!strings.HasPrefix(p.Error.Details, details) {
		t.Errorf("not the envelope of a caller who may not: %s", r.text)
	}
}

func TestFolders(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token := b.as(t, "edsger.dijkstra@acme.example")
	child := newFolder(2, invoices, "Invoices", "Finance/Invoices")
	child.ParentID, child.ParentKey = new(1), new(finance)
	want := []folder{newFolder(1, finance, "Finance", "Finance"), child, newFolder(3, people, "Human Resources", "Human Resources")}
	for _, tenant := range []string{"Production", "production", production} {
		got := decode[foldersBody](t, b.mustGet(t, "/acme/"+tenant+"/orchestrator_/odata/Folders", token))
		if !strings.HasSuffix(got.Context, "/acme/"+tenant+"/orchestrator_/odata/$metadata#Folders") || got.Count != nil {
			t.Errorf("context %q, count %v", got.Context, got.Count)
		}
		if d := cmp.Diff(want, got.Value); d != "" {
			t.Errorf("%s (-want +got):\n%s", tenant, d)
		}
	}
	const path = "/acme/Staging/orchestrator_/odata/Folders"
	if got := decode[foldersBody](t, b.mustGet(t, path+"?$count=true&$top=0", token)); got.Count == nil || *got.Count != 1 || len(got.Value) != 0 {
		t.Errorf("counted %+v", got)
	}
	if got := decode[foldersBody](t, b.mustGet(t, path+"?$count=false", token)); len(got.Value) != 1 || got.Value[0].ID != 4 || got.Count != nil {
		t.Errorf("Staging %+v", got)
	}
	for _, scope := range []string{"OR.Folders", "OR.Folders.Read", "OR.Default"} {
		b.mustGet(t, path, b.scoped(t, scope))
	}
	orchestratorRefused(t, b.get(t, path, b.scoped(t, "PM.User")), http.StatusForbidden, 0, "Expect to have 'OR.Folders' or 'OR.Folders.Read'")
	orchestratorRefused(t, b.get(t, path, ""), http.StatusUnauthorized, 0, "no bearer token")
	orchestratorRefused(t, b.get(t, "/acme/Stagin/orchestrator_/odata/Folders", token), http.StatusNotFound, 1002, `Did you mean \"Staging\"`)
	orchestratorRefused(t, b.get(t, path+"?$top=1001", token), http.StatusBadRequest, 1000, "out of range")
	orchestratorRefused(t, b.get(t, "/acme/Staging/orchestrator_/odata/Folder", token), http.StatusNotFound, 1002, "the nearest is")
	orchestratorRefused(t, b.send(t, http.MethodDelete, path, "", nil), http.StatusMethodNotAllowed, 0, "DELETE is not allowed")
}

func TestOneFolder(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{Strict: true})
	token := b.as(t, "edsger.dijkstra@acme.example")
	const function = foldersPath + "/UiPath.Server.Configuration.OData.GetByKey"
	for _, path := range []string{
		foldersPath + "(2)", foldersPath + "%282%29", function + "(identifier=" + invoices + ")", function + "(identifier=" + strings.ToUpper(invoices) + ")",
		"/acme/Production/odata/Folders(2)",
	} {
		got := decode[folder](t, b.mustGet(t, path, token))
		if got.ID != 2 || got.Key != invoices || got.FullyQualifiedName != "Finance/Invoices" {
			t.Errorf("%s: got %+v", path, got)
		}
	}
	if r := b.mustGet(t, foldersPath+"(2)?$select=Id,displayname", token); r.text != `{"@odata.context":"http://localhost`+
		strings.TrimSuffix(foldersPath, "Folders")+`$metadata#Folders(DisplayName,Id)/$entity","DisplayName":"Invoices","Id":2}` {
		t.Errorf("selected %s", r.text)
	}
	const missing = "Folder does not exist or the user does not have access to the folder."
	// The folder 4 is in the other tenant.
	for _, path := range []string{foldersPath + "(4)", foldersPath + "(99)", function + "(identifier=" + nobodyID + ")"} {
		orchestratorRefused(t, b.get(t, path, token), http.StatusNotFound, 1100, missing)
	}
	for path, part := range map[string]string{
		foldersPath + "(Finance)": "'Finance' is not valid", foldersPath + "(0)": "not valid", function + "(identifier=2)": "not valid",
		foldersPath + "(2)?$expand=Parent": "nothing to expand", foldersPath + "(2)?$top=1": "not known",
	} {
		orchestratorRefused(t, b.get(t, path, token), http.StatusBadRequest, 1000, part)
	}
	for _, path := range []string{foldersPath + "/x", function + "(key=" + invoices + ")", function + "/" + invoices, foldersPath + "(2)/Parent"} {
		orchestratorRefused(t, b.get(t, path, token), http.StatusNotFound, 1002, "does not exist")
	}
	orchestratorRefused(t, b.get(t, foldersPath+"(2)", ""), http.StatusUnauthorized, 0, "no bearer token")
	orchestratorRefused(t, b.get(t, foldersPath+"(2)", b.scoped(t, "PM.User")), http.StatusForbidden, 0, "OR.Folders")
	if got := b.Journal(); got["GetFolder"] == 0 || got["GetFolderByKey"] == 0 {
		t.Errorf("journal %v", got)
	}
}

func TestFolderOptions(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token := b.as(t, "")
	for option, want := range map[string][]int{
		"$filter=FullyQualifiedName eq 'Finance/Invoices'":                      {2},
		"$filter=fullyqualifiedname eq 'finance/INVOICES'":                      {2},
		"$filter=DisplayName eq 'it''s'":                                        {},
		"$filter=Key eq " + people:                                              {3},
		"$filter=Key eq '" + people + "'":                                       {3},
		"$filter=ParentId eq null":                                              {1, 3},
		"$filter=ParentId ne null":                                              {2},
		"$filter=ParentKey eq " + finance:                                       {2},
		"$filter=Id in (1,3, 9)":                                                {1, 3},
		"$filter=DisplayName in ('Finance', 'Invoices')":                        {1, 2},
		"$filter=Id gt 1 and Id le 3":                                           {2, 3},
		"$filter=Id lt 2 or Id ge 3 and Id ne 3":                                {1},
		"$filter=not (Id eq 1 or Id eq 2)":                                      {3},
		"$filter=IsPersonal":                                                    {},
		"$filter=not IsPersonal and IsPersonal eq false":                        {1, 2, 3},
		"$filter=contains(DisplayName,'in') and startswith(DisplayName, 'fin')": {1},
		"$filter=endswith(FullyQualifiedName,'ces')":                            {2, 3},
		"$filter=contains(Description,'x') or Description eq null and Id eq 1":  {1},
		"$filter=FolderType eq 'Standard'":                                      {1, 2, 3},
		"$filter=ParentId gt 0":                                                 {2},
		"$orderby=Id desc":                                                      {3, 2, 1},
		"$orderby=ParentId desc,DisplayName DESC":                               {2, 3, 1},
		"$orderby=displayName&$skip=1&$top=1":                                   {3},
		"$filter=Id ne 2&$count=true&$top=1":                                    {1},
	} {
		got := decode[foldersBody](t, b.mustGet(t, foldersPath+"?"+escaped(option), token))
		ids := []int{}
		for _, f := range got.Value {
			ids = append(ids, f.ID)
		}
		if d := cmp.Diff(want, ids); d != "" {
			t.Errorf("%s (-want +got):\n%s", option, d)
		}
		if strings.Contains(option, "$count") && (got.Count == nil || *got.Count != 2) {
			t.Errorf("%s counts %v", option, got.Count)
		}
	}
	r := b.mustGet(t, foldersPath+"?"+escaped("$select=Id, Key&$top=1"), token)
	if want := `"value":[{"Id":1,"Key":"` + finance + `"}]}`; !strings.HasSuffix(r.text, want) || !strings.Contains(r.text, "#Folders(Key,Id)") {
		t.Errorf("selected %s", r.text)
	}
	if all := b.mustGet(t, foldersPath+"?$select=*", token); all.text != b.mustGet(t, foldersPath, token).text {
		t.Errorf("everything selected is %s", all.text)
	}
}

func TestFolderOptionRefusals(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token := b.as(t, "")
	for option, part := range map[string]string{
		"$filter=":                                             "ends too early",
		"$filter=Name eq 'x'":                                  `\"Name\" does not exist`,
		"$filter=Id eq":                                        "ends too early",
		"$filter=Id eq 'x'":                                    "cannot be compared",
		"$filter=Id":                                           "compared with nothing",
		"$filter=Id eq 1 2":                                    "not expected there",
		"$filter=Id add 1 eq 2":                                "compared with nothing",
		"$filter=(Id eq 1":                                     "ends too early",
		"$filter=Id in 1":                                      "is expected",
		"$filter=Id in (1;2)":                                  "cannot be compared",
		"$filter=DisplayName eq 'x":                            "has no end",
		"$filter=DisplayName eq x":                             "cannot be compared",
		"$filter=IsPersonal eq 1":                              "cannot be compared",
		"$filter=contains(Id,1)":                               "part of a text",
		"$filter=contains(DisplayName,null)":                   "part of a text",
		"$filter=contains DisplayName":                         "is expected",
		"$filter=tolower(DisplayName) eq 'x'":                  "does not exist",
		"$filter=" + strings.Repeat("(", 60) + "Id eq 1":       "nested too deeply",
		"$filter=Id eq 1" + strings.Repeat(" or Id eq 1", 100): "more than 100",
		"$orderby=Name":                                        "does not exist",
		"$orderby=Id up":                                       "asc or desc",
		"$orderby=":                                            "asc or desc",
		"$orderby=Id,Id,Id,Id,Id,Id":                           "at most 5",
		"$select=Id,Name":                                      "does not exist",
		"$expand=Users":                                        "nothing to expand",
		"$count=yes":                                           "true, false",
		"$skip=-1":                                             "out of range",
		"$filter=Id eq 1&$filter=Id eq 2":                      "given 2 times",
	} {
		r := b.get(t, foldersPath+"?"+escaped(option), token)
		orchestratorRefused(t, r, http.StatusBadRequest, 1000, part)
		if !strings.Contains(r.text, "Invalid OData query options.") {
			t.Errorf("%s: got %s", option, r.text)
		}
	}
}

// escaped writes a query as a URL has it.
func escaped(query string) string {
	var parts []string
	for part := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(part, "=")
		parts = append(parts, name+"="+url.QueryEscape(value))
	}
	return strings.Join(parts, "&")
}

// FuzzFolderFilter sends any filter: the answer is a list or a refusal, never a failure.
func FuzzFolderFilter(f *testing.F) {
	for _, text := range []string{"", "Id eq 1", "not (Id in (1,2)) or contains(DisplayName,'a''b')", "'", "((", "Id eq 1 and", "not not IsPersonal"} {
		f.Add(text)
	}
	b, err := backend.Open(f.Context(), backend.Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() {
		if err := b.Close(); err != nil {
			f.Error(err)
		}
	})
	token, err := b.Token(f.Context(), "")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, filter string) {
		w := serve(t, b, http.MethodGet, foldersPath+"?$filter="+url.QueryEscape(filter), "", token)
		if w.Code != http.StatusOK && w.Code != http.StatusBadRequest {
			t.Fatalf("got %d %s", w.Code, w.Body)
		}
	})
}
