package conformance_test

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
)

// grant assigns a role. Role and principal are names.
func grant(role, principal, principalType, scope string) step {
	return patch("{pap}/userroleassignments", fmt.Sprintf(
		`{"roleAssignmentsToAdd":[{"roleId":"{%s}","securityPrincipalId":"{%s}","securityPrincipalType":%q,"scope":%q}],"roleAssignmentsToDelete":[]}`,
		role, principal, principalType, scope))
}

// revoke removes assignments, which are named.
func revoke(assignments ...string) step {
	ids := make([]string, len(assignments))
	for i, name := range assignments {
		ids[i] = fmt.Sprintf(`"{%s}"`, name)
	}
	return patch("{pap}/userroleassignments", `{"roleAssignmentsToAdd":[],"roleAssignmentsToDelete":[`+strings.Join(ids, ",")+`]}`)
}

// held lists what principals hold at a scope and above it.
func held(scope, more string) step {
	return get("{pap}/userroleassignments?noInheritance=false&top=100&scope=" + scope + more)
}

// holder is a row of a listing (fact 4.1-2), and assignment one of its assignments (fact 4.1-3).
func holder() match {
	return object(fields{
		"securityPrincipalId": guid, "roleAssignmentDtos": every(assignment()), "displayName": one(null, text), "email": one(null, text),
		"type": filled, "source": one(null, text),
	})
}

func assignment() match {
	return object(fields{
		"id": guid, "securityPrincipalId": guid, "securityPrincipalType": filled, "type": filled, "scope": spelled("^/"), "roleId": guid, "roleName": filled,
		"roleType": filled, "createdBy": guid, "createdOn": accessTime, "inherited": boolean, "mutable": boolean,
	})
}

// holds is a page on which somebody holds an assignment.
func holds(want fields) match {
	return page(some(has(fields{"roleAssignmentDtos": some(has(want))})))
}

// header is a CSV file whose first line has columns.
func header(wanted ...string) match {
	return func(_ *play, v any) error {
		rows, err := csv.NewReader(strings.NewReader(fmt.Sprint(v))).ReadAll()
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return fmt.Errorf("no header")
		}
		for _, name := range wanted {
			if !slices.Contains(rows[0], name) {
				return fmt.Errorf("no column %s in %v", name, rows[0])
			}
		}
		return nil
	}
}

// exportColumns are those of fact 4.6-4, in its order.
const exportColumns = "Id RoleName RoleId RoleDescription RoleType RoleAssignmentType Scope ScopeWithDisplayNames ServiceName SecurityPrincipalId " +
	"SecurityPrincipalType SecurityPrincipalEmail SecurityPrincipalDisplayName InheritedFromGroupName InheritedFromGroupId TenantName OrganizationName " +
	"OrganizationId TenantId CreatedBy CreatedByDisplayName CreatedOn FolderName FolderKey ProjectId"

