package backend_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

const (
	guestID      = "5b000000-0000-4000-8000-000000000008"
	strangerID   = "5b000000-0000-4000-8000-000000000009"
	clubID       = "5b000000-0000-4000-8000-00000000000a"
	payables     = "5e000000-0000-4000-8000-000000000001"
	onboarding   = "5e000000-0000-4000-8000-000000000002"
	secondTenant = "5a000000-0000-4000-8000-00000000000c"
	secondMining = "/tenant/" + secondTenant + "/taskmining"
)

// miningSeed is the small organization with projects, a second tenant with Task Mining, and somebody who has not joined yet. Of
// the external directory it has added nobody.
func miningSeed(settings string) string {
	seed := strings.Replace(smallSeed, "name: initech,", "name: initech, "+settings+",", 1)
	seed = strings.Replace(seed, "tenants:\n", "tenants:\n  - {id: "+secondTenant+", name: Second, services: [Task Mining]}\n", 1)
	seed = strings.Replace(seed, "users:\n", "users:\n  - {id: "+guestID+", userName: guest, displayName: Gil Guest, invitationAccepted: false}\n"+
		"  - {id: "+strangerID+", userName: stranger, displayName: Sam Stranger, email: sam@initech.example, source: directory, added: false}\n", 1)
	seed = strings.Replace(seed, "groups: [", "groups: [{id: "+clubID+", name: Club, source: directory, added: false, members: [stranger]}, ", 1)
	return seed + `projects:
  - {id: ` + payables + `, tenant: Main, service: Task Mining, name: Accounts Payable}
  - {id: ` + onboarding + `, tenant: Main, service: Task Mining, name: Onboarding}
  - {id: ` + nobodyID + `, tenant: Main, service: IXP, name: Mail}
`
}

func openMining(t *testing.T) *bench {
	t.Helper()
	return open(t, backend.Options{Seed: []byte(miningSeed("externalDirectory: true"))})
}

// taskMiningRole returns the id of a role that Task Mining brings along.
func (b *bench) taskMiningRole(t *testing.T, name string) string {
	t.Helper()
	path := strings.Replace(b.assignmentsPath(t), "userroleassignments", "roles?top=1000&serviceName=TaskMining", 1)
	for _, r := range decode[struct{ Results []struct{ ID, Name string } }](t, b.mustGet(t, path, b.as(t, ""))).Results {
		if r.Name == name {
			return r.ID
		}
	}
	t.Fatalf("Task Mining has no role %q", name)
	return ""
}

func TestWhoCanBeAMemberOfTaskMining(t *testing.T) {
	t.Parallel()
	b := openMining(t)
	admin, user := b.as(t, ""), b.taskMiningRole(t, "User")
	before := b.state(t)
	for _, test := range []struct {
		principal, kind, member string
		parts                   []string
	}{
		{robotID, "Robot", "securityPrincipalType", []string{"for users and groups", "robbie (" + robotID + ")", "type Robot"}},
		{robotID, "User", "securityPrincipalType", []string{"type Robot"}},
		{appID, "ExternalApplication", "securityPrincipalType", []string{"pipeline (" + appID + ")", "type ExternalApplication"}},
		{guestID, "User", "securityPrincipalId", []string{"Gil Guest (" + guestID + ")", "has not accepted the invitation"}},
		{strangerID, "User", "securityPrincipalId", []string{"Sam Stranger (" + strangerID + ")", "is not a member of the organization"}},
	} {
		for _, scope := range []string{atTaskMining, atTaskMining + "/project/" + payables} {
			r := b.assign(t, admin, change{}.adding(user, annID, "User", scope).adding(user, test.principal, test.kind, scope))
			for _, part := range test.parts {
				fieldRefused(t, r, "roleAssignmentsToAdd[1]."+test.member, part)
			}
			if fields := fieldsOf(t, r); len(fields) != 1 {
				t.Errorf("%s at %s is refused for %v, want one reason", test.principal, scope, fields)
			}
		}
	}
	unknown := b.assign(t, admin, change{}.adding(user, nobodyID, "User", atTaskMining))
	if unknown.status != http.StatusNotFound || !strings.Contains(unknown.text, "Cannot resolve users=["+nobodyID+"] in CIS") {
		t.Errorf("an unknown user: got %d %s", unknown.status, unknown.text)
	}
	if before != b.state(t) {
		t.Error("a refusal changed something")
	}
	b.assign(t, admin, change{}.adding(user, annID, "User", atTaskMining).adding(user, teamID, "Group", atTaskMining)).done(t)
	// Other services take who has not joined yet, and robot accounts.
	b.assign(t, admin, change{}.adding(watchID, guestID, "User", atMain).adding(watchID, robotID, "Robot", atMain)).done(t)
}

