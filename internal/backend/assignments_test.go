package backend_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

// A small organization whose grants are few enough to be listed in full.
const (
	smallTenant  = "5a000000-0000-4000-8000-00000000000a"
	otherTenant  = "5a000000-0000-4000-8000-00000000000b"
	annID        = "5b000000-0000-4000-8000-000000000001"
	bobID        = "5b000000-0000-4000-8000-000000000002"
	miner        = "5b000000-0000-4000-8000-000000000003"
	teamID       = "5b000000-0000-4000-8000-000000000004"
	robotID      = "5b000000-0000-4000-8000-000000000005"
	appID        = "5b000000-0000-4000-8000-000000000006"
	goneID       = "5b000000-0000-4000-8000-000000000007"
	watchID      = "5c000000-0000-4000-8000-000000000001"
	chiefID      = "5c000000-0000-4000-8000-000000000002"
	labelID      = "5c000000-0000-4000-8000-000000000003"
	grantOfAnn   = "5d000000-0000-4000-8000-000000000001"
	grantOfBob   = "5d000000-0000-4000-8000-000000000002"
	grantOfMiner = "5d000000-0000-4000-8000-000000000003"
	grantOfGone  = "5d000000-0000-4000-8000-000000000004"
	atProject    = "5d000000-0000-4000-8000-000000000005"
	systemID     = "7f36fcc2-b822-430b-ae30-5ecfbacac186"

	smallSeed = `
organization: {name: initech, defaultCaller: ann}
tenants:
  - {id: ` + smallTenant + `, name: Main, services: [Orchestrator, IXP, Task Mining]}
  - {id: ` + otherTenant + `, name: Other}
users:
  - {id: ` + annID + `, userName: ann, name: Ann, surname: Lee, email: ann@initech.example}
  - {id: ` + bobID + `, userName: bob, source: directory}
  - {id: ` + miner + `, userName: miner}
groups: [{id: ` + teamID + `, name: Team, members: [bob]}]
robotAccounts: [{id: ` + robotID + `, name: robbie}]
externalApplications: [{id: ` + appID + `, name: pipeline, secret: x}]
roles:
  - {id: ` + watchID + `, name: Watch, description: x, tenant: Main, createdBy: ann, createdOn: 2026-01-02T03:04:05Z}
  - {id: ` + chiefID + `, name: Chief, description: x, shape: Organization}
  - {id: ` + labelID + `, name: Labels, description: x, shape: Project, tenant: Main, service: IXP}
assignments:
  - {id: ` + grantOfAnn + `, role: Organization Administrator, principal: ann, scope: /, type: BuiltIn, createdOn: 2026-01-02T03:04:05.5Z}
  - {id: ` + grantOfBob + `, role: Tenant Administrator, principal: bob, scope: /tenant/Main, createdBy: ann, createdOn: 2026-01-02T03:04:06Z}
  - {id: ` + grantOfMiner + `, role: {service: Task Mining, name: Admin}, principal: miner, scope: /tenant/Main/TaskMining, createdOn: 2026-01-02T03:04:07Z}
  - {id: ` + grantOfGone + `, role: Watch, principal: {user: ` + goneID + `}, scope: /tenant/Main, createdOn: 2026-01-02T03:04:08Z}
  - {id: ` + atProject + `, role: Labels, principal: Team, scope: /tenant/Main/reinfer/project/00ff, createdOn: 2026-01-02T03:04:09Z}
`
)

const (
	atMain       = "/tenant/" + smallTenant
	atTaskMining = atMain + "/taskmining"
)

type assignmentBody struct {
	ID, SecurityPrincipalID, SecurityPrincipalType, Type, Scope, RoleID, CreatedBy, CreatedOn string

	RoleName, RoleType *string
	Inherited, Mutable bool
}

type holderBody struct {
	SecurityPrincipalID string
	RoleAssignmentDtos  []assignmentBody
	DisplayName, Email  *string
	Type                string
	Source              *string
}

type holdersBody struct {
	TotalCount int
	Results    []holderBody
}

