package uipath

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// portalClientID is the OAuth2 client of the vendor's portal, for which the vendor's own clients ask too (contract 1.2).
const portalClientID = "1119a927-10ab-4543-bd1a-ad6bfbbc27f4"

// discover finds out the organization's GUID where neither the settings nor the token tell it: from the redirect to the sign-in page
// (contract 1.2). The request bears no token, and the redirect is read, not followed. Without a name it is up to the server whether it
// tells its organization.
func (c *connection) discover(ctx context.Context) error {
	name := c.config.Organization
	location, err := c.rest.Redirect(ctx, rest.Request{
		Operation: "find the organization's GUID", Method: http.MethodGet, Path: "/identity_/connect/authorize", Query: c.signIn(name),
	})
	if refused, ok := errors.AsType[*Error](err); ok && refused.Status == 0 {
		return c.rest.Explain(name, err)
	}
	if err == nil {
		if c.organization.ID = organizationIn(location); c.organization.ID != "" {
			// From here on the organization is asked for by its GUID.
			c.config.Organization = c.organization.ID.String()
			return nil
		}
		if name != "" && strings.HasPrefix(location.Path, "/portal_/unregistered") {
			return &SettingError{Problem: rest.OrganizationNotFound, Value: name, Other: c.rest.Address()}
		}
		err = fmt.Errorf("%s redirects to %s, which does not tell it", c.rest.Address(), rest.OneLine(location.EscapedPath()))
	}
	problem := rest.OrganizationUnknown
	if !c.config.ResolveTenants {
		problem = rest.OrganizationUnresolved
	}
	return &SettingError{Problem: problem, Err: err}
}

// signIn is the query that begins a sign-in to an organization, which "" leaves open. Nobody signs in, so the random values are kept
// nowhere.
func (c *connection) signIn(organization string) url.Values {
	query := url.Values{
		"response_type": {"code"}, "client_id": {portalClientID}, "scope": {"openid"},
		"redirect_uri":   {c.rest.Address() + "/portal_/api/tokenFactory/callback"},
		"code_challenge": {randomHex()}, "code_challenge_method": {"S256"}, "state": {randomHex()},
	}
	if organization != "" {
		query.Set("acr_values", "tenantName:"+organization)
	}
	return query
}

// randomHex returns 64 hexadecimal digits.
func randomHex() string {
	var value [32]byte
	// Read never fails.
	_, _ = rand.Read(value[:])
	return hex.EncodeToString(value[:])
}

// organizationIn reads the organization's GUID in the address of a sign-in page, or "". It stands in acr_values, mostly in those of the
// address to return to.
func organizationIn(location *url.URL) access.GUID {
	query := location.Query()
	addresses := []url.Values{query}
	if back, err := url.Parse(query.Get("returnUrl")); err == nil {
		addresses = append(addresses, back.Query())
	}
	for _, parameters := range addresses {
		for value := range strings.FieldsSeq(parameters.Get("acr_values")) {
			if id, ok := strings.CutPrefix(value, "tenant:"); ok && access.OptionalGUID(id) != "" {
				return access.OptionalGUID(id)
			}
		}
	}
	return ""
}
