package audit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

const (
	production = "1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90"
	goneTenant = "1e6a0c52-3f4b-4d8e-9a71-0000000000ff"
	ada        = "3a000000-0000-4000-8000-000000000001"
	grace      = "3a000000-0000-4000-8000-000000000002"
	nobody     = "3a000000-0000-4000-8000-0000000000ff"
	auditors   = "3b000000-0000-4000-8000-000000000001"
	viewer     = "3d000000-0000-4000-8000-000000000001"
	goneRole   = "3d000000-0000-4000-8000-0000000000ff"
	finance    = "4a000000-0000-4000-8000-000000000001"
)

// fake is a server in memory. It has the tenant Production, the folder Finance in it, two users, a group, and one role.
type fake struct {
	// export is the file; without one the export is forbidden.
	export  *file
	listing []uipath.Assignment
	// refused makes a method fail, by its name.
	refused map[string]error
	// directory are the types that the directory was asked for.
	directory []access.PrincipalType
}

func (f *fake) Organization() uipath.Organization {
	return uipath.Organization{ID: "9a2f4c1e-7b3d-4f58-a6e0-1d5c8b7f3e21", Name: "acme"}
}

func (f *fake) Roles(context.Context) ([]uipath.Role, error) {
	return []uipath.Role{{
		ID: viewer, Name: "Viewer", Type: access.RoleBuiltIn, Shape: access.ShapeTenantGlobal, Service: access.MultiService.Name,
	}}, f.refused["Roles"]
}

func (f *fake) Tenant(_ context.Context, id string) (uipath.Tenant, error) {
	if id != production {
		return uipath.Tenant{}, fmt.Errorf("there is no tenant %s", id)
	}
	return uipath.Tenant{ID: production, Name: "Production"}, nil
}

func (f *fake) Folder(_ context.Context, tenant access.GUID, key string) (uipath.Folder, error) {
	switch {
	case tenant != production:
		return uipath.Folder{}, errors.New("the folders cannot be read")
	case key != finance:
		return uipath.Folder{}, uipath.ErrNotFound
	}
	return uipath.Folder{Key: key, Name: "Finance"}, nil
}

func (f *fake) Project(_ context.Context, tenant access.GUID, service access.Service, id string) (uipath.Project, error) {
	switch {
	case tenant != production, service.Slug != "documentunderstanding":
		return uipath.Project{}, errors.New("the projects cannot be read")
	case id != "b":
		return uipath.Project{}, uipath.ErrNotFound
	}
	return uipath.Project{ID: id, Name: "Contracts"}, nil
}

// ExportAssignments reads the file in two attempts, the first of which breaks off.
func (f *fake) ExportAssignments(_ context.Context, _ bool, into uipath.ExportReader) error {
	if f.export == nil {
		return uipath.ErrForbidden
	}
	for _, lines := range [][]uipath.ExportLine{f.export.Lines[:len(f.export.Lines)/2], f.export.Lines} {
		into.Begin(f.export.Header)
		for _, line := range lines {
			into.Line(line)
		}
	}
	return f.refused["ExportAssignments"]
}

func (f *fake) Assignments(context.Context, access.Scope, uipath.Reach) ([]uipath.Assignment, error) {
	return f.listing, f.refused["Assignments"]
}

func (f *fake) GroupMembers(_ context.Context, group access.GUID) (map[access.GUID]access.PrincipalType, error) {
	if group != auditors {
		return nil, uipath.ErrNotFound
	}
	return map[access.GUID]access.PrincipalType{grace: access.PrincipalUser, nobody: access.PrincipalUser}, f.refused["GroupMembers"]
}

func (f *fake) Principals(_ context.Context, t access.PrincipalType) ([]uipath.Principal, error) {
	f.directory = append(f.directory, t)
	return map[access.PrincipalType][]uipath.Principal{
		access.PrincipalUser: {
			{ID: ada, Type: t, Name: "Ada Lovelace", Email: "ada@acme.example"},
			{ID: grace, Type: t, Name: "Grace Hopper", Email: "grace@acme.example", Source: "directory"},
		},
		access.PrincipalGroup: {{ID: auditors, Type: t, Name: "Auditors"}},
	}[t], f.refused["Principals"]
}

