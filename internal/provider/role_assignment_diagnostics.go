package provider

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

const assignmentExistsTitle = "Role assignment already exists"

// assignmentExists refuses to adopt an assignment, and offers both ways to take it over.
func assignmentExists(shown shownAssignment, key uipath.AssignmentKey, existing uipath.Assignment) diag.Diagnostic {
	detail := fmt.Sprintf("It exists already: %s", shown.describe(key))
	if existing.CreatedBy != "" && !existing.CreatedOn.IsZero() {
		detail += fmt.Sprintf(" It was made by %s on %s.", existing.CreatedBy, existing.CreatedOn.UTC().Format("2006-01-02 15:04:05 MST"))
	}
	return diag.NewErrorDiagnostic(assignmentExistsTitle, detail+"\n\n"+fmt.Sprintf(
		"If it is in the state under another address, say so with a moved block:\n\n"+
			"  moved {\n    from = uipath_role_assignment.OLD\n    to   = uipath_role_assignment.NAME\n  }\n\n"+
			"If it is not in the state, import it:\n\n"+
			"  import {\n    to = uipath_role_assignment.NAME\n    id = %q\n  }\n\n"+
			"A resource with create_before_destroy cannot be replaced by the same assignment: there is one of each, so remove that setting. Of a tainted "+
			"resource Terraform tells the provider nothing: untaint it, and use -replace.", assignmentID(key)))
}

// createAssignmentFailure explains why an assignment was not made.
func createAssignmentFailure(shown shownAssignment, key uipath.AssignmentKey, err error) diag.Diagnostic {
	if exists, ok := errors.AsType[*uipath.AssignmentExistsError](err); ok {
		return assignmentExists(shown, key, exists.Existing)
	}
	attempted := "Assigning " + shown.describe(key)
	if _, ok := errors.AsType[*uipath.OutcomeUnknownError](err); ok {
		return diag.NewErrorDiagnostic("Role assignment may have been made", attempted+"\n\n"+err.Error()+"\n\n"+fmt.Sprintf(
			"Look whether it exists, and whose it is, before you apply again. To take it over, import it:\n\n"+
				"  import {\n    to = uipath_role_assignment.NAME\n    id = %q\n  }", assignmentID(key)))
	}
	return failure("Creating role assignment failed", attempted, err)
}

// deleteAssignmentFailure explains why an assignment was not removed.
func deleteAssignmentFailure(shown shownAssignment, key uipath.AssignmentKey, err error) diag.Diagnostic {
	attempted := "Removing " + shown.describe(key)
	if _, ok := errors.AsType[*uipath.ImmutableAssignmentError](err); ok {
		where := "by the platform: it cannot be removed"
		if key.Scope.Kind() == access.ScopeService && key.Scope.TenantID() != "" {
			where = "at the tenant, " + access.TenantScope(key.Scope.TenantID()).String() + ": remove it there"
		}
		return diag.NewErrorDiagnostic("Role assignment is immutable", attempted+"\n\n"+err.Error()+"\n\nIt is managed "+where+
			". To stop managing it here, use a removed block with destroy = false.")
	}
	return failure("Removing role assignment failed", attempted, err)
}
