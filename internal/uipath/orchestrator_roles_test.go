package uipath

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// newOrchestratorSpec is a role of Orchestrator to create.
func newOrchestratorSpec() OrchestratorRoleSpec {
	return OrchestratorRoleSpec{TenantID: tenantID, Name: "Machine Keeper", Type: OrchestratorTenantRole, Permissions: []string{"Machines.View", "Machines.Edit"}}
}

func TestOrchestratorRolesAreListedOnce(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	o := withOrchestrator(t, f, 0)
	o.pageCap = 4
	o.roles[5] = orchestratorRoleAnswer{ID: 5, Name: "Clerk", Type: "Folder", IsStatic: true, Permissions: []orchestratorPermissionAnswer{
		{"Assets", true, "Folder"}, {"Assets.View", true, "Folder"}, {"Assets.Edit", false, "Folder"}, {"Machines.View", true, "Global"}, {"Assets.View", true, "Folder"},
	}}
	c := f.client(t)
	for range 3 {
		got, err := c.OrchestratorRoleNamed(t.Context(), tenantID, "Clerk")
		want := OrchestratorRole{TenantID: tenantID, ID: 5, Name: "Clerk", Type: OrchestratorFolderRole, Static: true, Permissions: []string{"Assets.View"}}
		if err != nil || cmp.Diff(want, got) != "" {
			t.Errorf("got %+v, %v, want %+v", got, err, want)
		}
		if got, err := c.OrchestratorRole(t.Context(), tenantID, 2); err != nil || got.Key != roleID(2) || got.AtFolders() || !got.AtTenant() {
			t.Errorf("got %+v, %v", got, err)
		}
	}
	if got := f.sent("GET"); len(got) != 2 {
		t.Errorf("%d requests for two pages: %v", len(got), got)
	}
	if _, err := c.OrchestratorRole(t.Context(), tenantID, 77); !errors.Is(err, ErrNotFound) {
		t.Errorf("an unknown role: %v", err)
	}
	_, err := c.OrchestratorRoleNamed(t.Context(), tenantID, "clerk")
	if missing, ok := errors.AsType[*NotFoundError](err); !ok || !slices.Contains(missing.Candidates, "Clerk") {
		t.Errorf("another spelling: %v", err)
	}
	if all, err := c.OrchestratorRoles(t.Context(), tenantID); err != nil || len(all) != 6 {
		t.Errorf("%d roles, %v", len(all), err)
	}
	if _, err := c.OrchestratorRoles(t.Context(), "x"); err == nil {
		t.Error("no tenant is accepted")
	}
}

func TestOrchestratorPermissions(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	withOrchestrator(t, f, 0)
	c := f.client(t)
	want := []OrchestratorPermission{{"Assets.View", "Folder"}, {"Machines.View", "Global"}}
	for range 2 {
		if got, err := c.OrchestratorPermissions(t.Context(), tenantID); err != nil || cmp.Diff(want, got) != "" {
			t.Errorf("got %v, %v, want %v", got, err, want)
		}
	}
	if want[0].Fits(OrchestratorTenantRole) || !want[0].Fits(OrchestratorMixedRole) || !want[1].Fits(OrchestratorTenantRole) {
		t.Error("a permission fits another type than its scope says")
	}
	if got := len(f.sent("GET")); got != 1 {
		t.Errorf("%d requests", got)
	}
}

func TestOrchestratorRoleLifeCycle(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	o := withOrchestrator(t, f, 0)
	c := f.client(t)
	made, err := c.CreateOrchestratorRole(t.Context(), newOrchestratorSpec())
	if err != nil || made.ID == 0 || made.Key == "" || !slices.Equal(made.Permissions, []string{"Machines.Edit", "Machines.View"}) {
		t.Fatalf("made %+v, %v", made, err)
	}
	changed := newOrchestratorSpec()
	changed.Name, changed.Permissions = "Keeper", []string{"machines.view"}
	if got, err := c.UpdateOrchestratorRole(t.Context(), made.ID, changed); err != nil || got.Name != "Keeper" || got.Key != made.Key {
		t.Errorf("updated %+v, %v", got, err)
	}
	// What is not granted any more is named, because leaving it out may not be enough.
	if got, want := o.roles[made.ID].Permissions, []orchestratorPermissionAnswer{{Name: "machines.view", IsGranted: true}, {Name: "Machines.Edit"}}; cmp.Diff(want, got) != "" {
		t.Errorf("sent %v, want %v", got, want)
	}
	if got, err := c.RefreshedOrchestratorRole(t.Context(), tenantID, made.ID); err != nil || !slices.Equal(got.Permissions, []string{"machines.view"}) {
		t.Errorf("read %+v, %v", got, err)
	}
	for range 2 {
		if err := c.DeleteOrchestratorRole(t.Context(), tenantID, made.ID); err != nil {
			t.Error(err)
		}
	}
	if _, err := c.OrchestratorRole(t.Context(), tenantID, made.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("a deleted role: %v", err)
	}
}

