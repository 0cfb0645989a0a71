package provider

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// describe names the permission and anchors it by its ids.
func (m taskMiningPermissionModel) describe() string {
	return fmt.Sprintf("the Task Mining permission %q for %s in the tenant %s.", m.Permission.ValueString(),
		label(m.PrincipalName.ValueString(), m.PrincipalID.ValueString()), label(m.TenantName.ValueString(), m.Tenant.ValueString()))
}

// exists refuses to adopt a permission, and offers both ways to take it over.
func (m taskMiningPermissionModel) exists(key taskMiningKey, held taskMiningHolding) diag.Diagnostic {
	what := string(held.permission)
	if what == "" {
		what = "User of projects"
	}
	return diag.NewErrorDiagnostic("Task Mining permission already exists", fmt.Sprintf(
		"%s is %s in the tenant %s already, and there is one permission for each.\n\n"+
			"If it is in the state under another address, say so with a moved block:\n\n"+
			"  moved {\n    from = uipath_task_mining_permission.OLD\n    to   = uipath_task_mining_permission.NAME\n  }\n\n"+
			"If it is not in the state, import it:\n\n"+
			"  import {\n    to = uipath_task_mining_permission.NAME\n    id = %q\n  }\n\n"+
			"A resource with create_before_destroy cannot be replaced by one for the same principal: remove that setting.",
		label(m.PrincipalName.ValueString(), key.principalID), what, label(m.TenantName.ValueString(), key.tenantID), key.String()))
}

// writeFailure explains why a permission was not given or changed. Nothing of it was done.
func (m taskMiningPermissionModel) writeFailure(title, doing string, key taskMiningKey, err error) diag.Diagnostic {
	attempted := doing + " " + m.describe()
	if _, ok := errors.AsType[*uipath.OutcomeUnknownError](err); ok {
		return diag.NewErrorDiagnostic("Task Mining permission may have been changed", attempted+"\n\n"+err.Error()+"\n\n"+fmt.Sprintf(
			"It is the old permission or the new one, never none. Plan again to see which. To take over one that is not in the state, import it:\n\n"+
				"  import {\n    to = uipath_task_mining_permission.NAME\n    id = %q\n  }", key.String()))
	}
	if refused, ok := errors.AsType[*uipath.Error](err); ok {
		if refused.Status == http.StatusNotFound {
			return diag.NewAttributeErrorDiagnostic(path.Root("principal_id"), "Principal not found", attempted+"\n\n"+err.Error()+"\n\n"+
				"Nobody with this id was added to the organization. Take the id from the data source uipath_principal; an account of an external directory has "+
				"to be added first.")
		}
		for field := range refused.Fields {
			if strings.HasSuffix(field, ".scope") && !m.Projects.IsNull() {
				return attributeFailure(path.Root("projects"), title, attempted, err)
			}
		}
	}
	return failure(title, attempted, err)
}

// lacks says what a principal cannot do for want of AI Center permissions: an error where they are required.
func (m taskMiningPermissionModel) lacks(key taskMiningKey, lacks aiCenterLacks, refuse bool) diag.Diagnostics {
	var diags diag.Diagnostics
	who := label(m.PrincipalName.ValueString(), key.principalID)
	title := "AI Center permissions missing"
	var detail string
	switch {
	case lacks.unknown != "":
		title = "AI Center permissions not checked"
		detail = fmt.Sprintf("Whether %s holds the AI Center permissions that a Task Mining %s needs in the tenant %s could not be told: %s",
			who, m.Permission.ValueString(), label(m.TenantName.ValueString(), key.tenantID), lacks.unknown)
	case len(lacks.missing) > 0:
		detail = fmt.Sprintf("Task Mining keeps its data in AI Center. As a Task Mining %s, %s needs in the tenant %s, itself or through a group, and "+
			"does not hold: %s.\n\nAssign a tenant role with them; the function task_mining_ai_center_permissions lists them, and depends_on makes "+
			"Terraform assign it first.", m.Permission.ValueString(), who, label(m.TenantName.ValueString(), key.tenantID), strings.Join(lacks.missing, ", "))
	default:
		return diags
	}
	if refuse {
		diags.AddAttributeError(path.Root("permission"), title, detail+"\n\nrequire_ai_center_permissions is true, so nothing was granted.")
	} else {
		diags.AddAttributeWarning(path.Root("permission"), title, detail)
	}
	return diags
}

// surplus warns of roles that are not part of the permission.
func (m taskMiningPermissionModel) surplus(key taskMiningKey, held taskMiningHolding) diag.Diagnostics {
	var diags diag.Diagnostics
	if len(held.extra) == 0 {
		return diags
	}
	var others []string
	for _, a := range held.extra {
		others = append(others, fmt.Sprintf("%s at %s", label(a.RoleName, a.Key.RoleID), a.Key.Scope))
	}
	diags.AddWarning("Several Task Mining permissions", fmt.Sprintf("%s also holds %s, which was assigned elsewhere. The strongest counts, %q; the "+
		"next change of this resource removes the rest.", label(m.PrincipalName.ValueString(), key.principalID), strings.Join(others, ", "),
		m.Permission.ValueString()))
	return diags
}

// ownedByTaskMining refuses a role that carries a Task Mining permission.
func ownedByTaskMining(role uipath.Role) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("role_id"), "Role is a Task Mining permission", fmt.Sprintf("The role %s is built into %s and "+
		"carries a permission there. Give it with uipath_task_mining_permission, which also looks after its projects and what it needs in AI Center.",
		label(role.Name, role.ID), access.ServiceDisplayName(role.Service)))
}
