package uipath

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// Role is a role as the server holds it.
type Role struct {
	// ID is the role's GUID in lower case.
	ID          string
	Name        string
	Description string
	// Type is one of the three known types, or the server's own word where it is none of them.
	Type  access.RoleType
	Shape access.RoleShape
	// TenantID is the GUID of the tenant that owns the role, "" for a role that no tenant owns.
	TenantID string
	// Service is the owner, as the server spells it.
	Service string
	// Permissions are the names of what the role grants: upper case, sorted, each once.
	Permissions []string
	// CreatedBy is the GUID of who made the role, "" where the server did not say.
	CreatedBy string
	// CreatedOn is when, in the server's time; zero where the server did not say.
	CreatedOn time.Time
}

// RoleSpec is what an administrator decides about a role.
type RoleSpec struct {
	Name        string
	Description string
	Shape       access.RoleShape
	// TenantID is the tenant that owns the role; only for the shapes Tenant and Project.
	TenantID string
	// Service is the owner in any spelling that [access.FindService] knows, "" for a multi-service role.
	Service     string
	Permissions []string
}

// Role returns a role from the shared list. One that the list lacks is asked for by id before the answer is [ErrNotFound].
func (c *Client) Role(ctx context.Context, id string) (Role, error) {
	id = access.CanonicalGUID(id)
	found, ok, err := c.roleList.get(ctx, id)
	if err != nil {
		return Role{}, err
	}
	if !ok {
		return c.RefreshedRole(ctx, id)
	}
	return found.clone(), nil
}

