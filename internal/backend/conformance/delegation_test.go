package conformance_test

// delegationFacts are about who may give what (contract 4.7).
func delegationFacts() []factCase {
	const (
		edsger = "edsger.dijkstra@acme.example"
		grace  = "grace.hopper@acme.example"
	)
	// A role that lets one assign roles, and little else.
	assigner := put("{pap}/roles", changed(changed(organizationRole, "AUTHZ.ROLE.READ", `AUTHZ.ROLE.READ","AUTHZ.ROLE.UPDATE","AUTHZ.ROLEASSIGNMENT.CREATE`), "Role Reader", "Assigner")).
		gives(200).keep("assigner", createdRole)
	find := func(filter, name string) step {
		return get("{pap}/roles?"+filter).gives(200).keep(name, "results.0.id")
	}
	administrators := put("{identity}/Group/{administrators}", `{"partitionGlobalId":"{p}","name":"Administrators","directoryUserIDsToAdd":["{grace}"]}`)
	return []factCase{
		{Fact: "4.7-1", Steps: []step{
			grant("auditor", "edsger", "User", "/tenant/{production}").as(grace).gives(204), grant("auditor", "edsger", "User", "/tenant/{staging}").as(grace).gives(403),
			grant("auditor", "edsger", "User", "/tenant/{staging}").gives(204), grant("steward", "edsger", "User", "/").gives(204),
		}},
		{Fact: "4.7-2", Steps: []step{
			find("serviceName=orchestrator&contains=Administrator", "administrator"), find("serviceName=orchestrator&contains=Allow", "allowed"),
			grant("administrator", "edsger", "User", "/tenant/{production}/orchestrator").gives(204),
			grant("allowed", "alan", "User", "/tenant/{production}/orchestrator").as(edsger).gives(204),
		}},
		{Fact: "4.7-3", Steps: []step{
			assigner, grant("assigner", "edsger", "User", "/").gives(204), grant("assigner", "alan", "User", "/").as(edsger).gives(204),
			grant("steward", "alan", "User", "/").as(edsger).gives(403), grant("auditor", "alan", "User", "/tenant/{production}").as(grace).gives(204),
		}},
		{Fact: "4.7-4", Steps: []step{
			find("contains=Organization+Administrator", "everything"), grant("accessAdministrator", "edsger", "User", "/").gives(204),
			grant("everything", "alan", "User", "/").as(edsger).gives(403), grant("everything", "alan", "User", "/").gives(204),
		}},
		{Fact: "4.7-5", Steps: []step{grant("accessAdministrator", "edsger", "User", "/").gives(204), grant("steward", "alan", "User", "/").as(edsger).gives(204)}},
		{Fact: "4.7-5", Strict: true, Steps: []step{grant("accessAdministrator", "edsger", "User", "/").gives(204), grant("steward", "alan", "User", "/").as(edsger).gives(403)}},
		{Fact: "4.7-6", Steps: []step{
			assigner, grant("assigner", "edsger", "User", "/").gives(204),
			put("{pap}/roles", changed(changed(organizationRole, `{`, `{"id":"{assigner}",`), "AUTHZ.ROLE.READ", `AUTHZ.ROLE.READ","AUTHZ.ROLE.UPDATE","IDENTITY.GROUP.UPDATE`)).as(edsger).gives(403),
			put("{pap}/roles", changed(changed(organizationRole, `{`, `{"id":"{assigner}",`), "AUTHZ.ROLE.READ", `AUTHZ.ROLE.READ","AUTHZ.ROLE.UPDATE`)).as(edsger).gives(200),
		}},
		{Fact: "4.7-7", Seed: scopedOrganization, Steps: []step{administrators.as("group").gives(200)}},
		{Fact: "4.7-7", Seed: scopedOrganization, Strict: true, Steps: []step{administrators.as("group").gives(403), administrators.gives(200)}},
		{Fact: "4.7-8", Seed: scopedOrganization, Steps: []step{
			remove("{identity}/User/{ada}").as("user").gives(403), put("{identity}/User/{ada}", `{"isActive":false}`).as("user").gives(403),
			put("{identity}/Group/{administrators}", `{"partitionGlobalId":"{p}","name":"Administrators","directoryUserIDsToRemove":["{ada}"]}`).as("group").gives(403),
			administrators.gives(200), remove("{identity}/User/{ada}").as("user").gives(204),
		}},
	}
}
