package provider

import (
	"context"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/audit"
	"github.com/accessascode/terraform-provider-uipath/internal/taskmining"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

var (
	_ audit.Client      = clientAdapter{}
	_ taskmining.Client = clientAdapter{}
)

// clientAdapter offers the methods that the client does not have yet. It goes when the client has them, and so does this file.
type clientAdapter struct{ *uipath.Client }

func (c clientAdapter) Role(ctx context.Context, id access.GUID) (uipath.Role, error) {
	return c.Client.Role(ctx, string(id))
}

func (c clientAdapter) RolesNamed(ctx context.Context, name string) ([]uipath.Role, error) {
	roles, err := c.Roles(ctx)
	return slices.DeleteFunc(roles, func(r uipath.Role) bool { return !strings.EqualFold(r.Name, name) }), err
}

func (c clientAdapter) ServiceAssignments(ctx context.Context, service string, principal access.GUID) ([]uipath.Assignment, error) {
	return c.Client.ServiceAssignments(ctx, service, string(principal))
}

func (c clientAdapter) HeldAt(ctx context.Context, scope access.Scope, principal access.GUID) ([]uipath.Assignment, error) {
	return c.Client.HeldAt(ctx, scope, string(principal))
}

func (c clientAdapter) Holding(ctx context.Context, scope access.Scope, principal access.GUID) ([]uipath.Assignment, error) {
	found, err := c.AssignmentsHolding(ctx, scope)
	return slices.DeleteFunc(found, func(a uipath.Assignment) bool { return a.Key.PrincipalID != string(principal) }), err
}

func (c clientAdapter) GroupHoldings(ctx context.Context, scope access.Scope) ([]uipath.Assignment, error) {
	found, err := c.AssignmentsHolding(ctx, scope)
	return slices.DeleteFunc(found, func(a uipath.Assignment) bool { return a.PrincipalType != access.PrincipalGroup }), err
}

func (c clientAdapter) GroupMembers(ctx context.Context, group access.GUID) (map[access.GUID]access.PrincipalType, error) {
	members, err := c.Client.GroupMembers(ctx, string(group))
	found := make(map[access.GUID]access.PrincipalType, len(members))
	for id, t := range members {
		found[access.GUID(id)] = t
	}
	return found, err
}

func (c clientAdapter) FolderName(ctx context.Context, tenant access.GUID, key string) (string, error) {
	return c.Client.FolderName(ctx, string(tenant), key)
}
