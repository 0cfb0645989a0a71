package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// grantImportForms is what messages say of an import id that is none.
const grantImportForms = `An import id is "{tenant}|{role}|{principal}" for a role at the tenant, or "{tenant}|{folder}|{role}|{principal}" for ` +
	`one at a folder, each by name or by id.`

// importedGrant reads what is to be imported from an import id or an identity.
func (r *orchestratorGrantResource) importedGrant(
	ctx context.Context, req resource.ImportStateRequest, diags *diag.Diagnostics,
) uipath.OrchestratorGrant {
	if req.ID == "" && req.Identity != nil {
		return r.identifiedGrant(ctx, req, diags)
	}
	parts := strings.Split(req.ID, importSeparator)
	if len(parts) != 3 && len(parts) != 4 { //nolint:mnd // Without and with a folder.
		diags.AddError(invalidImport, fmt.Sprintf("%q has %d parts. %s", req.ID, len(parts), grantImportForms))
		return uipath.OrchestratorGrant{}
	}
	tenant, err := r.session.client.Tenant(ctx, parts[0])
	if err != nil {
		diags.Append(failure(invalidImport, sentences(fmt.Sprintf("%q is no tenant.", parts[0]), grantImportForms), err))
		return uipath.OrchestratorGrant{}
	}
	g := uipath.OrchestratorGrant{TenantID: tenant.ID}
	if len(parts) == 4 { //nolint:mnd // See above.
		g.FolderKey = importedPart(parts[1], importedGUID(parts[1]).String(), diags, func(config pair) string {
			config.id = guidForm.null()
			return r.session.folderNaming(tenant.ID, "folder_key", "folder_name").settle(ctx, config, nil, nil, diags).id.ValueString()
		})
	}
	role, principal := parts[len(parts)-2], parts[len(parts)-1]
	number := ""
	if orchestratorNumber(role) != 0 {
		number = role
	}
	g.RoleID = orchestratorNumber(importedPart(role, number, diags, func(config pair) string {
		config.id = numberForm.null()
		return r.session.orchestratorRoleNaming(tenant.ID).settle(ctx, config, nil, nil, diags).id.ValueString()
	}))
	g.PrincipalID = access.GUID(importedPart(principal, importedGUID(principal).String(), diags, func(config pair) string {
		config.id = guidForm.null()
		return r.session.principalNaming("").settle(ctx, config, nil, nil, diags).id.ValueString()
	}))
	return g
}

// importedPart is a part of an import id that is an id already, or that is found by its name.
func importedPart(text, id string, diags *diag.Diagnostics, find func(pair) string) string {
	if id != "" || diags.HasError() {
		return id
	}
	return find(pair{name: types.StringValue(text)})
}

// identifiedGrant reads an identity, which has ids only.
func (r *orchestratorGrantResource) identifiedGrant(
	ctx context.Context, req resource.ImportStateRequest, diags *diag.Diagnostics,
) (g uipath.OrchestratorGrant) {
	var identity orchestratorGrantIdentityModel
	if diags.Append(req.Identity.Get(ctx, &identity)...); diags.HasError() {
		return g
	}
	r.session.checkOrganization(identity.OrganizationID, diags)
	g = uipath.OrchestratorGrant{
		TenantID: identityGUID("tenant_id", identity.TenantID, diags), RoleID: orchestratorNumber(identity.RoleID.ValueString()),
		PrincipalID: identityGUID("principal_id", identity.PrincipalID, diags),
	}
	if !identity.FolderKey.IsNull() {
		g.FolderKey = identityGUID("folder_key", identity.FolderKey, diags).String()
	}
	if g.RoleID == 0 {
		diags.AddError(invalidImport, fmt.Sprintf("role_id = %q of the identity is not the number of a role.", identity.RoleID.ValueString()))
	}
	return g
}
