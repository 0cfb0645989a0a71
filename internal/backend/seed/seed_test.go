package seed

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/catalogue"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

var now = time.Date(2026, 3, 1, 12, 0, 0, 123456700, time.UTC)

func parse(t *testing.T, file string) (model.State, error) {
	t.Helper()
	c, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	return Parse([]byte(file), c, now)
}

func TestTheBuiltInOrganization(t *testing.T) {
	t.Parallel()
	s, err := parse(t, string(Default()))
	if err != nil {
		t.Fatal(err)
	}
	got := []int{
		len(s.Tenants), len(s.Users), len(s.Groups), len(s.Robots), len(s.Applications), len(s.Tokens), len(s.Folders), len(s.Projects),
		len(s.Roles), len(s.Assignments),
	}
	if want := []int{2, 9, 9, 3, 3, 2, 4, 7, 4, 9}; !cmp.Equal(got, want) {
		t.Errorf("tenants, users, groups, robots, applications, tokens, folders, projects, roles, assignments: %v, want %v", got, want)
	}
	if !s.Organization.ExternalDirectory || s.Organization.AutoProvisioning {
		t.Errorf("organization %+v: want an external directory without auto-provisioning", s.Organization)
	}
	if s.Organization.DefaultCaller != s.Users[0].ID || s.Users[0].DisplayName != "Ada Lovelace" {
		t.Errorf("default caller %s, want Ada Lovelace, %s", s.Organization.DefaultCaller, s.Users[0].ID)
	}
}

// below has assignments to every kind of principal, gone ones included, at every kind of place.
const below = `
organization: {name: acme, externalDirectory: true, autoProvisioning: true}
tenants: [{name: A, services: [Orchestrator, IXP, Document Understanding]}]
users:
  - {userName: ada, source: directory, creationTime: 2025-08-12T06:41:10.0901663Z, lastModificationTime: 2025-08-13T06:41:10Z}
  - {userName: radia, source: directory, added: false, bypassBasicAuthRestriction: true, legacyId: 1141202}
groups:
  - {name: G, members: [r, {application: ada}], creationTime: 2025-08-12T06:41:10Z}
  - {name: H, source: directory, added: false, members: [radia, G]}
  - {name: I, source: directory, members: [H]}
robotAccounts: [{name: r, displayName: Robot R, creationTime: 2025-08-12T06:41:10Z}, {name: ada}]
externalApplications:
  - {name: ada, secret: x, scopes: [b, a], userScopes: [c]}
  - {id: 3e000000-0000-4000-8000-000000000021, name: twin, secrets: [{id: 2, secret: y, description: D, expiryTime: 2027-01-01T00:00:00Z}, {secret: z}]}
  - {id: 3e000000-0000-4000-8000-000000000022, name: Twin, secrets: []}
  - {name: twin, confidential: false, redirectUri: "https://a.example", userScopes: [c]}
settings:
  - {key: a, value: "one\r\n two\t# \u2028 "}
  - {id: 7, user: ada, key: a}
  - {user: ada, key: A, value: "null"}
folders:
  - {name: Finance, tenant: A}
  - {id: 3e000000-0000-4000-8000-000000000011, name: Invoices, tenant: A, parent: FINANCE}
  - {name: Archive, tenant: A, parent: 3E000000-0000-4000-8000-000000000011}
projects:
  - {id: 00Ff, name: Supplier Mail, tenant: a, service: IXP}
  - {name: Supplier Mail, tenant: A, service: Document Understanding}
assignments:
  - {role: Access Viewer, principal: {robot: ada}, scope: {tenant: A, folder: finance/invoices}}
  - {role: Access Viewer, principal: r, scope: {tenant: A, folder: Finance/Invoices/Archive}}
  - {role: Access Viewer, principal: G, scope: {tenant: A, service: reinfer, project: supplier mail}}
  - {role: Access Viewer, principal: {user: ada}, scope: {tenant: A, service: Document Understanding, project: Supplier Mail}}
  - {role: Access Viewer, principal: {group: 3E000000-0000-4000-8000-000000000012}, scope: /tenant/A/reinfer/project/gone}
  - {role: {id: 3E000000-0000-4000-8000-000000000013}, principal: r, scope: /tenant/A/orchestrator/folder/gone}
  - {role: {id: 587D79D6-85DE-4EE7-819B-1EB19B85009B}, principal: {user: 3e000000-0000-4000-8000-000000000014}, scope: /}
`

func TestMarshalAndParseAgain(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{"built in": string(Default()), "everything": below} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before, err := parse(t, file)
			if err != nil {
				t.Fatal(err)
			}
			again(t, before)
		})
	}
}

