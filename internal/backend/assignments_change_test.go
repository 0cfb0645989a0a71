package backend_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

// grant is one assignment to add; a test changes what it is about.
type grant map[string]any

func (g grant) with(name string, value any) grant {
	changed := maps.Clone(g)
	changed[name] = value
	if value == nil {
		delete(changed, name)
	}
	return changed
}

// change is what a PATCH asks for.
type change struct {
	add    []grant
	remove []string
}

func (c change) adding(role, principal string, kind any, scope string) change {
	c.add = append(slices.Clone(c.add), grant{"roleId": role, "securityPrincipalId": principal, "securityPrincipalType": kind, "scope": scope})
	return c
}

func (c change) removing(ids ...string) change {
	c.remove = append(slices.Clone(c.remove), ids...)
	return c
}

func (c change) body() string {
	add, remove := c.add, c.remove
	if add == nil {
		add = []grant{}
	}
	if remove == nil {
		remove = []string{}
	}
	text, err := json.Marshal(map[string]any{"roleAssignmentsToAdd": add, "roleAssignmentsToDelete": remove})
	if err != nil {
		panic(err)
	}
	return string(text)
}

func (b *bench) patch(t *testing.T, authorization, body string) response {
	t.Helper()
	return b.send(t, http.MethodPatch, b.assignmentsPath(t), body,
		http.Header{"Authorization": {authorization}, "Content-Type": {"application/json"}})
}

func (b *bench) assign(t *testing.T, authorization string, c change) response {
	t.Helper()
	return b.patch(t, authorization, c.body())
}

// done checks that a PATCH succeeded. It returns nothing, not even ids.
func (r response) done(t *testing.T) {
	t.Helper()
	if r.status != http.StatusNoContent || r.text != "" {
		t.Fatalf("got %d %s, want an empty 204", r.status, r.text)
	}
}

// state is everything that there is, to see whether anything has changed.
func (b *bench) state(t *testing.T) string {
	t.Helper()
	return b.get(t, "/_reference/snapshot", "").text
}

