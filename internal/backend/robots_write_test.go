package backend_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

type robotBody struct {
	ID, Name, DisplayName, CreationTime string
	LastLoginTime                       *string
	GroupIDs                            []string
}

func newRobot(name string) role { return role{"partitionGlobalId": orgID, "name": name} }

func TestCreateChangeAndDeleteARobotAccount(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token := b.as(t, "")
	r := b.sendJSON(t, http.MethodPost, identity+"RobotAccount", token,
		newRobot("payroll-robot").with("displayName", "Payroll").with("groupIDsToAdd", []string{strings.ToUpper(robots)}))
	created := decode[robotBody](t, r)
	want := robotBody{created.ID, "payroll-robot", "Payroll", "2026-05-04T10:00:00.1234567", nil, []string{robots}}
	if d := cmp.Diff(want, created); d != "" || r.status != http.StatusCreated {
		t.Fatalf("got %d %s (-want +got):\n%s", r.status, r.text, d)
	}
	path := identity + "RobotAccount/" + orgID + "/" + created.ID
	if read := b.mustGet(t, path, token); read.text != r.text {
		t.Errorf("read %s after %s", read.text, r.text)
	}
	// The body of a change need not name the organization.
	change := role{"displayName": "Wages", "groupIDsToAdd": []string{engineers}, "groupIDsToRemove": []string{robots, discovery}}
	r = b.sendJSON(t, http.MethodPut, identity+"RobotAccount/"+created.ID, token, change)
	want.DisplayName, want.GroupIDs = "Wages", []string{engineers}
	if d := cmp.Diff(want, decode[robotBody](t, r)); d != "" || r.status != http.StatusOK {
		t.Errorf("changed: got %d %s (-want +got):\n%s", r.status, r.text, d)
	}
	r = b.sendJSON(t, http.MethodPut, identity+"RobotAccount/"+created.ID, token, newRobot("payroll-robot").with("displayName", ""))
	want.DisplayName = "payroll-robot"
	if d := cmp.Diff(want, decode[robotBody](t, r)); d != "" || r.status != http.StatusOK {
		t.Errorf("a cleared display name: got %d %s (-want +got):\n%s", r.status, r.text, d)
	}
	b.sameAfterSnapshot(t)

	b.sendJSON(t, http.MethodDelete, path, token, role{}).done(t)
	refused(t, b.get(t, path, token), http.StatusNotFound, "The entity was not found.")
	refused(t, b.sendJSON(t, http.MethodDelete, path, token, role{}), http.StatusNotFound, "The entity was not found.")
	if members := b.mustGet(t, identity+"Group/"+orgID+"/"+engineers+"/Members", token); strings.Contains(members.text, created.ID) {
		t.Errorf("the deleted account is a member still: %s", members.text)
	}
}

func TestRobotAccountsWithAChosenIDAndWithoutAName(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token := b.as(t, "")
	r := b.sendJSON(t, http.MethodPost, identity+"RobotAccount", token, newRobot("r").with("id", nobodyID))
	if got := decode[robotBody](t, r); got.ID != nobodyID || got.DisplayName != "r" || len(got.GroupIDs) != 0 {
		t.Errorf("got %d %s", r.status, r.text)
	}
}

func TestRobotAccountRefusals(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token, before := b.as(t, ""), b.state(t)
	post := func(body role) response { return b.sendJSON(t, http.MethodPost, identity+"RobotAccount", token, body) }
	put := func(id string, body role) response {
		return b.sendJSON(t, http.MethodPut, identity+"RobotAccount/"+id, token, body)
	}
	fieldRefused(t, post(newRobot("")), "name", "required")
	fieldRefused(t, post(newRobot(strings.Repeat("x", 129))), "name", "129 characters; at most 128")
	fieldRefused(t, post(newRobot("x").with("partitionGlobalId", nil)), "partitionGlobalId", "''")
	fieldRefused(t, post(newRobot("x").with("displayName", "\u0007")), "displayName", "control characters")
	fieldRefused(t, post(newRobot("x").with("groupIDsToAdd", []string{nobodyID})), "groupIDsToAdd", nobodyID)
	refused(t, post(newRobot("LEDGER-robot")), http.StatusConflict, `\"ledger-robot\" exists already`)
	refused(t, post(newRobot("x").with("id", grace)), http.StatusConflict, "belongs to Grace Hopper already")
	fieldRefused(t, put(regression, newRobot("renamed")), "name", "cannot change")
	fieldRefused(t, put(regression, role{"partitionGlobalId": nobodyID}), "partitionGlobalId", nobodyID)
	fieldRefused(t, put(regression, role{"groupIDsToRemove": []string{ada}}), "groupIDsToAdd", ada)
	fieldRefused(t, put("x", role{}), "id", "'x' is not valid")
	refused(t, put(grace, role{}), http.StatusNotFound, "The entity was not found.")
	if d := cmp.Diff(before, b.state(t)); d != "" {
		t.Errorf("a refusal changed something:\n%s", d)
	}
}

