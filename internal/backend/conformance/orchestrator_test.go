package conformance_test

import (
	"net/url"
	"strings"
)

func orchestratorFacts() []factCase {
	const folders = "{orchestrator}/odata/Folders"
	return []factCase{
		{Fact: "8.1-1", Steps: []step{
			get(folders+"?$top=1&$skip=1&$count=true").gives(200, fields{"@odata.context": containing("$metadata#Folders"), "@odata.count": 3, "value": count(1, 1)}),
			get(folders + "?$top=1000").gives(200), get(folders + "?$top=1001").gives(400),
		}},
		{Fact: "8.1-1", Steps: []step{
			get(folders+"?$filter=DisplayName%20eq%20'Finance'").gives(200, has(fields{"value": list(has(fields{"DisplayName": "Finance"}))})),
			get(folders+"?$orderby=DisplayName%20desc").gives(200, has(fields{"value": sorted("DisplayName", same, true)})),
			get(folders+"?$select=Id,DisplayName").gives(200, has(fields{"value": every(object(fields{"Id": integer, "DisplayName": filled}))})),
		}},
		{Fact: "8.1-2", Steps: []step{
			get(folders).gives(200, has(fields{"value": all(every(has(fields{
				"Id": integer, "Key": guid, "DisplayName": filled, "FullyQualifiedName": filled, "Description": one(null, text),
				"FolderType": one("Standard", "Personal", "Virtual", "Solution", "DebugSolution"), "IsPersonal": boolean, "ProvisionType": filled, "PermissionModel": filled,
				"ParentId": one(null, match(integer)), "ParentKey": one(null, match(guid)), "FeedType": filled,
			})), some(has(fields{"FullyQualifiedName": "Finance/Invoices", "ParentKey": "{finance}"})))})),
		}},
		{Fact: "8.1-5", Steps: []step{
			get(folders+"?$count=true").gives(200, has(fields{"@odata.count": 3})), get(folders).gives(200, has(fields{"value": count(3, 3)})),
		}},
		{Fact: "8.1-6", Steps: []step{
			get(folders).as("katherine.johnson@acme.example").gives(200, has(fields{"value": all(count(3, 3), sorted("FullyQualifiedName", same, false),
				every(has(fields{"IsPersonal": false, "FolderType": "Standard"})))})),
		}},
		{Fact: "8.1-7", Steps: []step{
			filtered(strings.Repeat("Id gt 0 and ", 99) + "Id gt 0").gives(200), filtered(strings.Repeat("Id gt 0 and ", 100) + "Id gt 0").gives(400),
			get(folders + "?$orderby=Id,Key,DisplayName,ParentId,ParentKey").gives(200), get(folders + "?$orderby=Id,Key,DisplayName,ParentId,ParentKey,FeedType").gives(400),
		}},
		{Fact: "8.1-8", Steps: []step{
			filtered("DisplayName eq 'Finance'").gives(200).keep("number", "value.0.Id"),
			get(folders+"({number})").gives(200, has(fields{"Key": "{finance}", "DisplayName": "Finance"})), get(folders + "(99999)").gives(404),
		}},
		{Fact: "8.1-9", Steps: []step{
			get(folders+byKey+"(identifier={finance})").gives(200, has(fields{"Key": "{finance}", "DisplayName": "Finance"})),
			get(folders+byKey+"(identifier={finance})?$select=Id").gives(200, all(has(fields{"Id": integer}), lacks("DisplayName"))),
			get(folders + byKey + "(identifier={unknown})").gives(404),
		}},
		{Fact: "8.1-10", Seed: scopedOrganization + "folders: [{tenant: Production, name: Bob's}, {tenant: Production, name: Inner, parent: Bob's}]\n", Steps: []step{
			get(folders+"?$top=1&$filter="+url.QueryEscape("FullyQualifiedName eq 'Bob''s/Inner'")).gives(200, has(fields{"value": list(has(fields{"DisplayName": "Inner"}))})),
		}},
		{Fact: "8.1-11", Steps: []step{
			filtered("DisplayName eq 'FINANCE'").gives(200, has(fields{"value": count(1, 1)})), filtered("DisplayName ne 'Finance'").gives(200, has(fields{"value": count(2, 2)})),
			filtered("(Id gt 0 and Id ge 1) or not (Id lt 0 or Id le 0)").gives(200, has(fields{"value": count(3, 3)})),
			filtered("DisplayName in ('Finance','Invoices')").gives(200, has(fields{"value": count(2, 2)})),
			filtered("contains(DisplayName,'nvoi') or startswith(displayname,'Hum') or endswith(DisplayName,'nance')").gives(200, has(fields{"value": count(3, 3)})),
			filtered("Key eq {finance}").gives(200, has(fields{"value": count(1, 1)})), filtered("Key eq '{finance}'").gives(200, has(fields{"value": count(1, 1)})),
			get(folders+"?$expand=Parent").gives(400, has(fields{"errorCode": 1000})),
		}},
		{Fact: "8.5-1", Steps: []step{
			get(folders+"?$top=many").gives(400, has(fields{"message": filled, "errorCode": integer, "traceId": filled})),
		}},
		{Fact: "8.5-2", Steps: []step{
			get(folders+"?$top=many").gives(400, has(fields{"errorCode": one(1000, 1009)})),
		}},
		{Fact: "8.5-3", Steps: []step{
			get(folders).as(nobody).gives(401, has(fields{"error": has(fields{"message": filled}), "unAuthorizedRequest": true, "__abp": true})),
		}},
		{Fact: "8.5-5", Steps: []step{
			get(folders+"?$expand=Parent").gives(400, has(fields{"errorCode": 1000, "message": containing("Invalid OData query options.")})),
			get(folders+"(99999)").gives(404, has(fields{"errorCode": 1100})), get("{orchestrator}/odata/Nothing").gives(404, has(fields{"errorCode": 1002})),
			get(folders).as(nobody).gives(401, has(fields{"error": has(fields{"details": filled})})),
		}},
	}
}