func TestAssignAndRemove(t *testing.T) {
	t.Parallel()
	b := openSmall(t)
	b.assign(t, b.as(t, "bob"), change{}.adding(strings.ToUpper(watchID), strings.ToUpper(annID), "User", "/Tenant/"+strings.ToUpper(smallTenant))).done(t)
	mine := b.held(t, atMain, "&noInheritance=true&securityPrincipalId="+annID, b.as(t, ""))
	if len(mine.ids()) != 1 {
		t.Fatalf("got %+v", mine)
	}
	got := mine.Results[0].RoleAssignmentDtos[0]
	name, roleType := "Watch", "CUSTOM"
	want := assignmentBody{
		ID: got.ID, SecurityPrincipalID: annID, SecurityPrincipalType: "User", Type: "Custom", Scope: atMain, RoleID: watchID, CreatedBy: bobID,
		CreatedOn: "2026-05-04T10:00:00.1234567+00:00", RoleName: &name, RoleType: &roleType, Mutable: true,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	b.clock.advance(time.Hour)
	b.assign(t, b.as(t, ""), change{}.adding(chiefID, bobID, "User", "/")).done(t)
	if again := b.held(t, atMain, "&securityPrincipalId="+annID, b.as(t, "")).Results[0].RoleAssignmentDtos; again[1].CreatedOn != want.CreatedOn {
		t.Errorf("made by %s on %s after another change", again[1].CreatedBy, again[1].CreatedOn)
	}
	b.assign(t, b.as(t, ""), change{}.removing(strings.ToUpper(got.ID), got.ID, nobodyID)).done(t)
	b.assign(t, b.as(t, ""), change{}.removing(got.ID)).done(t)
	if left := b.held(t, atMain, "&noInheritance=true&securityPrincipalId="+annID, b.as(t, "")); left.TotalCount != 0 {
		t.Errorf("after the removal: %+v", left)
	}
}

func TestAnEmptyChangeChangesNothing(t *testing.T) {
	t.Parallel()
	b := openSmall(t)
	before := b.state(t)
	b.assign(t, b.as(t, ""), change{}).done(t)
	if before != b.state(t) {
		t.Error("something has changed")
	}
}

func TestTheTypeOfAPrincipal(t *testing.T) {
	t.Parallel()
	b := openSmall(t)
	admin := b.as(t, "")
	for principal, kinds := range map[string]struct{ right, wrong []any }{
		annID:   {[]any{"User", "user", 0}, []any{"Group", 1, 2, 3, "Robot", "ExternalApplication"}},
		teamID:  {[]any{"Group", "GROUP", 1}, []any{"User", 0, 2, 3}},
		appID:   {[]any{"ExternalApplication", "externalapplication", 2}, []any{0, 1, 3}},
		robotID: {[]any{"Robot", 3, 0, "User"}, []any{1, 2}},
	} {
		var first string
		for _, kind := range kinds.right {
			b.assign(t, admin, change{}.adding(watchID, principal, kind, atMain)).done(t)
			got := b.held(t, atMain, "&noInheritance=true&securityPrincipalId="+principal, admin).Results[0].RoleAssignmentDtos[0]
			if first == "" {
				first = got.SecurityPrincipalType
			}
			if got.SecurityPrincipalType != first {
				t.Errorf("%s as %v is of type %s, want %s", principal, kind, got.SecurityPrincipalType, first)
			}
			b.assign(t, admin, change{}.removing(got.ID)).done(t)
		}
		for _, kind := range kinds.wrong {
			fieldRefused(t, b.assign(t, admin, change{}.adding(watchID, principal, kind, atMain)),
				"roleAssignmentsToAdd[0].securityPrincipalType", "is of type "+first)
		}
	}
	for _, kind := range []any{"Person", "", "0", 4, -1, 0.5, true, []string{"User"}} {
		fieldRefused(t, b.assign(t, admin, change{}.adding(watchID, annID, kind, atMain)),
			"roleAssignmentsToAdd[0].securityPrincipalType", "User or 0, Group or 1")
	}
}

func TestPatchRefusals(t *testing.T) {
	t.Parallel()
	b := openSmall(t)
	admin := b.as(t, "")
	before := b.state(t)
	good := change{}.adding(watchID, annID, "User", atMain).removing(grantOfBob)
	valid := good.add[0]
	for _, test := range []struct {
		member string
		value  any
		part   string
	}{
		{"roleId", nil, "required"},
		{"roleId", 7, "string"},
		{"roleId", "Watch", "'Watch' is not valid"},
		{"securityPrincipalId", nil, "required"},
		{"securityPrincipalId", "ann", "'ann' is not valid"},
		{"securityPrincipalType", nil, "required"},
		{"scope", 1, "string"},
		{"scope", "tenant", `does not begin with`},
		{"scope", "", "does not begin with"},
		{"scope", "/tenant/Main", "GUID"},
		{"scope", "/tenant/" + nobodyID, "does not exist"},
		{"scope", "/tenant/" + otherTenant[:35] + "c/taskmining", `Did you mean "` + smallTenant},
		{"tenantId", "Main", "'Main' is not valid"},
	} {
		bad := change{add: []grant{valid, valid.with(test.member, test.value)}, remove: good.remove}
		fieldRefused(t, b.assign(t, admin, bad), "roleAssignmentsToAdd[1]."+test.member, test.part)
	}
	fieldRefused(t, b.assign(t, admin, change{add: []grant{valid.with("tenantId", otherTenant)}}), "roleAssignmentsToAdd[0].scope", "in the tenant "+otherTenant)
	for text, field := range map[string]string{
		"": "$", "null": "$", "[]": "$", "{}": "roleAssignmentsToAdd", `{"roleAssignmentsToAdd":[]}`: "roleAssignmentsToDelete",
		`{"roleAssignmentsToDelete":[]}`: "roleAssignmentsToAdd", `{"roleAssignmentsToAdd":null,"roleAssignmentsToDelete":[]}`: "roleAssignmentsToAdd",
		`{"roleAssignmentsToAdd":{},"roleAssignmentsToDelete":[]}`:      "roleAssignmentsToAdd",
		`{"roleAssignmentsToAdd":[1],"roleAssignmentsToDelete":[]}`:     "roleAssignmentsToAdd",
		`{"roleAssignmentsToAdd":[null],"roleAssignmentsToDelete":[]}`:  "roleAssignmentsToAdd[0].roleId",
		`{"roleAssignmentsToAdd":[],"roleAssignmentsToDelete":[1]}`:     "roleAssignmentsToDelete",
		`{"roleAssignmentsToAdd":[],"roleAssignmentsToDelete":[null]}`:  "roleAssignmentsToDelete[0]",
		`{"roleAssignmentsToAdd":[],"roleAssignmentsToDelete":["ann"]}`: "roleAssignmentsToDelete[0]",
	} {
		fieldRefused(t, b.patch(t, admin, text), field, "")
	}
	many := fieldsOf(t, b.assign(t, admin, change{add: make([]grant, 100)}))
	if len(many) == 0 || len(many) > 25 {
		t.Errorf("100 wrong items are told in %d fields", len(many))
	}
	fieldRefused(t, b.assign(t, admin, change{remove: slices.Repeat([]string{nobodyID}, 10_001)}), "roleAssignmentsToAdd", "at most 10000")
	refused(t, b.assign(t, admin, change{add: append([]grant{valid.with("roleId", nobodyID)}, good.add...), remove: good.remove}), http.StatusNotFound, nobodyID)
	refused(t, b.patch(t, "", good.body()), http.StatusUnauthorized, "no bearer token")
	refused(t, b.send(t, http.MethodPatch, b.assignmentsPath(t), good.body(), http.Header{"Authorization": {admin}}),
		http.StatusUnsupportedMediaType, "application/json")
	if d := cmp.Diff(before, b.state(t)); d != "" {
		t.Errorf("a refusal changed something:\n%s", d)
	}
	b.assign(t, admin, good).done(t)
}

func fieldsOf(t *testing.T, r response) map[string][]string {
	t.Helper()
	return decode[struct{ Errors map[string][]string }](t, r).Errors
}

func TestUnknownPrincipals(t *testing.T) {
	t.Parallel()
	b := openSmall(t)
	before := b.state(t)
	r := b.assign(t, b.as(t, ""), change{}.adding(watchID, annID, "User", atMain).adding(watchID, nobodyID, "User", atMain).removing(grantOfBob))
	want := `{"StatusCode":404,"StatusDescription":"NotFound","Message":"Cannot resolve users=[` + nobodyID + `] in CIS","Description":""}`
	if r.status != http.StatusNotFound || r.text != want {
		t.Errorf("got %d %s, want %s", r.status, r.text, want)
	}
	if before != b.state(t) {
		t.Error("a refusal changed something")
	}
	for _, settings := range []string{"externalDirectory: true, autoProvisioning: true", "externalDirectory: true"} {
		linked := open(t, backend.Options{Seed: []byte(strings.Replace(smallSeed, "name: initech,", "name: initech, "+settings+",", 1))})
		for kind := range 4 {
			r := linked.assign(t, linked.as(t, ""), change{}.adding(watchID, nobodyID, kind, atMain))
			if r.status != http.StatusNotFound || r.text != want {
				t.Errorf("%s, type %d: got %d %s, want %s", settings, kind, r.status, r.text, want)
			}
		}
	}
}

func TestDuplicateGrants(t *testing.T) {
	t.Parallel()
	b := openSmall(t)
	admin := b.as(t, "")
	tenantAdmin := b.held(t, atMain, "&noInheritance=true", admin).Results[0].RoleAssignmentDtos[0].RoleID
	before := b.state(t)
	again := change{}.adding(tenantAdmin, bobID, "User", "/TENANT/"+strings.ToUpper(smallTenant))
	r := b.assign(t, admin, again.adding(watchID, annID, "User", atMain))
	for _, part := range []string{"Tenant Administrator", tenantAdmin, "bob", bobID, atMain, grantOfBob} {
		refused(t, r, http.StatusConflict, part)
	}
	refused(t, b.assign(t, admin, change{}.adding(watchID, annID, "User", atMain+"/documentunderstanding/project/p").
		adding(watchID, annID, 0, atMain+"/DocumentUnderstanding/projects/P")), http.StatusConflict, "twice")
	if before != b.state(t) {
		t.Error("a refusal changed something")
	}
	b.assign(t, admin, again.removing(grantOfBob)).done(t)
	if got := b.held(t, atMain, "&noInheritance=true&securityPrincipalId="+bobID, admin); len(got.ids()) != 1 || got.ids()[0] == grantOfBob {
		t.Errorf("after removing and adding the same: %v", got.ids())
	}
}

func TestImmutableAssignments(t *testing.T) {
	t.Parallel()
	b := openSmall(t)
	before := b.state(t)
	refused(t, b.assign(t, b.as(t, ""), change{}.adding(watchID, annID, "User", atMain).removing(grantOfBob, grantOfAnn)), http.StatusForbidden, grantOfAnn)
	if before != b.state(t) {
		t.Error("a refusal changed something")
	}
}

func TestGrantsWithoutEffect(t *testing.T) {
	t.Parallel()
	b := openSmall(t)
	strict := open(t, backend.Options{Seed: []byte(smallSeed), Strict: true})
	taskAdmin := b.held(t, atTaskMining, "&noInheritance=true", b.as(t, "")).Results[0].RoleAssignmentDtos[0].RoleID
	for _, test := range []struct{ name, role, scope, needed string }{
		// The platform is known to accept the first three (contract 4.5-9), so strict mode does too.
		{"a role of a service at the tenant", taskAdmin, atMain, ""},
		{"a role of a service at another service", taskAdmin, atMain + "/reinfer", ""},
		{"a multi-service role at a service", watchID, atTaskMining, ""},
		{"a tenant role at another tenant", watchID, "/tenant/" + otherTenant, atMain},
		{"an organization role at a tenant", chiefID, atMain, "assign it at /."},
		{"a project role at its service", labelID, atMain + "/reinfer", atMain + "/reinfer/project/{project}"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := change{}.adding(test.role, teamID, "Group", test.scope)
			if strictly := strict.assign(t, strict.as(t, ""), c); test.needed == "" {
				strictly.done(t)
			} else {
				fieldRefused(t, strictly, "roleAssignmentsToAdd[0].scope", test.needed)
			}
			b.assign(t, b.as(t, ""), c).done(t)
			if got := b.held(t, test.scope, "&noInheritance=true&roleIds="+test.role+"&securityPrincipalId="+teamID, b.as(t, "")); len(got.ids()) != 1 {
				t.Errorf("it is not listed at %s", test.scope)
			}
		})
	}
	t.Run("it does nothing", func(t *testing.T) {
		t.Parallel()
		inert := openSmall(t)
		inert.assign(t, inert.as(t, ""), change{}.adding(taskAdmin, bobID, "User", "/tenant/"+otherTenant)).done(t)
		refused(t, inert.assign(t, inert.as(t, "bob"), change{}.adding(taskAdmin, annID, "User", "/tenant/"+otherTenant+"/taskmining")),
			http.StatusForbidden, "Task Mining in the tenant Other")
	})
}

