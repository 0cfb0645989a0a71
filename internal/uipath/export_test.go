package uipath

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// exportFile is a file with all columns in the documented order and two lines, one of them of two.
func exportFile() string {
	return strings.Join(access.ExportHeader(), ",") + "\r\n" +
		`1,"Auditor, ""senior""",2,"reads` + "\r\n" + `all",CUSTOM,Custom,/,/,Multi-service,3,User,ada@acme.test,Ada,,,,acme,4,,5,Bob,2026-01-01T00:00:00Z,,,` + "\r\n" +
		`6,Viewer,7,,BUILTIN,BuiltIn,/tenant/8,/tenant/Prod,Multi-service,9,Group,,Staff,,,Prod,acme,4,8,5,Bob,2026-01-01T00:00:00Z,,,` + "\r\n"
}

// exported is a file as a reader gets it.
type exported struct {
	Header string
	Lines  []ExportLine
	begun  int
}

func (e *exported) Begin(header string) {
	e.begun++
	e.Header, e.Lines = header, nil
}

func (e *exported) Line(line ExportLine) { e.Lines = append(e.Lines, line) }

// export reads the file.
func export(ctx context.Context, c *Client, expandGroups bool) (*exported, error) {
	file := &exported{}
	err := c.ExportAssignments(ctx, expandGroups, file)
	return file, err
}

// parsed reads a file from text, a byte at a time.
func parsed(text string) (*exported, error) {
	file := &exported{}
	err := parseExport(iotest.OneByteReader(strings.NewReader(text)), file)
	return file, err
}

// whole returns the file that an export was read from.
func (e *exported) whole() string {
	var text strings.Builder
	text.WriteString(e.Header)
	for _, line := range e.Lines {
		text.WriteString(line.Text)
	}
	return text.String()
}

func downloads(f *fake) int {
	return len(f.sent("GET /" + orgID + "/pap_/api/userroleassignments/export"))
}

func TestExport(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.exports = map[bool]string{false: exportFile(), true: strings.Join(access.ExportHeader(), ",") + "\n"}
	c := f.client(t)
	var accepted string
	f.on(func(_ http.ResponseWriter, r *http.Request, _ string) bool {
		accepted = r.Header.Get("Accept")
		return false
	})
	file, err := export(t.Context(), c, false)
	if err != nil || len(file.Lines) != 2 || file.whole() != exportFile() {
		t.Fatalf("ExportAssignments = %+v, %v", file, err)
	}
	got := map[string]string{}
	for i, cell := range file.Lines[0].Cells() {
		if name := access.ExportHeader()[i]; slices.Contains([]string{"Id", "RoleName", "RoleDescription", "CreatedOn", "ProjectId"}, name) {
			got[name] = cell
		}
	}
	want := map[string]string{
		"Id": "1", "RoleName": `Auditor, "senior"`, "RoleDescription": "reads\nall", "CreatedOn": "2026-01-01T00:00:00Z", "ProjectId": "",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the first line (-want +got):\n%s", diff)
	}
	if !strings.HasPrefix(file.Lines[1].Text, "6,Viewer") || !strings.HasPrefix(accepted, "text/csv") {
		t.Errorf("the second line is %q; Accept was %q", file.Lines[1].Text, accepted)
	}
	if file, err = export(t.Context(), c, true); err != nil || len(file.Lines) != 0 {
		t.Errorf("ExportAssignments with groups = %+v, %v", file, err)
	}
	const request = "GET /" + orgID + "/pap_/api/userroleassignments/export?expandgroupmemberships=false&exportoutputtype=csv"
	if sent := f.sent(""); len(sent) != 2 || sent[0] != request {
		t.Errorf("requests %v, want %s and one for the other file", sent, request)
	}
}

