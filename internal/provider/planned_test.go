package provider

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// at reads a scope.
func at(t *testing.T, path string) access.Scope {
	t.Helper()
	if path == "" {
		return access.Scope{}
	}
	scope, err := access.ParseScope(path)
	if err != nil {
		t.Fatal(err)
	}
	return scope
}

// namesOfRoles are the ids of roles, "?" for those that have none yet.
func namesOfRoles(roles []plannedRole) []string {
	ids := []string{}
	for _, role := range roles {
		if role.ID == "" {
			ids = append(ids, "?")
		} else {
			ids = append(ids, role.ID.String())
		}
	}
	return ids
}

// TestRolesOfTheRun holds in which order a name is looked for among the roles of the run.
func TestRolesOfTheRun(t *testing.T) {
	t.Parallel()
	p := &planned{}
	coming := func(name string) plannedRole { return plannedRole{Role: uipath.Role{Name: name}} }
	created := func(name string) []string { return namesOfRoles(p.created(name)) }
	if got := created("Readers"); p.creates() || len(got) > 0 {
		t.Errorf("nothing is created, but there are %q", got)
	}
	p.willCreate(coming("Readers"))
	p.willCreate(coming("Writers"))
	if got := created("Readers"); !p.creates() || !cmp.Equal(got, []string{"?"}) {
		t.Errorf("planned are %q", got)
	}
	// Only what was created counts then.
	p.hasCreated(uipath.Role{ID: madeID, Name: "Readers"})
	if got := created("Readers"); !cmp.Equal(got, []string{madeID}) {
		t.Errorf("created are %q", got)
	}
	if got := created("Writers"); !cmp.Equal(got, []string{"?"}) {
		t.Errorf("of the other name there are %q", got)
	}
	p.willName(firstID, "Auditors")
	for id, want := range map[access.GUID]string{firstID: "Auditors", secondID: "Readers"} {
		if got := p.withName(uipath.Role{ID: id, Name: "Readers"}).Name; got != want {
			t.Errorf("the role %s will be called %q, want %q", id, got, want)
		}
	}
}

// TestChooseRoles narrows roles of one name down.
func TestChooseRoles(t *testing.T) {
	t.Parallel()
	const tenantID = "1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90"
	role := func(id access.GUID, service string, vague bool) plannedRole {
		return plannedRole{Role: uipath.Role{ID: id, Name: "Viewer", Service: service, Shape: access.ShapeTenantGlobal, Type: access.RoleBuiltIn}, vague: vague}
	}
	insights, maestro, multi := role(firstID, "Insights", false), role(secondID, "CaseManagement", false), role(madeID, "CentralizedAccess", false)
	for name, test := range map[string]struct {
		roles   []plannedRole
		service canonicalString
		at      string
		want    []string
	}{
		"none":                               {nil, serviceForm.null(), "/", []string{}},
		"one, even where it does not fit":    {[]plannedRole{insights}, serviceForm.null(), "/", []string{firstID}},
		"one of another service":             {[]plannedRole{insights}, serviceForm.value("Maestro"), "/", []string{}},
		"by the service":                     {[]plannedRole{insights, maestro}, serviceForm.value("casemanagement"), "", []string{secondID}},
		"by the scope":                       {[]plannedRole{insights, maestro}, serviceForm.null(), "/tenant/" + tenantID + "/insights", []string{firstID}},
		"by the scope of the tenant":         {[]plannedRole{insights, maestro, multi}, serviceForm.null(), "/tenant/" + tenantID, []string{madeID}},
		"several where none fits":            {[]plannedRole{insights, maestro}, serviceForm.null(), "/tenant/" + tenantID, []string{firstID, secondID}},
		"several without a scope":            {[]plannedRole{insights, maestro}, serviceForm.null(), "", []string{firstID, secondID}},
		"several of a service not known yet": {[]plannedRole{insights, maestro}, serviceForm.unknown(), "", []string{firstID, secondID}},
		"one that is not certain does not fit": {
			[]plannedRole{role("", "Insights", true), insights}, serviceForm.null(), "/tenant/" + tenantID + "/insights", []string{firstID},
		},
	} {
		if diff := cmp.Diff(test.want, namesOfRoles(chooseRoles(test.roles, test.service, at(t, test.at)))); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

// TestMeantNames keeps the latest names of each attribute.
func TestMeantNames(t *testing.T) {
	t.Parallel()
	names := meantNames{}
	names.add("role_name", "")
	for _, name := range []string{"a", "b", "a", "c", "d", "e", "f", "g", "h", "i", "j", "k"} {
		names.add("role_name", name)
	}
	names.add("scope_name", "Production")
	kept := keptPrivately{}
	if diags := names.keep(t.Context(), kept); diags.HasError() {
		t.Fatal(diags)
	}
	var diags diag.Diagnostics
	want := meantNames{"role_name": {"b", "c", "d", "e", "f", "g", "h", "i", "j", "k"}, "scope_name": {"Production"}}
	if diff := cmp.Diff(want, readMeantNames(t.Context(), kept, &diags)); diff != "" || diags.HasError() {
		t.Errorf("read back, %v:\n%s", diags, diff)
	}
	// What cannot be read counts as nothing.
	for _, broken := range []string{"", "[]", "{", `{"role_name": 1}`} {
		kept[namesKey] = []byte(broken)
		if got := readMeantNames(t.Context(), kept, &diags); len(got["role_name"]) > 0 || diags.HasError() {
			t.Errorf("%q is read as %v, %v", broken, got, diags)
		}
	}
}

// keptPrivately is private state.
type keptPrivately map[string][]byte

func (k keptPrivately) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) {
	return k[key], nil
}

func (k keptPrivately) SetKey(_ context.Context, key string, value []byte) diag.Diagnostics {
	k[key] = value
	return nil
}