// file is the vendor's file.
type file struct {
	Header string
	Lines  []uipath.ExportLine
}

// encodeCSV is a record as a line of our own.
func encodeCSV(cells []string) string {
	var f csvFile
	f.begin("")
	f.record(cells)
	return f.text.String()
}

// exported is a file with a line of each record.
func exported(records ...access.ExportRecord) *fake {
	export := file{Header: encodeCSV(access.ExportHeader())}
	for _, record := range records {
		export.Lines = append(export.Lines, uipath.ExportLine{ExportRecord: record, Text: encodeCSV(record.Cells())})
	}
	return &fake{export: &export}
}

// held is an assignment of the role Viewer to a principal at a path.
func held(t *testing.T, principal access.GUID, path string) uipath.Assignment {
	t.Helper()
	scope, err := access.ParseScope(path)
	if err != nil {
		t.Fatal(err)
	}
	a := uipath.Assignment{
		Key: uipath.AssignmentKey{RoleID: viewer, PrincipalID: principal, Scope: scope}, ID: "5a000000-0000-4000-8000-000000000001",
		PrincipalType: access.PrincipalUser, PrincipalName: "Ada Lovelace", PrincipalEmail: "ada@acme.example", RoleName: "Viewer", Type: "Custom", Mutable: true,
	}
	if principal == auditors {
		a.PrincipalType, a.PrincipalName, a.PrincipalEmail = access.PrincipalGroup, "Auditors", ""
	}
	return a
}

