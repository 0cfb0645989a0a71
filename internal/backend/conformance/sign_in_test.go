package conformance_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
)

const (
	tokenPath = "/acme/identity_/connect/token"
)

// scopedOrganization has an application for each set of scopes, named for them, and personal access tokens.
const scopedOrganization = `
organization: {id: 9a2f4c1e-7b3d-4f58-a6e0-1d5c8b7f3e21, name: acme, defaultCaller: ada, externalDirectory: true}
tenants: [{id: 1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90, name: Production, services: [Orchestrator]}]
users:
  - {id: 3a000000-0000-4000-8000-000000000001, userName: ada}
  - {id: 3a000000-0000-4000-8000-000000000002, userName: grace}
groups: [{id: 35551807-06b1-4cda-90a1-2fb84851eee7, name: Administrators, builtIn: true, members: [ada]}]
robotAccounts: [{id: 3f000000-0000-4000-8000-000000000001, name: invoice-robot}]
externalApplications:
  - {name: nothing, secret: secret-of-nothing, scopes: []}
  - {name: user, secret: secret-of-user, scopes: [PM.User]}
  - {name: user-read, secret: x1, scopes: [PM.User.Read]}
  - {name: user-write, secret: x2, scopes: [PM.User.Write]}
  - {name: user-both, id: 3c000000-0000-4000-8000-000000000009, secret: secret-of-both, scopes: [PM.User.Read, PM.User.Write]}
  - {name: group, secret: x3, scopes: [PM.Group]}
  - {name: group-read, secret: x4, scopes: [PM.Group.Read]}
  - {name: group-write, secret: x5, scopes: [PM.Group.Write]}
  - {name: robot, secret: x6, scopes: [PM.RobotAccount]}
  - {name: robot-read, secret: x7, scopes: [PM.RobotAccount.Read]}
  - {name: robot-write, secret: x8, scopes: [PM.RobotAccount.Write]}
  - {name: client, secret: x9, scopes: [PM.OAuthApp]}
  - {name: client-read, secret: x10, scopes: [PM.OAuthApp.Read]}
  - {name: client-write, secret: x11, scopes: [PM.OAuthApp.Write]}
  - {name: setting, secret: x12, scopes: [PM.Setting]}
  - {name: setting-read, secret: x13, scopes: [PM.Setting.Read]}
  - {name: setting-write, secret: x14, scopes: [PM.Setting.Write]}
  - {name: directory, secret: x15, scopes: [PM.Directory]}
  - {name: folders, secret: x16, scopes: [OR.Folders]}
  - {name: folders-read, secret: x17, scopes: [OR.Folders.Read]}
  - {name: everything-in-orchestrator, secret: x18, scopes: [OR.Default]}
  - {name: folders-write, secret: x19, scopes: [OR.Folders.Write]}
  - {name: users, secret: x20, scopes: [OR.Users]}
  - {name: users-read, secret: x21, scopes: [OR.Users.Read]}
  - {name: users-write, secret: x22, scopes: [OR.Users.Write]}
personalAccessTokens:
  - {user: ada, token: secret-token-of-ada, expires: 2099-12-31T00:00:00Z}
  - {user: ada, token: expired-token-of-ada, expires: 2020-12-31T00:00:00Z}
assignments:
  - {role: Organization Administrator, principal: Administrators, scope: /, type: BuiltIn}
  - {role: Access Viewer, principal: nothing, scope: /}
`

// terraformCredentials are the form of an application of the built-in organization that asks for a token.
func terraformCredentials(more ...string) []string {
	return append([]string{
		"grant_type", "client_credentials", "client_id", "3c000000-0000-4000-8000-000000000001", "client_secret", "reference-backend-terraform-secret",
	}, more...)
}

// claims is an answer with an access token that has claims.
func claims(want fields) match {
	return func(p *play, v any) error {
		token, err := find(v, "access_token")
		if err != nil {
			return err
		}
		parts := strings.Split(fmt.Sprint(token), ".")
		if len(parts) != 3 {
			return fmt.Errorf("the token has %d parts, want the 3 of a JWT", len(parts))
		}
		text, err := base64.RawURLEncoding.DecodeString(parts[1])
		if err != nil {
			return err
		}
		var payload any
		if err := json.Unmarshal(text, &payload); err != nil {
			return err
		}
		return has(want)(p, payload)
	}
}