func TestWhereTaskMiningIs(t *testing.T) {
	t.Parallel()
	b := openMining(t)
	admin, user := b.as(t, ""), b.taskMiningRole(t, "User")
	const field = "roleAssignmentsToAdd[0].scope"
	at := func(scope string) response {
		return b.assign(t, admin, change{}.adding(user, annID, "User", scope))
	}
	fieldRefused(t, at("/tenant/"+otherTenant+"/taskmining"), field, "Task Mining does not run in the tenant Other ("+otherTenant+")")
	fieldRefused(t, at("/tenant/"+otherTenant+"/taskmining/project/"+payables), field, "does not run in the tenant Other")
	const both, reverse = "There are Accounts Payable (" + payables + "), Onboarding (" + onboarding + ").",
		"There are Onboarding (" + onboarding + "), Accounts Payable (" + payables + ")."
	for project, part := range map[string]string{
		payables[:35] + "8": both, onboarding[:34] + "92": reverse, "onboardin": reverse, "x": both, nobodyID: both,
	} {
		r := at(atTaskMining + "/project/" + project)
		fieldRefused(t, r, field, `"`+project+`" does not exist in Task Mining of the tenant Main.`)
		fieldRefused(t, r, field, part)
	}
	fieldRefused(t, at(secondMining+"/project/"+payables), field, "There are no projects.")
	if long := at(atTaskMining + "/project/" + strings.Repeat("a", 5000)); len(long.text) > 1000 {
		t.Errorf("a long id gives a refusal of %d bytes", len(long.text))
	}
	for _, scope := range []string{atTaskMining, atTaskMining + "/projects/" + strings.ToUpper(payables), secondMining} {
		at(scope).done(t)
	}
}

func TestManyProjectsAreNotAllNamed(t *testing.T) {
	t.Parallel()
	var seed strings.Builder
	seed.WriteString(miningSeed("externalDirectory: true"))
	for i := range 20 {
		fmt.Fprintf(&seed, "  - {id: p%02d, tenant: Main, service: Task Mining, name: Project %02d}\n", i, i)
	}
	b := open(t, backend.Options{Seed: []byte(seed.String())})
	r := b.assign(t, b.as(t, ""), change{}.adding(b.taskMiningRole(t, "User"), annID, "User", atTaskMining+"/project/x17"))
	fieldRefused(t, r, "roleAssignmentsToAdd[0].scope", "There are Project 17 (p17), ")
	fieldRefused(t, r, "roleAssignmentsToAdd[0].scope", " and 12 more.")
}

// What Task Mining says of projects is for those who may assign there.
func TestTaskMiningsAdminStaysThere(t *testing.T) {
	t.Parallel()
	b := openMining(t)
	me := b.as(t, "miner")
	for _, name := range []string{"User", "Process SME", "Admin"} {
		role := b.taskMiningRole(t, name)
		for _, scope := range []string{atTaskMining, atTaskMining + "/project/" + payables} {
			b.assign(t, me, change{}.adding(role, annID, "User", scope)).done(t)
			given := b.held(t, scope, "&noInheritance=true&securityPrincipalId="+annID, me).ids()
			if len(given) != 1 {
				t.Fatalf("%s at %s: %d assignments, want 1", name, scope, len(given))
			}
			b.assign(t, me, change{}.removing(given...)).done(t)
		}
	}
	user := b.taskMiningRole(t, "User")
	elsewhere := []string{
		"/", "/taskmining", atMain, atMain + "/orchestrator", atMain + "/reinfer", secondMining, secondMining + "/project/x",
		"/tenant/" + otherTenant, "/tenant/" + otherTenant + "/taskmining",
	}
	for _, scope := range elsewhere {
		r := b.assign(t, me, change{}.adding(user, guestID, "User", scope))
		refused(t, r, http.StatusForbidden, "AUTHZ.ROLEASSIGNMENT.CREATE")
		if strings.Contains(r.text, "invitation") || strings.Contains(r.text, "project") {
			t.Errorf("at %s the refusal tells more than that: %s", scope, r.text)
		}
	}
	refused(t, b.assign(t, me, change{}.removing(grantOfBob)), http.StatusForbidden, "AUTHZ.ROLEASSIGNMENT.DELETE")
	for _, lesser := range []string{"User", "Process SME"} {
		b.assign(t, b.as(t, ""), change{}.adding(b.taskMiningRole(t, lesser), annID, "User", secondMining)).done(t)
	}
	refused(t, b.assign(t, b.as(t, "bob"), change{}.adding(user, annID, "User", secondMining)), http.StatusForbidden, "Task Mining in the tenant Second")
}

func TestALesserRoleOfTaskMiningAssignsNothing(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"User", "Process SME"} {
		b := openMining(t)
		b.assign(t, b.as(t, ""), change{}.adding(b.taskMiningRole(t, name), bobID, "User", secondMining)).done(t)
		refused(t, b.assign(t, b.as(t, "bob"), change{}.adding(b.taskMiningRole(t, "User"), annID, "User", secondMining)), http.StatusForbidden, "")
	}
}

func TestARefusedPromotionLeavesTheOldPermission(t *testing.T) {
	t.Parallel()
	b := openMining(t)
	me, user, admin := b.as(t, "miner"), b.taskMiningRole(t, "User"), b.taskMiningRole(t, "Admin")
	b.assign(t, me, change{}.adding(user, annID, "User", atTaskMining)).done(t)
	given := b.held(t, atTaskMining, "&noInheritance=true&securityPrincipalId="+annID, me).ids()
	before := b.state(t)
	fieldRefused(t, b.assign(t, me, change{}.removing(given...).adding(admin, annID, "User", atTaskMining+"/project/x")),
		"roleAssignmentsToAdd[0].scope", "does not exist")
	fieldRefused(t, b.assign(t, me, change{}.removing(given...).adding(admin, guestID, "User", atTaskMining)),
		"roleAssignmentsToAdd[0].securityPrincipalId", "invitation")
	if before != b.state(t) {
		t.Error("a refused change removed something")
	}
	b.assign(t, me, change{}.removing(given...).adding(admin, annID, "User", atTaskMining)).done(t)
	got := b.held(t, atTaskMining, "&noInheritance=true&securityPrincipalId="+annID, me).Results[0].RoleAssignmentDtos
	if len(got) != 1 || got[0].RoleID != admin {
		t.Errorf("after the promotion: %+v", got)
	}
}
