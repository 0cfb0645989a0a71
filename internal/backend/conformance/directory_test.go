package conformance_test

import (
	"fmt"
	"strings"
)

// found is a row of a search (fact 7.1-3).
func found() match {
	return object(fields{
		"source": one("local", "aad", "directory"), "identifier": filled, "identityName": text, "displayName": text, "email": one(null, text), "domain": one(null, text),
		"type": between(0, 2), "objectType": one("DirectoryUser", "DirectoryGroup", "DirectoryRobotUser", "DirectoryApplication"),
	})
}

// entity is a principal as members, resolved names and groups of somebody show it (facts 7.1-11, 7.3-4).
func entity(want fields) match {
	return all(has(fields{"objectType": filled, "source": filled, "identifier": filled, "name": text, "displayName": text}), has(want))
}

// resolve asks for names of a type.
func resolve(entityType string, names ...string) step {
	return post("{identity}/Directory/BulkResolveByName/{p}", fmt.Sprintf(`{"entityNames":["%s"],"entityType":%q}`, strings.Join(names, `","`), entityType))
}

func directoryFacts() []factCase {
	const (
		search = "{identity}/Directory/Search/{p}"
		bulk   = "{identity}/Directory/BulkResolve/{p}"
	)
	manyNames := make([]string, 21)
	for i := range manyNames {
		manyNames[i] = fmt.Sprintf("name %d", i)
	}
	return []factCase{
		{Fact: "7.1-1", Strict: true, Steps: steps([]step{
			get(search).gives(400, wrong("startsWith")),
			get(search+"?startsWith=a&entityType=user").gives(200, every(has(fields{"type": 0}))),
			get(search+"?startsWith=Administrator&entityType=group").gives(200, every(has(fields{"type": 1}))),
			get(search+"?startsWith=terra&entityType=application").gives(200, every(has(fields{"type": 2}))),
			get(search+"?startsWith=a&sourceFilter=localUsers&sourceFilter=localGroups").gives(200, all(some(has(fields{"type": 0})), some(has(fields{"type": 1})))),
		}, forEach("localUsers directoryUsers localGroups directoryGroups robotAccounts applications", func(filter string) []step {
			return []step{get(search + "?startsWith=a&sourceFilter=" + filter).gives(200)}
		}))},
		{Fact: "7-1", Strict: true, Steps: []step{
			get("{identity}/Group/{p}?$count=false").gives(200), get(search + "?startsWith=a&$count=false").gives(200),
			get("{identity}/ExternalClient/{p}?$count=false").gives(200), get("{identity}/ExternalApiResource?$count=false").gives(200),
		}},
		{Fact: "7.1-18", Strict: true, Steps: []step{
			get(search + "?startsWith=a&scope=acme.example").gives(200),
			post("{identity}/Directory/BulkResolveByName/{p}", `{"entityNames":["Everyone"],"entityType":"group","scope":"acme.example"}`).gives(200),
		}},
		{Fact: "7.1-19", Steps: []step{
			get(search+"?startsWith=Ada&scope=acme.example").gives(200, count(1, 1)),
			post("{identity}/Directory/BulkResolveByName/{p}", `{"entityNames":["Everyone"],"entityType":"group","scope":"acme.example"}`).gives(200, has(fields{"Everyone": entity(fields{})})),
		}},
		{Fact: "7.1-2", Seed: `
organization: {id: 9a2f4c1e-7b3d-4f58-a6e0-1d5c8b7f3e21, name: acme, defaultCaller: alpha}
users: [{userName: alpha, email: beta@acme.example, displayName: Gamma Delta, name: Gamma, surname: Delta}]
`, Steps: []step{
			get(search+"?startsWith=alph").gives(200, list(has(fields{"identityName": "alpha"}))),
			get(search+"?startsWith=beta@").gives(200, list(has(fields{"identityName": "alpha"}))),
			get(search+"?startsWith=Gamma+D").gives(200, list(has(fields{"identityName": "alpha"}))),
			get(search+"?startsWith=lpha").gives(200, nothing),
		}},
		{Fact: "7.1-3", Steps: []step{
			get(search+"?startsWith=a").gives(200, every(found())),
			get(search+"?startsWith=Ada").gives(200, list(has(fields{"identifier": "{ada}", "type": 0, "objectType": "DirectoryUser", "email": "ada.lovelace@acme.example"}))),
			get(search+"?startsWith=Everyone").gives(200, list(has(fields{"identifier": "{everyone}", "type": 1, "objectType": "DirectoryGroup"}))),
			get(search+"?startsWith=access-review").gives(200, list(has(fields{"identifier": "{accessReview}", "type": 2, "objectType": "DirectoryApplication"}))),
		}},
		{Fact: "7.1-4", Deviation: "an account of an external directory has the source \"directory\" and its bare id", Steps: []step{
			get(search+"?startsWith=Ada").gives(200, list(has(fields{"source": "local", "identifier": "{ada}"}))),
			get(search+"?startsWith=Radia").gives(200, list(has(fields{"source": "aad", "identifier": spelled(`^aad\|`)}))),
		}},
		{Fact: "7.1-5", Steps: []step{
			resolve("user", "ada.lovelace@acme.example", "nobody@acme.example").gives(200, fields{
				"ada.lovelace@acme.example": entity(fields{"identifier": "{ada}", "objectType": "DirectoryUser"}), "nobody@acme.example": null}),
		}},
		{Fact: "7.1-6", Steps: []step{
			resolve("user", manyNames[:20]...).gives(200),
			resolve("user", manyNames...).gives(400, has(fields{
				"StatusCode": 400, "StatusDescription": "BadRequest", "Message": "entityNames size is larger that maximum supported value of 20 (Parameter 'entityNames')"})),
		}},
		{Fact: "7.1-7", Steps: []step{
			resolve("robot", "invoice-robot").gives(400, wrong("entityType")),
			get(search+"?startsWith=invoice-robot").gives(200, some(has(fields{"objectType": "DirectoryRobotUser", "identifier": "{invoiceRobot}"}))),
		}},
		{Fact: "7.1-8", Seed: `
organization: {id: 9a2f4c1e-7b3d-4f58-a6e0-1d5c8b7f3e21, name: acme, defaultCaller: alpha}
users: [{userName: alpha, email: beta@acme.example}]
groups: [{name: Gamma}]
externalApplications: [{name: delta, secret: not-a-secret}]
`, Steps: []step{
			resolve("user", "alpha", "beta@acme.example").gives(200, fields{"alpha": entity(fields{}), "beta@acme.example": entity(fields{})}),
			resolve("group", "Gamma").gives(200, fields{"Gamma": entity(fields{"objectType": "DirectoryGroup"})}),
			resolve("application", "delta").gives(200, fields{"delta": entity(fields{"objectType": "DirectoryApplication"})}),
		}},
		{Fact: "7.1-9", Steps: []step{resolve("group", "Everyone", "everyone").gives(200, fields{"Everyone": entity(fields{"identifier": "{everyone}"}), "everyone": null})}},
		{Fact: "7.1-10", Steps: []step{
			resolve("user", "ADA.lovelace@acme.example", "Ada Lovelace").gives(200, fields{"ADA.lovelace@acme.example": entity(fields{"identifier": "{ada}"}), "Ada Lovelace": null}),
			resolve("application", "TERRAFORM").gives(200, fields{"TERRAFORM": entity(fields{"identifier": "{terraform}"})}),
		}},
		{Fact: "7.1-11", Steps: []step{
			post("{identity}/Directory/GroupMembership/{p}", `{"userId":"{ada}","groupIds":["{administrators}","{processDiscovery}"]}`).gives(200, list(all(
				has(fields{"objectType": "DirectoryGroup", "source": "local", "identifier": "{administrators}", "name": "Administrators", "displayName": "Administrators"}),
				object(fields{"objectType": text, "externalId": one(null, text), "source": text, "identifier": guid, "name": text, "email": one(null, text), "displayName": text})))),
			post("{identity}/Directory/GroupMembership/{p}", `{"userId":"{ada}","groupIds":["{processDiscovery}"]}`).gives(200, nothing),
		}},
		{Fact: "7.1-12", Deviation: "the answer is an array of {source, external}", Steps: []step{
			get("{identity}/Directory/Scopes/{p}").gives(200, one(nothing, every(object(fields{"name": filled, "isDefault": boolean})))),
		}},
		{Fact: "7.1-14", Steps: forEach("user User USER", func(word string) []step {
			return []step{get(search+"?startsWith=Ada&entityType="+word).gives(200, count(1, 1)), resolve(word, "ada.lovelace@acme.example").gives(200)}
		})},
		{Fact: "7.1-15", Steps: []step{
			get(search+"?startsWith=invoice&entityType=user").gives(200, list(has(fields{"objectType": "DirectoryRobotUser", "type": 0}))),
			get(search+"?startsWith=invoice&entityType=user&sourceFilter=robotAccounts").gives(200, count(1, 1)),
		}},
		{Fact: "7.1-16", Steps: []step{
			post("{identity}/Directory/Resolve/{p}", `{"entityId":"{ada}","entityType":"User"}`).gives(200, entity(fields{"identifier": "{ada}", "objectType": "DirectoryUser"})),
			post("{identity}/Directory/ResolveByName/{p}", `{"entityName":"ada.lovelace@acme.example","entityType":"User"}`).gives(200, entity(fields{"identifier": "{ada}"})),
			post("{identity}/Directory/ResolveByName/{p}", `{"entityName":"nobody","entityType":"User"}`).gives(404),
		}},
		{Fact: "7.1-21", Steps: []step{
			post(bulk, `{"entityIds":["{ada}","{everyone}"],"entityTypes":["User","Group"]}`).gives(200, fields{
				"{ada}": entity(fields{"objectType": "DirectoryUser"}), "{everyone}": entity(fields{"objectType": "DirectoryGroup"})}),
			post(bulk, `{"entityIds":["{ada}","{everyone}"],"entityTypes":["User"]}`).gives(400),
		}},
		{Fact: "7.1-22", Steps: []step{
			post("{identity}/Directory/Resolve/{p}", `{"entityId":"{ada}","entityType":"user"}`).gives(200, entity(fields{"isActive": true, "creationTime": spelled(`^\d{4}-\d\d-\d\dT[0-9:.]+Z$`)})),
			post("{identity}/Directory/Resolve/{p}", `{"entityId":"{everyone}","entityType":"group"}`).gives(200, entity(fields{"identifier": "{everyone}"})),
		}},
		{Fact: "7.1-23", Steps: []step{
			post("{identity}/Directory/Resolve/{p}", `{"entityId":"{unknown}","entityType":"user"}`).gives(404),
			post("{identity}/Directory/Resolve/{p}", `{"entityId":"{everyone}","entityType":"user"}`).gives(404),
			post(bulk, `{"entityIds":["{unknown}"],"entityTypes":["user"]}`).gives(200, fields{"{unknown}": null}),
			post(bulk, `{"entityIds":[`+strings.Repeat(`"{ada}",`, 1000)+`"{ada}"],"entityTypes":[`+strings.Repeat(`"user",`, 1000)+`"user"]}`).gives(400),
			post("{identity}/Directory/Resolve/{p}", `{"entityId":"{ada}","entityType":"user"}`).gives(200, entity(fields{"jobTitle": null, "companyName": null, "city": null, "department": null})),
		}},
	}
}
