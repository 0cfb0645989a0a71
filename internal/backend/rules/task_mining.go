package rules

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/store"
)

// taskMining is the slug of Task Mining.
var taskMining = strings.ToLower(access.TaskMiningService)

// checkTaskMining refuses what Task Mining does of the roles that it owns: a member must be a user or a group, a user must have
// joined the organization, and tenant and project must be there (contract 9.2, 9.3). What this caller may not assign at all is
// passed over, because the refusal would tell which projects there are.
func (s *Session) checkTaskMining(ctx context.Context, added []addition) error {
	var found []Violation
	var places taskMiningPlaces
	for i, a := range added {
		if a.role.Service != access.TaskMiningService || !s.can(createAssignments, a.Scope) || len(found) >= maxViolations {
			continue
		}
		if places.tenants == nil {
			var err error
			if places, err = s.taskMiningPlaces(ctx); err != nil {
				return err
			}
		}
		member, wrong := s.checkTaskMiningMember(a.principal, a.role)
		if wrong != "" {
			found = append(found, Violation{Field: addedField(i, member), Message: wrong})
		}
		if wrong := places.check(a.Scope); wrong != "" {
			found = append(found, Violation{Field: addedField(i, "scope"), Message: wrong})
		}
	}
	if len(found) > 0 {
		return Invalidate(found...)
	}
	return nil
}

// checkTaskMiningMember says why somebody cannot have a role of Task Mining, and which member of the request is at fault.
func (s *Session) checkTaskMiningMember(p store.Principal, role model.Role) (member, wrong string) {
	who := fmt.Sprintf("%s (%s)", p.DisplayName, p.ID)
	switch {
	case p.Kind != access.PrincipalUser && p.Kind != access.PrincipalGroup:
		return "securityPrincipalType", fmt.Sprintf("The role %q of Task Mining is for users and groups: %s is of type %s.", role.Name, who, p.Kind)
	case p.Kind == access.PrincipalUser && !p.Added && !s.provisions():
		return "securityPrincipalId", fmt.Sprintf("The user %s is not a member of the organization: add the user before giving the role %q of Task Mining.",
			who, role.Name)
	case p.Kind == access.PrincipalUser && p.Invited:
		return "securityPrincipalId", fmt.Sprintf(
			"The user %s has not accepted the invitation to the organization yet: the role %q of Task Mining can be given after that.", who, role.Name)
	}
	return "", ""
}

// taskMiningPlaces is where Task Mining is.
type taskMiningPlaces struct {
	tenants  []model.Tenant
	projects []model.Project
}

func (s *Session) taskMiningPlaces(ctx context.Context) (taskMiningPlaces, error) {
	tenants, err := s.tx.Tenants(ctx)
	if err != nil {
		return taskMiningPlaces{}, err
	}
	projects, err := s.tx.Projects(ctx)
	return taskMiningPlaces{
		tenants:  tenants,
		projects: slices.DeleteFunc(projects, func(p model.Project) bool { return p.Service != taskMining }),
	}, err
}

// check says why nothing of Task Mining is at a scope, or nothing. Where a role of Task Mining does nothing is not checked.
func (p taskMiningPlaces) check(at access.Scope) string {
	i := slices.IndexFunc(p.tenants, func(t model.Tenant) bool { return t.ID == at.TenantID() })
	if i < 0 || at.ServiceSlug() != taskMining {
		return ""
	}
	tenant := p.tenants[i]
	if !slices.Contains(tenant.Services, taskMining) {
		return fmt.Sprintf("Task Mining does not run in the tenant %s (%s): switch it on there, or name a tenant that has it.", tenant.Name, tenant.ID)
	}
	if at.Kind() != access.ScopeProject {
		return ""
	}
	here := slices.DeleteFunc(slices.Clone(p.projects), func(one model.Project) bool { return one.TenantID != tenant.ID })
	if slices.ContainsFunc(here, func(one model.Project) bool { return one.ID == at.Container() }) {
		return ""
	}
	return fmt.Sprintf("The project %q does not exist in Task Mining of the tenant %s. %s", shortened(at.Container()), tenant.Name,
		describeProjects(at.Container(), here))
}

// shortened cuts what a refusal quotes.
func shortened(text string) string {
	const most = 100
	if len(text) <= most {
		return text
	}
	return text[:most] + "..."
}

// describeProjects names the projects that there are, those first whose id or name is nearest to what was asked for.
func describeProjects(asked string, projects []model.Project) string {
	const shown, long = 10, 200
	if len(projects) == 0 {
		return "There are no projects."
	}
	var names []string
	for _, p := range projects {
		names = append(names, p.ID, p.Name)
	}
	var near []string
	if len(asked) <= long {
		near = access.Nearest(asked, names, shown)
	}
	place := func(p model.Project) int {
		for i, name := range near {
			if name == p.ID || name == p.Name {
				return i
			}
		}
		return len(near)
	}
	slices.SortStableFunc(projects, func(a, b model.Project) int { return place(a) - place(b) })
	var listed []string
	for _, p := range projects[:min(len(projects), shown)] {
		listed = append(listed, fmt.Sprintf("%s (%s)", p.Name, p.ID))
	}
	text := "There are " + strings.Join(listed, ", ")
	if more := len(projects) - shown; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text + "."
}
