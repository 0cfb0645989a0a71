package uipath

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// effectiveFake answers questions about effective access.
type effectiveFake struct {
	mu     sync.Mutex
	bodies []string
	// rows are the roles, as JSON; a page without top has perPage of them, one with top as many as asked for.
	rows    []string
	perPage int
	// total is the count that is told, the number of rows where it is 0.
	total int
	// deaf servers do not know paging.
	deaf bool
}

func (e *effectiveFake) answer(w http.ResponseWriter, r *http.Request, body string) bool {
	if r.Method != http.MethodPost || r.URL.Path != "/"+orgID+"/pap_/api/geteffectiveaccess" {
		return false
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.bodies = append(e.bodies, body)
	var asked struct{ Top, Skip int }
	if err := json.Unmarshal([]byte(body), &asked); err != nil || asked.Top > 50 {
		answerJSON(w, http.StatusBadRequest, `{"title":"bad question"}`)
		return true
	}
	if asked.Top == 0 {
		asked.Top = e.perPage
	}
	if e.deaf {
		asked.Skip = 0
	}
	total := e.total
	if total == 0 {
		total = len(e.rows)
	}
	end := min(len(e.rows), asked.Skip+asked.Top)
	answerJSON(w, http.StatusOK, fmt.Sprintf(`{"roleAssignments":{"totalCount":%d,"results":[%s]},"grantedServicesMetadata":null,"grantedRolesMetadata":null}`,
		total, strings.Join(e.rows[min(asked.Skip, end):end], ",")))
	return true
}

// effectiveRow is a role with grants to numbered principals at scopes.
func effectiveRow(n int, name string, grants ...string) string {
	return fmt.Sprintf(`{"roleId":%q,"tenantId":null,"roleName":%q,"serviceName":"IXP","serviceId":"1","roleType":"BUILTIN","roleAssignments":[%s]}`,
		strings.ToUpper(roleID(n).String()), name, strings.Join(grants, ","))
}

func effectiveGrant(principal int, kind, scope string) string {
	return fmt.Sprintf(`{"securityPrincipalId":%q,"securityPrincipalType":%s,"scope":%q,"createdOn":"2026-03-01T12:00:00.0000001+00:00","folderName":null}`,
		strings.ToUpper(principalID(principal).String()), kind, scope)
}

func TestEffectiveAccess(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	tenant := "/tenant/" + strings.ToUpper(tenantID)
	server := &effectiveFake{perPage: 100, rows: []string{
		effectiveRow(2, "Viewer", effectiveGrant(5, `"Group"`, tenant), effectiveGrant(1, `"User"`, tenant), effectiveGrant(5, `1`, "/")),
		effectiveRow(3, "Admin", effectiveGrant(1, `0`, tenant+"/apps/app/1")),
		effectiveRow(1, "Admin"),
	}}
	f.on(server.answer)
	c := f.client(t)
	got, err := c.EffectiveAccess(t.Context(), tenantID, principalID(1), access.PrincipalUser)
	on := start.Add(100 * time.Nanosecond)
	want := []EffectiveRole{
		{RoleID: roleID(1), RoleName: "Admin", RoleType: access.RoleBuiltIn, Service: "IXP"},
		{RoleID: roleID(3), RoleName: "Admin", RoleType: access.RoleBuiltIn, Service: "IXP"},
		{RoleID: roleID(2), RoleName: "Viewer", RoleType: access.RoleBuiltIn, Service: "IXP", Grants: []EffectiveGrant{
			{principalID(5), access.PrincipalGroup, scopes[0], on},
			{principalID(1), access.PrincipalUser, scopes[1], on}, {principalID(5), access.PrincipalGroup, scopes[1], on},
		}},
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b access.Scope) bool { return a == b })); err != nil || diff != "" {
		t.Errorf("EffectiveAccess: %v (-want +got):\n%s", err, diff)
	}
	if _, err := c.EffectiveAccess(t.Context(), tenantID, principalID(5), access.PrincipalGroup); err != nil {
		t.Errorf("EffectiveAccess of a group = %v", err)
	}
	scope := `{"scopeIdentifier":{"scopeType":"Tenant","value":{"id":"` + tenantID + `","tenantId":"` + tenantID + `"}},`
	bodies := []string{scope + `"userId":"` + principalID(1).String() + `"}`, scope + `"groupId":"` + principalID(5).String() + `"}`}
	if diff := cmp.Diff(bodies, server.bodies); diff != "" {
		t.Errorf("bodies (-want +got):\n%s", diff)
	}
}

func TestEffectiveAccessIsReadWhole(t *testing.T) {
	t.Parallel()
	for count, requests := range map[int]int{0: 1, 10: 1, 11: 2, 60: 2, 61: 3} {
		t.Run(fmt.Sprint(count), func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			server := &effectiveFake{perPage: 10}
			for n := range count {
				server.rows = append(server.rows, effectiveRow(n, fmt.Sprintf("Role %03d", n), effectiveGrant(1, `"User"`, "/")))
			}
			f.on(server.answer)
			c := f.client(t)
			got, err := c.EffectiveAccess(t.Context(), tenantID, principalID(1), access.PrincipalUser)
			if err != nil || len(got) != count || len(server.bodies) != requests {
				t.Fatalf("EffectiveAccess = %d roles, %v in %d requests, want %d in %d", len(got), err, len(server.bodies), count, requests)
			}
			if requests > 1 && !strings.HasSuffix(server.bodies[1], `,"top":50,"skip":10}`) {
				t.Errorf("the second page was asked for by %s", server.bodies[1])
			}
		})
	}
}

