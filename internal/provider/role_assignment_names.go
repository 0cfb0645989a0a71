package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// shownAssignment is an assignment in words.
type shownAssignment struct {
	name  string
	role  string
	scope string
	// principal is empty where principals are not resolved.
	principal string
	effective bool
}

// shown returns what the plan or the state says of the assignment.
func (m roleAssignmentModel) shown() shownAssignment {
	return shownAssignment{
		name: m.Name.ValueString(), role: m.RoleName.ValueString(), scope: m.ScopeName.ValueString(),
		principal: m.PrincipalName.ValueString(), effective: m.Effective.ValueBool(),
	}
}

// describe names the assignment and anchors it by its ids.
func (a shownAssignment) describe(key uipath.AssignmentKey) string {
	return fmt.Sprintf("the role %s for %s at %s.",
		label(a.role, key.RoleID), label(a.principal, key.PrincipalID), label(a.scope, key.Scope.String()))
}

// checkAssignment refuses what cannot work, and shows what can. It depends on configuration, directory, roles and tenants only,
// not on what this run changes: Terraform plans every creation again when it applies.
func (s *session) checkAssignment(ctx context.Context, key uipath.AssignmentKey, kind access.PrincipalType) (shownAssignment, diag.Diagnostics) {
	var diags diag.Diagnostics
	role, err := s.client.Role(ctx, key.RoleID)
	if err != nil {
		diags.Append(attributeFailure(path.Root("role_id"), "Role not found", fmt.Sprintf("The role %s cannot be read.", key.RoleID), err))
	}
	if id := key.Scope.TenantID(); id != "" {
		if _, err := s.client.Tenant(ctx, string(id)); err != nil {
			diags.Append(attributeFailure(path.Root("scope"), "Tenant not found",
				fmt.Sprintf("The scope %q lies in no tenant that is known.", key.Scope), err))
		}
	}
	if diags.HasError() {
		return shownAssignment{}, diags
	}
	if _, carries := taskMiningPermission(role); carries {
		diags.Append(ownedByTaskMining(role))
		return shownAssignment{}, diags
	}
	effective := access.HasEffect(role.Shape, role.Service, access.GUID(role.TenantID), key.Scope)
	if !effective && s.validateScope {
		diags.AddAttributeError(path.Root("scope"), "Role has no effect at this scope", fmt.Sprintf("The role %s is %s. Assigned at %s it would do "+
			"nothing, although the server accepts it. It needs the path %s. With validate_scope = false the provider does not check this.",
			label(role.Name, role.ID), s.roleKind(ctx, role), key.Scope, access.PathNeeded(role.Shape, role.Service, access.GUID(role.TenantID))))
		return shownAssignment{}, diags
	}
	principal, more := s.checkPrincipal(ctx, key.PrincipalID, kind)
	diags.Append(more...)
	return s.shown(ctx, key, role.Name, principal, effective), diags
}

// checkPrincipal returns the name of a principal. One that the directory lacks is refused, unless an external directory is linked:
// then the assignment itself adds the account.
func (s *session) checkPrincipal(ctx context.Context, id string, kind access.PrincipalType) (string, diag.Diagnostics) {
	var diags diag.Diagnostics
	if !s.resolvePrincipals {
		return "", diags
	}
	at := path.Root("principal_id")
	principal, err := s.client.Principal(ctx, id, kind)
	if err == nil {
		return principal.Name, diags
	}
	if !errors.Is(err, uipath.ErrNotFound) {
		diags.Append(s.unreadableDirectory(id, kind, err))
		return id, diags
	}
	linked, err := s.client.DirectoryLinked(ctx)
	switch {
	case err != nil:
		diags.Append(s.unreadableDirectory(id, kind, err))
	case linked:
		diags.AddAttributeWarning(at, "Principal not in the directory yet", fmt.Sprintf("No %s with the id %s was added to the organization so far. "+
			"An external directory is linked, so the assignment adds the account if it exists there.", kind, id))
	default:
		diags.AddAttributeError(at, "Principal not found", fmt.Sprintf("The organization has no %s with the id %s. Check principal_type, and take "+
			"the id from the data source uipath_principal.", kind, id))
	}
	return id, diags
}

