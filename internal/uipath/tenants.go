package uipath

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// Tenant is a tenant of the organization.
type Tenant struct {
	// ID is the GUID in lower case.
	ID string
	// Name is the GUID too where tenants are not resolved.
	Name string
}

// maxNearest is how many near names a message offers.
const maxNearest = 3

// Tenant finds a tenant by name or GUID, in any case. Where it finds none or several it returns a [*NotFoundError] or an
// [*AmbiguousError]. Where tenants are not resolved it takes a GUID as it is. It asks no server: tenants were read by [New].
func (c *Client) Tenant(_ context.Context, nameOrID string) (Tenant, error) {
	if !c.config.ResolveTenants {
		if !access.IsGUID(nameOrID) {
			return Tenant{}, fmt.Errorf("tenant %q is not a GUID: with resolve_tenants = false names are not looked up", nameOrID)
		}
		id := access.CanonicalGUID(nameOrID)
		return Tenant{ID: id, Name: id}, nil
	}
	return findTenant(c.tenants, nameOrID)
}

func findTenant(tenants []Tenant, nameOrID string) (Tenant, error) {
	var matches []Tenant
	for _, t := range tenants {
		if t.ID == access.CanonicalGUID(nameOrID) || t.Name == nameOrID {
			return t, nil
		}
		if strings.EqualFold(t.Name, nameOrID) {
			matches = append(matches, t)
		}
	}
	if len(matches) == 1 {
		return matches[0], nil
	}
	names := make([]string, len(tenants))
	for i, t := range tenants {
		names[i] = t.Name
	}
	if len(matches) == 0 {
		return Tenant{}, &NotFoundError{
			Kind: "tenant", Name: nameOrID, Candidates: names, Nearest: access.Nearest(nameOrID, names, maxNearest),
		}
	}
	several := &AmbiguousError{Kind: "tenant", Name: nameOrID}
	for _, t := range matches {
		several.Matches = append(several.Matches, t.ID)
	}
	return Tenant{}, several
}

// portalAnswer is the portal's account of an organization. Public sources show it in the vendor's own command-line tools.
type portalAnswer struct {
	Organization portalItem   `json:"organization"`
	Tenants      []portalItem `json:"tenants"`
}

type portalItem struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// readPortal reads organization and tenants; segment is the organization as it stands in the path.
func (c *Client) readPortal(ctx context.Context, segment string) (Organization, []Tenant, error) {
	answer, err := fetch[portalAnswer](ctx, c, request{
		operation: "read the organization's tenants", method: http.MethodGet,
		path: "/" + url.PathEscape(segment) + "/portal_/api/filtering/leftnav/tenantsAndOrganizationInfo",
	})
	if err != nil {
		return Organization{}, nil, err
	}
	organization := Organization{ID: access.CanonicalGUID(answer.Organization.ID), Name: answer.Organization.Name}
	if !access.IsGUID(organization.ID) {
		return Organization{}, nil, errNoOrganization
	}
	var tenants []Tenant
	for _, item := range answer.Tenants {
		if !access.IsGUID(item.ID) {
			return Organization{}, nil, fmt.Errorf("read the organization's tenants: tenant %q has no GUID", oneLine(item.Name))
		}
		tenants = append(tenants, Tenant{ID: access.CanonicalGUID(item.ID), Name: item.Name})
	}
	slices.SortFunc(tenants, func(a, b Tenant) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return organization, slices.Compact(tenants), nil
}

var errNoOrganization = errors.New("the portal's answer names no organization")
