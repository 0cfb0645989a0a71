package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// checkTenantRolePermissions holds the permissions of a role against the catalogue slice of its shape. What is not known yet
// is checked when it is.
func (s *session) checkTenantRolePermissions(ctx context.Context, plan tenantRoleModel) diag.Diagnostics {
	var diags diag.Diagnostics
	if plan.Permissions.IsUnknown() || plan.Service.IsUnknown() {
		return diags
	}
	at := path.Root("permissions")
	catalogue, err := s.client.Permissions(ctx, uipath.PermissionFilter{ScopeType: access.ShapeTenant.ScopeType(), Service: plan.Service.ValueString()})
	if err != nil {
		diags.Append(attributeFailure(at, "Permissions cannot be checked", fmt.Sprintf("The permissions of the role %q were to be checked against the "+
			"server's catalogue. With validate_permissions = false the provider does not check them.", plan.Name.ValueString()), err))
		return diags
	}
	names := namesOf(catalogue, func(p uipath.Permission) string { return p.Name })
	for _, name := range knownStrings(plan.Permissions) {
		if _, known := slices.BinarySearch(names, name); known {
			continue
		}
		diags.AddAttributeError(at.AtSetValue(types.StringValue(name)), "Unknown permission", sentences(
			fmt.Sprintf("%q is not a permission that the role %q can grant.", name, plan.Name.ValueString()),
			cmp.Or(s.permissionElsewhere(ctx, name), access.DidYouMean(name, names)),
			fmt.Sprintf("The data source uipath_permissions lists those that %s can.", tenantRoleOwner(plan.Service))))
	}
	return diags
}

// permissionElsewhere says which other roles can grant a permission, "" where none can.
func (s *session) permissionElsewhere(ctx context.Context, name string) string {
	catalogue, err := s.client.Permissions(ctx, uipath.PermissionFilter{})
	if err != nil {
		return ""
	}
	var levels []string
	for _, p := range catalogue {
		if p.Name == name {
			levels = append(levels, fmt.Sprintf("%s roles of %s", strings.ToLower(p.ScopeType), p.Service))
		}
	}
	if len(levels) == 0 {
		return ""
	}
	slices.Sort(levels)
	return "It exists for other roles: " + strings.Join(slices.Compact(levels), ", ") + "."
}

func tenantRoleOwner(service canonicalString) string {
	if service.IsNull() {
		return "a multi-service tenant role"
	}
	return "a tenant role of " + access.ServiceDisplayName(service.ValueString())
}

// createFailure explains why a role was not created, and hands over what stands in the way.
func (r *tenantRoleResource) createFailure(ctx context.Context, plan tenantRoleModel, err error) diag.Diagnostic {
	attempted := fmt.Sprintf("Creating the role %q in the tenant %s.", plan.Name.ValueString(),
		plan.tenant().label())
	if unknown, ok := errors.AsType[*uipath.RoleOutcomeUnknownError](err); ok {
		advice := "Look for a role of that name before you apply again. "
		if unknown.Existing.ID != "" {
			advice = "It may be the one that was just created, or somebody else's. Inspect it before you apply again. " + r.importAdvice(unknown.Existing)
		}
		return diag.NewErrorDiagnostic("Role may have been created", attempted+"\n\n"+err.Error()+"\n\n"+advice)
	}
	return r.writeFailure(ctx, "Creating role failed", attempted, err)
}

// writeFailure explains why a role was neither created nor changed.
func (r *tenantRoleResource) writeFailure(ctx context.Context, title, attempted string, err error) diag.Diagnostic {
	exists, ok := errors.AsType[*uipath.RoleExistsError](err)
	if !ok {
		return failure(title, attempted, err)
	}
	return r.nameTaken(ctx, attempted, exists.Existing)
}

// nameTaken refuses a name that another role has.
func (r *tenantRoleResource) nameTaken(ctx context.Context, attempted string, existing uipath.Role) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("name"), "Role already exists",
		fmt.Sprintf("%s The name is taken by %s: %s. Names of roles are unique in the organization.\n\n%s", attempted,
			label(existing.Name, existing.ID), r.session.roleKind(ctx, existing), r.importAdvice(existing)))
}

// maxHolders bounds how many holders of a role a message lists.
const maxHolders = 10

// stillHeld refuses to delete a role, and names who holds it.
func (s *session) stillHeld(ctx context.Context, state tenantRoleModel, holders []uipath.Assignment) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Role is still held", paragraphs(
		fmt.Sprintf("The tenant role %s is not deleted, because %d still hold it:", state.label(), len(holders)), s.listHolders(ctx, holders),
		"Remove these assignments first. To delete them with the role, set force_destroy = true and apply that before you destroy the role."))
}

// listHolders has a line for each assignment of a role.
func (s *session) listHolders(ctx context.Context, holders []uipath.Assignment) string {
	lines := make([]string, 0, len(holders))
	for i, held := range holders {
		if i == maxHolders {
			lines = append(lines, fmt.Sprintf("  and %d more", len(holders)-maxHolders))
			break
		}
		var ignored diag.Diagnostics
		principal, _ := s.heldPrincipal(ctx, held.Key.PrincipalID, held.PrincipalType, "", &ignored)
		name := held.PrincipalName
		if principal != nil {
			name = principal.name
		}
		lines = append(lines, fmt.Sprintf("  %s at %s", label(name, held.Key.PrincipalID), s.shownScopeOrPath(ctx, held.Key.Scope)))
	}
	return strings.Join(lines, "\n")
}

// importAdvice offers to import a role that this resource can manage, and another name otherwise.
func (r *tenantRoleResource) importAdvice(role uipath.Role) string {
	if !isCustomTenantRole(role) {
		return "Choose another name."
	}
	return paragraphs(r.session.leftOver, "To manage that role with this resource, import it; to have two, choose another name.",
		importBlock("uipath_tenant_role", role.ID.String()))
}