// A server that keeps back a part, or that repeats itself, is an error.
func TestEffectiveAccessIsNoPart(t *testing.T) {
	t.Parallel()
	for name, server := range map[string]*effectiveFake{
		"repeats":    {perPage: 1, deaf: true, rows: []string{effectiveRow(1, "a"), effectiveRow(2, "b")}},
		"keeps back": {perPage: 10, total: 3, rows: []string{effectiveRow(1, "a"), effectiveRow(2, "b")}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			if server.deaf {
				server.rows = server.rows[:1]
				server.total = 2
			}
			f.on(server.answer)
			c := f.client(t)
			got, err := c.EffectiveAccess(t.Context(), tenantID, principalID(1), access.PrincipalUser)
			if got != nil || err == nil || !strings.Contains(err.Error(), "read the effective access of user "+principalID(1).String()+": the listing never agreed") {
				t.Errorf("EffectiveAccess = %+v, %v", got, err)
			}
		})
	}
}

func TestEffectiveAccessRefuses(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	for _, test := range []struct {
		tenant, principal access.GUID
		kind              access.PrincipalType
		want              string
	}{
		{"Production", principalID(1), access.PrincipalUser, `tenant id "Production" is not a GUID`},
		{tenantID, "ada", access.PrincipalUser, `principal id "ada" is not a GUID`},
		{tenantID, principalID(1), access.PrincipalRobot, `a User or a Group, not of principal type "Robot"`},
		{tenantID, principalID(1), "user", `not of principal type "user"`},
	} {
		if _, err := c.EffectiveAccess(t.Context(), test.tenant, test.principal, test.kind); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("EffectiveAccess(%q, %q, %q) = %v", test.tenant, test.principal, test.kind, err)
		}
	}
	if sent := f.sent(""); len(sent) != 0 {
		t.Errorf("requests %v for what is wrong", sent)
	}
	f.first(1, http.MethodPost, "geteffectiveaccess", func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, http.StatusForbidden, `{"title":"Forbidden","detail":"Organization administrators only."}`)
	})
	if _, err := c.EffectiveAccess(t.Context(), tenantID, principalID(1), access.PrincipalUser); !errors.Is(err, ErrForbidden) {
		t.Errorf("EffectiveAccess = %v, want ErrForbidden", err)
	}
}

// The question changes nothing, so that it is asked again where the answer is lost.
func TestEffectiveAccessIsRepeated(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	server := &effectiveFake{perPage: 10, rows: []string{effectiveRow(1, "a")}}
	failed := false
	f.on(func(w http.ResponseWriter, r *http.Request, body string) bool {
		if !failed {
			failed = true
			breakConnection(w, r)
			return true
		}
		return server.answer(w, r, body)
	})
	if got, err := c.EffectiveAccess(t.Context(), tenantID, principalID(1), access.PrincipalUser); err != nil || len(got) != 1 {
		t.Errorf("EffectiveAccess = %+v, %v", got, err)
	}
}

func TestParseEffectivePageRefuses(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		``, `[]`, `{"roleAssignments":[]}`, `{"roleAssignments":{}}`, `{"roleAssignments":{"results":[]}}`, `{"roleAssignments":{"totalCount":1,"results":[{"roleId":"1"}]}}`,
		`{"roleAssignments":{"totalCount":1,"results":[{"roleId":"` + strangerID + `","roleAssignments":[{"securityPrincipalId":"ada","scope":"/"}]}]}}`,
	} {
		if read, err := parseEffectivePage([]byte(body)); err == nil {
			t.Errorf("%s was read as %+v", body, read)
		}
	}
}

// An answer without roles says that there are none (contract 6-5).
func TestNoEffectiveAccess(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"roleAssignments":null,"grantedServicesMetadata":null}`, `{"roleAssignments":{"totalCount":0,"results":[]}}`} {
		f := newFake(t)
		c := f.client(t)
		f.first(1, http.MethodPost, "/geteffectiveaccess", func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, http.StatusOK, body) })
		if got, err := c.EffectiveAccess(t.Context(), tenantID, principalID(1), access.PrincipalUser); err != nil || len(got) != 0 {
			t.Errorf("%s: EffectiveAccess = %+v, %v", body, got, err)
		}
	}
}

// A role may come again on another page, with other grants.
func TestEffectiveRoleOnTwoPages(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	server := &effectiveFake{perPage: 2, total: 3, rows: []string{
		effectiveRow(1, "a", effectiveGrant(1, `"User"`, "/"), effectiveGrant(2, `"Group"`, "/")), effectiveRow(2, "b"),
		effectiveRow(1, "a", effectiveGrant(2, `"Group"`, "/"), effectiveGrant(3, `"Group"`, "/")), effectiveRow(3, "c"),
	}}
	f.on(server.answer)
	c := f.client(t)
	got, err := c.EffectiveAccess(t.Context(), tenantID, principalID(1), access.PrincipalUser)
	if err != nil || len(got) != 3 || len(got[0].Grants) != 3 || got[0].Grants[2].PrincipalID != principalID(3) {
		t.Errorf("EffectiveAccess = %+v, %v, want three grants of the first role", got, err)
	}
}
