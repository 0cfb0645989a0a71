package conformance_test

// group is a group (fact 7.3-3).
func group(times any) match {
	return object(fields{
		"id": guid, "name": filled, "displayName": text, "type": between(0, 1), "creationTime": times, "lastModificationTime": one(null, identityTime),
		"members": array(func(*play, []any) error { return nil }), "mappedRole": null, "scope": null,
	})
}

// createGroup makes the group {new}.
func createGroup(members string) step {
	return post("{identity}/Group", `{"partitionGlobalId":"{p}","id":"{new}","name":"New Group","directoryUserMemberIDs":[`+members+`]}`)
}

func groupFacts() []factCase {
	const groups = "{identity}/Group/{p}"
	return []factCase{
		{Fact: "7.3-1", Steps: []step{
			get(groups).gives(200, all(count(9, 9), every(has(fields{"members": nothing})), some(has(fields{"name": "Everyone"})), some(has(fields{"name": "Process Discovery"})))),
		}},
		{Fact: "7.3-2", Steps: []step{
			get(groups+"/{administrators}").gives(200, has(fields{"id": "{administrators}", "members": all(some(has(fields{"identifier": "{ada}"})), some(has(fields{"identifier": "{terraform}"})))})),
		}},
		{Fact: "7.3-3", Steps: []step{
			get(groups).gives(200, every(group(match(identityTime)))), get(groups+"/{everyone}").gives(200, group(match(identityTime))),
			get(groups).gives(200, all(some(has(fields{"name": "Everyone", "type": 0})), some(has(fields{"name": "Process Discovery", "type": 1})))),
		}},
		{Fact: "7.3-4", Steps: []step{
			get(groups+"/{testEngineering}").gives(200, has(fields{"members": all(every(entity(fields{})),
				some(has(fields{"objectType": "DirectoryUser"})), some(has(fields{"objectType": "DirectoryApplication"})), some(has(fields{"objectType": "DirectoryRobotUser"})))})),
			get(groups+"/{reviewers}").gives(200, has(fields{"members": some(has(fields{"objectType": "DirectoryGroup"}))})),
		}},
		{Fact: "7.3-5", Steps: []step{
			get(groups+"/{reviewers}/Members?top=1").gives(200, all(total(2), page(list(object(fields{"id": guid, "type": between(0, 5)}))))).keep("first", "results.0.id"),
			get(groups+"/{reviewers}/Members?top=1&skip=1").gives(200, all(total(2), page(list(has(fields{"id": not("{first}")}))))),
			get(groups+"/{testEngineering}/Members").gives(200, page(all(some(has(fields{"type": 0})), some(has(fields{"type": 4})), some(has(fields{"type": 5}))))),
			get(groups + "/{unknown}/Members").gives(404),
		}},
		{Fact: "7.3-6", Strict: true, Steps: []step{
			createGroup(`"{grace}"`).gives(201, has(fields{"id": "{new}", "name": "New Group", "type": 1, "members": list(has(fields{"identifier": "{grace}"}))})),
			get(groups+"/{new}").gives(200, has(fields{"name": "New Group"})),
			post("{identity}/Group", `{"partitionGlobalId":"{p}","name":"Without id"}`).checking(refusedSomehow),
		}},
		{Fact: "7.3-7", Steps: []step{
			createGroup("").gives(201),
			put("{identity}/Group/{new}", `{"partitionGlobalId":"{p}","name":"Renamed","directoryUserIDsToAdd":["{grace}","{alan}"]}`).gives(200,
				has(fields{"id": "{new}", "name": "Renamed", "members": count(2, 2)})),
			put("{identity}/Group/{new}", `{"partitionGlobalId":"{p}","name":"Renamed","directoryUserIDsToRemove":["{grace}"]}`).gives(200,
				has(fields{"members": list(has(fields{"identifier": "{alan}"}))})),
			put("{identity}/Group/{new}", `{"partitionGlobalId":"{p}","directoryUserIDsToAdd":["{grace}"]}`).gives(409),
		}},
		{Fact: "7.3-8", Steps: []step{
			remove(groups+"/{processDiscovery}").gives(204, empty), get(groups).gives(200, no(has(fields{"id": "{processDiscovery}"}))),
		}},
		{Fact: "7.3-8", Steps: []step{
			removeMany(groups, `{"groupIDs":["{reviewers}","{financeRobots}"]}`).gives(204, empty),
			get(groups).gives(200, all(no(has(fields{"id": "{reviewers}"})), no(has(fields{"id": "{financeRobots}"})))),
		}},
		{Fact: "7.3-9", Steps: []step{
			get(groups).gives(200, all(some(has(fields{"name": "Everyone", "type": 0})), some(has(fields{"name": "Administrators", "type": 0})),
				some(has(fields{"name": "Automation Users", "type": 0})), some(has(fields{"name": "Automation Developers", "type": 0})))),
			put("{identity}/Group/{everyone}", `{"partitionGlobalId":"{p}","name":"All"}`).checking(refusedSomehow),
			remove(groups + "/{everyone}").checking(refusedSomehow),
		}},
		{Fact: "7.3-10", Steps: []step{
			remove(groups+"/{everyone}").gives(403, problem(403)), createGroup("").gives(201), createGroup("").gives(409),
			post("{identity}/Group", `{"partitionGlobalId":"{p}","id":"{unknown}","name":"New Group"}`).gives(409),
			post("{identity}/Group", `{"partitionGlobalId":"{p}","id":"{unknown}","name":"Another","directoryUserMemberIDs":["{unknown}"]}`).gives(400),
			post("{identity}/Group", `{"partitionGlobalId":"{p}","name":"Without id"}`).gives(400),
		}},
		{Fact: "7.3-11", Steps: []step{createGroup(`"{reviewers}"`).gives(201, has(fields{"members": list(has(fields{"objectType": "DirectoryGroup"}))}))}},
		{Fact: "7.3-13", Steps: []step{
			removeMany(groups, `{"groupIDs":["{reviewers}","{everyone}"]}`).gives(403), get(groups + "/{reviewers}").gives(200),
			removeMany(groups, `{"groupIDs":["{reviewers}","{reviewers}"]}`).gives(204), get(groups + "/{reviewers}").gives(404),
			removeMany("{identity}/User", `{"partitionGlobalId":"{p}","userIds":["{dennis}","{unknown}"]}`).gives(404), get("{identity}/User/{dennis}").gives(200),
		}},
		{Fact: "7.3-12", Steps: []step{
			put("{identity}/Group/{administrators}", `{"partitionGlobalId":"{p}","name":"Administrators","directoryUserIDsToAdd":["{katherine}"]}`).gives(200),
			get(groups).as("katherine.johnson@acme.example").gives(200),
		}},
	}
}
