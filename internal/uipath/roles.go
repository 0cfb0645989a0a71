package uipath

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// Role is a role as the server holds it.
type Role struct {
	ID          access.GUID
	Name        string
	Description string
	// Type is one of the three known types, or the server's own word where it is none of them.
	Type  access.RoleType
	Shape access.RoleShape
	// TenantID is the tenant that owns the role, "" for a role that no tenant owns.
	TenantID access.GUID
	// Service is the owner, as the server spells it.
	Service string
	// Permissions are the names of what the role grants: upper case, sorted, each once.
	Permissions []string
	// CreatedBy is who made the role, "" where the server did not say.
	CreatedBy access.GUID
	// CreatedOn is when, in the server's time; zero where the server did not say.
	CreatedOn time.Time
}

// clone returns a role that its receiver may change.
func (r Role) clone() Role {
	r.Permissions = slices.Clone(r.Permissions)
	return r
}

// roleTable is the roles that all readers share. Its questions are the ids of single roles, and "" for all of them.
type roleTable struct {
	*table[access.GUID, Role, access.GUID]
	effort effort
	byName groups[string, access.GUID]
}

func newRoleTable(c *Client) *roleTable {
	t := &roleTable{byName: groups[string, access.GUID]{}, effort: effort{maxMissing: math.MaxInt}}
	t.table = newTable(
		func(r Role) access.GUID { return r.ID },
		func(ctx context.Context, id access.GUID) ([]Role, error) {
			if id == "" {
				return c.listRoles(ctx, "")
			}
			return c.readRole(ctx, id)
		},
		func(id access.GUID) iter.Seq[access.GUID] {
			if id == "" {
				return maps.Keys(t.rows)
			}
			return slices.Values([]access.GUID{id})
		})
	t.changed = func(id access.GUID, before, after *Role) {
		if before != nil {
			t.byName.remove(before.Name, id)
		}
		if after != nil {
			t.byName.add(after.Name, id)
		}
	}
	return t
}

// named returns the roles with a name, as far as they are known.
func (t *roleTable) named(name string) []Role {
	return t.snapshot(func(yield func(access.GUID) bool) { maps.Keys(t.byName[name])(yield) })
}

// Role returns a role from the shared list. One that the list lacks is asked for by id before the answer is [ErrNotFound].
func (c *Client) Role(ctx context.Context, id access.GUID) (Role, error) {
	if err := checkID("role", id); err != nil {
		return Role{}, err
	}
	found, _, err := c.roles.find(ctx, id, search[access.GUID]{alone: id}, &c.roles.effort)
	return found.clone(), err
}

// RefreshedRole asks the server for a role, whatever the shared list holds. The answer is [ErrNotFound] where there is none,
// which may be said of a role that was created a moment ago (contract 10.3).
func (c *Client) RefreshedRole(ctx context.Context, id access.GUID) (Role, error) {
	if err := checkID("role", id); err != nil {
		return Role{}, err
	}
	if err := c.roles.reread(ctx, id); err != nil {
		return Role{}, err
	}
	found, _ := c.roles.get(id)
	return found.clone(), nil
}

// Roles returns all roles that the caller may see, from the shared list, sorted by name and then by id.
func (c *Client) Roles(ctx context.Context) ([]Role, error) {
	if err := c.roles.read(ctx, ""); err != nil {
		return nil, err
	}
	return sortedRoles(c.roles.snapshot(maps.Keys(c.roles.rows))), nil
}

// RolesNamed returns the roles with a name, in exactly that spelling, from the shared list, sorted by id.
func (c *Client) RolesNamed(ctx context.Context, name string) ([]Role, error) {
	if err := c.roles.read(ctx, ""); err != nil {
		return nil, err
	}
	return sortedRoles(c.roles.named(name)), nil
}

// sortedRoles sorts by name and then by id, and returns roles that the receiver may change.
func sortedRoles(roles []Role) []Role {
	for i := range roles {
		roles[i] = roles[i].clone()
	}
	slices.SortFunc(roles, func(a, b Role) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return roles
}

// readRole asks for one role.
func (c *Client) readRole(ctx context.Context, id access.GUID) ([]Role, error) {
	found, err := rest.FetchAs(ctx, c.rest, rest.Request{
		Operation: "read role", Method: http.MethodGet, Path: c.apiPath("/roles/" + id.String()), Object: true,
	}, parseRole)
	if err != nil {
		return nil, err
	}
	return []Role{found}, nil
}

// listRoles lists the roles whose name contains a text in any case, all where it is empty.
func (c *Client) listRoles(ctx context.Context, contains string) ([]Role, error) {
	return rest.Listing[Role]{
		Operation: "list roles", ID: func(r Role) string { return r.ID.String() },
		Read: func(ctx context.Context, skip int) (rest.Page[Role], error) {
			// Without a stable order paging repeats and skips rows (contract 10.3).
			query := url.Values{
				"top": {strconv.Itoa(pageSize)}, "skip": {strconv.Itoa(skip)}, "sortBy": {"Id"}, "sortOrder": {"Asc"},
			}
			if contains != "" {
				query.Set("contains", contains)
			}
			return rest.FetchAs(ctx, c.rest, rest.Request{
				Operation: "list roles", Method: http.MethodGet, Path: c.apiPath("/roles"), Query: query,
			}, parseRolePage)
		},
	}.All(ctx)
}

// findRoleNamed returns, from a fresh listing, the role that has a name in any case. One of the owner given comes first.
func (c *Client) findRoleNamed(ctx context.Context, name, owner string) (Role, bool, error) {
	roles, err := c.listRoles(ctx, name)
	if err != nil {
		return Role{}, false, err
	}
	roles = slices.DeleteFunc(roles, func(r Role) bool { return !strings.EqualFold(r.Name, name) })
	if i := slices.IndexFunc(roles, func(r Role) bool { return strings.EqualFold(r.Service, owner) }); i >= 0 {
		return roles[i], true, nil
	}
	if len(roles) == 0 {
		return Role{}, false, nil
	}
	return roles[0], true, nil
}
