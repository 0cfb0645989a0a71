package uipath

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// described returns assignments as "role/principal scope", with what is inherited and immutable marked.
func described(list []Assignment) []string {
	var texts []string
	for _, a := range list {
		text := string(a.Key.RoleID[len(a.Key.RoleID)-1:]+"/"+a.Key.PrincipalID[len(a.Key.PrincipalID)-1:]) + " " + a.Key.Scope.String()
		if a.Inherited {
			text += " inherited"
		}
		if !a.Mutable {
			text += " immutable"
		}
		texts = append(texts, text)
	}
	return texts
}

func TestAssignmentsWithinReach(t *testing.T) {
	t.Parallel()
	tenant := access.TenantScope(tenantID)
	at, service := tenant.String(), tenant.String()+"/taskmining"
	fixed := func(a *assignmentAnswer) { a.Mutable = new(bool) }
	direct := []string{"1/1 " + at, "2/1 " + at, "1/2 " + at + " immutable"}
	above := []string{"1/1 / inherited immutable", "1/3 / inherited immutable"}
	below := []string{"1/1 " + service, "3/1 " + service + " immutable"}
	const whole, own = "scope=%2F&", "scope=%2Ftenant%2F" + tenantID + "&"
	for name, test := range map[string]struct {
		scope   access.Scope
		reach   Reach
		want    []string
		request []string
	}{
		"exact":           {tenant, Reach{}, direct, []string{"noInheritance=true", own}},
		"above":           {tenant, Reach{Above: true}, append(append([]string{}, above...), direct...), []string{"noInheritance=false", own}},
		"below":           {tenant, Reach{Below: true}, append(append([]string{}, direct...), below...), []string{"noInheritance=false", whole}},
		"above and below": {tenant, Reach{true, true}, append(append(append([]string{}, above...), direct...), below...), []string{"noInheritance=false", whole}},
		"nothing above": {
			access.Organization, Reach{Above: true}, []string{"1/1 /", "1/3 / immutable"}, []string{"noInheritance=true", whole},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.grant(keyOf(3, 1, scopes[3]), fixed)
			f.grant(keyOf(1, 1, scopes[3]))
			f.grant(keyOf(1, 2, tenant), fixed)
			f.grant(keyOf(1, 3, access.Organization), fixed)
			f.grant(keyOf(2, 1, tenant))
			f.grant(keyOf(1, 1, tenant))
			f.grant(keyOf(1, 1, access.Organization))
			f.grant(keyOf(1, 1, scopes[2]))
			c := f.client(t)
			for range 2 {
				found, err := c.Assignments(t.Context(), test.scope, test.reach)
				if diff := cmp.Diff(test.want, described(found)); err != nil || diff != "" {
					t.Errorf("Assignments: %v (-want +got):\n%s", err, diff)
				}
			}
			sent := f.sent("")
			if len(sent) != 1 || !strings.Contains(sent[0], test.request[0]) || !strings.Contains(sent[0], test.request[1]) {
				t.Errorf("requests %v, want one with %v", sent, test.request)
			}
		})
	}
}

func TestAssignmentsFail(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	f.on(func(w http.ResponseWriter, _ *http.Request, _ string) bool {
		answerJSON(w, http.StatusForbidden, `{"title":"Forbidden"}`)
		return true
	})
	for _, reach := range []Reach{{}, {Above: true}, {Below: true}} {
		if found, err := c.Assignments(t.Context(), scopes[1], reach); !errors.Is(err, ErrForbidden) || found != nil {
			t.Errorf("Assignments with %+v = %+v, %v", reach, found, err)
		}
	}
}