func TestStrictPatch(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{Seed: []byte(smallSeed), Strict: true})
	admin := b.as(t, "")
	c := change{}.adding(watchID, annID, "User", atMain)
	fieldRefused(t, b.assign(t, admin, change{add: []grant{c.add[0].with("rolId", watchID)}}), "roleAssignmentsToAdd[0].rolId", `Did you mean "roleId"`)
	fieldRefused(t, b.patch(t, admin, strings.Replace(c.body(), "{", `{"dryRun":true,`, 1)), "dryRun", "not known")
	b.assign(t, admin, c).done(t)
}

func TestAScopeThatIsLeftOutIsTheRolesOwn(t *testing.T) {
	t.Parallel()
	b := openSmall(t)
	admin := b.as(t, "")
	taskAdmin := b.held(t, atTaskMining, "&noInheritance=true", admin).Results[0].RoleAssignmentDtos[0].RoleID
	add := func(role string, more grant) change {
		g := change{}.adding(role, teamID, "Group", "").add[0].with("scope", nil)
		maps.Copy(g, more)
		return change{add: []grant{g}}
	}
	for role, want := range map[string]string{chiefID: "/", watchID: atMain} {
		b.assign(t, admin, add(role, nil)).done(t)
		if got := b.held(t, want, "&noInheritance=true&roleIds="+role+"&securityPrincipalId="+teamID, admin); len(got.ids()) != 1 {
			t.Errorf("the role %s is not assigned at %s", role, want)
		}
	}
	b.assign(t, admin, add(taskAdmin, grant{"tenantId": strings.ToUpper(smallTenant)})).done(t)
	if got := b.held(t, atTaskMining, "&noInheritance=true&securityPrincipalId="+teamID, admin); len(got.ids()) != 1 {
		t.Error("the role is not assigned at the service of the tenant that was said")
	}
	fieldRefused(t, b.assign(t, admin, add(taskAdmin, nil)), "roleAssignmentsToAdd[0].scope", "/tenant/{tenant}/taskmining")
	fieldRefused(t, b.assign(t, admin, add(taskAdmin, grant{"tenantId": nobodyID})), "roleAssignmentsToAdd[0].scope", "does not exist")
	fieldRefused(t, b.assign(t, admin, add(labelID, nil)), "roleAssignmentsToAdd[0].scope", "{project}")
}

