package conformance_test

func orchestratorFolderFacts() []factCase {
	removeFrom := func(folder string) step {
		return post(orFolders+"("+folder+")"+orAction+"RemoveUserFromFolder", `{"userId": {edsgerUser}}`)
	}
	directoryUser := func(account, kind, folders string) step {
		return post(orFolders+orAction+"AssignDirectoryUser", `{"assignment": {"Domain": "autogen", "DirectoryIdentifier": "`+account+`", "UserType": "`+kind+`", "RolesPerFolder": [`+folders+`]}}`)
	}
	const clerkAtFinance = `{"FolderId": 1, "RoleIds": [10002]}`
	edsger := newUser("edsger", "DirectoryUser")
	userEntity := fields{
		"Id": integer, "Key": guid, "UserName": filled, "FullName": filled, "AuthenticationSource": text, "Type": filled, "Source": one("Orchestrator", "Portal", "All"), "IsInherited": boolean,
		"AssignedToFolderIds": every(match(integer)), "MayHaveAttended": boolean, "MayHaveUnattended": boolean, "IsActive": boolean,
	}
	role := fields{"Id": integer, "Name": filled, "RoleType": filled, "Origin": one("Assigned", "Inherited"), "InheritedFromFolder": anything}
	asEdsger := "edsger.dijkstra@acme.example"
	return []factCase{
		{Fact: "8.7-1", Steps: []step{
			edsger, newRole("Other", "Folder", "other", "Assets.View"), setFolderRoles("{edsgerUser}", "1", "10002").gives(204, match(empty)), setFolderRoles("{edsgerUser}", "1", "{other}").gives(204),
			usersAt("1", "false").gives(200, ofEdsger(fields{"Roles": list(has(fields{"Name": "Other"}))})),
		}},
		{Fact: "8.7-2", Steps: []step{
			edsger, setFolderRoles("{edsgerUser}", "1", "10002").gives(204), usersAt("1", "true").gives(200, value(list(has(fields{"Roles": list(has(fields{"Id": 10002, "Origin": "Assigned"}))})))),
		}},
		{Fact: "8.7-3", Steps: []step{
			edsger, setFolderRoles("{edsgerUser}", "1", "10002").gives(204), removeFrom("1").gives(204, match(empty)), usersAt("1", "false").gives(200, value(nothing)),
		}},
		{Fact: "8.7-4", Steps: []step{directoryUser("{edsger}", "DirectoryUser", clerkAtFinance).gives(204), post(orFolders+orAction+"AssignDomainUser", `{}`).gives(400)}},
		{Fact: "8.7-5", Steps: []step{
			edsger, setFolderRoles("{edsgerUser}", "1", "10002").gives(204), setFolderRoles("{edsgerUser}", "3", "10002").gives(204), setFolderRoles("{edsgerUser}", "1", "").gives(204),
			usersAt("1", "false").gives(200, ofEdsger(fields{"Roles": match(nothing)})), usersAt("3", "false").gives(200, ofEdsger(fields{"Roles": count(1, 1)})),
		}},
		{Fact: "8.7-6", Steps: []step{
			get(orUsers + orAction + "GetByKey(identifier={edsger})").gives(404), directoryUser("{edsger}", "DirectoryUser", clerkAtFinance).gives(204),
			get(orUsers + orAction + "GetByKey(identifier={edsger})").gives(200), usersAt("1", "false").gives(200, ofEdsger(fields{"Roles": count(1, 1)})),
			directoryUser("aad|{barbara}", "DirectoryUser", clerkAtFinance).gives(204), directoryUser("{reviewers}", "DirectoryGroup", clerkAtFinance).gives(204),
		}},
		{Fact: "8.7-7", Steps: []step{
			post(orFolders+orAction+"AssignDomainUser", `{"assignment": {"Domain": "autogen", "UserName": "edsger", "UserType": "DirectoryUser", "RolesPerFolder": []}}`).gives(400, failed(1000, "Invalid OData query options.")),
		}},
		{Fact: "8.7-8", Steps: []step{
			edsger, setFolderRoles("{edsgerUser}", "1", "10002").gives(204), usersAt("1", "false").gives(200, value(every(has(fields{"Id": integer, "UserEntity": has(fields{"UserName": filled}), "Roles": count(1, 1)})))),
			get(orFolders+orAction+"GetUsersForFolder(key=1,includeInherited=true)?$expand=UserEntity,Roles&includeAlertsEnabled=false").gives(200, value(every(has(fields{"UserEntity": anything, "Roles": anything})))),
		}},
		{Fact: "8.7-9", Steps: []step{
			edsger, setFolderRoles("{edsgerUser}", "1", "10002").gives(204),
			usersAt("2", "true").gives(200, value(every(has(fields{"UserEntity": has(userEntity), "Roles": every(has(fields{"Id": integer, "Name": filled, "RoleType": "Folder", "Origin": filled,
				"InheritedFromFolder": object(fields{"DisplayName": "Finance", "FullyQualifiedName": "Finance", "Id": 1})}))})))),
		}},
		{Fact: "8.7-10", Steps: []step{
			edsger, setFolderRoles("{edsgerUser}", "1", "10002").gives(204), usersAt("2", "false").gives(200, value(nothing)), usersAt("2", "true").gives(200, value(count(1, 1))),
		}},
		{Fact: "8.7-11", Steps: []step{
			edsger, newRole("Folder Keeper", "Folder", "keeper", "SubFolders.View"), setFolderRoles("{edsgerUser}", "1", "{keeper}").gives(204),
			usersAt("2", "true").gives(200, ofEdsger(fields{"Roles": list(has(fields{"Origin": "Inherited"}))})), usersAt("2", "true").as(asEdsger).gives(200, value(list(has(fields{"UserEntity": has(fields{"IsInherited": true})})))),
			usersAt("3", "true").as(asEdsger).gives(403), removeFrom("1").gives(204), usersAt("2", "true").gives(200, value(nothing)),
		}},
		{Fact: "8.7-12", Steps: []step{
			edsger, setFolderRoles("{edsgerUser},77", "1", "10002").gives(404, failed(1002, "77")), usersAt("1", "false").gives(200, value(nothing)),
			post(orFolders+orAction+"AssignUsers", `{"assignments": {"UserIds": [{edsgerUser}], "RolesPerFolder": [{"FolderId": 1, "RoleIds": [10002]}, {"FolderId": 1, "RoleIds": [77]}]}}`).gives(404),
			usersAt("1", "false").gives(200, value(nothing)), setFolderRoles("{edsgerUser}", "99", "10002").gives(404, failed(1100, "Folder does not exist")),
			setFolderRoles("{edsgerUser}", "1", "10001").gives(400, failed(1009, "Tenant")), setFolderRoles("{edsgerUser}", "1", "10002").gives(204),
			directoryUser("{edsger}", "DirectoryUser", `{"FolderId": 1, "RoleIds": []}`).gives(204), usersAt("1", "false").gives(200, ofEdsger(fields{"Roles": match(nothing)})),
		}},
		{Fact: "8.7-13", Steps: []step{
			edsger, setFolderRoles("{edsgerUser}", "1", "10002").gives(204), removeFrom("2").gives(404, failed(1002, "does not exist")), removeFrom("3").gives(404),
			usersAt("2", "true").gives(200, value(count(1, 1))), usersAt("2", "false").gives(200, value(nothing)),
		}},
		{Fact: "8.7-14", Steps: []step{
			edsger, setFolderRoles("{edsgerUser}", "1", "10002").gives(204),
			usersAt("1", "true").gives(200, value(every(object(fields{"Id": integer, "HasAlertsEnabled": boolean, "UserEntity": object(userEntity), "Roles": every(object(role))})))),
		}},
	}
}

