package provider

import (
	"errors"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// settingProblem is how a problem with the settings is put to people: on which attribute, under which title, and in which words. In
// the words {value} and {other} stand for those of the error, quoted, and {cause} for what happened, which is else said at the end.
type settingProblem struct{ attribute, title, detail string }

const (
	baseURLShape = " It is scheme and host only, such as " + rest.DefaultBaseURL + "."
	unresolved   = "give organization (UIPATH_ORGANIZATION) and tenant (UIPATH_TENANT) as GUIDs and set resolve_tenants = false."
)

// settingProblems are the problems that the client knows, in the words of the provider's attributes and environment variables.
var settingProblems = map[uipath.Problem]settingProblem{
	rest.BaseURLUnreadable: {"base_url", "Invalid base URL", "base_url (UIPATH_URI) is not an address." + baseURLShape},
	rest.BaseURLWithCredentials: {"base_url", "Invalid base URL", "base_url (UIPATH_URI) holds a user name or password, which would end up " +
		"in logs: use the settings for credentials." + baseURLShape},
	rest.BaseURLNotHTTPS: {"base_url", "Invalid base URL", "base_url (UIPATH_URI) is {value}, which is no https address." + baseURLShape},
	rest.BaseURLWithPath: {"base_url", "Invalid base URL", "base_url (UIPATH_URI) is {value} and has a path: organization and tenant are " +
		"settings of their own." + baseURLShape},
	rest.BaseURLWithQuery: {"base_url", "Invalid base URL", "base_url (UIPATH_URI) is {value} and has a query or a fragment." + baseURLShape},
	rest.BaseURLUnencrypted: {"base_url", "Invalid base URL", "base_url (UIPATH_URI) is {value}: over plain http the credentials would be " +
		"sent in clear; use https." + baseURLShape},

	rest.CredentialsMissing: {"", "No credentials", "There is nothing to sign in with. Give client_id (UIPATH_CLIENT_ID) and client_secret " +
		"(UIPATH_CLIENT_SECRET) of an external application, or access_token (UIPATH_PAT). To try things out without an account, set " +
		"reference_backend."},
	rest.CredentialsContradict: {"access_token", contradictory, "Both access_token (UIPATH_PAT) and client_id (UIPATH_CLIENT_ID) with " +
		"client_secret (UIPATH_CLIENT_SECRET) are given: keep one of the two."},
	rest.ClientIDMissing: {"client_id", "Incomplete credentials", "There is a client secret but no client id. Set client_id, or " +
		"UIPATH_CLIENT_ID in the environment."},
	rest.ClientSecretMissing: {"client_secret", "Incomplete credentials", "There is no secret for the client id {value}. Set " +
		"UIPATH_CLIENT_SECRET in the environment, or client_secret."},
	rest.AccessTokenMalformed: {"access_token", "Invalid access token", "access_token (UIPATH_PAT) contains a space, a line break or another " +
		"character that no token has: it may have been copied with what stood around it."},
	rest.AccessTokenRefused: {"access_token", "Access token refused", "The server does not accept the access token: access_token " +
		"(UIPATH_PAT) is expired, revoked or not for this server. Make a new one."},
	rest.CredentialsRefused: {"client_secret", "Authentication failed", "The server does not accept the credentials of external application " +
		"{value}: check client_id (UIPATH_CLIENT_ID) and client_secret (UIPATH_CLIENT_SECRET), and that the application belongs to the " +
		"organization."},
	rest.ClientNotConfidential: {"client_id", "Authentication failed", "The external application {value} may not use client credentials: it " +
		"must be a confidential application with application scopes."},
	rest.ScopesRefused: {"scopes", "Authentication failed", "The external application {value} may not use one of the scopes asked for: " +
		"{other}. Add them to the application as application scopes, or change scopes."},
	rest.ScopesMissing: {"scopes", "Authentication failed", "The external application {value} has no application scopes: add those that the " +
		"provider needs."},

	rest.ServerUntrusted: {"base_url", "Server not reachable", "No secure connection to {value}: check base_url (UIPATH_URI) and the " +
		"certificates this machine trusts."},
	rest.HostUnknown: {"base_url", "Server not reachable", "There is no host {value}: check base_url (UIPATH_URI)."},
	rest.ServerSilent: {"base_url", "Server not reachable", "No answer from {value}: check base_url (UIPATH_URI), the network and proxy " +
		"settings."},
	rest.ServerForeign: {"base_url", "Not a UiPath server", "{value} does not answer as a UiPath server does: check base_url (UIPATH_URI) and " +
		"organization (UIPATH_ORGANIZATION)."},
	rest.TokenNotIssued: {"base_url", "No access token received", "{value} answered the token request with success but without an access " +
		"token. Check base_url (UIPATH_URI): it may not be a UiPath server."},

	rest.OrganizationMalformed: {"organization", "Invalid organization", "organization (UIPATH_ORGANIZATION) is {value}: give the name as it " +
		"stands in the portal's address, https://cloud.uipath.com/NAME, or the GUID."},
	rest.OrganizationNotFound: {"organization", "Organization not found", "{other} knows no organization {value}: check organization " +
		"(UIPATH_ORGANIZATION) and base_url (UIPATH_URI)."},
	rest.OrganizationUnknown: {"organization", "Organization unknown", "organization (UIPATH_ORGANIZATION) must be given: the credentials do " +
		"not tell it, because access_token (UIPATH_PAT) is opaque, and neither does the server."},
	rest.OrganizationUnresolved: {"organization", "Organization unknown", "organization (UIPATH_ORGANIZATION) must be given as GUID: with " +
		"resolve_tenants = false the portal is not asked, and neither the credentials nor the sign-in page tell it."},
	rest.OrganizationContradicts: {"organization", "Credentials of another organization", "organization (UIPATH_ORGANIZATION) is {value}, but " +
		"the credentials belong to the organization with the GUID {other}. Change one or the other."},
	rest.OrganizationWithoutID: {"organization", "Organization not resolved", "The portal did not tell the GUID of organization {value}: " +
		unresolved},
	rest.OrganizationUnconfirmed: {"organization", "Organization not confirmed", "Whether the access token belongs to organization {value} " +
		"cannot be found out with it: give organization (UIPATH_ORGANIZATION) as GUID."},

	rest.TenantNotGUID: {"tenant", "Tenant must be a GUID", "tenant (UIPATH_TENANT) is {value}, but with resolve_tenants = false names are " +
		"not looked up: give the GUID."},
	rest.TenantNotFound: {"tenant", "Tenant not found", "tenant (UIPATH_TENANT) in organization {other}: {cause}"},
	rest.TenantsForbidden: {"resolve_tenants", "Tenants cannot be listed", "These credentials lack the right to read the tenants of " +
		"organization {value} from the portal. Use credentials that have it, or " + unresolved},

	rest.RetriesNegative: {"max_retries", "Invalid retry settings", "max_retries is {value}: it cannot be negative."},
	rest.TimeoutNegative: {"request_timeout", "Invalid retry settings", "request_timeout is {value}: it cannot be negative."},
}

// describeSetting says what is wrong with a setting and what to do.
func describeSetting(wrong *uipath.SettingError) (attribute, title, detail string) {
	problem, ok := settingProblems[wrong.Problem]
	if !ok {
		return "", "Invalid setting", wrong.Error()
	}
	cause := ""
	if wrong.Err != nil {
		cause = wrong.Err.Error()
		if !strings.Contains(problem.detail, "{cause}") {
			problem.detail += " What happened: {cause}"
		}
	}
	words := strings.NewReplacer("{value}", strconv.Quote(wrong.Value), "{other}", strconv.Quote(wrong.Other), "{cause}", cause)
	return problem.attribute, problem.title, words.Replace(problem.detail)
}

// configurationFailure puts the error of a wrong setting on the attribute at fault.
func configurationFailure(err error) diag.Diagnostic {
	wrong, ok := errors.AsType[*uipath.SettingError](err)
	if !ok {
		return failure("UiPath cannot be reached", "Signing in failed.", err)
	}
	attribute, title, detail := describeSetting(wrong)
	if attribute == "" {
		return diag.NewErrorDiagnostic(title, detail)
	}
	return diag.NewAttributeErrorDiagnostic(path.Root(attribute), title, detail)
}
