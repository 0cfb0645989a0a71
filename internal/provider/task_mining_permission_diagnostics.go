package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/taskmining"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// describe names the permission and anchors it by its ids.
func (m taskMiningPermissionModel) describe() string {
	return fmt.Sprintf("the Task Mining permission %q for %s in the tenant %s.", m.Permission.ValueString(), m.principal().label(), m.tenant().label())
}

// exists refuses to adopt a permission of a level, and offers the ways to take it over.
func (m taskMiningPermissionModel) exists(key taskmining.Key, level access.TaskMiningPermission, leftOver string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Task Mining permission already exists", paragraphs(
		fmt.Sprintf("%s is %s in the tenant %s already. A principal has one permission in a tenant.", m.principal().label(),
			cmp.Or(string(level), "User of projects"), m.tenant().label()),
		leftOver, takeOver("uipath_task_mining_permission", key.String(), "principal")))
}

// writeFailure explains why a permission was not given, changed or removed. Nothing of it was done.
func (m taskMiningPermissionModel) writeFailure(title, doing string, key taskmining.Key, err error) diag.Diagnostic {
	attempted := doing + " " + m.describe()
	if _, ok := errors.AsType[*uipath.AssignmentOutcomeUnknownError](err); ok {
		return diag.NewErrorDiagnostic("Task Mining permission may have been changed", paragraphs(attempted, err.Error(),
			"It is the old permission or the new one, never none. Plan again to see which. To take over one that is not in the state, import it:",
			importBlock("uipath_task_mining_permission", key.String())))
	}
	if refused, ok := errors.AsType[*uipath.Error](err); ok {
		if refused.Status == http.StatusNotFound {
			return diag.NewAttributeErrorDiagnostic(path.Root("principal_id"), "Principal not found", paragraphs(attempted, err.Error(),
				"Nobody with this id was added to the organization. An account of an external directory has to be added first."))
		}
		for field := range refused.Fields {
			if strings.HasSuffix(field, ".scope") && !m.ProjectIDs.IsNull() {
				return attributeFailure(path.Root("project_ids"), title, attempted, err)
			}
		}
	}
	return failure(title, attempted, err)
}

// missingAICenter reads which AI Center permissions a principal lacks.
func (s *session) missingAICenter(
	ctx context.Context, key taskmining.Key, level access.TaskMiningPermission, diags *diag.Diagnostics,
) taskmining.MissingAICenter {
	missing, err := s.taskMining().MissingAICenter(ctx, key, level)
	if err != nil {
		diags.Append(failure("Reading AI Center permissions failed",
			fmt.Sprintf("Checking whether %s holds the AI Center permissions that a Task Mining %s needs.", key.Principal, level), err))
	}
	return missing
}

// tellMissingAICenter says what a principal cannot do without the AI Center permissions that it lacks: an error where they are required.
func (m taskMiningPermissionModel) tellMissingAICenter(missing taskmining.MissingAICenter, required bool, diags *diag.Diagnostics) {
	var title, detail string
	switch {
	case missing.Unknown != nil:
		why := missing.Unknown.Error()
		if errors.Is(missing.Unknown, taskmining.ErrGroupsNotRead) {
			why += ", because of resolve_principals = false"
		}
		title = "AI Center permissions not checked"
		detail = fmt.Sprintf("Whether %s holds the AI Center permissions that a Task Mining %s needs in the tenant %s could not be told: %s.",
			m.principal().label(), m.Permission.ValueString(), m.tenant().label(), why)
	case len(missing.Permissions) > 0:
		title = "AI Center permissions missing"
		detail = fmt.Sprintf("Task Mining keeps its data in AI Center. As a Task Mining %s, %s needs in the tenant %s, itself or through a group, and "+
			"does not hold: %s.\n\nAssign a tenant role with them; the function task_mining_ai_center_permissions lists them, and depends_on makes "+
			"Terraform assign it first.", m.Permission.ValueString(), m.principal().label(), m.tenant().label(), strings.Join(missing.Permissions, ", "))
	default:
		return
	}
	if required {
		diags.AddAttributeError(path.Root("permission"), title, detail+"\n\nrequire_ai_center_permissions is true, so nothing was granted.")
	} else {
		diags.AddAttributeWarning(path.Root("permission"), title, detail)
	}
}

// tellExtra warns of roles that are not part of the permission.
func (m taskMiningPermissionModel) tellExtra(held taskmining.Holding, diags *diag.Diagnostics) {
	if len(held.Extra) == 0 {
		return
	}
	var others []string
	for _, a := range held.Extra {
		others = append(others, fmt.Sprintf("%s at %s", label(a.RoleName, a.Key.RoleID), a.Key.Scope))
	}
	diags.AddWarning("Several Task Mining permissions", fmt.Sprintf("%s also holds %s, which was assigned elsewhere. The strongest counts, %q; the "+
		"next change of this resource removes the rest.", m.principal().label(), strings.Join(others, ", "), m.Permission.ValueString()))
}

// carriesTaskMiningPermission refuses to assign a role that carries a Task Mining permission.
func carriesTaskMiningPermission(role uipath.Role) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("role_id"), "Role is a Task Mining permission", fmt.Sprintf("The role %s is built into %s and "+
		"carries a permission there. Give it with uipath_task_mining_permission, which also looks after its projects and what it needs in AI Center.",
		label(role.Name, role.ID), access.ServiceDisplayName(role.Service)))
}
