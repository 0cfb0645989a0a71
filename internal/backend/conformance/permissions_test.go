package conformance_test

import "strings"

// namespaces are those of fact 5.3-1 that have a filter.
const namespaces = "APPS AUDIT AUTHZ AUTOMATIONOPS CASEMANAGEMENT COMMUNICATIONSMINING CX DATASERVICE DOCUMENTUNDERSTANDING GOVERNEDINFERENCE IDENTITY INSIGHTS " +
	"LICENSING OMS ORCHESTRATOR PLATFORM PROCESSMINING REINFER RELAY STUDIO TASKMINING TESTMANAGER"

func permissionFacts() []factCase {
	const actions = "{pap}/actions"
	named := func(names ...string) match {
		var wanted []any
		for _, name := range names {
			wanted = append(wanted, some(has(fields{"name": name})))
		}
		return all(wanted...)
	}
	return []factCase{
		{Fact: "5.1-1", Steps: []step{
			get(actions).gives(200, every(action())),
			get(actions+"?serviceName=orchestrator&scopeType=TENANT").gives(200, every(has(fields{"namespace": "ORCHESTRATOR", "scopeType": one("TENANT", "ANY")}))),
		}},
		{Fact: "5.1-2", Steps: []step{get(actions).gives(200, every(action()))}},
		{Fact: "5.1-3", Steps: []step{get(actions).gives(200, count(450, 550))}},
		{Fact: "5.2-1", Steps: []step{get(actions).gives(200, every(has(fields{"name": spelled(`^[A-Z]+\.[A-Z]+\.[A-Z]+$`)})))}},
		{Fact: "5.2-2", Steps: append(forEach("ANY NONE ORGANIZATION TENANT FOLDER PROJECT PROCESS", func(word string) []step {
			return []step{get(actions + "?scopeType=" + word).gives(200)}
		}), get(actions).gives(200, every(has(fields{"scopeType": one(null, "ANY", "NONE", "ORGANIZATION", "TENANT", "FOLDER", "PROJECT", "PROCESS")}))))},
		{Fact: "5.2-3", Steps: append(forEach("ORGANIZATION TENANT PROJECT", func(word string) []step {
			return []step{get(actions+"?scopeType="+word).gives(200, some(has(fields{"scopeType": "ANY"})))}
		}), get(actions+"?serviceName=authz").gives(200, all(count(14, 14), some(has(fields{"scopeType": "ORGANIZATION"})), some(has(fields{"scopeType": "ANY"})))),
			get(actions+"?scopeType=ANY").gives(200, all(count(10, 10), every(has(fields{"namespace": "AUTHZ"})))))},
		{Fact: "5.3-1", Steps: forEach(namespaces, func(name string) []step {
			return []step{get(actions+"?serviceName="+strings.ToLower(name)).gives(200, every(has(fields{"namespace": name})))}
		})},
		{Fact: "5.3-2", Steps: []step{
			get(actions+"?serviceName=casemanagement").gives(200, every(has(fields{"serviceDisplayName": "Maestro"}))),
			get(actions+"?serviceName=reinfer").gives(200, every(has(fields{"serviceDisplayName": "IXP"}))),
		}},
		{Fact: "5.3-3", Steps: []step{
			get(actions).gives(200, some(has(fields{"namespace": "CENTRALIZEDACCESS"}))),
			get(actions+"?serviceName=centralizedaccess").gives(200, nothing),
		}},
		{Fact: "5.3-4", Steps: []step{get(actions+"?serviceName=AuthZ").gives(200, every(has(fields{"namespace": "AUTHZ"})))}},
		{Fact: "5.4-1", Steps: []step{
			put("{pap}/roles", changed(tenantRole, "ORCHESTRATOR.ROBOTS.VIEW", "DOCUMENTUNDERSTANDING.DOCUMENTS.DELETE")).gives(400, wrong("actionsGrantedByRole")),
			put("{pap}/roles", changed(organizationRole, "AUTHZ.ROLE.READ", "DOCUMENTUNDERSTANDING.DOCUMENTS.DELETE")).gives(400, wrong("actionsGrantedByRole")),
			put("{pap}/roles", changed(tenantRole, "{production}", "{zero}")).gives(200),
			put("{pap}/roles", organizationRole).gives(200),
		}},
		{Fact: "5.4-2", Steps: []step{
			get(actions+"?serviceName=documentunderstanding&scopeType=TENANT").gives(200, count(17, 17)),
			get(actions+"?serviceName=documentunderstanding&scopeType=PROJECT").gives(200, count(49, 49)),
			get(actions+"?serviceName=orchestrator&scopeType=TENANT").gives(200, count(30, 1000)),
		}},
		{Fact: "5.5-1", Steps: []step{get(actions).gives(200, named("AUTHZ.ACTION.READ", "AUTHZ.ROLE.READ"))}},
		{Fact: "5.5-2", Steps: []step{
			get(actions).gives(200, named("AUTHZ.CONDITIONALACCESSPOLICY.READ", "IDENTITY.GROUP.READ", "IDENTITY.GROUP.UPDATE", "OMS.ORGANIZATION.READ")),
			get(actions).gives(200, some(has(fields{"name": "CENTRALIZEDACCESS.ADMINISTRATIONPAGE.VIEW", "scopeType": "TENANT", "description": "View the administration page"}))),
		}},
		{Fact: "5.5-3", Steps: []step{
			get(actions+"?serviceName=documentunderstanding&scopeType=TENANT").gives(200, named("DOCUMENTUNDERSTANDING.PROJECTS.READ", "DOCUMENTUNDERSTANDING.PROJECTS.UPDATE", "DOCUMENTUNDERSTANDING.PROJECTS.DELETE")),
			get(actions+"?serviceName=documentunderstanding&scopeType=PROJECT").gives(200, all(named("DOCUMENTUNDERSTANDING.DOCUMENTS.DELETE"), some(has(fields{"name": containing("DOCUMENTUNDERSTANDING.DOCUMENTTYPE.")})))),
		}},
		{Fact: "5.5-4", Steps: []step{get(actions+"?serviceName=authz").gives(200, named(
			"AUTHZ.ROLE.READ", "AUTHZ.ROLE.CREATE", "AUTHZ.ROLE.UPDATE", "AUTHZ.ROLE.DELETE",
			"AUTHZ.ROLEASSIGNMENT.READ", "AUTHZ.ROLEASSIGNMENT.CREATE", "AUTHZ.ROLEASSIGNMENT.UPDATE", "AUTHZ.ROLEASSIGNMENT.DELETE", "AUTHZ.ROLEASSIGNMENT.EXPORT"))}},
		{Fact: "5.5-5", Steps: []step{
			get(actions+"?serviceName=orchestrator").gives(200, named("ORCHESTRATOR.ROBOTS.VIEW", "ORCHESTRATOR.MLLOGS.VIEW")),
			get(actions+"?serviceName=taskmining").gives(200, every(has(fields{"description": spelled("(?i)invented|not public|stand-in|reference backend")}))),
		}},
	}
}

