package seed

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/catalogue"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// longSeed is a seed in one document, with more of everything than one document of a snapshot has.
func longSeed() string {
	const many = 600
	var s strings.Builder
	s.WriteString("organization: {name: acme, defaultCaller: {application: app-599}}\ntenants: [{name: Main, services: [Orchestrator]}]\n")
	for key, format := range map[string]string{
		"users":                "{userName: user-%[1]d, name: name %[1]d, surname: a long surname}",
		"robotAccounts":        "{name: robot-%[1]d}",
		"externalApplications": "{name: app-%[1]d, secret: secret-%[1]d}",
		"personalAccessTokens": "{user: user-%[1]d, token: token-%[1]d, expires: 2030-01-31T12:00:00Z}",
		"folders":              "{tenant: Main, name: folder-%[1]d}",
		"roles":                "{name: role-%[1]d, description: \"a role: %[1]d\\n\", tenant: Main, permissions: [ORCHESTRATOR.ROBOTS.VIEW]}",
		"assignments":          "{role: role-%[1]d, principal: group-%[1]d, scope: /tenant/Main, createdBy: user-%[1]d}",
		// Each group is in the one before it by name, and so comes later than what names it.
		"groups": "{name: group-%[1]d, members: [{group: group-%[2]d}, user-%[1]d, robot-%[1]d]}",
	} {
		s.WriteString(key + ":\n")
		for n := range many {
			fmt.Fprintf(&s, "  - "+strings.ReplaceAll(format, "%[2]d", fmt.Sprint((n+1)%many))+"\n", n)
		}
	}
	return s.String()
}

func TestALongSnapshotHasSeveralDocuments(t *testing.T) {
	t.Parallel()
	s, err := parse(t, longSeed())
	if err != nil {
		t.Fatal(err)
	}
	again(t, s)
	c, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	file, err := Marshal(s, c)
	if err != nil {
		t.Fatal(err)
	}
	documents := strings.Split(string(file), "\n---\n")
	const atLeast = 3
	if len(documents) < atLeast {
		t.Errorf("the snapshot has %d documents", len(documents))
	}
	for i, text := range documents {
		if len(text) > 2*documentSize {
			t.Errorf("document %d has %d bytes", i, len(text))
		}
	}
}

// failingWriter has room for so many bytes.
type failingWriter struct{ room int }

var errFull = errors.New("full")

func (w *failingWriter) Write(p []byte) (int, error) {
	if w.room -= len(p); w.room < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestWritingEndsWithTheFirstError(t *testing.T) {
	t.Parallel()
	c, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	s, err := parse(t, string(Default()))
	if err != nil {
		t.Fatal(err)
	}
	errUnreadable := errors.New("unreadable")
	rows := func(yield func(model.Assignment, error) bool) {
		for n := range 2 * partLength {
			if !yield(model.Assignment{ID: access.GUID(fmt.Sprint(n))}, nil) {
				return
			}
		}
		yield(model.Assignment{}, errUnreadable)
	}
	for room, want := range map[int]error{0: errFull, 100: errFull, 20_000: errFull, 1 << 20: errUnreadable} {
		if err := Write(&failingWriter{room}, s, rows, c); !errors.Is(err, want) {
			t.Errorf("room for %d bytes: got %v, want %v", room, err, want)
		}
	}
}

func TestADocumentThatIsTooLongIsRefused(t *testing.T) {
	t.Parallel()
	const limit = 2000
	read := func(file string) (documents int, err error) {
		var p problems
		d := newDecoder(&p, []byte(file))
		for d.limit = limit; d.next(); {
			documents++
		}
		return documents, p.err()
	}
	short := "tenants: [{name: " + strings.Repeat("x", limit/2) + "}]\n"
	if n, err := read(short + "---\n" + short + "---\n" + short); n != 3 || err != nil {
		t.Errorf("three documents that are short enough: %d, %v", n, err)
	}
	long := strings.Repeat("# a comment\n", limit/10)
	for _, file := range []string{long, short + "---\n" + long, short + long + "---\n" + short, short[:20] + strings.Repeat("x", 2*limit) + "}]"} {
		if n, err := read(file); n > 1 || err == nil || !strings.Contains(err.Error(), "too long: at most 2000 bytes are read") {
			t.Errorf("%d documents are read, %v", n, err)
		}
	}
}

// What is written by hand must be what yaml writes.
func TestRowsOfAssignmentsAreThoseOfYAML(t *testing.T) {
	t.Parallel()
	c, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	const odd = `
organization: {name: acme}
tenants: [{name: "1e5"}, {name: "null"}, {name: "0x1f"}]
users: [{userName: "yes"}, {userName: "a: b, {c}"}, {userName: "#"}, {userName: "two\nlines"}, {userName: "ü 𝄞 \x07"}, {userName: "principal: x"}]
roles:
  - {name: "0", description: x, tenant: "1e5"}
  - {name: "role: [1, 2]", description: x, tenant: "null"}
  - {name: " '\"", description: x, shape: Organization}
assignments:
  - {id: 00000000-0000-0000-0000-000000000001, role: "0", principal: "yes", scope: /tenant/1e5}
  - {id: 1e111111-1111-1111-1111-111111111111, role: "role: [1, 2]", principal: "a: b, {c}", scope: /tenant/null/reinfer/project/00}
  - {role: " '\"", principal: "#", scope: /}
  - {role: "0", principal: "two\nlines", scope: /tenant/0x1f/orchestrator/folder/1e5}
  - {role: "0", principal: "ü 𝄞 \x07", scope: /licensing, createdOn: 2026-01-02T03:04:05.1234567+02:00}
  - {role: {id: 00000000-0000-0000-0000-000000000002}, principal: "principal: x", scope: /}
  - {role: "0", principal: {robot: 00000000-0000-0000-0000-000000000003}, scope: /, type: BuiltIn, updatedBy: 00000000-0000-0000-0000-000000000004}
`
	for name, text := range map[string]string{"built in": string(Default()), "odd names": odd, "places": below, "long": longSeed()} {
		s, err := parse(t, text)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		again(t, s)
		rows := assignmentRows{writer: newWriter(s, c), lines: map[any]string{}}
		for _, a := range s.Assignments {
			want, err := encode(assignmentsKey, []assignmentEntry{{
				a.ID.String(), rows.role(a), rows.holder(a), scopeRef{scalar: scalar{rows.path(a.Scope)}}, string(a.Type), writeStamp(a.Stamp),
			}})
			if err != nil {
				t.Fatal(err)
			}
			got, err := rows.row(a)
			if err != nil || assignmentsKey+":\n"+string(got) != string(want) {
				t.Errorf("%s: got %v\n%s\nwant\n%s", name, err, got, want)
			}
		}
	}
}
