package provider

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/adopt"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// Adoptable finds what the resources can manage. It signs in as the provider does, reads as the list resources do and leaves out what they
// leave out, and it looks names up as a plan does.
func Adoptable(version string) adopt.Find {
	return func(ctx context.Context, query adopt.Query) (adopt.Found, error) {
		p := &uipathProvider{version: version, getenv: os.Getenv, clock: time.Now, wait: wait}
		s, diags := p.open(ctx, querySettings(query), "terraform-provider-uipath/"+version+" adopt")
		if diags.HasError() {
			return adopt.Found{}, firstError(diags)
		}
		a := &adoption{session: s, query: query, found: adopt.Found{Organization: s.client.Organization().Name}}
		err := a.run(ctx)
		return a.found, err
	}
}

// querySettings are the provider's settings that a query has.
func querySettings(query adopt.Query) configurationModel {
	unless := func(without bool) types.Bool { return types.BoolValue(!without) }
	settings := configurationModel{
		BaseURL: optionalString(query.BaseURL), Organization: optionalString(query.Organization),
		ResolveTenants: unless(query.WithoutTenants), ResolvePrincipals: unless(query.WithoutPrincipals),
		ResolveFolders: unless(query.WithoutFolders), ResolveProjects: unless(query.WithoutProjects),
	}
	if query.DataFile != "" {
		settings.ReferenceBackend = &referenceBackendModel{DataFile: types.StringValue(query.DataFile), Caller: optionalString(query.Caller)}
	}
	return settings
}

// firstError is the first error of diagnostics, nil where there is none.
func firstError(diags diag.Diagnostics) error {
	for _, d := range diags.Errors() {
		return fmt.Errorf("%s: %s", d.Summary(), d.Detail())
	}
	return nil
}

// adoption is one look through an organization.
type adoption struct {
	*session
	query adopt.Query
	found adopt.Found

	// scope is where to look, and below whether to look under it too.
	scope access.Scope
	below bool
	// wanted says whether an assignment passes the filters by principal and role.
	wanted func(uipath.AssignmentKey) bool
	// tenants are those that there is something to look for in, by id.
	tenants []access.GUID
	// held are the roles of the assignments that were found.
	held map[access.GUID]bool
	// permissions are the tenants whose Task Mining permissions were read.
	permissions map[access.GUID]bool
}

func (a *adoption) run(ctx context.Context) error {
	if err := a.settle(ctx); err != nil {
		return err
	}
	all, err := a.assigned(ctx)
	if err != nil {
		return err
	}
	a.settleTenants(all)
	principal, err := a.principal(ctx)
	if err != nil {
		return err
	}
	a.held, a.permissions = map[access.GUID]bool{}, map[access.GUID]bool{}
	if a.query.RoleName == "" {
		for _, tenant := range a.tenants {
			if err := a.readPermissions(ctx, tenant, principal); err != nil {
				return err
			}
		}
	}
	for _, one := range all {
		if !a.wanted(one.Key) {
			continue
		}
		if err := a.addAssignment(ctx, one); err != nil {
			return err
		}
	}
	return a.readRoles(ctx)
}

// settle finds what the filters name, as the list resource of role assignments does.
func (a *adoption) settle(ctx context.Context) error {
	query := roleAssignmentListModel{
		Scope: scopeForm.null(), ScopeName: optionalString(a.query.ScopeName), PrincipalID: guidForm.null(), RoleID: guidForm.null(),
		PrincipalName: optionalString(a.query.PrincipalName), RoleName: optionalString(a.query.RoleName),
	}
	a.below = a.query.Below
	switch {
	case a.query.Tenant != "":
		tenant, err := a.client.Tenant(ctx, a.query.Tenant)
		if err != nil {
			return err
		}
		query.Scope, a.below = scopeForm.value(access.TenantScope(tenant.ID).String()), true
	case a.query.Scope != "":
		if objection := scopeRule.objection(a.query.Scope); objection != "" {
			return errors.New(objection)
		}
		query.Scope = scopeForm.value(a.query.Scope)
	case a.query.ScopeName != "":
		if objection := scopeNameRule.objection(a.query.ScopeName); objection != "" {
			return errors.New(objection)
		}
	default:
		query.Scope, a.below = scopeForm.value(access.Organization.String()), true
	}
	var diags diag.Diagnostics
	lists := roleAssignmentListResource{roleAssignmentResource{configuredResource{session: a.session}}}
	a.wanted, a.scope = lists.filter(ctx, query, &diags)
	return firstError(diags)
}

// principal is the id that the filter by principal names, "" without one.
func (a *adoption) principal(ctx context.Context) (access.GUID, error) {
	if a.query.PrincipalName == "" {
		return "", nil
	}
	var diags diag.Diagnostics
	found := a.principalNaming("").byName(ctx, a.query.PrincipalName, &diags)
	if found == nil {
		return "", firstError(diags)
	}
	return access.GUID(found.id), nil
}

// assigned returns the assignments in question, before the filters by principal and role. Where the listing of the whole organization is
// refused, each scope that is known is asked for alone.
func (a *adoption) assigned(ctx context.Context) ([]uipath.Assignment, error) {
	all, err := a.client.Assignments(ctx, a.scope, uipath.Reach{Below: a.below})
	switch {
	case err == nil:
		return all, nil
	case !a.below || !errors.Is(err, uipath.ErrForbidden):
		return nil, fmt.Errorf("list the role assignments at %s: %w", a.scope, err)
	}
	return a.assignedByScope(ctx)
}

// in reports whether a scope is in question.
func (a *adoption) in(scope access.Scope) bool {
	return scope == a.scope || a.below && a.scope.Contains(scope)
}

// settleTenants collects the tenants that are in question.
func (a *adoption) settleTenants(all []uipath.Assignment) {
	ids := []access.GUID{a.scope.TenantID()}
	for _, tenant := range a.client.Tenants() {
		ids = append(ids, tenant.ID)
	}
	for _, one := range all {
		ids = append(ids, one.Key.Scope.TenantID())
	}
	slices.Sort(ids)
	a.tenants = slices.DeleteFunc(slices.Compact(ids), func(id access.GUID) bool { return id == "" })
}

func (a *adoption) add(object adopt.Object) { a.found.Objects = append(a.found.Objects, object) }

func (a *adoption) leaveOut(what, reason string) {
	a.found.LeftOut = append(a.found.LeftOut, adopt.LeftOut{What: what, Reason: reason})
}

func (a *adoption) unread(format string, args ...any) {
	a.found.Unread = append(a.found.Unread, fmt.Sprintf(format, args...))
}

// shortName is what a label calls a principal: of an e-mail address the part before the at sign.
func shortName(name string) string {
	if before, _, found := strings.Cut(name, "@"); found && before != "" {
		return before
	}
	return name
}