func (s *session) unreadableDirectory(id string, kind access.PrincipalType, err error) diag.Diagnostic {
	return attributeFailure(path.Root("principal_id"), "Directory cannot be read", fmt.Sprintf("The name of the %s %s was to be read from the "+
		"directory. With resolve_principals = false the provider does not ask, and shows ids.", kind, id), err)
}

// principalName returns the name of a principal that holds something. It may be gone by now: then the id stands for it. It is empty
// where principals are not resolved.
func (s *session) principalName(ctx context.Context, id string, kind access.PrincipalType) (string, diag.Diagnostics) {
	if !s.resolvePrincipals {
		return "", nil
	}
	known, err := s.client.Principal(ctx, id, kind)
	switch {
	case errors.Is(err, uipath.ErrNotFound):
		return id, nil
	case err != nil:
		return id, diag.Diagnostics{s.unreadableDirectory(id, kind, err)}
	}
	return known.Name, nil
}

// showAssignment shows an assignment that exists. Its role or its principal may be gone by now: then the id stands for it.
func (s *session) showAssignment(ctx context.Context, key uipath.AssignmentKey, found uipath.Assignment) (shownAssignment, diag.Diagnostics) {
	principal, diags := s.principalName(ctx, key.PrincipalID, found.PrincipalType)
	role, err := s.client.Role(ctx, key.RoleID)
	switch {
	case errors.Is(err, uipath.ErrNotFound):
		role = uipath.Role{ID: key.RoleID, Name: found.RoleName}
	case err != nil:
		diags.Append(failure("Reading role failed", fmt.Sprintf("Reading the role %s.", label(found.RoleName, key.RoleID)), err))
		return shownAssignment{}, diags
	}
	effective := hasEffect(found.Type, role, key.Scope)
	shown := s.shown(ctx, key, role.Name, principal, effective)
	if !effective {
		diags.AddWarning("Role assignment without effect",
			fmt.Sprintf("%s does nothing: %s", label(shown.name, assignmentID(key)), whyInert(role)))
	}
	return shown, diags
}

// hasEffect reports whether an assignment that exists does anything: what the platform assigned itself counts wherever it stands.
func hasEffect(assignmentType string, role uipath.Role, at access.Scope) bool {
	return strings.EqualFold(assignmentType, string(access.RoleBuiltIn)) || access.HasEffect(role.Shape, role.Service, access.GUID(role.TenantID), at)
}

// whyInert says why an assignment of the role does nothing, and what to do. A role that is gone has no shape, and fits nowhere.
func whyInert(role uipath.Role) string {
	needed := access.PathNeeded(role.Shape, role.Service, access.GUID(role.TenantID))
	if needed == "" {
		return "its role is gone, or of a kind that cannot be assigned. Remove it."
	}
	return fmt.Sprintf("the role needs the path %s. Remove it, or make one at that path.", needed)
}

func (s *session) shown(ctx context.Context, key uipath.AssignmentKey, role, principal string, effective bool) shownAssignment {
	a := shownAssignment{role: role, principal: principal, scope: s.scopeName(ctx, key.Scope), effective: effective}
	if a.role == "" {
		a.role = key.RoleID
	}
	who := principal
	if who == "" {
		who = key.PrincipalID
	}
	a.name = fmt.Sprintf("%s -> %s @ %s", who, a.role, a.scope)
	return a
}

// scopeName is a scope with names in place of ids, as far as there are any.
func (s *session) scopeName(ctx context.Context, scope access.Scope) string {
	if scope == access.Organization {
		return s.client.Organization().Name
	}
	name := s.client.Organization().Name
	if id := scope.TenantID(); id != "" {
		name = s.tenantName(ctx, string(id))
	}
	if slug := scope.ServiceSlug(); slug != "" {
		name += " / " + access.ServiceDisplayName(slug)
	}
	if scope.Kind() == access.ScopeProject {
		name += " / project " + scope.Container()
	}
	if scope.Kind() == access.ScopeFolder {
		folder, err := s.client.FolderName(ctx, string(scope.TenantID()), scope.Container())
		if err != nil {
			folder = scope.Container()
		}
		name += " / " + folder
	}
	return name
}
