package taskmining

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

const (
	view   = "ORCHESTRATOR.MLPACKAGES.VIEW"
	logs   = "ORCHESTRATOR.MLLOGS.VIEW"
	skills = "ORCHESTRATOR.MLSKILLS.VIEW"
)

// withRole adds a tenant role that grants permissions.
func (f *fake) withRole(name string, permissions ...string) {
	f.roles = append(f.roles, uipath.Role{
		ID: access.GUID(roleID(name)), Name: name, Service: access.MultiService.Name, Type: access.RoleCustom, Shape: access.ShapeTenant,
		TenantID: access.GUID(string(tenant)), Permissions: permissions,
	})
}

// TestMissingAICenter asks what an expert, who needs three permissions, lacks.
func TestMissingAICenter(t *testing.T) {
	t.Parallel()
	all := []string{logs, view, skills}
	inTenant, elsewhere := access.TenantScope(tenant), access.TenantScope(otherTenant)
	inService := pathOf(t, "/tenant/"+string(tenant)+"/orchestrator")
	for name, test := range map[string]struct {
		give func(*fake)
		want []string
	}{
		"nothing held":              {func(*fake) {}, all},
		"all held":                  {func(f *fake) { f.assign(edsger, "Whole", inTenant) }, nil},
		"some held":                 {func(f *fake) { f.assign(edsger, "Part", inTenant) }, []string{logs, skills}},
		"held together":             {func(f *fake) { f.assign(edsger, "Part", inTenant); f.assign(edsger, "Rest", inTenant) }, nil},
		"held by somebody else":     {func(f *fake) { f.assign(grace, "Whole", inTenant) }, all},
		"held in another tenant":    {func(f *fake) { f.assign(edsger, "Whole", elsewhere) }, all},
		"held through a group":      {func(f *fake) { f.assign(crew, "Whole", inTenant) }, nil},
		"held partly by the group":  {func(f *fake) { f.assign(edsger, "Part", inTenant); f.assign(crew, "Rest", inTenant) }, nil},
		"a role that is gone":       {func(f *fake) { f.assign(edsger, "Gone", inTenant) }, all},
		"an administrator":          {func(f *fake) { f.assign(edsger, "Organization Administrator", access.Organization) }, nil},
		"without effect":            {func(f *fake) { f.assign(edsger, "Whole", inService) }, all},
		"without effect, by groups": {func(f *fake) { f.assign(crew, "Whole", inService) }, all},
		"made by the platform": {func(f *fake) {
			f.assign(edsger, "Whole", inService)
			f.assignments[0].Type = "BuiltIn"
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake()
			f.withRole("Whole", all...)
			f.withRole("Part", view)
			f.withRole("Rest", logs, skills)
			f.roles = append(f.roles, uipath.Role{
				ID: access.GUID(roleID("Organization Administrator")), Name: "Organization Administrator", Type: access.RoleBuiltIn, Shape: access.ShapeOrganization,
				Service: access.MultiService.Name,
			})
			f.members = map[access.GUID][]access.GUID{crew: {edsger}}
			test.give(f)
			got, err := New(f, true).MissingAICenter(t.Context(), key, access.TaskMiningProcessSME)
			if err != nil || got.Unknown != nil {
				t.Fatalf("%+v, %v", got, err)
			}
			if diff := cmp.Diff(test.want, got.Permissions); diff != "" {
				t.Errorf("missing are others:\n%s", diff)
			}
		})
	}
}

// TestMissingAICenterUnknown cannot tell what is missing, and says why.
func TestMissingAICenterUnknown(t *testing.T) {
	t.Parallel()
	external := func(err error) bool {
		return strings.Contains(err.Error(), `the group "Crew" (`+string(crew)+`), which holds some of them, belongs to an external directory`)
	}
	forbidden := func(err error) bool { return errors.Is(err, uipath.ErrForbidden) }
	for name, test := range map[string]struct {
		change     func(*fake)
		readGroups bool
		unknown    func(error) bool
		want       []string
	}{
		"groups are not read":           {func(*fake) {}, false, func(err error) bool { return errors.Is(err, ErrGroupsNotRead) }, []string{view}},
		"the group cannot be read":      {func(f *fake) { f.members = nil }, true, external, []string{view}},
		"the group is gone":             {func(f *fake) { f.members, f.assignments[0].PrincipalName = nil, "" }, true, nil, []string{view}},
		"the group is another's":        {func(f *fake) { f.members[crew] = []access.GUID{grace} }, true, nil, []string{view}},
		"the directory is closed":       {func(f *fake) { f.refused["GroupMembers"] = uipath.ErrForbidden }, true, forbidden, []string{view}},
		"its own cannot be read":        {func(f *fake) { f.refused["Holding"] = uipath.ErrForbidden }, true, forbidden, []string{view}},
		"those of groups cannot":        {func(f *fake) { f.refused["GroupHoldings"] = uipath.ErrForbidden }, true, forbidden, []string{view}},
		"it holds what it needs itself": {func(f *fake) { f.assign(edsger, "Viewer", access.TenantScope(tenant)) }, false, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake()
			f.withRole("Viewer", view)
			f.assign(crew, "Viewer", access.TenantScope(tenant))
			f.assignments[0].PrincipalName = "Crew"
			f.members, f.refused = map[access.GUID][]access.GUID{crew: {edsger}}, map[string]error{}
			test.change(f)
			got, err := New(f, test.readGroups).MissingAICenter(t.Context(), key, access.TaskMiningUser)
			if err != nil || !slices.Equal(got.Permissions, test.want) {
				t.Errorf("%+v, %v", got, err)
			}
			if told := test.unknown == nil; told != (got.Unknown == nil) || !told && !test.unknown(got.Unknown) {
				t.Errorf("unknown because of %v", got.Unknown)
			}
		})
	}
}

// TestMissingAICenterAsksLittle reads no group where the principal itself holds all, or where a group would not help.
func TestMissingAICenterAsksLittle(t *testing.T) {
	t.Parallel()
	f := newFake()
	f.withRole("Viewer", view)
	f.withRole("Other", "ORCHESTRATOR.ROBOTS.VIEW")
	f.assign(crew, "Other", access.TenantScope(tenant))
	f.assign(crew, "Viewer", access.TenantScope(tenant))
	f.assign(edsger, "Viewer", access.TenantScope(tenant))
	if got, err := New(f, true).MissingAICenter(t.Context(), key, access.TaskMiningUser); err != nil || len(got.Permissions) > 0 {
		t.Fatalf("%+v, %v", got, err)
	}
	f.assignments = f.assignments[:1]
	if got, err := New(f, true).MissingAICenter(t.Context(), key, access.TaskMiningUser); err != nil || len(got.Permissions) != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	if slices.ContainsFunc(f.asked, func(call string) bool { return strings.HasPrefix(call, "GroupMembers") }) {
		t.Errorf("asked for %q", f.asked)
	}
	f.refused = map[string]error{"Role": uipath.ErrUnauthorized}
	if got, err := New(f, true).MissingAICenter(t.Context(), key, access.TaskMiningUser); !errors.Is(err, uipath.ErrUnauthorized) {
		t.Errorf("a failure gave %+v, %v", got, err)
	}
}