// redirect is an address with a parameter that is itself an address, whose own parameter has a value.
func redirect(outer, inner, value string) match {
	return func(p *play, v any) error {
		address, err := url.Parse(fmt.Sprint(v))
		if err != nil {
			return err
		}
		within, err := url.Parse(address.Query().Get(outer))
		if err != nil {
			return err
		}
		return equal(within.Query().Get(inner), p.expand(value))
	}
}

// says looks for words anywhere in the answer.
func says(part string) check {
	return func(p *play, r response) error { return containing(part)(p, r.text) }
}

// scoped expects that only applications with the right scope may send a request.
func scoped(request step, allowed []string, refused ...string) []step {
	var steps []step
	for _, caller := range allowed {
		steps = append(steps, request.as(caller).checking(func(_ *play, r response) error {
			if r.status == 403 || r.status == 401 {
				return fmt.Errorf("%s is refused", caller)
			}
			return nil
		}))
	}
	for _, caller := range refused {
		steps = append(steps, request.as(caller).gives(403, fields{"errorMessage": spelled(`^Scope\(s\) '.*' is\(are\) invalid\. Expect to have `)}))
	}
	return steps
}

func steps(parts ...[]step) []step {
	var joined []step
	for _, part := range parts {
		joined = append(joined, part...)
	}
	return joined
}

