package rules

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// taskMining is the slug of Task Mining.
var taskMining = strings.ToLower(access.TaskMiningService)

// checkTaskMining refuses what Task Mining refuses for the roles that it owns: a member must be a user or a group, a user must have
// joined the organization, and tenant and project must exist (contract 9.2, 9.3). It passes over what this caller may not assign
// at all, because the refusal would tell which projects there are.
func (s *Session) checkTaskMining(ctx context.Context, added []addition) error {
	var found additionFaults
	var places taskMiningPlaces
	for i, a := range added {
		if a.role.Service != access.TaskMiningService || !s.can(createAssignments, a.Scope) || found.full() {
			continue
		}
		if places.tenants == nil {
			var err error
			if places, err = s.taskMiningPlaces(ctx); err != nil {
				return err
			}
		}
		part, wrong := s.checkTaskMiningMember(a.principal, a.role.Name)
		found.add(i, part, wrong)
		found.add(i, model.PartScope, places.check(a.Scope))
	}
	return invalid(found)
}

// checkTaskMiningMember says why a principal cannot have a role of Task Mining, and which part of the input is at fault.
func (s *Session) checkTaskMiningMember(p model.Principal, role string) (part model.Part, wrong string) {
	switch {
	case p.Type != access.PrincipalUser && p.Type != access.PrincipalGroup:
		return model.PartPrincipalType, fmt.Sprintf("The role %q of Task Mining is for users and groups: %s is of type %s.", role, p, p.Type)
	case p.Type == access.PrincipalUser && !p.Added && !s.provisions():
		return model.PartPrincipal, fmt.Sprintf(
			"The user %s is not a member of the organization: add the user before giving the role %q of Task Mining.", p, role)
	case p.Type == access.PrincipalUser && p.Invited:
		return model.PartPrincipal, fmt.Sprintf(
			"The user %s has not accepted the invitation to the organization yet: the role %q of Task Mining can be given after that.", p, role)
	}
	return 0, ""
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

// check says why there is no Task Mining at a scope. It returns "" where there is, and at scopes of other services.
func (p taskMiningPlaces) check(at access.Scope) string {
	i := indexOfTenant(p.tenants, at.TenantID())
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
	const shown = 10
	if len(projects) == 0 {
		return "There are no projects."
	}
	var names []string
	for _, p := range projects {
		names = append(names, p.ID, p.Name)
	}
	near := access.Nearest(asked, names, shown)
	place := func(p model.Project) int {
		if i := slices.IndexFunc(near, func(name string) bool { return name == p.ID || name == p.Name }); i >= 0 {
			return i
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
