package conformance_test

// scopedProjects is an organization whose applications have one scope for projects each, and roles for everything.
const scopedProjects = `
organization: {name: acme, defaultCaller: ada@acme.example}
tenants: [{name: Production, services: [Document Understanding, Test Manager, IXP]}, {name: Staging, services: [Orchestrator]}]
users: [{userName: ada@acme.example}, {userName: nobody@acme.example}, {userName: worker@acme.example}]
externalApplications:
  - {name: digitize, secret: s, scopes: [Du.Digitization.Api]}
  - {name: validate, secret: s, scopes: [Du.Validation.Api]}
  - {name: test, secret: s, scopes: [TM.Projects]}
  - {name: look, secret: s, scopes: [TM.Projects.Read]}
  - {name: mail, secret: s, scopes: [Ixp.ApiAccess]}
projects:
  - {tenant: Production, service: Test Manager, name: Regression}
  - {tenant: Production, service: Test Manager, name: Smoke}
  - {tenant: Production, service: Document Understanding, name: Contracts}
assignments:
  - {role: Organization Administrator, principal: ada@acme.example, scope: /}
  - {role: Organization Administrator, principal: digitize, scope: /}
  - {role: Organization Administrator, principal: validate, scope: /}
  - {role: Organization Administrator, principal: test, scope: /}
  - {role: Organization Administrator, principal: look, scope: /}
  - {role: Organization Administrator, principal: mail, scope: /}
  - {role: {service: Test Manager, name: Project Owner}, principal: worker@acme.example, scope: {tenant: Production, service: Test Manager, project: Smoke}}
`

func projectFacts() []factCase {
	const (
		documents = "/acme/Production/du_/api/framework/projects"
		tests     = "/acme/Production/testmanager_/api/v2/projects"
		mining    = "/acme/Production/reinfer_/api/_private/projects"
		ixp       = "/acme/Production/reinfer_/api/_private/ixp/projects"
	)
	document := has(fields{
		"id": filled, "name": filled, "type": one("Classic", "Modern", "IXP", "Unknown"), "description": one(null, text), "createdOn": one(null, text),
		"detailsUrl": one(null, text), "digitizationStartUrl": one(null, text), "classifiersDiscoveryUrl": one(null, text),
		"extractorsDiscoveryUrl": one(null, text), "properties": count(0, 9),
	})
	return []factCase{
		{Fact: "9.6-1", Strict: true, Steps: []step{
			get(documents+"?api-version=1.0").gives(200, has(fields{"projects": all(every(document), some(has(fields{"id": "{contracts}", "name": "Contracts"})))})),
			get(documents+"?api-version=1.0&type=Modern").gives(200, has(fields{"projects": every(has(fields{"type": "Modern"}))})),
			get(documents + "?api-version=1.0&type=Classic").gives(200),
			get(documents + "?api-version=1.0&type=Other").gives(400),
		}},
		{Fact: "9.6-2", Steps: []step{
			get(documents).gives(400), get(documents + "?api-version=1").gives(200), get(documents + "?api-version=1.1").gives(200),
		}},
		{Fact: "9.6-3", Seed: scopedProjects, Steps: []step{
			get(documents + "?api-version=1.0").as("digitize").gives(200), get(documents + "?api-version=1.0").as("validate").gives(200),
			get(documents + "?api-version=1.0").as("test").gives(403),
		}},
		{Fact: "9.6-4", Steps: []step{
			get(documents+"?api-version=1.0").gives(200, has(fields{"projects": some(has(fields{"id": "{zero}", "name": "Predefined"}))})),
		}},
		{Fact: "9.6-5", Steps: []step{
			get(documents+"/{contracts}?api-version=1.0").gives(200, all(document, has(fields{"name": "Contracts"}))),
			get(documents+"?api-version=1.0").as(nobody).gives(401, has(fields{"message": filled, "severity": one("Info", "Warning", "Error"), "code": filled, "parameters": count(0, 9)})),
		}},
		{Fact: "9.6-6", Seed: scopedProjects, Strict: true, Steps: []step{
			get(tests+"?top=100&skip=0").gives(200, has(fields{
				"data": every(has(fields{
					"id": guid, "name": filled, "projectPrefix": filled, "description": one(null, text), "isActive": boolean, "isAuthorizationEnabled": boolean,
					"isSapConfigured": boolean, "created": one(null, text), "createdBy": one(null, text), "updated": one(null, text), "updatedBy": one(null, text),
				})),
				"paging": has(fields{"total": 2, "page": 1, "pages": 1, "pageSize": 100, "returned": 2, "previousPage": one(null, text), "nextPage": one(null, text)}),
			})),
			get(tests+"?top=1&skip=1").gives(200, has(fields{"data": list(has(fields{"name": "Smoke"})), "paging": has(fields{"total": 2, "page": 2, "returned": 1})})),
		}},
		{Fact: "9.6-7", Seed: scopedProjects, Steps: []step{
			get(tests).gives(200).keep("first", "data.0.id"), get(tests+"/{first}").gives(200, has(fields{"name": "Regression"})),
		}},
		{Fact: "9.6-8", Seed: scopedProjects, Steps: []step{
			get(tests).as("test").gives(200), get(tests).as("look").gives(200), get(tests).as("mail").gives(403),
		}},
		{Fact: "9.6-9", Strict: true, Steps: []step{
			get(mining+"?cm_only=false").gives(200, has(fields{"status": "ok", "projects": list(has(fields{
				"id": "4b0000000000000a", "name": "supplier-mail", "title": "Supplier Mail", "description": text, "created_at": one(null, text), "updated_at": one(null, text),
				"user_auto_join": boolean,
			}))})),
		}},
		{Fact: "9.6-10", Strict: true, Steps: []step{
			get(ixp).gives(200, has(fields{"status": "ok", "projects": list(has(fields{
				"id": "4b0000000000000a", "name": "Supplier Mail", "created_at": one(null, text), "relative_urls": has(fields{"measure": filled, "build": filled}),
			}))})),
		}},
		{Fact: "9.6-12", Steps: []step{get(mining).as(nobody).gives(401, has(fields{"status": "error", "message": filled}))}},
		{Fact: "9.6-13", Seed: scopedProjects, Steps: []step{get(ixp).as("mail").gives(200), get(mining).as("mail").gives(200), get(ixp).as("look").gives(403)}},
		{Fact: "9.6-15", Seed: scopedProjects, Steps: []step{
			get(tests).as("worker@acme.example").gives(200, has(fields{"data": list(has(fields{"name": "Smoke"}))})), get(tests).as("nobody@acme.example").gives(403),
			get(mining).as("worker@acme.example").gives(403), get(tests).as("digitize").gives(403),
		}},
		{Fact: "9.6-15", Steps: []step{
			get(tests).as("grace.hopper@acme.example").gives(200, has(fields{"data": count(1, 1)})), get(tests).as("alan.turing@acme.example").gives(403),
			get(documents + "?api-version=1.0").as("katherine.johnson@acme.example").gives(200), get(ixp).as("access-review").gives(403),
		}},
		{Fact: "9.6-16", Seed: scopedProjects, Steps: []step{
			get("/acme/Nowhere/testmanager_/api/v2/projects").gives(404), get("/acme/Staging/testmanager_/api/v2/projects").gives(404), get(tests + "/{unknown}").gives(404),
			get(tests + "?top=101").gives(400), get(documents+"?api-version=1.0&type=Classic").gives(200, fields{"projects": nothing}),
			get(tests+"?top=1").gives(200).keep("other", "data.0.id"), get(tests + "/{other}").as("worker@acme.example").gives(404),
		}},
	}
}
