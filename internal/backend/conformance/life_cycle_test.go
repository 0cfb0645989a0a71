package conformance_test

import "testing"

// TestLifeCycles plays the life cycles of accounts. Those of users are what the integration tests of the SDK's branch for identity ask and
// expect; those of robot accounts and external clients follow the contract (contract 7.8).
func TestLifeCycles(t *testing.T) {
	t.Parallel()
	const (
		users   = "{identity}/User/users/{p}"
		single  = "{identity}/User/{user}"
		robots  = "{identity}/RobotAccount/{p}"
		clients = "{identity}/ExternalClient/{p}"
		invited = "http://localhost/portal_/acceptInvite?organizationId={p}&emailForUserinvite=guest@acme.example&organizationName=acme&language=en"
	)
	done := fields{"succeeded": true, "errors": one(null, nothing)}
	create := post("{identity}/User/BulkCreate", `{"users":[{"userName":"sdk-it@acme.example","email":"sdk-it@acme.example","name":"Sdk","surname":"Test",`+
		`"displayName":"Sdk Test"}],"partitionGlobalId":"{p}"}`).
		gives(200, fields{"result": fields{"succeeded": true, "errors": list()}, "users": list(has(fields{"userName": "sdk-it@acme.example", "isActive": true}))}).
		keep("user", "users.0.id")
	invite := func(email, redirect string) step {
		return post("{identity}/User/InviteUsers", `[{"email":"`+email+`","redirectUrl":"`+redirect+`"}]`)
	}
	rename := put(single, `{"displayName":"Renamed"}`).gives(200, done)
	playAll(t, []platformTest{
		{"a user is created", []step{create, get(users+"?searchTerm=sdk-it").gives(200, page(list(user())))}},
		{"a new user is read", []step{create, get(single).gives(200, all(user(), has(fields{"id": "{user}", "displayName": "Sdk Test", "invitationAccepted": boolean})))}},
		{"a new user is read as the list shows it", []step{
			create, get(single).gives(200).keep("time", "creationTime"),
			get(users+"?searchTerm=sdk-it").gives(200, page(list(has(fields{"id": "{user}", "creationTime": "{time}"})))),
		}},
		{"a user is renamed", []step{create, rename, get(single).gives(200, has(fields{"displayName": "Renamed", "name": "Sdk", "surname": "Test"}))}},
		{"a user is renamed twice", []step{create, rename, rename, get(single).gives(200, has(fields{"displayName": "Renamed"}))}},
		{"a user is invited", []step{
			invite("guest@acme.example", invited).gives(200, has(fields{"result": done, "users": list(has(fields{"success": true, "email": "guest@acme.example"}))})).keep("user", "users.0.id"),
			get(single).gives(200, has(fields{"email": "guest@acme.example", "invitationAccepted": false})),
		}},
		{"a user is not invited to another place", []step{
			invite("guest@acme.example", "https://elsewhere.example/accept").gives(200, has(fields{"result": done, "users": list(has(fields{"success": false, "id": "{zero}"}))})),
			get(users+"?searchTerm=guest").gives(200, total(0)),
		}},
		{"a user is deleted", []step{create, remove(single).gives(204, empty), get(single).gives(404), get(users+"?searchTerm=sdk-it").gives(200, total(0))}},
		{"a robot account is created, found, granted a role, renamed and deleted", []step{
			post("{identity}/RobotAccount", `{"partitionGlobalId":"{p}","name":"sdk-it-robot","displayName":"Robot","groupIDsToAdd":["{financeRobots}"]}`).
				gives(201, has(fields{"name": "sdk-it-robot", "groupIds": list("{financeRobots}")})).keep("robot", "id"),
			get(robots+"?searchTerm=sdk-it").gives(200, page(list(has(fields{"id": "{robot}"})))),
			get("{identity}/Directory/Search/{p}?startsWith=sdk-it&sourceFilter=robotAccounts").gives(200, list(has(fields{"identifier": "{robot}", "objectType": "DirectoryRobotUser"}))),
			grant("steward", "robot", "Robot", "/").checking(succeeded), held("/", "&securityPrincipalId={robot}").gives(200, holds(fields{"roleId": "{steward}"})),
			put("{identity}/RobotAccount/{robot}", `{"displayName":"Renamed","groupIDsToRemove":["{financeRobots}"]}`).gives(200, has(fields{"displayName": "Renamed"})),
			get(robots+"/{robot}").gives(200, has(fields{"name": "sdk-it-robot", "displayName": "Renamed", "groupIds": nothing})),
			remove(robots + "/{robot}").gives(204), get(robots + "/{robot}").gives(404),
		}},
		{"an external client is created, signs in, is narrowed and deleted", []step{
			post("{identity}/ExternalClient", `{"partitionGlobalId":"{p}","name":"sdk-it-client","isConfidential":true,"redirectUri":"","scopes":[`+
				`{"name":"PM.User.Read","type":"application"},{"name":"PM.Group.Read","type":"application"}]}`).gives(201, client()).keep("client", "id").keep("secret", "secret"),
			tokenOf("PM.Group.Read").gives(200, has(fields{"scope": "PM.Group.Read"})),
			put(clients+"/{client}", `{"name":"sdk-it-client","redirectUri":"","scopes":[{"name":"PM.User.Read","type":"application"}]}`).gives(200),
			tokenOf("PM.Group.Read").gives(400, fields{"error": "invalid_scope"}), tokenOf("PM.User.Read").gives(200),
			remove(clients + "/{client}").gives(204), tokenOf("PM.User.Read").gives(400, fields{"error": "invalid_client"}),
		}},
	})
}

// tokenOf asks for a token of the client that was kept.
func tokenOf(scope string) step {
	return post(tokenPath, "grant_type=client_credentials&client_id={client}&client_secret={secret}&scope="+scope).as(nobody).
		with("Content-Type", "application/x-www-form-urlencoded")
}