// Roles returns all roles that the caller may see, from the shared list, sorted by name and then by id.
func (c *Client) Roles(ctx context.Context) ([]Role, error) {
	byID, err := c.roleList.all(ctx)
	if err != nil {
		return nil, err
	}
	roles := make([]Role, 0, len(byID))
	for _, r := range byID {
		roles = append(roles, r.clone())
	}
	slices.SortFunc(roles, func(a, b Role) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return roles, nil
}

// roleKey is what the shared list knows a role by.
func roleKey(r Role) string { return r.ID }

// clone returns a role that its receiver may change.
func (r Role) clone() Role {
	r.Permissions = slices.Clone(r.Permissions)
	return r
}

// RefreshedRole asks the server for a role, whatever the shared list holds. The answer is [ErrNotFound] where there is none,
// which may be said of a role that was created a moment ago (contract 10.3).
func (c *Client) RefreshedRole(ctx context.Context, id string) (Role, error) {
	path, err := c.rolePath(id)
	if err != nil {
		return Role{}, err
	}
	version := c.roleList.version()
	var found Role
	err = c.send(ctx, request{
		operation: "read role", method: http.MethodGet, path: path, object: true, loggedBodies: true,
	}, func(body []byte) (err error) {
		found, err = readRole(body)
		return err
	})
	if err != nil {
		return Role{}, err
	}
	c.roleList.learn(version, found)
	return found.clone(), nil
}

// rolePath is the path of one role.
func (c *Client) rolePath(id string) (string, error) {
	if !access.IsGUID(id) {
		return "", fmt.Errorf("role id %q is not a GUID", id)
	}
	return c.apiPath("/roles/" + access.CanonicalGUID(id)), nil
}

// listRoles lists all roles.
func (c *Client) listRoles(ctx context.Context) ([]Role, error) { return c.findRoles(ctx, "") }

// findRoles lists the roles whose name contains a text in any case, all where it is empty.
func (c *Client) findRoles(ctx context.Context, contains string) ([]Role, error) {
	read := func(ctx context.Context, skip int) (page[Role], error) {
		// Without a stable order paging repeats and skips rows (contract 10.3).
		query := url.Values{
			"top": {strconv.Itoa(pageSize)}, "skip": {strconv.Itoa(skip)}, "sortBy": {"Id"}, "sortOrder": {"Asc"},
		}
		if contains != "" {
			query.Set("contains", contains)
		}
		var roles page[Role]
		err := c.send(ctx, request{
			operation: "list roles", method: http.MethodGet, path: c.apiPath("/roles"), query: query, loggedBodies: true,
		}, func(body []byte) (err error) {
			roles, err = readRolePage(body)
			return err
		})
		return roles, err
	}
	roles, err := lister[Role]{read: read, id: roleKey}.all(ctx)
	return roles, explainListing("list roles", err)
}

// UpdateRole makes a role be as spec says; the server replaces all of it. Owner, shape and tenant cannot change. The result is
// what was sent, with who made the role and when if that is known already.
func (c *Client) UpdateRole(ctx context.Context, id string, spec RoleSpec) (Role, error) {
	if _, err := c.rolePath(id); err != nil {
		return Role{}, err
	}
	id = access.CanonicalGUID(id)
	// The export shows names and descriptions of roles.
	defer c.assignments.exports.invalidate()
	if _, err := c.putRole(ctx, id, spec); err != nil {
		c.roleList.invalidate()
		if errors.Is(err, ErrConflict) {
			return Role{}, c.nameTaken(ctx, id, spec, err)
		}
		return Role{}, err
	}
	known := c.roleList.peek(id)
	return c.written(id, spec, known.CreatedBy, known.CreatedOn), nil
}

// putRole sends a role, a new one where id is empty, and returns its id.
func (c *Client) putRole(ctx context.Context, id string, spec RoleSpec) (string, error) {
	body, err := c.roleBody(id, spec)
	if err != nil {
		return "", err
	}
	put := request{operation: "create role", method: http.MethodPut, path: c.apiPath("/roles"), body: body, creates: true, loggedBodies: true}
	if id != "" {
		put.operation, put.creates, put.object = "update role", false, true
	}
	var written string
	err = c.send(ctx, put, func(body []byte) (err error) {
		written, err = readCreatedID(body)
		if err == nil && id != "" && written != id {
			return errors.New("it names another role")
		}
		return err
	})
	return written, err
}

// written enters a role that the server has acknowledged into the shared list, as it was sent. It is not read back: reads may lag
// behind writes (contract 10.3), and what the server holds beyond what was sent is for the next run to see.
func (c *Client) written(id string, spec RoleSpec, by string, on time.Time) Role {
	r := Role{
		ID: id, Name: spec.Name, Description: spec.Description, Type: access.RoleCustom, Shape: spec.Shape,
		TenantID: access.CanonicalGUID(spec.TenantID), Service: ownerOf(spec.Service),
		Permissions: canonicalPermissions(spec.Permissions), CreatedBy: by, CreatedOn: on,
	}
	c.roleList.put(r)
	return r.clone()
}

// DeleteRole deletes a role. One that does not exist counts as deleted.
func (c *Client) DeleteRole(ctx context.Context, id string) error {
	path, err := c.rolePath(id)
	if err != nil {
		return err
	}
	// What is assigned of it goes with it, or stays: that is not public (contract 3.6).
	defer c.assignments.invalidateWide()
	err = c.send(ctx, request{
		operation: "delete role", method: http.MethodDelete, path: path, object: true, loggedBodies: true,
	}, nil)
	if err != nil && !errors.Is(err, ErrNotFound) {
		c.roleList.invalidate()
		return err
	}
	c.roleList.remove(access.CanonicalGUID(id))
	return nil
}

// roleNamed returns, from a fresh listing, the role that has a name in any case. Where owners are told apart by the server the
// one of spec's owner comes first.
func (c *Client) roleNamed(ctx context.Context, spec RoleSpec) (Role, bool, error) {
	roles, err := c.findRoles(ctx, spec.Name)
	if err != nil {
		return Role{}, false, err
	}
	roles = slices.DeleteFunc(roles, func(r Role) bool { return !strings.EqualFold(r.Name, spec.Name) })
	if len(roles) == 0 {
		return Role{}, false, nil
	}
	if i := slices.IndexFunc(roles, func(r Role) bool { return strings.EqualFold(r.Service, ownerOf(spec.Service)) }); i >= 0 {
		return roles[i], true, nil
	}
	return roles[0], true, nil
}

// nameTaken turns a conflict over the name of a role into an error that names the role in the way, where one is found. id is
// the role that is not.
func (c *Client) nameTaken(ctx context.Context, id string, spec RoleSpec, conflict error) error {
	existing, found, err := c.roleNamed(ctx, spec)
	if err != nil || !found || existing.ID == id {
		return conflict
	}
	return &RoleExistsError{Existing: existing, Err: conflict}
}