func TestALargeChange(t *testing.T) {
	t.Parallel()
	b := openSmall(t)
	admin := b.as(t, "")
	c := change{}
	for i := range 999 {
		c.add = append(c.add, grant{
			"roleId": watchID, "securityPrincipalId": teamID, "securityPrincipalType": 1, "scope": fmt.Sprintf("%s/project/p%d", atTaskMining, i),
		})
	}
	b.assign(t, admin, c.removing(grantOfGone)).done(t)
	if got := b.held(t, "/", "&roleIds="+watchID, admin); got.TotalCount != 1 || len(got.ids()) != 999 {
		t.Errorf("%d principals, %d assignments", got.TotalCount, len(got.ids()))
	}
	refused(t, b.assign(t, admin, change{add: append(c.add[:0:0], c.add[0])}), http.StatusConflict, "p0")
}

func TestAssignmentIDsAreFree(t *testing.T) {
	t.Parallel()
	n := 0
	b := open(t, backend.Options{Seed: []byte(smallSeed), NewID: func() string {
		n++
		// The first id is taken, and the one that was just given out is too.
		return []string{grantOfBob, strings.ToUpper(nobodyID), nobodyID, systemID}[n-1]
	}})
	admin := b.as(t, "")
	b.assign(t, admin, change{}.adding(watchID, annID, "User", atMain).adding(watchID, teamID, "Group", atMain)).done(t)
	if got := b.held(t, atMain, "&noInheritance=true&roleIds="+watchID, admin).ids(); !slices.Equal(got, []string{nobodyID, systemID, grantOfGone}) {
		t.Errorf("ids %v", got)
	}
}
