package backend_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/catalogue"
)

// An organization whose administrators have less and less.
const (
	rootID    = "6b000000-0000-4000-8000-000000000001"
	granterID = "6b000000-0000-4000-8000-000000000004"
	novice    = "6b000000-0000-4000-8000-000000000005"
	crewID    = "6b000000-0000-4000-8000-000000000006"
	pmID      = "6b000000-0000-4000-8000-000000000007"
	bossesID  = "6b000000-0000-4000-8000-000000000008"
	spareID   = "6b000000-0000-4000-8000-000000000009"

	granterRole  = "6c000000-0000-4000-8000-000000000001"
	robotsRole   = "6c000000-0000-4000-8000-000000000002"
	machinesRole = "6c000000-0000-4000-8000-000000000003"
	miningRole   = "6c000000-0000-4000-8000-000000000004"
	ownRole      = "6c000000-0000-4000-8000-000000000005"

	grantOfBosses = "6d000000-0000-4000-8000-000000000001"

	ranks = `
organization: {id: ` + orgID + `, name: acme, defaultCaller: root}
tenants:
  - {id: ` + smallTenant + `, name: Main, services: [Orchestrator, Task Mining]}
  - {id: ` + otherTenant + `, name: Other}
users:
  - {id: ` + rootID + `, userName: root}
  - {userName: tina}
  - {userName: axel}
  - {id: ` + granterID + `, userName: granter}
  - {id: ` + novice + `, userName: novice}
  - {userName: miner}
  - {userName: idle, active: false}
externalApplications:
  - {id: ` + pmID + `, name: pm, secret: x, scopes: [PM.User, PM.Group, PM.RobotAccount, PM.OAuthApp, PM.OAuthAppSecret.Write]}
  - {id: ` + appID + `, name: granting, secret: y}
robotAccounts: [{id: ` + robotID + `, name: robbie}]
groups:
  - {id: ` + crewID + `, name: Crew, members: [granter, granting]}
  - {id: ` + spareID + `, name: Spare}
  - {id: ` + bossesID + `, name: Bosses, members: [Inner, idle]}
  - {id: ` + newGroupID + `, name: Inner, members: [root]}
roles:
  - {id: ` + granterRole + `, name: Granter, description: x, tenant: Main,
     permissions: [AUTHZ.ROLE.READ, AUTHZ.ROLE.UPDATE, AUTHZ.ROLEASSIGNMENT.READ, AUTHZ.ROLEASSIGNMENT.CREATE, ORCHESTRATOR.ROBOTS.VIEW]}
  - {id: ` + robotsRole + `, name: Robots, description: x, tenant: Main, permissions: [ORCHESTRATOR.ROBOTS.VIEW]}
  - {id: ` + machinesRole + `, name: Machines, description: x, tenant: Main, permissions: [ORCHESTRATOR.ROBOTS.VIEW, ORCHESTRATOR.MACHINES.VIEW]}
  - {id: ` + miningRole + `, name: Mining, description: x, tenant: Main, service: Task Mining, permissions: [AUTHZ.ROLE.DELETE]}
  - {id: ` + ownRole + `, name: Own, description: x, tenant: Main, permissions: [ORCHESTRATOR.ROBOTS.VIEW]}
assignments:
  - {id: ` + grantOfBosses + `, role: Organization Administrator, principal: Bosses, scope: /}
  - {role: Tenant Administrator, principal: tina, scope: /tenant/Main}
  - {role: Access Administrator, principal: axel, scope: /}
  - {role: Granter, principal: Crew, scope: /tenant/Main}
  - {role: Own, principal: tina, scope: /tenant/Main}
  - {role: {service: Task Mining, name: Admin}, principal: miner, scope: /tenant/Main/taskmining}
`
)

// platformRole returns the id of a role that the platform brings along.
func platformRole(t *testing.T, service, name string) string {
	t.Helper()
	c, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range c.Roles() {
		if r.Service == service && r.Name == name {
			return r.ID.String()
		}
	}
	t.Fatalf("there is no role %s of %s", name, service)
	return ""
}