func TestOrchestratorRoleNameTaken(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	withOrchestrator(t, f, 0)
	c := f.client(t)
	spec := newOrchestratorSpec()
	spec.Name = "role 2"
	_, err := c.CreateOrchestratorRole(t.Context(), spec)
	if taken, ok := errors.AsType[*OrchestratorRoleExistsError](err); !ok || taken.Existing.ID != 2 || !errors.Is(err, ErrConflict) {
		t.Errorf("creating: %v", err)
	}
	_, err = c.UpdateOrchestratorRole(t.Context(), 1, spec)
	if taken, ok := errors.AsType[*OrchestratorRoleExistsError](err); !ok || taken.Existing.ID != 2 || !strings.Contains(err.Error(), `"Role 2"`) {
		t.Errorf("renaming: %v", err)
	}
}

// A lost answer to the creation of a role is resolved by looking.
func TestOrchestratorRoleLostAnswer(t *testing.T) {
	t.Parallel()
	spec := newOrchestratorSpec()
	for name, test := range map[string]struct {
		// carried says that the server carries the request out before the connection breaks.
		carried bool
		// before is what has the name before, and other what somebody else makes meanwhile.
		before, other *orchestratorRoleAnswer
		unknown       bool
	}{
		"not carried out": {}, "carried out": {carried: true},
		"another of the name meanwhile": {other: &orchestratorRoleAnswer{ID: 50, Name: spec.Name, Type: "Folder"}, unknown: true},
		"there before":                  {before: &orchestratorRoleAnswer{ID: 50, Name: strings.ToUpper(spec.Name), Type: "Tenant"}, unknown: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			o := withOrchestrator(t, f, 0)
			if test.before != nil {
				o.roles[50] = *test.before
			}
			c := f.client(t)
			f.firstSent("/Roles", func(body string) {
				if test.carried {
					o.createRole(&discarded{}, body)
				}
				if test.other != nil {
					o.roles[50] = *test.other
				}
			})
			made, err := c.CreateOrchestratorRole(t.Context(), spec)
			unknown, is := errors.AsType[*OrchestratorRoleOutcomeUnknownError](err)
			switch {
			case test.unknown && (!is || unknown.Existing.ID != 50):
				t.Errorf("got %+v, %v", made, err)
			case !test.unknown && (err != nil || made.ID == 0 || len(o.roles) != 7):
				t.Errorf("got %+v, %v with %d roles", made, err, len(o.roles))
			}
		})
	}
}

// discarded is an answer that is lost.
type discarded struct{ http.ResponseWriter }

func (*discarded) Header() http.Header         { return http.Header{} }
func (*discarded) WriteHeader(int)             {}
func (*discarded) Write(p []byte) (int, error) { return len(p), nil }

// firstSent breaks the connection of the first POST to a path suffix, after something was done with the body.
func (f *fake) firstSent(suffix string, do func(body string)) {
	broken := false
	f.on(func(w http.ResponseWriter, r *http.Request, body string) bool {
		f.mu.Lock()
		if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, suffix) || broken {
			f.mu.Unlock()
			return false
		}
		broken = true
		do(body)
		f.mu.Unlock()
		breakConnection(w, r)
		return true
	})
}

func TestOrchestratorRoleMalformed(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{`{}`, `{"value":[{"Name":"n"}]}`, `{"value":[{"Id":3000000000,"Name":"n"}]}`, `[]`} {
		f := newFake(t)
		f.directory = map[string]string{tenantID + "/orchestrator_/odata/roles": answer}
		_, err := f.client(t).OrchestratorRoles(t.Context(), tenantID)
		if _, ok := errors.AsType[*Error](err); !ok {
			t.Errorf("%s: %v", answer, err)
		}
	}
}
