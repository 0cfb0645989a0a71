package conformance_test

import "github.com/accessascode/terraform-provider-uipath/internal/backend"

// authorizeQuery is what the SDK asks for with, when it looks for the id of an organization (contract 1.2-2).
const authorizeQuery = "?response_type=code&client_id=1119a927-10ab-4543-bd1a-ad6bfbbc27f4&scope=openid&code_challenge_method=S256" +
	"&redirect_uri=http%3A%2F%2Flocalhost%2Fportal_%2Fapi%2FtokenFactory%2Fcallback" +
	"&code_challenge=0000000000000000000000000000000000000000000000000000000000000000" +
	"&state=1111111111111111111111111111111111111111111111111111111111111111&acr_values=tenantName%3A"

// callback is the least that is asked for with, without a name.
const callback = "?response_type=code&client_id=1119a927-10ab-4543-bd1a-ad6bfbbc27f4&scope=openid&redirect_uri=http%3A%2F%2Flocalhost%2Fportal_%2Fapi%2FtokenFactory%2Fcallback"

func addressFacts() []factCase {
	const portal = "/acme/portal_/api/filtering/leftnav/tenantsAndOrganizationInfo"
	tenants := object(fields{
		"organization": has(fields{"id": "{p}", "name": "acme"}),
		"tenants":      all(every(has(fields{"id": guid, "name": filled})), some(has(fields{"id": "{production}", "name": "Production"}))),
	})
	newerOrganization := &backend.Options{RequireOrganization: true}
	return []factCase{
		{Fact: "1-2", Steps: []step{
			get("/acme/identity_/api/Group/{p}").gives(200),
			get("/acme/pap_/api/roles?top=1").gives(200),
			post("/acme/pdp_/api/geteffectiveaccess", `{"userId":"{ada}"}`).gives(200),
			get(portal).gives(200),
		}},
		{Fact: "1-3", Steps: []step{get("/acme/Production/orchestrator_/odata/Folders").gives(200)}},
		{Fact: "1-4", Steps: []step{
			get("/acme/pap_/api/roles?top=1").gives(200),
			get("/{p}/pap_/api/roles?top=1").gives(200),
			get("/{p}/identity_/api/Group/{p}").gives(200),
			get("/acme/{production}/orchestrator_/odata/Folders").gives(200),
			get("/{p}/{production}/orchestrator_/odata/Folders").gives(200),
		}},
		{Fact: "1-5", Steps: []step{
			get(portal).gives(200, at("organization.id", "{p}")),
			form("/acme/identity_/connect/token", terraformCredentials()...).gives(200, claims(fields{"prt_id": "{p}"})),
			get("/acme/identity_/api/Group/{p}").gives(200),
		}},
		{Fact: "1-6", Steps: []step{
			get("/acme/identity_/api/Group/{unknown}").gives(400, problem(400), has(fields{
				"errors": fields{"partitionGlobalId": list("The value '{unknown}' is not valid.")},
			})),
		}},
		{Fact: "1-7", Options: newerOrganization, Steps: []step{
			get("/identity_/api/Group/{p}").gives(400).checking(says("InvalidPartition")),
			post("/identity_/api/User/BulkCreate", `{"users":[],"partitionGlobalId":"{p}"}`).gives(400).checking(says("InvalidPartition")),
		}},
		{Fact: "1-8", Steps: []step{
			form("/acme/identity_/connect/token", terraformCredentials()...).gives(200),
			form("/identity_/connect/token", terraformCredentials()...).gives(200),
		}},
		{Fact: "1-10", Strict: true, Steps: []step{
			get("/acme/pap_/api/roles?top=1&x-uipath-internal-accountid={p}").with("X-Uipath-Internal-Accountid", "9a2f4c1e-7b3d-4f58-a6e0-1d5c8b7f3e21").gives(200),
		}},
		{Fact: "1-12", Steps: []step{
			get("/ACME/pap_/api/roles?top=1").gives(200),
			get("/initech/pap_/api/roles").gives(404, problem(404)),
		}},
		{Fact: "1-13", Steps: []step{get("/identity_/api/Group/{p}").gives(200, count(9, 9)), get("/identity_/api/User/{ada}").gives(200)}},
		{Fact: "1-13", Options: newerOrganization, Steps: []step{
			get("/identity_/api/User/users/{p}").gives(400, all(problem(400), has(fields{"title": spelled("^InvalidPartition")}))),
			get("/acme/identity_/api/User/users/{p}").gives(200),
		}},
		{Fact: "1-14", Steps: []step{get("/acme/Production/odata/Folders").gives(200, has(fields{"value": count(3, 3)}))}},
		{Fact: "1.1-1", Steps: []step{get(portal).gives(200, tenants)}},
		{Fact: "1.1-2", Steps: []step{
			get(portal).as("katherine.johnson@acme.example").gives(200, tenants),
			get(portal).as(nobody).gives(401),
		}},
		{Fact: "1.1-3", Steps: []step{get(portal).as("access-review").gives(200, tenants)}},
		{Fact: "1.1-3", Strict: true, Steps: []step{get(portal).as("access-review").gives(403)}},

		{Fact: "1.2-2", Steps: []step{get("/identity_/connect/authorize" + authorizeQuery + "acme").as(nobody).gives(302)}},
		{Fact: "1.2-3", Steps: []step{
			get("/identity_/connect/authorize"+authorizeQuery+"acme").as(nobody).gives(302).
				heads("Location", redirect("returnUrl", "acr_values", "tenant:{p}")),
		}},
		{Fact: "1.2-4", Steps: []step{
			get("/identity_/connect/authorize"+authorizeQuery+"initech").as(nobody).gives(302).
				heads("Location", spelled(`^([a-z]+://[^/]+)?/portal_/unregistered\?`)).
				heads("Location", containing("serviceType=identity")).heads("Location", containing("organizationName=initech")),
		}},
		{Fact: "1.2-5", Steps: []step{
			get("/identity_/connect/authorize?acr_values=tenantName%3Aacme").as(nobody).gives(302).
				heads("Location", spelled(`/identity_/(ui/error/error\?errorId=[A-Za-z0-9_-]+|web/\?errorCode=.+)`)),
		}},
		{Fact: "1.2-9", Steps: []step{
			get("/identity_/connect/authorize"+callback).as(nobody).gives(302).heads("Location", redirect("returnUrl", "acr_values", "tenant:{p}")),
			get("/identity_/connect/authorize"+authorizeQuery+"acme&redirect_uri=https%3A%2F%2Fevil.example%2F").as(nobody).gives(302).
				heads("Location", containing("/identity_/ui/error/error?errorId=")),
			get("/identity_/connect/authorize"+callback+"&acr_values=tenant%3A{p}").as(nobody).gives(302).heads("Location", redirect("returnUrl", "acr_values", "tenant:{p}")),
		}},
		{Fact: "1.2-9", Strict: true, Steps: []step{get("/identity_/connect/authorize"+callback).as(nobody).gives(302).heads("Location", not(containing("{p}")))}},
	}
}
