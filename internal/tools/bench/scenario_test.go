package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclparse"
)

func TestScenarios(t *testing.T) {
	t.Parallel()
	titles := map[string]bool{}
	for _, form := range []string{formShort, "", formFull} {
		all, err := scenarios(form)
		if err != nil || len(all) == 0 {
			t.Fatalf("scenarios(%q) = %v, %v", form, all, err)
		}
		clear(titles)
		for _, s := range all {
			if s.pairs < 1 || s.parallelism < 1 || s.n < 1 {
				t.Errorf("%q: %+v", form, s)
			}
			if s.prepared == slices.Contains(s.verbs, apply) {
				t.Errorf("%q: prepared is %t, and the verbs are %v", form, s.prepared, s.verbs)
			}
			for v := range s.bars {
				if !slices.Contains(s.verbs, v) {
					t.Errorf("%q: there is a bar for %s, which is not measured", form, s.title(v))
				}
			}
			titles[s.title(plan)] = true
		}
	}
	// The report finds these two to compare them.
	for _, title := range []string{"plan, 1,000 grants, 50ms", "plan, 5,000 grants, 50ms", "plan, 1,000 grants, 50ms, parallelism 50"} {
		if !titles[title] {
			t.Errorf("the full form has no %q: %v", title, titles)
		}
	}
	if _, err := scenarios("long"); err == nil || !strings.Contains(err.Error(), "unknown form") {
		t.Errorf("scenarios(long) gives the error %v", err)
	}
}

func TestConfiguration(t *testing.T) {
	t.Parallel()
	for _, w := range []workload{grants, tenantRoles, taskMining, terraformData} {
		for _, s := range []side{{"uipath", "program"}, commandLine} {
			text := w.configuration(s, 7, settings("http://127.0.0.1:1"))
			file, diags := hclparse.NewParser().ParseHCL([]byte(text), "main.tf")
			if diags.HasErrors() {
				t.Fatalf("%s of %s: %v\n%s", w.noun, s.name, diags, text)
			}
			content, _, diags := file.Body.PartialContent(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
				{Type: "resource", LabelNames: []string{"type", "name"}}, {Type: "provider", LabelNames: []string{"name"}},
			}})
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			if got, want := content.Blocks.OfType("resource")[0].Labels[0], s.name+"_"+w.resourceType; got != want {
				t.Errorf("%s of %s has the resource %s, want %s", w.noun, s.name, got, want)
			}
			if got, want := len(content.Blocks.OfType("provider")) == 1, s.program != ""; got != want {
				t.Errorf("%s of %s: has a provider block: %t, want %t", w.noun, s.name, got, want)
			}
		}
	}
}
