package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// importKey reads "{tenant}/{principal}", or the GUID of one of its assignments as the export shows it, alone or behind its scope.
func (r *taskMiningPermissionResource) importKey(ctx context.Context, req resource.ImportStateRequest) (taskMiningKey, diag.Diagnostics) {
	var diags diag.Diagnostics
	if req.ID == "" && req.Identity != nil {
		var identity taskMiningPermissionIdentityModel
		diags.Append(req.Identity.Get(ctx, &identity)...)
		diags.Append(r.session.sameOrganization(identity.OrganizationID)...)
		return r.namedKey(ctx, identity.TenantID.ValueString(), identity.PrincipalID.ValueString(), diags)
	}
	if under, guid, found := strings.Cut(req.ID, "|"); found || access.IsGUID(req.ID) {
		if !found {
			under, guid = "/", req.ID
		}
		return r.assignedKey(ctx, under, guid)
	}
	tenant, principal, _ := strings.Cut(req.ID, "/")
	return r.namedKey(ctx, tenant, principal, diags)
}

func (r *taskMiningPermissionResource) namedKey(
	ctx context.Context, tenant, principal string, diags diag.Diagnostics,
) (taskMiningKey, diag.Diagnostics) {
	if diags.HasError() {
		return taskMiningKey{}, diags
	}
	if tenant == "" || !access.IsGUID(principal) {
		diags.AddError("Invalid import id", fmt.Sprintf("%q is none of the forms \"{tenant}/{principal_id}\", \"{scope}|{id}\" and \"{id}\", where id is "+
			"the GUID of the role assignment as the export shows it.", strings.TrimSuffix(tenant+"/"+principal, "/")))
		return taskMiningKey{}, diags
	}
	found, err := r.session.client.Tenant(ctx, tenant)
	if err != nil {
		diags.Append(failure("Tenant not found", "Importing the Task Mining permission "+tenant+"/"+principal+".", err))
	}
	return taskMiningKey{found.ID, access.CanonicalGUID(principal)}, diags
}

func (r *taskMiningPermissionResource) assignedKey(ctx context.Context, under, guid string) (taskMiningKey, diag.Diagnostics) {
	var diags diag.Diagnostics
	scope, err := access.ParseScope(under)
	if err != nil {
		diags.AddError("Invalid import id", err.Error())
		return taskMiningKey{}, diags
	}
	found, err := r.session.client.AssignmentByID(ctx, guid, scope)
	if err != nil {
		diags.Append(failure("Task Mining permission not found", fmt.Sprintf("Looking for the role assignment %s at %s and below. Who may not list "+
			"that gives \"{tenant}/{principal_id}\".", guid, scope), err))
		return taskMiningKey{}, diags
	}
	if at := found.Key.Scope; string(at.TenantID()) == "" || !taskMiningScope(string(at.TenantID())).Contains(at) {
		diags.AddError("Not a Task Mining permission", fmt.Sprintf("The role assignment %s gives the role %s at %s, which is not in Task Mining. Import "+
			"it as uipath_role_assignment.", guid, label(found.RoleName, found.Key.RoleID), at))
	}
	return taskMiningKey{string(found.Key.Scope.TenantID()), found.Key.PrincipalID}, diags
}
