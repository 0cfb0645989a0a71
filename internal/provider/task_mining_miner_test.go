package provider_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/acctest"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// mined is a resource that gives a permission.
func mined(principal, kind, permission string, lines ...string) string {
	return fmt.Sprintf("resource \"uipath_task_mining_permission\" \"test\" {\n  principal_id = %q\n  principal_type = %q\n  permission = %q\n  %s\n}\n",
		principal, kind, permission, strings.Join(lines, "\n  "))
}

func recordsFor(projects ...string) string {
	return "project_ids = [\"" + strings.Join(projects, `", "`) + "\"]"
}

// miner does things in Task Mining behind Terraform's back.
type miner struct {
	t     *testing.T
	b     *acctest.Backend
	roles map[access.TaskMiningPermission]string
}

func newMiner(t *testing.T, b *acctest.Backend) miner {
	t.Helper()
	m := miner{t, b, map[access.TaskMiningPermission]string{}}
	roles, err := b.Client(t).Roles(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range roles {
		if role.Service == access.TaskMiningService {
			m.roles[access.TaskMiningPermission(role.Name)] = role.ID.String()
		}
	}
	return m
}

func (m miner) key(principal string, permission access.TaskMiningPermission, project string) uipath.AssignmentKey {
	m.t.Helper()
	scope, err := access.ServiceScope(productionID, access.TaskMiningService)
	if project != "" {
		scope, err = access.ProjectScope(productionID, access.TaskMiningService, project)
	}
	if err != nil {
		m.t.Fatal(err)
	}
	return uipath.AssignmentKey{RoleID: access.GUID(m.roles[permission]), PrincipalID: access.GUID(principal), Scope: scope}
}

func (m miner) gives(principal string, permission access.TaskMiningPermission, project string) func() {
	return func() {
		m.t.Helper()
		grant := uipath.Grant{Key: m.key(principal, permission, project), PrincipalType: access.PrincipalUser}
		if err := m.b.Client(m.t).Assign(context.Background(), grant); err != nil {
			m.t.Fatal(err)
		}
	}
}

// takes takes the permission to record, for a project or altogether, away from Edsger.
func (m miner) takes(project string) func() {
	return func() {
		m.t.Helper()
		if err := m.b.Client(m.t).Unassign(context.Background(), m.key(edsger, access.TaskMiningUser, project)); err != nil {
			m.t.Fatal(err)
		}
	}
}

// held is what the principal holds on the server, such as "User" and "User of {project}", sorted.
func (m miner) held(principal string) []string {
	m.t.Helper()
	named := map[string]access.TaskMiningPermission{}
	for permission, id := range m.roles {
		named[id] = permission
	}
	found, err := m.b.Client(m.t).Assignments(context.Background(), access.Organization, uipath.Reach{Below: true})
	if err != nil {
		m.t.Fatal(err)
	}
	held := []string{}
	for _, a := range found {
		if permission, ok := named[a.Key.RoleID.String()]; ok && a.Key.PrincipalID.String() == principal {
			if project := a.Key.Scope.Container(); project != "" {
				held = append(held, fmt.Sprintf("%s of %s", permission, project))
			} else {
				held = append(held, string(permission))
			}
		}
	}
	slices.Sort(held)
	return held
}

// holds checks what Edsger holds on the server.
func holds(t *testing.T, b *acctest.Backend, want ...string) resource.TestCheckFunc {
	t.Helper()
	return func(*terraform.State) error {
		if diff := cmp.Diff(append([]string{}, want...), newMiner(t, b).held(edsger)); diff != "" {
			return fmt.Errorf("Edsger holds something else:\n%s", diff)
		}
		return nil
	}
}

// putGroup changes who is in a group, as the administrator would.
func putGroup(t *testing.T, b *acctest.Backend, id, name, member, principal string) {
	t.Helper()
	body := fmt.Sprintf(`{"partitionGlobalId": "9a2f4c1e-7b3d-4f58-a6e0-1d5c8b7f3e21", "name": %q, %q: [%q]}`, name, member, principal)
	request, err := http.NewRequestWithContext(context.Background(), http.MethodPut, b.URL+"/acme/identity_/api/Group/"+id, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer reference-backend-token-of-ada")
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil || answer.StatusCode != http.StatusOK {
		t.Fatal(answer.Status, err)
	}
}

// assignmentGUID finds the GUID of one of the principal's assignments, as the export shows it.
func assignmentGUID(t *testing.T, b *acctest.Backend, principal, before string) resource.ImportStateIdFunc {
	t.Helper()
	return func(*terraform.State) (string, error) {
		found, err := b.Client(t).Assignments(context.Background(), access.Organization, uipath.Reach{Below: true})
		for _, a := range found {
			if a.Key.PrincipalID.String() == principal {
				return before + a.ID.String(), nil
			}
		}
		return "", fmt.Errorf("%s holds nothing: %w", principal, err)
	}
}
