package uipath

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// roles are the roles that all readers share. The questions of their table are the ids of single roles, and "" for all of them.
type roles struct {
	*api
	table  *table[access.GUID, Role, access.GUID]
	effort effort
	// byName are the ids by names in lower case.
	byName groups[string, access.GUID]
	// updated and deleted hear of changes, because others show names of roles and what is assigned of them.
	updated func()
	deleted func(access.GUID)
}

func newRoles(a *api) *roles {
	r := &roles{api: a, byName: groups[string, access.GUID]{}, effort: effort{maxMissing: math.MaxInt}}
	r.table = newTable(a.rest, func(role Role) access.GUID { return role.ID }, r.ask, r.answeredBy)
	r.table.changed = func(id access.GUID, before, after *Role) {
		if before != nil {
			r.byName.remove(strings.ToLower(before.Name), id)
		}
		if after != nil {
			r.byName.add(strings.ToLower(after.Name), id)
		}
	}
	return r
}

func (r *roles) ask(ctx context.Context, id access.GUID) ([]Role, error) {
	if id == "" {
		return r.listRoles(ctx, "")
	}
	return r.readRole(ctx, id)
}

func (r *roles) answeredBy(id access.GUID) iter.Seq[access.GUID] {
	if id == "" {
		return maps.Keys(r.table.rows)
	}
	return slices.Values([]access.GUID{id})
}

// Role returns a role from the shared list. One that the list lacks is asked for by id before the answer is [ErrNotFound].
func (r *roles) Role(ctx context.Context, id access.GUID) (Role, error) {
	if err := checkID("role", id); err != nil {
		return Role{}, err
	}
	found, _, err := r.table.find(ctx, id, search[access.GUID]{alone: id}, &r.effort)
	return found.clone(), err
}

// RefreshedRole asks the server for a role, whatever the shared list holds. The answer is [ErrNotFound] where there is none,
// which may be said of a role that was created a moment ago (contract 10.3).
func (r *roles) RefreshedRole(ctx context.Context, id access.GUID) (Role, error) {
	if err := checkID("role", id); err != nil {
		return Role{}, err
	}
	if err := r.table.reread(ctx, id); err != nil {
		return Role{}, err
	}
	found, _ := r.table.get(id)
	return found.clone(), nil
}

// Roles returns all roles that the caller may see, from the shared list, sorted by name and then by id.
func (r *roles) Roles(ctx context.Context) ([]Role, error) {
	if err := r.table.read(ctx, ""); err != nil {
		return nil, err
	}
	return sortedRoles(r.table.snapshot(maps.Keys(r.table.rows))), nil
}

// RolesNamed returns the roles with a name, in exactly that spelling, from the shared list, sorted by id.
func (r *roles) RolesNamed(ctx context.Context, name string) ([]Role, error) {
	if err := r.table.read(ctx, ""); err != nil {
		return nil, err
	}
	found := slices.DeleteFunc(r.named(name), func(role Role) bool { return role.Name != name })
	return sortedRoles(found), nil
}

// named returns the roles with a name in any case, as far as they are known.
func (r *roles) named(name string) []Role {
	return r.table.snapshot(func(yield func(access.GUID) bool) { maps.Keys(r.byName[strings.ToLower(name)])(yield) })
}

// sortedRoles sorts by name and then by id, and returns roles that the receiver may change.
func sortedRoles(list []Role) []Role {
	for i := range list {
		list[i] = list[i].clone()
	}
	slices.SortFunc(list, func(a, b Role) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return list
}

// readRole asks for one role.
func (r *roles) readRole(ctx context.Context, id access.GUID) ([]Role, error) {
	found, err := rest.FetchAs(ctx, r.rest, rest.Request{
		Operation: "read role", Method: http.MethodGet, Path: r.path("/roles/" + id.String()), Object: true,
	}, func(body []byte) (Role, error) {
		found, err := parseRole(body)
		if err == nil && found.ID != id {
			err = fmt.Errorf("it is the role %s, not %s", found.ID, id)
		}
		return found, err
	})
	if err != nil {
		return nil, err
	}
	return []Role{found}, nil
}

// listRoles lists the roles whose name contains a text in any case, all where it is empty.
func (r *roles) listRoles(ctx context.Context, contains string) ([]Role, error) {
	return rest.Listing[Role]{
		Operation: "list roles", ID: func(role Role) string { return role.ID.String() },
		Read: func(ctx context.Context, skip int) (rest.Page[Role], error) {
			// Without a stable order paging repeats and skips rows (contract 10.3).
			query := url.Values{
				"top": {strconv.Itoa(pageSize)}, "skip": {strconv.Itoa(skip)}, "sortBy": {"Id"}, "sortOrder": {"Asc"},
			}
			if contains != "" {
				query.Set("contains", contains)
			}
			return rest.FetchPage(ctx, r.rest, rest.Request{
				Operation: "list roles", Method: http.MethodGet, Path: r.path("/roles"), Query: query,
			}, parseRolePage)
		},
	}.All(ctx)
}

// findRoleNamed returns, from a fresh listing, the role that has a name in any case. One of the owner given comes first.
func (r *roles) findRoleNamed(ctx context.Context, name, owner string) (Role, bool, error) {
	found, err := r.listRoles(ctx, name)
	if err != nil {
		return Role{}, false, err
	}
	found = slices.DeleteFunc(found, func(role Role) bool { return !strings.EqualFold(role.Name, name) })
	if i := slices.IndexFunc(found, func(role Role) bool { return strings.EqualFold(role.Service, owner) }); i >= 0 {
		return found[i], true, nil
	}
	if len(found) == 0 {
		return Role{}, false, nil
	}
	return found[0], true, nil
}