func TestAssignmentsNameTheHolder(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.holders = map[string]heldAnswer{principalID(1).String(): {DisplayName: "Ada", Email: "ada@acme.test", Source: "local"}}
	f.grant(keyOf(1, 1, scopes[1]))
	c := f.client(t)
	f.on(func(w http.ResponseWriter, r *http.Request, _ string) bool {
		if r.URL.Query().Get("scope") != "/" {
			return false
		}
		answerJSON(w, http.StatusOK, `{"totalCount":1,"results":[{"securityPrincipalId":"`+principalID(2).String()+`","displayName":null,"email":null,
			"source":null,"type":"DirectoryGroup","roleAssignmentDtos":[{"id":"`+assignmentID(9).String()+`","roleId":"`+roleID(1).String()+`","scope":"/"}]}]}`)
		return true
	})
	for scope, want := range map[access.Scope][3]string{scopes[1]: {"Ada", "ada@acme.test", "local"}, scopes[0]: {}} {
		found, err := c.Assignments(t.Context(), scope, Reach{})
		if err != nil || len(found) != 1 {
			t.Fatalf("Assignments = %+v, %v", found, err)
		}
		if got := [3]string{found[0].PrincipalName, found[0].PrincipalEmail, string(found[0].PrincipalSource)}; got != want {
			t.Errorf("the holder at %s is %v, want %v", scope, got, want)
		}
	}
}

// What this client granted has no GUID yet. The listings by GUID are asked for again.
func TestGrantReachesTheListingsByGUID(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	for _, reach := range []Reach{{Above: true}, {Below: true}} {
		if found, err := c.Assignments(t.Context(), scopes[1], reach); err != nil || len(found) != 0 {
			t.Fatalf("Assignments = %+v, %v", found, err)
		}
	}
	if err := c.Assign(t.Context(), grantOf(1, 1, scopes[1])); err != nil {
		t.Fatal(err)
	}
	for _, reach := range []Reach{{Above: true}, {Below: true}} {
		if found, err := c.Assignments(t.Context(), scopes[1], reach); err != nil || len(found) != 1 || found[0].ID == "" {
			t.Errorf("Assignments with %+v = %+v, %v, want what was granted", reach, found, err)
		}
	}
	if a, err := c.AssignmentByID(t.Context(), assignmentID(1), access.Organization); err != nil || a.Key != keyOf(1, 1, scopes[1]) {
		t.Errorf("AssignmentByID = %+v, %v", a, err)
	}
}