// again writes an organization, reads it, and checks that nothing changed.
func again(t *testing.T, before model.State) {
	t.Helper()
	c, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	file, err := Marshal(before, c)
	if err != nil {
		t.Fatal(err)
	}
	after, err := Parse(file, c, now.Add(time.Hour))
	if err != nil {
		t.Fatalf("%v in:\n%s", err, file)
	}
	if d := cmp.Diff(before, after, cmp.Comparer(func(a, b access.Scope) bool { return a == b })); d != "" {
		t.Errorf("the snapshot differs (-before +after):\n%s", d)
	}
	second, err := Marshal(after, c)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(file), string(second)); d != "" {
		t.Errorf("the second snapshot differs:\n%s", d)
	}
}

func TestSecretsAndSettingsAreNumbered(t *testing.T) {
	t.Parallel()
	s, err := parse(t, below)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range s.Applications {
		for _, secret := range a.Secrets {
			got = append(got, fmt.Sprint(a.Name, " ", secret.ID, " ", secret.Description, secret.Expires.Year()))
		}
	}
	for _, one := range s.Settings {
		got = append(got, fmt.Sprintf("%s %d %q", one.Key, one.ID, one.Value))
	}
	// The next number follows the greatest one that is given.
	want := []string{"ada 3 1", "twin 2 D2027", "twin 4 1", `a 8 "one\r\n two\t# \u2028 "`, `a 7 ""`, `A 9 "null"`}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestPlacesAndTheirHolders(t *testing.T) {
	t.Parallel()
	s, err := parse(t, below)
	if err != nil {
		t.Fatal(err)
	}
	tenant := "/tenant/" + s.Tenants[0].ID.String()
	const invoices = "3e000000-0000-4000-8000-000000000011"
	if f := s.Folders[2]; f.ParentID != invoices || model.FolderPaths(s.Folders)[f.ID] != "Finance/Invoices/Archive" {
		t.Errorf("folder %+v", f)
	}
	for i, want := range []struct {
		kind  access.PrincipalType
		scope string
	}{
		{access.PrincipalRobot, tenant + "/orchestrator/folder/" + invoices},
		{access.PrincipalRobot, tenant + "/orchestrator/folder/" + s.Folders[2].ID.String()},
		{access.PrincipalGroup, tenant + "/reinfer/project/00ff"},
		{access.PrincipalUser, tenant + "/documentunderstanding/projects/" + s.Projects[1].ID},
		{access.PrincipalGroup, tenant + "/reinfer/project/gone"},
	} {
		if a := s.Assignments[i]; a.PrincipalType != want.kind || a.Scope.String() != want.scope {
			t.Errorf("assignment %d is held by a %s at %s, want %s at %s", i, a.PrincipalType, a.Scope, want.kind, want.scope)
		}
	}
	if got := s.Assignments[4].PrincipalID; got != "3e000000-0000-4000-8000-000000000012" {
		t.Errorf("who is gone is %s", got)
	}
	for i, want := range map[int]string{5: "3e000000-0000-4000-8000-000000000013", 6: "587d79d6-85de-4ee7-819b-1eb19b85009b"} {
		if got := s.Assignments[i].RoleID; got.String() != want {
			t.Errorf("the role of assignment %d is %s, want %s", i, got, want)
		}
	}
}

func TestMistakesAreNamedWithTheirLine(t *testing.T) {
	t.Parallel()
	for name, test := range mistakes(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := parse(t, test.file); err == nil || err.Error() != test.want {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

type wrongSeed struct{ file, want string }

// mistakes reads testdata/mistakes.txt, where each test is "== name", the lines of a seed, and "-> message".
func mistakes(t *testing.T) map[string]wrongSeed {
	t.Helper()
	text, err := os.ReadFile("testdata/mistakes.txt")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]wrongSeed{}
	for part := range strings.SplitSeq("\n"+string(text), "\n== ") {
		name, rest, _ := strings.Cut(part, "\n")
		file, want, ok := strings.Cut("\n"+rest, "\n-> ")
		if ok {
			tests[name] = wrongSeed{strings.TrimPrefix(file, "\n"), "seed: " + strings.TrimSpace(want)}
		}
	}
	const atLeast = 50
	if len(tests) < atLeast {
		t.Fatalf("%d tests in the file, want at least %d", len(tests), atLeast)
	}
	return tests
}

func TestManyMistakesAreBounded(t *testing.T) {
	t.Parallel()
	_, err := parse(t, "organization: {name: acme}\nusers:\n"+strings.Repeat("  - {}\n", 50_000))
	var failed *Error
	if !errors.As(err, &failed) || len(failed.Problems) != maxProblems || failed.More != 50_000-maxProblems {
		t.Errorf("got %v", err)
	}
	if _, err := Parse(make([]byte, MaxSize+1), nil, now); err == nil || !strings.Contains(err.Error(), "at most") {
		t.Errorf("a file that is too large: %v", err)
	}
	if _, err := parse(t, "organization: {name: acme}\n"+strings.Repeat("tenants: []\n", 50_000)); err == nil || !strings.Contains(err.Error(), "more") {
		t.Errorf("a key that stands very often: %v", err)
	}
	var keys strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&keys, "k%d: x\n", i)
	}
	if _, err := parse(t, keys.String()); err == nil || !strings.Contains(err.Error(), "50000 keys stand together; at most") {
		t.Errorf("very many keys: %v", err)
	}
	if _, err := parse(t, "organization: {name: "+strings.Repeat("x ", 5000)+"}"); err == nil || len(err.Error()) > 2*maxMessage {
		t.Errorf("a long value gives a message of %d bytes", len(err.Error()))
	}
}

func TestAliasBombsAreRefused(t *testing.T) {
	t.Parallel()
	bomb := "a: &a [x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'm'; c++ {
		bomb += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat("*"+string(c-1)+", ", 9), ", "))
	}
	if _, err := parse(t, bomb); err == nil {
		t.Error("accepted")
	}
}