// right gives a caller of few rights a new role at the tenant, and takes it back afterwards.
func right(permissions []string, then ...step) []step {
	steps := []step{newUser("katherine", "DirectoryUser"), newUser("edsger", "DirectoryUser"), newRole("Given", "Tenant", "given", permissions...), setUsers("given", "{edsgerUser}", "").gives(204)}
	for _, s := range then {
		steps = append(steps, s.as("katherine.johnson@acme.example").gives(403, has(fields{"unAuthorizedRequest": true})), s.as("edsger.dijkstra@acme.example").checking(succeeds))
	}
	return steps
}

// openTo expects that only applications with the right scope may send a request to Orchestrator.
func openTo(request step, allowed []string, refused ...string) []step {
	var steps []step
	for _, caller := range allowed {
		steps = append(steps, request.as(caller).checking(func(_ *play, r response) error { return not(403)(nil, float64(r.status)) }))
	}
	for _, caller := range refused {
		steps = append(steps, request.as(caller).gives(403, has(fields{"error": has(fields{"details": containing("Expect to have")})})))
	}
	return steps
}

// succeeds is an answer that refuses nothing.
func succeeds(_ *play, r response) error {
	if r.status >= 300 {
		return equal(r.status, "a success")
	}
	return nil
}

func orchestratorRightFacts() []factCase {
	const edsgersRoles = orUsers + "({edsgerUser})" + orAction
	inFinance := func(method func() step) []step {
		return []step{
			newUser("edsger", "DirectoryUser"), newUser("katherine", "DirectoryUser"), newRole("Keeper", "Folder", "keeper", "SubFolders.View", "SubFolders.Edit"),
			setFolderRoles("{edsgerUser}", "1", "{keeper}").gives(204), method().as("katherine.johnson@acme.example").gives(403), method().as("edsger.dijkstra@acme.example").checking(succeeds),
		}
	}
	return []factCase{
		{Fact: "8.8-1", Steps: right([]string{"Roles.View"}, get(orRoles), get(orRoles+"(10001)"), get(orRoles+orAction+"GetUserIdsForRole(key=10001)"))},
		{Fact: "8.8-1", Steps: right([]string{"Units.Edit"}, get(orRoles))},
		{Fact: "8.8-1", Steps: inFinance(func() step { return get(orRoles) })},
		{Fact: "8.8-1", Steps: right([]string{"Roles.Create"}, post(orRoles, `{"Name": "Made", "Type": "Tenant"}`))},
		{Fact: "8.8-1", Steps: right([]string{"Roles.Edit", "Users.View"}, put(orRoles+"(10001)", `{"Name": "Machine Keeper", "Permissions": []}`),
			post(orRoles+"(10001)"+orAction+"SetUsers", `{"addedUserIds": [], "removedUserIds": []}`))},
		{Fact: "8.8-1", Steps: right([]string{"Roles.Delete"}, remove(orRoles+"(10001)"))},
		{Fact: "8.8-1", Steps: right([]string{"Roles.View", "Users.View"}, get(orRoles+orAction+"GetUsersForRole(key=10001)"))},
		{Fact: "8.8-2", Steps: right([]string{"Users.View"}, get(orUsers), get(orUsers+"({edsgerUser})"), get(orUsers+orAction+"GetByKey(identifier={grace})"), get(orSearch+"?domain=autogen&prefix=Ada&searchContext=All"))},
		{Fact: "8.8-2", Steps: right([]string{"Users.Create"}, post(orUsers, `{"Key": "{dennis}", "Type": "DirectoryUser"}`))},
		{Fact: "8.8-2", Steps: right([]string{"Users.Delete"}, remove(orUsers+"({katherineUser})"))},
		{Fact: "8.8-2", Steps: right([]string{"Users.Edit"}, post(edsgersRoles+"AssignRoles", `{"roleIds": [{given}]}`), post(edsgersRoles+"ToggleRole", `{"role": "Given", "toggle": true}`))},
		{Fact: "8.8-3", Steps: inFinance(func() step { return setFolderRoles("{katherineUser}", "2", "{keeper}") })},
		{Fact: "8.8-3", Steps: inFinance(func() step { return usersAt("1", "true") })},
		{Fact: "8.8-3", Steps: right([]string{"Units.Edit", "Units.View"}, setFolderRoles("{katherineUser}", "1", ""), usersAt("1", "false"),
			post(orFolders+"(1)"+orAction+"RemoveUserFromFolder", `{"userId": {katherineUser}}`),
			post(orFolders+orAction+"AssignDirectoryUser", `{"assignment": {"Domain": "autogen", "DirectoryIdentifier": "{alan}", "UserType": "DirectoryUser", "RolesPerFolder": [{"FolderId": 1, "RoleIds": []}]}}`))},
		{Fact: "8.8-4", Seed: scopedOrganization, Steps: openTo(get(orRoles), []string{"users", "users-read", "ada"}, "users-write", "folders", "nothing")},
		{Fact: "8.8-4", Seed: scopedOrganization, Steps: openTo(get(orUsers), []string{"users", "users-read"}, "users-write", "folders")},
		{Fact: "8.8-4", Seed: scopedOrganization, Steps: openTo(post(orRoles, `{"Type": "Tenant"}`), []string{"users", "users-write"}, "users-read", "folders")},
		{Fact: "8.8-4", Seed: scopedOrganization, Steps: openTo(usersAt("1", "false"), []string{"folders", "folders-read"}, "folders-write", "users")},
		{Fact: "8.8-4", Seed: scopedOrganization, Steps: openTo(setFolderRoles("", "1", ""), []string{"folders", "folders-write"}, "folders-read", "users")},
		{Fact: "8.8-5", Steps: []step{
			get(orRoles).as("grace.hopper@acme.example").gives(200), post(orRoles, `{"Name": "n", "Type": "Tenant"}`).as("grace.hopper@acme.example").gives(201),
			get("/acme/Staging/orchestrator_/odata/Roles").as("grace.hopper@acme.example").gives(403),
			put("{pap}/roles", `{"roleName": "Reads Roles", "roleDescription": "d", "roleScopeType": "Tenant", "organizationId": "{p}", "tenantId": "{production}", "actionsGrantedByRole": ["ORCHESTRATOR.ROLES.VIEW"]}`).
				gives(200).keep("reads", "createdRoleId"),
			grant("reads", "katherine", "User", "/tenant/{production}").gives(204), get(orRoles).as("katherine.johnson@acme.example").gives(200), get(orUsers).as("katherine.johnson@acme.example").gives(403),
		}},
		{Fact: "8.8-6", Seed: scopedOrganization, Steps: []step{
			get(orRoles).as("users").gives(200), get(orRoles).as("everything-in-orchestrator").gives(403),
			get(orRoles).gives(200), where(orRoles, "Name eq 'Tenant Administrator'").gives(200).keep("role", "value.0.Id"),
			post(orUsers, `{"UserName": "everything-in-orchestrator", "Type": "DirectoryExternalApplication"}`).gives(201).keep("application", "Id"),
			setUsers("role", "{application}", "").gives(204), get(orRoles).as("everything-in-orchestrator").gives(200),
		}},
	}
}

