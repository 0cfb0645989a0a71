package conformance_test

import (
	"net/url"
	"strings"
)

// Addresses of Orchestrator in the tenant Production, and what its functions and actions begin with.
const (
	orRoles   = "{orchestrator}/odata/Roles"
	orUsers   = "{orchestrator}/odata/Users"
	orFolders = "{orchestrator}/odata/Folders"
	orSearch  = "{orchestrator}/api/DirectoryService/SearchForUsersAndGroups"
	orAction  = "/UiPath.Server.Configuration.OData."
	streaming = "application/json;odata.metadata=minimal;odata.streaming=true"
)

// value is an answer whose member value is something.
func value(want any) match { return has(fields{"value": want}) }

// failed is a refusal in Orchestrator's usual envelope, with a code and a part of its text.
func failed(code int, part string) match {
	return all(object(fields{"message": containing(part), "errorCode": code, "traceId": filled}))
}

// permission is a permission of a role in a body.
func permission(name string) string { return `{"Name": "` + name + `", "IsGranted": true}` }

// newRole creates a role and remembers its number under a name.
func newRole(name, kind, number string, permissions ...string) step {
	for i, p := range permissions {
		permissions[i] = permission(p)
	}
	body := `{"Name": "` + name + `", "DisplayName": "` + name + `", "Type": "` + kind + `", "Permissions": [` + strings.Join(permissions, ",") + `]}`
	return post(orRoles, body).gives(201).keep(number, "Id")
}

// newUser adds an account of the directory and remembers its number under the same name with "User".
func newUser(account, kind string) step {
	return post(orUsers, `{"Key": "{`+account+`}", "DirectoryIdentifier": "{`+account+`}", "Type": "`+kind+`", "Domain": "autogen", "RolesList": []}`).
		gives(201).keep(account+"User", "Id")
}

// setUsers changes who has a role at the tenant. The lists are numbers with commas.
func setUsers(role, added, removed string) step {
	return post(orRoles+"({"+role+"})"+orAction+"SetUsers", `{"addedUserIds": [`+added+`], "removedUserIds": [`+removed+`]}`)
}

func membersOf(role string) step {
	return get(orRoles + orAction + "GetUserIdsForRole(key={" + role + "})")
}

// where lists what a filter keeps.
func where(address, filter string) step { return get(address + "?$filter=" + url.PathEscape(filter)) }

