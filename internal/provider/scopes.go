package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

const (
	// scopeSeparator stands between the names of a scope, such as in "Production / Task Mining".
	scopeSeparator = " / "
	// organizationService begins the name of a scope of a service of the organization, such as "/ Automation Ops".
	organizationService = "/ "
	// scopeForms is what messages say of names that are none of a scope.
	scopeForms = `A scope in names is "/" (the organization), "/ SERVICE", "TENANT", "TENANT / SERVICE", "TENANT / Orchestrator / FOLDER" or ` +
		`"TENANT / SERVICE / PROJECT".`
)

// scopeNaming finds scopes: by path, or by names as [session.scopeName] writes them.
func (s *session) scopeNaming() naming[access.Scope] {
	return naming[access.Scope]{
		what: "scope", idAttribute: "scope", nameAttribute: "scope_name", form: scopeForm,
		byID: func(ctx context.Context, text string, diags *diag.Diagnostics) *named[access.Scope] {
			scope, err := access.ParseScope(text)
			if err != nil {
				diags.AddAttributeError(path.Root("scope"), scopeRule.title, err.Error())
				return nil
			}
			name, err := s.scopeName(ctx, scope)
			if err != nil {
				diags.Append(s.scopeFailure(path.Root("scope"), text, err))
				return nil
			}
			return s.namedScope(ctx, scope, name)
		},
		byName: func(ctx context.Context, text string, diags *diag.Diagnostics) *named[access.Scope] {
			scope, err := s.scopeNamed(ctx, text)
			if err != nil {
				diags.Append(s.scopeFailure(path.Root("scope_name"), text, err))
				return nil
			}
			return s.namedScope(ctx, scope, text)
		},
	}
}

// namedScope is a scope with a name. Other spellings of its tenant and its service name it too.
func (s *session) namedScope(ctx context.Context, scope access.Scope, name string) *named[access.Scope] {
	return &named[access.Scope]{
		id: scope.String(), name: name, value: scope,
		answersTo: func(text string) bool {
			if text == name {
				return true
			}
			other, err := s.scopeNamed(ctx, text)
			return err == nil && other == scope
		},
	}
}

// scopeName puts a scope into the names by which [session.scopeNamed] finds it.
func (s *session) scopeName(ctx context.Context, scope access.Scope) (string, error) {
	service := access.ServiceDisplayName(scope.ServiceSlug())
	switch {
	case scope == access.Organization:
		return scope.String(), nil
	case scope.TenantID() == "":
		return organizationService + service, nil
	}
	tenant, err := s.client.Tenant(ctx, scope.TenantID().String())
	if err != nil {
		return "", err
	}
	parts := []string{tenant.Name}
	if scope.ServiceSlug() != "" {
		parts = append(parts, service)
	}
	if scope.Container() != "" {
		container, err := s.containerName(ctx, scope)
		if err != nil {
			return "", err
		}
		parts = append(parts, container)
	}
	return strings.Join(parts, scopeSeparator), nil
}

// shownScope is the name of a scope as a review shows it, null where there is none to be read.
func (s *session) shownScope(ctx context.Context, scope access.Scope) types.String {
	name, err := s.scopeName(ctx, scope)
	if err != nil {
		return types.StringNull()
	}
	return types.StringValue(name)
}

// containerName returns the name of the folder or project of a scope. It is the id where names are not looked up, or the service tells none.
func (s *session) containerName(ctx context.Context, scope access.Scope) (string, error) {
	if scope.Kind() == access.ScopeFolder && s.resolveFolders {
		folder, err := s.client.Folder(ctx, scope.TenantID(), scope.Container())
		return folder.Name, unreadable(err, folderSetting)
	}
	if service, _ := access.FindService(scope.ServiceSlug()); scope.Kind() == access.ScopeProject && s.listsProjects(service) {
		project, err := s.client.Project(ctx, scope.TenantID(), service, scope.Container())
		return project.Name, unreadable(err, projectSetting)
	}
	return scope.Container(), nil
}

