package uipath

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

func TestReadRole(t *testing.T) {
	t.Parallel()
	got, err := parseRole([]byte(`{"id":"587D79D6-85de-4ee7-819b-1eb19b85009b","name":"Access Administrator","description":"d",
		"type":"BUILTIN","scopeType":"TENANT","createdBy":"7F36FCC2-b822-430b-ae30-5ecfbacac186",
		"createdOn":"2025-12-09T08:20:56.7703633+00:00","tenantId":"B0000000-0000-4000-8000-000000000001",
		"ownerServiceId":"x","ownerServiceName":"AuthZ",
		"actionDetails":[{"name":"Authz.Role.Read"},{"name":"AUTHZ.ACTION.READ"},{"name":"AUTHZ.ROLE.READ"}],"surprise":1}`))
	want := Role{
		ID: "587d79d6-85de-4ee7-819b-1eb19b85009b", Name: "Access Administrator", Description: "d", Type: access.RoleBuiltIn,
		Shape: access.ShapeTenant, TenantID: tenantID, Service: "AuthZ", Permissions: []string{"AUTHZ.ACTION.READ", "AUTHZ.ROLE.READ"},
		CreatedBy: "7f36fcc2-b822-430b-ae30-5ecfbacac186", CreatedOn: time.Date(2025, 12, 9, 8, 20, 56, 770363300, time.UTC),
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("parseRole: %v (-want +got):\n%s", err, diff)
	}
	for body, want := range map[string]Role{
		`{"id":"` + strangerID + `","type":"custom","scopeType":"Tenant","tenantId":"00000000-0000-0000-0000-000000000000"}`: {
			ID: strangerID, Type: access.RoleCustom, Shape: access.ShapeTenantGlobal,
		},
		`{"id":"` + strangerID + `","type":"PLATFORM","scopeType":"ORGANIZATION","tenantId":null,"actionDetails":null,"createdBy":null}`: {
			ID: strangerID, Type: access.RolePlatform, Shape: access.ShapeOrganization,
		},
		`{"id":"` + strangerID + `","type":"Borrowed","scopeType":"MIXED"}`: {ID: strangerID, Type: "Borrowed", Shape: "MIXED"},
	} {
		got, err := parseRole([]byte(body))
		want.Permissions = []string{}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("parseRole(%s): %v (-want +got):\n%s", body, err, diff)
		}
	}
}

func TestReadRolePageRefuses(t *testing.T) {
	t.Parallel()
	for _, body := range []string{``, `{}`, `[]`, `{"results":[{"name":"x"}],"totalCount":1}`, `{"results":[{"id":"x"}],"totalCount":1}`, `{"results":{}}`, `{"totalCount":"1"}`} {
		if got, err := parseRolePage([]byte(body)); err == nil {
			t.Errorf("parseRolePage(%s) = %v, want an error", body, got)
		}
	}
}

