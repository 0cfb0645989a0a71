package backend_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/catalogue"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

const (
	invoicesID  = "5e000000-0000-4000-8000-000000000002"
	contractsID = "5e000000-0000-4000-8000-000000000003"
	innerID     = "5b000000-0000-4000-8000-000000000008"
	ringID      = "5b000000-0000-4000-8000-000000000009"
	goneRole    = "5c000000-0000-4000-8000-000000000009"
	goneFolder  = "5e000000-0000-4000-8000-000000000009"

	// oddText is what a CSV file must not trip over, a spreadsheet's formula included.
	oddText = "=1+1, \"quoted\"\nŁódź – 東京 <&>"
	oddName = `@Cleo "CC" O'Neil, Jr.`
)

// exportSeed has assignments of every kind of principal at every kind of scope, and what is left of deleted things. Groups are
// in each other in a circle.
var exportSeed = `
organization: {id: ` + orgID + `, name: initech, defaultCaller: ann}
tenants:
  - {id: ` + smallTenant + `, name: Main, services: [Orchestrator, Document Understanding, IXP]}
users:
  - {id: ` + annID + `, userName: ann, name: Ann, surname: Lee, email: ann@initech.example}
  - {id: ` + bobID + `, userName: bob@initech.example, name: Bob, source: directory}
  - {id: ` + miner + `, userName: cleo, displayName: ` + quoted(oddName) + `}
groups:
  - {id: ` + teamID + `, name: Team, members: [bob@initech.example, Inner]}
  - {id: ` + innerID + `, name: Inner, members: [Ring, pipeline, bob@initech.example]}
  - {id: ` + ringID + `, name: Ring, members: [Team, robbie, cleo]}
robotAccounts: [{id: ` + robotID + `, name: robbie, displayName: Robbie R}]
externalApplications: [{id: ` + appID + `, name: pipeline, secret: x}]
folders:
  - {name: Finance, tenant: Main}
  - {id: ` + invoicesID + `, name: Invoices, tenant: Main, parent: Finance}
projects:
  - {id: ` + contractsID + `, name: Contracts, tenant: Main, service: Document Understanding}
  - {id: 00aa, name: Supplier Mail, tenant: Main, service: IXP}
roles:
  - {id: ` + watchID + `, name: Watch, description: ` + quoted(oddText) + `, tenant: Main}
assignments:
  - {id: ` + exportID(1) + `, role: Organization Administrator, principal: ann, scope: /, type: BuiltIn, createdOn: 2026-01-02T03:04:05.1234567Z}
  - {id: ` + exportID(2) + `, role: Access Viewer, principal: pipeline, scope: /authz, createdBy: bob@initech.example, createdOn: 2026-01-02T03:04:05Z}
  - {id: ` + exportID(3) + `, role: Watch, principal: Team, scope: /tenant/Main, createdBy: robbie, createdOn: 2026-01-02T03:04:05Z}
  - {id: ` + exportID(4) + `, role: Data Annotator, principal: robbie, scope: {tenant: Main, service: Document Understanding, project: Contracts},
     createdBy: pipeline, createdOn: 2026-01-02T03:04:05Z}
  - {id: ` + exportID(5) + `, role: Watch, principal: cleo, scope: {tenant: Main, folder: Finance/Invoices}, createdBy: Team, createdOn: 2026-01-02T03:04:05Z}
  - {id: ` + exportID(6) + `, role: {id: ` + goneRole + `}, principal: {group: ` + goneID + `}, scope: /tenant/Main/orchestrator/folder/` + goneFolder + `,
     createdBy: ` + nobodyID + `, createdOn: 2026-01-02T03:04:05Z}
  - {id: ` + exportID(7) + `, role: IXP Analyst, principal: bob@initech.example, scope: /tenant/Main/reinfer/project/00ff, createdOn: 2026-01-02T03:04:05Z}
  - {id: ` + exportID(8) + `, role: IXP Administrator, principal: bob@initech.example, scope: /tenant/Main/reinfer, createdOn: 2026-01-02T03:04:05Z}
`

// exportID is the id of the n-th assignment. The ids stand in the order opposite to that of the rows, which goes by something else.
func exportID(n int) string { return fmt.Sprintf("5d000000-0000-4000-8000-00000000000%d", 9-n) }

func quoted(text string) string {
	out, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(out)
}

// cells are the values of a row that are not blank, by their columns' headers.
type cells map[string]string

// and returns the cells of several parts of a row.
func (c cells) and(more ...cells) cells {
	all := maps.Clone(c)
	for _, part := range more {
		maps.Copy(all, part)
	}
	return all
}

