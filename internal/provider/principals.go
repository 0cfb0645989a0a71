package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// directorySetting is what messages say of the directory that cannot be read.
const directorySetting = "With resolve_principals = false the provider does not ask the directory: give principal_id and principal_type then."

// principalNaming finds principals of a type, or of any type where it is "".
func (s *session) principalNaming(kind access.PrincipalType) naming[uipath.Principal] {
	return naming[uipath.Principal]{
		what: "principal", idAttribute: "principal_id", nameAttribute: "principal_name", form: guidForm,
		byID: func(ctx context.Context, id string, diags *diag.Diagnostics) *named[uipath.Principal] {
			return s.principalToGrant(ctx, access.GUID(guidForm.spell(id)), kind, diags)
		},
		byName: func(ctx context.Context, name string, diags *diag.Diagnostics) *named[uipath.Principal] {
			return s.principalNamed(ctx, name, kind, diags)
		},
	}
}

func namedPrincipal(principal uipath.Principal) *named[uipath.Principal] {
	return &named[uipath.Principal]{
		id: principal.ID.String(), name: principal.UniqueName, value: principal,
		answersTo: func(text string) bool {
			return text == principal.UniqueName || text == principal.Name ||
				principal.Email != "" && strings.EqualFold(text, principal.Email) || principal.UserName != "" && strings.EqualFold(text, principal.UserName)
		},
	}
}

// unresolvedPrincipal is one that the directory is not asked about, or does not have. Whatever name the author gives is taken.
func unresolvedPrincipal(id access.GUID, kind access.PrincipalType) *named[uipath.Principal] {
	return &named[uipath.Principal]{
		id: id.String(), value: uipath.Principal{ID: id, Type: kind, InvitationAccepted: true}, answersTo: func(string) bool { return true },
	}
}

// principalNamed finds a principal by its name.
func (s *session) principalNamed(ctx context.Context, name string, kind access.PrincipalType, diags *diag.Diagnostics) *named[uipath.Principal] {
	at := path.Root("principal_name")
	if !s.resolvePrincipals {
		diags.AddAttributeError(at, "Names of principals are not looked up", fmt.Sprintf("resolve_principals = false of the provider: the directory is "+
			"not asked for %q. Give principal_id and principal_type.", name))
		return nil
	}
	found, err := s.client.PrincipalNamed(ctx, name, kind)
	switch {
	case err == nil:
		return namedPrincipal(found)
	case errors.Is(err, uipath.ErrForbidden):
		diags.Append(attributeFailure(at, "Directory cannot be read", fmt.Sprintf("%q was to be looked up. %s", name, directorySetting), err))
	default:
		diags.Append(attributeFailure(at, "Principal not found by its name", "", err))
	}
	return nil
}

// principalToGrant finds a principal that is to be granted something by its id. It refuses one that the directory lacks, unless an external
// directory is linked: then the grant itself adds the account.
func (s *session) principalToGrant(ctx context.Context, id access.GUID, kind access.PrincipalType, diags *diag.Diagnostics) *named[uipath.Principal] {
	at := path.Root("principal_id")
	if !s.resolvePrincipals {
		if kind == "" {
			diags.AddAttributeError(path.Root("principal_type"), "Missing principal type", "resolve_principals = false of the provider: the directory "+
				"is not asked what the principal is. Give principal_type.")
			return nil
		}
		return unresolvedPrincipal(id, kind)
	}
	found, err := s.findPrincipal(ctx, id, kind)
	switch {
	case err == nil:
		return namedPrincipal(found)
	case !errors.Is(err, uipath.ErrNotFound):
		diags.Append(attributeFailure(at, "Directory cannot be read", fmt.Sprintf("The principal %s was to be looked up. %s", id, directorySetting), err))
		return nil
	}
	linked, err := s.client.DirectoryLinked(ctx)
	switch {
	case err != nil:
		diags.Append(attributeFailure(at, "Directory cannot be read", fmt.Sprintf("The principal %s was to be looked up. %s", id, directorySetting), err))
	case linked && kind == "":
		diags.AddAttributeError(path.Root("principal_type"), "Missing principal type", fmt.Sprintf("No principal with the id %s was added to the "+
			"organization so far. An external directory is linked and may have it: give principal_type.", id))
	case linked:
		diags.AddAttributeWarning(at, "Principal not in the directory yet", fmt.Sprintf("No %s with the id %s was added to the organization so far. "+
			"An external directory is linked, so the assignment adds the account if it exists there.", kind, id))
		return unresolvedPrincipal(id, kind)
	default:
		what, hint := "principal", ""
		if kind != "" {
			what, hint = string(kind), "The directory tells the type if principal_type is left out."
		}
		diags.AddAttributeError(at, "Principal not found", sentences(fmt.Sprintf("The organization has no %s with the id %s.", what, id), hint,
			"A principal can be given by its name: principal_name."))
	}
	return nil
}

