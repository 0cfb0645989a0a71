package seed

import (
	"slices"
	"strings"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

const orchestratorSeed = `
organization: {name: acme}
tenants: [{name: B, services: [Orchestrator]}, {name: A, services: [Orchestrator]}, {name: C}]
users: [{userName: ada}, {userName: bob}]
folders: [{tenant: A, name: Finance}]
orchestratorRoles:
  - {tenant: A, name: Clerk, type: Folder, permissions: [assets.view, Assets.View]}
  - {id: 20000, tenant: B, name: Clerk}
  - {tenant: A, name: Both, type: Mixed, static: true, editable: false, permissions: [Assets.View, Machines.View]}
orchestratorUsers: [{tenant: A, principal: ada, folders: [Finance]}]
assignments:
  - {role: {tenant: A, name: Clerk}, principal: bob, scope: {tenant: A, folder: Finance}}
  - {role: {tenant: B, name: Tenant Administrator}, principal: bob, scope: /tenant/B/orchestrator}
`

func TestOrchestratorOfTenants(t *testing.T) {
	t.Parallel()
	s, err := parse(t, orchestratorSeed)
	if err != nil {
		t.Fatal(err)
	}
	roles := map[string]model.OrchestratorRole{}
	for _, r := range s.OrchestratorRoles {
		roles[r.Name+string(r.TenantID[:4])] = r
	}
	var ids []int64
	for _, r := range s.OrchestratorRoles[:3] {
		ids = append(ids, r.ID)
	}
	// Those without an id follow the greatest, and the default roles of the two tenants come after them.
	if !slices.Equal(ids, []int64{20001, 20000, 20002}) || len(s.OrchestratorRoles) != 3+2*7 {
		t.Errorf("ids %v of %d roles", ids, len(s.OrchestratorRoles))
	}
	seen := map[int64]bool{}
	for _, r := range s.OrchestratorRoles {
		if seen[r.ID] || r.ID < firstOrchestratorRole != (r.Static && r.Type != model.OrchestratorMixedRole) {
			t.Errorf("%+v", r)
		}
		seen[r.ID] = true
	}
	if got := s.OrchestratorRoles[0].Permissions; !slices.Equal(got, []string{"Assets.View"}) {
		t.Errorf("permissions %v", got)
	}
	// Who has a role is a user, and in the folder where they have it.
	if len(s.OrchestratorUsers) != 3 || s.OrchestratorUsers[0].ID != firstOrchestratorUser {
		t.Fatalf("users %+v", s.OrchestratorUsers)
	}
	for _, u := range s.OrchestratorUsers {
		if inFolder := len(u.FolderIDs) == 1; inFolder != (u.TenantID == s.Folders[0].TenantID) {
			t.Errorf("%+v", u)
		}
	}
	if at := s.Assignments[0].Scope; at.Kind() != access.ScopeFolder || s.Assignments[0].RoleID != s.OrchestratorRoles[0].Key {
		t.Errorf("assigned %+v", s.Assignments[0])
	}
}

func TestMistakesAboutOrchestrator(t *testing.T) {
	t.Parallel()
	for wrong, want := range map[string]string{
		"orchestratorRoles: [{tenant: C, name: N}]":                                                                                                              `the tenant "C" has no Orchestrator`,
		"orchestratorRoles: [{tenant: A, name: Tenant Administrator}]":                                                                                           "brings a role of this name along",
		"orchestratorRoles: [{tenant: A, name: N}, {tenant: A, name: n}]":                                                                                        `"n" of Orchestrator in tenant A stands on line`,
		"orchestratorRoles: [{id: 7, tenant: A, name: N}]":                                                                                                       "id 7 is not a number from 10001",
		"orchestratorRoles: [{tenant: A, name: N, key: x}]":                                                                                                      `key "x" is not a GUID`,
		"orchestratorRoles: [{tenant: A, name: N, type: Global}]":                                                                                                `unknown type "Global": it is Tenant or Folder or Mixed`,
		"orchestratorRoles: [{tenant: A, name: N, permissions: [Machine.View]}]":                                                                                 `Did you mean "Machines.View"`,
		"orchestratorRoles: [{tenant: A, name: N, permissions: [Assets.View]}]":                                                                                  "a role of type Tenant cannot grant it",
		"orchestratorUsers: [{tenant: A, principal: cyd}]":                                                                                                       `unknown principal "cyd"`,
		"orchestratorUsers: [{tenant: A, principal: ada}, {tenant: A, principal: ada}]":                                                                          "of Orchestrator in tenant A stands on line",
		"orchestratorUsers: [{tenant: A, principal: ada, folders: [Finances]}]":                                                                                  `Did you mean "Finance"`,
		"assignments: [{role: {tenant: A, name: Folder Administrator}, principal: ada, scope: /tenant/A/orchestrator}]":                                          "has the type Folder and cannot be assigned at",
		"assignments: [{role: {tenant: A, name: Tenant Administrator}, principal: ada, scope: /tenant/B/orchestrator}]":                                          "cannot be assigned at",
		"assignments: [{role: {tenant: A, name: Tenant Administrator}, principal: {user: 3e000000-0000-4000-8000-000000000001}, scope: /tenant/A/orchestrator}]": "somebody who is gone",
		"assignments: [{role: {tenant: A, service: Insights, name: N}, principal: ada, scope: /}]":                                                               "for one of Orchestrator",
	} {
		file, _, _ := strings.Cut(orchestratorSeed, "orchestratorRoles:")
		_, err := parse(t, file+wrong+"\n")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", wrong, err, want)
		}
	}
}