func effectiveAccessFacts() []factCase {
	const (
		effective = "{pap}/geteffectiveaccess"
		tenant    = `"scopeIdentifier":{"scopeType":"Tenant","value":{"id":"{production}","tenantId":"{production}"}}`
	)
	granted := fields{
		"roleId": guid, "securityPrincipalId": guid, "organizationId": "{p}", "tenantId": one(null, guid), "createdOn": accessTime, "roleName": filled,
		"securityPrincipalType": filled, "roleType": filled, "serviceName": filled, "serviceId": guid, "scope": spelled("^/"), "folderName": one(null, text),
	}
	result := object(fields{
		"roleId": guid, "tenantId": one(null, guid), "roleName": filled, "serviceName": filled, "serviceId": guid, "roleType": filled, "roleAssignments": every(granted),
	})
	return []factCase{
		{Fact: "6-1", Strict: true, Steps: []step{
			post(effective, `{"userId":"{grace}",`+tenant+`}`).gives(200, at("roleAssignments.results", some(has(fields{"roleName": "Tenant Administrator"})))),
			post(effective, `{"groupId":"{invoiceProcessing}",`+tenant+`}`).gives(200, at("roleAssignments.results", some(has(fields{"roleId": "{invoiceOperations}"})))),
			post(effective, `{"userId":"{grace}","groupId":"{invoiceProcessing}",`+tenant+`}`).gives(400),
			post(effective, `{`+tenant+`}`).gives(400),
		}},
		{Fact: "6-2", Strict: true, Steps: []step{
			post(effective, `{"SecurityPrincipalId":"{grace}","RoleNameStartsWith":"Tenant","ServiceName":"centralizedaccess",`+
				`"ScopeIdentifier":{"ScopeType":"Tenant","Value":{"Id":"{production}"}}}`).gives(200, at("roleAssignments.results", list(has(fields{"roleName": "Tenant Administrator"})))),
			post(effective, `{"SecurityPrincipalId":"{grace}","ScopeIdentifier":{"ScopeType":"Folder","Value":{"Id":"{finance}","ParentId":"{production}"}}}`).gives(200),
		}},
		{Fact: "6-3", Steps: []step{
			post("{pdp}/geteffectiveaccess", `{"userId":"{katherine}"}`).gives(200, at("roleAssignments.results", some(has(fields{"roleId": "{auditor}"})))),
		}},
		{Fact: "6-4", Steps: []step{
			post("{pdp}/geteffectiveaccess?top=50&skip=0", `{"userId":"{ada}"}`).gives(200),
			post("{pdp}/geteffectiveaccess?top=51", `{"userId":"{ada}"}`).gives(400),
			post("{pdp}/geteffectiveaccess?skip=-1", `{"userId":"{ada}"}`).gives(400),
			post("{pdp}/geteffectiveaccess", `{"userId":"{ada}"}`).gives(200, at("roleAssignments.results", count(0, 10))),
		}},
		{Fact: "6-5", Steps: []step{
			post(effective, `{"userId":"{grace}",`+tenant+`}`).gives(200, fields{
				"roleAssignments": page(count(1, 100)), "grantedServicesMetadata": one(null, count(0, 100)), "grantedRolesMetadata": one(null, count(0, 100))}),
			post(effective, `{"userId":"{dennis}",`+tenant+`}`).gives(200, has(fields{"roleAssignments": fields{"totalCount": 0, "results": list()}})),
		}},
		{Fact: "6-6", Steps: []step{post(effective, `{"userId":"{edsger}",`+tenant+`}`).gives(200, at("roleAssignments.results", every(result)))}},
		{Fact: "6-7", Steps: []step{
			post(effective, `{"userId":"{barbara}",`+tenant+`}`).gives(200, at("roleAssignments.results", some(has(fields{"serviceName": "Document Understanding"})))),
			post(effective, `{"userId":"{ada}",`+tenant+`}`).gives(200, at("roleAssignments.results", every(has(fields{"tenantId": null})))),
		}},
		{Fact: "6-8", Steps: []step{
			post(effective, `{"userId":"{edsger}",`+tenant+`}`).gives(200, at("roleAssignments.results", some(has(fields{
				"roleId": "{invoiceOperations}", "roleAssignments": some(has(fields{"securityPrincipalType": "Group", "securityPrincipalId": "{invoiceProcessing}"}))})))),
		}},
		{Fact: "6-9", Steps: []step{
			post(effective, `{"userId":"{edsger}",`+tenant+`}`).gives(200, has(fields{
				"grantedServicesMetadata": every(object(fields{"id": guid, "serviceName": filled, "serviceDisplayName": filled, "serviceType": one(null, text)})),
				"grantedRolesMetadata":    every(object(fields{"id": guid, "roleName": filled})),
			})),
		}},
		{Fact: "6-10", Steps: []step{
			post(effective, `{"USERID":"{grace}",`+tenant+`}`).gives(200),
			post("{pdp}/geteffectiveaccess", `{"securityPrincipalId":"{grace}"}`).gives(200),
			post("{pdp}/geteffectiveaccess", `{"userId":"{grace}",`+tenant+`}`).gives(400),
			post(effective, `{"userId":"{ada}",`+tenant+`}`).as("grace.hopper@acme.example").gives(200),
			post(effective, `{"userId":"{ada}",`+tenant+`}`).as("alan.turing@acme.example").gives(403),
		}},
		{Fact: "6-12", Steps: []step{
			get("{pap}/roles?serviceName=taskmining&contains=Process+SME").gives(200).keep("sme", "results.0.id"),
			grant("sme", "edsger", "User", "/tenant/{production}/taskmining").gives(204),
			post(effective, `{"userId":"{edsger}",`+tenant+`}`).gives(200, at("roleAssignments.results", some(has(fields{"serviceName": "Task Mining"})))),
		}},
		{Fact: "6-13", Steps: []step{
			post(effective+"?top=1", `{"userId":"{edsger}",`+tenant+`}`).gives(200, at("roleAssignments.results", count(1, 1))),
			post(effective, `{"userId":"{edsger}","top":1,"skip":0,`+tenant+`}`).gives(200, at("roleAssignments.results", count(1, 1))),
		}},
	}
}
