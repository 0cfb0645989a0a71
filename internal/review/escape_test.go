package review

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

// codeSpan and codeElement are the only forms in which a name may stand in Markdown.
var (
	codeSpan    = regexp.MustCompile("^`[^`|\\\\<>&\r\n]+`$")
	codeElement = regexp.MustCompile(`^<code>([0-9A-Za-z]|&#[0-9]+;(<!-- -->)?)*</code>$`)
	anyCode     = regexp.MustCompile("`[^`\n]*`|<code>[^\n]*?</code>")
)

var hostileNames = []string{
	"a|b", "`", "``a`", `\`, `a\`, `\|`, "<script>alert(1)</script>", "</code><img src=x>", "<!--", "&lt;", "@octocat", "#1", "https://evil.example/x",
	"`@octocat`", "www.evil.example `", "a\nb", "a\r\n\r\n# h", "\x1b[2J", "\u009b2J", "\u202egpj", "\u200b", " a ", "", "\xff", "grace@acme.example`", strings.Repeat("x", 300),
	"](https://evil.example)", "![x](y)", "</details>", "---", "$x$", ":smile:", "\U000e0041",
}

func TestMarkdownCode(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Ada":     "`Ada`",
		"a|b":     "<code>a&#124;b</code>",
		"`@a`":    "<code>&#96;&#64;<!-- -->a&#96;</code>",
		"a\x1b[m": "`a⟨U+001B⟩[m`",
		"a\xffb":  "`a⟨0xFF⟩b`",
	} {
		if got := markdownCode(name); got != want {
			t.Errorf("%q is %s, want %s", name, got, want)
		}
	}
}

func FuzzMarkdownCode(f *testing.F) {
	for _, name := range hostileNames {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if got := markdownCode(name); !codeSpan.MatchString(got) && !codeElement.MatchString(got) {
			t.Errorf("%q is written as %q", name, got)
		}
		if got := printable(name); strings.ContainsFunc(got, func(c rune) bool { return !unicode.IsPrint(c) }) {
			t.Errorf("%q is written as %q", name, got)
		}
	})
}

// hostile is a plan in which every text is a name that somebody else has chosen.
func hostile(t testing.TB, name string) *Review {
	t.Helper()
	grant := assigned(name, "User", name+" Administrator", name)
	return reviewOf(t, nil,
		planned{address: name + "1", actions: []string{"create"}, after: grant},
		planned{address: name + "2", actions: []string{"delete"}, before: with(grant, "principal_id", "other")},
		planned{address: name + "3", kind: typeTenantRole, actions: []string{"update"}, before: roleNamed(name, name), after: with(roleNamed(name+"x", name+"2"), "id", "id-"+name)},
		planned{address: name + "4", kind: typeTaskMining, actions: []string{"create"}, after: object{"principal_name": name, "tenant_name": name, "permission": name, "project_ids": []string{name}}},
	)
}

// What stands around the names is the same whatever they are.
func FuzzNames(f *testing.F) {
	for _, name := range hostileNames {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		r := hostile(t, name)
		r.Notes = []string{"A note."}
		r.Accept([]Acceptance{{Finding: findingDirect, Reason: name, Until: "9999-12-31"}}, testTime)
		var markdown, text, machine strings.Builder
		if err := r.WriteMarkdown(&markdown); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(anyCode.ReplaceAllString(markdown.String(), "")) {
			if line = strings.TrimSuffix(line, "\n"); strings.ContainsAny(strings.ReplaceAll(line, " @ ", ""), "`@\\&\x1b") ||
				strings.Contains(line, "<") && !strings.Contains(line, "details>") {
				t.Errorf("%q reaches the page: %q", name, line)
			}
		}
		if err := r.WriteText(&text); err != nil {
			t.Fatal(err)
		}
		if err := r.WriteJSON(&machine); err != nil {
			t.Fatal(err)
		}
		if !json.Valid([]byte(machine.String())) {
			t.Errorf("%q gives no JSON: %s", name, machine.String())
		}
		for _, written := range []string{markdown.String(), text.String(), machine.String()} {
			if strings.ContainsFunc(written, func(c rune) bool { return c != '\n' && !unicode.IsPrint(c) }) {
				t.Errorf("%q reaches the terminal: %q", name, written)
			}
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add(planText(f, nil, planned{actions: []string{"create"}, after: assigned(grace, "User", "Auditor", "Production")}))
	f.Add(`{"format_version":"1.0","resource_changes":[{"mode":"managed","type":"uipath_tenant_role","provider_name":"accessascode/uipath","change":{"actions":["update"]}}]}`)
	f.Add(`{"format_version":"1.0","resource_changes":[{"change":null}],"prior_state":{"values":{"root_module":{"resources":[{"values":[1]}]}}}}`)
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Read(strings.NewReader(text))
		if err != nil {
			return
		}
		r.Find(Known{})
		var b strings.Builder
		if err := r.WriteMarkdown(&b); err != nil || b.Len() == 0 {
			t.Errorf("%q: %v", text, err)
		}
	})
}