func TestServiceAssignments(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.seed(2)
	f.change(roleID(1), func(r *roleAnswer) { r.OwnerServiceName = "TaskMining" })
	f.grant(keyOf(1, 2, scopes[3]))
	f.grant(keyOf(2, 2, scopes[3]))
	f.grant(keyOf(1, 1, scopes[1]))
	c := f.client(t)
	want := []string{"1/1 /tenant/" + tenantID, "1/2 /tenant/" + tenantID + "/taskmining"}
	for _, name := range []string{"Task Mining", "taskmining", "TaskMining"} {
		found, err := c.ServiceAssignments(t.Context(), name, "")
		if diff := cmp.Diff(want, described(found)); err != nil || diff != "" {
			t.Errorf("ServiceAssignments(%q): %v (-want +got):\n%s", name, err, diff)
		}
		// What one reader does with its list does not reach the others.
		clear(found)
	}
	const request = "GET /" + orgID + "/pap_/api/userroleassignments?noInheritance=false&scope=%2F&serviceName=taskmining&skip=0&top=100"
	// Which roles are the service's own the list of roles tells, which everybody shares.
	if sent := f.sent(""); len(sent) != 2 || sent[0] != request || !strings.Contains(sent[1], "/roles?") {
		t.Errorf("requests %v, want %s and the list of roles", sent, request)
	}
	if err := c.Unassign(t.Context(), keyOf(1, 1, scopes[1])); err != nil {
		t.Fatal(err)
	}
	if found, err := c.ServiceAssignments(t.Context(), "Task Mining", ""); err != nil || len(found) != 1 {
		t.Errorf("ServiceAssignments = %+v, %v after a removal", found, err)
	}
	// What is written is entered: of a role whose owner is known, and of another service's role not.
	if _, err := c.Roles(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, key := range []AssignmentKey{keyOf(1, 1, scopes[3]), keyOf(2, 1, scopes[3])} {
		if err := c.Assign(t.Context(), Grant{key, access.PrincipalUser}); err != nil {
			t.Fatal(err)
		}
	}
	before := len(f.sent("GET"))
	if found, err := c.ServiceAssignments(t.Context(), "Task Mining", ""); err != nil || len(found) != 2 || len(f.sent("GET")) != before {
		t.Errorf("ServiceAssignments = %+v, %v after a grant, with requests %v", found, err, f.sent("GET")[before:])
	}
	if found, err := c.ServiceAssignments(t.Context(), "Task Mining", principalID(1)); err != nil || len(found) != 1 {
		t.Errorf("ServiceAssignments of a principal = %+v, %v", found, err)
	}
	if found, err := c.ServiceAssignments(t.Context(), "Orchestrator", ""); err != nil || len(found) != 0 {
		t.Errorf("ServiceAssignments of another service = %+v, %v", found, err)
	}
	_, err := c.ServiceAssignments(t.Context(), "Task Minding", "")
	if missing, ok := errors.AsType[*NotFoundError](err); !ok || !strings.Contains(missing.Error(), `Did you mean "Task Mining"?`) {
		t.Errorf("ServiceAssignments of no service = %v", err)
	}
}

func TestServiceAssignmentsForbidden(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	f.on(func(w http.ResponseWriter, _ *http.Request, _ string) bool {
		answerJSON(w, http.StatusForbidden, `{"title":"Forbidden"}`)
		return true
	})
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if found, err := c.ServiceAssignments(t.Context(), "Task Mining", ""); !errors.Is(err, ErrForbidden) || found != nil {
				t.Errorf("ServiceAssignments = %+v, %v", found, err)
			}
		})
	}
	group.Wait()
	if got := len(f.sent("")); got != 1 {
		t.Errorf("%d requests to be refused, want one", got)
	}
}

func TestHeldAt(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.grant(keyOf(1, 1, scopes[1]))
	f.grant(keyOf(2, 2, scopes[1]))
	f.grant(keyOf(2, 1, scopes[0]))
	c := f.client(t)
	if _, err := c.Assignment(t.Context(), keyOf(3, 1, scopes[1])); !errors.Is(err, ErrNotFound) {
		t.Fatal(err)
	}
	f.grant(keyOf(3, 1, scopes[1]))
	found, err := c.HeldAt(t.Context(), scopes[1], principalID(1))
	at := scopes[1].String()
	if diff := cmp.Diff([]string{"1/1 " + at, "3/1 " + at}, described(found)); err != nil || diff != "" {
		t.Errorf("HeldAt: %v (-want +got):\n%s", err, diff)
	}
	if _, err := c.Assignment(t.Context(), keyOf(3, 1, scopes[1])); err != nil || len(f.sent("")) != 2 {
		t.Errorf("Assignment = %v in %d requests, want what was learned", err, len(f.sent("")))
	}
	if found, err := c.HeldAt(t.Context(), scopes[1], principalID(9)); err != nil || len(found) != 0 {
		t.Errorf("HeldAt of somebody without a role = %+v, %v", found, err)
	}
}

// A role that is newer than the list of roles is asked for, where this client has granted it.
func TestServiceAssignmentsOfANewRole(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.seed(1)
	c := f.client(t)
	if found, err := c.ServiceAssignments(t.Context(), "Task Mining", ""); err != nil || len(found) != 0 {
		t.Fatalf("ServiceAssignments = %+v, %v", found, err)
	}
	f.seed(2)
	f.change(roleID(2), func(r *roleAnswer) { r.OwnerServiceName = "TaskMining" })
	if err := c.Assign(t.Context(), grantOf(2, 1, scopes[3])); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		found, err := c.ServiceAssignments(t.Context(), "Task Mining", "")
		if err != nil || len(found) != 1 || found[0].Key != keyOf(2, 1, scopes[3]) {
			t.Errorf("ServiceAssignments = %+v, %v, want the grant of the new role", found, err)
		}
	}
	if asked := f.sent("GET /" + orgID + "/pap_/api/roles/"); len(asked) != 1 {
		t.Errorf("asked for the role by %v, want once", asked)
	}
}

