package conformance_test

import "strings"

// ranked is an organization whose callers have less and less. {new} is a role with more than "granter" has.
const ranked = `
organization: {id: 9a2f4c1e-7b3d-4f58-a6e0-1d5c8b7f3e21, name: acme, defaultCaller: root}
tenants:
  - {id: 1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90, name: Production, services: [Orchestrator, Task Mining]}
  - {id: 2f7b1d63-4a5c-4e9f-8b82-6c3d7e8f9a01, name: Staging, services: [Orchestrator]}
users:
  - {id: 3a000000-0000-4000-8000-000000000001, userName: root}
  - {userName: tina}
  - {userName: axel}
  - {userName: granter}
  - {userName: miner}
  - {id: 3a000000-0000-4000-8000-000000000005, userName: novice}
externalApplications:
  - {name: pm, secret: x, scopes: [PM.User, PM.Group, PM.OAuthApp, PM.OAuthAppSecret.Write]}
  - {id: 3c000000-0000-4000-8000-000000000001, name: strong, secret: y}
groups:
  - {id: 3b000000-0000-4000-8000-000000000004, name: Bosses}
  - {id: 3b000000-0000-4000-8000-000000000005, name: Spare}
roles:
  - {id: 3d000000-0000-4000-8000-000000000001, name: Granter, description: x, tenant: Production,
     permissions: [AUTHZ.ROLE.READ, AUTHZ.ROLE.UPDATE, AUTHZ.ROLEASSIGNMENT.READ, AUTHZ.ROLEASSIGNMENT.CREATE, ORCHESTRATOR.ROBOTS.VIEW]}
  - {id: 3d000000-0000-4000-8000-000000000002, name: Robots, description: x, tenant: Production, permissions: [ORCHESTRATOR.ROBOTS.VIEW]}
  - {id: 5e000000-0000-4000-8000-000000000001, name: Machines, description: x, tenant: Production, permissions: [ORCHESTRATOR.MACHINES.VIEW]}
assignments:
  - {id: 6d000000-0000-4000-8000-000000000001, role: Organization Administrator, principal: root, scope: /}
  - {role: Tenant Administrator, principal: tina, scope: /tenant/Production}
  - {role: Access Administrator, principal: axel, scope: /}
  - {role: Granter, principal: granter, scope: /tenant/Production}
  - {role: Robots, principal: Bosses, scope: /tenant/Production}
  - {role: Robots, principal: strong, scope: /tenant/Production}
  - {role: {service: Task Mining, name: Admin}, principal: miner, scope: /tenant/Production/taskmining}
`

// escalationFacts are those about giving more than one has (section 4.7).
func escalationFacts() []factCase {
	const (
		production, staging = "/tenant/{production}", "/tenant/{staging}"
		granter, robots     = "invoiceOperations", "auditor"
	)
	// role finds a role that the platform brings along, and keeps its id.
	role := func(name, service string) step {
		return get("{pap}/roles?serviceName="+service+"&contains="+strings.ReplaceAll(name, " ", "+")).gives(200).keep("platform", "results.0.id")
	}
	give := func(caller, role, scope string) step { return grant(role, "edsger", "User", scope).as(caller) }
	granters := func(permissions string) step {
		return put("{pap}/roles", `{"id":"{`+granter+`}","roleName":"Granter","roleDescription":"x","roleScopeType":"TENANT","organizationId":"{p}",`+
			`"tenantId":"{production}","actionsGrantedByRole":["AUTHZ.ROLE.READ","AUTHZ.ROLE.UPDATE","ORCHESTRATOR.ROBOTS.VIEW"`+permissions+`]}`).as("granter")
	}
	join := put("{identity}/Group/{everyone}", `{"partitionGlobalId":"{p}","name":"Bosses","directoryUserIDsToAdd":["{edsger}"]}`).as("pm")
	secret := post("{identity}/ExternalClient/GenerateSecret", `{"partitionGlobalId":"{p}","clientId":"{terraform}","description":"mine"}`).as("pm")
	return []factCase{
		{Fact: "4.7-1", Seed: ranked, Steps: []step{
			role("Tenant Administrator", "centralizedaccess"), give("root", "platform", staging).gives(204), give("tina", "platform", production).gives(204),
			grant("platform", "ada", "User", staging).as("tina").gives(403),
		}},
		{Fact: "4.7-2", Seed: ranked, Steps: []step{
			role("User", "taskmining"), give("miner", "platform", production+"/taskmining").gives(204),
			give("miner", "new", production).gives(403),
		}},
		{Fact: "4.7-3", Seed: ranked, Steps: []step{
			give("tina", "new", production).gives(204), give("granter", robots, production).gives(204),
			grant("new", "ada", "User", production).as("granter").gives(403).checking(says("ORCHESTRATOR.MACHINES.VIEW")),
			role("Administrator", "orchestrator"), give("granter", "platform", production+"/orchestrator").gives(403), give("granter", "platform", production).gives(204),
		}},
		{Fact: "4.7-4", Seed: ranked, Steps: []step{
			role("Organization Administrator", "centralizedaccess"), give("axel", "platform", "/").gives(403), give("tina", "platform", "/").gives(403),
			give("root", "platform", "/").gives(204),
		}},
		{Fact: "4.7-5", Seed: ranked, Steps: []step{give("axel", "new", production).gives(204)}},
		{Fact: "4.7-5", Seed: ranked, Strict: true, Steps: []step{
			give("axel", "new", production).gives(403), give("axel", "accessAdministrator", "/").gives(204),
		}},
		{Fact: "4.7-6", Seed: ranked, Steps: []step{
			granters(`,"ORCHESTRATOR.MACHINES.VIEW"`).gives(403).checking(says("ORCHESTRATOR.MACHINES.VIEW")), granters("").gives(200),
		}},
		{Fact: "4.7-7", Seed: ranked, Steps: []step{join.gives(200), secret.gives(200)}},
		{Fact: "4.7-7", Seed: ranked, Strict: true, Steps: []step{
			join.gives(403), secret.gives(403),
			put("{identity}/Group/{processDiscovery}", `{"partitionGlobalId":"{p}","name":"Spare","directoryUserIDsToAdd":["{edsger}"]}`).as("pm").gives(200),
		}},
		{Fact: "4.7-8", Seed: ranked, Steps: []step{
			role("Organization Administrator", "centralizedaccess"),
			patch("{pap}/userroleassignments", `{"roleAssignmentsToAdd":[],"roleAssignmentsToDelete":["6d000000-0000-4000-8000-000000000001"]}`).gives(403),
			remove("{identity}/User/{ada}").gives(403), put("{identity}/User/{ada}", `{"isActive":false}`).gives(403),
			give("root", "platform", "/").gives(204), remove("{identity}/User/{ada}").as("novice").gives(204),
		}},
	}
}
