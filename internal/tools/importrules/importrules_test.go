// Package importrules proves that the import rules in .golangci.yml refuse what they should: it writes files that break
// them into a module of its own and compares what the linter refuses there.
package importrules_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	repository = "../../.."
	module     = "github.com/accessascode/terraform-provider-uipath/"

	// testscript is in go.mod, and no layer may import it.
	testscript = "github.com/rogpeppe/go-internal/testscript"
)

// cases say for a file of a layer which imports are refused and which are not. A package of ours stands without the module.
var cases = []struct {
	file             string
	refused, allowed []string
}{
	{
		file: "internal/access/scope.go",
		refused: []string{
			"database/sql", "io/fs", "io/ioutil", "log/slog", "net/http", "os", "os/exec", "path/filepath", "plugin", "syscall",
			"internal/uipath", "internal/backend/model", "github.com/google/uuid",
		},
		allowed: []string{"io", "strings", "github.com/agext/levenshtein"},
	},
	{
		file: "internal/uipath/rest/attempt.go",
		refused: []string{
			"database/sql", "internal/uipath", "internal/taskmining", "internal/backend/model", "github.com/hashicorp/terraform-plugin-log/tflog",
		},
		allowed: []string{"net/http", "internal/access", "github.com/hashicorp/go-retryablehttp", "golang.org/x/sync/errgroup"},
	},
	{
		file: "internal/uipath/roles.go",
		refused: []string{
			"database/sql", "internal/audit", "internal/backend", "internal/backend/model", "internal/provider", "internal/taskmining",
			"github.com/hashicorp/terraform-plugin-framework/diag", "github.com/hashicorp/terraform-plugin-go/tftypes",
			"github.com/hashicorp/terraform-plugin-log/tflog", "github.com/golang-jwt/jwt/v5", "github.com/hashicorp/go-cleanhttp",
			"github.com/hashicorp/go-retryablehttp",
		},
		allowed: []string{"net/http", "internal/access", "internal/uipath/rest", "golang.org/x/sync/singleflight"},
	},
	{
		file: "internal/taskmining/grant.go",
		refused: []string{
			"database/sql", "internal/audit", "internal/backend/rules", "internal/provider", "internal/uipath/rest",
			"github.com/hashicorp/terraform-plugin-framework/types",
		},
		allowed: []string{"context", "internal/access", "internal/uipath"},
	},
	{
		file: "internal/audit/row.go",
		refused: []string{
			"database/sql", "internal/backend/store", "internal/provider", "internal/taskmining", "internal/uipath/rest",
			"github.com/hashicorp/terraform-plugin-framework/types",
		},
		allowed: []string{"encoding/csv", "internal/access", "internal/uipath"},
	},
	{
		file:    "internal/adopt/command.go",
		refused: []string{"database/sql", "net/http", "internal/access", "internal/provider", "internal/uipath"},
		allowed: []string{"encoding/json", "os", "github.com/hashicorp/hcl/v2/hclwrite", "github.com/zclconf/go-cty/cty"},
	},
	{
		file:    "internal/review/plan.go",
		refused: []string{"database/sql", "net/http", "internal/access", "internal/provider", "internal/uipath"},
		allowed: []string{"encoding/json", "os", "go.yaml.in/yaml/v3"},
	},
	{
		file:    "internal/review/organization/organization.go",
		refused: []string{"database/sql", "internal/backend/store", "internal/provider"},
		allowed: []string{"os", "internal/access", "internal/backend", "internal/review", "internal/uipath", "internal/uipath/rest"},
	},
	{
		file:    "internal/provider/tenant_role_resource.go",
		refused: []string{"database/sql", "internal/backend", "internal/backend/store", "github.com/hashicorp/go-retryablehttp"},
		allowed: []string{
			"net/http", "internal/access", "internal/adopt", "internal/audit", "internal/taskmining", "internal/uipath", "internal/uipath/rest",
			"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts", "github.com/hashicorp/terraform-plugin-framework/types",
		},
	},
	{
		file:    "internal/provider/reference_backend.go",
		refused: []string{"database/sql", "internal/backend/store", "internal/backend/seed", "internal/uipath/rest"},
		allowed: []string{"internal/backend", "internal/uipath"},
	},
	{
		file:    "internal/backend/backend.go",
		refused: []string{"database/sql", "internal/provider", "internal/uipath", "internal/uipath/rest", "github.com/hashicorp/terraform-plugin-log/tflog"},
		allowed: []string{"net/http", "internal/access", "internal/backend/httpapi", "internal/backend/store"},
	},
	{
		file:    "internal/backend/httpapi/roles.go",
		refused: []string{"database/sql", "internal/backend", "internal/backend/seed", "internal/uipath", "modernc.org/sqlite"},
		allowed: []string{"net/http", "internal/access", "internal/backend/catalogue", "internal/backend/model", "internal/backend/rules"},
	},
	{
		file:    "internal/backend/faults/rule.go",
		refused: []string{"database/sql", "internal/access", "internal/backend/httpapi", "internal/backend/store", "internal/uipath"},
		allowed: []string{"net/http", "regexp"},
	},
	{
		file:    "internal/backend/page/page.go",
		refused: []string{"database/sql", "internal/backend", "internal/backend/seed", "internal/uipath", "modernc.org/sqlite"},
		allowed: []string{"html/template", "internal/access", "internal/backend/httpapi", "internal/backend/rules", "internal/backend/store"},
	},
	{
		file:    "internal/backend/rules/roles.go",
		refused: []string{"database/sql", "net/http", "net/http/httputil", "internal/backend/httpapi", "internal/backend/seed", "internal/uipath"},
		allowed: []string{"strings", "internal/access", "internal/backend/catalogue", "internal/backend/model", "internal/backend/store"},
	},
	{
		file:    "internal/backend/store/role.go",
		refused: []string{"net/http", "internal/backend/catalogue", "internal/backend/httpapi", "internal/backend/rules", "internal/uipath"},
		allowed: []string{"database/sql", "internal/access", "internal/backend/model", "modernc.org/sqlite"},
	},
	{
		file:    "internal/backend/seed/seed.go",
		refused: []string{"database/sql", "net/http", "internal/backend/rules", "internal/backend/store", "internal/uipath", "modernc.org/sqlite"},
		allowed: []string{"internal/access", "internal/backend/catalogue", "internal/backend/model", "go.yaml.in/yaml/v3"},
	},
	{
		file:    "internal/backend/catalogue/role.go",
		refused: []string{"database/sql/driver", "net/http", "internal/backend/rules", "internal/backend/store", "internal/uipath"},
		allowed: []string{"embed", "internal/access", "internal/backend/model", "go.yaml.in/yaml/v3"},
	},
	{
		file:    "internal/backend/model/model.go",
		refused: []string{"database/sql", "net/http", "internal/backend/catalogue", "internal/backend/store", "internal/uipath"},
		allowed: []string{"time", "internal/access", "github.com/google/uuid"},
	},
	{
		file:    "internal/access/scope_test.go",
		refused: []string{"database/sql", "net/http", "internal/uipath"},
		allowed: []string{"testing", "internal/access", "github.com/google/go-cmp/cmp"},
	},
	{
		file:    "internal/uipath/roles_test.go",
		refused: []string{"internal/backend", "internal/provider", "github.com/hashicorp/terraform-plugin-framework/diag"},
		allowed: []string{"testing", "net/http/httptest", "internal/uipath", "github.com/google/go-cmp/cmp"},
	},
	{
		file: "internal/backend/roles_test.go",
		refused: []string{
			"internal/audit", "internal/provider", "internal/taskmining", "internal/uipath", "internal/uipath/rest",
			"github.com/hashicorp/terraform-plugin-go/tftypes",
		},
		allowed: []string{"testing", "net/http/httptest", "internal/backend", "github.com/google/go-cmp/cmp"},
	},
	{
		file: "internal/backend/conformance/facts_test.go",
		refused: []string{
			"database/sql", "internal/access", "internal/backend/httpapi", "internal/backend/model", "internal/backend/rules", "internal/backend/seed",
			"internal/uipath",
		},
		allowed: []string{"testing", "net/http", "internal/backend", "github.com/google/go-cmp/cmp"},
	},
	{
		file:    "internal/acctest/main.go",
		refused: []string{"math/rand", "github.com/hashicorp/terraform-plugin-sdk/v2/diag"},
		allowed: []string{"math/rand/v2", testscript, "internal/backend", "internal/provider"},
	},
}

