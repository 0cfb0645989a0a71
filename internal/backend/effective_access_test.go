package backend_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

// An organization in which Kim is in groups that are in each other.
const (
	kimID        = "6b000000-0000-4000-8000-000000000001"
	kimsGroup    = "6b000000-0000-4000-8000-000000000002"
	outerGroup   = "6b000000-0000-4000-8000-000000000003"
	loopGroup    = "6b000000-0000-4000-8000-000000000004"
	kimsFinance  = "6e000000-0000-4000-8000-000000000001"
	kimsInvoices = "6e000000-0000-4000-8000-000000000002"
	kimsPeople   = "6e000000-0000-4000-8000-000000000003"

	nestedSeed = `
organization: {id: ` + orgID + `, name: initech, defaultCaller: boss, SETTINGS}
tenants:
  - {id: ` + smallTenant + `, name: Main, services: [Orchestrator, Data Fabric]}
  - {id: ` + otherTenant + `, name: Other, services: [Orchestrator, Data Fabric]}
users:
  - {userName: boss}
  - {userName: head}
  - {userName: spare}
  - {id: ` + kimID + `, userName: kim}
  - {id: ` + strangerID + `, userName: stranger, displayName: Sam Stranger, source: directory, added: false}
groups:
  - {id: ` + kimsGroup + `, name: Inner, members: [kim, stranger]}
  - {id: ` + outerGroup + `, name: Outer, members: [Inner, Loop]}
  - {id: ` + loopGroup + `, name: Loop, members: [Outer]}
robotAccounts: [{id: ` + robotID + `, name: robbie}]
externalApplications: [{name: reader, secret: x}, {name: main-reader, secret: x}, {id: ` + appID + `, name: pipeline, secret: x}]
folders:
  - {id: ` + kimsFinance + `, tenant: Main, name: Finance}
  - {id: ` + kimsInvoices + `, tenant: Main, name: Invoices, parent: Finance}
  - {id: ` + kimsPeople + `, tenant: Main, name: Finance People}
roles:
  - {id: ` + watchID + `, name: Watch, description: x, tenant: Main}
assignments:
  - {role: Organization Administrator, principal: boss, scope: /, type: BuiltIn}
  - {role: Tenant Administrator, principal: head, scope: /tenant/Main}
  - {role: Access Viewer, principal: reader, scope: /}
  - {role: Tenant Administrator, principal: main-reader, scope: /tenant/Main}
  - {role: Access Viewer, principal: Loop, scope: /}
  - {role: Watch, principal: kim, scope: /tenant/Main, createdOn: 2026-01-02T03:04:05Z}
  - {role: Watch, principal: kim, scope: /tenant/Main/dataservice}
  - {role: Watch, principal: kim, scope: /tenant/Other}
  - {role: Watch, principal: {user: ` + goneID + `}, scope: /tenant/Main}
  - {role: {service: Data Fabric, name: Designer}, principal: kim, scope: /tenant/Main/dataservice}
  - {role: {service: Data Fabric, name: Designer}, principal: Inner, scope: /tenant/Main/dataservice}
  - {role: {service: Data Fabric, name: Data Reader}, principal: Outer, scope: /tenant/Other/dataservice}
  - {role: {service: Insights, name: Designer}, principal: boss, scope: /tenant/Main/insights}
  - {role: Allow to be Automation User, principal: Inner, scope: {tenant: Main, folder: Finance}}
  - {role: Allow to be Automation User, principal: kim, scope: {tenant: Main, folder: Finance/Invoices}}
  - {role: Allow to be Automation User, principal: kim, scope: {tenant: Main, folder: Finance People}}
  - {role: {service: Document Understanding, name: DU Viewer}, principal: {robot: robbie}, scope: /, type: BuiltIn}
`
)

const (
	tenantPath = "/initech/pap_/api/geteffectiveaccess"
	orgPath    = "/initech/pdp_/api/geteffectiveaccess"
)

func openNested(t *testing.T) *bench {
	t.Helper()
	return open(t, backend.Options{Seed: []byte(strings.Replace(nestedSeed, "SETTINGS", "externalDirectory: true", 1))})
}

