package uipath

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// connect authenticates and finds out organization and tenants. The organization's GUID is the configured one, else the token's,
// else the portal's; where several tell it they must agree.
func (c *Client) connect(ctx context.Context) error {
	bearer, err := c.tokens.get(ctx)
	if err != nil {
		return err
	}
	c.caller = readClaims(bearer)
	if access.IsGUID(c.caller.organization) {
		c.organization.ID = access.CanonicalGUID(c.caller.organization)
	}
	if given := c.config.Organization; access.IsGUID(given) {
		if err := c.agree(access.CanonicalGUID(given)); err != nil {
			return err
		}
	}
	if c.config.ResolveTenants {
		err = c.resolve(ctx)
	} else {
		err = c.confirm(ctx)
	}
	if err != nil {
		return err
	}
	c.organization.Name = firstOf(c.organization.Name, c.config.Organization, c.organization.ID)
	if c.config.Tenant == "" {
		return nil
	}
	tenant, err := c.Tenant(ctx, c.config.Tenant)
	if err != nil {
		return &ConfigError{
			Attribute: "tenant", Summary: "Tenant not found",
			Detail: fmt.Sprintf("tenant (UIPATH_TENANT) in organization %q: %v", c.organization.Name, err), Err: err,
		}
	}
	c.tenant = &tenant
	return nil
}

// agree takes the organization's GUID from another source, which must not contradict what is known.
func (c *Client) agree(id string) error {
	if c.organization.ID != "" && c.organization.ID != id {
		return &ConfigError{
			Attribute: "organization", Summary: "Credentials of another organization",
			Detail: fmt.Sprintf("organization (UIPATH_ORGANIZATION) is %q, which has the GUID %s, but the credentials belong to the "+
				"organization with the GUID %s. Change one or the other.", c.config.Organization, id, c.organization.ID),
		}
	}
	c.organization.ID = id
	return nil
}

// resolve reads organization and tenants from the portal.
func (c *Client) resolve(ctx context.Context) error {
	segment := firstOf(c.config.Organization, c.organization.ID)
	if segment == "" {
		return organizationMissing("The credentials do not tell it: access_token (UIPATH_PAT) is opaque.")
	}
	found, tenants, err := c.readPortal(ctx, segment)
	if errors.Is(err, errNoOrganization) {
		return &ConfigError{
			Attribute: "organization", Summary: "Organization not resolved", Err: err,
			Detail: fmt.Sprintf("The portal did not tell the GUID of organization %q: give organization (UIPATH_ORGANIZATION) and "+
				"tenant (UIPATH_TENANT) as GUIDs and set resolve_tenants = false.", segment),
		}
	}
	if err != nil {
		return c.portalProblem(segment, err)
	}
	if err := c.agree(found.ID); err != nil {
		return err
	}
	c.organization, c.tenants = found, tenants
	return nil
}

// confirm finds out, without the portal, whether organization and token are what they seem to be. The token endpoint of a named
// organization has done so for client credentials; a bearer token has not been shown to anybody yet.
func (c *Client) confirm(ctx context.Context) error {
	if c.organization.ID == "" {
		return organizationMissing("With resolve_tenants = false it is not looked up, and the credentials do not tell it: give the GUID.")
	}
	if c.tokens.fixed == "" {
		return nil
	}
	segment := firstOf(c.config.Organization, c.organization.ID)
	err := c.send(ctx, request{
		operation: "check access token and organization", method: http.MethodGet,
		path: "/" + url.PathEscape(segment) + "/pap_/api/roles", query: url.Values{"top": {"1"}},
	}, nil)
	if errors.Is(err, ErrForbidden) && access.IsGUID(segment) {
		// The caller may not read roles, but is one whom the organization knows.
		return nil
	}
	if errors.Is(err, ErrForbidden) {
		return &ConfigError{
			Attribute: "organization", Summary: "Organization not confirmed", Err: err,
			Detail: fmt.Sprintf("Whether the access token belongs to organization %q cannot be found out with it: give organization "+
				"(UIPATH_ORGANIZATION) as GUID. What happened: %v", segment, err),
		}
	}
	return c.settingsProblem(segment, err)
}

func organizationMissing(why string) error {
	return &ConfigError{
		Attribute: "organization", Summary: "Organization unknown",
		Detail: "organization (UIPATH_ORGANIZATION) must be given. " + why,
	}
}

