package rules

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// ProjectQuery asks for the projects of a service in a tenant.
type ProjectQuery struct {
	// Tenant is the tenant's name or id.
	Tenant string
	// Service is the slug of the service.
	Service string
	Paging
}

// ProjectKey names a project by its id.
type ProjectKey struct {
	// Tenant is the tenant's name or id.
	Tenant string
	// Service is the slug of the service.
	Service string
	ID      string
}

// scopesToReadProjects are the OAuth2 scopes of which an external application needs one, by service (contract 9.6).
var scopesToReadProjects = map[string][]string{
	"documentunderstanding": {"Du.Digitization.Api", "Du.Classification.Api", "Du.Extraction.Api", "Du.Validation.Api"},
	"testmanager":           {"TM.Projects", "TM.Projects.Read"},
	"reinfer":               {"Ixp.ApiAccess"},
}

// Projects returns a page of the projects of a service that the caller sees, by name.
func (s *Session) Projects(ctx context.Context, q ProjectQuery) (Page[model.Project], error) {
	here, err := s.visibleProjects(ctx, q.Tenant, q.Service)
	return cut(here, q.Paging), err
}

// Project returns one project that the caller sees.
func (s *Session) Project(ctx context.Context, key ProjectKey) (model.Project, error) {
	here, err := s.visibleProjects(ctx, key.Tenant, key.Service)
	if err != nil {
		return model.Project{}, err
	}
	i := slices.IndexFunc(here, func(p model.Project) bool { return strings.EqualFold(p.ID, key.ID) })
	if i < 0 {
		return model.Project{}, refuse(NotFound, "The project %q does not exist, or the caller does not see it.", shortened(key.ID))
	}
	return here[i], nil
}

// visibleProjects returns the projects of a service in a tenant that the caller sees. It refuses a caller who has nothing to do with any.
func (s *Session) visibleProjects(ctx context.Context, tenantName, slug string) ([]model.Project, error) {
	if err := s.hasScope(scopesToReadProjects[slug]); err != nil {
		return nil, err
	}
	tenant, err := s.tenantWith(ctx, tenantName, slug)
	if err != nil {
		return nil, err
	}
	at, err := access.ServiceScope(tenant.ID, slug)
	if err != nil {
		return nil, err
	}
	projects, err := s.tx.Projects(ctx)
	if err != nil {
		return nil, err
	}
	var seen []model.Project
	for _, p := range projects {
		if p.TenantID != tenant.ID || p.Service != slug {
			continue
		}
		scope, err := access.ProjectScope(tenant.ID, slug, p.ID)
		if err != nil {
			return nil, err
		}
		if s.seesProjects(scope) {
			seen = append(seen, p)
		}
	}
	if len(seen) == 0 && !s.seesProjects(at) {
		return nil, refuse(Forbidden, "Caller is not authorized to read projects of %s in the tenant %s. A role of the service, or one that reads its "+
			"role assignments, is needed there or at a project.", access.ServiceDisplayName(slug), tenant.Name)
	}
	return seen, nil
}

// seesProjects reports whether the caller may do anything in a service, or reads who may.
func (s *Session) seesProjects(at access.Scope) bool {
	service, _ := access.FindService(at.ServiceSlug())
	ofService := func(permission string) bool { return strings.HasPrefix(permission, service.Namespace+".") }
	return s.can(readAssignments, at) || slices.ContainsFunc(s.grants, func(g grant) bool {
		return g.scope.Contains(at) && slices.ContainsFunc(g.role.Permissions, ofService)
	})
}

// tenantWith returns a tenant, which is named by name or id, that runs a service.
func (s *Session) tenantWith(ctx context.Context, name, slug string) (model.Tenant, error) {
	tenants, err := s.tx.Tenants(ctx)
	if err != nil {
		return model.Tenant{}, err
	}
	names := make([]string, len(tenants))
	for i, t := range tenants {
		names[i] = t.Name
		if !strings.EqualFold(t.Name, name) && !strings.EqualFold(t.ID.String(), name) {
			continue
		}
		if !slices.Contains(t.Services, slug) {
			return model.Tenant{}, refuse(NotFound, "%s does not run in the tenant %s.", access.ServiceDisplayName(slug), t.Name)
		}
		return t, nil
	}
	return model.Tenant{}, refuse(NotFound, "%s", model.WithSuggestion(fmt.Sprintf("The tenant %q does not exist.", name), name, names))
}
