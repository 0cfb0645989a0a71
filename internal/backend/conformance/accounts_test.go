package conformance_test

import (
	"errors"
	"net/http"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

// robot is a robot account (fact 7.4-2), client an external client (fact 7.5-2).
func robot(times any) match {
	return object(fields{
		"id": guid, "name": filled, "displayName": one(null, text), "creationTime": times, "lastLoginTime": one(null, identityTime), "groupIds": one(null, array(func(*play, []any) error { return nil })),
	})
}

func client() match {
	return has(fields{
		"id": guid, "name": filled, "isConfidential": boolean, "redirectUri": one(null, text), "resources": one(nothing, every(has(fields{}))),
		"secrets": array(func(*play, []any) error { return nil }),
	})
}

func accountFacts() []factCase {
	const (
		robots  = "{identity}/RobotAccount/{p}"
		clients = "{identity}/ExternalClient/{p}"
		setting = "{identity}/Setting"
	)
	newRobot := post("{identity}/RobotAccount", `{"partitionGlobalId":"{p}","name":"new-robot","displayName":"New Robot","groupIDsToAdd":["{financeRobots}"]}`)
	newClient := post("{identity}/ExternalClient", `{"partitionGlobalId":"{p}","name":"new client","isConfidential":true,"redirectUri":"",`+
		`"scopes":[{"name":"PM.User.Read","type":"application"}]}`)
	row := func(key, value string) match {
		return object(fields{"id": integer, "key": key, "value": value, "partitionGlobalId": "{p}", "userId": "{grace}"})
	}
	return []factCase{
		{Fact: "7.4-1", Steps: []step{
			get(robots+"?searchTerm=robot&top=2&skip=1&sortBy=Name&sortOrder=desc").gives(200, all(total(3), page(all(count(2, 2), sorted("name", same, true))))),
			get(robots+"/{invoiceRobot}").gives(200, has(fields{"id": "{invoiceRobot}", "name": "invoice-robot"})),
			get(robots + "/{unknown}").gives(404),
		}},
		{Fact: "7.4-2", Steps: []step{
			get(robots).gives(200, page(every(robot(match(identityTime))))), get(robots+"/{invoiceRobot}").gives(200, all(robot(match(identityTime)), has(fields{"groupIds": some("{financeRobots}")}))),
		}},
		{Fact: "7.5-1", Steps: []step{
			get(clients).gives(200, every(client())), get(clients+"/{terraform}").gives(200, has(fields{"id": "{terraform}", "name": "terraform"})),
			get(clients + "/{unknown}").gives(404),
		}},
		{Fact: "7.5-2", Steps: []step{get(clients).gives(200, every(client())), get(clients+"/{terraform}").gives(200, client())}},
		{Fact: "7.5-3", Steps: []step{
			get(clients+"/{terraform}").gives(200, has(fields{"resources": every(all(
				has(fields{"name": filled, "displayName": one(null, text), "description": one(null, text)}),
				has(fields{"scopes": every(has(fields{"name": filled, "displayName": one(null, text), "description": one(null, text), "type": integer}))})))})),
		}},
		{Fact: "7.5-4", Steps: []step{
			get(clients+"/{terraform}").gives(200, has(fields{"resources": all(some(has(fields{"name": "PM"})), some(has(fields{"name": "OR", "scopes": some(has(fields{"name": "OR.Folders.Read"}))})))})),
		}},
		{Fact: "7.5-5", Steps: []step{get(clients+"/{terraform}").gives(200, has(fields{"secrets": every(has(fields{"id": integer, "secret": null}))}))}},

		{Fact: "7.6-1", Options: &backend.Options{RateLimits: true}, Steps: []step{
			get("{identity}/Group/{p}").as(nobody).times(300).gives(401), get("{identity}/Group/{p}").gives(429),
			put("{identity}/Group/{unknown}", `{}`).as(nobody).times(160).gives(401), put("{identity}/Group/{unknown}", `{}`).gives(429),
			patch("{identity}/Group/{unknown}", `{}`).checking(unlimited), remove("{identity}/Group/{p}/{unknown}").checking(unlimited),
			post("{identity}/Directory/GroupMembership/{p}", `{"userId":"{ada}","groupIds":[]}`).gives(200), get("{pap}/roles?top=1").gives(200),
		}},
		{Fact: "7.6-4", Steps: []step{
			get("{identity}/Group/{p}").as(nobody).times(301).gives(401), get("{identity}/Group/{p}").gives(200),
		}},
		{Fact: "7.6-5", Options: &backend.Options{RateLimits: true}, Steps: []step{
			get("{identity}/Group/{p}").as(nobody).times(300).gives(401), get("{identity}/Group/{p}").gives(429).heads("Retry-After", spelled("^[0-9]+$")),
			form(tokenPath, terraformCredentials()...).gives(200),
		}},

		{Fact: "7.8-1", Steps: []step{
			newRobot.gives(201, all(robot(match(identityTime)), has(fields{"name": "new-robot", "displayName": "New Robot", "groupIds": list("{financeRobots}")}))).keep("robot", "id"),
			get(robots+"/{robot}").gives(200, has(fields{"name": "new-robot"})),
		}},
		{Fact: "7.8-2", Steps: []step{
			newRobot.gives(201).keep("robot", "id"),
			put("{identity}/RobotAccount/{robot}", `{"partitionGlobalId":"{p}","displayName":"Renamed","groupIDsToAdd":["{processDiscovery}"],"groupIDsToRemove":["{financeRobots}"]}`).
				gives(200, has(fields{"name": "new-robot", "displayName": "Renamed", "groupIds": list("{processDiscovery}")})),
			put("{identity}/RobotAccount/{robot}", `{"displayName":"Again"}`).gives(200, has(fields{"displayName": "Again", "groupIds": list("{processDiscovery}")})),
		}},
		{Fact: "7.8-3", Steps: []step{
			newRobot.gives(201).keep("robot", "id"), remove(robots+"/{robot}").gives(204, empty), get(robots + "/{robot}").gives(404),
			removeMany(robots, `{"robotAccountIDs":["{invoiceRobot}"]}`).gives(204, empty), get(robots + "/{invoiceRobot}").gives(404),
		}},
		{Fact: "7.8-4", Steps: []step{
			newClient.gives(201, all(client(), has(fields{"name": "new client", "secret": filled}))).keep("client", "id").keep("secret", "secret"),
			get(clients+"/{client}").gives(200, lacksFilled("secret")),
			post(tokenPath, "grant_type=client_credentials&client_id={client}&client_secret={secret}").as(nobody).
				with("Content-Type", "application/x-www-form-urlencoded").checking(succeeded),
			post("{identity}/ExternalClient", `{"partitionGlobalId":"{p}","name":"short","isConfidential":true,"scopes":[{"name":"PM.User.Read","type":"application"}]}`).gives(201),
		}},
		{Fact: "7.8-5", Steps: []step{newClient.gives(201), newClient.gives(201)}},
		{Fact: "7.8-6", Steps: []step{
			newClient.gives(201).keep("client", "id"),
			put(clients+"/{client}", `{"name":"renamed","redirectUri":"","scopes":[{"name":"PM.Group.Read","type":"application"}]}`).gives(200),
			get(clients+"/{client}").gives(200, has(fields{"name": "renamed", "resources": list(has(fields{"scopes": list(has(fields{"name": "PM.Group.Read"}))}))})),
			remove(clients+"/{client}").gives(204, empty), get(clients + "/{client}").gives(404),
		}},
		{Fact: "7.8-7", Steps: []step{
			newClient.gives(201).keep("client", "id"),
			post("{identity}/ExternalClient/GenerateSecret", `{"clientId":"{client}","description":"second","partitionGlobalId":"{p}","expiryTime":"2027-01-01T00:00:00Z"}`).
				gives(200, fields{"id": integer, "description": "second", "secret": filled, "creationTime": filled, "expiryTime": one(null, filled)}).
				keep("number", "id").keep("secret", "secret"),
			post(tokenPath, "grant_type=client_credentials&client_id={client}&client_secret={secret}").as(nobody).
				with("Content-Type", "application/x-www-form-urlencoded").gives(200),
			remove(clients+"/secrets/{number}").gives(204, empty),
			post(tokenPath, "grant_type=client_credentials&client_id={client}&client_secret={secret}").as(nobody).
				with("Content-Type", "application/x-www-form-urlencoded").gives(400),
		}},
		{Fact: "7.8-8", Steps: []step{
			get("{identity}/ExternalApiResource").gives(200, every(object(fields{
				"name": filled, "displayName": text, "description": one(null, text),
				"scopes": every(object(fields{"name": filled, "displayName": text, "description": one(null, text), "type": anything})),
			}))),
		}},
		{Fact: "7.8-9", Steps: []step{
			get(clients+"/{terraform}/GenerateSecret").gives(200, filled).heads("Content-Type", containing("json")),
			get(clients+"/{terraform}").gives(200, has(fields{"secrets": count(2, 2)})),
		}},
		{Fact: "7.8-10", Strict: true, Steps: []step{
			post("{identity}/RobotAccount", `{"partitionGlobalId":"{p}","id":"{new}","name":"new-robot"}`).gives(201, has(fields{"id": "{new}"})),
			put("{identity}/RobotAccount/{new}", `{"displayName":"Renamed"}`).gives(200, has(fields{"displayName": "Renamed"})),
		}},
		{Fact: "7.8-11", Strict: true, Steps: forEach(`1 "application" "Application" "user" "User" 0`, func(word string) []step {
			return []step{post("{identity}/ExternalClient", `{"partitionGlobalId":"{p}","name":"new","isConfidential":true,"redirectUri":"","scopes":[{"name":"PM.User.Read","type":`+word+`}]}`).gives(201)}
		})},
		{Fact: "7.8-12", Steps: []step{
			post("{identity}/ExternalClient", `{"partitionGlobalId":"{p}","name":"public client","isConfidential":false,"redirectUri":"http://localhost/","scopes":[{"name":"PM.User.Read","type":"user"}]}`).
				gives(201).keep("client", "id"),
			get("{identity}/Directory/Search/{p}?startsWith=public").gives(200, nothing),
			put("{identity}/Group/{financeRobots}", `{"partitionGlobalId":"{p}","name":"Finance Robots","directoryUserIDsToAdd":["{client}"]}`).checking(refusedSomehow),
		}},
		{Fact: "7.8-13", Steps: []step{
			newRobot.gives(201).keep("robot", "id"), newRobot.gives(409), post("{identity}/RobotAccount", `{"partitionGlobalId":"{p}","name":"NEW-robot"}`).gives(409),
			post("{identity}/RobotAccount", `{"partitionGlobalId":"{p}","name":"other","groupIDsToAdd":["{unknown}"]}`).gives(400),
			put("{identity}/RobotAccount/{robot}", `{"name":"other"}`).gives(400), post("{identity}/RobotAccount", `{"partitionGlobalId":"{p}","id":"{robot}","name":"other"}`).gives(409),
		}},
		{Fact: "7.8-14", Steps: []step{
			newRobot.gives(201).keep("robot", "id"), put("{identity}/RobotAccount/{robot}", `{}`).gives(200, has(fields{"displayName": "New Robot"})),
			newClient.gives(201).keep("client", "id"), put(clients+"/{client}", `{"isConfidential":false}`).gives(400),
			put(clients+"/{client}", `{"redirectUri":"http://localhost/"}`).gives(200, has(fields{"name": "new client", "redirectUri": "http://localhost/"})),
		}},
		{Fact: "7.8-15", Steps: []step{
			grant("steward", "invoiceRobot", "Robot", "/").gives(204), remove(robots + "/{invoiceRobot}").gives(204),
			get("{identity}/Group/{p}/{financeRobots}").gives(200, has(fields{"members": no(has(fields{"identifier": "{invoiceRobot}"}))})),
			held("/", "&securityPrincipalId={invoiceRobot}").gives(200, total(1)),
		}},
		{Fact: "7.8-15", Seed: strings.Replace(scopedOrganization, "{name: client-write,", "{name: client-write, id: 5e000000-0000-4000-8000-000000000001,", 1), Steps: []step{
			remove(clients + "/{new}").as("client-write").gives(403),
		}},
		{Fact: "7.8-16", Steps: []step{
			post("{identity}/ExternalClient/GenerateSecret", `{"clientId":"{terraform}","description":"late","partitionGlobalId":"{p}","expiryTime":"2020-01-01T00:00:00Z"}`).gives(400),
			put(clients+"/{terraform}", `{"clientCertificates":[{"certificate":"x"}]}`).gives(400),
		}},
		{Fact: "7.8-16", Seed: scopedOrganization, Steps: []step{
			get(clients).gives(200).keep("client", "0.id"),
			post("{identity}/ExternalClient/GenerateSecret", `{"clientId":"{client}","description":"more","partitionGlobalId":"{p}","expiryTime":"2027-01-01T00:00:00Z"}`).as("client-write").gives(403),
		}},
		{Fact: "7.8-17", Steps: []step{
			get("{identity}/ExternalApiResource").as("katherine.johnson@acme.example").gives(200, all(some(has(fields{"scopes": some(has(fields{"name": "OR.Folders"}))})),
				some(has(fields{"scopes": some(has(fields{"name": "PM.User.Read"}))})))),
		}},

		{Fact: "7.9-1", Steps: []step{
			put(setting, `{"settings":[{"key":"UserTheme.Theme","value":"dark"},{"key":"UserAlert.AlertDuration","value":"8"}],"partitionGlobalId":"{p}","userId":"{grace}"}`).gives(200),
			get(setting+"?key=UserTheme.Theme&key=UserCase.AppOrderByTenant&userId={grace}&partitionGlobalId={p}").gives(200, list(row("UserTheme.Theme", "dark"))),
			get(setting+"?userId={grace}&partitionGlobalId={p}").gives(200, nothing),
		}},
		{Fact: "7.9-2", Steps: []step{
			put(setting, `{"settings":[{"key":"UserTheme.Theme","value":"dark"},{"key":"UserAlert.AlertDuration","value":"8"}],"partitionGlobalId":"{p}","userId":"{grace}"}`).
				gives(200, all(count(2, 2), some(row("UserTheme.Theme", "dark")), some(row("UserAlert.AlertDuration", "8")))),
			put(setting, `{"settings":[{"key":"UserTheme.Theme","value":"light"}],"partitionGlobalId":"{p}","userId":"{grace}"}`).gives(200, list(row("UserTheme.Theme", "light"))),
			get(setting+"?key=UserTheme.Theme&key=UserAlert.AlertDuration&userId={grace}&partitionGlobalId={p}").gives(200,
				all(count(2, 2), some(row("UserTheme.Theme", "light")), some(row("UserAlert.AlertDuration", "8")))),
		}},
		{Fact: "7.9-3", Steps: []step{
			put(setting, `{"settings":[{"key":"Auth.Password.DefaultExpirationDays","value":"30"}],"partitionGlobalId":"{p}"}`).gives(200,
				list(has(fields{"key": "Auth.Password.DefaultExpirationDays", "value": "30"}))),
			get(setting+"?key=Auth.Password.DefaultExpirationDays&partitionGlobalId={p}").gives(200, list(has(fields{"value": "30"}))),
			get(setting+"?key=Auth.Password.DefaultExpirationDays&partitionGlobalId={p}&userId={grace}").gives(200, nothing),
		}},
		{Fact: "7.9-5", Steps: []step{
			put(setting, graces("light")).as("grace.hopper@acme.example").gives(200), get(setting+ofGrace).as("grace.hopper@acme.example").gives(200, count(1, 1)),
			get(setting + ofGrace).as("katherine.johnson@acme.example").gives(403), put(setting, graces("dark")).as("katherine.johnson@acme.example").gives(403),
			get(setting+ofGrace).gives(200, count(1, 1)), get(setting + "?key=UserTheme.Theme&partitionGlobalId={p}").as("katherine.johnson@acme.example").gives(403),
		}},
		{Fact: "7.9-6", Steps: []step{
			put(setting, `{"settings":[{"key":"Own.Key","value":null}],"partitionGlobalId":"{p}","userId":"{grace}"}`).gives(200, list(row("Own.Key", ""))),
			get(setting+"?key=own.key&partitionGlobalId={p}&userId={grace}").gives(200, nothing), get(setting + "?key=Own.Key&partitionGlobalId={p}&userId={unknown}").gives(404),
			get(setting + "?key=Own.Key&userId={grace}").gives(400), remove("{identity}/User/{grace}").gives(204), get(setting + ofGrace).gives(404),
		}},
	}
}

// ofGrace asks for one setting of a user, and graces writes it.
const ofGrace = "?key=UserTheme.Theme&partitionGlobalId={p}&userId={grace}"

func graces(theme string) string {
	return `{"settings":[{"key":"UserTheme.Theme","value":"` + theme + `"}],"partitionGlobalId":"{p}","userId":"{grace}"}`
}

// unlimited expects anything but the refusal of too many requests.
func unlimited(_ *play, r response) error {
	if r.status == http.StatusTooManyRequests {
		return errors.New("too many requests")
	}
	return nil
}

// lacksFilled is an object whose member is missing, null or empty.
func lacksFilled(member string) match {
	return one(lacks(member), has(fields{member: null}), has(fields{member: ""}))
}