// A name that is sensitive in one place is shown in none, and the review still knows what is the same.
func TestSensitive(t *testing.T) {
	t.Parallel()
	grant := assigned("Team", "Group", "Auditor", "Production")
	r := reviewOf(t, nil,
		planned{address: "a", actions: []string{"delete", "create"}, before: grant, after: grant, sensitive: object{"principal_name": true}},
		planned{address: "b", actions: []string{"create"}, after: assigned("Team", "Group", "Other", "Staging"), sensitive: object{}},
		planned{address: "c", kind: typeTenantRole, actions: []string{"update"}, before: roleNamed("R", "OLD.A"), after: roleNamed("R", "NEW.A"), sensitive: object{"permissions": []bool{true}}},
	)
	var all strings.Builder
	for _, write := range []func(*Review) error{
		func(r *Review) error { return r.WriteMarkdown(&all) }, func(r *Review) error { return r.WriteText(&all) },
		func(r *Review) error { return r.WriteJSON(&all) },
	} {
		if err := write(r); err != nil {
			t.Fatal(err)
		}
	}
	for _, secret := range []string{`"Team"`, "`Team`", "Team (", "OLD.A", "NEW.A"} {
		if strings.Contains(all.String(), secret) {
			t.Errorf("it shows %s:\n%s", secret, all.String())
		}
	}
	for _, want := range []string{"| keeps | *(sensitive)* (group) | `Auditor` | `Production` | made anew |", "its permissions are unknown until apply, or sensitive"} {
		if !strings.Contains(all.String(), want) {
			t.Errorf("it lacks %s:\n%s", want, all.String())
		}
	}
}

// Two principals with one name are told apart.
func TestTwins(t *testing.T) {
	t.Parallel()
	twin := with(assigned("app", "ExternalApplication", "Auditor", "Production"), "principal_id", "other")
	r := reviewOf(t, nil,
		planned{address: "a", actions: []string{"create"}, after: assigned("app", "ExternalApplication", "Auditor", "Production")},
		planned{address: "b", actions: []string{"create"}, after: twin},
	)
	if got := textRowsOf(r); !strings.Contains(got, "app id-app") || !strings.Contains(got, "app other") {
		t.Errorf("got\n%s", got)
	}
}

// A review of a large plan fits into a comment, and says what it leaves out.
func TestLargePlan(t *testing.T) {
	t.Parallel()
	var changes []planned
	for i := range 2000 {
		changes = append(changes, planned{address: fmt.Sprint(i), actions: []string{"create"}, after: assigned(fmt.Sprint("user ", i), "User", "Auditor", "Production")})
	}
	var b strings.Builder
	if err := reviewOf(t, nil, changes...).WriteMarkdown(&b); err != nil {
		t.Fatal(err)
	}
	if b.Len() > 65_536 || !strings.Contains(b.String(), "lines not shown, because a comment has a limit") || strings.Count(b.String(), "</details>") != 2 {
		t.Errorf("%d bytes, ending in %q", b.Len(), b.String()[b.Len()-200:])
	}
}
