package provider

import (
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

// platformPrefix begins the platform's names of Orchestrator's permissions.
const platformPrefix = "ORCHESTRATOR."

// checkPermissions holds the permissions of a role against what roles of its type can grant. What is not known yet is checked when it is.
func (r *orchestratorRoleResource) checkPermissions(ctx context.Context, plan orchestratorRoleModel, diags *diag.Diagnostics) {
	if plan.Permissions.IsUnknown() || !plan.tenant().known() {
		return
	}
	at := path.Root("permissions")
	all, err := r.session.client.OrchestratorPermissions(ctx, plan.TenantID.guid(path.Root("tenant_id"), diags))
	if err != nil {
		diags.Append(attributeFailure(at, "Permissions cannot be checked", fmt.Sprintf("The permissions of the role %s were to be checked against what "+
			"Orchestrator knows. With validate_permissions = false the provider does not check them.", plan.Name), err))
		return
	}
	kind := uipath.OrchestratorRoleType(plan.Type.ValueString())
	fitting := namesOf(slices.DeleteFunc(slices.Clone(all), func(p uipath.OrchestratorPermission) bool { return !p.Fits(kind) }),
		func(p uipath.OrchestratorPermission) string { return p.Name })
	for _, name := range knownStrings(plan.Permissions) {
		if slices.Contains(fitting, name) {
			continue
		}
		diags.AddAttributeError(at.AtSetValue(types.StringValue(name)), "Unknown permission", sentences(
			fmt.Sprintf("%q is not a permission that the %s role %s of Orchestrator can grant.", name, strings.ToLower(string(kind)), plan.Name),
			permissionHint(name, kind, fitting, all)))
	}
}

// permissionHint says what was probably meant by a name.
func permissionHint(name string, kind uipath.OrchestratorRoleType, fitting []string, all []uipath.OrchestratorPermission) string {
	short := name
	if len(name) > len(platformPrefix) && strings.EqualFold(name[:len(platformPrefix)], platformPrefix) {
		short = name[len(platformPrefix):]
	}
	if spelling, ok := spelledAs(short, fitting); ok {
		if short != name {
			return fmt.Sprintf("%q is the platform's name, for uipath_tenant_role. In Orchestrator it is %q.", name, spelling)
		}
		return fmt.Sprintf("It is spelled %q.", spelling)
	}
	if slices.ContainsFunc(all, func(p uipath.OrchestratorPermission) bool { return strings.EqualFold(p.Name, short) }) {
		other := uipath.OrchestratorFolderRole
		if kind == uipath.OrchestratorFolderRole {
			other = uipath.OrchestratorTenantRole
		}
		return fmt.Sprintf("It belongs to roles of the type %s.", other)
	}
	return access.DidYouMean(short, fitting)
}

// checkName refuses a name that another role of the tenant has. A role that this run renames or destroys may give it up, which only apply tells.
func (r *orchestratorRoleResource) checkName(ctx context.Context, plan orchestratorRoleModel, state *orchestratorRoleModel, diags *diag.Diagnostics) {
	if plan.Name.IsUnknown() || !plan.tenant().known() || state != nil && plan.Name.Equal(state.Name) && plan.TenantID.sameMeaning(state.TenantID) {
		return
	}
	roles, err := r.session.client.OrchestratorRoles(ctx, plan.TenantID.guid(path.Root("tenant_id"), diags))
	if err != nil {
		diags.Append(attributeFailure(path.Root("name"), "Roles of Orchestrator cannot be read",
			fmt.Sprintf("Whether a role is called %s already was to be looked up.", plan.Name), err))
		return
	}
	for _, role := range roles {
		if strings.EqualFold(role.Name, plan.Name.ValueString()) && !r.session.orchestrator.isRead(role.TenantID, role.ID) {
			diags.Append(nameTakenInOrchestrator(fmt.Sprintf("The role %s cannot be planned.", plan.Name), role))
		}
	}
}

// nameTakenInOrchestrator refuses a name that another role has.
func nameTakenInOrchestrator(attempted string, existing uipath.OrchestratorRole) diag.Diagnostic {
	number := fmt.Sprint(existing.ID)
	advice := "Choose another name."
	if !existing.Static && existing.Type != uipath.OrchestratorMixedRole {
		advice = paragraphs("To manage that role with this resource, import it; to have two, choose another name.",
			importBlock("uipath_orchestrator_role", orchestratorRoleID(existing.TenantID, existing.ID)))
	}
	return diag.NewAttributeErrorDiagnostic(path.Root("name"), "Role of Orchestrator already exists", paragraphs(fmt.Sprintf(
		"%s The name is taken by %s: %s. Names of roles are unique in Orchestrator of a tenant.", attempted, label(existing.Name, number),
		orchestratorRoleKind(existing)), advice))
}

// orchestratorRoleKind says in words what a role is.
func orchestratorRoleKind(role uipath.OrchestratorRole) string {
	kind := "a " + strings.ToLower(string(role.Type)) + " role"
	if role.Static {
		kind += " that comes with Orchestrator"
	}
	return kind
}

// createFailure explains why a role was not created, and hands over what stands in the way.
func (r *orchestratorRoleResource) createFailure(plan orchestratorRoleModel, err error) diag.Diagnostic {
	attempted := fmt.Sprintf("Creating the role %s in Orchestrator of the tenant %s.", plan.Name, plan.tenant().label())
	unknown, ok := errors.AsType[*uipath.OrchestratorRoleOutcomeUnknownError](err)
	if !ok {
		return writeFailureInOrchestrator("Creating role of Orchestrator failed", attempted, err)
	}
	advice := "Look for a role of that name before you apply again."
	if unknown.Existing.ID != 0 {
		advice = paragraphs("It may be the one that was just created, or somebody else's. Inspect it before you apply again. To manage it, import it:",
			importBlock("uipath_orchestrator_role", orchestratorRoleID(unknown.Existing.TenantID, unknown.Existing.ID)))
	}
	return diag.NewErrorDiagnostic("Role of Orchestrator may have been created", paragraphs(attempted, err.Error(), advice))
}

// writeFailureInOrchestrator explains why a role was neither created nor changed.
func writeFailureInOrchestrator(title, attempted string, err error) diag.Diagnostic {
	if exists, ok := errors.AsType[*uipath.OrchestratorRoleExistsError](err); ok {
		return nameTakenInOrchestrator(attempted, exists.Existing)
	}
	return failure(title, attempted, err)
}

// release refuses to delete a role that others still hold, unless the configuration says that they lose it.
func (r *orchestratorRoleResource) release(ctx context.Context, state orchestratorRoleModel, diags *diag.Diagnostics) {
	holders, err := r.session.client.OrchestratorRoleHolders(ctx, uipath.OrchestratorRole{
		TenantID: state.TenantID.guid(path.Root("tenant_id"), diags), ID: state.number(), Type: uipath.OrchestratorRoleType(state.Type.ValueString()),
	})
	switch {
	case errors.Is(err, uipath.ErrNotFound), err == nil && len(holders) == 0, state.ForceDestroy.ValueBool():
		// Orchestrator takes a deleted role from everybody.
	case err != nil:
		diags.Append(failure("Holders of the role cannot be read", fmt.Sprintf("Before the role %s of Orchestrator is deleted, it was to be looked up who "+
			"holds it.", state.label()), err))
	default:
		lines := make([]string, 0, len(holders))
		for i, held := range holders {
			if i == maxHolders {
				lines = append(lines, fmt.Sprintf("  and %d more", len(holders)-maxHolders))
				break
			}
			lines = append(lines, fmt.Sprintf("  %s at %s", label(held.PrincipalName, held.Grant.PrincipalID), r.placeOf(ctx, held.Grant)))
		}
		diags.AddError("Role is still held", paragraphs(
			fmt.Sprintf("The role %s of Orchestrator is not deleted, because %d still hold it:", state.label(), len(holders)), strings.Join(lines, "\n"),
			"Take it from them first. To take it from them with the deletion, set force_destroy = true and apply that before you destroy the role."))
	}
}

// placeOf names where a role is held.
func (r *orchestratorRoleResource) placeOf(ctx context.Context, g uipath.OrchestratorGrant) string {
	if g.FolderKey == "" {
		return "the tenant"
	}
	folder, err := r.session.client.Folder(ctx, g.TenantID, g.FolderKey)
	if err != nil {
		return "the folder " + g.FolderKey
	}
	return "the folder " + label(folder.Name, folder.Key)
}