func (b *bench) export(t *testing.T, query, authorization string) response {
	t.Helper()
	return b.get(t, b.assignmentsPath(t)+"/export?"+query, authorization)
}

// table reads the rows of a CSV file below its header.
func (r response) table(t *testing.T) [][]string {
	t.Helper()
	if r.status != http.StatusOK {
		t.Fatalf("got %d %s", r.status, r.text)
	}
	lines, err := csv.NewReader(strings.NewReader(r.text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(access.ExportHeader(), lines[0]); d != "" {
		t.Fatalf("header (-want +got):\n%s", d)
	}
	return lines[1:]
}

func cellsOf(table [][]string) []cells {
	var rows []cells
	for _, line := range table {
		row := cells{}
		for i, value := range line {
			if value != "" {
				row[access.ExportHeader()[i]] = value
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func roleOfPlatform(t *testing.T, name string) cells {
	t.Helper()
	c, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(c.Roles(), func(r model.Role) bool { return r.Name == name })
	r := c.Roles()[i]
	return cells{
		"RoleName": name, "RoleId": r.ID.String(), "RoleDescription": r.Description, "RoleType": strings.ToUpper(string(r.Type)),
		"ServiceName": access.ServiceDisplayName(r.Service),
	}
}

func assignmentCells(n int, kind, created string) cells {
	return cells{
		"Id": exportID(n), "RoleAssignmentType": kind, "CreatedOn": created, "OrganizationName": "initech", "OrganizationId": orgID,
	}
}

// wantedRows are the rows of [exportSeed] without expansion.
func wantedRows(t *testing.T) []cells {
	t.Helper()
	const second = "2026-01-02T03:04:05.00000+00:00"
	platform := cells{"CreatedBy": systemID}
	by := func(id, name string) cells { return cells{"CreatedBy": id, "CreatedByDisplayName": name} }
	at := func(path, shown string) cells {
		return cells{"Scope": atMain + path, "ScopeWithDisplayNames": "/tenant/Main" + shown, "TenantName": "Main", "TenantId": smallTenant}
	}
	watch := cells{
		"RoleName": "Watch", "RoleId": watchID, "RoleDescription": oddText, "RoleType": "CUSTOM", "ServiceName": "Multi-service",
	}
	bob := cells{"SecurityPrincipalId": bobID, "SecurityPrincipalType": "User", "SecurityPrincipalEmail": "bob@initech.example"}
	return []cells{
		assignmentCells(1, "BuiltIn", "2026-01-02T03:04:05.1234567+00:00").and(roleOfPlatform(t, "Organization Administrator"), platform, cells{
			"Scope": "/", "ScopeWithDisplayNames": "/", "SecurityPrincipalId": annID, "SecurityPrincipalType": "User",
			"SecurityPrincipalEmail": "ann@initech.example", "SecurityPrincipalDisplayName": "Ann Lee",
		}),
		assignmentCells(2, "Custom", second).and(roleOfPlatform(t, "Access Viewer"), by(bobID, "Bob"), cells{
			"Scope": "/authz", "ScopeWithDisplayNames": "/Authorization", "SecurityPrincipalId": appID,
			"SecurityPrincipalType": "ExternalApplication", "SecurityPrincipalDisplayName": "pipeline",
		}),
		assignmentCells(3, "Custom", second).and(watch, by(robotID, "Robbie R"), at("", ""), cells{
			"SecurityPrincipalId": teamID, "SecurityPrincipalType": "Group", "SecurityPrincipalDisplayName": "Team",
		}),
		assignmentCells(4, "Custom", second).and(roleOfPlatform(t, "Data Annotator"), by(appID, "pipeline"),
			at("/documentunderstanding/projects/"+contractsID, "/Document Understanding/projects/Contracts"), cells{
				"SecurityPrincipalId": robotID, "SecurityPrincipalType": "Robot", "SecurityPrincipalDisplayName": "Robbie R",
				"ProjectId": contractsID,
			}),
		assignmentCells(5, "Custom", second).and(watch, by(teamID, "Team"),
			at("/orchestrator/folder/"+invoicesID, "/Orchestrator/folder/Finance/Invoices"), cells{
				"SecurityPrincipalId": miner, "SecurityPrincipalType": "User", "SecurityPrincipalDisplayName": oddName,
				"FolderName": "Finance/Invoices", "FolderKey": invoicesID,
			}),
		assignmentCells(6, "Custom", second).and(cells{"RoleId": goneRole, "CreatedBy": nobodyID},
			at("/orchestrator/folder/"+goneFolder, "/Orchestrator/folder/"+goneFolder), cells{
				"SecurityPrincipalId": goneID, "SecurityPrincipalType": "Group", "FolderKey": goneFolder,
			}),
		assignmentCells(8, "Custom", second).and(roleOfPlatform(t, "IXP Administrator"), platform, bob, at("/reinfer", "/IXP")),
		assignmentCells(7, "Custom", second).and(roleOfPlatform(t, "IXP Analyst"), platform, bob,
			at("/reinfer/project/00ff", "/IXP/project/00ff"), cells{"ProjectId": "00ff"}),
	}
}

func openExport(t *testing.T) *bench {
	t.Helper()
	return open(t, backend.Options{Seed: []byte(exportSeed)})
}

func TestExportHasEveryColumnOfEveryKindOfAssignment(t *testing.T) {
	t.Parallel()
	b := openExport(t)
	r := b.export(t, "", b.as(t, ""))
	if d := cmp.Diff(wantedRows(t), cellsOf(r.table(t))); d != "" {
		t.Errorf("rows (-want +got):\n%s", d)
	}
	if got := r.header.Get("Content-Type"); got != "text/csv; charset=utf-8" {
		t.Errorf("Content-Type %q", got)
	}
	if got := r.header.Get("Content-Disposition"); got != `attachment; filename="role-assignments.csv"` {
		t.Errorf("Content-Disposition %q", got)
	}
	if strings.Contains(r.text, "\r") || !strings.HasPrefix(r.text, "Id,RoleName,") || !strings.HasSuffix(r.text, "\n") {
		t.Error("the file does not begin with the header, or its lines end otherwise than with LF")
	}
	if !strings.Contains(r.text, `,"=1+1, ""quoted""`+"\nŁódź – 東京 <&>\",") {
		t.Error("a value was changed")
	}
}

func TestExportExpandsGroups(t *testing.T) {
	t.Parallel()
	b := openExport(t)
	var want []cells
	for _, row := range wantedRows(t) {
		want = append(want, row)
		if row["SecurityPrincipalId"] != teamID {
			continue
		}
		holder := row.and(cells{"InheritedFromGroupId": teamID, "InheritedFromGroupName": "Team"})
		for _, member := range []struct{ id, kind, email, name string }{
			{bobID, "User", "bob@initech.example", ""}, {miner, "User", "", oddName}, {robotID, "Robot", "", "Robbie R"},
			{appID, "ExternalApplication", "", "pipeline"}, {innerID, "Group", "", "Inner"}, {ringID, "Group", "", "Ring"},
		} {
			one := holder.and(cells{
				"SecurityPrincipalId": member.id, "SecurityPrincipalType": member.kind,
				"SecurityPrincipalEmail": member.email, "SecurityPrincipalDisplayName": member.name,
			})
			maps.DeleteFunc(one, func(_, value string) bool { return value == "" })
			want = append(want, one)
		}
	}
	for _, query := range []string{"expandgroupmemberships=true", "ExpandGroupMemberships=TRUE&exportOutputType=Csv"} {
		if d := cmp.Diff(want, cellsOf(b.export(t, query, b.as(t, "")).table(t))); d != "" {
			t.Errorf("%s: rows (-want +got):\n%s", query, d)
		}
	}
	for _, query := range []string{"expandgroupmemberships=false", "expandgroupmemberships="} {
		if got := len(b.export(t, query, b.as(t, "")).table(t)); got != len(wantedRows(t)) {
			t.Errorf("%s: %d rows", query, got)
		}
	}
}

func TestExportIsTheSameInJSON(t *testing.T) {
	t.Parallel()
	b := openExport(t)
	admin := b.as(t, "")
	r := b.export(t, "exportOutputType=Json&expandgroupmemberships=true", admin)
	if got := r.header.Get("Content-Type"); got != "application/json" {
		t.Errorf("Content-Type %q", got)
	}
	if got := r.header.Get("Content-Disposition"); got != `attachment; filename="role-assignments.json"` {
		t.Errorf("Content-Disposition %q", got)
	}
	unique := map[string]string{
		watchID: "CENTRALIZEDACCESS.WATCH", roleOfPlatform(t, "Access Viewer")["RoleId"]: "AUTHZ.ACCESS VIEWER",
		roleOfPlatform(t, "IXP Analyst")["RoleId"]: "REINFER.IXP ANALYST",
	}
	table := b.export(t, "expandgroupmemberships=true", admin).table(t)
	rows := decode[[]map[string]*string](t, r)
	if len(rows) != len(table) {
		t.Fatalf("%d rows in JSON, %d in CSV", len(rows), len(table))
	}
	for i, row := range rows {
		name, ok := row["RoleUniqueName"]
		if gone := *row["RoleId"] == goneRole; !ok || gone != (name == nil) {
			t.Errorf("row %d: RoleUniqueName %v of the role %s", i, name, *row["RoleId"])
		}
		if want := unique[*row["RoleId"]]; want != "" && *name != want {
			t.Errorf("row %d: RoleUniqueName %q, want %q", i, *name, want)
		}
		if len(row) != len(access.ExportHeader())+1 {
			t.Errorf("row %d has %d members", i, len(row))
		}
		for column, value := range table[i] {
			got, ok := row[access.ExportHeader()[column]]
			if !ok || (got == nil) != (value == "") || got != nil && *got != value {
				t.Errorf("row %d, %s: %v in JSON, %q in CSV", i, access.ExportHeader()[column], got, value)
			}
		}
	}
}

func TestWhoMayExport(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	for _, application := range []string{"terraform", "access-review"} {
		refused(t, b.export(t, "", b.as(t, application)), http.StatusForbidden, "refuses the token of an external application")
	}
	for _, user := range []string{"grace.hopper@acme.example", "edsger.dijkstra@acme.example"} {
		refused(t, b.export(t, "", b.as(t, user)), http.StatusForbidden,
			"Caller is not authorized to read role assignments of the organization. AUTHZ.ROLEASSIGNMENT.READ is needed there; "+
				"these roles grant it: Access Administrator, Access Viewer, Organization Administrator.")
	}
	refused(t, b.export(t, "", ""), http.StatusUnauthorized, "no bearer token")
	if got := len(b.export(t, "", "Bearer "+patOfAda).table(t)); got != 9 {
		t.Errorf("%d rows with a personal access token, want 9", got)
	}
	admin := b.as(t, "")
	b.assign(t, admin, change{}.adding(roleOfPlatform(t, "Access Viewer")["RoleId"], grace, "User", "/")).done(t)
	if got := len(b.export(t, "", b.as(t, "grace.hopper@acme.example")).table(t)); got != 10 {
		t.Errorf("%d rows for an access viewer, want 10", got)
	}
	if got := b.Journal()["ExportAssignments"]; got != 7 {
		t.Errorf("%d exports in the journal, want 7", got)
	}
}

func TestExportRefusals(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	admin := b.as(t, "")
	fieldRefused(t, b.export(t, "exportoutputtype=xml", admin), "exportoutputtype", "one of csv, json")
	fieldRefused(t, b.export(t, "expandgroupmemberships=yes", admin), "expandgroupmemberships", "one of true, false")
	fieldRefused(t, b.export(t, "exportoutputtype=csv&exportoutputtype=csv", admin), "exportoutputtype", "2 times")
	b.export(t, "scope=/", admin).table(t)
	refused(t, b.send(t, http.MethodPost, b.assignmentsPath(t)+"/export", "", http.Header{"Authorization": {admin}}),
		http.StatusMethodNotAllowed, "allowed are GET")

	strict := open(t, backend.Options{Strict: true})
	admin = strict.as(t, "")
	fieldRefused(t, strict.export(t, "exportoutptype=csv", admin), "exportoutptype", `Did you mean "exportoutputtype"`)
	strict.export(t, "exportOutputType=CSV&ExpandGroupMemberships=True", admin).table(t)
}

func TestExportNamesWhatIsDeletedByItsID(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	admin := b.as(t, "")
	b.assign(t, admin, change{}.adding(auditor, grace, "User", "/tenant/"+staging)).done(t)
	r := b.send(t, http.MethodDelete, identity+"User/"+grace, "", http.Header{"Authorization": {admin}})
	if r.status != http.StatusNoContent {
		t.Fatalf("got %d %s", r.status, r.text)
	}
	found := 0
	for _, row := range cellsOf(b.export(t, "", admin).table(t)) {
		if row["CreatedBy"] == grace && row["CreatedByDisplayName"] != "" {
			t.Errorf("a deleted author has a name: %v", row)
		}
		if row["SecurityPrincipalId"] == grace {
			found++
			if row["SecurityPrincipalType"] != "User" || row["SecurityPrincipalDisplayName"]+row["SecurityPrincipalEmail"] != "" {
				t.Errorf("a deleted user is %v", row)
			}
		}
	}
	if found != 2 {
		t.Errorf("%d assignments are left, want 2", found)
	}
}
