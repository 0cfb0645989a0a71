package provider_test

import (
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/accessascode/terraform-provider-uipath/internal/acctest"
	"github.com/accessascode/terraform-provider-uipath/internal/adopt"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
	"github.com/accessascode/terraform-provider-uipath/internal/provider"
)

// adoptable is what the command finds in an organization that a seed describes.
func adoptable(t *testing.T, seed string, query adopt.Query) adopt.Found {
	t.Helper()
	query.DataFile = filepath.Join(t.TempDir(), "organization.db")
	b, err := backend.Open(t.Context(), backend.Options{DataFile: query.DataFile, Seed: []byte(seed)})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	found, err := provider.Adoptable("test")(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestAdoptableIsWhatIsListed compares what the command takes over with what the list resources show: all of it, but for what could only be
// imported and never be made again.
func TestAdoptableIsWhatIsListed(t *testing.T) {
	t.Parallel()
	found := adoptable(t, everythingSeed, adopt.Query{})
	got := map[string]bool{}
	for _, object := range found.Objects {
		got[object.Type+" "+object.ID] = true
	}

	p := configured(t, acctest.NewBackend(t, backend.Options{Seed: []byte(everythingSeed)}))
	listed, names := map[string]bool{}, map[string]string{}
	for _, query := range []struct {
		typeName   string
		attributes map[string]tftypes.Value
		id         []string
		separator  string
	}{
		{assignmentType, everything, []string{"scope", "role_id", "principal_id"}, "|"}, {"uipath_tenant_role", nil, []string{"id"}, ""},
		{miningType, nil, []string{"tenant_id", "principal_id"}, "/"},
		{miningType, map[string]tftypes.Value{"tenant_name": text("staging")}, []string{"tenant_id", "principal_id"}, "/"},
	} {
		rows, diagnostics := p.list(query.typeName, query.attributes, 0, true)
		p.noErrors(diagnostics)
		for _, row := range rows {
			values := p.strings(p.schema.ResourceSchemas[query.typeName].ValueType(), row.resource)
			id := query.typeName + " "
			for i, attribute := range query.id {
				if i > 0 {
					id += query.separator
				}
				id += values[attribute]
			}
			listed[id], names[id] = true, row.displayName
		}
	}
	gone := []string{}
	for _, id := range slices.Sorted(maps.Keys(listed)) {
		if !got[id] {
			gone = append(gone, names[id])
		}
	}
	for id := range got {
		if !listed[id] {
			t.Errorf("%s is taken over and not listed", id)
		}
	}
	slices.Sort(gone)
	want := []string{
		"3a000000-0000-4000-8000-0000000000ff -> Operations @ Production",
		"3a000000-0000-4000-8000-0000000000ff -> Task Mining Process SME @ Production",
		"3b000000-0000-4000-8000-0000000000ff -> Task Mining User @ Staging",
		"barbara@acme.example -> Administrator @ " + productionPath + "/orchestrator/folder/" + goneFolder,
		"jose@acme.example -> Data Annotator @ " + productionPath + "/documentunderstanding/projects/" + goneProject,
	}
	if diff := cmp.Diff(want, gone); diff != "" {
		t.Errorf("listed and not taken over (-want +got):\n%s", diff)
	}
	reasons := map[string]int{}
	for _, left := range found.LeftOut {
		reasons[left.Reason]++
	}
	wantReasons := map[string]int{
		"at a service that this provider does not know": 1, "at a tenant, folder or project that does not exist any more": 2, "made by the platform": 1,
		"of a principal that is not in the directory any more": 3, "of a robot account or an external application": 2,
		"of projects without a permission at the service": 1, "without effect": 2,
	}
	if diff := cmp.Diff(wantReasons, reasons); diff != "" {
		t.Errorf("left out (-want +got):\n%s", diff)
	}
	if len(found.Unread) > 0 {
		t.Errorf("an administrator may not read %q", found.Unread)
	}
}

// TestAdoptableNames writes an id or a type beside a name only where the name alone stands for nobody or for several.
func TestAdoptableNames(t *testing.T) {
	t.Parallel()
	found := adoptable(t, everythingSeed, adopt.Query{})
	const sam, withTypeOfGroup = "3b000000-0000-4000-8000-000000000011", "3b000000-0000-4000-8000-000000000013"
	seen := 0
	for _, object := range found.Objects {
		attributes := map[string]string{}
		for _, attribute := range object.Attributes {
			attributes[attribute.Name] = attribute.Text
		}
		_, byID := attributes["principal_id"]
		kind, typed := attributes["principal_type"]
		switch attributes["principal_name"] {
		case "Sam":
			// Two users are shown under this name, and only the group bears it.
			seen++
			if byID || kind != "Group" {
				t.Errorf("the group Sam (%s) is written as %v", sam, attributes)
			}
		case sam:
			seen++
			if byID || typed {
				t.Errorf("the group %s, whose name is the id of another, is written as %v", withTypeOfGroup, attributes)
			}
		case "":
		default:
			if byID {
				t.Errorf("%s has an id beside a name that is its own: %v", object.ID, attributes)
			}
		}
	}
	if seen != 2 {
		t.Errorf("%d of two groups are there", seen)
	}

	found = adoptable(t, everythingSeed, adopt.Query{WithoutPrincipals: true, WithoutFolders: true, WithoutProjects: true, RoleName: "Administrator"})
	for _, object := range found.Objects {
		for _, attribute := range object.Attributes {
			if attribute.Name == "principal_name" {
				t.Errorf("a principal has a name although names are not looked up: %v", object)
			}
		}
	}
	if len(found.Objects) == 0 {
		t.Error("nothing is found without names")
	}
}

// TestAdoptableExtra names what somebody holds beside a permission: the configuration does not restore it.
func TestAdoptableExtra(t *testing.T) {
	t.Parallel()
	const extra = "  - {role: {service: Task Mining, name: User}, principal: grace@acme.example, scope: /tenant/Production/taskmining}\n"
	found := adoptable(t, everythingSeed+extra, adopt.Query{PrincipalName: "grace@acme.example", ScopeName: "Production / Task Mining"})
	want := []adopt.LeftOut{{What: "grace@acme.example -> User @ Production / Task Mining", Reason: "beside the permission Admin, which does not need it"}}
	if diff := cmp.Diff(want, found.LeftOut); diff != "" || len(found.Objects) != 1 {
		t.Errorf("%d objects are found, and left out is (-want +got):\n%s", len(found.Objects), diff)
	}
}
