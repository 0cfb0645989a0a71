package uipath

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// Permission is one action that a role can grant (contract 5.1).
type Permission struct {
	// Name is NAMESPACE.RESOURCE.ACTION in upper case.
	Name      string
	Namespace string
	// Service is the display name of the service.
	Service     string
	Resource    string
	Action      string
	Description string
	// ScopeType is the level the permission belongs to, in upper case, "" where the server has none.
	ScopeType string
}

// PermissionFilter narrows the catalogue. Its zero value is the whole catalogue.
type PermissionFilter struct {
	// ScopeType keeps the slice of one level, such as TENANT; permissions of scope type ANY are in each (contract 5.2).
	ScopeType string
	// Service keeps one service, in any spelling that [access.FindService] knows.
	Service string
}

// permissionAnswer is a row of the catalogue.
type permissionAnswer struct {
	Name           string `json:"name"`
	Namespace      string `json:"namespace"`
	ServiceDisplay string `json:"serviceDisplayName"`
	ResourceType   string `json:"resourceType"`
	ResourceAction string `json:"resourceAction"`
	Description    string `json:"description"`
	ScopeType      string `json:"scopeType"`
}

// catalogue is the permissions that all readers share.
type catalogue struct {
	*api
	slices rest.Memo[PermissionFilter, []Permission]
}

func newCatalogue(a *api) *catalogue {
	c := &catalogue{api: a}
	c.slices.Read, c.slices.Client = c.readPermissions, a.rest
	return c
}

// Permissions returns the catalogue, narrowed by the filter and sorted by name. Each filter is asked for once in a run. The
// caller must not change the result.
func (c *catalogue) Permissions(ctx context.Context, filter PermissionFilter) ([]Permission, error) {
	filter.ScopeType = strings.ToUpper(filter.ScopeType)
	if known, ok := access.FindService(filter.Service); ok {
		filter.Service = known.Slug
	}
	return c.slices.Get(ctx, filter)
}

// readPermissions reads the catalogue, which is not paged (contract 5.1).
func (c *catalogue) readPermissions(ctx context.Context, filter PermissionFilter) ([]Permission, error) {
	query := url.Values{}
	if filter.ScopeType != "" {
		query.Set("scopeType", filter.ScopeType)
	}
	if filter.Service != "" {
		query.Set("serviceName", filter.Service)
	}
	rows, err := rest.Fetch[[]permissionAnswer](ctx, c.rest, rest.Request{
		Operation: "list permissions", Method: http.MethodGet, Path: c.path("/actions"), Query: query,
	})
	if err != nil {
		return nil, err
	}
	permissions := make([]Permission, len(rows))
	for i, row := range rows {
		permissions[i] = Permission{
			Name: strings.ToUpper(row.Name), Namespace: row.Namespace, Service: row.ServiceDisplay, Resource: row.ResourceType,
			Action: row.ResourceAction, Description: row.Description, ScopeType: strings.ToUpper(row.ScopeType),
		}
	}
	slices.SortStableFunc(permissions, func(a, b Permission) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ScopeType, b.ScopeType))
	})
	return slices.Compact(permissions), nil
}