// tokenProblem says which setting is wrong where the token endpoint refused.
func (c *Client) tokenProblem(err error) error {
	var refused *Error
	if !errors.As(err, &refused) || refused.Status == 0 || refused.Status >= 500 || refused.Status == http.StatusTooManyRequests {
		return c.settingsProblem(c.config.Organization, err)
	}
	problem := &ConfigError{Summary: "Authentication failed", Err: err}
	switch {
	case refused.Code == "invalid_scope":
		problem.Attribute = "scopes"
		problem.Detail = fmt.Sprintf("The external application %q may not use one of the scopes asked for: %s. Add them to the "+
			"application as application scopes, or change scopes.", c.config.ClientID, quoted(c.config.Scopes, ", "))
		if len(c.config.Scopes) == 0 {
			problem.Detail = fmt.Sprintf("The external application %q has no application scopes: add those that the provider needs.",
				c.config.ClientID)
		}
	case refused.Code == "unauthorized_client" || refused.Code == "unsupported_grant_type":
		problem.Attribute = "client_id"
		problem.Detail = fmt.Sprintf("The external application %q may not use client credentials: it must be a confidential "+
			"application with application scopes.", c.config.ClientID)
	case refused.Code == "invalid_client" || refused.Status == http.StatusUnauthorized:
		problem.Attribute = "client_secret"
		problem.Detail = fmt.Sprintf("The server does not accept the credentials of external application %q: check client_id "+
			"(UIPATH_CLIENT_ID) and client_secret (UIPATH_CLIENT_SECRET), and that the application belongs to the organization.",
			c.config.ClientID)
	default:
		return c.settingsProblem(c.config.Organization, err)
	}
	problem.Detail += " What happened: " + err.Error()
	return problem
}

// portalProblem says what to do where the portal refused.
func (c *Client) portalProblem(segment string, err error) error {
	if !errors.Is(err, ErrForbidden) && !errors.Is(err, ErrUnauthorized) {
		return c.settingsProblem(segment, err)
	}
	if settings, ok := errors.AsType[*ConfigError](err); ok {
		return settings
	}
	return &ConfigError{
		Attribute: "resolve_tenants", Summary: "Tenants cannot be listed", Err: err,
		Detail: fmt.Sprintf("These credentials lack the right to read the tenants of organization %q from the portal. Use credentials "+
			"that have it, or set resolve_tenants = false and give organization (UIPATH_ORGANIZATION) and tenant (UIPATH_TENANT) as "+
			"GUIDs. What happened: %v", segment, err),
	}
}

// settingsProblem says which setting is wrong where a first request failed for want of a server or an organization. Other
// errors, and none, are returned as they are.
func (c *Client) settingsProblem(segment string, err error) error {
	failed, ok := err.(*Error) //nolint:errorlint // A wrapped one has been explained already.
	if !ok {
		return err
	}
	server := &ConfigError{Attribute: "base_url", Summary: "Server not reachable", Err: err}
	switch {
	case errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		return err
	case failed.Status == 0 && untrusted(failed.Err):
		server.Detail = fmt.Sprintf("No secure connection to %s: check base_url (UIPATH_URI) and the certificates this machine trusts. "+
			"What happened: %v", c.base, err)
		return server
	case failed.Status == 0 && hopeless(failed.Err):
		server.Detail = fmt.Sprintf("There is no host %q: check base_url (UIPATH_URI). What happened: %v", c.base.Hostname(), err)
		return server
	case failed.Status == 0:
		server.Detail = fmt.Sprintf("No answer from %s: check base_url (UIPATH_URI), the network and proxy settings. "+
			"What happened: %v", c.base, err)
		return server
	case failed.Status == http.StatusNotFound && segment != "" && !errors.Is(failed.Err, errWebPage):
		return &ConfigError{
			Attribute: "organization", Summary: "Organization not found", Err: err,
			Detail: fmt.Sprintf("%s knows no organization %q: check organization (UIPATH_ORGANIZATION) and base_url (UIPATH_URI). "+
				"What happened: %v", c.base, segment, err),
		}
	case failed.Status == http.StatusNotFound, failed.Status >= 300 && failed.Status < 400,
		failed.Status < 500 && errors.Is(failed.Err, errWebPage):
		server.Summary = "Not a UiPath server"
		server.Detail = fmt.Sprintf("%s does not answer as a UiPath server does: check base_url (UIPATH_URI) and organization "+
			"(UIPATH_ORGANIZATION). What happened: %v", c.base, err)
		return server
	}
	return err
}
