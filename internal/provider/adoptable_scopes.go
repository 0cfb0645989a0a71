package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// assignedByScope asks for the assignments of each scope alone, for callers who may not list the whole organization. Where not one scope may
// be read it returns the first refusal.
func (a *adoption) assignedByScope(ctx context.Context) (all []uipath.Assignment, err error) {
	var refusal error
	some := false
	a.unread("the listing of the whole organization. Each scope was asked for alone: tenants, their services, and folders and projects that are listed")
	read := func(scope access.Scope) (bool, error) {
		if !a.in(scope) {
			return true, nil // It is not missed.
		}
		found, err := a.client.Assignments(ctx, scope, uipath.Reach{})
		if errors.Is(err, uipath.ErrForbidden) || errors.Is(err, uipath.ErrNotFound) {
			refusal = cmp.Or(refusal, fmt.Errorf("list the role assignments at %s: %w", scope, err))
			return false, nil
		}
		all, some = append(all, found...), true
		return true, err
	}
	if allowed, err := read(access.Organization); err != nil {
		return nil, err
	} else if !allowed {
		a.unread("role assignments at /, and at services of the organization")
	}
	for _, tenant := range a.client.Tenants() {
		if err := a.readTenant(ctx, tenant, read); err != nil {
			return nil, err
		}
	}
	if !some {
		return nil, refusal
	}
	return all, nil
}

// readTenant reads the scopes of a tenant, as far as they can be known.
func (a *adoption) readTenant(ctx context.Context, tenant uipath.Tenant, read func(access.Scope) (bool, error)) error {
	allowed, err := read(access.TenantScope(tenant.ID))
	if err != nil {
		return err
	}
	var refused []string
	if !allowed {
		refused = append(refused, "the tenant itself")
	}
	some := allowed
	for _, service := range access.Services() {
		scope, err := access.ServiceScope(tenant.ID, service.Slug)
		if err != nil {
			return err
		}
		allowed, err := read(scope)
		switch {
		case err != nil:
			return err
		case allowed:
			some = true
			if err := a.readContainers(ctx, tenant, service, read); err != nil {
				return err
			}
		default:
			refused = append(refused, service.DisplayName)
		}
	}
	switch {
	case len(refused) > 0 && some:
		a.unread("role assignments in %s: %s", tenant.Name, strings.Join(refused, ", "))
	case len(refused) > 0:
		a.unread("role assignments in %s", tenant.Name)
	}
	return nil
}

// readContainers reads the folders or projects of a service.
func (a *adoption) readContainers(ctx context.Context, tenant uipath.Tenant, service access.Service, read func(access.Scope) (bool, error)) error {
	scopes, err := a.containers(ctx, tenant.ID, service)
	if errors.Is(err, uipath.ErrForbidden) || errors.Is(err, uipath.ErrNotFound) {
		a.unread("folders or projects in %s / %s", tenant.Name, service.DisplayName)
		return nil
	}
	if err != nil {
		return fmt.Errorf("list folders or projects in %s / %s: %w", tenant.Name, service.DisplayName, err)
	}
	for _, scope := range scopes {
		if _, err := read(scope); err != nil {
			return err
		}
	}
	return nil
}

// containers are the scopes of the folders or projects of a service that are listed. Task Mining lists none.
func (a *adoption) containers(ctx context.Context, tenant access.GUID, service access.Service) (scopes []access.Scope, err error) {
	if service.Slug == "orchestrator" && a.resolveFolders {
		folders, err := a.client.Folders(ctx, tenant)
		if err != nil {
			return nil, err
		}
		for _, folder := range folders {
			scope, err := access.FolderScope(tenant, folder.Key)
			if err != nil {
				return nil, err
			}
			scopes = append(scopes, scope)
		}
		return scopes, nil
	}
	if !a.listsProjects(service) {
		return nil, nil
	}
	projects, err := a.client.Projects(ctx, tenant, service)
	if err != nil {
		return nil, err
	}
	for _, project := range projects {
		scope, err := access.ProjectScope(tenant, service.Slug, project.ID)
		if err != nil {
			return nil, err
		}
		scopes = append(scopes, scope)
	}
	return scopes, nil
}