func orchestratorInPlatformFacts() []factCase {
	const tenant = "/tenant/{production}/orchestrator"
	edsger := newUser("edsger", "DirectoryUser")
	const of = "&securityPrincipalId={edsger}"
	return []factCase{
		{Fact: "8.9-1", Steps: []step{
			edsger, setFolderRoles("{edsgerUser}", "2", "10002").gives(204), held(tenant+"/folder/4a000000-0000-4000-8000-000000000002", of).gives(200, holds(fields{"roleName": "Invoice Clerk"})),
			get("{pap}/userroleassignments/export?exportoutputtype=json").as(adasToken).gives(200, some(has(fields{"RoleName": "Invoice Clerk", "FolderName": "Finance/Invoices",
				"FolderKey": "4a000000-0000-4000-8000-000000000002", "SecurityPrincipalId": "{edsger}"}))),
		}},
		{Fact: "8.9-2", Steps: []step{
			edsger, get(orRoles+"(10001)").gives(200).keep("key", "Key"), post(orRoles+"(10001)"+orAction+"SetUsers", `{"addedUserIds": [{edsgerUser}], "removedUserIds": []}`).gives(204),
			held(tenant, of).gives(200, holds(fields{"roleId": "{key}", "scope": tenant, "type": "Custom", "roleType": "CUSTOM", "mutable": false, "inherited": false, "createdBy": "{ada}"})),
			get("{pap}/userroleassignments?scope="+tenant+of+"&serviceName=orchestrator&noInheritance=true").gives(200, holds(fields{"roleId": "{key}"})),
			post("{pap}/geteffectiveaccess", `{"userId": "{edsger}", "scopeIdentifier": {"scopeType": "Tenant", "value": {"id": "{production}", "tenantId": "{production}"}}}`).
				gives(200, at("roleAssignments.results", some(has(fields{"roleId": "{key}", "roleName": "Machine Keeper", "serviceName": "Orchestrator"})))),
			get("{pap}/userroleassignments/export?exportoutputtype=json").as(adasToken).gives(200, some(has(fields{"RoleId": "{key}", "ServiceName": "Orchestrator", "Scope": tenant}))),
		}},
		{Fact: "8.9-3", Steps: []step{
			edsger, get("{pap}/roles?contains=Machine+Keeper").gives(200, total(0)), get(orRoles+"(10001)").gives(200).keep("key", "Key"), grant("key", "edsger", "User", tenant).gives(404),
			post(orRoles+"(10001)"+orAction+"SetUsers", `{"addedUserIds": [{edsgerUser}], "removedUserIds": []}`).gives(204), held(tenant, of).gives(200).keep("assignment", "results.0.roleAssignmentDtos.0.id"),
			patch("{pap}/userroleassignments", `{"roleAssignmentsToAdd": [], "roleAssignmentsToDelete": ["{assignment}"]}`).gives(403), held(tenant, of).gives(200, total(1)),
		}},
	}
}
