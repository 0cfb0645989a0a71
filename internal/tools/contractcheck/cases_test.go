package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// soundCases have a case or a reason for each fact of the sound contract.
const soundCases = `package conformance_test

func facts() []factCase {
	return []factCase{
		{Fact: "1-1", Strict: true, Steps: []step{get("/")}},
		{Fact: "4.1-1", Deviation: "it is slower", Steps: nil},
		{Fact: "4.3-1"},
	}
}

func others() []noCase {
	return []noCase{{Fact: "4.3-2", Served: true, Why: "nobody can see it"}}
}
`

func TestCheckCases(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		contract, cases string
		want            []string
	}{
		"sound": {},
		"a fact without a case": {
			contract: sound + "- **11b-1** One. [attested: SDK]\n",
			want:     []string{"CONTRACT.md:19: the fact 11b-1 has neither a case in internal/backend/conformance nor a reason why not"},
		},
		"a section that is not served yet": {contract: sound + "### 12 Later (not served yet)\n- **12-1** One. [attested: SDK]\n"},
		"a fact that is not served yet":    {contract: sound + "- **11b-1** One. Not served yet. [attested: SDK]\n"},
		"a case of what is not served yet": {
			contract: strings.Replace(sound, "### 4.3 Changing", "### 4.3 Changing (not served yet)", 1),
			want:     []string{"CONTRACT.md:14: the fact 4.3-1 is called not served yet, and the case in a_test.go shows that it is served"},
		},
		"a case that waits for what is not served yet": {
			contract: strings.Replace(sound, "### 4.1 Listing", "### 4.1 Listing (not served yet)", 1),
		},
		"a case of no fact": {
			cases: strings.Replace(soundCases, `{Fact: "4.3-1"}`, `{Fact: "4.3-1"}, {Fact: "4.3-9"}`, 1),
			want:  []string{"internal/backend/conformance/a_test.go:7: CONTRACT.md has no fact 4.3-9"},
		},
		"a reason for no fact": {
			cases: strings.Replace(soundCases, `{{Fact: "4.3-2"`, `{{Fact: "9-9", Why: "it is not there"}, {Fact: "4.3-2"`, 1),
			want:  []string{"internal/backend/conformance/a_test.go:12: CONTRACT.md has no fact 9-9"},
		},
		"a case and a reason": {
			cases: strings.Replace(soundCases, `{Fact: "4.3-1"}`, `{Fact: "4.3-1"}, {Fact: "4.3-2"}`, 1),
			want:  []string{"internal/backend/conformance/a_test.go:12: the fact 4.3-2 has a case or a reason already: take this one out"},
		},
		"a name that is no string": {
			cases: strings.Replace(soundCases, `{Fact: "4.3-1"}`, `{Fact: "4.3-1"}, {Fact: name}`, 1),
			want:  []string{"internal/backend/conformance/a_test.go:7: the row names no fact"},
		},
		"a sum for a name": {
			cases: strings.Replace(soundCases, `{Fact: "4.3-1"}`, `{Fact: "4.3-1"}, {Fact: "4.3" + "-1"}`, 1),
			want:  []string{"internal/backend/conformance/a_test.go:7: Fact is a plain string"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := fstest.MapFS{
				contractFile:           {Data: []byte(sound)},
				suite + "/a_test.go":   {Data: []byte(soundCases)},
				suite + "/nothing.txt": {Data: []byte("not Go")},
			}
			if test.contract != "" {
				files[contractFile].Data = []byte(test.contract)
			}
			if test.cases != "" {
				files[suite+"/a_test.go"].Data = []byte(test.cases)
			}
			findings, err := checkCases(files)
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			list(&out, findings)
			if diff := cmp.Diff(strings.Join(test.want, "\n"), strings.TrimSpace(out.String())); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWriteTable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	contract := filepath.Join(dir, contractFile)
	write(t, contract, sound+"- **11b-1** One. Not served yet. [documented: Docs]\n")
	write(t, filepath.Join(dir, suite, "a_test.go"), soundCases)
	const want = `| Mark | Facts | Served | With a case | Of these with a deviation |
|---|---|---|---|---|
| attested | 1 | 1 | 1 | 0 |
| documented | 2 | 1 | 1 | 0 |
| inferred | 1 | 1 | 0 | 0 |
| our choice | 1 | 1 | 1 | 1 |
| all | 5 | 4 | 3 | 1 |

| Fact | Mark | Case |
|---|---|---|
| 1-1 | documented | ` + "`a_test.go`" + ` |
| 4.1-1 | our choice | ` + "`a_test.go`" + `; deviation: it is slower |
| 4.3-1 | attested | ` + "`a_test.go`" + ` |
| 4.3-2 | inferred | none, although it is served: nobody can see it |
| 11b-1 | documented | not served yet |
`
	// The second time the table is there already.
	for range 2 {
		if err := run(t.Context(), []string{dir}, true, &bytes.Buffer{}); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(contract)
		if err != nil {
			t.Fatal(err)
		}
		facts, tables, _ := strings.Cut(string(text), "\n"+tableHeading+tableText)
		if diff := cmp.Diff(want, tables); diff != "" {
			t.Errorf("tables (-want +got):\n%s", diff)
		}
		if !strings.HasSuffix(facts, "[documented: Docs]\n") {
			t.Errorf("the facts end with %q", facts[max(0, len(facts)-40):])
		}
	}
}
