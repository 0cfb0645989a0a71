package adopt

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// normal is a text as Terraform reads it: in Unicode's normal form C.
func normal(text string) string { return cty.StringVal(text).AsString() }

// Writable reports whether a configuration can hold a text. Terraform puts every text into Unicode's normal form C, in which a name of
// another form is another name.
func Writable(text string) bool { return normal(text) == text }

// quote writes a string as HCL does. Templates in it stay text.
func quote(text string) string {
	return string(hclwrite.TokensForValue(cty.StringVal(text)).Bytes())
}

// oneLine makes a comment of a text: nothing in it ends the line, moves the cursor or hides.
func oneLine(text string) string {
	var line strings.Builder
	for _, r := range strings.Join(strings.Fields(text), " ") {
		if unicode.IsPrint(r) {
			line.WriteRune(r)
		} else {
			fmt.Fprintf(&line, `\u%04x`, r)
		}
	}
	return line.String()
}

// typeOrder is the order of resources at one place.
var typeOrder = []string{"uipath_tenant_role", "uipath_role_assignment", "uipath_task_mining_permission"}

// configuration is what was found, in the order in which it is written.
type configuration struct {
	objects []Object
	labels  []string
	// roles are the labels of roles by import id.
	roles map[string]string
}

func newConfiguration(found Found) configuration {
	c := configuration{objects: slices.Clone(found.Objects), roles: map[string]string{}}
	slices.SortStableFunc(c.objects, func(a, b Object) int {
		return cmp.Or(strings.Compare(a.Place, b.Place), slices.Index(typeOrder, a.Type)-slices.Index(typeOrder, b.Type),
			strings.Compare(label(a.Labels[0]), label(b.Labels[0])), strings.Compare(a.ID, b.ID))
	})
	c.labels = labels(c.objects)
	for i, object := range c.objects {
		if object.Type == "uipath_tenant_role" {
			c.roles[object.ID] = c.labels[i]
		}
	}
	return c
}

// WriteConfiguration writes import blocks for what was found, and the resources too if hcl is set. What cannot be managed stands in comments.
func WriteConfiguration(w io.Writer, found Found, hcl bool) error {
	c := newConfiguration(found)
	var text strings.Builder
	text.WriteString(heading(found))
	if hcl {
		c.writeResources(&text)
		text.WriteString("\n# Imports. Remove what follows when it was applied.\n")
	}
	c.writeImports(&text)
	_, err := w.Write(hclwrite.Format([]byte(text.String())))
	return err
}

// heading says what follows, what is missing and why.
func heading(found Found) string {
	var text strings.Builder
	fmt.Fprintf(&text, "# Adopted from the organization %s: %s.\n", oneLine(found.Organization), summary(found))
	if len(found.Unread) > 0 {
		text.WriteString("#\n# These credentials may not read:\n")
		for _, what := range found.Unread {
			fmt.Fprintf(&text, "#   - %s\n", oneLine(what))
		}
	}
	byReason := map[string][]string{}
	for _, left := range found.LeftOut {
		byReason[left.Reason] = append(byReason[left.Reason], oneLine(left.What))
	}
	for _, reason := range sortedKeys(byReason) {
		fmt.Fprintf(&text, "#\n# Left out, %s:\n", oneLine(reason))
		for _, what := range slices.Sorted(slices.Values(byReason[reason])) {
			fmt.Fprintf(&text, "#   - %s\n", what)
		}
	}
	return text.String()
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// summary counts what was found.
func summary(found Found) string {
	count := map[string]int{}
	for _, object := range found.Objects {
		count[object.Type]++
	}
	parts := make([]string, 0, len(typeOrder)+1)
	for _, kind := range typeOrder {
		parts = append(parts, fmt.Sprintf("%d %s", count[kind], kind))
	}
	if n := len(found.LeftOut); n > 0 {
		parts = append(parts, fmt.Sprintf("%d left out", n))
	}
	return strings.Join(parts, ", ")
}

// writeResources writes the resources, grouped by place.
func (c configuration) writeResources(text *strings.Builder) {
	place := ""
	for i, object := range c.objects {
		if i == 0 || object.Place != place {
			place = object.Place
			fmt.Fprintf(text, "\n# %s\n", oneLine(place))
		}
		text.WriteString("\n")
		for _, remark := range object.Remarks {
			fmt.Fprintf(text, "# %s\n", oneLine(remark))
		}
		fmt.Fprintf(text, "resource %s %s {\n", quote(object.Type), quote(c.labels[i]))
		for _, attribute := range object.Attributes {
			c.writeAttribute(text, attribute)
		}
		text.WriteString("}\n")
	}
}

func (c configuration) writeAttribute(text *strings.Builder, a Attribute) {
	switch role, written := c.roles[a.Role]; {
	case written:
		fmt.Fprintf(text, "%s = uipath_tenant_role.%s.%s\n", a.Name, role, a.Member)
	case a.List == nil:
		fmt.Fprintf(text, "%s = %s\n", a.Name, quote(a.Text))
	case len(a.List) == 1 && a.List[0].Remark == "":
		fmt.Fprintf(text, "%s = [%s]\n", a.Name, quote(a.List[0].Text))
	default:
		fmt.Fprintf(text, "%s = [\n", a.Name)
		for _, item := range a.List {
			fmt.Fprintf(text, "%s,", quote(item.Text))
			if item.Remark != "" {
				fmt.Fprintf(text, " # %s", oneLine(item.Remark))
			}
			text.WriteString("\n")
		}
		text.WriteString("]\n")
	}
}

func (c configuration) writeImports(text *strings.Builder) {
	for i, object := range c.objects {
		fmt.Fprintf(text, "\n%s\n", Block(object.Type+"."+c.labels[i], object.ID))
	}
}