// byKey is the function that finds a folder by its key.
const byKey = "/UiPath.Server.Configuration.OData.GetByKey"

// filtered lists the folders that a filter keeps.
func filtered(filter string) step {
	return get("{orchestrator}/odata/Folders?$filter=" + strings.ReplaceAll(strings.ReplaceAll(filter, " ", "%20"), "'", "%27"))
}

func taskMiningFacts() []factCase {
	const tenant = "/tenant/{production}/taskmining"
	role := func(name, variable string) step {
		return get("{pap}/roles?serviceName=taskmining&sortBy=OriginalRoleName&contains="+name).gives(200).keep(variable, "results.0.id")
	}
	return []factCase{
		{Fact: "9.1-2", Steps: []step{
			get("{pap}/roles?serviceName=taskmining").gives(200, page(every(has(fields{"ownerServiceName": "TaskMining"})))),
			get("{pap}/userroleassignments?scope=" + tenant + "&serviceName=taskmining").gives(200),
		}},
		{Fact: "9.1-3", Steps: []step{
			role("Process+SME", "sme"), grant("sme", "edsger", "User", tenant).gives(204),
			grant("sme", "katherine", "User", tenant+"/project/{accountsPayable}").gives(204),
		}},
		{Fact: "9.2-1", Steps: []step{
			get("{pap}/roles?serviceName=taskmining").gives(200, page(all(some(has(fields{"name": "User"})), some(has(fields{"name": "Process SME"})), some(has(fields{"name": "Admin"}))))),
			role("Process+SME", "sme"), grant("sme", "margaret", "User", tenant).gives(400),
		}},
		{Fact: "9.2-3", Steps: []step{get("{pap}/roles?serviceName=taskmining").gives(200, total(3))}},
		{Fact: "9.3-1", Steps: []step{
			role("Process+SME", "sme"), grant("sme", "margaret", "User", tenant).checking(refusedSomehow), grant("sme", "edsger", "User", tenant).gives(204),
		}},
		{Fact: "9.3-2", Steps: []step{
			role("Process+SME", "sme"), grant("sme", "margaret", "User", tenant).gives(400),
			grant("sme", "edsger", "User", tenant+"/project/{unknown}").gives(400), grant("sme", "reviewers", "Group", tenant).gives(204),
		}},
		{Fact: "9.3-3", Steps: []step{
			role("Process+SME", "sme"), grant("sme", "invoiceRobot", "Robot", tenant).gives(400), grant("sme", "terraform", "ExternalApplication", tenant).gives(400),
		}},
		{Fact: "9.4-3", Steps: []step{
			get("{pap}/actions?serviceName=orchestrator").gives(200, all(some(has(fields{"name": "ORCHESTRATOR.MLLOGS.VIEW"})), some(has(fields{"name": "ORCHESTRATOR.MLPACKAGES.EDIT"})),
				some(has(fields{"name": "ORCHESTRATOR.MLSKILLS.VIEW"})))),
		}},
		{Fact: "9.5-1", Steps: []step{
			held("/", "&securityPrincipalId={automationUsers}").gives(200, holds(fields{"roleName": "DU Viewer", "mutable": false})),
		}},
		{Fact: "9.5-2", Steps: []step{
			get("{pap}/roles?contains=DU+Administrator").gives(200).keep("administrator", "results.0.id"),
			grant("administrator", "edsger", "User", "/tenant/{production}/documentunderstanding").gives(204),
			grant("administrator", "alan", "User", "/tenant/{production}/documentunderstanding").as("edsger.dijkstra@acme.example").gives(403),
		}},
		{Fact: "9.5-3", Steps: []step{
			role("Admin", "admin"), role("Process+SME", "sme"), grant("admin", "edsger", "User", tenant).gives(204),
			grant("sme", "katherine", "User", tenant).as("edsger.dijkstra@acme.example").gives(204),
			grant("auditor", "katherine", "User", "/tenant/{production}").as("edsger.dijkstra@acme.example").gives(403),
		}},
	}
}
