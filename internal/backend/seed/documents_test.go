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
