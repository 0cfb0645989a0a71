package adopt

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

const auditorsID = "3d000000-0000-4000-8000-000000000001"

// grant is an assignment of a role of the tenant Production.
func grant(principal, role, id string) Object {
	return Object{
		Type: "uipath_role_assignment", ID: id, Place: "Production", Labels: []string{principal + " " + role, principal + " " + role + " Production"},
		Attributes: []Attribute{{Name: "role_name", Text: role, Role: auditorsID, Member: "name"}, {Name: "principal_name", Text: principal}},
	}
}

func TestWriteConfiguration(t *testing.T) {
	t.Parallel()
	role := Object{
		Type: "uipath_tenant_role", ID: auditorsID, Place: "Production", Labels: []string{"Auditors"},
		Attributes: []Attribute{{Name: "name", Text: "Auditors"}, {Name: "permissions", List: []Item{{Text: "A.B"}}}},
		Remarks:    []string{"A remark."},
	}
	recorder := Object{
		Type: "uipath_task_mining_permission", ID: "t/p", Place: "Production / Task Mining", Labels: []string{"grace"},
		Attributes: []Attribute{{Name: "project_ids", List: []Item{{Text: "1", Remark: "Payables\n}"}, {Text: "2"}}}},
	}
	var text bytes.Buffer
	if err := WriteConfiguration(&text, Found{
		Organization: "acme", Objects: []Object{recorder, grant("grace", "Auditors", "g"), role}, Unread: []string{"roles"},
		LeftOut: []LeftOut{{"b", "gone"}, {"a\n}", "gone"}, {"c", "built in"}},
	}, true); err != nil {
		t.Fatal(err)
	}
	const want = `# Adopted from the organization acme: 1 uipath_tenant_role, 1 uipath_role_assignment, 1 uipath_task_mining_permission, 3 left out.
#
# These credentials may not read:
#   - roles
#
# Left out, built in:
#   - c
#
# Left out, gone:
#   - a }
#   - b

# Production

# A remark.
resource "uipath_tenant_role" "auditors" {
  name        = "Auditors"
  permissions = ["A.B"]
}

resource "uipath_role_assignment" "grace_auditors" {
  role_name      = uipath_tenant_role.auditors.name
  principal_name = "grace"
}

# Production / Task Mining

resource "uipath_task_mining_permission" "grace" {
  project_ids = [
    "1", # Payables }
    "2",
  ]
}

# Imports. Remove what follows when it was applied.

import {
  to = uipath_tenant_role.auditors
  id = "3d000000-0000-4000-8000-000000000001"
}

import {
  to = uipath_role_assignment.grace_auditors
  id = "g"
}

import {
  to = uipath_task_mining_permission.grace
  id = "t/p"
}
`
	if text.String() != want {
		t.Errorf("it writes\n%s\nwant\n%s", text.String(), want)
	}
	// A role that is not written is a text.
	text.Reset()
	if err := WriteConfiguration(&text, Found{Objects: []Object{grant("grace", "Auditors", "g")}}, true); err != nil || !strings.Contains(text.String(), `role_name      = "Auditors"`) {
		t.Errorf("it writes\n%s, %v", text.String(), err)
	}
}

func TestLabels(t *testing.T) {
	t.Parallel()
	named := func(kind string, labels ...string) Object { return Object{Type: kind, Labels: labels} }
	objects := []Object{
		named("a", "Grace.Hopper Viewer"), named("a", "Grace-Hopper Viewer"), named("b", "grace hopper viewer"),
		named("a", "x", "x Production"), named("a", "X", "x Staging"), named("a", "x production"),
		named("a", "渡辺"), named("a", "3e viewer"), named("a", `"} # ${`), named("a", "\u202e\u200e"), named("a", strings.Repeat("long ", 40)),
	}
	want := []string{
		"grace_hopper_viewer", "grace_hopper_viewer_2", "grace_hopper_viewer", "x_production", "x_staging", "x_production_2",
		"渡辺", "_3e_viewer", "unnamed", "unnamed_2", strings.TrimSuffix(strings.Repeat("long_", 16), "_"),
	}
	if got := labels(objects); !slices.Equal(got, want) {
		t.Errorf("labels are %q, want %q", got, want)
	}
}

// FuzzWriteConfiguration writes hostile names, and reads the configuration as Terraform does: every name is a text, and nothing else is there.
func FuzzWriteConfiguration(f *testing.F) {
	for _, name := range []string{
		"Grace", `a"b\`, "${path.root}%{ if true }", "$${", "$$${x}", "%%{", "line\nbreak\r\n} resource", "\u202e\u0000\u2028", "Jose\u0301", "*/ # //", "<<EOT", "\\u0041", "$", "%",
	} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		var text bytes.Buffer
		if err := WriteConfiguration(&text, Found{
			Organization: name, Objects: []Object{{
				Type: "uipath_task_mining_permission", ID: name, Place: name, Labels: []string{name}, Remarks: []string{name},
				Attributes: []Attribute{{Name: "principal_name", Text: name}, {Name: "project_ids", List: []Item{{name, name}}}},
			}}, LeftOut: []LeftOut{{name, name}}, Unread: []string{name},
		}, true); err != nil {
			t.Fatal(err)
		}
		file, diags := hclsyntax.ParseConfig(text.Bytes(), "adopted.tf", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatalf("%q makes\n%s\nwhich is refused: %v", name, text.String(), diags)
		}
		body, _ := file.Body.(*hclsyntax.Body)
		if len(body.Blocks) != 2 || body.Blocks[0].Type != "resource" || body.Blocks[1].Type != "import" || len(body.Attributes) > 0 {
			t.Fatalf("%q makes\n%s", name, text.String())
		}
		attributes := body.Blocks[0].Body.Attributes
		got, diags := attributes["principal_name"].Expr.Value(nil)
		if diags.HasErrors() || got.AsString() != normal(name) || len(attributes) != 2 {
			t.Errorf("%q is read as %#v, %v", name, got, diags)
		}
		if formatted := hclwrite.Format(text.Bytes()); !bytes.Equal(formatted, text.Bytes()) {
			t.Errorf("%q is not formatted:\n%s", name, text.String())
		}
	})
}
