package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// findPrincipal asks the directory for a principal. It finds none where principals are not resolved, or where the directory cannot be
// read, which is an error.
func (s *session) findPrincipal(ctx context.Context, id access.GUID, t access.PrincipalType, diags *diag.Diagnostics) (uipath.Principal, bool) {
	if !s.resolvePrincipals {
		return uipath.Principal{}, false
	}
	found, err := s.client.Principal(ctx, id, t)
	if err != nil && !errors.Is(err, uipath.ErrNotFound) {
		diags.Append(s.unreadableDirectory(id, t, err))
	}
	return found, err == nil
}

func (s *session) unreadableDirectory(id access.GUID, t access.PrincipalType, err error) diag.Diagnostic {
	return attributeFailure(path.Root("principal_id"), "Directory cannot be read", fmt.Sprintf("The name of the %s %s was to be read from the "+
		"directory. With resolve_principals = false the provider does not ask, and shows ids.", t, id), err)
}

// principalName returns the name of a principal that holds something, or its id if it is gone. It returns "" where principals are not
// resolved.
func (s *session) principalName(ctx context.Context, id access.GUID, t access.PrincipalType, diags *diag.Diagnostics) string {
	if !s.resolvePrincipals {
		return ""
	}
	found, _ := s.findPrincipal(ctx, id, t, diags)
	return cmp.Or(found.Name, id.String())
}

// checkPrincipal is [session.principalName] for one that is to be granted something. It refuses a principal that the directory lacks,
// unless an external directory is linked: then the grant itself adds the account.
func (s *session) checkPrincipal(ctx context.Context, id access.GUID, t access.PrincipalType, diags *diag.Diagnostics) string {
	found, ok := s.findPrincipal(ctx, id, t, diags)
	if ok || !s.resolvePrincipals {
		return found.Name
	}
	if diags.HasError() {
		return id.String()
	}
	at := path.Root("principal_id")
	linked, err := s.client.DirectoryLinked(ctx)
	switch {
	case err != nil:
		diags.Append(s.unreadableDirectory(id, t, err))
	case linked:
		diags.AddAttributeWarning(at, "Principal not in the directory yet", fmt.Sprintf("No %s with the id %s was added to the organization so far. "+
			"An external directory is linked, so the assignment adds the account if it exists there.", t, id))
	default:
		diags.AddAttributeError(at, "Principal not found", fmt.Sprintf("The organization has no %s with the id %s. Check principal_type, and take "+
			"the id from the data source uipath_principal.", t, id))
	}
	return id.String()
}

// checkMember is [session.checkPrincipal] for a Task Mining permission, which a user must have accepted the invitation for.
func (s *session) checkMember(ctx context.Context, id access.GUID, t access.PrincipalType, diags *diag.Diagnostics) string {
	name := s.checkPrincipal(ctx, id, t, diags)
	if diags.HasError() || t != access.PrincipalUser {
		return name
	}
	if user, found := s.findPrincipal(ctx, id, t, diags); found && !user.InvitationAccepted {
		diags.AddAttributeError(path.Root("principal_id"), "Invitation not accepted", fmt.Sprintf("The user %s was invited to the organization and "+
			"has not accepted yet. A Task Mining permission is for members only: ask them to accept the invitation, then apply again.", label(name, id)))
	}
	return name
}