func TestDefaultsOfASeed(t *testing.T) {
	t.Parallel()
	const file = `
organization: {name: acme}
tenants: [{name: A}]
users: [{userName: ada@acme.example}]
roles: [{name: R, description: D, tenant: a, service: ixp}]
assignments: [{role: R, principal: ADA@acme.example, scope: /Tenant/a/Reinfer}]
`
	s, err := parse(t, file)
	if err != nil {
		t.Fatal(err)
	}
	again, err := parse(t, file)
	if err != nil {
		t.Fatal(err)
	}
	if s.Organization.ID != again.Organization.ID || s.Assignments[0].ID != again.Assignments[0].ID || access.OptionalGUID(s.Roles[0].ID.String()) == "" {
		t.Error("derived ids differ from one time to the next")
	}
	u := s.Users[0]
	if u.Email != "ada@acme.example" || u.DisplayName != "ada@acme.example" || !u.Active || !u.InvitationAccepted || u.Source != access.SourceLocal {
		t.Errorf("user %+v", u)
	}
	r, a := s.Roles[0], s.Assignments[0]
	if r.Service != "Reinfer" || r.Shape != access.ShapeTenant || r.CreatedBy != model.SystemID || !r.CreatedOn.Equal(now) || !r.UpdatedOn.Equal(now) {
		t.Errorf("role %+v", r)
	}
	if a.Scope.String() != "/tenant/"+s.Tenants[0].ID.String()+"/reinfer" || a.Type != access.AssignmentCustom || a.PrincipalType != access.PrincipalUser {
		t.Errorf("assignment %+v at %s", a, a.Scope)
	}
}

// FuzzParseSeed parses any file: the answer is an organization that its own snapshot reproduces, or a bounded error.
func FuzzParseSeed(f *testing.F) {
	f.Add(string(Default()))
	f.Add(below)
	for _, file := range []string{
		"", "organization: {name: acme}", "organization: &a {name: *a}", "- - - -", "organization: {name: a}\ntenants: [{name: !!binary aGk=}]",
		"organization: {name: a}\nusers: [{userName: \"\\0\"}]", "organization: {? {a: b} : c}", "organization: {<<: {name: a}}", "%YAML 1.2\n---\n...",
		"organization: {name: a}\nusers: [{userName: x, email: y}]\ngroups: [{name: y, members: [{user: y}]}]",
	} {
		f.Add(file)
	}
	c, err := catalogue.Load()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, file string) {
		s, err := Parse([]byte(file), c, now)
		if err != nil {
			var failed *Error
			if !errors.As(err, &failed) || len(failed.Problems) == 0 || len(failed.Problems) > maxProblems {
				t.Fatalf("error %#v", err)
			}
			return
		}
		snapshot, err := Marshal(s, c)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse(snapshot, c, now.Add(time.Hour))
		if err != nil {
			t.Fatalf("%v in the snapshot:\n%s", err, snapshot)
		}
		second, err := Marshal(again, c)
		if err != nil || string(second) != string(snapshot) {
			t.Fatalf("%v; the second snapshot differs:\n%s\n%s", err, snapshot, second)
		}
	})
}