// all asks for everything in the organization, with changes to the query.
func all(t *testing.T, client Client, changes ...func(*Query)) *Report {
	t.Helper()
	query := Query{Scope: access.Organization, Reach: uipath.Reach{Below: true}, ResolvePrincipals: true}
	for _, change := range changes {
		change(&query)
	}
	report, err := Read(t.Context(), client, query)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// escaped asks for a file that a spreadsheet may open, and csvOnly for no rows.
func escaped(q *Query) { q.EscapeFormulas = true }
func csvOnly(q *Query) { q.CSVOnly = true }

func tristate(b *bool) string {
	if b == nil {
		return "unknown"
	}
	return fmt.Sprint(*b)
}

// TestScopeExists tells what is gone from either source. What the listing cannot tell is marked.
func TestScopeExists(t *testing.T) {
	t.Parallel()
	const below = "/tenant/" + production
	for _, test := range []struct {
		path, names, folder string
		exported, listed    string
	}{
		{path: "/", names: "/", exported: "true", listed: "true"},
		{path: below, names: "/tenant/Production", exported: "true", listed: "true"},
		{path: "/tenant/" + goneTenant, names: "/tenant/" + goneTenant, exported: "false", listed: "false"},
		{path: "/tenant/" + goneTenant + "/taskmining/project/a", names: "/tenant/x/Task Mining/project/Study", exported: "false", listed: "false"},
		{path: "/tenant/" + goneTenant + "/orchestrator/folder/" + finance, folder: "Finance", exported: "false", listed: "false"},
		{path: below + "/orchestrator/folder/" + finance, folder: "Finance", exported: "true", listed: "true"},
		{path: below + "/orchestrator/folder/" + viewer, exported: "false", listed: "false"},
		{path: below + "/taskmining/project/a", names: "/tenant/Production/Task Mining/project/Study", exported: "true", listed: "unknown"},
		{path: below + "/taskmining/project/a", names: "/tenant/Production/Task Mining/project/A", exported: "false", listed: "unknown"},
		{path: below + "/documentunderstanding/project/b", names: "/tenant/Production/Document Understanding/projects/Contracts", exported: "true", listed: "true"},
		{path: below + "/documentunderstanding/project/c", names: "/tenant/Production/Document Understanding/projects/c", exported: "false", listed: "false"},
		{path: below + "/testmanager/project/b", names: "/tenant/Production/Test Manager/project/Regression", exported: "true", listed: "unknown"},
		{path: "/app/1", exported: "unknown"},
	} {
		rows := all(t, exported(access.ExportRecord{Scope: test.path, ScopeWithDisplayNames: test.names, FolderName: test.folder})).Rows
		if len(rows) != 1 || tristate(rows[0].ScopeExists) != test.exported {
			t.Errorf("%s (%s) in the export: %s, want %s", test.path, test.names, tristate(rows[0].ScopeExists), test.exported)
		}
		if test.listed == "" {
			continue
		}
		rows = all(t, &fake{listing: []uipath.Assignment{held(t, ada, test.path)}}).Rows
		if len(rows) != 1 || tristate(rows[0].ScopeExists) != test.listed {
			t.Errorf("%s in the listing: %s, want %s", test.path, tristate(rows[0].ScopeExists), test.listed)
		}
	}
}

// TestShownScope names what has a name.
func TestShownScope(t *testing.T) {
	t.Parallel()
	const below = "/tenant/" + production
	for path, want := range map[string]string{
		"/": "/", "/taskmining": "/Task Mining", below: "/tenant/Production", "/tenant/" + goneTenant: "/tenant/" + goneTenant,
		below + "/reinfer":                         "/tenant/Production/IXP",
		below + "/orchestrator/folder/" + finance:  "/tenant/Production/Orchestrator/folder/Finance",
		below + "/orchestrator/folder/" + viewer:   "/tenant/Production/Orchestrator/folder/" + viewer,
		below + "/taskmining/project/a":            "/tenant/Production/Task Mining/project/a",
		below + "/documentunderstanding/project/b": "/tenant/Production/Document Understanding/projects/Contracts",
		below + "/documentunderstanding/project/c": "/tenant/Production/Document Understanding/projects/c",
		below + "/testmanager/project/b":           "/tenant/Production/Test Manager/project/b",
	} {
		row := all(t, &fake{listing: []uipath.Assignment{held(t, ada, path)}}).Rows[0]
		if row.ScopeWithDisplayNames != want {
			t.Errorf("%s is shown as %s, want %s", path, row.ScopeWithDisplayNames, want)
		}
	}
}

// TestEffective judges what a grant does, and whether its role is there.
func TestEffective(t *testing.T) {
	t.Parallel()
	const tenant, service = "/tenant/" + production, "/tenant/" + production + "/orchestrator"
	for name, test := range map[string]struct {
		record                access.ExportRecord
		effective, roleExists string
	}{
		"at its place":            {access.ExportRecord{RoleID: viewer, RoleName: "Viewer", Scope: tenant}, "true", "true"},
		"in upper case":           {access.ExportRecord{RoleID: strings.ToUpper(viewer), Scope: strings.ToUpper(tenant)}, "true", "true"},
		"elsewhere":               {access.ExportRecord{RoleID: viewer, RoleName: "Viewer", Scope: service}, "false", "true"},
		"made by the platform":    {access.ExportRecord{RoleID: viewer, Scope: service, RoleAssignmentType: "BUILTIN"}, "true", "true"},
		"of a role that is gone":  {access.ExportRecord{RoleID: goneRole, Scope: tenant}, "false", "false"},
		"of an invisible role":    {access.ExportRecord{RoleID: goneRole, RoleName: "Secret", Scope: tenant}, "unknown", "true"},
		"at an unreadable scope":  {access.ExportRecord{RoleID: viewer, RoleName: "Viewer", Scope: "/app/1"}, "unknown", "true"},
		"gone, by the platform":   {access.ExportRecord{RoleID: goneRole, Scope: tenant, RoleAssignmentType: "BuiltIn"}, "false", "false"},
		"of a role without an id": {access.ExportRecord{RoleName: "Viewer", Scope: tenant}, "unknown", "true"},
	} {
		row := all(t, exported(test.record)).Rows[0]
		if tristate(row.Effective) != test.effective || fmt.Sprint(row.RoleExists) != test.roleExists {
			t.Errorf("%s: effective %s, role exists %t", name, tristate(row.Effective), row.RoleExists)
		}
	}
}

// TestPrincipals names everybody, and tells who is gone if the directory may be asked.
func TestPrincipals(t *testing.T) {
	t.Parallel()
	records := []access.ExportRecord{
		{SecurityPrincipalID: ada, SecurityPrincipalType: "User", SecurityPrincipalDisplayName: "Ada", SecurityPrincipalEmail: "a@acme.example"},
		{SecurityPrincipalID: grace, SecurityPrincipalType: "User", SecurityPrincipalEmail: "g@acme.example"},
		{SecurityPrincipalID: strings.ToUpper(grace), SecurityPrincipalType: "User"},
		{SecurityPrincipalID: nobody, SecurityPrincipalType: "User"},
	}
	for i := range records {
		records[i].Scope = "/"
	}
	for resolve, want := range map[bool][]string{
		true:  {"Ada true", "g@acme.example true", "Grace Hopper true", nobody + " false"},
		false: {"Ada true", "g@acme.example true", strings.ToUpper(grace) + " unknown", nobody + " unknown"},
	} {
		client := exported(records...)
		report, err := Read(t.Context(), client, Query{Scope: access.Organization, ResolvePrincipals: resolve})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, row := range report.Rows {
			got = append(got, row.PrincipalName+" "+tristate(row.PrincipalExists))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("with the directory %t:\n%s", resolve, diff)
		}
		if asked := slices.Equal(client.directory, []access.PrincipalType{access.PrincipalUser}); asked != resolve {
			t.Errorf("with the directory %t it was asked for %v", resolve, client.directory)
		}
	}
}

// TestWanted keeps what the query reaches.
func TestWanted(t *testing.T) {
	t.Parallel()
	var records []access.ExportRecord
	for _, path := range []string{"/", "/tenant/" + production, "/tenant/" + production + "/taskmining", "/tenant/" + goneTenant, "/app/1"} {
		records = append(records, access.ExportRecord{Scope: path})
	}
	at := access.TenantScope(production)
	for name, test := range map[string]struct {
		query Query
		want  []int
	}{
		"exact":        {Query{Scope: at}, []int{1}},
		"above":        {Query{Scope: at, Reach: uipath.Reach{Above: true}}, []int{0, 1}},
		"below":        {Query{Scope: at, Reach: uipath.Reach{Below: true}}, []int{1, 2}},
		"organization": {Query{Scope: access.Organization}, []int{0}},
		"everything":   {Query{Scope: access.Organization, Reach: uipath.Reach{Below: true}}, []int{0, 1, 2, 3, 4}},
	} {
		report, err := Read(t.Context(), exported(records...), test.query)
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, row := range report.Rows {
			i := slices.IndexFunc(records, func(r access.ExportRecord) bool { return r.Scope == row.Scope })
			got = append(got, i)
			if row.Inherited != (i == 0 && test.query.Scope == at) || row.Mutable == row.Inherited {
				t.Errorf("%s: %s is inherited %t, mutable %t", name, row.Scope, row.Inherited, row.Mutable)
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: rows %v, want %v", name, got, test.want)
		}
	}
}

// TestMutable is what can be removed at the scope.
func TestMutable(t *testing.T) {
	t.Parallel()
	for want, record := range map[bool]access.ExportRecord{
		true: {Scope: "/"}, false: {Scope: "/", InheritedFromGroupID: auditors},
	} {
		if row := all(t, exported(record)).Rows[0]; row.Mutable != want {
			t.Errorf("%+v is mutable: %t", record, row.Mutable)
		}
	}
	if row := all(t, exported(access.ExportRecord{Scope: "/", RoleAssignmentType: "builtin"})).Rows[0]; row.Mutable {
		t.Error("what the platform made is mutable")
	}
}

// TestListingExpandsGroups adds a row for each member, who holds what the group holds and cannot lose it alone.
func TestListingExpandsGroups(t *testing.T) {
	t.Parallel()
	client := &fake{listing: []uipath.Assignment{held(t, auditors, "/"), held(t, ada, "/")}}
	report, err := Read(t.Context(), client, Query{Scope: access.Organization, ExpandGroups: true, ResolvePrincipals: true})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range report.Rows {
		got = append(got, fmt.Sprintf("%s %s %s, through %s, mutable %t", row.PrincipalName, row.SecurityPrincipalEmail,
			row.SecurityPrincipalDisplayName, row.InheritedFromGroupName, row.Mutable))
	}
	want := []string{
		nobody + "  , through Auditors, mutable false",
		"Ada Lovelace ada@acme.example Ada Lovelace, through , mutable true",
		"Auditors  Auditors, through , mutable true",
		// The file has no display name of users of an external directory.
		"grace@acme.example grace@acme.example , through Auditors, mutable false",
	}
	if diff := cmp.Diff(want, got); diff != "" || report.Source != Listing {
		t.Errorf("from the %s:\n%s", report.Source, diff)
	}
}

// TestReadFails returns what went wrong, wherever that was, and never half a report.
func TestReadFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("the server is down")
	for method, test := range map[string]struct {
		client *fake
		want   string
	}{
		"Roles":             {&fake{}, "the server is down"},
		"ExportAssignments": {exported(), "the server is down"},
		"Assignments":       {&fake{}, "the server is down"},
		"GroupMembers":      {&fake{listing: []uipath.Assignment{held(t, auditors, "/")}}, `group "Auditors" (` + auditors + "): the server is down"},
		"Principals":        {&fake{}, "read principals of type User: the server is down"},
	} {
		test.client.refused = map[string]error{method: broken}
		report, err := Read(t.Context(), test.client, Query{Scope: access.Organization, ExpandGroups: true, ResolvePrincipals: true})
		if report != nil || !errors.Is(err, broken) || err.Error() != test.want {
			t.Errorf("%s: %v, %v", method, report, err)
		}
		if directory, ok := errors.AsType[*DirectoryError](err); ok != (method == "Principals") || ok && directory.PrincipalType != access.PrincipalUser {
			t.Errorf("%s: the directory cannot be read: %t, %+v", method, ok, directory)
		}
	}
}

// TestCSV writes the vendor's lines as they are, and escapes what a spreadsheet would run.
func TestCSV(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r=1", "plain": "plain", "a=1": "a=1", "": "", "'=1": "'=1",
	} {
		client := exported(access.ExportRecord{Scope: "/", RoleName: cell})
		client.export.Lines[0].Text = "as the vendor wrote it\r\n"
		report := all(t, client)
		if got := report.CSV.String(); got != client.export.Header+"as the vendor wrote it\r\n" {
			t.Errorf("the file is %q", got)
		}
		want = client.export.Header + encodeCSV(access.ExportRecord{Scope: "/", RoleName: want}.Cells())
		if got := all(t, client, escaped).CSV.String(); got != want {
			t.Errorf("%q is escaped as %q", cell, got)
		}
		if report.Rows[0].RoleName != cell {
			t.Errorf("escaping the file changed the row to %q", report.Rows[0].RoleName)
		}
	}
	keep := func(q *Query) {
		q.Keep = func(row access.ExportRecord) bool { return row.SecurityPrincipalID == grace }
	}
	listed := all(t, &fake{listing: []uipath.Assignment{held(t, grace, "/"), held(t, ada, "/")}}, keep)
	if got, want := listed.CSV.String(), encodeCSV(access.ExportHeader())+encodeCSV(listed.Rows[0].Cells()); got != want || len(listed.Rows) != 1 {
		t.Errorf("of the listing the file is %q, want %q", got, want)
	}
	client := exported(access.ExportRecord{SecurityPrincipalID: ada, Scope: "/"}, access.ExportRecord{SecurityPrincipalID: grace, Scope: "/"})
	filtered := all(t, client, keep)
	if got, want := filtered.CSV.String(), client.export.Header+client.export.Lines[1].Text; got != want || len(filtered.Rows) != 1 {
		t.Errorf("of the export the file is %q, want %q", got, want)
	}
}

// Without rows the file is the same, and the directory is asked only for what stands in it.
func TestCSVOnly(t *testing.T) {
	t.Parallel()
	records := []access.ExportRecord{{SecurityPrincipalID: ada, SecurityPrincipalType: "User", Scope: "/"}, {Scope: "/", RoleName: "=1"}}
	for name, client := range map[string]*fake{
		"export": exported(records...), "listing": {listing: []uipath.Assignment{held(t, grace, "/"), held(t, ada, "/")}},
	} {
		for _, change := range []func(*Query){func(*Query) {}, escaped} {
			want := all(t, client, change)
			client.directory = nil
			got := all(t, client, change, csvOnly)
			if got.CSV.String() != want.CSV.String() || got.CSV.Len() != len(want.CSV.String()) || got.CSV.Len() == 0 || got.Rows != nil || string(got.Source) != name {
				t.Errorf("%s: %q and %d rows, want %q", got.Source, got.CSV, len(got.Rows), want.CSV)
			}
			if name == "export" && len(client.directory) > 0 {
				t.Errorf("the directory was asked for %v", client.directory)
			}
		}
	}
}