func TestDeleteSeveralAtOnce(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token, before := b.as(t, ""), b.state(t)
	const ledger = "3f000000-0000-4000-8000-000000000002"
	remove := func(path string, body role) response {
		return b.sendJSON(t, http.MethodDelete, identity+path, token, body)
	}
	refused(t, remove("RobotAccount/"+orgID, role{"robotAccountIDs": []string{ledger, nobodyID}}), http.StatusNotFound, "not found")
	fieldRefused(t, remove("RobotAccount/"+orgID, role{}), "robotAccountIDs", "required")
	refused(t, remove("Group/"+orgID, role{"groupIDs": []string{engineers, everyone}}), http.StatusForbidden, "built in")
	refused(t, remove("Group/"+orgID, role{"groupIDs": []string{engineers, nobodyID}}), http.StatusNotFound, "not found")
	fieldRefused(t, remove("Group/"+orgID, role{"groupIDs": "x"}), "groupIDs", "array of strings")
	fieldRefused(t, remove("Group/"+nobodyID, role{"groupIDs": []string{}}), "partitionGlobalId", nobodyID)
	if d := cmp.Diff(before, b.state(t)); d != "" {
		t.Errorf("a refusal changed something:\n%s", d)
	}
	remove("RobotAccount/"+orgID, role{"robotAccountIDs": []string{ledger, regression}}).done(t)
	remove("Group/"+orgID, role{"groupIDs": []string{processing, strings.ToUpper(engineers)}}).done(t)
	list := b.mustGet(t, identity+"Group/"+orgID, token)
	if strings.Contains(list.text, engineers) || strings.Contains(list.text, processing) {
		t.Errorf("groups are left: %s", list.text)
	}
	if n := decode[struct{ TotalCount int }](t, b.mustGet(t, identity+"RobotAccount/"+orgID, token)).TotalCount; n != 1 {
		t.Errorf("%d robot accounts, want 1", n)
	}
	// What was assigned to a group stays assigned.
	if held := b.held(t, "/tenant/"+production, "&noInheritance=true&securityPrincipalId="+processing, token); held.TotalCount != 1 {
		t.Errorf("what was assigned to a deleted group is %+v", held)
	}
	b.sameAfterSnapshot(t)
}

// TestWhatADeletedAccountLeaves assigns a role to a robot account and to an application, and deletes both: the rule for users holds.
func TestWhatADeletedAccountLeaves(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token := b.as(t, "")
	for id, kind := range map[string]string{regression: "Robot", productionID: "ExternalApplication"} {
		b.assign(t, token, change{}.adding(auditor, id, kind, "/tenant/"+staging)).done(t)
	}
	b.sendJSON(t, http.MethodDelete, identity+"RobotAccount/"+orgID+"/"+regression, token, role{}).done(t)
	b.sendJSON(t, http.MethodDelete, identity+"ExternalClient/"+orgID+"/"+productionID, token, role{}).done(t)
	for _, id := range []string{regression, productionID} {
		left := b.held(t, "/tenant/"+staging, "&noInheritance=true&securityPrincipalId="+id, token)
		if left.TotalCount != 1 || left.Results[0].DisplayName != nil {
			t.Errorf("what was assigned to %s is %+v", id, left)
		}
	}
	b.sameAfterSnapshot(t)
}