func TestNobodyGivesMoreThanTheyHave(t *testing.T) {
	t.Parallel()
	const ok, no, wrong = http.StatusNoContent, http.StatusForbidden, http.StatusBadRequest
	multi := func(name string) string { return platformRole(t, "CentralizedAccess", name) }
	organization, tenant := multi("Organization Administrator"), multi("Tenant Administrator")
	viewer := platformRole(t, "AuthZ", "Access Viewer")
	orchestrator := platformRole(t, "Orchestrator", "Administrator")
	admin, recorder := platformRole(t, "TaskMining", "Admin"), platformRole(t, "TaskMining", "User")
	for _, test := range []struct {
		caller, role, scope string
		standard, strict    int
	}{
		{"root", organization, "/", ok, ok},
		{"root", tenant, "/tenant/" + otherTenant, ok, ok},
		{"root", machinesRole, atMain, ok, ok},

		{"axel", organization, "/", no, no},
		{"axel", accessAdmin, "/", ok, ok},
		{"axel", viewer, "/", ok, ok},
		{"axel", tenant, atMain, ok, no},
		{"axel", machinesRole, atMain, ok, no},

		{"tina", tenant, atMain, ok, ok},
		{"tina", machinesRole, atMain, ok, ok},
		{"tina", orchestrator, atMain + "/orchestrator", ok, ok},
		{"tina", organization, "/", no, no},
		{"tina", organization, atMain, ok, wrong}, // It has no effect there.
		{"tina", tenant, "/tenant/" + otherTenant, no, no},

		{"granter", robotsRole, atMain, ok, ok},
		{"granter", granterRole, atMain, ok, ok},
		{"granter", machinesRole, atMain, no, no},
		{"granter", tenant, atMain, no, no},
		{"granter", orchestrator, atMain + "/orchestrator", no, no},
		{"granter", orchestrator, atMain, ok, ok}, // Nor has this one.

		{"miner", admin, atTaskMining, ok, ok},
		{"miner", recorder, atTaskMining, ok, ok},
		{"miner", miningRole, atTaskMining, no, no},
	} {
		for _, strict := range []bool{false, true} {
			want := test.standard
			if strict {
				want = test.strict
			}
			b := open(t, backend.Options{Seed: []byte(ranks), Strict: strict})
			before := b.state(t)
			r := b.assign(t, b.as(t, test.caller), change{}.adding(test.role, novice, "User", test.scope))
			if r.status != want {
				t.Errorf("%s gives %s at %s, strict %t: got %d %s, want %d", test.caller, test.role, test.scope, strict, r.status, r.text, want)
			}
			if want != ok && b.state(t) != before {
				t.Errorf("%s gives %s at %s, strict %t: the refusal changed something", test.caller, test.role, test.scope, strict)
			}
		}
	}
}

func TestARefusalSaysWhatTheCallerLacks(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{Seed: []byte(ranks)})
	r := b.assign(t, b.as(t, "granter"), change{}.adding(robotsRole, novice, "User", atMain).adding(machinesRole, novice, "User", atMain))
	refused(t, r, http.StatusForbidden, `The role \"Machines\" (`+machinesRole+`) grants more at `+atMain+
		" than the caller has there: ORCHESTRATOR.MACHINES.VIEW. Nobody gives more than they have.")
	r = b.assign(t, b.as(t, "axel"), change{}.adding(platformRole(t, "CentralizedAccess", "Organization Administrator"), novice, "User", "/"))
	refused(t, r, http.StatusForbidden, "than the caller has there: everything in the organization.")
	r = b.assign(t, b.as(t, "granter"), change{}.adding(platformRole(t, "Orchestrator", "Administrator"), novice, "User", atMain+"/orchestrator"))
	refused(t, r, http.StatusForbidden, "more. Nobody gives more than they have.")
	if got := b.held(t, "/", "&securityPrincipalId="+novice, b.as(t, "")); got.TotalCount != 0 {
		t.Errorf("a refusal gave something: %v", got.ids())
	}
}

func TestNobodyPutsMoreIntoARoleOfTheirOwn(t *testing.T) {
	t.Parallel()
	const robots, machines = "ORCHESTRATOR.ROBOTS.VIEW", "ORCHESTRATOR.MACHINES.VIEW"
	own := []string{"AUTHZ.ROLE.READ", "AUTHZ.ROLE.UPDATE", "AUTHZ.ROLEASSIGNMENT.READ", "AUTHZ.ROLEASSIGNMENT.CREATE", robots}
	change := func(id, name string, permissions ...string) role {
		return role{
			"id": id, "roleName": name, "roleDescription": "changed", "roleScopeType": "TENANT", "organizationId": orgID, "tenantId": smallTenant,
			"actionsGrantedByRole": permissions,
		}
	}
	for _, test := range []struct {
		name, caller string
		role         role
		missing      string
	}{
		{"the same", "granter", change(granterRole, "Granter", own...), ""},
		{"less", "granter", change(granterRole, "Granter", own[:3]...), ""},
		{"more", "granter", change(granterRole, "Granter", append(own, machines)...), "does not have there: " + machines + ". Nobody puts more"},
		{"other rights", "granter", change(granterRole, "Granter", append(own[:4:4], "AUTHZ.ROLEASSIGNMENT.DELETE")...), "AUTHZ.ROLEASSIGNMENT.DELETE"},
		{"another's role", "granter", change(ownRole, "Own", robots, machines), ""},
		{"by an administrator of the tenant", "tina", change(ownRole, "Own", robots, machines), ""},
		{"by an administrator of the organization", "root", change(granterRole, "Granter", append(own, machines)...), ""},
	} {
		for _, strict := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, strict %t", test.name, strict), func(t *testing.T) {
				t.Parallel()
				b := open(t, backend.Options{Seed: []byte(ranks), Strict: strict})
				before := b.state(t)
				r := b.put(t, b.as(t, test.caller), test.role)
				if test.missing == "" {
					r.created(t)
					return
				}
				refused(t, r, http.StatusForbidden, "The caller holds the role ")
				refused(t, r, http.StatusForbidden, test.missing)
				if b.state(t) != before {
					t.Error("the refusal changed something")
				}
			})
		}
	}
}

