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
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// Tenant is a tenant of the organization.
type Tenant struct {
	ID access.GUID
	// Name is the GUID too where tenants are not resolved.
	Name string
}

// tenants are the tenants of the organization, as they were when the client was made.
type tenants struct {
	// resolved says that all were read from the portal.
	resolved  bool
	all       []Tenant
	byDefault *Tenant
}

// ErrTenantsNotResolved is a tenant by name with [Config.ResolveTenants] off.
var ErrTenantsNotResolved = errors.New("names of tenants are not looked up")

// DefaultTenant returns the configured tenant, if there is one.
func (t *tenants) DefaultTenant() (Tenant, bool) {
	if t.byDefault == nil {
		return Tenant{}, false
	}
	return *t.byDefault, true
}

// Tenants returns the tenants of the organization. There are none where tenants are not resolved.
func (t *tenants) Tenants() []Tenant { return slices.Clone(t.all) }

// Tenant finds a tenant by name or GUID, in any case. Where it finds none or several it returns a [*NotFoundError] or an
// [*AmbiguousError]. Where tenants are not resolved it takes a GUID as it is. It asks no server.
func (t *tenants) Tenant(_ context.Context, nameOrID string) (Tenant, error) {
	if t.resolved {
		return findTenant(t.all, nameOrID)
	}
	id, err := access.ParseGUID(nameOrID)
	if err != nil {
		return Tenant{}, fmt.Errorf("tenant %w, and %w", err, ErrTenantsNotResolved)
	}
	return Tenant{ID: id, Name: id.String()}, nil
}

// name returns the name of a tenant, or its id if there is no name.
func (t *tenants) name(id access.GUID) string {
	if i := slices.IndexFunc(t.all, func(tenant Tenant) bool { return tenant.ID == id }); i >= 0 {
		return t.all[i].Name
	}
	return id.String()
}

// other returns the first tenant besides one that has something.
func (t *tenants) other(than access.GUID, has func(access.GUID) bool) (Tenant, bool) {
	for _, tenant := range t.all {
		if tenant.ID != than && has(tenant.ID) {
			return tenant, true
		}
	}
	return Tenant{}, false
}

// elsewhere says that another tenant has something of a kind that one lacks; "" where none has.
func (t *tenants) elsewhere(lacks access.GUID, kind string, has func(access.GUID) bool) string {
	if tenant, ok := t.other(lacks, has); ok {
		return fmt.Sprintf("It was looked for in the tenant %s; the tenant %s has a %s of this name.", t.name(lacks), tenant.Name, kind)
	}
	return ""
}

func findTenant(tenants []Tenant, nameOrID string) (Tenant, error) {
	id, _ := access.ParseGUID(nameOrID)
	var matches []Tenant
	for _, t := range tenants {
		if t.ID == id || t.Name == nameOrID {
			return t, nil
		}
		if strings.EqualFold(t.Name, nameOrID) {
			matches = append(matches, t)
		}
	}
	switch len(matches) {
	case 0:
		missing := &NotFoundError{Kind: "tenant", Name: nameOrID}
		for _, t := range tenants {
			missing.Candidates = append(missing.Candidates, t.Name)
		}
		return Tenant{}, missing
	case 1:
		return matches[0], nil
	}
	several := &AmbiguousError{Kind: "tenant", Name: nameOrID}
	for _, t := range matches {
		several.Matches = append(several.Matches, Match{ID: t.ID.String(), Description: t.Name})
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

var errNoOrganization = errors.New("the portal's answer names no organization")

// readPortal reads organization and tenants; segment is the organization as it stands in the path.
func (a *api) readPortal(ctx context.Context, segment string) (Organization, []Tenant, error) {
	answer, err := rest.Fetch[portalAnswer](ctx, a.rest, rest.Request{
		Operation: "read the organization's tenants", Method: http.MethodGet, Private: true,
		Path: "/" + url.PathEscape(segment) + "/portal_/api/filtering/leftnav/tenantsAndOrganizationInfo",
	})
	if err != nil {
		return Organization{}, nil, err
	}
	organization := Organization{Name: answer.Organization.Name}
	if organization.ID, err = access.ParseGUID(answer.Organization.ID); err != nil {
		return Organization{}, nil, errNoOrganization
	}
	var tenants []Tenant
	for _, item := range answer.Tenants {
		id, err := access.ParseGUID(item.ID)
		if err != nil {
			return Organization{}, nil, fmt.Errorf("read the organization's tenants: tenant %q has no GUID", rest.OneLine(item.Name))
		}
		tenants = append(tenants, Tenant{ID: id, Name: item.Name})
	}
	slices.SortFunc(tenants, func(a, b Tenant) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return organization, slices.Compact(tenants), nil
}
