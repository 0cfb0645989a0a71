package conformance_test

import "strings"

// setFolderRoles says which roles users have at a folder. The lists are numbers with commas.
func setFolderRoles(users, folder, roles string) step {
	return post(orFolders+orAction+"AssignUsers", `{"assignments": {"UserIds": [`+users+`], "RolesPerFolder": [{"FolderId": `+folder+`, "RoleIds": [`+roles+`]}]}}`)
}

// usersAt lists who has a place in a folder.
func usersAt(folder, inherited string) step {
	return get(orFolders + orAction + "GetUsersForFolder(key=" + folder + ",includeInherited=" + inherited + ")")
}

// ofEdsger is a list of users with edsger, of whom something is true.
func ofEdsger(more fields) match {
	more["UserEntity"] = has(fields{"Key": "{edsger}"})
	return value(some(has(more)))
}

func orchestratorUserFacts() []factCase {
	userFields := fields{
		"Id": integer, "Key": guid, "UserName": filled, "Name": filled, "Surname": text, "FullName": filled, "EmailAddress": one(null, match(filled)),
		"Type": one("DirectoryUser", "DirectoryGroup", "DirectoryRobot", "DirectoryExternalApplication"), "Domain": one("", "autogen"), "DirectoryIdentifier": filled,
		"RolesList": array(func(*play, []any) error { return nil }), "ProvisionType": filled, "IsActive": boolean, "CreationTime": filled, "TenantKey": "{production}",
	}
	search := func(rest string) step { return get(orSearch + "?domain=autogen&" + rest) }
	assignRoles := func(user, roles string) step {
		return post(orUsers+"({"+user+"})"+orAction+"AssignRoles", `{"roleIds": [`+roles+`]}`)
	}
	toggle := func(role, on string) step {
		return post(orUsers+"({edsgerUser})"+orAction+"ToggleRole", `{"role": "`+role+`", "toggle": `+on+`}`)
	}
	return []factCase{
		{Fact: "8.5-4", Steps: []step{
			newUser("edsger", "DirectoryUser"), post(orUsers, `{"Key": "{edsger}", "Type": "DirectoryUser"}`).gives(409, failed(1001, "already used")),
			post(orRoles, `{"Name": "Invoice Clerk", "Type": "Folder"}`).gives(409, failed(1001, "already used")),
		}},
		{Fact: "8.5-6", Steps: []step{
			post(orRoles, `{"Type": "Tenant"}`).gives(400, failed(1009, "The input was not valid.")), post(orRoles, `not json`).gives(400, failed(0, "The input was not valid.")),
		}},
		{Fact: "8.5-7", Steps: []step{
			newUser("edsger", "DirectoryUser"), newUser("katherine", "DirectoryUser"), newRole("User Keeper", "Tenant", "keeper", "Users.View", "Users.Edit"),
			newRole("Mighty", "Tenant", "mighty", "Webhooks.Delete"), newRole("Also Mighty", "Tenant", "other", "Webhooks.Delete"), setUsers("keeper", "{edsgerUser}", "").gives(204),
			assignRoles("katherineUser", "{mighty},{other},{keeper}").as("edsger.dijkstra@acme.example").gives(0, has(fields{"message": "Action forbidden: You selected at least one role that grants more than your set " +
				"of permissions. Please remove the following role(s): Also Mighty, Mighty to continue"})),
			assignRoles("katherineUser", "{keeper}").as("edsger.dijkstra@acme.example").gives(200), assignRoles("katherineUser", "{mighty}").gives(200),
		}},
		{Fact: "8.5-8", Steps: []step{
			newUser("edsger", "DirectoryUser"), newUser("katherine", "DirectoryUser"), newRole("User Keeper", "Tenant", "keeper", "Users.View", "Users.Edit", "Users.Create", "Roles.Edit"),
			newRole("Mighty", "Tenant", "mighty", "Webhooks.Delete"), setUsers("keeper", "{edsgerUser}", "").gives(204), setUsers("mighty", "{katherineUser}", "").gives(204),
			assignRoles("edsgerUser", "{mighty},{keeper}").as("edsger.dijkstra@acme.example").gives(403, failed(0, "Mighty to continue")), membersOf("mighty").gives(200, value(count(1, 1))),
			setUsers("mighty", "{edsgerUser}", "").as("edsger.dijkstra@acme.example").gives(403, failed(0, "Mighty to continue")),
			toggle("Mighty", "true").as("edsger.dijkstra@acme.example").gives(403, failed(0, "Mighty to continue")),
			post(orUsers, `{"Key": "{barbara}", "Type": "DirectoryUser", "RolesList": ["Mighty"]}`).as("edsger.dijkstra@acme.example").gives(403, failed(0, "Mighty to continue")),
			get(orUsers + orAction + "GetByKey(identifier={barbara})").gives(404), assignRoles("katherineUser", "{mighty},{keeper}").as("edsger.dijkstra@acme.example").gives(200),
			put(orRoles+"({keeper})", `{"Name": "User Keeper", "Permissions": [`+permission("Webhooks.View")+`]}`).as("edsger.dijkstra@acme.example").gives(403, failed(0, "User Keeper to continue")),
		}},
		{Fact: "8.5-8", Steps: []step{
			newUser("edsger", "DirectoryUser"), newUser("katherine", "DirectoryUser"), newRole("Folder Keeper", "Folder", "keeper", "SubFolders.Edit", "Assets.View"),
			newRole("Queue Master", "Folder", "master", "Queues.Delete"), setFolderRoles("{edsgerUser}", "1", "{keeper}").gives(204),
			setFolderRoles("{katherineUser}", "1", "{keeper},{master}").as("edsger.dijkstra@acme.example").gives(403, failed(0, "Queue Master to continue")),
			usersAt("1", "false").gives(200, value(count(1, 1))), setFolderRoles("{katherineUser}", "2", "{keeper}").as("edsger.dijkstra@acme.example").gives(204),
		}},
		{Fact: "8.5-9", Steps: []step{post(orRoles, `{"Name": "Invoice Clerk", "Type": "Folder"}`).gives(0, failed(1001, "The name Invoice Clerk is already used."))}},
		{Fact: "8.6-1", Steps: []step{
			newUser("edsger", "DirectoryUser"), get(orUsers+"({edsgerUser})").gives(200, has(fields{"Id": integer, "Key": "{edsger}", "Type": "DirectoryUser"})),
			get(orUsers).gives(200, value(every(has(fields{"Type": one("User", "Robot", "DirectoryUser", "DirectoryGroup", "DirectoryRobot", "DirectoryExternalApplication")})))),
		}},
		{Fact: "8.6-2", Steps: []step{
			get(orUsers+orAction+"GetByKey(identifier={grace})").gives(200, has(fields{"Key": "{grace}"})), get(orUsers + orAction + "GetByKey(identifier={edsger})").gives(404),
		}},
		{Fact: "8.6-3", Steps: []step{
			newUser("edsger", "DirectoryUser"), post(orUsers, `{"Key": "{edsger}", "DirectoryIdentifier": "{edsger}", "Type": "DirectoryUser"}`).gives(409),
		}},
		{Fact: "8.6-4", Steps: []step{
			newUser("edsger", "DirectoryUser"), newRole("A", "Tenant", "a"), newRole("B", "Tenant", "b"), assignRoles("edsgerUser", "{a}").gives(200, match(empty)),
			assignRoles("edsgerUser", "{b}").gives(200), get(orUsers+"({edsgerUser})").gives(200, has(fields{"RolesList": list("B")})), assignRoles("edsgerUser", "").gives(200),
			post(orUsers+"({edsgerUser})"+orAction+"AssignRoles", `{}`).gives(400),
		}},
		{Fact: "8.6-5", Steps: []step{
			post(orUsers, `{"Key": "{edsger}", "DirectoryIdentifier": "{edsger}", "Domain": "autogen", "Type": "DirectoryUser", "RolesList": [], "MayHaveUserSession": true, "MayHaveRobotSession": false,
				"MayHaveUnattendedSession": false, "MayHavePersonalWorkspace": false}`).gives(201),
			newRole("A", "Tenant", "a"),
			post(orUsers, `{"DirectoryIdentifier": "{katherine}", "Domain": "autogen", "Type": "DirectoryUser", "RolesList": ["A"], "UpdatePolicy": {"Type": "None"}, "NotificationSubscription": {"Queues": true}}`).
				gives(201, has(fields{"RolesList": list("A"), "Key": "{katherine}"})),
			post(orUsers, `{"Key": "{invoiceRobot}", "DirectoryIdentifier": "{invoiceRobot}", "Type": "DirectoryRobot", "UnattendedRobot": {"CredentialType": "NoCredential", "ExecutionSettings": {}}}`).gives(201),
		}},
		{Fact: "8.6-6", Strict: true, Steps: []step{
			post(orUsers, `{"DirectoryIdentifier": "{invoiceRobot}", "Type": "DirectoryRobot"}`).gives(400), newUser("invoiceRobot", "DirectoryRobot"),
		}},
		{Fact: "8.6-7", Steps: []step{
			post(orUsers, `{"DirectoryIdentifier": "{invoiceRobot}", "Type": "DirectoryRobot"}`).gives(201), post(orUsers, `{"UserName": "edsger.dijkstra@acme.example", "Type": "DirectoryUser"}`).gives(201),
		}},
		{Fact: "8.6-7", Strict: true, Steps: []step{post(orUsers, `{"DirectoryIdentifier": "{accessReview}", "Type": "DirectoryExternalApplication"}`).gives(400)}},
		{Fact: "8.6-8", Steps: []step{
			newUser("edsger", "DirectoryUser"), newRole("Keeper", "Tenant", "a"), toggle("Keeper", "true").gives(200, match(empty)), membersOf("a").gives(200, value(count(1, 1))),
			toggle("Keeper", "false").gives(200), membersOf("a").gives(200, value(nothing)), post(orUsers+"({edsgerUser})"+orAction+"ToggleRole", `{"role": "Keeper"}`).gives(400),
			post(orUsers+"({edsgerUser})"+orAction+"ToggleRole", `{"toggle": true}`).gives(400),
		}},
		{Fact: "8.6-9", Steps: []step{
			get(orUsers+"?$top=1&$skip=1&$count=true&$orderby=Id%20desc&$select=Id&$filter=Id%20gt%200").gives(200, all(has(fields{"@odata.count": 2}), value(list(object(fields{"Id": integer}))))),
			newUser("edsger", "DirectoryUser"), get(orUsers+"({edsgerUser})?$select=Id&$expand=UserRoles").gives(200, has(fields{"UserRoles": match(nothing)})),
			remove(orUsers+"({edsgerUser})").gives(204, match(empty)), get(orUsers + "({edsgerUser})").gives(404),
		}},
		{Fact: "8.6-10", Steps: []step{
			where(orUsers, "Id eq 4294967297 or Id eq 4294967298").gives(200, value(count(2, 2))),
			where(orUsers, "contains(UserName,'hopper') and contains(EmailAddress,'acme')").gives(200, value(list(has(fields{"Key": "{grace}"})))),
		}},
		{Fact: "8.6-11", Steps: []step{
			newUser("edsger", "DirectoryUser"), newRole("A", "Tenant", "a"), setUsers("a", "{edsgerUser}", "").gives(204),
			get(orUsers+"({edsgerUser})?$expand=UserRoles,OrganizationUnits").gives(200, has(fields{"RolesList": list("A"), "OrganizationUnits": match(nothing),
				"UserRoles": list(object(fields{"UserId": integer, "RoleId": integer, "UserName": filled, "RoleName": "A", "RoleType": "Tenant", "Id": integer}))})),
			get(orUsers + "?$expand=UnattendedRobot").gives(400),
		}},
		{Fact: "8.6-12", Steps: []step{
			search("searchContext=All&prefix=Edsger").gives(200, list(object(fields{"type": anything, "source": filled, "domain": "autogen", "identifier": "{edsger}",
				"identityName": "edsger.dijkstra@acme.example", "displayName": "Edsger Dijkstra"}))),
			search("searchContext=Groups&prefix=finance").gives(200, list(has(fields{"displayName": "Finance Robots"}))), search("searchContext=Users&prefix=Finance").gives(200, match(nothing)),
			search("searchContext=Robots&prefix=").gives(200, every(has(fields{"type": 3}))), search("searchContext=ExternalApplications&prefix=terra").gives(200, count(2, 2)),
			search("searchContext=Folders&prefix=").gives(400),
		}},
		{Fact: "8.6-13", Steps: []step{
			search("searchContext=All&prefix=Ada").gives(200, list(has(fields{"type": 0}))), search("searchContext=All&prefix=Everyone").gives(200, list(has(fields{"type": 1}))),
			search("searchContext=All&prefix=invoice-robot").gives(200, list(has(fields{"type": 3}))), search("searchContext=All&prefix=access-review").gives(200, list(has(fields{"type": 4}))),
		}},
		{Fact: "8.6-14", Steps: []step{
			search("searchContext=All&prefix=Barbara").gives(200, list(has(fields{"source": "aad", "identifier": spelled(`^aad\|.+`)}))).keep("outside", "0.identifier"),
			post(orUsers, `{"DirectoryIdentifier": "{outside}", "Type": "DirectoryUser"}`).gives(201, has(fields{"Key": "{barbara}", "DirectoryIdentifier": "{outside}"})),
		}},
		{Fact: "8.6-15", Steps: []step{
			search("searchContext=All&prefix=Barbara").gives(200, list(has(fields{"type": 0, "identifier": "aad|{barbara}"}))),
			get(orSearch + "?searchContext=All&domain=acme&prefix=").gives(400),
		}},
		{Fact: "8.6-16", Steps: []step{
			newUser("barbara", "DirectoryUser"), get(orUsers).gives(200, value(all(every(object(userFields)), some(has(fields{"Key": "{barbara}", "Domain": ""}))))),
			setFolderRoles("{barbaraUser}", "1", "").gives(204),
			get(orUsers+"({barbaraUser})?$expand=OrganizationUnits").gives(200, has(fields{"OrganizationUnits": list(object(fields{"Id": 1, "DisplayName": "Finance"}))})),
		}},
		{Fact: "8.6-17", Steps: []step{
			newUser("accessReview", "DirectoryExternalApplication"), get(orUsers+"({accessReviewUser})").gives(200, has(fields{"Key": "{accessReview}"})),
			where(orUsers, "Id lt 4294967297").gives(200, value(nothing)),
		}},
		{Fact: "8.6-18", Steps: []step{
			post(orUsers, `{"Key": "{unknown}", "Type": "DirectoryUser"}`).gives(400, failed(1009, "no account")), post(orUsers, `{"Key": "{edsger}", "Type": "DirectoryGroup"}`).gives(400),
			post(orUsers, `{"Key": "{radia}", "Type": "DirectoryUser"}`).gives(400, failed(1009, "external directory")),
		}},
		{Fact: "8.6-18", Seed: provisioningOrganization, Steps: []step{
			post(orUsers, `{"Key": "{radia}", "Type": "DirectoryUser"}`).gives(201, has(fields{"Key": "{radia}"})),
		}},
		{Fact: "8.6-19", Steps: []step{
			get(orUsers+"(77)").gives(404, failed(1002, "does not exist")), remove(orUsers + "(77)").gives(404), newUser("edsger", "DirectoryUser"), newRole("A", "Tenant", "a"),
			setUsers("a", "{edsgerUser}", "").gives(204), setFolderRoles("{edsgerUser}", "1", "10002").gives(204), remove(orUsers + "({edsgerUser})").gives(204), membersOf("a").gives(200, value(nothing)),
			usersAt("1", "false").gives(200, value(nothing)), newUser("edsger", "DirectoryUser"), setUsers("a", "{edsgerUser}", "").gives(204), remove("{identity}/User/{edsger}").gives(204),
			membersOf("a").gives(200, value(nothing)), get(orUsers + "({edsgerUser})").gives(404),
		}},
		{Fact: "8.6-20", Steps: []step{
			newUser("edsger", "DirectoryUser"), newRole("A", "Tenant", "a"), assignRoles("edsgerUser", "{a},10002").gives(400, failed(1009, "Folder")), assignRoles("edsgerUser", "77").gives(404, failed(1002, "77")),
			toggle("Invoice Clerk", "true").gives(400), toggle("Nobody", "true").gives(404), toggle("A", "true").gives(200), toggle("A", "true").gives(200),
			membersOf("a").gives(200, value(count(1, 1))), post(orUsers, `{"Key": "{katherine}", "Type": "DirectoryUser", "RolesList": ["Invoice Clerk"]}`).gives(400),
		}},
	}
}

// provisioningOrganization adds accounts of its external directory on the first occasion.
var provisioningOrganization = strings.TrimSpace(`
organization: {name: acme, externalDirectory: true, autoProvisioning: true, defaultCaller: ada}
tenants: [{name: Production, services: [Orchestrator]}]
users:
  - {userName: ada}
  - {id: 3a000000-0000-4000-8000-000000000009, userName: radia, source: directory, added: false}
assignments: [{role: Organization Administrator, principal: ada, scope: /}]
`)