func assignmentFacts() []factCase {
	const (
		assignments = "{pap}/userroleassignments"
		export      = "{pap}/userroleassignments/export"
		held0       = "results.0.roleAssignmentDtos.0.id"
	)
	auditorOfEdsger := held("/", "&securityPrincipalId={edsger}&roleIds={auditor}")
	return slices.Concat(
		// 4.1 Listing
		[]factCase{
			{Fact: "4.1-1", Strict: true, Steps: []step{
				get(assignments+"?top=10").gives(400, wrong("scope")),
				get(assignments+"?scope=/&serviceName=centralizedaccess&securityPrincipalId={ada}&roleIds={auditor}&roleIds={steward}&noInheritance=true&top=10&skip=0").
					gives(200, page(count(0, 0))),
				get(assignments+"?scope=/&noInheritance=false&roleIds={auditor}&roleIds={invoiceOperations}").gives(200, all(total(2), page(every(has(fields{
					"roleAssignmentDtos": list(has(fields{"roleId": one("{auditor}", "{invoiceOperations}")}))}))))),
			}},
			{Fact: "4.1-2", Steps: []step{
				held("/", "").gives(200, page(every(holder()))),
				grant("steward", "grace", "User", "/").gives(204),
				held("/", "&securityPrincipalId={grace}").gives(200, all(total(1), page(list(has(fields{
					"securityPrincipalId": "{grace}", "displayName": "Grace Hopper", "email": "grace.hopper@acme.example", "roleAssignmentDtos": count(2, 2)}))))),
			}},
			{Fact: "4.1-3", Steps: []step{held("/", "").gives(200, page(every(has(fields{"roleAssignmentDtos": every(assignment())}))))}},
			{Fact: "4.1-4", Steps: []step{held("/", "").gives(200, page(every(has(fields{
				"securityPrincipalId": guid, "roleAssignmentDtos": every(has(fields{"id": guid, "roleId": guid}))}))))}},
			{Fact: "4.1-5", Steps: []step{
				grant("steward", "invoiceRobot", "Robot", "/").gives(204),
				held("/", "").gives(200, page(all(every(has(fields{"type": one("DirectoryUser", "DirectoryGroup", "DirectoryRobotUser", "DirectoryApplication")})),
					some(has(fields{"type": "DirectoryUser", "securityPrincipalId": "{grace}"})), some(has(fields{"type": "DirectoryGroup", "securityPrincipalId": "{administrators}"})),
					some(has(fields{"type": "DirectoryRobotUser", "securityPrincipalId": "{invoiceRobot}"})),
					some(has(fields{"type": "DirectoryApplication", "securityPrincipalId": "{accessReview}"}))))),
			}},
			{Fact: "4.1-6", Steps: []step{held("/", "&securityPrincipalId={grace}").gives(200, page(list(has(fields{"source": "local"}))))}},
			{Fact: "4.1-7", Steps: []step{held("/", "&securityPrincipalId={barbara}").gives(200, page(list(has(fields{"source": "directory"}))))}},
			{Fact: "4.1-8", Steps: []step{held("/", "").gives(200, page(all(
				some(has(fields{"type": "DirectoryGroup", "email": null})), some(has(fields{"type": "DirectoryApplication", "email": null})),
				no(has(fields{"type": "DirectoryGroup", "email": text})), no(has(fields{"type": "DirectoryApplication", "email": text})))))}},
			{Fact: "4.1-9", Steps: []step{
				get(assignments + "?scope=/&top=10").gives(200),
				get(assignments + "?scope=/&top=100&skip=0").gives(200),
			}},
			{Fact: "4.1-11", Steps: []step{
				get(assignments+"?scope=/&top=101").gives(400, wrong("top")), get(assignments+"?scope=/&top=0").gives(400, wrong("top")),
				get(assignments+"?scope=/&noInheritance=false").gives(200, page(all(count(1, 10), sorted("securityPrincipalId", same, false)))),
			}},

			{Fact: "4.1-12", Strict: true, Steps: []step{get(assignments + "?scope=/&sortBy=Id").gives(400)}},

			// 4.2 What a listing shows
			{Fact: "4.2-1", Steps: []step{
				get(assignments+"?scope=/tenant/{production}&noInheritance=true&top=100").gives(200, page(every(has(fields{
					"roleAssignmentDtos": every(has(fields{"scope": "/tenant/{production}", "inherited": false}))})))),
			}},
			{Fact: "4.2-2", Steps: []step{
				get(assignments+"?scope=/tenant/{production}&noInheritance=false&top=100").gives(200, all(
					holds(fields{"scope": "/tenant/{production}", "inherited": false}), holds(fields{"scope": "/", "inherited": true}))),
			}},
			{Fact: "4.2-3", Steps: []step{
				held("/", "").gives(200, all(holds(fields{"scope": "/"}), holds(fields{"scope": "/tenant/{production}"}), holds(fields{"scope": "/tenant/{staging}"}),
					holds(fields{"scope": spelled(`(?i)^/tenant/{production}/documentunderstanding$`)}))),
			}},
			{Fact: "4.2-4", Steps: []step{
				held("/tenant/{production}", "").gives(200, page(no(has(fields{"roleAssignmentDtos": some(has(fields{"scope": spelled("(?i)/documentunderstanding$")}))})))),
			}},
			{Fact: "4.2-5", Steps: []step{
				// A role without a service has no effect in a service.
				grant("invoiceOperations", "edsger", "User", "/tenant/{production}/orchestrator").gives(204),
				held("/", "&serviceName=orchestrator").gives(200, page(no(has(fields{"roleAssignmentDtos": some(has(fields{"roleId": "{invoiceOperations}"}))})))),
				held("/", "&serviceName=documentunderstanding").gives(200, holds(fields{"roleId": "{projectLead}"})),
				held("/tenant/{production}/orchestrator", "").gives(200, holds(fields{"roleId": "{invoiceOperations}", "scope": spelled("(?i)/orchestrator$")})),
			}},
			{Fact: "4.2-6", Steps: []step{
				held("/tenant/{production}", "").gives(200, all(holds(fields{"scope": "/", "inherited": true}), holds(fields{"scope": "/tenant/{production}", "inherited": false, "mutable": true}))),
			}},
			{Fact: "4.2-7", Steps: []step{
				held("/", "").gives(200, page(every(has(fields{"roleAssignmentDtos": every(one(has(fields{"type": "BuiltIn", "mutable": false}), has(fields{"type": "Custom", "mutable": true})))})))),
				held("/tenant/{production}", "").gives(200, page(every(has(fields{"roleAssignmentDtos": every(one(has(fields{"inherited": false}), has(fields{"mutable": false})))})))),
			}},
			{Fact: "4.2-8", Steps: []step{
				held("/", "").gives(200, all(holds(fields{"type": "BuiltIn", "roleType": "PLATFORM"}), holds(fields{"type": "Custom", "roleType": "PLATFORM"}),
					holds(fields{"type": "Custom", "roleType": "CUSTOM"}))),
			}},
		},

		// 4.3 Changing, 4.4 All or nothing
		[]factCase{
			{Fact: "4.3-1", Steps: []step{
				patch(assignments, `{"roleAssignmentsToAdd":[],"roleAssignmentsToDelete":[]}`).checking(succeeded),
				patch(assignments, `{"roleAssignmentsToAdd":[]}`).gives(400, wrong("roleAssignmentsToDelete")),
				patch(assignments, `{"roleAssignmentsToDelete":[]}`).gives(400, wrong("roleAssignmentsToAdd")),
			}},
			{Fact: "4.3-2", Strict: true, Steps: []step{
				patch(assignments, `{"roleAssignmentsToAdd":[{"roleId":"{auditor}","securityPrincipalId":"{edsger}","securityPrincipalType":"User",`+
					`"scope":"/tenant/{production}","tenantId":"{production}"}],"roleAssignmentsToDelete":[]}`).checking(succeeded),
				get(assignments+"?scope=/tenant/{production}&securityPrincipalId={edsger}").gives(200, holds(fields{"roleId": "{auditor}"})).keep("assignment", held0),
				revoke("assignment").checking(succeeded),
				get(assignments+"?scope=/tenant/{production}&securityPrincipalId={edsger}&noInheritance=true").gives(200, total(0)),
			}},
			{Fact: "4.3-3", Steps: []step{
				grant("steward", "edsger", "User", "/").checking(succeeded), grant("steward", "reviewers", "Group", "/").checking(succeeded),
				grant("steward", "invoiceRobot", "Robot", "/").checking(succeeded), grant("steward", "terraform", "ExternalApplication", "/").checking(succeeded),
				held("/", "&roleIds={steward}").gives(200, all(holds(fields{"securityPrincipalType": "User"}), holds(fields{"securityPrincipalType": "Group"}),
					holds(fields{"securityPrincipalType": "Robot"}), holds(fields{"securityPrincipalType": "ExternalApplication"}))),
				grant("steward", "alan", "Person", "/").gives(400),
			}},
			{Fact: "4.3-4", Steps: []step{
				numbered("edsger", 0).checking(succeeded), numbered("reviewers", 1).checking(succeeded), numbered("terraform", 2).checking(succeeded),
			}},
			{Fact: "4.3-5", Steps: []step{numbered("invoiceRobot", 3).checking(succeeded)}},
			{Fact: "4.3-6", Steps: []step{
				numbered("invoiceRobot", 0).checking(succeeded),
				held("/", "&roleIds={steward}").gives(200, holds(fields{"securityPrincipalType": "Robot"})),
			}},
			{Fact: "4.3-7", Steps: []step{
				grant("auditor", "edsger", "User", "/tenant/{production}").checking(succeeded).checking(func(p *play, r response) error { return empty(p, r.body()) }),
				auditorOfEdsger.gives(200, total(1)),
			}},
			{Fact: "4.3-8", Steps: []step{grant("auditor", "edsger", "User", "/tenant/{production}").gives(204)}},
			{Fact: "4.3-10", Steps: []step{
				patch(assignments, `{"roleAssignmentsToAdd":[{"roleId":"{steward}","securityPrincipalId":"{edsger}","securityPrincipalType":"User"}],"roleAssignmentsToDelete":[]}`).gives(204),
				held("/", "&roleIds={steward}").gives(200, holds(fields{"scope": "/"})),
				patch(assignments, `{"roleAssignmentsToAdd":[{"roleId":"{auditor}","securityPrincipalId":"{edsger}","securityPrincipalType":"User"}],"roleAssignmentsToDelete":[]}`).gives(400),
			}},
			{Fact: "4.3-11", Steps: []step{
				grant("auditor", "unknown", "User", "/tenant/{production}").checking(says("Cannot resolve users=[{unknown}] in CIS")).
					gives(0, has(fields{"StatusCode": 404, "StatusDescription": "NotFound"})),
			}},
			{Fact: "4.3-12", Steps: []step{
				grant("unknown", "edsger", "User", "/").gives(404, problem(404)), grant("steward", "reviewers", "User", "/").gives(400),
			}},
			{Fact: "4.3-13", Steps: []step{
				grant("auditor", "edsger", "User", "/tenant/{production}").gives(204), grant("auditor", "edsger", "User", "/tenant/{production}").gives(409),
				auditorOfEdsger.gives(200).keep("assignment", held0),
				patch(assignments, `{"roleAssignmentsToAdd":[{"roleId":"{auditor}","securityPrincipalId":"{edsger}","securityPrincipalType":"User",`+
					`"scope":"/tenant/{production}"}],"roleAssignmentsToDelete":["{assignment}"]}`).gives(204),
			}},
			{Fact: "4.3-14", Steps: []step{grant("auditor", "unknown", "User", "/tenant/{production}").gives(404)}},

			{Fact: "4.4-1", Steps: []step{
				held("/", "&securityPrincipalId={administrators}").gives(200, holds(fields{"mutable": false})).keep("fixed", held0),
				held("/", "&securityPrincipalId={katherine}").gives(200).keep("free", held0),
				revoke("free", "fixed").checking(refusedSomehow),
				held("/", "&securityPrincipalId={katherine}").gives(200, total(1)),
			}},
			{Fact: "4.4-3", Steps: []step{revoke("unknown").checking(succeeded)}},
			{Fact: "4.4-4", Strict: true, Steps: []step{
				revoke(slices.Repeat([]string{"unknown"}, 50)...).checking(succeeded),
			}},
			{Fact: "4.4-5", Steps: []step{revoke(slices.Repeat([]string{"unknown"}, 10001)...).gives(400)}},
		},

		// 4.5 Scope paths
		[]factCase{
			{Fact: "4.5-1", Steps: []step{grant("steward", "edsger", "User", "/").gives(204), held("/", "&roleIds={steward}").gives(200, holds(fields{"scope": "/"}))}},
			{Fact: "4.5-2", Steps: []step{
				grant("accessAdministrator", "edsger", "User", "/authz").gives(204),
				grant("auditor", "edsger", "User", "/tenant/{production}").gives(204),
				grant("projectLead", "edsger", "User", "/tenant/{production}/documentunderstanding").gives(204),
				held("/", "&securityPrincipalId={edsger}").gives(200, all(holds(fields{"scope": spelled("(?i)^/authz$")}), holds(fields{"scope": "/tenant/{production}"}),
					holds(fields{"scope": spelled("(?i)^/tenant/{production}/documentunderstanding$")}))),
			}},
			{Fact: "4.5-3", Steps: []step{
				get("{pap}/roles?contains=IXP+Analyst").gives(200).keep("analyst", "results.0.id"),
				grant("analyst", "edsger", "User", "/tenant/{production}/Reinfer/project/4b0000000000000a").gives(204),
				held("/", "&securityPrincipalId={edsger}").gives(200, holds(fields{"scope": spelled("(?i)^/tenant/{production}/reinfer/project/4b0000000000000a$")})),
			}},
			{Fact: "4.5-4", Steps: []step{
				get("{pap}/roles?contains=Validator").gives(200).keep("validator", "results.0.id"),
				grant("validator", "edsger", "User", "/tenant/{production}/DocumentUnderstanding/projects/{contracts}").gives(204),
				held("/", "&securityPrincipalId={edsger}").gives(200, holds(fields{"scope": spelled("(?i)^/tenant/{production}/documentunderstanding/projects/{contracts}$")})),
			}},
			{Fact: "4.5-5", Steps: []step{
				get("{pap}/roles?contains=Allow+to+be").gives(200).keep("allowed", "results.0.id"),
				grant("allowed", "edsger", "User", "/tenant/{production}/orchestrator/folder/{finance}").gives(204),
			}},
			{Fact: "4.5-6", Steps: []step{
				get("{pap}/roles?contains=Tester").gives(200).keep("tester", "results.0.id"),
				grant("tester", "edsger", "User", "/tenant/{production}/testmanager/project/4b000000-0000-4000-8000-000000000005").gives(204),
				held("/tenant/{production}/orchestrator/folder/{finance}", "").gives(200),
			}},
			{Fact: "4.5-7", Steps: []step{
				grant("projectLead", "edsger", "User", "/Tenant/1E6A0C52-3F4B-4D8E-9A71-5B2C6D7E8F90/DocumentUnderstanding").gives(204),
				get(assignments+"?scope=/TENANT/{production}/DOCUMENTUNDERSTANDING&noInheritance=true").gives(200, all(total(2),
					holds(fields{"scope": spelled("(?i)^/tenant/{production}/documentunderstanding$")}))),
			}},
			{Fact: "4.5-8", Steps: []step{
				grant("projectLead", "edsger", "User", "/tenant/{production}").gives(204), effective("edsger").gives(200, grants("projectLead", false)),
				grant("projectLead", "edsger", "User", "/tenant/{production}/documentunderstanding").gives(204), effective("edsger").gives(200, grants("projectLead", true)),
				grant("invoiceOperations", "grace", "User", "/tenant/{production}/orchestrator").gives(204), effective("grace").gives(200, grants("invoiceOperations", false)),
				grant("invoiceOperations", "grace", "User", "/tenant/{production}").gives(204), effective("grace").gives(200, grants("invoiceOperations", true)),
			}},
			{Fact: "4.5-9", Strict: true, Steps: []step{
				grant("projectLead", "edsger", "User", "/tenant/{production}").gives(204),
				held("/", "&securityPrincipalId={edsger}").gives(200, holds(fields{"roleId": "{projectLead}", "scope": "/tenant/{production}"})),
				held("/tenant/{production}", "&securityPrincipalId={edsger}&serviceName=centralizedaccess").gives(200, page(no(has(fields{
					"roleAssignmentDtos": some(has(fields{"roleId": "{projectLead}"}))})))),
				grant("invoiceOperations", "alan", "User", "/tenant/{production}/orchestrator").gives(204),
				held("/tenant/{production}/orchestrator", "&securityPrincipalId={alan}&serviceName=orchestrator").gives(200, total(0)),
				held("/tenant/{production}/orchestrator", "&securityPrincipalId={alan}").gives(200, total(1)),
				effective("edsger").gives(200, grants("projectLead", false)),
			}},
			{Fact: "4.5-10", Steps: []step{
				get(assignments+"?scope=/&noInheritance=true&securityPrincipalId={automationUsers}").gives(200, holds(fields{"roleName": "DU Viewer", "scope": "/", "type": "BuiltIn"})),
			}},
			{Fact: "4.5-11", Strict: true, Steps: []step{
				grant("invoiceOperations", "edsger", "User", "/tenant/{staging}").gives(400), grant("steward", "edsger", "User", "/tenant/{production}").gives(400),
				grant("auditor", "edsger", "User", "/").gives(400),
			}},
			{Fact: "4.5-12", Strict: true, Steps: []step{
				grant("invoiceOperations", "edsger", "User", "/tenant/{staging}").gives(400, problem(400)).checking(says("/tenant/{production}")),
			}},
			{Fact: "4.5-13", Steps: []step{
				get("{pap}/roles?contains=Validator").gives(200).keep("validator", "results.0.id"),
				grant("validator", "edsger", "User", "/tenant/{production}/documentunderstanding/project/{contracts}").gives(204),
				grant("validator", "edsger", "User", "/tenant/{production}/documentunderstanding/projects/{contracts}").gives(409),
			}},
		},

		// 4.6 Export
		[]factCase{
			{Fact: "4.6-1", Steps: []step{
				get(export+"?exportoutputtype=csv&expandgroupmemberships=false").gives(200, header("RoleName")).heads("Content-Type", containing("text/csv")),
				get(export+"?exportoutputtype=json&expandgroupmemberships=true").gives(200, every(has(fields{}))).heads("Content-Type", containing("application/json")),
			}},
			{Fact: "4.6-2", Strict: true, Steps: []step{
				get(export+"?exportOutputType=Csv").gives(200, header("RoleName")),
				get(export+"?EXPORTOUTPUTTYPE=JSON&expandGroupMemberships=TRUE").gives(200, every(has(fields{}))),
			}},
			{Fact: "4.6-3", Steps: []step{
				get(export+"?exportoutputtype=json&expandgroupmemberships=true").gives(200, some(has(fields{"SecurityPrincipalId": "{ada}", "InheritedFromGroupName": "Administrators"}))),
				get(export+"?exportoutputtype=json").gives(200, all(no(has(fields{"SecurityPrincipalId": "{ada}"})), some(has(fields{"SecurityPrincipalId": "{administrators}"})))),
			}},
			{Fact: "4.6-4", Steps: []step{
				get(export).gives(200, spelled("^\ufeff?"+strings.ReplaceAll(exportColumns, " ", ",")+"\r?\n")),
			}},
			{Fact: "4.6-5", Steps: []step{get(export).gives(200, header("RoleName"))}},
			{Fact: "4.6-6", Steps: []step{get(export).gives(200, header("RoleName", "SecurityPrincipalId"))}},
			{Fact: "4.6-7", Steps: []step{
				get(export+"?exportoutputtype=json").gives(200, all(
					some(has(fields{"SecurityPrincipalId": "{grace}", "SecurityPrincipalEmail": "grace.hopper@acme.example", "SecurityPrincipalDisplayName": "Grace Hopper", "TenantName": "Production"})),
					some(has(fields{"SecurityPrincipalId": "{administrators}", "SecurityPrincipalEmail": null, "TenantName": null})),
					some(has(fields{"SecurityPrincipalId": "{barbara}", "SecurityPrincipalDisplayName": null})))),
			}},
			{Fact: "4.6-8", Steps: []step{
				get(export+"?exportoutputtype=json").gives(200, every(has(fields{"RoleUniqueName": spelled(`^[A-Z]+\.`), "TenantId": one(null, guid)}))),
			}},
			{Fact: "4.6-9", Steps: []step{
				get(export).gives(200, header(strings.Fields(exportColumns)...)),
				get(export+"?exportoutputtype=json&expandgroupmemberships=true").gives(200, all(sorted("Scope", same, false), every(has(everyColumn())))),
			}},
			{Fact: "4.6-10", Steps: []step{
				get("{pap}/roles?serviceName=taskmining&sortBy=OriginalRoleName&contains=Process+SME").gives(200).keep("sme", "results.0.id"),
				grant("sme", "edsger", "User", "/tenant/{production}/taskmining/project/{accountsPayable}").gives(204),
				get(export+"?exportoutputtype=json").gives(200, all(
					some(has(fields{"ScopeWithDisplayNames": "/tenant/Production/Task Mining/project/Accounts Payable"})), some(has(fields{"ScopeWithDisplayNames": "/"})))),
			}},
		},
	)
}