func TestRoleBody(t *testing.T) {
	t.Parallel()
	a := &api{organization: Organization{ID: orgID}}
	for name, test := range map[string]struct {
		id   access.GUID
		spec RoleSpec
		want string
	}{
		"new tenant role": {
			spec: RoleSpec{
				Name: "n", Description: "d", Shape: access.ShapeTenant, TenantID: tenantID, Permissions: []string{"b.B.b", "A"},
			},
			want: `{"roleName":"n","roleDescription":"d","roleScopeType":"TENANT","organizationId":"` + orgID + `","tenantId":"` + tenantID +
				`","actionsGrantedByRole":["A","B.B.B"]}`,
		},
		"update of a service's role": {
			id: roleID(1), spec: RoleSpec{Name: "n", Description: "d", Shape: access.ShapeTenantGlobal, Service: "ixp"},
			want: `{"id":"` + roleID(1).String() + `","roleName":"n","roleDescription":"d","roleScopeType":"TENANT","organizationId":"` + orgID +
				`","roleService":"Reinfer","actionsGrantedByRole":[]}`,
		},
		"multi-service and unknown": {
			spec: RoleSpec{Shape: access.ShapeOrganization, Service: "Multi-service"},
			want: `{"roleName":"","roleDescription":"","roleScopeType":"ORGANIZATION","organizationId":"` + orgID + `","actionsGrantedByRole":[]}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := a.roleBody(test.id, test.spec)
			if diff := cmp.Diff(test.want, string(got)); diff != "" || err != nil {
				t.Errorf("roleBody: %v (-want +got):\n%s", err, diff)
			}
		})
	}
	if got := (RoleSpec{Service: "novelty"}).owner(); got != "novelty" {
		t.Errorf("a service that the table lacks becomes %q", got)
	}
}

func TestRolesAreSharedAndSorted(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.seed(3)
	f.change(roleID(1), func(r *roleAnswer) { r.Name = "Role 2" })
	f.change(roleID(3), func(r *roleAnswer) { r.Name = "A role" })
	c := f.client(t)
	var group sync.WaitGroup
	for range 40 {
		group.Go(func() {
			if r, err := c.Role(t.Context(), roleID(2)); err != nil || r.ID != roleID(2) {
				t.Errorf("Role = %v, %v", r, err)
			}
		})
		group.Go(func() {
			got, err := c.Roles(t.Context())
			if err != nil || len(got) != 3 || got[0].ID != roleID(3) || got[1].ID != roleID(1) || got[2].ID != roleID(2) {
				t.Errorf("Roles = %v, %v, want them by name, then id", got, err)
			}
		})
	}
	group.Wait()
	if sent := f.sent(""); len(sent) != 1 {
		t.Errorf("requests %v, want one", sent)
	}
}

func TestRoleMissIsAskedForByID(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.seed(1)
	c := f.client(t)
	if _, err := c.Roles(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Role(t.Context(), roleID(2)); !errors.Is(err, ErrNotFound) {
		t.Errorf("Role = %v, want ErrNotFound", err)
	}
	f.seed(2)
	for range 2 {
		if r, err := c.Role(t.Context(), roleID(2)); err != nil || r.Name != "Role 2" {
			t.Errorf("Role = %v, %v, want the role made meanwhile", r, err)
		}
	}
	if got := len(f.sent("GET /" + orgID + "/pap_/api/roles/" + roleID(2).String())); got != 2 {
		t.Errorf("asked by id %d times, want 2: the found role is kept", got)
	}
}

// A single read is believed only if it is the role that was asked for.
func TestReadOfAnotherRole(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.seed(2)
	c := f.client(t)
	f.first(2, http.MethodGet, roleID(1).String(), func(w http.ResponseWriter, _ *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		answerJSON(w, http.StatusOK, f.encode(f.roles[roleID(2)]))
	})
	if r, err := c.RefreshedRole(t.Context(), roleID(1)); err != nil || r.Name != "Role 1" {
		t.Errorf("RefreshedRole = %v, %v, want the role after two answers about another", r, err)
	}
	if got := len(f.sent("GET")); got != 3 {
		t.Errorf("%d requests, want 3", got)
	}
}

func TestRoleIDsAreChecked(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	for _, id := range []access.GUID{"", "..", "x/y", "{" + roleID(1) + "}"} {
		_, readErr := c.Role(t.Context(), id)
		_, updateErr := c.UpdateRole(t.Context(), id, newSpec())
		for _, err := range []error{readErr, updateErr, c.DeleteRole(t.Context(), id)} {
			if err == nil || errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "not a GUID") {
				t.Errorf("id %q: %v, want a refusal", id, err)
			}
		}
	}
	if sent := f.sent("PUT"); len(sent) != 0 {
		t.Errorf("requests %v", sent)
	}
}

func TestRoleLifeCycle(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.seed(1)
	c := f.client(t)
	if _, err := c.Roles(t.Context()); err != nil {
		t.Fatal(err)
	}
	created, err := c.CreateRole(t.Context(), newSpec())
	want := Role{
		ID: roleID(9001), Name: "Task Mining User", Description: "Managed by Terraform", Type: access.RoleCustom, Shape: access.ShapeTenant,
		TenantID: tenantID, Service: "CentralizedAccess", Permissions: []string{"AUTHZ.ROLE.READ", "ORCHESTRATOR.MLPACKAGES.VIEW"},
		CreatedBy: subjectID,
	}
	if diff := cmp.Diff(want, created); diff != "" || err != nil {
		t.Fatalf("CreateRole: %v (-want +got):\n%s", err, diff)
	}
	created.Permissions[0] = "SCRIBBLED"
	spec := newSpec()
	spec.Description, spec.Permissions = "changed", []string{"AUTHZ.ROLE.READ"}
	updated, err := c.UpdateRole(t.Context(), created.ID, spec)
	want.Description, want.Permissions = "changed", []string{"AUTHZ.ROLE.READ"}
	if diff := cmp.Diff(want, updated); diff != "" || err != nil {
		t.Fatalf("UpdateRole: %v (-want +got):\n%s", err, diff)
	}
	if got, err := c.Role(t.Context(), created.ID); cmp.Diff(want, got) != "" || err != nil {
		t.Errorf("Role = %v, %v, want what was written", got, err)
	}
	if err := c.DeleteRole(t.Context(), created.ID); err != nil {
		t.Error(err)
	}
	if err := c.DeleteRole(t.Context(), created.ID); err != nil {
		t.Errorf("DeleteRole of what is gone = %v", err)
	}
	if got, err := c.Roles(t.Context()); err != nil || len(got) != 1 {
		t.Errorf("Roles = %v, %v after the deletion", got, err)
	}
	if got := len(f.sent("GET /" + orgID + "/pap_/api/roles?")); got != 1 {
		t.Errorf("listed %d times, want 1: own writes update the list in place", got)
	}
}

func TestUpdateOfWhatIsGone(t *testing.T) {
	t.Parallel()
	c := newFake(t).client(t)
	if _, err := c.UpdateRole(t.Context(), roleID(7), newSpec()); !errors.Is(err, ErrNotFound) {
		t.Errorf("UpdateRole = %v, want ErrNotFound", err)
	}
}

func TestTakenName(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.seed(12)
	c := f.client(t)
	spec := newSpec()
	spec.Name = "ROLE 1"
	_, created := c.CreateRole(t.Context(), spec)
	_, updated := c.UpdateRole(t.Context(), roleID(2), spec)
	for _, err := range []error{created, updated} {
		taken, ok := errors.AsType[*RoleExistsError](err)
		if !ok || taken.Existing.ID != roleID(1) || !errors.Is(err, ErrConflict) || !strings.Contains(err.Error(), roleID(1).String()) {
			t.Errorf("%v, want a RoleExistsError of role 1", err)
		}
	}
	// Where the role in the way cannot be seen the server's own words remain.
	f.on(func(w http.ResponseWriter, r *http.Request, _ string) bool {
		if r.Method == http.MethodGet {
			answerJSON(w, http.StatusForbidden, `{}`)
		}
		return r.Method == http.MethodGet
	})
	_, err := c.CreateRole(t.Context(), spec)
	_, ok := errors.AsType[*RoleExistsError](err)
	if ok || !errors.Is(err, ErrConflict) || !strings.Contains(err.Error(), "Role name is in use.") {
		t.Errorf("CreateRole = %v, want the server's refusal", err)
	}
}

// Names may be unique for each owner only (contract 3.5): then the role of the same owner is the one in the way.
func TestTakenNameOfSeveralOwners(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.seed(2)
	f.change(roleID(1), func(r *roleAnswer) { r.Name = "Twin" })
	f.change(roleID(2), func(r *roleAnswer) { r.Name, r.OwnerServiceName = "twin", "Reinfer" })
	c := f.client(t)
	r, found, err := c.findRoleNamed(t.Context(), "Twin", "Reinfer")
	if err != nil || !found || r.ID != roleID(2) {
		t.Errorf("findRoleNamed = %v, %v, %v, want the role of the owner", r, found, err)
	}
}

// Who made a role and when is kept over an update where the list has told it, and nothing is read for it.
func TestUpdateKeepsTheMaker(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.seed(1)
	c := f.client(t)
	blank, err := c.UpdateRole(t.Context(), roleID(1), newSpec())
	if err != nil || !newSpec().matches(blank) || blank.CreatedBy != "" || !blank.CreatedOn.IsZero() {
		t.Errorf("UpdateRole = %v, %v before the list was read", blank, err)
	}
	if _, err := c.Roles(t.Context()); err != nil {
		t.Fatal(err)
	}
	known, err := c.UpdateRole(t.Context(), roleID(1), newSpec())
	if err != nil || known.CreatedBy != strangerID || !known.CreatedOn.Equal(start.Add(-time.Hour)) {
		t.Errorf("UpdateRole = %v, %v, want the maker of the list", known, err)
	}
	if got := f.sent("GET"); len(got) != 1 {
		t.Errorf("reads %v, want the list only", got)
	}
}

func TestUpdateAnsweredWithAnotherRole(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.seed(1)
	c := f.client(t)
	f.first(-1, http.MethodPut, "roles", func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, http.StatusOK, `{"createdRoleId":"`+roleID(2).String()+`"}`)
	})
	if _, err := c.UpdateRole(t.Context(), roleID(1), newSpec()); err == nil || !strings.Contains(err.Error(), "names another role") {
		t.Errorf("UpdateRole = %v, want an error", err)
	}
}

func TestFailedWriteInvalidatesTheList(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.seed(2)
	c := f.client(t)
	if _, err := c.Roles(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.on(func(w http.ResponseWriter, r *http.Request, _ string) bool {
		if r.Method != http.MethodGet {
			answerJSON(w, http.StatusForbidden, `{"detail":"Caller is not authorized to manage roles for the organization"}`)
		}
		return r.Method != http.MethodGet
	})
	_, created := c.CreateRole(t.Context(), newSpec())
	f.change(roleID(1), func(r *roleAnswer) { r.Name = "Renamed" })
	for name, err := range map[string]error{"create": created, "delete": c.DeleteRole(t.Context(), roleID(1))} {
		if !errors.Is(err, ErrForbidden) || !strings.Contains(err.Error(), "not authorized") {
			t.Errorf("%s = %v, want ErrForbidden", name, err)
		}
	}
	if r, err := c.Role(t.Context(), roleID(1)); err != nil || r.Name != "Renamed" {
		t.Errorf("Role = %v, %v, want it read anew", r, err)
	}
}

// An update is repeated as often as need be: it carries the id.
func TestUpdateIsRepeated(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	created, err := c.CreateRole(t.Context(), newSpec())
	if err != nil {
		t.Fatal(err)
	}
	f.first(2, http.MethodPut, "roles", breakConnection)
	spec := newSpec()
	spec.Name = "Renamed"
	if r, err := c.UpdateRole(t.Context(), created.ID, spec); err != nil || r.Name != "Renamed" {
		t.Errorf("UpdateRole = %v, %v", r, err)
	}
}

// Writers and readers at once; the race detector watches, and at the end the list is what the server holds.
func TestConcurrentRoles(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.seed(30)
	c := f.client(t)
	var group sync.WaitGroup
	for n := range 30 {
		group.Go(func() {
			spec := newSpec()
			spec.Name += " " + roleID(n).String()
			r, err := c.CreateRole(t.Context(), spec)
			if err != nil {
				t.Error(err)
				return
			}
			if got, err := c.Role(t.Context(), r.ID); err != nil || got.Name != spec.Name {
				t.Errorf("Role = %v, %v, want the role just made", got, err)
			}
			switch n % 3 {
			case 0:
				if err := c.DeleteRole(t.Context(), r.ID); err != nil {
					t.Error(err)
				}
				if got, err := c.Role(t.Context(), r.ID); !errors.Is(err, ErrNotFound) {
					t.Errorf("Role = %v, %v, want ErrNotFound", got, err)
				}
			case 1:
				spec.Description = "changed"
				if _, err := c.UpdateRole(t.Context(), r.ID, spec); err != nil {
					t.Error(err)
				}
				if got, err := c.Role(t.Context(), r.ID); err != nil || got.Description != "changed" {
					t.Errorf("Role = %v, %v, want the change", got, err)
				}
			case 2:
				c.roles.table.forget()
			}
		})
	}
	group.Wait()
	got, err := c.Roles(t.Context())
	if err != nil || len(got) != 50 {
		t.Errorf("%d roles, %v, want 50", len(got), err)
	}
}

func FuzzReadRolePage(f *testing.F) {
	f.Add([]byte(`{"totalCount":1,"results":[{"id":"` + strangerID + `","type":"Custom","actionDetails":[{"name":"a"}]}]}`))
	f.Add([]byte(`{"totalCount":-1,"results":null}`))
	f.Add([]byte(`{"results":[null]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		read, err := parseRolePage(body)
		if err != nil {
			return
		}
		if !json.Valid(body) {
			t.Error("a page was read from what is no JSON")
		}
		for _, r := range read.Results {
			if r.ID == "" || r.Permissions == nil {
				t.Errorf("an incomplete role was read: %v", r)
			}
		}
	})
}
