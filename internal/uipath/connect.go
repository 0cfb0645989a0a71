package uipath

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// connection is a client that is being made.
type connection struct {
	*api
	config Config
}

// connect authenticates, and finds out organization and tenants. The organization's GUID is the configured one, else the token's,
// else the portal's, else that of the sign-in page; where several tell it they must agree.
func connect(ctx context.Context, a *api, config Config) (*tenants, error) {
	c := &connection{a, config}
	if _, err := access.ParseGUID(config.Tenant); !config.ResolveTenants && config.Tenant != "" && err != nil {
		return nil, &SettingError{Problem: rest.TenantNotGUID, Value: config.Tenant}
	}
	var err error
	if a.caller, err = a.rest.SignIn(ctx); err != nil {
		return nil, err
	}
	a.organization.ID = a.caller.Organization
	if given, err := access.ParseGUID(config.Organization); err == nil {
		if err := c.agree(given); err != nil {
			return nil, err
		}
	}
	if a.organization.ID == "" && (config.Organization == "" || !config.ResolveTenants) {
		if err := c.discover(ctx); err != nil {
			return nil, err
		}
	}
	found := &tenants{resolved: config.ResolveTenants}
	if config.ResolveTenants {
		found.all, err = c.resolve(ctx)
	} else {
		err = c.confirm(ctx)
	}
	if err != nil {
		return nil, err
	}
	a.organization.Name = firstOf(a.organization.Name, config.Organization, a.organization.ID.String())
	if config.Tenant == "" {
		return found, nil
	}
	tenant, err := found.Tenant(ctx, config.Tenant)
	if err != nil {
		return nil, &SettingError{Problem: rest.TenantNotFound, Value: config.Tenant, Other: a.organization.Name, Err: err}
	}
	found.byDefault = &tenant
	return found, nil
}

// agree takes the organization's GUID from another source, which must not contradict what is known.
func (c *connection) agree(id access.GUID) error {
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
func (c *connection) resolve(ctx context.Context) ([]Tenant, error) {
	segment := firstOf(c.config.Organization, c.organization.ID.String())
	found, tenants, err := c.readPortal(ctx, segment)
	switch {
	case errors.Is(err, errNoOrganization):
		return nil, &SettingError{Problem: rest.OrganizationWithoutID, Value: segment, Err: err}
	case errors.Is(err, ErrForbidden), errors.Is(err, ErrUnauthorized):
		if _, explained := errors.AsType[*SettingError](err); explained {
			return nil, err
		}
		return nil, &SettingError{Problem: rest.TenantsForbidden, Value: segment, Err: err}
	case err != nil:
		return nil, c.rest.Explain(segment, err)
	}
	if err := c.agree(found.ID); err != nil {
		return nil, err
	}
	c.organization = found
	return tenants, nil
}

// confirm finds out, without the portal, whether organization and token are what they seem to be. The token endpoint of a named
// organization has done so for client credentials; a bearer token has not been shown to anybody yet.
func (c *connection) confirm(ctx context.Context) error {
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
