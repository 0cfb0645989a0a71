package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// failure is an error in three parts: what was attempted, what went wrong in the server's words, and what to do.
func failure(title, attempted string, err error) diag.Diagnostic {
	return diag.NewErrorDiagnostic(title, failureDetail(attempted, err))
}

// attributeFailure is [failure] on the attribute at fault.
func attributeFailure(at path.Path, title, attempted string, err error) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(at, title, failureDetail(attempted, err))
}

func failureDetail(attempted string, err error) string {
	detail := attempted + "\n\n" + err.Error()
	if advice := adviceFor(err); advice != "" {
		detail += "\n\n" + advice
	}
	return detail
}

func adviceFor(err error) string {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "The time for this operation was over. Plan again to see what was done; the timeouts of the resource can be raised."
	case errors.Is(err, uipath.ErrUnauthorized):
		return "The credentials were accepted when the provider started. Check whether they have expired or been revoked since."
	case errors.Is(err, uipath.ErrForbidden):
		return "Ask an organization administrator for that right, or use the credentials of somebody who has it."
	case errors.Is(err, uipath.ErrNotFound):
		return "It is gone from the server. Plan again to see what is there now."
	}
	return ""
}

// label shows something by its name, anchored by its id.
func label(name, id string) string {
	if name == "" || name == id {
		return id
	}
	return fmt.Sprintf("%q (%s)", name, id)
}

// roleKind says in words what a role is and where it belongs.
func (s *session) roleKind(ctx context.Context, role uipath.Role) string {
	kind := map[access.RoleType]string{
		access.RoleBuiltIn: "a built-in", access.RolePlatform: "a platform", access.RoleCustom: "a custom",
	}[role.Type]
	if kind == "" {
		kind = fmt.Sprintf("a %q", role.Type)
	}
	kind += " role"
	if service, _ := access.FindService(role.Service); service != access.MultiService {
		kind += " of " + access.ServiceDisplayName(role.Service)
	}
	switch role.Shape {
	case access.ShapeOrganization:
		return kind + " for the organization"
	case access.ShapeTenantGlobal:
		return kind + " for every tenant"
	case access.ShapeTenant:
		return kind + " for the tenant " + label(s.tenantName(ctx, role.TenantID), role.TenantID)
	case access.ShapeProject:
		return kind + " for projects"
	}
	return kind + fmt.Sprintf(" of scope type %q", role.Shape)
}