// A hundred readers cost one request, also where they are refused.
func TestExportIsShared(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]map[bool]string{"allowed": {false: exportFile()}, "forbidden": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.exports = files
			c := f.client(t)
			var group sync.WaitGroup
			for range 100 {
				group.Go(func() {
					file, err := export(t.Context(), c, false)
					if files == nil && !errors.Is(err, ErrForbidden) || files != nil && (err != nil || len(file.Lines) != 2) {
						t.Errorf("ExportAssignments = %+v, %v", file, err)
					}
				})
			}
			group.Wait()
			if got := downloads(f); got != 1 {
				t.Errorf("%d requests", got)
			}
		})
	}
}

// A reader after a write sees it, whatever became of the write.
func TestExportAfterAWrite(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(context.Context, *fake, *Client) error{
		"granted": func(ctx context.Context, _ *fake, c *Client) error { return c.Assign(ctx, grantOf(1, 1, scopes[1])) },
		"removed": func(ctx context.Context, f *fake, c *Client) error {
			f.grant(keyOf(1, 1, scopes[1]))
			return c.Unassign(ctx, keyOf(1, 1, scopes[1]))
		},
		"refused": func(ctx context.Context, _ *fake, c *Client) error {
			if err := c.Assign(ctx, Grant{AssignmentKey{badRole, principalID(1), scopes[1]}, access.PrincipalUser}); err == nil {
				return errors.New("a bad role was granted")
			}
			return nil
		},
		"unknown": func(ctx context.Context, f *fake, c *Client) error {
			f.losesChanges(-1, false, failures["500"])
			if err := c.Assign(ctx, grantOf(1, 1, scopes[1])); err == nil {
				return errors.New("no answer counts as a good one")
			}
			return nil
		},
		"landed late": func(ctx context.Context, f *fake, c *Client) error {
			var read sync.Once
			var early error
			var lost atomic.Bool
			f.on(func(w http.ResponseWriter, r *http.Request, _ string) bool {
				if r.Method == http.MethodPatch {
					lost.Store(true)
					answerJSON(w, http.StatusInternalServerError, `{"title":"boom"}`)
					return true
				}
				if lost.Load() && r.URL.Query().Has("securityPrincipalId") {
					read.Do(func() {
						// This reader is too early, and comes after the request whose answer was lost.
						_, early = export(ctx, c, false)
						f.grant(keyOf(1, 1, scopes[1]), func(a *assignmentAnswer) { a.CreatedBy, a.CreatedOn = subjectID, stamp(start) })
					})
				}
				return false
			})
			return errors.Join(c.Assign(ctx, grantOf(1, 1, scopes[1])), early)
		},
		"role renamed": func(ctx context.Context, f *fake, c *Client) error {
			f.seed(1)
			_, err := c.UpdateRole(ctx, roleID(1), newSpec())
			return err
		},
		"role deleted": func(ctx context.Context, f *fake, c *Client) error {
			f.seed(1)
			return c.DeleteRole(ctx, roleID(1))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.exports = map[bool]string{false: exportFile()}
			c := f.client(t)
			for range 2 {
				if _, err := export(t.Context(), c, false); err != nil || downloads(f) != 1 {
					t.Fatalf("ExportAssignments = %v in %d requests", err, downloads(f))
				}
			}
			if err := write(t.Context(), f, c); err != nil {
				t.Fatal(err)
			}
			f.on(nil)
			before := downloads(f)
			if _, err := export(t.Context(), c, false); err != nil || downloads(f) != before+1 {
				t.Errorf("ExportAssignments = %v in %d requests, want it asked for again", err, downloads(f)-before)
			}
		})
	}
}

func TestExportIsNotLogged(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.exports = map[bool]string{false: exportFile()}
	var log bytes.Buffer
	c := f.client(t, func(c *Config) {
		c.Logger = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: rest.LevelTrace}))
	})
	if _, err := export(t.Context(), c, false); err != nil {
		t.Fatal(err)
	}
	text := log.String()
	if !strings.Contains(text, "export role assignments") || strings.Contains(text, "ada@acme.test") {
		t.Errorf("the log is %s", text)
	}
}

