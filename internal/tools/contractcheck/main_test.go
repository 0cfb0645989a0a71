package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

const sound = `# Contract

As section 4.3 says, see (4.3-1).

## 1. Addresses
- **1-1** The address. [documented: Docs]

## 4. Assignments

### 4.1 Listing
- **4.1-1** A listing. [our choice: backend]

### 4.3 Changing
- **4.3-1** A change. [attested: SDK ` + "`roles.ts`" + `]
- **4.3-2** Another, [not a mark]. [inferred: 4.3-1]
- **Bold** words are no fact.

### 11b Choices
`

func TestCheck(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		contract, file string
		want           []string
	}{
		"sound":            {file: "// It pages (contract 4.1).\nx := 1 // contract 1, contract 4 has it\n"},
		"a sentence's end": {file: "// See contract 4.1. Four rows follow contract 4: 4.9 is no mention, nor are contracts 9.\n"},
		"facts":            {file: "// contract 4.3-2 and 1-1\n", want: nil},
		"letter":           {file: "// contract 11b\n"},
		"dangling": {
			file: "package a\n\n// It does (contract 4.2).\n",
			want: []string{"a.go:3: contract 4.2 points nowhere: CONTRACT.md has no such number"},
		},
		"dangling fact": {
			file: "// contract 4.3-3\n",
			want: []string{"a.go:1: contract 4.3-3 points nowhere: CONTRACT.md has no such number"},
		},
		"a number below a section": {
			file: "// contract 4.1.2\n",
			want: []string{"a.go:1: contract 4.1.2 points nowhere: CONTRACT.md has no such number"},
		},
		"list": {
			file: "// (contract 4.1, 4.4, and 4.5)\n// contract sections 4.1 and 4.6; contract 1 or contract 4.7\n",
			want: []string{
				"a.go:1: contract 4.4 points nowhere: CONTRACT.md has no such number",
				"a.go:1: contract 4.5 points nowhere: CONTRACT.md has no such number",
				"a.go:2: contract 4.6 points nowhere: CONTRACT.md has no such number",
				"a.go:2: contract 4.7 points nowhere: CONTRACT.md has no such number",
			},
		},
		"range": {
			file: "// contract 4.1 to 4.3\n// contract 4.1 to 4.8\n// contract 4.1-4.9\n",
			want: []string{
				"a.go:2: contract 4.8 points nowhere: CONTRACT.md has no such number",
				"a.go:3: contract 4.9 points nowhere: CONTRACT.md has no such number",
			},
		},
		"over two lines": {
			file: "\t// what is known (contract\n\t// 4.2). And what CONTRACT.md, section 4.4, says\n# of contract\n# sections 4.1,\n# 4.5\n",
			want: []string{
				"a.go:2: contract 4.2 points nowhere: CONTRACT.md has no such number",
				"a.go:2: contract 4.4 points nowhere: CONTRACT.md has no such number",
				"a.go:5: contract 4.5 points nowhere: CONTRACT.md has no such number",
			},
		},
		"somebody else's sections": {file: "// RFC 6749, section 2.3.1\n"},
		"duplicate section": {
			contract: sound + "### 4.1 Again\n",
			want:     []string{"CONTRACT.md:19: the number 4.1 is taken by line 10"},
		},
		"duplicate fact": {
			contract: sound + "- **11b-1** One. [our choice: client]\n- **11b-1** Two. [our choice: client]\n",
			want:     []string{"CONTRACT.md:20: the number 11b-1 is taken by line 19"},
		},
		"fact in another section": {
			contract: sound + "- **4.1-2** One. [our choice: client]\n",
			want:     []string{`CONTRACT.md:19: the fact 4.1-2 stands in section "11b"`},
		},
		"no mark": {
			contract: sound + "- **11b-1** One. [guessed: somebody]\n",
			want:     []string{"CONTRACT.md:19: the fact 11b-1 does not end with its mark and sources, such as [attested: SDK]"},
		},
		"the contract's own mentions": {
			contract: sound + "As section 4.2 and (4.3-9) say.\n",
			want: []string{
				"CONTRACT.md:19: contract 4.2 points nowhere: CONTRACT.md has no such number",
				"CONTRACT.md:19: contract 4.3-9 points nowhere: CONTRACT.md has no such number",
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.contract == "" {
				test.contract = sound
			}
			files := fstest.MapFS{contractFile: {Data: []byte(test.contract)}, "a.go": {Data: []byte(test.file)}}
			var out bytes.Buffer
			findings, err := check(files, []string{contractFile, "a.go", "deleted.go"})
			if err != nil {
				t.Fatal(err)
			}
			list(&out, findings)
			if diff := cmp.Diff(strings.Join(test.want, "\n"), strings.TrimSpace(out.String())); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCheckNeedsAContract(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]fstest.MapFS{
		"no file":    {},
		"no section": {contractFile: {Data: []byte("# Contract\n")}},
	} {
		if _, err := check(files, nil); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

func TestRunReadsTrackedFiles(t *testing.T) {
	t.Parallel()
	const dangling = "# contract 9.9\n"
	dir := t.TempDir()
	git(t, dir, "init", "--quiet")
	for _, path := range []string{"a.yaml", "b.yml", "c.tmpl", "d.md", "e.go", "f.txt", "internal/tools/contractcheck/g.go"} {
		write(t, filepath.Join(dir, path), dangling)
	}
	write(t, filepath.Join(dir, contractFile), sound)
	write(t, filepath.Join(dir, suite, "a_test.go"), soundCases)
	git(t, dir, "add", ".")
	write(t, filepath.Join(dir, "untracked.go"), dangling)

	var out bytes.Buffer
	if err := run(t.Context(), []string{dir}, false, &out); !errors.Is(err, errFound) {
		t.Errorf("got error %v, want %v", err, errFound)
	}
	var paths []string
	for line := range strings.Lines(out.String()) {
		path, _, _ := strings.Cut(line, ":")
		paths = append(paths, path)
	}
	if diff := cmp.Diff([]string{"a.yaml", "b.yml", "c.tmpl", "d.md", "e.go"}, paths); diff != "" {
		t.Errorf("files with findings (-want +got):\n%s", diff)
	}
}

func TestRunRefusesWhatIsNoCheckout(t *testing.T) {
	t.Parallel()
	for name, arguments := range map[string][]string{
		"no directory": nil, "two directories": {".", "."}, "missing directory": {filepath.Join(t.TempDir(), "missing")},
	} {
		if err := run(t.Context(), arguments, false, &bytes.Buffer{}); err == nil || errors.Is(err, errFound) {
			t.Errorf("%s: got error %v, want another one", name, err)
		}
	}
}

func git(t *testing.T, dir string, arguments ...string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), "git", append([]string{"-C", dir}, arguments...)...).CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v: %s", arguments, err, out)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
