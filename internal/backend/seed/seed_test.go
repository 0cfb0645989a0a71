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
	got := []int{len(s.Tenants), len(s.Users), len(s.Groups), len(s.Applications), len(s.Tokens), len(s.Roles), len(s.Assignments)}
	if want := []int{2, 8, 6, 3, 2, 4, 9}; !cmp.Equal(got, want) {
		t.Errorf("tenants, users, groups, applications, tokens, roles, assignments: %v, want %v", got, want)
	}
	if s.Organization.DefaultCaller != s.Users[0].ID || s.Users[0].DisplayName != "Ada Lovelace" {
		t.Errorf("default caller %s, want Ada Lovelace, %s", s.Organization.DefaultCaller, s.Users[0].ID)
	}
}

func TestMarshalAndParseAgain(t *testing.T) {
	t.Parallel()
	c, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	before, err := parse(t, string(Default()))
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
	again, err := Marshal(after, c)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(file), string(again)); d != "" {
		t.Errorf("the second snapshot differs:\n%s", d)
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

type mistake struct{ file, want string }

// mistakes reads testdata/mistakes.txt, where each test is "== name", the lines of a seed, and "-> message".
func mistakes(t *testing.T) map[string]mistake {
	t.Helper()
	text, err := os.ReadFile("testdata/mistakes.txt")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]mistake{}
	for part := range strings.SplitSeq("\n"+string(text), "\n== ") {
		name, rest, _ := strings.Cut(part, "\n")
		file, want, ok := strings.Cut("\n"+rest, "\n-> ")
		if ok {
			tests[name] = mistake{strings.TrimPrefix(file, "\n"), "seed: " + strings.TrimSpace(want)}
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
	if _, err := parse(t, strings.Repeat("#", MaxSize+1)); err == nil || !strings.Contains(err.Error(), "at most") {
		t.Errorf("a file that is too large: %v", err)
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
	if s.Organization.ID != again.Organization.ID || s.Assignments[0].ID != again.Assignments[0].ID || !access.IsGUID(s.Roles[0].ID) {
		t.Error("derived ids differ from one time to the next")
	}
	u := s.Users[0]
	if u.Email != "ada@acme.example" || u.DisplayName != "ada@acme.example" || !u.Active || !u.InvitationAccepted || u.Source != model.SourceLocal {
		t.Errorf("user %+v", u)
	}
	r, a := s.Roles[0], s.Assignments[0]
	if r.Service != "Reinfer" || r.Shape != access.ShapeTenant || r.CreatedBy != model.SystemID || !r.CreatedOn.Equal(now) || !r.UpdatedOn.Equal(now) {
		t.Errorf("role %+v", r)
	}
	if a.Scope.String() != "/tenant/"+s.Tenants[0].ID+"/reinfer" || a.Type != model.AssignmentCustom || a.PrincipalKind != model.KindUser {
		t.Errorf("assignment %+v at %s", a, a.Scope)
	}
}

// FuzzParseSeed parses any file: the answer is an organization that its own snapshot reproduces, or a bounded error.
func FuzzParseSeed(f *testing.F) {
	f.Add(string(Default()))
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