// listsProjects reports whether the projects of a service are looked up.
func (s *session) listsProjects(service access.Service) bool {
	return s.resolveProjects && uipath.ListsProjects(service)
}

// shownScopeOrPath is the name of a scope for a message, its path where there is none to be read.
func (s *session) shownScopeOrPath(ctx context.Context, scope access.Scope) string {
	return cmp.Or(s.shownScope(ctx, scope).ValueString(), scope.String())
}

// unreadablePlaces says that folders or projects may not be read.
type unreadablePlaces struct {
	// setting is what the provider says of them in its configuration.
	setting placeSetting
	err     error
}

// placeSetting is a setting of the provider that says whether places are looked up, and what they are called.
type placeSetting struct{ name, places string }

var (
	folderSetting  = placeSetting{"resolve_folders", "Folders"}
	projectSetting = placeSetting{"resolve_projects", "Projects"}
)

func (e *unreadablePlaces) Error() string { return e.err.Error() }
func (e *unreadablePlaces) Unwrap() error { return e.err }

// unreadable marks the refusal of a look-up.
func unreadable(err error, setting placeSetting) error {
	if errors.Is(err, uipath.ErrForbidden) {
		return &unreadablePlaces{setting, err}
	}
	return err
}

// scopeNamed finds a scope by its names. Letter case does not matter for tenant and service; folder and project are taken verbatim.
func (s *session) scopeNamed(ctx context.Context, text string) (access.Scope, error) {
	if text == access.Organization.String() {
		return access.Organization, nil
	}
	if name, ok := strings.CutPrefix(text, organizationService); ok {
		service, err := serviceNamed(name)
		if err != nil {
			return access.Scope{}, err
		}
		return access.ParseScope("/" + service.Slug)
	}
	name, rest, below := strings.Cut(text, scopeSeparator)
	tenant, err := s.client.Tenant(ctx, name)
	if err != nil || !below {
		return access.TenantScope(tenant.ID), err
	}
	name, rest, below = strings.Cut(rest, scopeSeparator)
	service, err := serviceNamed(name)
	if err != nil {
		return access.Scope{}, err
	}
	if !below {
		return access.ServiceScope(tenant.ID, service.Slug)
	}
	return s.containerNamed(ctx, tenant.ID, service, rest)
}

// containerNamed finds the scope of a folder of Orchestrator, or of a project of another service.
func (s *session) containerNamed(ctx context.Context, tenant access.GUID, service access.Service, name string) (access.Scope, error) {
	switch {
	case service.Slug == "orchestrator" && s.resolveFolders:
		folder, err := s.client.FolderNamed(ctx, tenant, name)
		if err != nil {
			return access.Scope{}, unreadable(err, folderSetting)
		}
		return access.FolderScope(tenant, folder.Key)
	case service.Slug == "orchestrator":
		return access.FolderScope(tenant, name)
	case s.listsProjects(service):
		project, err := s.client.ProjectNamed(ctx, tenant, service, name)
		if err != nil {
			return access.Scope{}, unreadable(err, projectSetting)
		}
		return access.ProjectScope(tenant, service.Slug, project.ID)
	}
	return access.ProjectScope(tenant, service.Slug, name)
}

// serviceNamed finds a service that scopes can name.
func serviceNamed(name string) (access.Service, error) {
	if objection := scopeServiceRule.objection(name); objection != "" {
		return access.Service{}, errors.New(objection)
	}
	service, _ := access.FindService(name)
	return service, nil
}

// scopeFailure says why a scope was not found.
func (s *session) scopeFailure(at path.Path, text string, err error) diag.Diagnostic {
	if places, ok := errors.AsType[*unreadablePlaces](err); ok {
		return attributeFailure(at, places.setting.places+" cannot be read", fmt.Sprintf("The scope %q was to be looked up. With %s = false the "+
			"provider does not ask for names of %s: ids stand in their places.", text, places.setting.name, strings.ToLower(places.setting.places)), err)
	}
	return attributeFailure(at, "Scope not found", sentences(fmt.Sprintf("The scope %q does not exist.", text), scopeForms), err)
}
