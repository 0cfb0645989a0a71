package conformance_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// platformTest is what one of the integration tests of the vendor's SDK asks and expects, in our own words.
type platformTest struct {
	name  string
	steps []step
}

// sdkHeader is what the SDK sends with every request.
func sdkHeader() http.Header {
	const trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	return http.Header{"Traceparent": {trace}, "X-Uipath-Traceparent-Id": {trace}}
}

// TestPlatformSuites plays the SDK's platform suites. The names begin with the suite and the place of the test in it.
func TestPlatformSuites(t *testing.T) {
	t.Parallel()
	tests := slices.Concat(settingsSuite(), usersSuite(), groupsSuite(), directorySuite(), rolesSuite())
	if len(tests) != 39 {
		t.Errorf("%d tests, want the 39 of the SDK", len(tests))
	}
	playAll(t, tests)
}

// playAll plays tests out of strict mode with a personal access token, and in strict mode as a user who has signed in.
func playAll(t *testing.T, tests []platformTest) {
	t.Helper()
	shared := serveReaders(t)
	for _, test := range tests {
		for _, way := range []struct {
			name, caller string
			strict       bool
		}{{"by token", adasToken, false}, {"strict, signed in", "ada.lovelace@acme.example", true}} {
			t.Run(test.name+"/"+way.name, func(t *testing.T) {
				t.Parallel()
				p := &play{shared.serverFor(t, way.strict, test.steps), names(), way.caller, sdkHeader()}
				if err := p.run(t.Context(), test.steps); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// settingKeys are the keys that the SDK knows.
const settingKeys = "UserLanguage.Language UserLanguage.Date UserTheme.Theme UserAccessibility.Accessibility UserAlert.AlertDuration UserCase.AppOrderByTenant " +
	"UserCase.PinnedInstancesByTenant UserCase.InstancesTableFiltersByTenant UserCase.InstancesTableColumnsByTenant"

func settingsSuite() []platformTest {
	const (
		of   = "&userId={ada}&partitionGlobalId={p}"
		path = "{identity}/Setting"
	)
	known := one(anyOf(strings.Fields(settingKeys))...)
	row := object(fields{"id": integer, "key": known, "value": text, "partitionGlobalId": "{p}", "userId": "{ada}"})
	every9 := get(path + "?key=" + strings.ReplaceAll(settingKeys, " ", "&key=") + of)
	// The suite reads all settings before its tests, and wants that the user has two at least.
	first := every9.gives(200, count(2, 9)).keep("key", "0.key").keep("value", "0.value").keep("key2", "1.key").keep("value2", "1.value").keep("id", "0.id")
	write := func(value string) step {
		return put(path, `{"settings":[{"key":"{key}","value":"`+value+`"}],"partitionGlobalId":"{p}","userId":"{ada}"}`)
	}
	alone := get(path + "?key={key}" + of)
	return []platformTest{
		{"Settings 1: rows have a known key, a number, a text, and whose they are", []step{first, every9.gives(200, every(row))}},
		{"Settings 2: a row names the organization", []step{first, every9.gives(200, every(has(fields{"partitionGlobalId": "{p}"})))}},
		{"Settings 3: only keys that were asked for come back", []step{
			first, get(path+"?key={key}&key={key2}"+of).gives(200, all(count(2, 2), every(has(fields{"key": one("{key}", "{key2}")})))),
		}},
		{"Settings 4: one key gives one row", []step{first, alone.gives(200, list(has(fields{"key": "{key}", "value": "{value}"})))}},
		{"Settings 5: one row is of the same organization and user", []step{
			first, alone.gives(200, list(has(fields{"partitionGlobalId": "{p}", "userId": "{ada}"}))),
		}},
		{"Settings 6: a value is changed and changed back", []step{
			first, write("{value}-changed").gives(200, list(has(fields{"key": "{key}", "value": "{value}-changed", "id": integer}))),
			alone.gives(200, list(has(fields{"value": "{value}-changed"}))),
			write("{value}").gives(200, list(has(fields{"value": "{value}"}))), alone.gives(200, list(has(fields{"value": "{value}"}))),
		}},
		{"Settings 7: writing what is there changes nothing", []step{
			first, put(path, `{"settings":[{"key":"{key}","value":"{value}"},{"key":"{key2}","value":"{value2}"}],"partitionGlobalId":"{p}","userId":"{ada}"}`).
				gives(200, all(count(2, 2), some(has(fields{"key": "{key}", "value": "{value}"})), some(has(fields{"key": "{key2}", "value": "{value2}"})))),
		}},
		{"Settings 8: a row that was written is the user's", []step{first, write("{value}").gives(200, list(has(fields{"userId": "{ada}"})))}},
	}
}

func anyOf(words []string) []any {
	values := make([]any, len(words))
	for i, word := range words {
		values[i] = word
	}
	return values
}

func usersSuite() []platformTest {
	const (
		users  = "{identity}/User/users/{p}"
		all10  = users + "?sortBy=Id&top=1000&skip=0"
		single = "{identity}/User/{katherine}"
	)
	done := fields{"succeeded": true, "errors": one(null, nothing)}
	rename := func(name string) step {
		return put(single, `{"displayName":"`+name+`"}`).gives(200, done)
	}
	before := get(single).gives(200).keep("email", "email").keep("name", "name").keep("surname", "surname").keep("display", "displayName").keep("group", "groupIDs.0")
	kept := has(fields{"email": "{email}", "name": "{name}", "surname": "{surname}", "isActive": true, "groupIDs": some("{group}")})
	return []platformTest{
		{"Users 1: the list has both users", []step{get(all10).gives(200, page(all(some(has(fields{"id": "{grace}"})), some(has(fields{"id": "{katherine}"})))))}},
		{"Users 2: a listed user has a time and known codes", []step{
			get(all10).gives(200, page(some(has(fields{"id": "{grace}", "creationTime": identityTime, "type": between(0, 5), "category": between(0, 2)})))),
		}},
		{"Users 3: a search finds an e-mail", []step{
			get(users+"?searchTerm=grace.hopper%40acme.example").gives(200, page(some(has(fields{"id": "{grace}"})))),
		}},
		{"Users 4: the list is sorted by e-mail", []step{
			get(users+"?sortBy=Email&sortOrder=asc&top=1000&skip=0").gives(200, page(all(count(3, 1000), sorted("email", strings.ToLower, false)))),
		}},
		{"Users 5: the list has pages", []step{
			get(users+"?top=2").gives(200, all(has(fields{"totalCount": between(3, 1000)}), page(count(2, 2)))).keep("first", "results.0.id"),
			get(users+"?top=2&skip=2").gives(200, page(every(has(fields{"id": not("{first}")})))),
		}},
		{"Users 6: a user by id", []step{
			get("{identity}/User/{grace}").gives(200, has(fields{"userName": text, "email": text, "isActive": boolean, "groupIDs": every(match(guid))})),
		}},
		{"Users 7: a user by id has known codes", []step{
			get("{identity}/User/{grace}").gives(200, has(fields{"type": between(0, 5), "category": between(0, 2), "creationTime": identityTime})),
		}},
		{"Users 8: a display name is changed, and nothing else", []step{
			before, rename("Changed"), get(single).gives(200, all(kept, has(fields{"displayName": "Changed"}))),
			rename("{display}"), get(single).gives(200, all(kept, has(fields{"displayName": "{display}"}))),
		}},
		{"Users 9: a user that was read is changed", []step{
			before, get(single).gives(200).keep("id", "id"),
			put("{identity}/User/{id}", `{"displayName":"Changed again"}`).gives(200, done), get(single).gives(200, all(kept, has(fields{"displayName": "Changed again"}))),
			rename("{display}"),
		}},
	}
}

func groupsSuite() []platformTest {
	const (
		groups  = "{identity}/Group/{p}"
		single  = groups + "/{new}"
		members = single + "/Members"
		user    = "{identity}/User/{katherine}"
	)
	create := func(more string) step {
		return post("{identity}/Group", `{"partitionGlobalId":"{p}","id":"{new}","name":"sdk-it-group"`+more+`}`).gives(201, has(fields{"id": "{new}", "name": "sdk-it-group", "type": 1}))
	}
	end := remove(single).gives(204)
	gone := get(groups).gives(200, no(has(fields{"id": "{new}"})))
	done := fields{"succeeded": true, "errors": one(null, nothing)}
	member := object(fields{"id": "{katherine}", "type": between(0, 5)})
	listed := func(rows match, n int) step { return get(members).gives(200, all(total(n), page(rows))) }
	return []platformTest{
		{"Groups 1: the list has the built-in groups", []step{
			get(groups).gives(200, all(some(has(fields{"name": "Everyone", "type": 0})), some(has(fields{"name": "Administrators"})))),
		}},
		{"Groups 2: the first group has a time and a known type", []step{get(groups).gives(200, at("0", has(fields{"creationTime": identityTime, "type": between(0, 1)})))}},
		{"Groups 3: a group is created, read, renamed and deleted", []step{
			create(""), get(single).gives(200, has(fields{"id": "{new}", "name": "sdk-it-group"})),
			put("{identity}/Group/{new}", `{"partitionGlobalId":"{p}","name":"sdk-it-renamed"}`).gives(200, has(fields{"id": "{new}", "name": "sdk-it-renamed"})),
			get(single).gives(200, has(fields{"name": "sdk-it-renamed"})), end, gone,
		}},
		{"Groups 4: a group is created with a member", []step{create(`,"directoryUserMemberIDs":["{katherine}"]`), listed(list(member), 1), end}},
		{"Groups 5: a group gains a member and loses it", []step{
			create(""), put("{identity}/Group/{new}", `{"partitionGlobalId":"{p}","name":"sdk-it-group","directoryUserIDsToAdd":["{katherine}"]}`).gives(200),
			listed(list(member), 1), get(user).gives(200, has(fields{"groupIDs": some("{new}")})),
			put("{identity}/Group/{new}", `{"partitionGlobalId":"{p}","name":"sdk-it-group","directoryUserIDsToRemove":["{katherine}"]}`).gives(200),
			listed(match(nothing), 0), get(user).gives(200, has(fields{"groupIDs": no("{new}")})), end,
		}},
		{"Groups 6: a user joins a group and leaves it", []step{
			create(""), put(user, `{"groupIDsToAdd":["{new}"]}`).gives(200, done), listed(list(member), 1),
			put(user, `{"groupIDsToRemove":["{new}"]}`).gives(200, done), get(user).gives(200, has(fields{"groupIDs": no("{new}")})), listed(match(nothing), 0), end,
		}},
		{"Groups 7: the members have pages", []step{
			get(groups+"/{administrators}/Members?top=1").gives(200, all(has(fields{"totalCount": between(2, 1000)}), page(count(1, 1)))).
				keep("total", "totalCount").keep("first", "results.0.id"),
			get(groups+"/{administrators}/Members?top=1&skip=1").gives(200, page(list(has(fields{"id": not("{first}")})))).
				checking(func(p *play, r response) error {
					n, err := find(r.body(), "totalCount")
					if err == nil && fmt.Sprint(n) != p.names["total"] {
						err = fmt.Errorf("the total is %v and was %s", n, p.names["total"])
					}
					return err
				}),
		}},
		{"Groups 8: a new group is deleted", []step{create(""), end, gone}},
	}
}

func directorySuite() []platformTest {
	const (
		search     = "{identity}/Directory/Search/{p}"
		membership = "{identity}/Directory/GroupMembership/{p}"
	)
	create := post("{identity}/Group", `{"partitionGlobalId":"{p}","id":"{new}","name":"sdk-it-directory","directoryUserMemberIDs":["{katherine}"]}`).gives(201)
	groups := func(user, ids string) step { return post(membership, `{"userId":"{`+user+`}","groupIds":[`+ids+`]}`) }
	return []platformTest{
		{"Directory 1: a search for groups", []step{
			get(search+"?startsWith=Administrator&entityType=group").gives(200, all(every(has(fields{"type": 1})), some(has(fields{"identityName": "Administrators"})))),
		}},
		{"Directory 2: a search for anything", []step{
			get(search+"?startsWith=a").gives(200, every(has(fields{"identifier": text, "identityName": text, "type": between(0, 2)}))),
		}},
		{"Directory 3: a search in one source finds a new group", []step{
			create, get(search+"?startsWith=sdk-it-&sourceFilter=localGroups").gives(200, all(every(has(fields{"type": 1})), some(has(fields{"identifier": "{new}"})))),
		}},
		{"Directory 4: a member is in the group", []step{create, groups("katherine", `"{new}"`).gives(200, list(has(fields{"identifier": "{new}"})))}},
		{"Directory 5: somebody else is not", []step{create, groups("grace", `"{new}"`).gives(200, nothing)}},
		{"Directory 6: only groups that were asked for come back", []step{
			create, groups("katherine", `"{new}","{everyone}"`).gives(200, all(some(has(fields{"identifier": "{new}"})), every(has(fields{"identifier": one("{new}", "{everyone}")})))),
		}},
	}
}

func rolesSuite() []platformTest {
	const roles = "{pap}/roles"
	// The suite looks for a permission before its tests.
	permission := get("{pap}/actions?serviceName=AuthZ").gives(200, some(has(fields{"resourceAction": spelled("(?i)^read$")}))).checking(func(p *play, r response) error {
		rows, _ := r.body().([]any)
		for _, one := range rows {
			if action, err := find(one, "resourceAction"); err == nil && strings.EqualFold(fmt.Sprint(action), "Read") {
				name, err := find(one, "name")
				p.names["permission"] = fmt.Sprint(name)
				return err
			}
		}
		return nil
	})
	write := func(id, name, description string) step {
		return put(roles, `{`+id+`"roleName":"`+name+`","roleScopeType":"ORGANIZATION","roleDescription":"`+description+`","actionsGrantedByRole":["{permission}"],"organizationId":"{p}"}`).
			gives(200, fields{"createdRoleId": guid}).keep("role", "createdRoleId")
	}
	read := func(name, description string) step {
		return get(roles+"/{role}").gives(200, has(fields{"name": name, "description": description, "type": "Custom", "scopeType": "ORGANIZATION", "actionDetails": list(has(fields{"name": "{permission}"}))}))
	}
	created := write("", "sdk-it-role", "Made by a test")
	rows := get("{pap}/userroleassignments?scope=/&securityPrincipalId={katherine}&top=100&skip=0")
	return []platformTest{
		{"Roles 1: the list has built-in roles with their permissions", []step{
			get(roles+"?top=20").gives(200, all(has(fields{"totalCount": between(1, 100000)}), page(some(has(fields{"type": "BUILTIN", "actionDetails": every(action())}))))),
		}},
		{"Roles 2: roles have a time and a known type", []step{
			get(roles+"?top=5").gives(200, page(every(has(fields{"createdOn": text, "type": one("BUILTIN", "CUSTOM", "PLATFORM")})))),
		}},
		{"Roles 3: the list is filtered by type and name", []step{
			get(roles+"?roleType=BUILTIN&contains=Admin&top=50").gives(200, page(every(has(fields{"type": "BUILTIN", "name": spelled("(?i)admin")})))),
		}},
		{"Roles 4: a role is created, read, changed, renamed and deleted", []step{
			permission, created, read("sdk-it-role", "Made by a test"),
			write(`"id":"{role}",`, "sdk-it-role", "Changed by a test"), read("sdk-it-role", "Changed by a test"),
			write(`"id":"{role}",`, "sdk-it-renamed", "Changed by a test"), read("sdk-it-renamed", "Changed by a test"),
			remove(roles + "/{role}").checking(succeeded), get(roles + "/{role}").gives(404),
		}},
		{"Roles 5: a role is granted and taken back", []step{
			permission, created, grant("role", "katherine", "User", "/").checking(succeeded),
			rows.gives(200, holds(fields{"roleId": "{role}", "roleName": "sdk-it-role", "createdOn": text})).checking(func(p *play, r response) error {
				p.names["assignment"] = assignmentOf(r, p.names["role"])
				return nil
			}),
			revoke("assignment").checking(succeeded), rows.gives(200, page(no(has(fields{"roleAssignmentDtos": some(has(fields{"roleId": "{role}"}))})))),
			remove(roles + "/{role}").checking(succeeded),
		}},
		{"Roles 6: the assignments are exported", []step{
			get("{pap}/userroleassignments/export?exportOutputType=Csv").gives(200, all(spelled(`^[^\n]*RoleName`), spelled(`^[^\n]*SecurityPrincipal`))),
		}},
		{"Roles 7: effective access in a tenant", []step{
			post("{pap}/geteffectiveaccess", `{"userId":"{katherine}","scopeIdentifier":{"scopeType":"Tenant","value":{"id":"{production}","tenantId":"{production}"}}}`).gives(200, has(fields{
				"roleAssignments": has(fields{"totalCount": integer, "results": count(0, 1000)}), "grantedServicesMetadata": count(0, 1000), "grantedRolesMetadata": count(0, 1000)})),
		}},
		{"Roles 8: the permissions of a service", []step{get("{pap}/actions?serviceName=AuthZ").gives(200, every(has(fields{"namespace": "AUTHZ"})))}},
	}
}

// assignmentOf finds the id of the assignment of a role in a listing.
func assignmentOf(r response, role string) string {
	rows, err := find(r.body(), "results")
	if err != nil {
		return ""
	}
	holders, _ := rows.([]any)
	for _, holder := range holders {
		assignments, err := find(holder, "roleAssignmentDtos")
		if err != nil {
			continue
		}
		list, _ := assignments.([]any)
		for _, one := range list {
			if id, err := find(one, "roleId"); err == nil && id == role {
				found, err := find(one, "id")
				if err == nil {
					return fmt.Sprint(found)
				}
			}
		}
	}
	return ""
}
