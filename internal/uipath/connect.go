package uipath

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// connect authenticates and finds out organization and tenants. The organization's GUID is the configured one, else the token's,
// else the portal's; where several tell it they must agree.
func (c *Client) connect(ctx context.Context) error {
	if _, err := access.ParseGUID(c.config.Tenant); !c.config.ResolveTenants && c.config.Tenant != "" && err != nil {
		return &SettingError{Problem: rest.TenantNotGUID, Value: c.config.Tenant}
	}
	var err error
	if c.caller, err = c.rest.SignIn(ctx); err != nil {
		return err
	}
	c.organization.ID = c.caller.Organization
	if given, err := access.ParseGUID(c.config.Organization); err == nil {
		if err := c.agree(given); err != nil {
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
	c.organization.Name = firstOf(c.organization.Name, c.config.Organization, c.organization.ID.String())
	if c.config.Tenant == "" {
		return nil
	}
	tenant, err := c.Tenant(ctx, c.config.Tenant)
	if err != nil {
		return &SettingError{Problem: rest.TenantNotFound, Value: c.config.Tenant, Other: c.organization.Name, Err: err}
	}
	c.tenant = &tenant
	return nil
}

// agree takes the organization's GUID from another source, which must not contradict what is known.
func (c *Client) agree(id access.GUID) error {
	if c.organization.ID != "" && c.organization.ID != id {
		return &SettingError{
			Problem: rest.OrganizationContradicts, Value: c.config.Organization, Other: c.organization.ID.String(),
			Err: errors.New("it has the GUID " + id.String()),
		}
	}
	c.organization.ID = id
	return nil
}

// resolve reads organization and tenants from the portal.
func (c *Client) resolve(ctx context.Context) error {
	segment := firstOf(c.config.Organization, c.organization.ID.String())
	if segment == "" {
		return &SettingError{Problem: rest.OrganizationUnknown}
	}
	found, tenants, err := c.readPortal(ctx, segment)
	switch {
	case errors.Is(err, errNoOrganization):
		return &SettingError{Problem: rest.OrganizationWithoutID, Value: segment, Err: err}
	case errors.Is(err, ErrForbidden), errors.Is(err, ErrUnauthorized):
		if _, explained := errors.AsType[*SettingError](err); explained {
			return err
		}
		return &SettingError{Problem: rest.TenantsForbidden, Value: segment, Err: err}
	case err != nil:
		return c.rest.Explain(segment, err)
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
		return &SettingError{Problem: rest.OrganizationUnresolved}
	}
	if !c.rest.SignsInWithToken() {
		return nil
	}
	segment := firstOf(c.config.Organization, c.organization.ID.String())
	err := c.rest.Send(ctx, rest.Request{
		Operation: "check access token and organization", Method: http.MethodGet,
		Path: "/" + url.PathEscape(segment) + "/pap_/api/roles", Query: url.Values{"top": {"1"}},
	}, nil)
	if errors.Is(err, ErrForbidden) {
		if _, notGUID := access.ParseGUID(segment); notGUID == nil {
			// The caller may not read roles, but is one whom the organization knows.
			return nil
		}
		return &SettingError{Problem: rest.OrganizationUnconfirmed, Value: segment, Err: err}
	}
	return c.rest.Explain(segment, err)
}