func signInFacts() []factCase {
	issued := has(fields{"access_token": filled, "token_type": "Bearer", "expires_in": integer})
	return []factCase{
		{Fact: "2.1-1", Steps: []step{
			form(tokenPath, terraformCredentials("scope", "PM.User.Read PM.Group.Read")...).gives(200, issued),
			form("/identity_/connect/token", terraformCredentials("scope", "PM.User.Read")...).gives(200, issued),
		}},
		{Fact: "2.1-2", Strict: true, Steps: []step{
			form(tokenPath, terraformCredentials("scope", "PM.User.Read", "code", "", "code_verifier", "", "redirect_uri", "", "refresh_token", "")...).gives(200, issued),
		}},
		{Fact: "2.1-3", Steps: []step{
			form(tokenPath, terraformCredentials("scope", "PM.User.Read")...).gives(200, fields{
				"access_token": filled, "expires_in": integer, "token_type": "Bearer", "scope": "PM.User.Read",
			}),
		}},
		{Fact: "2.1-4", Steps: []step{form(tokenPath, terraformCredentials()...).gives(200, has(fields{"expires_in": 3600}))}},
		{Fact: "2.1-5", Steps: []step{
			post(tokenPath, `{"grant_type":"client_credentials"}`).as(nobody).gives(200, containing("<html")).
				heads("Content-Type", containing("text/html")),
		}},
		{Fact: "2.1-6", Steps: []step{
			form(tokenPath, terraformCredentials()...).gives(200, has(fields{"scope": all(containing("PM.User"), containing("PM.Group"), containing("OR.Folders.Read"))})),
		}},
		{Fact: "2.1-7", Steps: []step{
			form(tokenPath, "grant_type", "client_credentials").withHeader(map[string][]string{
				"Content-Type": {"application/x-www-form-urlencoded"}, "Authorization": {basic("3c000000-0000-4000-8000-000000000001", "reference-backend-terraform-secret")},
			}).gives(200, issued),
			form(tokenPath, terraformCredentials()...).withHeader(map[string][]string{
				"Content-Type": {"application/x-www-form-urlencoded"}, "Authorization": {basic("3c000000-0000-4000-8000-000000000001", "reference-backend-terraform-secret")},
			}).gives(400, fields{"error": "invalid_request"}),
		}},

		{Fact: "2.2-1", Steps: []step{form(tokenPath, terraformCredentials("scope", "PM.Everything")...).gives(400, fields{"error": "invalid_scope"})}},
		{Fact: "2.2-2", Steps: []step{
			form(tokenPath, "grant_type", "client_credentials", "client_id", "{terraform}", "client_secret", "wrong").gives(400, fields{"error": "invalid_client"}),
			form(tokenPath, "client_id", "x").gives(400, fields{"error": "invalid_request"}),
			form(tokenPath, "grant_type", "password").gives(400, fields{"error": "unsupported_grant_type"}),
		}},
		{Fact: "2.2-3", Seed: scopedOrganization, Steps: []step{
			get("{identity}/User/users/{p}").as("group-read").gives(403, fields{
				"errorMessage": spelled(`^Scope\(s\) 'PM\.Group\.Read' is\(are\) invalid\. Expect to have 'PM\.User' or 'PM\.User\.Read'\. $`),
			}),
		}},
		{Fact: "2.2-4", Seed: scopedOrganization, Steps: []step{get("{identity}/User/users/{p}").as("nothing").gives(403)}},
		{Fact: "2.2-5", Seed: scopedOrganization, Steps: []step{
			form(tokenPath, "grant_type", "client_credentials", "client_id", "3c000000-0000-4000-8000-000000000009", "client_secret", "secret-of-both",
				"scope", "PM.User.Read PM.User.Write").gives(200, issued),
			form(tokenPath, "grant_type", "client_credentials", "client_id", "3c000000-0000-4000-8000-000000000009", "client_secret", "secret-of-both",
				"scope", "PM.User").gives(400, fields{"error": "invalid_scope"}),
		}},

		{Fact: "2.3-1", Steps: []step{form(tokenPath, terraformCredentials()...).gives(200, claims(fields{"prt_id": "{p}"}))}},
		{Fact: "2.3-2", Steps: []step{
			form(tokenPath, terraformCredentials()...).gives(200, claims(fields{"sub": "{terraform}", "sub_type": "service.external"})),
		}},
		{Fact: "2.3-3", Steps: []step{
			form(tokenPath, "grant_type", "client_credentials", "client_id", "{terraform}").gives(400, fields{"error": "invalid_client"}),
		}},

		{Fact: "2.4-1", Seed: scopedOrganization, Steps: steps(
			scoped(get("{identity}/User/users/{p}"), []string{"user", "user-read"}, "user-write", "group"),
			scoped(get("{identity}/User/{ada}"), []string{"user", "user-read"}, "user-write", "group"),
			scoped(remove("{identity}/User/{grace}"), nil, "user-read", "group"),
			scoped(remove("{identity}/User/{grace}"), []string{"user-write"}),
		)},
		{Fact: "2.4-2", Seed: scopedOrganization, Steps: steps(
			scoped(get("{identity}/Group/{p}"), []string{"group", "group-read"}, "group-write", "user"),
			scoped(post("{identity}/Group", `{"partitionGlobalId":"{p}","id":"{new}","name":"New"}`), []string{"group-write"}, "group-read", "user"),
			scoped(remove("{identity}/Group/{p}/{new}"), []string{"group"}, "group-read"),
		)},
		{Fact: "2.4-3", Seed: scopedOrganization, Steps: steps(
			scoped(get("{identity}/RobotAccount/{p}"), []string{"robot", "robot-read"}, "robot-write", "user"),
			scoped(get("{identity}/RobotAccount/{p}/{invoiceRobot}"), []string{"robot", "robot-read"}, "robot-write", "user"),
		)},
		{Fact: "2.4-3", Seed: scopedOrganization, Steps: scoped(
			post("{identity}/RobotAccount", `{"partitionGlobalId":"{p}","name":"new-robot"}`), []string{"robot-write"}, "robot-read", "user")},
		{Fact: "2.4-4", Seed: scopedOrganization, Steps: scoped(
			get("{identity}/ExternalClient/{p}"), []string{"client", "client-read"}, "client-write", "user")},
		{Fact: "2.4-5", Seed: scopedOrganization, Steps: steps(
			scoped(get("{identity}/Setting?key=UserTheme.Theme&partitionGlobalId={p}"), nil, "setting-write", "user"),
			scoped(put("{identity}/Setting", `{"settings":[],"partitionGlobalId":"{p}"}`), nil, "setting-read", "user"),
		)},
		{Fact: "2.4-6", Seed: scopedOrganization, Steps: []step{
			get("{pap}/roles?top=1").as("nothing").gives(200),
			get("{pap}/actions").as("nothing").gives(200),
			get("{pap}/userroleassignments?scope=/").as("nothing").gives(200),
		}},
		{Fact: "2.4-8", Seed: scopedOrganization, Steps: []step{
			get("{identity}/Directory/Search/{p}?startsWith=a").as("directory").gives(200),
			post("{identity}/Directory/BulkResolveByName/{p}", `{"entityNames":["ada"],"entityType":"user"}`).as("directory").gives(200),
		}},
		{Fact: "2.4-9", Seed: scopedOrganization, Steps: []step{
			post("{identity}/Directory/BulkResolveByName/{p}", `{"entityNames":["ada"],"entityType":"user"}`).as("nothing").gives(200),
		}},
		{Fact: "2.4-10", Seed: scopedOrganization, Steps: []step{
			get("{identity}/Directory/Search/{p}?startsWith=a").as("nothing").gives(200),
			get("{identity}/Directory/Scopes/{p}").as("nothing").gives(200),
			post("{identity}/Directory/GroupMembership/{p}", `{"userId":"{ada}","groupIds":["{administrators}"]}`).as("nothing").gives(200),
		}},
		{Fact: "2.4-11", Seed: scopedOrganization, Steps: []step{
			get("{orchestrator}/odata/Folders").as("folders").gives(200),
			get("{orchestrator}/odata/Folders").as("folders-read").gives(200),
			get("{orchestrator}/odata/Folders").as("nothing").gives(403),
		}},
		{Fact: "2.4-12", Steps: []step{
			get("{identity}/User/users/{p}").as(adasToken).gives(200),
			get("{identity}/User/{grace}").as(adasToken).gives(200),
			remove("{identity}/User/{dennis}").as(adasToken).gives(204),
		}},

		{Fact: "2.4-13", Seed: scopedOrganization, Steps: []step{get("{orchestrator}/odata/Folders").as("everything-in-orchestrator").gives(200)}},
		{Fact: "2.4-14", Seed: scopedOrganization, Steps: []step{get("{orchestrator}/odata/Folders").as("everything-in-orchestrator").gives(200, has(fields{"value": nothing}))}},
		{Fact: "2.4-15", Steps: []step{
			form(tokenPath, terraformCredentials("scope", "OR.Default OR.Administration OR.Assets OR.Execution OR.Folders OR.Jobs OR.Machines OR.Monitoring OR.Queues "+
				"OR.Robots OR.Settings OR.Tasks OR.Users")...).gives(200, issued),
			form(tokenPath, terraformCredentials("scope", "OR.Webhooks")...).gives(400, fields{"error": "invalid_scope"}),
		}},

		{Fact: "2.5-1", Steps: []step{
			get("{pap}/userroleassignments/export").as("terraform").gives(403),
			get("{pap}/userroleassignments/export").gives(200),
		}},
		{Fact: "2.5-2", Steps: []step{
			post("{pdp}/geteffectiveaccess", `{"userId":"{katherine}"}`).as("ada.lovelace@acme.example").gives(200),
			post("{pdp}/geteffectiveaccess", `{"userId":"{katherine}"}`).as("grace.hopper@acme.example").gives(403),
		}},
		{Fact: "2.5-3", Steps: []step{
			post("{pdp}/geteffectiveaccess", `{"userId":"{katherine}"}`).as("access-review").gives(200),
			post("{pdp}/geteffectiveaccess", `{"userId":"{katherine}"}`).as("terraform-production").gives(403),
		}},
		{Fact: "2.5-4", Steps: steps(forEach("User/users/{p} Group/{p} RobotAccount/{p} ExternalClient/{p}", func(path string) []step {
			return []step{
				get("{identity}/" + path).as("access-review").gives(200),
				get("{identity}/" + path).as("ada.lovelace@acme.example").gives(200),
				get("{identity}/" + path).as("katherine.johnson@acme.example").gives(403),
			}
		}))},
		{Fact: "2.5-5", Steps: []step{
			get("{pap}/roles?top=1").as("terraform").gives(200),
			get("{pap}/actions").as("terraform").gives(200),
			get("{pap}/userroleassignments?scope=/").as("terraform").gives(200),
			post("{pap}/geteffectiveaccess", `{"userId":"{ada}","scopeIdentifier":{"scopeType":"Tenant","value":{"id":"{production}","tenantId":"{production}"}}}`).as("terraform").gives(200),
		}},
		{Fact: "2.5-6", Steps: []step{
			get("{identity}/Directory/Search/{p}?startsWith=a").as("katherine.johnson@acme.example").gives(200),
			post("{identity}/Directory/BulkResolveByName/{p}", `{"entityNames":["Everyone"],"entityType":"group"}`).as("katherine.johnson@acme.example").gives(200),
			post("{identity}/Directory/GroupMembership/{p}", `{"userId":"{ada}","groupIds":[]}`).as("katherine.johnson@acme.example").gives(200),
		}},

		{Fact: "2.6-1", Steps: []step{get("{pap}/roles?top=1").as(adasToken).gives(200)}},
		{Fact: "2.6-2", Seed: scopedOrganization, Steps: []step{
			get("{pap}/roles?top=1").as(nobody).with("Authorization", "Bearer secret-token-of-ada").gives(200),
			get("{pap}/roles?top=1").as(nobody).with("Authorization", "Bearer expired-token-of-ada").gives(401),
		}},
	}
}

func basic(id, secret string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(id+":"+secret))
}

// forEach joins the steps for each word of a text.
func forEach(words string, take func(string) []step) []step {
	var joined []step
	for word := range strings.FieldsSeq(words) {
		joined = append(joined, take(word)...)
	}
	return joined
}