// groupChange is the body of a PUT of a group.
func groupChange(name string, add, remove []string) role {
	return role{"partitionGlobalId": orgID, "name": name, "directoryUserIDsToAdd": add, "directoryUserIDsToRemove": remove}
}

// pmToken signs in the application that holds no role and has the scopes for users and groups.
func (b *bench) pmToken(t *testing.T) string {
	t.Helper()
	return b.as(t, "pm")
}

func TestStrictModeCountsMembershipAsGiving(t *testing.T) {
	t.Parallel()
	const ok, no, done = http.StatusOK, http.StatusForbidden, http.StatusCreated
	group := role{"partitionGlobalId": orgID, "id": goneID, "name": "Reborn", "directoryUserMemberIDs": []string{novice}}
	for _, strict := range []bool{false, true} {
		t.Run(fmt.Sprintf("strict %t", strict), func(t *testing.T) {
			t.Parallel()
			b := open(t, backend.Options{Strict: strict, Seed: []byte(ranks +
				"  - {role: Robots, principal: {group: " + goneID + "}, scope: /tenant/Main}\n")})
			check := func(what string, r response, want int) {
				t.Helper()
				if r.status != want {
					t.Errorf("%s: got %d %s, want %d", what, r.status, r.text, want)
				}
			}
			unless := func(strictly, otherwise int) int {
				if strict {
					return strictly
				}
				return otherwise
			}
			put := func(caller, id, name string, add, remove []string) response {
				return b.sendJSON(t, http.MethodPut, identity+"Group/"+id, b.as(t, caller), groupChange(name, add, remove))
			}
			post := func(caller string) response {
				return b.sendJSON(t, http.MethodPost, identity+"Group", b.as(t, caller), group)
			}
			check("into a group of a group with everything", put("pm", newGroupID, "Inner", []string{novice}, nil), unless(no, ok))
			check("into a group with a few rights", put("pm", crewID, "Crew", []string{novice}, nil), unless(no, ok))
			check("who is a member already", put("pm", crewID, "Crew", []string{granterID}, nil), ok)
			check("out of a group", put("pm", crewID, "Crew", nil, []string{granterID}), ok)
			check("another name", put("pm", crewID, "Team", nil, nil), ok)
			check("by an administrator", put("root", newGroupID, "Inner", []string{granterID}, nil), ok)
			robot := func(id, group string) response {
				return b.sendJSON(t, http.MethodPut, identity+"RobotAccount/"+id, b.as(t, "pm"), role{"partitionGlobalId": orgID, "groupIDsToAdd": []string{group}})
			}
			check("a robot account into a group with a few rights", robot(robotID, crewID), unless(no, ok))
			check("a robot account into a group with none", robot(robotID, spareID), ok)
			secret := func(id string) response {
				return b.sendJSON(t, http.MethodPost, identity+"ExternalClient/GenerateSecret", b.as(t, "pm"),
					role{"partitionGlobalId": orgID, "clientId": id, "description": "mine"})
			}
			check("a secret of an application with a few rights", secret(appID), unless(no, ok))
			check("a secret of an application with none", secret(pmID), ok)
			check("a group to which a deleted one left its rights", post("pm"), unless(no, done))
			if strict {
				check("the same by an administrator", post("root"), done)
			}
		})
	}
}