func orchestratorRoleFacts() []factCase {
	const clerk, keeper, unknown = "(10002)", "(10001)", "(77777)"
	roleFields := fields{
		"Id": between(1, 1<<31-1), "Key": guid, "Name": filled, "DisplayName": filled, "Type": one("Mixed", "Tenant", "Folder"), "Groups": null,
		"IsStatic": boolean, "IsEditable": boolean,
	}
	permissionFields := fields{
		"Id": integer, "Name": filled, "IsGranted": true, "RoleId": 10002, "Scope": one("Global", "Folder", "GlobalOrFolder"),
	}
	return []factCase{
		{Fact: "8.2-1", Steps: []step{
			get(orRoles).gives(200, value(every(lacks("Permissions")))), get(orRoles+"?$expand=Permissions").gives(200, value(every(has(fields{"Permissions": every(anything)})))),
			get(orRoles+clerk).gives(200, all(has(fields{"Name": "Invoice Clerk"}), lacks("Permissions"))),
			newRole("Watcher", "Tenant", "role", "Machines.View"), put(orRoles+"({role})", `{"Id": {role}, "Name": "Watcher", "Type": "Tenant", "Permissions": []}`).gives(200, match(empty)),
			remove(orRoles + "({role})").gives(204), get(orRoles + "({role})").gives(404),
		}},
		{Fact: "8.2-2", Steps: []step{
			get(orRoles).gives(200, value(every(has(roleFields)))),
			post(orRoles, `{"Name": "`+strings.Repeat("n", 64)+`", "Type": "Tenant"}`).gives(201), post(orRoles, `{"Name": "`+strings.Repeat("n", 65)+`", "Type": "Tenant"}`).gives(400),
			post(orRoles, `{"Name": "n", "DisplayName": "`+strings.Repeat("n", 65)+`", "Type": "Tenant"}`).gives(400),
		}},
		{Fact: "8.2-3", Steps: []step{
			get(orRoles+clerk).gives(200, has(fields{"Key": guid})), get(orRoles + orAction + "GetByKey(identifier={unknown})").gives(404),
		}},
		{Fact: "8.2-4", Steps: []step{
			get(orRoles+clerk+"?$expand=Permissions").gives(200, has(fields{"Permissions": every(object(permissionFields))})),
			post(orRoles, `{"Name": "Half", "Type": "Folder", "Permissions": [{"Name": "Assets.View", "IsGranted": true}, {"Name": "Assets.Edit", "IsGranted": false}]}`).gives(201).keep("role", "Id"),
			get(orRoles+"({role})?$expand=Permissions").gives(200, has(fields{"Permissions": all(some(has(fields{"Name": "Assets.View", "IsGranted": true})), no(has(fields{"Name": "Assets.Edit", "IsGranted": true})))})),
		}},
		{Fact: "8.2-5", Steps: []step{
			post(orRoles, `{"Name": "Both", "Type": "Mixed"}`).gives(400), newRole("One", "Tenant", "role"),
			put(orRoles+"({role})", `{"Id": {role}, "Name": "One", "Type": "Folder", "Permissions": []}`).gives(400),
		}},
		{Fact: "8.2-6", Steps: []step{
			newRole("Echo", "Folder", "role", "Assets.View"),
			put(orRoles+"({role})", `{"Id": {role}, "Key": "{unknown}", "Name": "Echo", "DisplayName": "Echo", "Type": "Folder", "Groups": null, "IsStatic": true, "IsEditable": false,
				"Permissions": [{"Id": 9, "RoleId": {role}, "Scope": "Folder", "Name": "Queues.View", "IsGranted": true}]}`).gives(200),
			put(orRoles+"({role})", `{"Id": {role}, "Name": "Echo", "DisplayName": "Echo", "Type": "Folder", "Permissions": [`+permission("Jobs.View")+`]}`).gives(200),
			get(orRoles+"({role})?$expand=Permissions").gives(200, has(fields{"IsStatic": false, "IsEditable": true, "Permissions": some(has(fields{"Name": "Jobs.View"}))})),
		}},
		{Fact: "8.2-7", Steps: []step{
			get(orRoles+"?$expand=permissions&$orderby=Name%20asc&$top=1&$skip=1").gives(200, value(list(has(fields{"Permissions": every(anything)})))),
			get(orRoles+"?$filter=id%20in%20(10001,10002)&$expand=Permissions&$top=100").gives(200, value(count(2, 2))),
			get(orRoles+"?$orderby=Name%20asc").gives(200, value(sorted("Name", same, false))), get(orRoles+"?$top=1000&$skip=1000&$expand=Permissions").gives(200, value(nothing)),
		}},
		{Fact: "8.2-8", Steps: []step{
			post(orRoles, `{"Name": "Plain", "Type": "Tenant"}`).gives(201), post(orRoles, `{"Name": "Streamed", "Type": "Tenant"}`).with("Content-Type", streaming).gives(201),
		}},
		{Fact: "8.2-9", Steps: []step{
			newUser("edsger", "DirectoryUser"), newUser("katherine", "DirectoryUser"), newRole("Keeper", "Tenant", "role"),
			setUsers("role", "{edsgerUser}", "").gives(204, match(empty)), setUsers("role", "{katherineUser}", "{edsgerUser}").gives(204),
			membersOf("role").gives(200, value(count(1, 1))).keep("member", "value.0"), get(orUsers+"?$filter=Id%20eq%20{katherineUser}").gives(200, value(count(1, 1))),
			post(orRoles+"({role})"+orAction+"SetUsers", `{"addedUserIds": []}`).gives(400),
		}},
		{Fact: "8.2-10", Steps: []step{
			newUser("edsger", "DirectoryUser"), newRole("Keeper", "Tenant", "role"), setUsers("role", "{edsgerUser}", "").gives(204),
			get(orRoles+orAction+"GetUsersForRole(key={role})").gives(200, value(all(count(3, 3), at("0", has(fields{"Key": "{edsger}"}))))),
			get(orRoles+orAction+"GetUsersForRole(key={role})?$orderby=Id&$top=1").gives(200, value(list(has(fields{"Key": "{grace}"})))),
		}},
		{Fact: "8.2-11", Steps: []step{
			newUser("reviewers", "DirectoryGroup"), newUser("invoiceRobot", "DirectoryRobot"), newUser("accessReview", "DirectoryExternalApplication"),
			newRole("Keeper", "Tenant", "role"), setUsers("role", "{reviewersUser},{invoiceRobotUser},{accessReviewUser}", "").gives(204), membersOf("role").gives(200, value(count(3, 3))),
		}},
		{Fact: "8.2-12", Steps: []step{
			where(orRoles, "Name eq 'Folder Administrator'").gives(200, value(list(has(fields{"IsStatic": true, "IsEditable": false})))).keep("role", "value.0.Id"),
			remove(orRoles + "({role})").checking(refusedSomehow),
			put(orRoles+"({role})", `{"Id": {role}, "Name": "Folder Administrator", "Type": "Folder", "Permissions": []}`).checking(refusedSomehow),
		}},
		{Fact: "8.2-13", Steps: []step{
			newUser("edsger", "DirectoryUser"), newRole("Keeper", "Tenant", "role"), setUsers("role", "{edsgerUser}", "").gives(204), remove(orRoles + "({role})").gives(204),
			get(orUsers+"({edsgerUser})").gives(200, has(fields{"RolesList": match(nothing)})),
		}},
		{Fact: "8.2-14", Steps: []step{
			newRole("Shrinks", "Folder", "role", "Assets.View", "Queues.View"),
			put(orRoles+"({role})", `{"Id": {role}, "Name": "Shrinks", "Type": "Folder", "Permissions": [`+permission("Assets.View")+`]}`).gives(200),
			get(orRoles+"({role})?$expand=Permissions").gives(200, has(fields{"Permissions": all(some(has(fields{"Name": "Assets.View"})), no(has(fields{"Name": "Queues.View"})))})),
		}},
		{Fact: "8.2-15", Steps: []step{
			get(orRoles).gives(200, value(every(object(roleFields)))),
			get(orRoles+clerk+"?$expand=Permissions").gives(200, has(fields{"Permissions": all(every(object(permissionFields)), some(has(fields{"Name": "Assets"})), some(has(fields{"Name": "Assets.View"})), no(has(fields{"Name": "Assets.Edit"})))})),
		}},
		{Fact: "8.2-16", Steps: []step{
			post(orRoles, `{"Type": "Tenant"}`).gives(400, failed(1009, "Name")), post(orRoles, `{"Name": "n"}`).gives(400, failed(1009, "Type")),
			post(orRoles, `{"Name": "n", "Type": "Tenant"}`).gives(201, has(fields{"DisplayName": "n", "Id": integer, "Key": guid})),
			post(orRoles, `{"Name": "m", "Type": "Tenant", "Permissions": [`+permission("Machine.View")+`]}`).gives(400, failed(1009, "Machines.View")),
			post(orRoles, `{"Name": "m", "Type": "Tenant", "Permissions": [`+permission("Assets.View")+`]}`).gives(400, failed(1009, "Folder")),
			post(orRoles, `{"Name": "m", "Type": "Folder", "Permissions": [{"Name": "assets.view", "IsGranted": true, "Scope": "Global"}]}`).gives(201),
			post(orRoles, `{"Name": "N", "Type": "Tenant"}`).gives(409, failed(1001, "The name N is already used.")),
		}},
		{Fact: "8.2-17", Steps: []step{
			put(orRoles+clerk, `{"Id": 10001, "Name": "Invoice Clerk", "Type": "Folder", "Permissions": []}`).gives(400, failed(1009, "10001")),
			put(orRoles+clerk, `{"Id": 10002, "Name": "Invoice Clerk", "Type": "Tenant", "Permissions": []}`).gives(400, failed(1009, "Type")),
			put(orRoles+clerk, `{"Id": 10002, "Name": "machine keeper", "Type": "Folder", "Permissions": []}`).gives(409, failed(1001, "already used")),
		}},
		{Fact: "8.2-18", Steps: []step{
			where(orRoles, "Name eq 'Tenant Administrator'").gives(200).keep("role", "value.0.Id"), remove(orRoles+"({role})").gives(403, failed(0, "cannot be deleted")),
			put(orRoles+"({role})", `{"Name": "Tenant Administrator", "Permissions": []}`).gives(403, failed(0, "not editable")),
			get(orRoles+unknown).gives(404, failed(1002, "does not exist")), remove(orRoles + unknown).gives(404), put(orRoles+unknown, `{"Name": "n"}`).gives(404),
		}},
		{Fact: "8.2-19", Steps: []step{
			newUser("edsger", "DirectoryUser"), newRole("Keeper", "Tenant", "role"), setUsers("role", "{edsgerUser},77", "").gives(404, failed(1002, "77")), membersOf("role").gives(200, value(nothing)),
			setUsers("role", "{edsgerUser},{edsgerUser}", "77").gives(204), setUsers("role", "{edsgerUser}", "").gives(204), membersOf("role").gives(200, value(count(1, 1))),
			setUsers("role", "", "{edsgerUser}").gives(204), setUsers("role", "", "{edsgerUser}").gives(204), newRole("Clerk", "Folder", "folderRole"),
			setUsers("folderRole", "{edsgerUser}", "").gives(400, failed(1009, "Folder")),
		}},
		{Fact: "8.2-20", Steps: []step{
			newRole("Keeper", "Tenant", "role"), get(orRoles+"({role})").gives(200, has(fields{"Id": between(10001, 1<<31-1)})),
			get("/acme/Staging/orchestrator_/odata/Roles({role})").gives(404), get("/acme/Staging/orchestrator_/odata/Roles?$filter=Id%20in%20(1,2,3,10001,10002)").gives(200, value(count(0, 3))),
			get(orRoles+"?$filter=IsStatic").gives(200, value(every(has(fields{"Id": between(1, 10000)})))),
		}},
		{Fact: "8.2-21", Steps: []step{
			get(orRoles+"?$expand=Users").gives(400, failed(1000, "Users")), get(orRoles+"?$filter=Permissions%20eq%20null").gives(400, failed(1000, "does not exist")),
			get(orRoles+orAction+"GetUserIdsForRole(key=10001)?$count=true").gives(200, has(fields{"@odata.count": 0})),
		}},
		{Fact: "8.2-21", Strict: true, Steps: []step{get(orRoles + orAction + "GetUserIdsForRole(key=10001)?$top=1").gives(400)}},
		{Fact: "8.3-1", Steps: []step{
			get("{orchestrator}/odata/Permissions").gives(200, value(all(some(has(fields{"Name": "Assets.View"})), some(has(fields{"Name": "Units.Edit"})), some(has(fields{"Name": "TestSetExecutions.Create"})),
				some(has(fields{"Name": "ActionDesign.Delete"}))))),
		}},
		{Fact: "8.3-2", Steps: []step{
			get("{orchestrator}/odata/Permissions").gives(200, value(some(has(fields{"Name": "Machines"})))), get(orRoles+keeper+"?$expand=Permissions").gives(200, has(fields{"Permissions": some(has(fields{"Name": "Machines"}))})),
		}},
		{Fact: "8.3-4", Steps: []step{
			newRole("Task Mining", "Tenant", "role", "MLLogs.View", "MLPackages.View", "MLPackages.Edit", "MLPackages.Create", "MLPackages.Delete", "MLSkills.View"),
			get(orRoles+"({role})?$expand=Permissions").gives(200, has(fields{"Permissions": some(has(fields{"Name": "MLPackages.Delete", "Scope": "Global"}))})),
		}},
		{Fact: "8.3-5", Steps: []step{
			where("{orchestrator}/odata/Permissions", "startswith(Name,'Roles') or startswith(Name,'Settings') or startswith(Name,'Users')").gives(200, value(every(has(fields{"Scope": "Global"})))),
		}},
		{Fact: "8.3-6", Steps: []step{
			where("{orchestrator}/odata/Permissions", "Name in ('Alerts.View','Machines.Edit','Units.View','Webhooks.Delete','MLLogs.View')").gives(200, value(all(count(5, 5), every(has(fields{"Scope": "Global"}))))),
			where("{orchestrator}/odata/Permissions", "Name in ('Assets.View','Jobs.Edit','SubFolders.View','Connections.View','Monitoring.View')").gives(200, value(all(count(5, 5), every(has(fields{"Scope": "Folder"}))))),
			where("{orchestrator}/odata/Permissions", "Scope eq 'GlobalOrFolder'").gives(200, value(nothing)),
		}},
		{Fact: "8.3-7", Steps: []step{
			where("{orchestrator}/odata/Permissions", "Name in ('Audit.View','Audit.Edit','Audit.Create','Audit.Delete')").gives(200, value(count(4, 4))),
		}},
		{Fact: "8.3-8", Steps: []step{
			get("{orchestrator}/odata/Permissions?$top=1000&$orderby=Name%20asc").gives(200, value(all(sorted("Name", strings.ToLower, false), every(has(fields{"Name": filled, "Scope": filled}))))),
		}},
		{Fact: "8.3-9", Steps: []step{
			get("{orchestrator}/odata/Permissions").as("katherine.johnson@acme.example").gives(200, value(nothing)),
			newUser("katherine", "DirectoryUser"), post(orRoles+keeper+orAction+"SetUsers", `{"addedUserIds": [{katherineUser}], "removedUserIds": []}`).gives(204),
			get("{orchestrator}/odata/Permissions").as("katherine.johnson@acme.example").gives(200, value(all(count(5, 5), every(object(fields{"Id": integer, "Name": filled, "IsGranted": true, "RoleId": 0, "Scope": "Global"}))))),
			get("{orchestrator}/odata/Permissions").gives(200, value(count(150, 300))),
		}},
		{Fact: "8.4-1", Steps: []step{
			get(orRoles+"?$filter=IsStatic").gives(200, value(all(
				some(has(fields{"Name": "Orchestrator Administrator", "Type": "Tenant"})), some(has(fields{"Name": "Tenant Administrator", "Type": "Tenant"})),
				some(has(fields{"Name": "Allow to be Folder Administrator", "Type": "Tenant"})), some(has(fields{"Name": "Allow to be Automation User", "Type": "Tenant"})),
				some(has(fields{"Name": "Folder Administrator", "Type": "Folder"})), some(has(fields{"Name": "Automation User", "Type": "Folder"})),
				some(has(fields{"Name": "Personal Workspace Administrator", "Type": "Folder"})), every(has(fields{"IsEditable": false}))))),
		}},
		{Fact: "8.4-2", Steps: []step{get(orRoles+"?$filter=Type%20eq%20'Mixed'").gives(200, value(nothing))}},
		{Fact: "8.4-3", Steps: []step{
			get(orRoles+"?$filter=IsStatic&$count=true").gives(200, has(fields{"@odata.count": 7})),
			where(orRoles, "Name eq 'Orchestrator Administrator'").gives(200).keep("role", "value.0.Id"),
			get(orRoles+"({role})?$expand=Permissions").gives(200, has(fields{"Permissions": all(some(has(fields{"Name": "Webhooks.Delete"})), no(has(fields{"Scope": "Folder"})))})),
		}},
		{Fact: "8.4-4", Steps: []step{
			get("/acme/Staging/orchestrator_/odata/Roles?$filter=Type%20eq%20'Mixed'&$expand=Permissions").gives(200, value(all(count(2, 2),
				some(has(fields{"Name": "Administrator", "IsStatic": true, "Permissions": all(some(has(fields{"Scope": "Global"})), some(has(fields{"Scope": "Folder"})))}))))),
		}},
	}
}
