package backend_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

const (
	documentsPath = "/acme/Production/du_/api/framework/projects"
	testsPath     = "/acme/Production/testmanager_/api/v2/projects"
	miningPath    = "/acme/Production/reinfer_/api/_private/projects"
	ixpPath       = "/acme/Production/reinfer_/api/_private/ixp/projects"
)

type projectRow struct{ ID, Name, Title string }

// projectLists are the answers of all services: each has one of the members.
type projectLists struct{ Projects, Data []projectRow }

func names(rows []projectRow) string {
	var all []string
	for _, row := range rows {
		all = append(all, row.Name)
	}
	return strings.Join(all, ", ")
}

func TestProjectsByCaller(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	everyone := map[string]string{documentsPath + "?api-version=1.0": "Predefined, Contracts, Invoices", testsPath: "Invoice Regression", ixpPath: "Supplier Mail"}
	for caller, sees := range map[string]map[string]string{
		"ada.lovelace@acme.example": everyone, "grace.hopper@acme.example": everyone, "terraform": everyone, "terraform-production": everyone,
		// Through Automation Users, whom the platform gave a role of Document Understanding.
		"edsger.dijkstra@acme.example": {documentsPath + "?api-version=1.0": "Predefined, Contracts, Invoices"},
		"alan.turing@acme.example":     {},
		"access-review":                {},
	} {
		for path := range everyone {
			r := b.get(t, path, b.as(t, caller))
			want, allowed := sees[path]
			if !allowed {
				if r.status != http.StatusForbidden {
					t.Errorf("%s at %s: got %d %s, want a refusal", caller, path, r.status, r.text)
				}
				continue
			}
			found := decode[projectLists](t, r)
			if got := names(found.Projects) + names(found.Data); r.status != http.StatusOK || got != want {
				t.Errorf("%s at %s: got %d %s, want %s", caller, path, r.status, got, want)
			}
		}
	}
	if r := b.get(t, "/acme/Staging/testmanager_/api/v2/projects", b.as(t, "alan.turing@acme.example")); r.status != http.StatusOK {
		t.Errorf("the administrator of Staging got %d %s", r.status, r.text)
	}
}

func TestProjectRefusals(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{Strict: true})
	token := b.as(t, "")
	for _, test := range []struct {
		path, token string
		status      int
		part        string
	}{
		{documentsPath, token, http.StatusBadRequest, `"message":"One or more validation errors occurred. api-version: The api-version parameter is required."`},
		{documentsPath + "?api-version=2", token, http.StatusBadRequest, `"severity":"Error","code":"BadRequest"`},
		{documentsPath + "?api-version=1.0&kind=x", token, http.StatusBadRequest, "kind"},
		{documentsPath + "?api-version=1.0", b.scoped(t, "TM.Projects.Read"), http.StatusForbidden, "Expect to have 'Du.Digitization.Api' or 'Du.Classification.Api'"},
		{documentsPath + "/4b000000-0000-4000-8000-000000000006?api-version=1.0", token, http.StatusNotFound, `"code":"NotFound"`},
		{testsPath + "?top=101", token, http.StatusBadRequest, "out of range"},
		{testsPath, b.scoped(t, "Du.Digitization.Api"), http.StatusForbidden, "Expect to have 'TM.Projects' or 'TM.Projects.Read'"},
		{testsPath, b.as(t, "edsger.dijkstra@acme.example"), http.StatusForbidden, "not authorized to read projects of Test Manager in the tenant Production"},
		{testsPath + "/" + strings.Repeat("x", 500), token, http.StatusNotFound, "does not exist"},
		{ixpPath, b.scoped(t, "TM.Projects.Read"), http.StatusForbidden, `{"status":"error","message":"Scope(s) 'TM.Projects.Read' is(are) invalid. Expect to have 'Ixp.ApiAccess'.`},
		{miningPath + "?cm_only=perhaps", token, http.StatusBadRequest, "cm_only"},
		{strings.Replace(ixpPath, "Production", "Produktion", 1), token, http.StatusNotFound, `Did you mean \"Production\"`},
		{ixpPath, "", http.StatusUnauthorized, "no bearer token"},
	} {
		if r := b.get(t, test.path, test.token); r.status != test.status || !strings.Contains(r.text, test.part) {
			t.Errorf("%s: got %d %s, want %d with %s", test.path, r.status, r.text, test.status, test.part)
		}
	}
}

// What a snapshot holds of projects is what the services list.
func TestProjectsInASnapshot(t *testing.T) {
	t.Parallel()
	seed := "organization: {name: acme, defaultCaller: ada@acme.example}\ntenants: [{name: Production, services: [Test Manager, IXP]}]\n" +
		"users: [{userName: ada@acme.example}]\nassignments: [{role: Organization Administrator, principal: ada@acme.example, scope: /}]\nprojects:\n" +
		"  - {tenant: Production, service: IXP, id: 0A1B, name: \"Mail: ünï/漢字\"}\n"
	for n := range 120 {
		seed += fmt.Sprintf("  - {tenant: Production, service: Test Manager, name: Project %03d}\n", n)
	}
	b := open(t, backend.Options{Seed: []byte(seed)})
	again := open(t, backend.Options{Seed: []byte(b.mustGet(t, "/_reference/snapshot", "").text)})
	for _, path := range []string{testsPath, testsPath + "?skip=100", miningPath, ixpPath} {
		first, second := b.mustGet(t, path, b.as(t, "")).text, again.mustGet(t, path, again.as(t, "")).text
		if first != second {
			t.Errorf("%s: %s\nafter a snapshot: %s", path, first, second)
		}
	}
	found := decode[projectLists](t, b.mustGet(t, testsPath+"?skip=100", b.as(t, "")))
	if len(found.Data) != 20 || found.Data[19].Name != "Project 119" {
		t.Errorf("the last page is %+v", found.Data)
	}
	mail := decode[projectLists](t, b.mustGet(t, miningPath, b.as(t, "")))
	if want := (projectRow{"0a1b", "mail-n-", "Mail: ünï/漢字"}); len(mail.Projects) != 1 || mail.Projects[0] != want {
		t.Errorf("IXP lists %+v, want %+v", mail.Projects, want)
	}
}