// Header and texts are the file byte for byte, in whatever form it comes.
func TestParseExportKeepsTheText(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		file  string
		roles []string
	}{
		"documented":           {exportFile(), []string{`Auditor, "senior"`, "Viewer"}},
		"byte order mark":      {"\ufeff" + exportFile(), []string{`Auditor, "senior"`, "Viewer"}},
		"plain line ends":      {strings.ReplaceAll(exportFile(), "\r\n", "\n"), []string{`Auditor, "senior"`, "Viewer"}},
		"no last line end":     {strings.TrimSuffix(exportFile(), "\r\n"), []string{`Auditor, "senior"`, "Viewer"}},
		"blank lines":          {"\n" + exportFile() + "\r\n\n", []string{`Auditor, "senior"`, "Viewer"}},
		"another order":        {"more,SCOPE,roleid,securityPrincipalID,id,rolename\n\"x\ny\",/,2,3,1,Viewer\n", []string{"Viewer"}},
		"quoted":               {"\ufeff\"Id\",\"RoleId\",\"Scope\",\"SecurityPrincipalId\",\"RoleName\"\n1,2,/,3,\"a\"\"b\"", []string{`a"b`}},
		"original role name":   {"Id,RoleId,Scope,SecurityPrincipalId,OriginalRoleName\n1,2,/,3,Viewer\n", []string{"Viewer"}},
		"no role name":         {"Id,RoleId,Scope,SecurityPrincipalId\n1,2,/,3\n", []string{""}},
		"no lines":             {"Id,RoleId,Scope,SecurityPrincipalId\r\n", nil},
		"no lines but a blank": {"Id,RoleId,Scope,SecurityPrincipalId\r\n\r\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, err := parsed(test.file)
			if err != nil || file.whole() != test.file {
				t.Fatalf("parseExport = %q, %v", file.whole(), err)
			}
			var roles []string
			for _, line := range file.Lines {
				roles = append(roles, line.RoleName)
			}
			if diff := cmp.Diff(test.roles, roles); diff != "" {
				t.Errorf("roles (-want +got):\n%s", diff)
			}
			if bare, marked := strings.CutPrefix(test.file, "\ufeff"); marked && strings.HasPrefix(file.Header, bare[:2]) {
				t.Errorf("the header is %q, without the mark", file.Header)
			}
		})
	}
}

func TestParseExportRefuses(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"":                                     "the file is empty",
		"\ufeff":                               "the file is empty",
		"\xff\xfeI\x00d\x00":                   "not in UTF-8",
		`[{"Id":"1"}]`:                         "the file is not CSV: parse error on line 1",
		"sep\n":                                "no column Id, RoleId, Scope, SecurityPrincipalId; it begins with \"sep\"",
		"Id,RoleName,Scope\n":                  "no column RoleId, SecurityPrincipalId; it begins with \"Id,RoleName,Scope\"",
		"Id,RoleId,Scope,\"Security\n":         "line 1",
		exportFile() + "1,2\n":                 "line 5",
		exportFile() + "\"never closed,2\n":    "line 5",
		exportFile() + strings.Repeat(",", 30): "wrong number of fields",
	} {
		if file, err := parsed(body); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q was read as %+v, %v, want an error with %q", body, file, err, want)
		}
	}
	f := newFake(t)
	f.exports = map[bool]string{}
	c := f.client(t)
	if _, err := export(t.Context(), c, false); err == nil ||
		!strings.Contains(err.Error(), "export role assignments: HTTP 200 OK: the answer is malformed: the file is empty") {
		t.Errorf("ExportAssignments = %v", err)
	}
	// Whoever reads gets nothing of a file that turns out to be none.
	f.mu.Lock()
	f.exports[true] = exportFile() + "1,2\n"
	f.mu.Unlock()
	if file, err := export(t.Context(), c, true); err == nil || file.begun > 0 {
		t.Errorf("ExportAssignments = %+v, %v", file, err)
	}
	f.mu.Lock()
	f.exports[false] = exportFile()
	f.mu.Unlock()
	f.clock.advance(time.Minute)
	if _, err := export(t.Context(), c, false); err != nil {
		t.Errorf("ExportAssignments = %v after the server recovered", err)
	}
}

