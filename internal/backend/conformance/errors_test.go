package conformance_test

import "github.com/accessascode/terraform-provider-uipath/internal/backend"

func errorFacts() []factCase {
	return []factCase{
		{Fact: "10.1-1", Steps: []step{
			get("{identity}/User/users/{p}?top=many").gives(400, all(problem(400), wrong("top"))),
		}},
		{Fact: "10.1-2", Steps: []step{
			get("{orchestrator}/odata/Folders?$top=many").gives(400, has(fields{"message": filled, "errorCode": integer, "traceId": filled})),
		}},
		{Fact: "10.1-3", Steps: []step{
			get("{orchestrator}/odata/Folders").as(nobody).gives(401, has(fields{
				"error": has(fields{"code": integer, "message": filled, "details": one(null, text)}), "unAuthorizedRequest": true, "__abp": true})),
		}},
		{Fact: "10.1-4", Steps: []step{
			grant("auditor", "unknown", "User", "/tenant/{production}").gives(404, has(fields{"StatusCode": 404, "StatusDescription": filled, "Message": filled})),
		}},
		{Fact: "10.1-5", Seed: scopedOrganization, Steps: []step{get("{identity}/User/users/{p}").as("nothing").gives(403, fields{"errorMessage": filled})}},
		{Fact: "10.1-6", Steps: []step{
			put("{identity}/User/{grace}", `{"email":"ada.lovelace@acme.example"}`).gives(200, fields{
				"succeeded": false, "errors": every(object(fields{"code": "DuplicateEmail", "description": filled}))}),
		}},
		{Fact: "10.1-7", Steps: []step{form(tokenPath, "grant_type", "client_credentials").gives(400, fields{"error": "invalid_client"})}},
		{Fact: "10.1-8", Steps: []step{
			get("{pap}/roles/{unknown}").gives(404, problem(404)),
			post("{pdp}/geteffectiveaccess", `{"userId":"{ada}"}`).as("grace.hopper@acme.example").gives(403, problem(403)),
		}},
		{Fact: "10.1-10", Steps: []step{
			get("{pap}/roles/{unknown}").gives(404, all(lacks("detail"), has(fields{"title": containing("Role")}))),
			get("{pap}/roles?top=many").gives(400, all(lacks("detail"), has(fields{"title": "One or more validation errors occurred."}))),
		}},
		{Fact: "10.3-2", Steps: []step{
			grant("steward", "edsger", "User", "/").gives(204),
			held("/", "&securityPrincipalId={edsger}").gives(200, holds(fields{"roleId": "{steward}"})).keep("assignment", "results.0.roleAssignmentDtos.0.id"),
			revoke("assignment").gives(204), held("/", "&securityPrincipalId={edsger}").gives(200, total(0)),
		}},
		{Fact: "10.3-3", Steps: []step{
			get("{pap}/roles?sortBy=Id&top=1000").gives(200, page(sorted("id", same, false))).keep("third", "results.2.id"),
			get("{pap}/roles?sortBy=Id&top=1&skip=2").gives(200, page(list(has(fields{"id": "{third}"})))),
		}},
		{Fact: "10.3-4", Steps: []step{
			put("{pap}/roles", tenantRole).gives(200).keep("role", createdRole), get("{pap}/roles/{role}").gives(200),
			createGroup("").gives(201), get("{identity}/Group/{p}").gives(200, some(has(fields{"id": "{new}"}))),
		}},
		{Fact: "10.4-1", Steps: []step{get("{pap}/roles/{unknown}").gives(404, has(fields{"traceId": spelled(`^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$`)}))}},
		{Fact: "10.4-2", Steps: []step{
			get("{pap}/roles?top=1").gives(200).heads("X-Request-Id", filled), get("{pap}/roles/{unknown}").gives(404).heads("X-Request-Id", filled),
			get("{identity}/Group/{p}").gives(200).heads("X-Request-Id", filled),
		}},
		{Fact: "10.5-1", Steps: []step{
			get("/_reference/health").with("Host", "evil.example").gives(403), get("{pap}/roles").with("Host", "evil.example").gives(403),
			get("{pap}/roles?top=1").with("Host", "127.0.0.1:80").gives(200),
		}},
		{Fact: "10.5-1", Options: &backend.Options{Hosts: []string{"backend.example"}}, Steps: []step{get("{pap}/roles?top=1").with("Host", "backend.example").gives(200)}},
		{Fact: "10.5-2", Options: &backend.Options{Origin: "http://localhost:3000"}, Steps: []step{
			get("{pap}/roles?top=1").with("Origin", "http://localhost:3000").gives(200).heads("Access-Control-Allow-Origin", "http://localhost:3000"),
			get("{pap}/roles?top=1").with("Origin", "http://localhost:4000").heads("Access-Control-Allow-Origin", ""),
			get("/_reference/health").with("Origin", "http://localhost:3000").heads("Access-Control-Allow-Origin", ""),
			get("/").with("Origin", "http://localhost:3000").heads("Access-Control-Allow-Origin", ""),
		}},
		{Fact: "10.5-2", Steps: []step{get("{pap}/roles?top=1").with("Origin", "http://localhost:3000").heads("Access-Control-Allow-Origin", "")}},
	}
}
