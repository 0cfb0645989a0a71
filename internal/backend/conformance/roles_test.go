package conformance_test

import (
	"fmt"
	"strings"
)

// The bodies of roles that cases create.
const (
	tenantRole = `{"roleName":"Robot Watch","roleDescription":"Watches robots.","roleScopeType":"TENANT","organizationId":"{p}",` +
		`"tenantId":"{production}","actionsGrantedByRole":["ORCHESTRATOR.ROBOTS.VIEW"]}`
	organizationRole = `{"roleName":"Role Reader","roleDescription":"Reads roles.","roleScopeType":"ORGANIZATION","organizationId":"{p}",` +
		`"actionsGrantedByRole":["AUTHZ.ROLE.READ"]}`
	createdRole = "createdRoleId"
)

// roleSortKeys are those of fact 3.1-6.
const roleSortKeys = "Id OriginalRoleName UniqueName Description Type ScopeType OrganizationId TenantId OwnerService OwnerServiceId CreatedBy CreatedOn UpdatedBy UpdatedOn"

// action is a permission (fact 5.1-2).
func action() match {
	return object(fields{
		"id": guid, "name": filled, "namespace": filled, "serviceDisplayName": filled, "resourceType": text, "resourceAction": text,
		"resourceGroup": text, "description": text, "scopeType": one(null, text), "originalResourceAction": one(null, text),
	})
}

// role is a role as lists and single reads show it (fact 3.1-8).
func role() match {
	return object(fields{
		"id": guid, "name": filled, "description": text, "type": filled, "scopeType": filled, "createdBy": guid, "createdOn": accessTime,
		"tenantId": guid, "ownerServiceId": guid, "ownerServiceName": filled, "actionDetails": one(nothing, every(action())),
	})
}

// without returns a JSON object's text without a member that is not the last.
func without(body, member string) string {
	before, rest, _ := strings.Cut(body, fmt.Sprintf("%q:", member))
	_, after, _ := strings.Cut(rest, ",")
	return before + after
}

func changed(body, old, replacement string) string { return strings.Replace(body, old, replacement, 1) }