func FuzzParseExport(f *testing.F) {
	f.Add(exportFile())
	f.Add("\ufeff\nId,RoleId,Scope,SecurityPrincipalId\r\n\r\n1,2,\"a\r\nb\",3\r")
	f.Fuzz(func(t *testing.T, body string) {
		file, err := parsed(body)
		if err == nil && file.whole() != body {
			t.Errorf("%q became %q", body, file.whole())
		}
	})
}

// manyLines is a file of some thousand lines.
func manyLines() string {
	var file strings.Builder
	file.WriteString(exportFile())
	for n := range 5000 {
		fmt.Fprintf(&file, "%d,Viewer,7,,CUSTOM,Custom,/,/,Multi-service,%s,User,,Ada,,,,acme,4,,5,Bob,2026-01-01T00:00:00Z,,,\r\n", n, principalID(n))
	}
	return file.String()
}

// A file that is too large to keep is downloaded by each reader, and read anew where an answer broke off.
func TestExportThatIsTooLargeToKeep(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.exports = map[bool]string{false: manyLines()}
	c := f.client(t)
	c.exports.maxKept = 10_000
	file, err := export(t.Context(), c, false)
	if err != nil || file.whole() != manyLines() || file.begun != 1 || downloads(f) != 2 {
		t.Fatalf("ExportAssignments = %d lines, %v, begun %d times in %d requests, want a look and a download", len(file.Lines), err, file.begun, downloads(f))
	}
	f.first(1, http.MethodGet, "export", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, manyLines()[:300_000])
		_ = http.NewResponseController(w).Flush()
		breakConnection(w, r)
	})
	file, err = export(t.Context(), c, false)
	if err != nil || file.whole() != manyLines() || file.begun != 2 || downloads(f) != 4 {
		t.Errorf("ExportAssignments = %d lines, %v, begun %d times in %d requests, want two more downloads", len(file.Lines), err, file.begun, downloads(f))
	}
}

// endless is a file of a number of lines that are made while they are read.
type endless struct {
	lines int
	line  string
	left  string
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left == "" {
		if e.lines == 0 {
			return 0, io.EOF
		}
		e.left = e.line
		e.lines--
	}
	n := copy(p, e.left)
	e.left = e.left[n:]
	return n, nil
}

// tally counts lines and notes the most memory in use.
type tally struct {
	lines int
	peak  uint64
}

func (c *tally) Begin(string) {}

func (c *tally) Line(ExportLine) {
	if c.lines++; c.lines%20_000 == 0 {
		var now runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&now)
		c.peak = max(c.peak, now.HeapAlloc)
	}
}

// A file of any length is read in constant memory. It must not run beside other tests, because it measures the memory of all.
func TestExportIsReadInConstantMemory(t *testing.T) { //nolint:paralleltest // It measures the memory of the process.
	lines := strings.SplitAfterN(exportFile(), "\r\n", 2)
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	seen := &tally{}
	file := io.MultiReader(strings.NewReader(lines[0]), &endless{lines: 60_000, line: lines[1]})
	if err := parseExport(file, seen); err != nil || seen.lines != 120_000 {
		t.Fatalf("%d lines, %v", seen.lines, err)
	}
	// The file has some 15 MB.
	if most := before.HeapAlloc + 1<<20; seen.peak > most {
		t.Errorf("%d bytes are in use after 120,000 lines, at most %d were expected", seen.peak, most)
	}
}
