package main

import (
	"fmt"
	"strings"
)

// The organization of the benchmark. Its secrets protect nothing.
const (
	organization = "initech"
	production   = "1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90"
	staging      = "2f7b1d63-4a5c-4e9f-8b82-6c3d7e8f9a01"

	clientID     = "3c000000-0000-4000-8000-000000000001"
	clientSecret = "not-a-secret-of-anything"
	userToken    = "not-a-token-of-anybody"

	// personPattern is the id of a person by number, rolePattern that of a role, as fmt and Terraform's format write them.
	personPattern = "3e000000-0000-4000-8000-%012d"
	rolePattern   = "5e000000-0000-4000-8000-%012d"
)

// place is a scope and the number of a role that has an effect there.
type place struct {
	role  int
	scope string
}

// places are where the grants are made.
var places = []place{
	{0, "/tenant/" + production},
	{0, "/tenant/" + staging},
	{1, "/tenant/" + production + "/documentunderstanding"},
	{1, "/tenant/" + staging + "/documentunderstanding"},
	{2, "/tenant/" + production + "/reinfer"},
}

// seed is an organization with so many people beside the administrator, and so many roles of any tenant beside those of [places].
func seed(people, moreRoles int) []byte {
	var s strings.Builder
	fmt.Fprintf(&s, `organization: {name: %s, defaultCaller: bill@initech.example}
tenants:
  - {id: %s, name: Production, services: [Orchestrator, Document Understanding, IXP, Task Mining]}
  - {id: %s, name: Staging, services: [Orchestrator, Document Understanding, IXP, Task Mining]}
externalApplications:
  - {id: %s, name: pipeline, secret: %s, scopes: [PM.User.Read]}
personalAccessTokens:
  - {user: bill@initech.example, token: %s, expires: 2100-01-01T00:00:00Z}
assignments:
  - {role: Organization Administrator, principal: bill@initech.example, scope: /}
  - {role: Organization Administrator, principal: pipeline, scope: /}
roles:
  - {id: %s, name: Watcher, description: Watches., shape: TenantGlobal, permissions: [ORCHESTRATOR.MLLOGS.VIEW]}
  - {id: %s, name: Document Watcher, description: Watches., shape: TenantGlobal, service: Document Understanding,
     permissions: [DOCUMENTUNDERSTANDING.PROJECTS.READ]}
  - {id: %s, name: Mail Watcher, description: Watches., shape: TenantGlobal, service: IXP, permissions: [COMMUNICATIONSMINING.SOURCE.READ]}
`, organization, production, staging, clientID, clientSecret, userToken, role(0), role(1), role(2))
	for i := range moreRoles {
		fmt.Fprintf(&s, "  - {id: %s, name: Watcher %d, description: Watches., shape: TenantGlobal, permissions: [ORCHESTRATOR.MLLOGS.VIEW]}\n",
			role(3+i), i)
	}
	s.WriteString("users:\n  - {userName: bill@initech.example, name: Bill, surname: Lumbergh}\n")
	for i := range people {
		fmt.Fprintf(&s, "  - {id: %s, userName: person%d@initech.example, displayName: Person %d}\n", person(i), i, i)
	}
	return []byte(s.String())
}

func person(i int) string { return fmt.Sprintf(personPattern, i) }

func role(i int) string { return fmt.Sprintf(rolePattern, i) }