func TestImportRules(t *testing.T) {
	t.Parallel()

	m := newTestModule(t)
	type expectation struct {
		name    string
		file    string
		refused []string
	}
	var expected []expectation
	for _, c := range cases {
		expected = append(expected, expectation{c.file, m.add(t, c.file, slices.Concat(c.refused, c.allowed)), c.refused})
	}
	for _, folder := range layers(t) {
		file := path.Join(folder, "unlisted.go")
		expected = append(expected, expectation{"a list for " + folder, m.add(t, file, []string{testscript}), []string{testscript}})
	}

	refused := m.lint(t)
	for _, e := range expected {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			want := slices.Sorted(slices.Values(e.refused))
			if diff := cmp.Diff(want, slices.Sorted(slices.Values(refused[e.file]))); diff != "" {
				t.Errorf("refused imports (-want +got):\n%s", diff)
			}
		})
	}
}

// layers returns the folders of the repository's packages that must have a list.
func layers(t *testing.T) []string {
	t.Helper()
	root := os.DirFS(repository)
	var folders []string
	err := fs.WalkDir(root, "internal", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		// Tools and acceptance tests are no part of the product.
		if entry.Name() == "testdata" || name == "internal/tools" || name == "internal/acctest" {
			return fs.SkipDir
		}
		sources, err := fs.Glob(root, path.Join(name, "*.go"))
		if len(sources) > 0 {
			folders = append(folders, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return folders
}

// testModule is a module with the repository's name, dependencies and rules, and with packages that hold nothing but what
// a test adds. Each file is in a folder of its own above internal, so that packages never import each other in a circle.
type testModule struct {
	directory string
	files     int
}

func newTestModule(t *testing.T) *testModule {
	t.Helper()
	m := &testModule{directory: t.TempDir()}
	for _, name := range []string{"go.mod", "go.sum", ".golangci.yml"} {
		text, err := os.ReadFile(filepath.Join(repository, name))
		if err != nil {
			t.Fatal(err)
		}
		m.write(t, name, string(text))
	}
	for _, c := range cases {
		for _, imported := range slices.Concat(c.refused, c.allowed) {
			if strings.HasPrefix(imported, "internal/") {
				m.write(t, path.Join(imported, "stub.go"), source(imported, nil))
			}
		}
	}
	return m
}

// add writes a file of a layer with these imports and returns its path in the module.
func (m *testModule) add(t *testing.T, file string, imports []string) string {
	t.Helper()
	m.files++
	name := path.Join(fmt.Sprintf("case%d", m.files), file)
	m.write(t, name, source(path.Dir(file), imports))
	return name
}

func (m *testModule) write(t *testing.T, name, text string) {
	t.Helper()
	name = filepath.Join(m.directory, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// source is a file of the package in folder that only imports.
func source(folder string, imports []string) string {
	var text strings.Builder
	fmt.Fprintf(&text, "package %s\n\n", path.Base(folder))
	for _, imported := range imports {
		if strings.HasPrefix(imported, "internal/") {
			imported = module + imported
		}
		fmt.Fprintf(&text, "import _ %q\n", imported)
	}
	return text.String()
}

// lint returns the refused imports of each file.
func (m *testModule) lint(t *testing.T) map[string][]string {
	t.Helper()
	tool, err := exec.CommandContext(t.Context(), "go", "tool", "-n", "golangci-lint").Output()
	if err != nil {
		t.Fatalf("go tool -n golangci-lint: %v", err)
	}
	cmd := exec.CommandContext(t.Context(), strings.TrimSpace(string(tool)), "run", "--enable-only=depguard", "--allow-parallel-runners",
		"--issues-exit-code=0", "--show-stats=false", "--output.json.path=stdout", "./...")
	cmd.Dir = m.directory
	cmd.Env = append(os.Environ(), "GOLANGCI_LINT_CACHE="+t.TempDir())
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("golangci-lint: %v\n%s%s", err, out, &stderr)
	}

	var report struct {
		Issues []struct {
			Text string
			Pos  struct{ Filename string }
		}
	}
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatalf("golangci-lint: %v\n%s%s", err, out, &stderr)
	}
	refused := map[string][]string{}
	for _, issue := range report.Issues {
		imported, isImport := strings.CutPrefix(issue.Text, "import '")
		imported, _, isRefusal := strings.Cut(imported, "' is not allowed")
		if !isImport || !isRefusal {
			t.Errorf("unexpected answer of the linter: %s", issue.Text)
			continue
		}
		file := filepath.ToSlash(issue.Pos.Filename)
		refused[file] = append(refused[file], strings.TrimPrefix(imported, module))
	}
	return refused
}