// ids returns the ids of the assignments, in their order.
func (h holdersBody) ids() []string {
	var ids []string
	for _, one := range h.Results {
		for _, a := range one.RoleAssignmentDtos {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

// holders returns the ids of the principals, in their order.
func (h holdersBody) holders() []string {
	var ids []string
	for _, one := range h.Results {
		ids = append(ids, one.SecurityPrincipalID)
	}
	return ids
}

func openSmall(t *testing.T) *bench {
	t.Helper()
	return open(t, backend.Options{Seed: []byte(smallSeed)})
}

func (b *bench) assignmentsPath(t *testing.T) string {
	t.Helper()
	_, name, err := b.Organization(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return "/" + name + "/pap_/api/userroleassignments"
}

func (b *bench) holders(t *testing.T, query, authorization string) response {
	t.Helper()
	return b.get(t, b.assignmentsPath(t)+"?"+query, authorization)
}

func (b *bench) held(t *testing.T, scope, more, authorization string) holdersBody {
	t.Helper()
	r := b.holders(t, "scope="+url.QueryEscape(scope)+more, authorization)
	if r.status != http.StatusOK {
		t.Fatalf("%s%s: got %d %s", scope, more, r.status, r.text)
	}
	return decode[holdersBody](t, r)
}

func TestListOfAssignmentsHasTheContractsShape(t *testing.T) {
	t.Parallel()
	b := openSmall(t)
	const want = `{"totalCount":1,"results":[{"securityPrincipalId":"` + annID + `","roleAssignmentDtos":[{"id":"` + grantOfAnn +
		`","securityPrincipalId":"` + annID + `","securityPrincipalType":"User","type":"BuiltIn","scope":"/","roleId":"%s",` +
		`"roleName":"Organization Administrator","roleType":"PLATFORM","createdBy":"` + systemID + `",` +
		`"createdOn":"2026-01-02T03:04:05.50000+00:00","inherited":false,"mutable":false}],` +
		`"displayName":"Ann Lee","email":"ann@initech.example","type":"DirectoryUser","source":"local"}]}`
	r := b.holders(t, "scope=/&noInheritance=true", b.as(t, ""))
	role := decode[holdersBody](t, r).Results[0].RoleAssignmentDtos[0].RoleID
	if r.text != fmt.Sprintf(want, role) {
		t.Errorf("got  %s\nwant "+want, r.text, role)
	}
	if empty := b.holders(t, "scope=/automationops&noInheritance=true", b.as(t, "")); empty.text != `{"totalCount":0,"results":[]}` {
		t.Errorf("an empty list is %s", empty.text)
	}
}

func TestEveryKindOfPrincipalIsListed(t *testing.T) {
	t.Parallel()
	b := openSmall(t)
	admin := b.as(t, "")
	b.assign(t, admin, change{}.adding(watchID, teamID, "Group", atMain).adding(watchID, robotID, "Robot", atMain).
		adding(watchID, appID, "ExternalApplication", atMain)).done(t)
	null := "null"
	text := func(s *string) string {
		if s == nil {
			return null
		}
		return *s
	}
	got := map[string][5]string{}
	for _, h := range b.held(t, atMain, "&noInheritance=true", admin).Results {
		got[h.SecurityPrincipalID] = [5]string{h.RoleAssignmentDtos[0].SecurityPrincipalType, h.Type, text(h.DisplayName), text(h.Email), text(h.Source)}
	}
	want := map[string][5]string{
		bobID:   {"User", "DirectoryUser", "bob", null, "directory"},
		teamID:  {"Group", "DirectoryGroup", "Team", null, "local"},
		robotID: {"Robot", "DirectoryRobotUser", "robbie", null, "local"},
		appID:   {"ExternalApplication", "DirectoryApplication", "pipeline", null, "local"},
		goneID:  {"User", "DirectoryUser", null, null, null},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("principals (-want +got):\n%s", d)
	}
}

func TestInheritance(t *testing.T) {
	t.Parallel()
	b := openSmall(t)
	admin := b.as(t, "")
	for _, test := range []struct {
		scope, more string
		want        []string
	}{
		{"/", "&noInheritance=true", []string{grantOfAnn}},
		{"/", "", []string{grantOfAnn, grantOfBob, grantOfMiner, atProject, grantOfGone}},
		{atMain, "&noInheritance=true", []string{grantOfBob, grantOfGone}},
		{atMain, "&noInheritance=false", []string{grantOfAnn, grantOfBob, grantOfGone}},
		{atTaskMining, "&noInheritance=TRUE", []string{grantOfMiner}},
		{atTaskMining, "", []string{grantOfAnn, grantOfBob, grantOfMiner, grantOfGone}},
		{atTaskMining + "/project/p1", "", []string{grantOfAnn, grantOfBob, grantOfMiner, grantOfGone}},
		{atTaskMining + "/project/p1", "&noInheritance=true", nil},
		{atMain + "/Reinfer/projects/00FF", "&noInheritance=true", []string{atProject}},
		{"/tenant/" + otherTenant, "", []string{grantOfAnn}},
		{"/authz", "", []string{grantOfAnn}},
	} {
		got := b.held(t, test.scope, test.more, admin)
		if !slices.Equal(got.ids(), test.want) || got.TotalCount != len(test.want) {
			t.Errorf("%s%s: %d principals, %v; want %v", test.scope, test.more, got.TotalCount, got.ids(), test.want)
		}
	}
}

func TestWhatIsInheritedAndMutable(t *testing.T) {
	t.Parallel()
	b := openSmall(t)
	type flags struct{ inherited, mutable bool }
	for scope, want := range map[string]map[string]flags{
		"/":    {grantOfAnn: {false, false}, grantOfBob: {false, true}, grantOfMiner: {false, true}},
		atMain: {grantOfAnn: {true, false}, grantOfBob: {false, true}},
		// The tenant's administrator shows at every service of the tenant and can be removed at the tenant only.
		atTaskMining:                 {grantOfAnn: {true, false}, grantOfBob: {true, false}, grantOfMiner: {false, true}},
		atTaskMining + "/project/p1": {grantOfBob: {true, false}, grantOfMiner: {true, false}},
	} {
		got := map[string]flags{}
		for _, h := range b.held(t, scope, "", b.as(t, "")).Results {
			for _, a := range h.RoleAssignmentDtos {
				got[a.ID] = flags{a.Inherited, a.Mutable}
			}
		}
		for id, flags := range want {
			if got[id] != flags {
				t.Errorf("%s at %s: got %+v, want %+v", id, scope, got[id], flags)
			}
		}
	}
}

func TestFiltersOfAssignments(t *testing.T) {
	t.Parallel()
	b := openSmall(t)
	admin := b.as(t, "")
	b.assign(t, admin, change{}.adding(watchID, bobID, "User", atTaskMining).adding(chiefID, bobID, "User", "/")).done(t)
	count := func(more string) [2]int {
		got := b.held(t, "/", more, admin)
		return [2]int{got.TotalCount, len(got.ids())}
	}
	for more, want := range map[string][2]int{
		"":                                            {5, 7},
		"&serviceName=taskmining":                     {1, 1},
		"&serviceName=TaskMining":                     {1, 1},
		"&serviceName=centralizedaccess":              {3, 5},
		"&serviceName=REINFER":                        {1, 1},
		"&serviceName=insights":                       {0, 0},
		"&serviceName=Excel":                          {0, 0},
		"&securityPrincipalId=" + bobID:               {1, 3},
		"&securityPrincipalId=" + nobodyID:            {0, 0},
		"&roleIds=" + strings.ToUpper(chiefID):        {1, 1},
		"&roleIds=" + chiefID + "&roleIds=" + watchID: {2, 3},
		"&roleIds=" + watchID + "&securityPrincipalId=" + bobID + "&serviceName=Centralizedaccess": {1, 1},
		"&roleIds=" + watchID + "&noInheritance=true":                                              {0, 0},
		"&roleIds=" + watchID + "&serviceName=TaskMining":                                          {0, 0},
	} {
		if got := count(more); got != want {
			t.Errorf("%q: %v principals and assignments, want %v", more, got, want)
		}
	}
}

func TestListOfAssignmentsRefusals(t *testing.T) {
	t.Parallel()
	b := openSmall(t)
	admin := b.as(t, "")
	for query, field := range map[string]string{
		"": "scope", "scope=": "scope", "scope=tenant": "scope", "scope=/tenant/Main": "scope", "scope=/&scope=/": "scope",
		"scope=/tenant/" + nobodyID: "scope", "scope=/tenant/" + smallTenant + "/a+b": "scope", "scope=/&top=0": "top",
		"scope=/&top=101": "top", "scope=/&top=-1": "top", "scope=/&top=x": "top", "scope=/&skip=-1": "skip", "scope=/&noInheritance=1": "noInheritance",
		"scope=/&securityPrincipalId=ann": "securityPrincipalId", "scope=/&roleIds=Watch": "roleIds",
		"scope=/" + strings.Repeat("&roleIds="+watchID, 201): "roleIds",
	} {
		fieldRefused(t, b.holders(t, query, admin), field, "")
	}
	fieldRefused(t, b.holders(t, "scope=/tenant/"+smallTenant[:35]+"1", admin), "scope", `Did you mean "`+smallTenant)
	refused(t, b.holders(t, "scope=/", ""), http.StatusUnauthorized, "no bearer token")

	strict := open(t, backend.Options{Seed: []byte(smallSeed), Strict: true})
	admin = strict.as(t, "")
	fieldRefused(t, strict.holders(t, "scope=/&top=101", admin), "top", "from 0 to 100")
	fieldRefused(t, strict.holders(t, "scope=/&sortBy=Id", admin), "sortBy", "not known")
	fieldRefused(t, strict.holders(t, "scope=/&serviceName=IXP", admin), "serviceName", "Reinfer")
	for _, top := range []string{"10", "100"} {
		strict.held(t, "/", "&top="+top, admin)
	}
}

func TestPagesOfPrincipals(t *testing.T) {
	t.Parallel()
	for _, principals := range []int{9, 10, 11, 100, 101} {
		t.Run(fmt.Sprint(principals), func(t *testing.T) {
			t.Parallel()
			b := open(t, backend.Options{Seed: crowd(principals)})
			admin := b.as(t, "")
			whole := b.held(t, "/tenant/"+smallTenant, "&noInheritance=true&top=100", admin)
			if whole.TotalCount != principals || len(whole.Results) != min(principals, 100) {
				t.Fatalf("%d of %d principals on the largest page", len(whole.Results), whole.TotalCount)
			}
			for _, top := range []int{0, 1, 9, 10, 100} {
				query, size := "&noInheritance=true", 10
				if top > 0 {
					query, size = query+fmt.Sprintf("&top=%d", top), top
				}
				var ids []string
				for len(ids) < principals {
					page := b.held(t, "/tenant/"+smallTenant, query+fmt.Sprintf("&skip=%d", len(ids)), admin)
					if page.TotalCount != principals || len(page.Results) != min(size, principals-len(ids)) {
						t.Fatalf("top %d after %d: %d of %d principals", top, len(ids), len(page.Results), page.TotalCount)
					}
					ids = append(ids, page.holders()...)
				}
				if !slices.IsSorted(ids) || len(slices.Compact(slices.Clone(ids))) != principals {
					t.Errorf("top %d: principals are repeated or out of order", top)
				}
			}
			end := b.held(t, "/tenant/"+smallTenant, fmt.Sprintf("&noInheritance=true&skip=%d", principals), admin)
			if end.TotalCount != principals || len(end.Results) != 0 {
				t.Errorf("after the end: %d of %d principals", len(end.Results), end.TotalCount)
			}
		})
	}
}

// crowd is a seed with many users who hold two roles each in the tenant.
func crowd(users int) []byte {
	var b strings.Builder
	b.WriteString("organization: {name: initech, defaultCaller: boss}\ntenants: [{id: " + smallTenant + ", name: Main}]\nusers:\n  - {userName: boss}\n")
	for i := range users {
		fmt.Fprintf(&b, "  - {userName: user%d}\n", i)
	}
	b.WriteString("roles: [{id: " + watchID + ", name: Watch, description: x, tenant: Main}]\n")
	b.WriteString("assignments:\n  - {role: Organization Administrator, principal: boss, scope: /, type: BuiltIn}\n")
	for i := range users {
		fmt.Fprintf(&b, "  - {role: Watch, principal: user%d, scope: /tenant/Main}\n", i)
		fmt.Fprintf(&b, "  - {role: Tenant Administrator, principal: user%d, scope: /tenant/Main}\n", i)
	}
	return []byte(b.String())
}

func TestARowBetweenTwoPages(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{Seed: crowd(11)})
	admin := b.as(t, "")
	const query = "&noInheritance=true"
	first := b.held(t, "/tenant/"+smallTenant, query, admin)
	gone := first.Results[0].RoleAssignmentDtos
	b.assign(t, admin, change{}.removing(gone[0].ID, gone[1].ID)).done(t)
	second := b.held(t, "/tenant/"+smallTenant, query+"&skip=10", admin)
	if second.TotalCount != 10 || len(second.Results) != 0 {
		t.Errorf("after a removal the second page has %d of %d principals", len(second.Results), second.TotalCount)
	}
}

func BenchmarkList500Principals(b *testing.B) {
	o, err := backend.Open(b.Context(), backend.Options{Seed: crowd(500)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := o.Close(); err != nil {
			b.Error(err)
		}
	})
	token, err := o.Token(b.Context(), "")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		listed := 0
		for listed < 500 {
			path := fmt.Sprintf("/initech/pap_/api/userroleassignments?noInheritance=true&scope=/tenant/%s&skip=%d", smallTenant, listed)
			w := serve(b, o, http.MethodGet, path, "", token)
			var page holdersBody
			if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil || len(page.Results) == 0 {
				b.Fatalf("%d %s: %v", w.Code, w.Body, err)
			}
			listed += len(page.Results)
		}
	}
}