func TestTheLastAdministratorStays(t *testing.T) {
	t.Parallel()
	const refusal = "without an organization administrator who can sign in: first make somebody else one."
	administrator := platformRole(t, "CentralizedAccess", "Organization Administrator")
	ways := map[string]func(*testing.T, *bench) response{
		"the assignment": func(t *testing.T, b *bench) response {
			t.Helper()
			return b.assign(t, b.as(t, "root"), change{}.removing(grantOfBosses))
		},
		"the user": func(t *testing.T, b *bench) response {
			t.Helper()
			return b.deleteUser(t, rootID, b.pmToken(t))
		},
		"the membership": func(t *testing.T, b *bench) response {
			t.Helper()
			return b.sendJSON(t, http.MethodPut, identity+"Group/"+newGroupID, b.pmToken(t), groupChange("Inner", nil, []string{rootID}))
		},
		"the membership of the group": func(t *testing.T, b *bench) response {
			t.Helper()
			return b.sendJSON(t, http.MethodPut, identity+"Group/"+bossesID, b.pmToken(t), groupChange("Bosses", nil, []string{newGroupID}))
		},
		"the membership of the user": func(t *testing.T, b *bench) response {
			t.Helper()
			return b.sendJSON(t, http.MethodPut, identity+"User/"+rootID, b.as(t, "root"), role{"groupIDsToRemove": []string{newGroupID}})
		},
		"several users": func(t *testing.T, b *bench) response {
			t.Helper()
			return b.sendJSON(t, http.MethodDelete, identity+"User", b.pmToken(t), role{"partitionGlobalId": orgID, "userIds": []string{granterID, rootID}})
		},
		"the group": func(t *testing.T, b *bench) response {
			t.Helper()
			return b.send(t, http.MethodDelete, identity+"Group/"+orgID+"/"+bossesID, "", http.Header{"Authorization": {b.pmToken(t)}})
		},
	}
	for what, changed := range map[string]role{"an active user": {"isActive": false}, "who has joined": {"invitationAccepted": false}} {
		ways[what] = func(t *testing.T, b *bench) response {
			t.Helper()
			return b.sendJSON(t, http.MethodPut, identity+"User/"+rootID, b.pmToken(t), changed)
		}
	}
	for name, remove := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, strict := range []bool{false, true} {
				b := open(t, backend.Options{Seed: []byte(ranks), Strict: strict})
				before := b.state(t)
				refused(t, remove(t, b), http.StatusForbidden, refusal)
				if b.state(t) != before {
					t.Error("the refusal changed something")
				}
				// With another administrator it is allowed, also if that is an application.
				for _, other := range []string{"novice", "pm"} {
					b = open(t, backend.Options{Strict: strict, Seed: []byte(ranks +
						"  - {role: Organization Administrator, principal: " + other + ", scope: /}\n")})
					if r := remove(t, b); r.status >= http.StatusBadRequest {
						t.Errorf("beside %s: got %d %s", other, r.status, r.text)
					}
				}
				// An administrator who cannot sign in does not count, nor does one at a place where the role has no effect.
				b = open(t, backend.Options{Strict: strict, Seed: []byte(ranks +
					"  - {role: Organization Administrator, principal: idle, scope: /}\n" +
					"  - {role: Organization Administrator, principal: novice, scope: /tenant/Main}\n")})
				refused(t, remove(t, b), http.StatusForbidden, refusal)
			}
		})
	}
	t.Run("by another in one change", func(t *testing.T) {
		t.Parallel()
		b := open(t, backend.Options{Seed: []byte(ranks)})
		b.assign(t, b.as(t, "root"), change{}.removing(grantOfBosses).adding(administrator, novice, "User", "/")).done(t)
		refused(t, b.assign(t, b.as(t, "root"), change{}.adding(administrator, rootID, "User", "/")), http.StatusForbidden, "not authorized")
	})
	t.Run("an application", func(t *testing.T) {
		t.Parallel()
		b := open(t, backend.Options{Seed: []byte(strings.Replace(ranks, "userName: root}", "userName: root, active: false}", 1) +
			"  - {role: Organization Administrator, principal: granting, scope: /}\n")})
		remove := func() response {
			return b.send(t, http.MethodDelete, identity+"ExternalClient/"+orgID+"/"+appID, "", http.Header{"Authorization": {b.pmToken(t)}})
		}
		refused(t, remove(), http.StatusForbidden, refusal)
		b.assign(t, b.as(t, "granting"), change{}.adding(administrator, pmID, "ExternalApplication", "/")).done(t)
		remove().done(t)
	})
	t.Run("where there was none", func(t *testing.T) {
		t.Parallel()
		b := open(t, backend.Options{Seed: []byte(strings.Replace(ranks, "userName: root}", "userName: root, active: false}", 1))})
		b.deleteUser(t, rootID, b.pmToken(t)).done(t)
	})
}