type effectiveBody struct {
	RoleAssignments struct {
		TotalCount int
		Results    []struct {
			RoleName, ServiceName string
			RoleAssignments       []struct {
				SecurityPrincipalID, SecurityPrincipalType, Scope string
				FolderName                                        *string
			}
		}
	}
	GrantedServicesMetadata []struct{ ServiceName, ServiceDisplayName string }
	GrantedRolesMetadata    []struct{ ID, RoleName string }
}

// lines returns each role with where it comes from.
func (e effectiveBody) lines() []string {
	names := map[string]string{kimID: "kim", kimsGroup: "Inner", outerGroup: "Outer", loopGroup: "Loop", robotID: "robbie"}
	var lines []string
	for _, r := range e.RoleAssignments.Results {
		line := r.ServiceName + ": " + r.RoleName
		for _, a := range r.RoleAssignments {
			line += fmt.Sprintf(", %s %s at %s", a.SecurityPrincipalType, names[a.SecurityPrincipalID], strings.ReplaceAll(a.Scope, "/tenant/"+smallTenant, "main"))
			if a.FolderName != nil {
				line += " (" + *a.FolderName + ")"
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// question is what is asked; a test changes what it is about.
type question = role

func inTenant(id string) question {
	return question{"scopeIdentifier": question{"scopeType": "Tenant", "value": question{"id": id, "tenantId": id}}}
}

func inFolder(key, tenant string) question {
	return question{"ScopeIdentifier": question{"ScopeType": "Folder", "Value": question{"Id": key, "ParentId": tenant}}}
}

// can asks and returns what came back, which must be an answer.
func (b *bench) can(t *testing.T, path string, q question) effectiveBody {
	t.Helper()
	r := b.sendJSON(t, http.MethodPost, path, b.as(t, ""), q)
	if r.status != http.StatusOK {
		t.Fatalf("got %d %s", r.status, r.text)
	}
	return decode[effectiveBody](t, r)
}

const (
	viewsAccess = "Authorization: Access Viewer, Group Loop at /"
	inFinance   = "Group Inner at main/orchestrator/folder/" + kimsFinance + " (Finance)"
	inInvoices  = "User kim at main/orchestrator/folder/" + kimsInvoices + " (Finance/Invoices)"
	inPeople    = "User kim at main/orchestrator/folder/" + kimsPeople + " (Finance People)"
	designs     = "Data Fabric: Designer, User kim at main/dataservice, Group Inner at main/dataservice"
	watches     = "Multi-service: Watch, User kim at main"
	automates   = "Orchestrator: Allow to be Automation User, "
)

func TestEffectiveAccessInATenant(t *testing.T) {
	t.Parallel()
	b := openNested(t)
	for name, test := range map[string]struct {
		q    question
		want []string
	}{
		"a user": {inTenant(smallTenant).with("userId", kimID), []string{
			viewsAccess, automates + strings.Join([]string{inFinance, inInvoices, inPeople}, ", "), designs, watches,
		}},
		"a user, elsewhere": {inTenant(strings.ToUpper(otherTenant)).with("userId", strings.ToUpper(kimID)), []string{
			viewsAccess, "Data Fabric: Data Reader, Group Outer at /tenant/" + otherTenant + "/dataservice",
		}},
		"a group":               {inTenant(smallTenant).with("groupId", outerGroup), []string{viewsAccess}},
		"a group in a group":    {inTenant(smallTenant).with("groupId", kimsGroup), []string{viewsAccess, automates + inFinance, "Data Fabric: Designer, Group Inner at main/dataservice"}},
		"a group in a circle":   {inTenant(smallTenant).with("SecurityPrincipalId", loopGroup), []string{viewsAccess}},
		"by the platform":       {inTenant(smallTenant).with("userId", robotID), []string{"Document Understanding: DU Viewer, Robot robbie at /"}},
		"nothing":               {inTenant(smallTenant).with("securityPrincipalId", appID), nil},
		"by a role's beginning": {inTenant(smallTenant).with("userId", kimID).with("RoleNameStartsWith", "DESI"), []string{designs}},
		"by a service":          {inTenant(smallTenant).with("userId", kimID).with("ServiceName", "dataservice"), []string{designs}},
		"by a service's name":   {inTenant(smallTenant).with("userId", kimID).with("ServiceName", "Data Fabric"), []string{designs}},
		"by an unknown service": {inTenant(smallTenant).with("userId", kimID).with("ServiceName", "Excel"), nil},
		"in a folder":           {inFolder(kimsInvoices, smallTenant).with("userId", kimID), []string{viewsAccess, automates + inFinance + ", " + inInvoices, watches}},
		"in a folder with others in it": {inFolder(kimsFinance, smallTenant).with("SecurityPrincipalId", kimID), []string{
			viewsAccess, automates + inFinance + ", " + inInvoices, watches,
		}},
		"in a folder whose name begins so": {inFolder(kimsPeople, smallTenant).with("SecurityPrincipalId", kimID), []string{viewsAccess, automates + inPeople, watches}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := b.can(t, tenantPath, test.q)
			if d := cmp.Diff(test.want, got.lines()); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			if got.RoleAssignments.TotalCount != len(test.want) {
				t.Errorf("%d roles are counted", got.RoleAssignments.TotalCount)
			}
		})
	}
}

func TestEffectiveAccessOnTheWire(t *testing.T) {
	t.Parallel()
	b := openNested(t)
	r := b.sendJSON(t, http.MethodPost, tenantPath, b.as(t, ""), inTenant(smallTenant).with("userId", kimID).with("RoleNameStartsWith", "watch"))
	service := b.serviceID(t, watchID)
	want := `{"roleAssignments":{"totalCount":1,"results":[{"roleId":"` + watchID + `","tenantId":"` + smallTenant +
		`","roleName":"Watch","roleType":"CUSTOM","serviceName":"Multi-service","serviceId":"` + service + `","roleAssignments":[{"roleId":"` + watchID +
		`","tenantId":"` + smallTenant + `","roleName":"Watch","roleType":"CUSTOM","serviceName":"Multi-service","serviceId":"` + service +
		`","securityPrincipalId":"` + kimID + `","securityPrincipalType":"User","organizationId":"` + orgID +
		`","createdOn":"2026-01-02T03:04:05.00000+00:00","scope":"` + atMain + `","folderName":null}]}]},` +
		`"grantedServicesMetadata":[{"id":"` + service + `","serviceName":"CentralizedAccess","serviceDisplayName":"Multi-service","serviceType":null}],` +
		`"grantedRolesMetadata":[{"id":"` + watchID + `","roleName":"Watch"}]}`
	if d := cmp.Diff(want, r.text); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	nothing := b.sendJSON(t, http.MethodPost, tenantPath, b.as(t, ""), inTenant(smallTenant).with("securityPrincipalId", appID))
	if want := `{"roleAssignments":{"totalCount":0,"results":[]},"grantedServicesMetadata":[],"grantedRolesMetadata":[]}`; nothing.text != want {
		t.Errorf("nothing: got %s", nothing.text)
	}
	atRoot := b.sendJSON(t, http.MethodPost, tenantPath, b.as(t, ""), inTenant(smallTenant).with("groupId", loopGroup))
	if strings.Count(atRoot.text, `"tenantId":null`) != 2 {
		t.Errorf("at the organization there is a tenant: %s", atRoot.text)
	}
}

// serviceID returns the id of the service that owns a role.
func (b *bench) serviceID(t *testing.T, roleID string) string {
	t.Helper()
	return decode[struct{ OwnerServiceID string }](t, b.mustGet(t, "/initech/pap_/api/roles/"+roleID, b.as(t, ""))).OwnerServiceID
}

func TestEffectiveAccessOfTheOrganization(t *testing.T) {
	t.Parallel()
	b := openNested(t)
	got := b.can(t, orgPath, question{"UserID": kimID})
	want := []string{
		viewsAccess, automates + strings.NewReplacer(" (Finance)", "", " (Finance/Invoices)", "", " (Finance People)", "").Replace(
			strings.Join([]string{inFinance, inInvoices, inPeople}, ", ")),
		"Data Fabric: Data Reader, Group Outer at /tenant/" + otherTenant + "/dataservice", designs, watches,
	}
	if d := cmp.Diff(want, got.lines()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	var services []string
	for _, s := range got.GrantedServicesMetadata {
		services = append(services, s.ServiceName+" "+s.ServiceDisplayName)
	}
	if d := cmp.Diff([]string{"AuthZ Authorization", "CentralizedAccess Multi-service", "DataService Data Fabric", "Orchestrator Orchestrator"}, services); d != "" {
		t.Errorf("services (-want +got):\n%s", d)
	}
}

func TestPagesOfEffectiveAccess(t *testing.T) {
	t.Parallel()
	b := openNested(t)
	for i := range 12 {
		b.assign(t, b.as(t, ""), change{}.adding(b.created(t, fmt.Sprintf("Z%02d", i)), outerGroup, "Group", atMain)).done(t)
	}
	const all = 16
	asked := map[string]question{tenantPath: inTenant(smallTenant).with("userId", kimID), orgPath: {"userId": kimID}}
	for path, test := range map[string]map[string]int{
		tenantPath: {"": all, "?top=3": 3, "?top=3&skip=15": 1, "?skip=16": 0, "?skip=2147483647&top=2147483647": 0, "?top=0": 0},
		orgPath:    {"": 10, "?TOP=50": all + 1, "?top=3&skip=16": 1, "?skip=10": 7, "?skip=2147483647": 0},
	} {
		for query, want := range test {
			got := b.can(t, path+query, asked[path])
			if len(got.RoleAssignments.Results) != want {
				t.Errorf("%s%s: %d roles, want %d", path, query, len(got.RoleAssignments.Results), want)
			}
			if total := got.RoleAssignments.TotalCount; total != len(got.GrantedRolesMetadata) || total < all {
				t.Errorf("%s%s: %d roles are counted, %d granted", path, query, total, len(got.GrantedRolesMetadata))
			}
		}
		whole := b.can(t, path+"?top=50", asked[path]).lines()
		var pages []string
		for skip := 0; skip < len(whole); skip += 5 {
			pages = append(pages, b.can(t, path, asked[path].with("top", 5).with("skip", skip)).lines()...)
		}
		if d := cmp.Diff(whole, pages); d != "" {
			t.Errorf("%s: pages (-whole +pages):\n%s", path, d)
		}
		for query, field := range map[string]string{"?top=-1": "top", "?skip=-1": "skip", "?top=x": "top", "?top=99999999999": "top", "?skip=1.5": "skip"} {
			fieldRefused(t, b.sendJSON(t, http.MethodPost, path+query, b.as(t, ""), asked[path]), field, "")
		}
		for member, values := range map[string][]any{"top": {-1, "5", 1.5, []int{1}}, "skip": {-1, true}} {
			for _, value := range values {
				fieldRefused(t, b.sendJSON(t, http.MethodPost, path, b.as(t, ""), asked[path].with(member, value)), member, "")
			}
		}
		fieldRefused(t, b.sendJSON(t, http.MethodPost, path+"?top=1", b.as(t, ""), asked[path].with("top", 1)), "top", "twice")
	}
	fieldRefused(t, b.sendJSON(t, http.MethodPost, orgPath+"?top=51", b.as(t, ""), asked[orgPath]), "top", "from 0 to 50")
}

// created creates a role of the tenant Main.
func (b *bench) created(t *testing.T, name string) string {
	t.Helper()
	text, err := json.Marshal(validRole().with("roleName", name).with("tenantId", smallTenant))
	if err != nil {
		t.Fatal(err)
	}
	return b.send(t, http.MethodPut, "/initech/pap_/api/roles", string(text),
		http.Header{"Authorization": {b.as(t, "")}, "Content-Type": {"application/json"}}).created(t)
}

func TestWhoMayAskForEffectiveAccess(t *testing.T) {
	t.Parallel()
	b := openNested(t)
	const ok, no = http.StatusOK, http.StatusForbidden
	for caller, want := range map[string][3]int{
		"boss": {ok, ok, ok}, "head": {ok, no, no}, "kim": {ok, ok, no}, "spare": {no, no, no},
		"reader": {ok, ok, ok}, "main-reader": {ok, no, no}, "pipeline": {no, no, no},
	} {
		token := b.as(t, caller)
		got := [3]int{}
		for i, asked := range []struct {
			path string
			q    question
		}{
			{tenantPath, inTenant(smallTenant).with("userId", kimID)}, {tenantPath, inTenant(otherTenant).with("userId", kimID)}, {orgPath, question{"userId": kimID}},
		} {
			got[i] = b.sendJSON(t, http.MethodPost, asked.path, token, asked.q).status
		}
		if got != want {
			t.Errorf("%s: got %v, want %v", caller, got, want)
		}
	}
	refused(t, b.sendJSON(t, http.MethodPost, tenantPath, b.as(t, "head"), inTenant(otherTenant).with("userId", nobodyID)),
		http.StatusForbidden, "read role assignments of the tenant Other. AUTHZ.ROLEASSIGNMENT.READ is needed there")
	refused(t, b.sendJSON(t, http.MethodPost, tenantPath, b.as(t, "spare"), inTenant(nobodyID).with("userId", nobodyID)), http.StatusForbidden, nobodyID)
	refused(t, b.sendJSON(t, http.MethodPost, orgPath, b.as(t, "head"), question{"userId": nobodyID}), http.StatusForbidden, "organization administrators")
	refused(t, b.sendJSON(t, http.MethodPost, orgPath, b.as(t, "pipeline"), question{"userId": nobodyID}), http.StatusForbidden, "AUTHZ.ROLEASSIGNMENT.READ")
	refused(t, b.sendJSON(t, http.MethodPost, orgPath, "", question{"userId": kimID}), http.StatusUnauthorized, "no bearer token")
	refused(t, b.get(t, orgPath, b.as(t, "")), http.StatusMethodNotAllowed, "allowed are POST")
}

func TestEffectiveAccessOfWhoIsNotThere(t *testing.T) {
	t.Parallel()
	b := openNested(t)
	for _, id := range []string{nobodyID, goneID} {
		for path, q := range map[string]question{tenantPath: inTenant(smallTenant), orgPath: {}} {
			r := b.sendJSON(t, http.MethodPost, path, b.as(t, ""), q.with("userId", id))
			if r.status != http.StatusNotFound || !strings.Contains(r.text, "Cannot resolve users=["+id+"] in CIS") {
				t.Errorf("got %d %s", r.status, r.text)
			}
		}
	}
	outside := b.sendJSON(t, http.MethodPost, orgPath, b.as(t, ""), question{"userId": strangerID})
	if outside.status != http.StatusNotFound || !strings.Contains(outside.text, "Sam Stranger ("+strangerID+"), but accounts of the external directory must be added first") {
		t.Errorf("somebody who was not added: got %d %s", outside.status, outside.text)
	}
	added := open(t, backend.Options{Seed: []byte(strings.Replace(nestedSeed, "SETTINGS", provisioning, 1))})
	if got := added.can(t, tenantPath, inTenant(smallTenant).with("userId", strangerID)).lines(); len(got) != 3 {
		t.Errorf("somebody who is added when signing in can %q, want what the three groups hold", got)
	}
}

func TestQuestionsThatAreNotAnswered(t *testing.T) {
	t.Parallel()
	b := openNested(t)
	admin := b.as(t, "")
	ask := func(path string, q question) response { return b.sendJSON(t, http.MethodPost, path, admin, q) }
	kim := func(scope question) question { return scope.with("userId", kimID) }
	scope := func(kind any, value any) question {
		return question{"userId": kimID, "scopeIdentifier": question{"scopeType": kind, "value": value}}
	}
	const id, parent = "scopeIdentifier.value.id", "scopeIdentifier.value.parentId"
	for _, test := range []struct {
		q           question
		field, part string
	}{
		{inTenant(smallTenant), "securityPrincipalId", "0 are given"},
		{kim(inTenant(smallTenant)).with("groupId", kimsGroup), "securityPrincipalId", "2 are given"},
		{kim(inTenant(smallTenant)).with("SecurityPrincipalId", kimID), "securityPrincipalId", "2 are given"},
		{inTenant(smallTenant).with("userId", "kim"), "userId", "'kim' is not valid"},
		{inTenant(smallTenant).with("userId", 1), "userId", "a string"},
		{inTenant(smallTenant).with("userId", kimsGroup), "userId", "Inner (" + kimsGroup + ") is of type Group, not User"},
		{inTenant(smallTenant).with("groupId", kimID), "groupId", "of type User, not Group"},
		{question{"userId": kimID}, "scopeIdentifier", "required"},
		{question{"userId": kimID, "scopeIdentifier": "Tenant"}, "scopeIdentifier", "an object"},
		{question{"userId": kimID, "scopeIdentifier": question{}}, "scopeIdentifier.scopeType", "required"},
		{question{"userId": kimID, "scopeIdentifier": question{"scopeType": "Tenant"}}, "scopeIdentifier.value", "required"},
		{scope("Tenant", 1), "scopeIdentifier.value", "an object"},
		{scope(1, question{"id": smallTenant}), "scopeIdentifier.scopeType", "a string"},
		{scope("Project", question{"id": smallTenant}), "scopeIdentifier.scopeType", "Tenant or Folder"},
		{scope("Tenant", question{}), id, "required"},
		{scope("tenant", question{"id": "Main"}), id, "'Main' is not valid"},
		{scope("Tenant", question{"id": smallTenant, "tenantId": otherTenant}), "scopeIdentifier.value.tenantId", "not the tenant"},
		{scope("Tenant", question{"id": smallTenant[:35] + "c"}), id, `Did you mean "` + smallTenant},
		{scope("Folder", question{"id": kimsFinance}), parent, "required"},
		{scope("Folder", question{"parentId": smallTenant}), id, "required"},
		{scope("Folder", question{"id": "Finance", "parentId": smallTenant}), id, "'Finance' is not valid"},
		{scope("Folder", question{"id": kimsFinance, "parentId": "Main"}), parent, "'Main' is not valid"},
		{scope("Folder", question{"id": kimsFinance, "parentId": nobodyID}), parent, "does not exist"},
		{scope("Folder", question{"id": kimsFinance[:35] + "7", "parentId": smallTenant}), id, `Did you mean "` + kimsFinance},
		{scope("Folder", question{"id": kimsFinance, "tenantId": otherTenant}), id, "does not exist in the tenant"},
		{kim(inTenant(smallTenant)).with("serviceName", 1), "serviceName", "a string"},
	} {
		fieldRefused(t, ask(tenantPath, test.q), test.field, test.part)
	}
	fieldRefused(t, ask(orgPath, question{}), "securityPrincipalId", "0 are given")
	fieldRefused(t, ask(orgPath, kim(inTenant(smallTenant))), "scopeIdentifier", "leave it out")
	for _, path := range []string{tenantPath, orgPath} {
		for _, text := range []string{"", "null", "[]", "1"} {
			r := b.send(t, http.MethodPost, path, text, http.Header{"Authorization": {admin}, "Content-Type": {"application/json"}})
			fieldRefused(t, r, "$", "not a JSON object")
		}
	}
	strict := open(t, backend.Options{Strict: true, Seed: []byte(strings.Replace(nestedSeed, "SETTINGS", linkedOnly, 1))})
	fieldRefused(t, strict.sendJSON(t, http.MethodPost, tenantPath, strict.as(t, ""), kim(inTenant(smallTenant)).with("serviceName", "Excel")), "serviceName", "not known")
	fieldRefused(t, strict.sendJSON(t, http.MethodPost, orgPath, strict.as(t, ""), question{"userId": kimID, "roleNameStartsWith": "A"}), "roleNameStartsWith", "not known")
}
