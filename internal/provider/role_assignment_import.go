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

// importSeparator stands between the parts of an import id.
const importSeparator = "|"

const invalidImport = "Invalid import id"

// importKey reads what is to be imported from an import id or an identity.
func (r *roleAssignmentResource) importKey(ctx context.Context, req resource.ImportStateRequest, diags *diag.Diagnostics) uipath.AssignmentKey {
	if req.ID == "" && req.Identity != nil {
		return r.identifiedKey(ctx, req, diags)
	}
	switch parts := strings.Split(req.ID, importSeparator); {
	case len(parts) == 3: //nolint:mnd // Scope, role and principal.
		return r.namedKey(ctx, parts[0], parts[1], parts[2], diags)
	case len(parts) <= 2: //nolint:mnd // The GUID of an assignment, alone or behind a scope.
		return r.exportedKey(ctx, parts, diags)
	default:
		diags.AddError(invalidImport, fmt.Sprintf("%q has %d parts. %s", req.ID, len(parts), importForms))
		return uipath.AssignmentKey{}
	}
}

// identifiedKey reads an identity, which has ids only.
func (r *roleAssignmentResource) identifiedKey(
	ctx context.Context, req resource.ImportStateRequest, diags *diag.Diagnostics,
) (key uipath.AssignmentKey) {
	var identity roleAssignmentIdentityModel
	if diags.Append(req.Identity.Get(ctx, &identity)...); diags.HasError() {
		return key
	}
	r.session.checkOrganization(identity.OrganizationID, diags)
	scope, err := access.ParseScope(identity.Scope.ValueString())
	if err != nil {
		diags.AddError(invalidImport, err.Error())
	}
	return uipath.AssignmentKey{
		Scope: scope, RoleID: identityGUID("role_id", identity.RoleID, diags), PrincipalID: identityGUID("principal_id", identity.PrincipalID, diags),
	}
}

// importForms is what messages say of an import id that is none.
const importForms = `An import id is "{scope}|{role}|{principal}", each by id or by name, or "{id}" or "{scope}|{id}", where id is the GUID of the ` +
	`assignment as the export shows it.`

// namedKey reads scope, role and principal, each by id or by name.
func (r *roleAssignmentResource) namedKey(ctx context.Context, at, role, principal string, diags *diag.Diagnostics) uipath.AssignmentKey {
	scope := r.importScope(ctx, at, diags)
	key := uipath.AssignmentKey{Scope: scope, RoleID: importedGUID(role), PrincipalID: importedGUID(principal)}
	if diags.HasError() {
		return key
	}
	if key.RoleID == "" {
		found := r.session.roleNaming(serviceForm.null(), scope).settle(ctx, pair{guidForm.null(), types.StringValue(role)}, nil, nil, diags)
		key.RoleID = access.OptionalGUID(found.id.ValueString())
	}
	if key.PrincipalID == "" {
		found := r.session.principalNaming("").settle(ctx, pair{guidForm.null(), types.StringValue(principal)}, nil, nil, diags)
		key.PrincipalID = access.OptionalGUID(found.id.ValueString())
	}
	return key
}

// importScope reads a path or names.
func (r *roleAssignmentResource) importScope(ctx context.Context, text string, diags *diag.Diagnostics) access.Scope {
	if scope, err := access.ParseScope(text); err == nil {
		return scope
	}
	scope, err := r.session.scopeNamed(ctx, text)
	if err != nil {
		diags.Append(failure(invalidImport, sentences(fmt.Sprintf("%q is no scope.", text), importForms), err))
	}
	return scope
}

// exportedKey finds an assignment by the GUID that the export shows, among all or below a scope.
func (r *roleAssignmentResource) exportedKey(ctx context.Context, parts []string, diags *diag.Diagnostics) uipath.AssignmentKey {
	under := access.Organization
	if len(parts) > 1 {
		under = r.importScope(ctx, parts[0], diags)
	}
	id, err := access.ParseGUID(parts[len(parts)-1])
	if err != nil {
		diags.AddError(invalidImport, fmt.Sprintf("%q is not the GUID of an assignment. %s", parts[len(parts)-1], importForms))
	}
	if diags.HasError() {
		return uipath.AssignmentKey{}
	}
	found, err := r.session.client.AssignmentByID(ctx, id, under)
	if err != nil {
		diags.Append(failure("Role assignment not found", fmt.Sprintf("Looking for the role assignment %s at %s and below. If you may not list "+
			"all of that, give the assignment's own scope too, as \"{scope}|{id}\".", id, under), err))
	}
	return found.Key
}
