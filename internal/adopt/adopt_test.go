package adopt

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const held = "/tenant/1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90|3d000000-0000-4000-8000-000000000001|3a000000-0000-4000-8000-000000000002"

// line is a line of a plan's output with an error.
func line(t *testing.T, summary, detail, address string) string {
	t.Helper()
	text, err := json.Marshal(map[string]any{"@level": "error", "type": "diagnostic", "diagnostic": map[string]any{
		"severity": "error", "summary": summary, "detail": detail, "address": address,
	}})
	if err != nil {
		t.Fatal(err)
	}
	return string(text) + "\n"
}

// conflict is the detail of an error that offers to import an id.
func conflict(id string) string {
	return "It exists already: the role \"Auditor\" for \"Grace\"\nat \"Production\". It was made by these credentials.\n\nIf it is not in the state, import it:\n\n" +
		"  import {\n    to = uipath_role_assignment.NAME\n    id = " + quote(id) + "\n  }\n\nMore."
}

func TestConflicts(t *testing.T) {
	t.Parallel()
	plan := `{"@level":"info","type":"version","terraform":"1.11.0"}` + "\n\n" +
		line(t, "Role assignment already exists", conflict(held), `uipath_role_assignment.readers["Grace Hopper"]`) +
		line(t, "Role not found", conflict(held), "uipath_role_assignment.other") +
		line(t, "Role already exists", "The name is taken by a built-in role.\n\nChoose another name.", "uipath_tenant_role.x") +
		`{"type":"diagnostic","diagnostic":{"severity":"warning","summary":"Role assignment already exists","detail":""}}` + "\n" +
		line(t, "Task Mining permission already exists", conflict("a/b"), "module.team[0].uipath_task_mining_permission.x")
	var out, errors bytes.Buffer
	if code := Command(t.Context(), []string{"-conflicts"}, nil, strings.NewReader(plan), &out, &errors); code != 0 || errors.Len() > 0 {
		t.Fatalf("exit code %d: %s", code, errors.String())
	}
	const remark = `# It exists already: the role "Auditor" for "Grace" at "Production". It was made by these credentials.`
	want := remark + "\nimport {\n  to = module.team[0].uipath_task_mining_permission.x\n  id = \"a/b\"\n}\n\n" +
		remark + "\nimport {\n  to = uipath_role_assignment.readers[\"Grace Hopper\"]\n  id = \"" + held + "\"\n}\n"
	if out.String() != want {
		t.Errorf("it writes\n%s\nwant\n%s", out.String(), want)
	}
}

func TestCommandRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		args []string
		plan string
		want string
	}{
		"unknown flag":      {[]string{"-all"}, "", "-all"},
		"two files":         {[]string{"-conflicts", "a", "b"}, "", "one file"},
		"no file":           {[]string{"-conflicts", filepath.Join(t.TempDir(), "plan.json")}, "", "plan.json"},
		"a plan for people": {[]string{"-conflicts"}, "{}\nError: Role assignment already exists\n", "line 2 is not JSON"},
		"no address":        {[]string{"-conflicts"}, line(t, "Role already exists", conflict("x"), ""), "line 1 names no resource"},
		"endless line":      {[]string{"-conflicts"}, strings.Repeat("x", maxLine+1), "16 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out, errors bytes.Buffer
			code := Command(t.Context(), test.args, nil, strings.NewReader(test.plan), &out, &errors)
			if code != 1 || out.Len() > 0 || !strings.Contains(errors.String(), test.want) {
				t.Errorf("exit code %d, %q, %q, want %q", code, out.String(), errors.String(), test.want)
			}
		})
	}
}

func TestNothingToAdopt(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "plan.json")
	if err := os.WriteFile(file, []byte("{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errors bytes.Buffer
	if code := Command(t.Context(), []string{"-conflicts", file}, nil, nil, &out, &errors); code != 0 || out.Len() > 0 || !strings.Contains(errors.String(), "nothing exists already") {
		t.Errorf("exit code %d, %q, %q", code, out.String(), errors.String())
	}
	if code := Command(t.Context(), []string{"-h"}, nil, nil, &out, &errors); code != 0 || !strings.Contains(out.String(), "terraform plan -json") {
		t.Errorf("-h: exit code %d, %q", code, out.String())
	}
}

// A name from the organization must not become a template, or leave its comment.
func TestForeignText(t *testing.T) {
	t.Parallel()
	if got := Block("x.y", `a"b${c}%{d}`); got != "import {\n  to = x.y\n  id = \"a\\\"b$${c}%%{d}\"\n}" {
		t.Errorf("the block is %s", got)
	}
	if got := firstParagraph("one\ntwo\r\nthree\n\nfour"); got != "one two three" {
		t.Errorf("the remark is %q", got)
	}
}

func FuzzConflicts(f *testing.F) {
	f.Add(`{"diagnostic":{"severity":"error","summary":"Role already exists","address":"a.b","detail":"x\n\n import {\n to = a.NAME\n id = \"\\u0041\"\n }"}}`)
	f.Add("")
	f.Fuzz(func(t *testing.T, plan string) {
		found, err := Conflicts(strings.NewReader(plan))
		if err != nil && found != nil {
			t.Errorf("%q gave a part: %v", plan, found)
		}
		for _, c := range found {
			if c.Address == "" || strings.ContainsAny(c.Remark, "\r\n") {
				t.Errorf("%q gave %+v", plan, c)
			}
		}
	})
}