// Whoever may not read a wide listing asks once, one after the other too.
func TestRefusedWideListingIsRemembered(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	f.first(-1, http.MethodGet, "userroleassignments", func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, http.StatusForbidden, `{"title":"Forbidden"}`)
	})
	for n := range 3 {
		if _, err := c.Holding(t.Context(), scopes[3], principalID(n)); !errors.Is(err, ErrForbidden) {
			t.Errorf("Holding = %v", err)
		}
		if _, err := c.GroupHoldings(t.Context(), scopes[3]); !errors.Is(err, ErrForbidden) {
			t.Errorf("GroupHoldings = %v", err)
		}
	}
	if got := len(f.sent("")); got != 1 {
		t.Errorf("%d requests to be refused, want one", got)
	}
}

func TestHolding(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	group := func(a *assignmentAnswer) { a.PrincipalType = json.RawMessage(`"Group"`) }
	f.holders = map[string]heldAnswer{principalID(5).String(): {Type: "DirectoryGroup"}}
	f.grant(keyOf(1, 1, scopes[0]))
	f.grant(keyOf(1, 1, scopes[1]))
	f.grant(keyOf(1, 1, scopes[2]))
	f.grant(keyOf(1, 1, scopes[4]))
	f.grant(keyOf(2, 2, scopes[1]))
	f.grant(keyOf(3, 5, scopes[1]), group)
	f.grant(keyOf(4, 5, scopes[2]), group)
	c := f.client(t)
	found, err := c.Holding(t.Context(), scopes[3], principalID(1))
	if diff := cmp.Diff([]string{"1/1 /", "1/1 " + scopes[1].String()}, described(found)); err != nil || diff != "" {
		t.Errorf("Holding: %v (-want +got):\n%s", err, diff)
	}
	found, err = c.GroupHoldings(t.Context(), scopes[3])
	if diff := cmp.Diff([]string{"3/5 " + scopes[1].String()}, described(found)); err != nil || diff != "" {
		t.Errorf("GroupHoldings: %v (-want +got):\n%s", err, diff)
	}
	if got := len(f.sent("")); got != 1 {
		t.Errorf("%d requests, want one listing", got)
	}
	if err := c.Assign(t.Context(), Grant{keyOf(5, 5, scopes[0]), access.PrincipalGroup}); err != nil {
		t.Fatal(err)
	}
	if found, err = c.GroupHoldings(t.Context(), scopes[3]); err != nil || len(found) != 2 {
		t.Errorf("GroupHoldings = %v, %v after a grant to a group", described(found), err)
	}
}

// The listing of the whole organization also answers questions about single scopes: presence always, absence not.
func TestWideListingAnswersExactScopes(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	for n := range 30 {
		f.grant(keyOf(1, n, scopes[1]))
	}
	c := f.client(t)
	if _, err := c.Assignments(t.Context(), access.Organization, Reach{Below: true}); err != nil {
		t.Fatal(err)
	}
	before := len(f.sent(""))
	for n := range 30 {
		if _, err := c.Assignment(t.Context(), keyOf(1, n, scopes[1])); err != nil {
			t.Error(err)
		}
	}
	if got := f.sent("")[before:]; len(got) != 0 {
		t.Errorf("requests %v for what the listing shows", got)
	}
	if _, err := c.Assignment(t.Context(), keyOf(2, 1, scopes[1])); !errors.Is(err, ErrNotFound) {
		t.Errorf("Assignment = %v", err)
	}
	if got := f.sent("")[before:]; len(got) != 1 || !strings.Contains(got[0], "securityPrincipalId=") {
		t.Errorf("requests %v for what it lacks, want one by principal", got)
	}
}
