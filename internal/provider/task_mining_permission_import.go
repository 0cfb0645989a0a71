package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/taskmining"
)

// importKey reads "{tenant}/{principal}", or the GUID of one of its assignments as the export shows it, alone or behind a scope.
func (r *taskMiningPermissionResource) importKey(ctx context.Context, req resource.ImportStateRequest, diags *diag.Diagnostics) taskmining.Key {
	if req.ID == "" && req.Identity != nil {
		var identity taskMiningPermissionIdentityModel
		diags.Append(req.Identity.Get(ctx, &identity)...)
		r.session.checkOrganization(identity.OrganizationID, diags)
		return r.namedKey(ctx, identity.TenantID.ValueString(), identity.PrincipalID.ValueString(), diags)
	}
	if path, id, found := strings.Cut(req.ID, "|"); found {
		return r.assignedKey(ctx, path, id, diags)
	}
	if _, err := access.ParseGUID(req.ID); err == nil {
		return r.assignedKey(ctx, "/", req.ID, diags)
	}
	tenant, principal, _ := strings.Cut(req.ID, "/")
	return r.namedKey(ctx, tenant, principal, diags)
}

func (r *taskMiningPermissionResource) namedKey(ctx context.Context, tenant, principal string, diags *diag.Diagnostics) taskmining.Key {
	if diags.HasError() {
		return taskmining.Key{}
	}
	id, err := access.ParseGUID(principal)
	if tenant == "" || err != nil {
		diags.AddError("Invalid import id", fmt.Sprintf("%q is none of the forms \"{tenant}/{principal_id}\", \"{scope}|{id}\" and \"{id}\", where id is "+
			"the GUID of the role assignment as the export shows it.", strings.TrimSuffix(tenant+"/"+principal, "/")))
		return taskmining.Key{}
	}
	found, err := r.session.client.Tenant(ctx, tenant)
	if err != nil {
		diags.Append(failure("Tenant not found", "Importing the Task Mining permission "+tenant+"/"+principal+".", err))
	}
	return taskmining.Key{Tenant: access.GUID(found.ID), Principal: id}
}

func (r *taskMiningPermissionResource) assignedKey(ctx context.Context, under, id string, diags *diag.Diagnostics) taskmining.Key {
	scope, err := access.ParseScope(under)
	if err != nil {
		diags.AddError("Invalid import id", err.Error())
		return taskmining.Key{}
	}
	found, err := r.session.client.AssignmentByID(ctx, id, scope)
	if err != nil {
		diags.Append(failure("Task Mining permission not found", fmt.Sprintf("Looking for the role assignment %s at %s and below. If you may not "+
			"list all of that, give \"{tenant}/{principal_id}\".", id, scope), err))
		return taskmining.Key{}
	}
	key, ok := taskmining.KeyOf(found)
	if !ok {
		diags.AddError("Not a Task Mining permission", fmt.Sprintf("The role assignment %s gives the role %s at %s, which is not in Task Mining. Import "+
			"it as uipath_role_assignment.", id, label(found.RoleName, found.Key.RoleID), found.Key.Scope))
	}
	return key
}