// findPrincipal asks the directory for a principal. Without a type it looks through all types.
func (s *session) findPrincipal(ctx context.Context, id access.GUID, kind access.PrincipalType) (found uipath.Principal, err error) {
	if kind != "" {
		return s.client.Principal(ctx, id, kind)
	}
	for _, kind := range access.PrincipalTypes() {
		if found, err = s.client.Principal(ctx, id, kind); err == nil || !errors.Is(err, uipath.ErrNotFound) {
			return found, err
		}
	}
	return found, err
}

// heldPrincipal looks up a principal that holds something and was called name before, "" where that is not known. It is nil where principals are
// not resolved, where it is gone, and where only its name could be looked up and now means nobody or somebody else.
func (s *session) heldPrincipal(
	ctx context.Context, id access.GUID, kind access.PrincipalType, name string, diags *diag.Diagnostics,
) (found *named[uipath.Principal], gone bool) {
	if !s.resolvePrincipals {
		return nil, false
	}
	principal, err := s.client.Principal(ctx, id, kind)
	if errors.Is(err, uipath.ErrForbidden) && name != "" {
		// Robot accounts can be looked up by their names only, unless the caller may list them.
		if principal, err = s.client.PrincipalNamed(ctx, name, kind); isGone(err) || err == nil && principal.ID != id {
			return nil, false
		}
	}
	switch {
	case err == nil:
		return namedPrincipal(principal), false
	case errors.Is(err, uipath.ErrNotFound):
		return nil, true
	}
	diags.Append(attributeFailure(path.Root("principal_id"), "Directory cannot be read",
		fmt.Sprintf("The name of the %s %s was to be read. %s", kind, id, directorySetting), err))
	return nil, false
}

// plannedType is the type of a principal as it is planned: as the author gives it, as the directory says, or as it was.
func plannedType(config types.String, found settled[uipath.Principal], prior *pair, before types.String) types.String {
	switch {
	case !config.IsNull():
		return config
	case prior != nil && !found.changes(*prior):
		return before
	case found.object != nil:
		return types.StringValue(string(found.object.value.Type))
	}
	return types.StringUnknown()
}

// checkMember refuses what a Task Mining permission is not for: robots and applications, and users who have not accepted the invitation.
func checkMember(user uipath.Principal, diags *diag.Diagnostics) {
	if user.Type != access.PrincipalUser && user.Type != access.PrincipalGroup {
		diags.AddAttributeError(path.Root("principal_name"), "Neither a user nor a group", fmt.Sprintf("%s is of type %s. A Task Mining permission is for "+
			"users and groups.", label(user.UniqueName, user.ID), user.Type))
		return
	}
	if user.InvitationAccepted {
		return
	}
	diags.AddAttributeError(path.Root("principal_name"), "Invitation not accepted", fmt.Sprintf("The user %s was invited to the organization and "+
		"has not accepted yet. A Task Mining permission is for members only: ask them to accept the invitation, then apply again.",
		label(user.UniqueName, user.ID)))
}