// effective asks what a user can do in the tenant Production.
func effective(user string) step {
	return post("{pap}/geteffectiveaccess", fmt.Sprintf(
		`{"userId":"{%s}","scopeIdentifier":{"scopeType":"Tenant","value":{"id":"{production}","tenantId":"{production}"}}}`, user))
}

// grants is effective access that has a role, or has it not.
func grants(role string, wanted bool) match {
	rows := has(fields{"roleId": "{" + role + "}"})
	if wanted {
		return at("roleAssignments.results", some(rows))
	}
	return at("roleAssignments.results", no(rows))
}

// everyColumn are the members of a row of the export as JSON.
func everyColumn() fields {
	columns := fields{"RoleUniqueName": text}
	for name := range strings.FieldsSeq(exportColumns) {
		columns[name] = one(null, text)
	}
	return columns
}

// numbered grants the steward's role to a principal whose type is a number.
func numbered(principal string, code int) step {
	return patch("{pap}/userroleassignments", fmt.Sprintf(
		`{"roleAssignmentsToAdd":[{"roleId":"{steward}","securityPrincipalId":"{%s}","securityPrincipalType":%d,"scope":"/"}],"roleAssignmentsToDelete":[]}`, principal, code))
}

// succeeded expects any status of success: which one is not known.
func succeeded(_ *play, r response) error {
	if r.status/100 != 2 {
		return fmt.Errorf("status %d, want success", r.status)
	}
	return nil
}
