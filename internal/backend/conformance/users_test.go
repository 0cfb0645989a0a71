package conformance_test

import (
	"fmt"
	"strings"
)

// userSortKeys are those of fact 7.2-9.
const userSortKeys = "Id UserName Email EmailConfirmed Name Surname DisplayName CreationTime LastModificationTime LastLoginTime IsActive Type Category InvitationAccepted"

// user is a user (facts 7.2-3 to 7.2-7).
func user() match {
	return object(fields{
		"id": guid, "userName": filled, "email": text, "emailConfirmed": boolean, "name": one(null, text), "surname": one(null, text), "displayName": one(null, text),
		"creationTime": identityTime, "lastModificationTime": one(null, identityTime), "lastLoginTime": one(null, identityTime), "groupIDs": one(null, every(guid)),
		"legacyId": integer, "isActive": boolean, "bypassBasicAuthRestriction": boolean, "type": between(0, 5), "category": between(0, 2), "invitationAccepted": boolean,
	})
}

func userFacts() []factCase {
	const (
		users = "{identity}/User/users/{p}"
		byID  = "{identity}/User/"
	)
	const memberNames = "id userName email emailConfirmed name surname displayName creationTime lastModificationTime lastLoginTime groupIDs legacyId isActive " +
		"bypassBasicAuthRestriction type category invitationAccepted"
	members := fields{}
	for name := range strings.FieldsSeq(memberNames) {
		members[name] = anything
	}
	done := fields{"succeeded": true, "errors": one(null, nothing)}
	refused := fields{"succeeded": false, "errors": every(object(fields{"code": filled, "description": text}))}
	newUser := func(name, email string) step {
		return post("{identity}/User/BulkCreate", fmt.Sprintf(`{"users":[{"userName":%q,"email":%q,"name":"New","surname":"User","displayName":"New User"}],"partitionGlobalId":"{p}"}`, name, email))
	}
	return []factCase{
		{Fact: "7.2-1", Steps: []step{
			get(users+"?searchTerm=acme&top=2&skip=1&sortBy=Email&sortOrder=desc").gives(200, page(all(count(2, 2), sorted("email", strings.ToLower, true)))),
			get(users+"?sortBy=Email&sortOrder=asc&top=1000").gives(200, page(sorted("email", strings.ToLower, false))),
		}},
		{Fact: "7.2-1", Strict: true, Steps: []step{get(users + "?top=1000&skip=0&sortBy=Id").gives(200)}},
		{Fact: "7.2-2", Steps: append([]step{
			get(users+"?top=0").gives(200, page(nothing)), get(users+"?top=1000").gives(200, page(count(8, 9))), get(users+"?top=1001").gives(400, wrong("top")),
			get("{identity}/RobotAccount/{p}?top=1000").gives(200), get("{identity}/RobotAccount/{p}?top=1001").gives(400, wrong("top")),
			get("{identity}/Group/{p}/{everyone}/Members?top=1000").gives(200), get("{identity}/Group/{p}/{everyone}/Members?top=1001").gives(400, wrong("top")),
		}, get(users).gives(200, page(count(8, 10))))},
		{Fact: "7.2-2", Seed: crowd(12), Steps: []step{
			get(users).gives(200, all(total(13), page(count(10, 10)))),
			get("{identity}/RobotAccount/{p}").gives(200, all(total(12), page(count(10, 10)))),
			get("{identity}/Group/{p}/{everyone}/Members").gives(200, all(total(12), page(count(10, 10)))),
		}},
		{Fact: "7.2-3", Steps: []step{get(users).gives(200, page(every(object(members)))), get(byID+"{ada}").gives(200, object(members))}},
		{Fact: "7.2-4", Steps: []step{
			get(users).gives(200, page(every(has(fields{
				"creationTime": identityTime, "lastModificationTime": one(null, identityTime), "lastLoginTime": one(null, identityTime)})))),
		}},
		{Fact: "7.2-5", Seed: crowd(1), Steps: []step{
			get(users).gives(200, page(every(has(fields{"email": text, "groupIDs": one(null, every(guid)), "legacyId": integer})))),
			get(users+"?searchTerm=caller").gives(200, page(list(has(fields{"email": "", "groupIDs": null})))),
		}},
		{Fact: "7.2-6", Steps: []step{
			get(byID+"{ada}").gives(200, has(fields{"type": 0})), get(byID+"{barbara}").gives(200, has(fields{"type": 2})),
		}},
		{Fact: "7.2-7", Steps: []step{
			get(byID+"{ada}").gives(200, has(fields{"category": 0})), get(byID+"{barbara}").gives(200, has(fields{"category": 2})),
		}},
		{Fact: "7.2-8", Steps: []step{
			get(byID+"{margaret}").gives(200, has(fields{"invitationAccepted": false})), get(byID+"{ada}").gives(200, has(fields{"invitationAccepted": true})),
		}},
		{Fact: "7.2-9", Strict: true, Steps: forEach(userSortKeys, func(key string) []step {
			return []step{get(users + "?top=3&sortOrder=asc&sortBy=" + key).gives(200), get(users + "?top=3&sortOrder=desc&sortBy=" + key).gives(200)}
		})},
		{Fact: "7.2-10", Steps: []step{
			get(users+"?searchTerm=grace.hopper@acme.example").gives(200, page(list(has(fields{"id": "{grace}"})))),
			get(users+"?searchTerm=opp").gives(200, page(some(has(fields{"id": "{grace}"})))),
			get(users+"?searchTerm=nobody-has-this").gives(200, all(total(0), page(nothing))),
		}},
		{Fact: "7.2-11", Steps: []step{
			get(users+"?searchTerm=HOPPER").gives(200, page(list(has(fields{"id": "{grace}"})))),
			get(users+"?top=1000").gives(200, page(sorted("userName", strings.ToLower, false))),
			get(users+"?top=2").gives(200, page(count(2, 2))).keep("first", "results.0.id"),
			get(users+"?top=2&skip=2").gives(200, page(no(has(fields{"id": "{first}"})))),
		}},
		{Fact: "7.2-12", Steps: []step{
			get(byID+"{ada}").gives(200, has(fields{"id": "{ada}", "userName": "ada.lovelace@acme.example"})),
			get(byID + "{unknown}").gives(404).checking(says("The entity was not found.")),
		}},
		{Fact: "7.2-13", Steps: []step{remove(byID+"{dennis}").gives(204, empty), get(byID + "{dennis}").gives(404)}},
		{Fact: "7.2-14", Steps: []step{
			remove(byID + "{ada}").as("ada.lovelace@acme.example").gives(403), remove(byID + "{katherine}").gives(204),
			held("/", "&securityPrincipalId={katherine}").gives(200, total(1)),
		}},
		{Fact: "7.2-15", Steps: []step{
			put(byID+"{grace}", `{"email":"ada.lovelace@acme.example"}`).gives(200, refused),
		}},
		{Fact: "7.2-16", Steps: []step{
			get(users+"?searchTerm=radia").gives(200, total(0)), get("{identity}/Directory/Search/{p}?startsWith=radia").gives(200, count(1, 1)),
		}},
		{Fact: "7.2-17", Steps: []step{
			get(byID+"{margaret}").gives(200, has(fields{"emailConfirmed": false, "invitationAccepted": false, "lastLoginTime": null})),
			get(byID+"{ada}").gives(200, has(fields{"emailConfirmed": true, "legacyId": integer})), get(users+"?sortBy=Shoe").gives(400, wrong("sortBy")),
		}},

		{Fact: "7.7-1", Steps: []step{
			newUser("new.user@acme.example", "new.user@acme.example").checking(succeeded),
			get(users+"?searchTerm=new.user").gives(200, page(list(all(user(), has(fields{"userName": "new.user@acme.example", "isActive": true}))))),
			post("{identity}/User/BulkCreate", `{"users":[{"userName":"other","email":"other@acme.example"}],"partitionGlobalId":"{p}","groupIDs":["{processDiscovery}"]}`).checking(succeeded),
			get(users+"?searchTerm=other@").gives(200, page(list(has(fields{"groupIDs": some("{processDiscovery}")})))),
			post("{identity}/User/BulkCreate", `{"users":[{"email":"third@acme.example"}],"partitionGlobalId":"{p}"}`).checking(says("InvalidUserName")),
		}},
		{Fact: "7.7-16", Steps: []step{
			post("{identity}/User/BulkCreate", `{"users":[{"userName":"old","legacyId":4711},{"userName":"next"}],"partitionGlobalId":"{p}"}`).checking(succeeded),
			get(users+"?searchTerm=old").gives(200, page(some(has(fields{"userName": "old", "legacyId": 4711})))),
			get(users+"?searchTerm=next").gives(200, page(some(has(fields{"userName": "next", "legacyId": integer})))),
		}},
		{Fact: "7.7-2", Steps: []step{
			newUser("new.user@acme.example", "new.user@acme.example").gives(200, fields{"result": done, "users": list(user())}),
			newUser("new.user@acme.example", "new.user@acme.example").gives(0, has(fields{"result": refused, "users": nothing})),
			post("{identity}/User/BulkCreate", `{"users":[{"userName":"fine"},{"userName":"new.user@acme.example"}],"partitionGlobalId":"{p}"}`).
				gives(0, has(fields{"result": refused, "users": nothing})),
			get(users+"?searchTerm=fine").gives(200, total(0)),
		}},
		{Fact: "7.7-3", Steps: []step{
			newUser("new.user", "new.user@acme.example").checking(succeeded),
			newUser("new.user", "another@acme.example").checking(says("DuplicateUserName")),
			newUser("another", "new.user@acme.example").checking(says("DuplicateEmail")),
		}},
		{Fact: "7.7-4", Steps: []step{
			get(byID+"{katherine}").gives(200, has(fields{"groupIDs": count(2, 3)})).keep("family", "surname"),
			put(byID+"{katherine}", `{"name":"Kate","displayName":"Kate J.","surname":null,"groupIDsToAdd":["{invoiceProcessing}"],"groupIDsToRemove":["{processDiscovery}"]}`).gives(200, done),
			get(byID+"{katherine}").gives(200, has(fields{"name": "Kate", "displayName": "Kate J.", "surname": "{family}", "email": "katherine.johnson@acme.example",
				"isActive": true, "groupIDs": all(some("{invoiceProcessing}"), no("{processDiscovery}"))})),
			put(byID+"{katherine}", `{"isActive":false,"bypassBasicAuthRestriction":true,"email":"kate@acme.example","invitationAccepted":true}`).gives(200, done),
			get(byID+"{katherine}").gives(200, has(fields{"isActive": false, "bypassBasicAuthRestriction": true, "email": "kate@acme.example", "userName": "katherine.johnson@acme.example"})),
		}},
		{Fact: "7.7-5", Steps: []step{
			post("{identity}/User/InviteUsers", `[{"email":"guest@acme.example","redirectUrl":"http://localhost/portal_/acceptInvite?organizationId={p}&emailForUserinvite=guest@acme.example&organizationName=acme&language=en"}]`).
				gives(200, fields{"result": done, "users": list(has(fields{"email": "guest@acme.example", "id": guid, "success": true, "errorMsg": null}))}).keep("guest", "users.0.id"),
			get(byID+"{guest}").gives(200, has(fields{"invitationAccepted": false})),
			post("{identity}/User/InviteUsers", `[{"email":"other@acme.example","redirectUrl":"https://elsewhere.example/"}]`).gives(200, fields{
				"result": done, "users": list(has(fields{"success": false, "id": "{zero}", "errorMsg": "Redirect URL is not valid"}))}),
		}},
		{Fact: "7.7-6", Steps: []step{
			removeMany("{identity}/User", `{"partitionGlobalId":"{p}","userIds":["{dennis}","{margaret}"]}`).gives(204, empty),
			get(byID + "{dennis}").gives(404), get(byID + "{margaret}").gives(404),
		}},
		{Fact: "7.7-7", Steps: []step{
			post("{identity}/User", `{"userName":"new.user@acme.example","email":"new.user@acme.example","partitionGlobalId":"{p}","password":"Not-kept-1","validatePassword":true,"groupIDs":[],"userLogins":[]}`).
				gives(200, done),
			post("{identity}/User", `{"userName":"new.user@acme.example","partitionGlobalId":"{p}"}`).gives(400, refused),
		}},
		{Fact: "7.7-8", Seed: scopedOrganization, Steps: []step{
			put(byID+"{grace}", `{"groupIDsToAdd":["{administrators}"]}`).as("grace").gives(403), put(byID+"{grace}", `{"groupIDsToAdd":["{administrators}"]}`).gives(200, done),
		}},
		{Fact: "7.7-9", Seed: scopedOrganization, Steps: []step{
			put(byID+"{grace}", `{"groupIDsToAdd":["{administrators}"]}`).as("user").gives(403), put(byID+"{grace}", `{"displayName":"G."}`).as("user").gives(200, done),
			post("{identity}/User/BulkCreate", `{"users":[{"userName":"new"}],"partitionGlobalId":"{p}","groupIDs":["{administrators}"]}`).as("user").gives(403),
		}},
		{Fact: "7.7-10", Steps: []step{
			newUser("ada.lovelace@acme.example", "").gives(200, fields{"result": refused, "users": nothing}),
			put(byID+"{grace}", `{"email":"no address"}`).gives(200, refused).checking(says("InvalidEmail")), newUser("new.user", "no address").gives(400, problem(400)),
			put(byID+"{grace}", `{"groupIDsToAdd":["{unknown}"]}`).gives(200, refused).checking(says("InvalidGroup")),
			post("{identity}/User/BulkCreate", `{"users":[{"id":"{ada}","userName":"new.user"}],"partitionGlobalId":"{p}"}`).checking(says("DuplicateId")),
		}},
		{Fact: "7.7-11", Steps: []step{
			newUser("new user", "").checking(says("InvalidUserName")), newUser("new-user._@+1", "").gives(200, has(fields{"result": done})),
			newUser("ADA.LOVELACE@acme.example", "").checking(says("DuplicateUserName")), newUser("radia.perlman@acme.example", "").checking(says("DuplicateUserName")),
		}},
		{Fact: "7.7-12", Steps: []step{
			post("{identity}/User/BulkCreate", `{"users":[{"userName":"new@acme.example","name":"New","surname":"User"},{"userName":"newer"}],"partitionGlobalId":"{p}"}`).gives(200),
			get(users+"?searchTerm=new").gives(200, page(all(some(has(fields{"userName": "new@acme.example", "email": "new@acme.example", "displayName": "New User", "isActive": true, "invitationAccepted": true, "groupIDs": null})),
				some(has(fields{"userName": "newer", "email": "", "displayName": "newer"}))))),
		}},
		{Fact: "7.7-13", Steps: []step{
			post("{identity}/User", `{"userName":"new","partitionGlobalId":"{p}","userLogins":[{"loginProvider":"x","providerKey":"y","providerDisplayName":"z"}]}`).gives(400),
			put(byID+"{grace}", `{"extensionUserAttributesToAddOrUpdate":{"a":"b"}}`).gives(400), put(byID+"{grace}", `{"password":"Not-kept-1"}`).gives(200, done),
			put(byID+"{barbara}", `{"surname":"Other"}`).gives(403),
		}},
		{Fact: "7.7-14", Steps: []step{
			post("{identity}/User/InviteUsers", `[{"email":"guest@acme.example","redirectUrl":"http://127.0.0.1/portal_/acceptInvite?organizationId={p}"}]`).gives(200, at("users.0.success", false)),
			post("{identity}/User/InviteUsers", `[{"email":"guest@acme.example","redirectUrl":"http://localhost/portal_/acceptInvite?organizationId={p}"}]`).gives(200, at("users.0.success", true)).keep("guest", "users.0.id"),
			get(byID+"{guest}").gives(200, has(fields{"userName": "guest@acme.example"})),
		}},
	}
}

func anything(*play, any) error { return nil }

// crowd is an organization with a caller and so many users, robot accounts, all in one group.
func crowd(n int) string {
	var users, robots, members []string
	for i := range n {
		users = append(users, fmt.Sprintf("{userName: user%02d@acme.example}", i))
		robots = append(robots, fmt.Sprintf("{name: robot%02d}", i))
		members = append(members, fmt.Sprintf("user%02d@acme.example", i))
	}
	return fmt.Sprintf(`
organization: {id: 9a2f4c1e-7b3d-4f58-a6e0-1d5c8b7f3e21, name: acme, defaultCaller: admin}
users: [{userName: caller}, %s]
robotAccounts: [%s]
groups: [{id: 3b000000-0000-4000-8000-000000000004, name: Everyone, builtIn: true, members: [%s]}]
externalApplications: [{name: admin, secret: not-a-secret, scopes: [PM.User, PM.Group, PM.RobotAccount]}]
`, strings.Join(users, ", "), strings.Join(robots, ", "), strings.Join(members, ", "))
}
