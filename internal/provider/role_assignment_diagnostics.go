package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// assignmentExists refuses to adopt an assignment, and offers the ways to take it over.
func (s *session) assignmentExists(ctx context.Context, m roleAssignmentModel, existing uipath.Assignment) diag.Diagnostic {
	if s.planned.grants(existing.Key) {
		return diag.NewErrorDiagnostic("Role assignment twice in one configuration", paragraphs(
			"This run has just made it for another resource: "+m.describe(),
			"Two resources cannot own one assignment. Remove one of them from the configuration."))
	}
	exists := "It exists already: " + m.describe()
	if existing.CreatedBy != "" && !existing.CreatedOn.IsZero() {
		maker := s.maker(ctx, existing.CreatedBy)
		exists += fmt.Sprintf(" It was made by %s on %s.", maker, existing.CreatedOn.UTC().Format("2006-01-02 15:04:05 MST"))
	}
	return diag.NewErrorDiagnostic("Role assignment already exists",
		paragraphs(exists, s.leftOver, takeOver("uipath_role_assignment", assignmentID(existing.Key), "role, principal and scope")))
}

// maker says who made something, by name if the directory tells it.
func (s *session) maker(ctx context.Context, id access.GUID) string {
	if own, known := s.client.Subject(); known && own == id {
		return "these credentials"
	}
	if s.resolvePrincipals {
		for _, kind := range []access.PrincipalType{access.PrincipalUser, access.PrincipalExternalApplication} {
			if found, err := s.client.Principal(ctx, id, kind); err == nil {
				return label(found.UniqueName, id)
			}
		}
	}
	return id.String()
}

// createAssignmentFailure explains why an assignment was not made.
func (s *session) createAssignmentFailure(ctx context.Context, m roleAssignmentModel, key uipath.AssignmentKey, err error) diag.Diagnostic {
	if exists, ok := errors.AsType[*uipath.AssignmentExistsError](err); ok {
		return s.assignmentExists(ctx, m, exists.Existing)
	}
	attempted := "Assigning " + m.describe()
	if _, ok := errors.AsType[*uipath.AssignmentOutcomeUnknownError](err); ok {
		return diag.NewErrorDiagnostic("Role assignment may have been made", paragraphs(attempted, err.Error(),
			"Check whether it exists, and who made it, before you apply again. To take it over, import it:",
			importBlock("uipath_role_assignment", assignmentID(key))))
	}
	return failure("Creating role assignment failed", attempted, err)
}

// deleteAssignmentFailure explains why an assignment was not removed.
func deleteAssignmentFailure(m roleAssignmentModel, key uipath.AssignmentKey, err error) diag.Diagnostic {
	attempted := "Removing " + m.describe()
	if _, ok := errors.AsType[*uipath.ImmutableAssignmentError](err); ok {
		where := "by the platform: it cannot be removed"
		if key.Scope.Kind() == access.ScopeService && key.Scope.TenantID() != "" {
			where = "at the tenant, " + access.TenantScope(key.Scope.TenantID()).String() + ": remove it there"
		}
		return diag.NewErrorDiagnostic("Role assignment is immutable", paragraphs(attempted, err.Error(),
			"It is managed "+where+". To stop managing it here, use a removed block with destroy = false."))
	}
	return failure("Removing role assignment failed", attempted, err)
}