func roleFacts() []factCase {
	newRole := put("{pap}/roles", tenantRole).gives(200, fields{"createdRoleId": guid}).keep("role", createdRole)
	upper := func(name string) match {
		return has(fields{"results": all(every(has(fields{"type": name})), count(1, 1000))})
	}
	return []factCase{
		{Fact: "3.1-1", Steps: []step{
			get("{pap}/roles?top=2&skip=1&scopeType=TENANT&serviceName=orchestrator&contains=a&tenantId={zero}&roleType=BUILTIN&sortBy=Id&sortOrder=Asc").
				gives(200, page(count(0, 2))),
			get("{pap}/roles?top=2").gives(200, page(all(count(2, 2), every(role())))).keep("second", "results.1.id"),
			get("{pap}/roles?top=1&skip=1").gives(200, page(list(has(fields{"id": "{second}"})))),
		}},
		{Fact: "3.1-2", Steps: []step{get("{pap}/roles?top=1000").gives(200), get("{pap}/roles?top=1001").gives(400, wrong("top"))}},
		{Fact: "3.1-4", Steps: []step{
			get("{pap}/roles?contains=INVOICE").gives(200, page(list(has(fields{"name": "Invoice Operations"})))),
			get("{pap}/roles?roleType=BUILTIN&contains=Admin&top=50").gives(200, page(every(has(fields{"type": "BUILTIN", "name": containing("Admin")})))),
		}},
		{Fact: "3.1-5", Steps: []step{
			get("{pap}/roles?roleType=BUILTIN&top=1000").gives(200, upper("BUILTIN")),
			get("{pap}/roles?roleType=CUSTOM&top=1000").gives(200, upper("CUSTOM")),
			get("{pap}/roles?roleType=PLATFORM&top=1000").gives(200, upper("PLATFORM")),
		}},
		{Fact: "3.1-6", Strict: true, Steps: forEach(roleSortKeys, func(key string) []step {
			return []step{get("{pap}/roles?top=3&sortOrder=Asc&sortBy=" + key).gives(200), get("{pap}/roles?top=3&sortOrder=Desc&sortBy=" + key).gives(200)}
		})},
		{Fact: "3.1-6", Steps: []step{
			get("{pap}/roles?top=1000&sortBy=OriginalRoleName&sortOrder=Desc").gives(200, at("results", sorted("name", strings.ToLower, true))),
			get("{pap}/roles?top=1000&sortBy=Id&sortOrder=Asc").gives(200, at("results", sorted("id", same, false))),
		}},
		{Fact: "3.1-7", Steps: forEach("tenant TENANT Tenant", func(word string) []step {
			return []step{
				get("{pap}/roles?roleType=CUSTOM&serviceName=documentunderstanding&scopeType="+word).gives(200, page(list(has(fields{"id": "{projectLead}"})))),
				get("{pap}/roles?roleType=CUSTOM&serviceName=DocumentUnderstanding&scopeType="+word).gives(200, page(list(has(fields{"id": "{projectLead}"})))),
			}
		})},
		{Fact: "3.1-8", Steps: []step{
			get("{pap}/roles?top=1000").gives(200, page(every(role()))),
			get("{pap}/roles/{invoiceOperations}").gives(200, role()),
		}},
		{Fact: "3.1-9", Steps: []step{
			get("{pap}/roles/{auditor}").gives(200, has(fields{"tenantId": "{zero}"})),
			get("{pap}/roles/{steward}").gives(200, has(fields{"tenantId": "{zero}"})),
			get("{pap}/roles/{invoiceOperations}").gives(200, has(fields{"tenantId": "{production}"})),
		}},
		{Fact: "3.1-10", Steps: []step{get("{pap}/roles/{accessAdministrator}").gives(200, has(fields{"createdOn": "2025-12-09T08:20:56.7703633+00:00"}))}},
		{Fact: "3.1-11", Steps: []step{
			get("{pap}/roles/{accessAdministrator}").gives(200, all(role(), has(fields{"id": "{accessAdministrator}", "type": "BuiltIn"}))),
			get("{pap}/roles/{unknown}").gives(404),
		}},
		{Fact: "3.1-12", Steps: []step{
			get("{pap}/roles?top=1000&tenantId={production}").gives(200, page(every(has(fields{"tenantId": "{production}"})))),
			get("{pap}/roles?top=1000&tenantId={zero}").gives(200, page(every(has(fields{"tenantId": "{zero}"})))),
			get("{pap}/roles?top=1000").gives(200, at("results", sorted("id", same, false))),
		}},

		{Fact: "3.2-1", Steps: []step{
			get("{pap}/roles?top=1000").gives(200, page(every(has(fields{"createdOn": accessTime})))),
			get("{pap}/userroleassignments?scope=/&top=100").gives(200, page(every(has(fields{"roleAssignmentDtos": every(has(fields{"createdOn": accessTime}))})))),
			newRole, get("{pap}/roles/{role}").gives(200, has(fields{"createdOn": "2026-05-04T10:00:00.1234567+00:00"})),
		}},
		{Fact: "3.2-2", Steps: []step{
			get("{pap}/roles/{accessAdministrator}").gives(200, has(fields{"name": "Access Administrator", "ownerServiceId": "225374a7-f966-4e77-ba9e-588d18c51b76"})),
			get("{pap}/actions?serviceName=authz").gives(200, some(has(fields{"name": "AUTHZ.ACTION.READ", "id": "2aa62290-e290-4478-807e-c94bb8aa2fc1"}))),
		}},
		{Fact: "3.2-3", Steps: []step{get("{pap}/roles/{accessAdministrator}").gives(200, has(fields{"createdBy": "7f36fcc2-b822-430b-ae30-5ecfbacac186"}))}},
		{Fact: "3.2-4", Seed: scopedOrganization, Steps: []step{
			get("{pap}/roles?contains=Organization+Administrator").gives(200, page(list(has(fields{"id": guid})))).keep("first", "results.0.id"),
			get("{pap}/roles/{first}").gives(200, has(fields{"name": "Organization Administrator"})),
		}},

		{Fact: "3.3-1", Steps: []step{
			get("{pap}/roles?top=1000").gives(200, page(all(
				every(has(fields{"type": one("BUILTIN", "CUSTOM", "PLATFORM")})), some(has(fields{"type": "BUILTIN"})), some(has(fields{"type": "CUSTOM"})),
				some(has(fields{"type": "PLATFORM"}))))),
			get("{pap}/roles/{accessAdministrator}").gives(200, has(fields{"type": "BuiltIn"})),
			get("{pap}/roles/{auditor}").gives(200, has(fields{"type": "Custom"})),
			get("{pap}/roles?contains=Tenant+Administrator").gives(200).keep("role", "results.0.id"),
			get("{pap}/roles/{role}").gives(200, has(fields{"type": "Platform"})),
		}},
		{Fact: "3.3-3", Steps: []step{
			get("{pap}/roles?top=1000").gives(200, page(every(has(fields{"scopeType": one("ORGANIZATION", "TENANT", "PROJECT", "PROCESS", "APP", "MIXED")})))),
		}},
		{Fact: "3.3-3", Strict: true, Steps: forEach("ORGANIZATION TENANT PROJECT PROCESS APP MIXED", func(word string) []step {
			return []step{get("{pap}/roles?top=1&scopeType=" + word).gives(200)}
		})},
		{Fact: "3.3-4", Steps: []step{
			get("{pap}/userroleassignments?scope=/&noInheritance=false&top=100").gives(200, page(every(has(fields{
				"roleAssignmentDtos": every(has(fields{"type": one("BuiltIn", "Custom"), "roleType": spelled(`(?i)^(builtin|custom|platform)$`)})),
			})))),
		}},
		{Fact: "3.3-5", Steps: []step{
			get("{pap}/userroleassignments/export?exportoutputtype=json").gives(200, some(has(fields{"RoleType": "BUILTIN", "RoleAssignmentType": "BuiltIn"}))),
		}},
		{Fact: "3.3-6", Steps: []step{
			get("{pap}/userroleassignments/export?exportoutputtype=json").gives(200, all(some(has(fields{"RoleType": "CUSTOM"})), some(has(fields{"RoleType": "PLATFORM"})))),
		}},
		{Fact: "3.3-7", Steps: []step{
			get("{pap}/roles?roleType=bUiLtIn&top=1").gives(200, upper("BUILTIN")),
			get("{pap}/roles/587D79D6-85DE-4EE7-819B-1EB19B85009B").gives(200, has(fields{"id": "{accessAdministrator}"})),
		}},
		{Fact: "3.3-8", Steps: []step{
			get("{pap}/roles?contains=Tenant+Administrator").gives(200).keep("role", "results.0.id"),
			put("{pap}/roles", changed(organizationRole, `{`, `{"id":"{role}",`)).gives(403),
			remove("{pap}/roles/{role}").gives(403),
		}},

		{Fact: "3.4-1", Steps: []step{
			put("{pap}/roles", organizationRole).gives(200).keep("role", createdRole),
			get("{pap}/roles/{role}").gives(200, has(fields{"scopeType": "ORGANIZATION", "tenantId": "{zero}"})),
			grant("role", "katherine", "User", "/").gives(204),
		}},
		{Fact: "3.4-2", Steps: []step{
			get("{pap}/roles/{auditor}").gives(200, has(fields{"scopeType": "TENANT", "tenantId": "{zero}"})),
			grant("auditor", "edsger", "User", "/tenant/{production}").gives(204),
			grant("auditor", "edsger", "User", "/tenant/{staging}").gives(204),
		}},
		{Fact: "3.4-3", Steps: []step{
			newRole, get("{pap}/roles/{role}").gives(200, has(fields{"scopeType": "TENANT", "tenantId": "{production}"})),
			grant("role", "edsger", "User", "/tenant/{production}").gives(204),
		}},
		{Fact: "3.4-4", Steps: []step{
			put("{pap}/roles", changed(changed(tenantRole, `TENANT"`, `PROJECT"`), "ORCHESTRATOR.ROBOTS.VIEW", "DOCUMENTUNDERSTANDING.DOCUMENTS.DELETE")).gives(400),
			put("{pap}/roles", changed(changed(changed(tenantRole, `TENANT"`, `PROJECT","roleService":"DocumentUnderstanding"`),
				"ORCHESTRATOR.ROBOTS.VIEW", "DOCUMENTUNDERSTANDING.DOCUMENTS.DELETE"), "Robot Watch", "Shredder")).gives(200).keep("role", createdRole),
			get("{pap}/roles/{role}").gives(200, has(fields{"scopeType": "PROJECT", "ownerServiceName": "DocumentUnderstanding"})),
			grant("role", "edsger", "User", "/tenant/{production}/documentunderstanding/projects/{contracts}").gives(204),
		}},
		{Fact: "3.4-5", Steps: []step{put("{pap}/roles", changed(tenantRole, `"TENANT"`, `"FOLDER"`)).gives(400, wrong("roleScopeType"))}},

		{Fact: "3.5-1", Strict: true, Steps: []step{
			put("{pap}/roles", changed(tenantRole, `{`, `{"roleService":"CentralizedAccess",`)).gives(200).keep("role", createdRole),
			put("{pap}/roles", changed(tenantRole, `{`, `{"id":"{role}","roleService":"CentralizedAccess",`)).gives(200, fields{"createdRoleId": "{role}"}),
		}},
		{Fact: "3.5-2", Steps: []step{
			newRole, put("{pap}/roles", changed(tenantRole, `{`, `{"id":"{role}",`)).gives(200, fields{"createdRoleId": "{role}"}),
			get("{pap}/roles/{role}").gives(200, role()),
		}},
		{Fact: "3.5-3", Steps: append(forEach("roleName roleDescription roleScopeType organizationId", func(member string) []step {
			return []step{put("{pap}/roles", without(tenantRole, member)).gives(400, wrong(member))}
		}), put("{pap}/roles", changed(tenantRole, "Watches robots.", "")).gives(400, wrong("roleDescription")))},
		{Fact: "3.5-4", Steps: []step{
			newRole, put("{pap}/roles", changed(changed(tenantRole, `{`, `{"id":"{role}",`), "ORCHESTRATOR.ROBOTS.VIEW", "ORCHESTRATOR.MACHINES.VIEW")).
				gives(200, fields{"createdRoleId": "{role}"}),
			get("{pap}/roles/{role}").gives(200, has(fields{"id": "{role}", "actionDetails": list(has(fields{"name": "ORCHESTRATOR.MACHINES.VIEW"}))})),
		}},
		{Fact: "3.5-5", Steps: []step{
			put("{pap}/roles", changed(tenantRole, "ORCHESTRATOR.ROBOTS.VIEW", "ORCHESTRATOR.ROBOTS.TEASE")).gives(400, wrong("actionsGrantedByRole")),
			put("{pap}/roles", changed(organizationRole, "AUTHZ.ROLE.READ", "DOCUMENTUNDERSTANDING.DOCUMENTS.DELETE")).gives(400, wrong("actionsGrantedByRole")),
		}},
		{Fact: "3.5-6", Steps: []step{newRole, put("{pap}/roles", tenantRole).gives(409)}},
		{Fact: "3.5-8", Steps: []step{
			newRole, get("{pap}/roles/{role}").gives(200, has(fields{"ownerServiceName": "CentralizedAccess"})),
			put("{pap}/roles", changed(tenantRole, `{`, `{"id":"{role}","roleService":"Orchestrator",`)).checking(refusedSomehow),
			get("{pap}/roles/{role}").gives(200, has(fields{"ownerServiceName": "CentralizedAccess"})),
		}},
		{Fact: "3.5-9", Steps: []step{
			get("{pap}/roles/{steward}").gives(200, has(fields{"scopeType": "ORGANIZATION"})).keep("shape", "scopeType"),
			put("{pap}/roles", `{"id":"{steward}","roleName":"Directory Keeper","roleScopeType":"{shape}","roleDescription":"Keeps.",`+
				`"actionsGrantedByRole":["IDENTITY.USER.READ"],"organizationId":"{p}"}`).gives(200, fields{"createdRoleId": "{steward}"}),
			get("{pap}/roles/{steward}").gives(200, has(fields{"name": "Directory Keeper", "scopeType": "ORGANIZATION"})),
		}},
		{Fact: "3.5-10", Steps: []step{
			put("{pap}/roles", changed(without(changed(tenantRole, `{`, `{"id":"{projectLead}",`), "tenantId"), "ORCHESTRATOR.ROBOTS.VIEW", "DOCUMENTUNDERSTANDING.PROJECTS.READ")).
				gives(200, fields{"createdRoleId": "{projectLead}"}),
			get("{pap}/roles/{projectLead}").gives(200, has(fields{"tenantId": "{production}", "ownerServiceName": "DocumentUnderstanding"})),
		}},
		{Fact: "3.5-11", Steps: []step{
			put("{pap}/roles", changed(tenantRole, "{production}", "{zero}")).gives(200).keep("role", createdRole),
			get("{pap}/roles/{role}").gives(200, has(fields{"scopeType": "TENANT", "tenantId": "{zero}"})),
			put("{pap}/roles", changed(without(changed(tenantRole, `"TENANT"`, `"TENANTGLOBAL"`), "tenantId"), "Robot Watch", "Another")).gives(200).keep("role", createdRole),
			get("{pap}/roles/{role}").gives(200, has(fields{"scopeType": "TENANT", "tenantId": "{zero}"})),
		}},
		{Fact: "3.5-12", Steps: []step{put("{pap}/roles", without(tenantRole, "tenantId")).gives(400, wrong("tenantId"))}},
		{Fact: "3.5-13", Steps: []step{newRole, put("{pap}/roles", changed(tenantRole, "Robot Watch", "ROBOT watch")).gives(409)}},
		{Fact: "3.5-14", Steps: []step{
			put("{pap}/roles", changed(tenantRole, "Robot Watch", strings.Repeat("n", 65))).gives(400, wrong("roleName")),
			put("{pap}/roles", changed(tenantRole, "Robot Watch", strings.Repeat("n", 64))).gives(200),
		}},
		{Fact: "3.5-15", Steps: []step{
			put("{pap}/roles", changed(tenantRole, "{production}", "{unknown}")).gives(400, wrong("tenantId")),
			put("{pap}/roles", changed(organizationRole, `{`, `{"id":"{accessAdministrator}",`)).gives(403, problem(403)),
		}},
		{Fact: "3.5-16", Steps: []step{
			put("{pap}/roles", changed(without(changed(changed(tenantRole, `{`, `{"id":"{auditor}",`), `"TENANT"`, `"PROJECT"`), "tenantId"), "Robot Watch", "Other")).gives(400),
			put("{pap}/roles", without(changed(tenantRole, `{`, `{"id":"{auditor}",`), "tenantId")).gives(200),
			get("{pap}/roles/{auditor}").gives(200, has(fields{"tenantId": "{zero}"})),
		}},

		{Fact: "3.6-1", Steps: []step{remove("{pap}/roles/{auditor}").checking(func(p *play, r response) error {
			if r.status/100 != 2 {
				return fmt.Errorf("status %d", r.status)
			}
			return empty(p, r.body())
		}), get("{pap}/roles/{auditor}").gives(404)}},
		{Fact: "3.6-2", Steps: []step{remove("{pap}/roles/{accessAdministrator}").gives(403), get("{pap}/roles/{accessAdministrator}").gives(200)}},
		{Fact: "3.6-3", Steps: []step{
			remove("{pap}/roles/{auditor}").gives(204, empty),
			get("{pap}/userroleassignments?scope=/&noInheritance=false&roleIds={auditor}").gives(200, total(0)),
		}},

		{Fact: "3.7-1", Steps: []step{
			get("{pap}/roles/{projectLead}").gives(200, has(fields{"ownerServiceName": "DocumentUnderstanding"})),
			get("{pap}/roles?roleType=CUSTOM&serviceName=documentunderstanding").gives(200, page(list(has(fields{"id": "{projectLead}"})))),
			get("{pap}/actions?serviceName=reinfer").gives(200, every(has(fields{"serviceDisplayName": "IXP"}))),
		}},
		{Fact: "3.7-2", Strict: true, Steps: append(forEach("Reinfer DocumentUnderstanding ProcessMining AutomationOps CentralizedAccess Orchestrator Insights Apps AuthZ", func(name string) []step {
			return []step{get("{pap}/roles?top=1000&serviceName="+name).gives(200, page(every(has(fields{"ownerServiceName": name}))))}
		}), get("{pap}/roles?serviceName=OMS").gives(200), get("{pap}/roles?serviceName=Platform").gives(200))},
		{Fact: "3.7-3", Steps: []step{
			get("{pap}/roles/{invoiceOperations}").gives(200, has(fields{"ownerServiceName": "CentralizedAccess", "actionDetails": all(
				some(has(fields{"namespace": "ORCHESTRATOR"})), some(has(fields{"namespace": "INSIGHTS"})))})),
		}},
		{Fact: "3.7-5", Steps: []step{put("{pap}/roles", changed(tenantRole, `{`, `{"roleService":"Orchestrator",`)).gives(200)}},
		{Fact: "3.7-5", Strict: true, Steps: []step{put("{pap}/roles", changed(tenantRole, `{`, `{"roleService":"Orchestrator",`)).gives(400)}},
		{Fact: "3.7-6", Strict: true, Steps: []step{
			get("{pap}/userroleassignments?scope=/&noInheritance=false&serviceName=centralizedaccess").gives(200, page(count(1, 100))),
		}},
		{Fact: "3.7-8", Strict: true, Steps: []step{
			get("{pap}/roles?serviceName=TaskMining").gives(200, page(every(has(fields{"ownerServiceName": "TaskMining"})))),
			get("{pap}/roles?serviceName=testmanager").gives(200, page(every(has(fields{"ownerServiceName": "TestManager"})))),
			get("{pap}/roles?serviceName=casemanagement").gives(200, page(every(has(fields{"ownerServiceName": "CaseManagement"})))),
			get("{pap}/roles?serviceName=audit").gives(200, page(every(has(fields{"ownerServiceName": "Audit"})))),
		}},
		{Fact: "3.7-9", Steps: forEach("documentunderstanding reinfer testmanager", func(name string) []step {
			return []step{get("{pap}/roles?scopeType=PROJECT&serviceName="+name).gives(200, page(count(1, 100)))}
		})},

		{Fact: "3.8-1", Steps: forEach("Access+Administrator Access+Viewer Organization+Administrator Tenant+Administrator DU+Administrator DU+Developer "+
			"DU+Viewer Data+Annotator Model+Trainer Automation+User Validator", func(name string) []step {
			return []step{get("{pap}/roles?top=1000&contains="+name).gives(200, page(some(has(fields{"name": strings.ReplaceAll(name, "+", " ")}))))}
		})},
		{Fact: "3.8-2", Steps: []step{
			put("{pap}/roles", tenantRole).as("ada.lovelace@acme.example").gives(200),
			put("{pap}/roles", organizationRole).as("ada.lovelace@acme.example").gives(200),
			grant("projectLead", "edsger", "User", "/tenant/{production}/documentunderstanding").as("ada.lovelace@acme.example").gives(204),
		}},
		{Fact: "3.8-4", Steps: []step{
			get("{pap}/userroleassignments?scope=/tenant/{production}/orchestrator&noInheritance=false&securityPrincipalId={grace}").gives(200,
				page(list(has(fields{"roleAssignmentDtos": some(has(fields{"roleName": "Tenant Administrator", "inherited": true, "mutable": false}))})))),
		}},
		{Fact: "3.8-5", Steps: []step{
			get("{pap}/roles?contains=Tenant+Administrator").gives(200, page(list(has(fields{"type": "PLATFORM", "ownerServiceName": "CentralizedAccess"})))),
		}},
		{Fact: "3.8-3", Steps: []step{
			get("{pap}/roles?contains=Organization+Administrator").gives(200, page(list(has(fields{"actionDetails": all(
				every(has(fields{"scopeType": one("ORGANIZATION", "ANY")})), no(has(fields{"scopeType": "TENANT"})))})))),
		}},
		{Fact: "3.9-1", Steps: []step{
			get("{pap}/roles/{unknown}").checking(says("Role with given ID does not exist.")),
			put("{pap}/roles", organizationRole).as("katherine.johnson@acme.example").checking(says("Caller is not authorized to manage roles for the organization")),
		}},
		{Fact: "3.9-2", Steps: []step{
			get("{pap}/roles/{unknown}").gives(404, problem(404)),
			put("{pap}/roles", organizationRole).as("katherine.johnson@acme.example").gives(403, problem(403)),
		}},
	}
}

// refusedSomehow expects a 400, 403 or 409: which one is not known.
func refusedSomehow(_ *play, r response) error {
	if r.status != 400 && r.status != 403 && r.status != 409 {
		return fmt.Errorf("status %d, want a refusal", r.status)
	}
	return nil
}
