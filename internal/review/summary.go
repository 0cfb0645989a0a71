package review

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// headline says how many principals gain, lose or keep what.
func (r *Review) headline() string {
	var parts []string
	for _, verb := range []struct {
		verb      Verb
		one, many string
	}{
		{Gains, "gains access", "gain access"}, {Changes, "has access changed", "have access changed"},
		{Loses, "loses access", "lose access"},
	} {
		switch n := r.principals(verb.verb); n {
		case 0:
		case 1:
			parts = append(parts, "1 principal "+verb.one)
		default:
			parts = append(parts, fmt.Sprintf("%d principals %s", n, verb.many))
		}
	}
	if len(parts) == 0 {
		if slices.ContainsFunc(r.Roles, func(c RoleChange) bool { return c.What != roleRenamed && c.What != roleImported }) {
			return "Roles change, and nobody is known to hold them."
		}
		return "No change of access."
	}
	return strings.Join(parts, ", ") + "."
}

// principals counts those with a row of a verb.
func (r *Review) principals(verb Verb) int {
	seen := map[string]bool{}
	unknown := 0
	for _, row := range r.rowsOf(verb) {
		if !row.Principal.known() {
			unknown++
			continue
		}
		seen[cmp.Or(row.Principal.ID, row.Principal.value())] = true
	}
	return len(seen) + unknown
}

func (r *Review) rowsOf(wanted ...Verb) []Row {
	return slices.DeleteFunc(slices.Clone(r.Rows), func(row Row) bool { return !slices.Contains(wanted, row.Verb) })
}

// findingCount says how many findings are open.
func (r *Review) findingCount() string {
	open, accepted := r.split()
	if len(r.Findings) == 0 {
		return ""
	}
	var parts []string
	for _, severity := range severities {
		n := 0
		for _, f := range open {
			if f.Severity == severity {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, severity))
		}
	}
	text := "No open finding"
	if len(open) > 0 {
		text = fmt.Sprintf("%s: %s", count(len(open), "finding"), strings.Join(parts, ", "))
	}
	if len(accepted) > 0 {
		text += fmt.Sprintf("; %d accepted", len(accepted))
	}
	return text + "."
}

// split returns the open and the accepted findings.
func (r *Review) split() (open, accepted []Finding) {
	for _, f := range r.Findings {
		if f.Accepted == nil {
			open = append(open, f)
		} else {
			accepted = append(accepted, f)
		}
	}
	return open, accepted
}

// kinds are the types of principals in words.
var kinds = map[string]string{
	typeUser: "user", typeGroup: "group", "Robot": "robot account", typeApplication: "external application",
}

// who writes a principal with its type.
func (r Row) who(write func(Name) string) string {
	if kind := kinds[r.PrincipalType]; kind != "" {
		return write(r.Principal) + " (" + kind + ")"
	}
	return write(r.Principal)
}

// remark says what else is to be known of a row.
func (r Row) remark(write func(Name) string) string {
	var parts []string
	if r.Before != nil {
		parts = append(parts, "instead of "+write(*r.Before))
	}
	if r.Reason != "" {
		parts = append(parts, string(r.Reason))
	}
	if r.Outside {
		parts = append(parts, "outside of this configuration")
	}
	if r.idle {
		parts = append(parts, "without effect")
	}
	if r.Through != nil {
		parts = append(parts, r.Through.String())
	}
	return strings.Join(parts, ", ")
}

// summary says in one line what happens to a role.
func (c RoleChange) summary(name func(Name) string, code func(string) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s @ %s", c.What, name(c.Role), name(c.Tenant))
	if c.Before != nil {
		fmt.Fprintf(&b, ", until now %s", name(*c.Before))
	}
	switch {
	case c.What == roleRenamed || c.What == roleImported:
		b.WriteString(": no change of access")
		return b.String()
	case c.Hidden && len(c.Added)+len(c.Removed) == 0:
		b.WriteString(": its permissions are unknown until apply, or sensitive")
	}
	separator := ": "
	for _, part := range []struct {
		word        string
		permissions []string
	}{{"grants", c.Added}, {"no longer grants", c.Removed}} {
		if len(part.permissions) == 0 || c.What == roleDeleted {
			continue
		}
		word := part.word
		if c.What == roleChanged && word == "grants" {
			word = "also grants"
		}
		fmt.Fprintf(&b, "%s%s %s", separator, word, permissionList(part.permissions, code))
		separator = "; "
	}
	switch {
	case c.What == roleDeleted && c.Forced:
		b.WriteString(", although others may hold it")
	case c.What == roleAnew:
		b.WriteString(", under another id")
	case c.What == roleChanged:
		fmt.Fprintf(&b, "; %s", c.holderCount())
	}
	return b.String()
}

// manyPermissions is how many permissions are listed in one line.
const manyPermissions = 8

func permissionList(permissions []string, code func(string) string) string {
	var shown []string
	for _, permission := range permissions[:min(len(permissions), manyPermissions)] {
		shown = append(shown, code(permission))
	}
	text := strings.Join(shown, ", ")
	if more := len(permissions) - len(shown); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// holderCount says how many hold the role, and how many of them outside of the configuration.
func (c RoleChange) holderCount() string {
	outside := 0
	for _, row := range c.Holders {
		if row.Outside {
			outside++
		}
	}
	text := count(len(c.Holders)-outside, "grant") + " in this plan"
	if outside > 0 {
		text += fmt.Sprintf(" and %d outside of it", outside)
	}
	return text
}
