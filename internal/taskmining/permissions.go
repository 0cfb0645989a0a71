// Package taskmining knows what a Task Mining permission is made of: which role assignments carry it, what a principal holds of them,
// and which AI Center permissions it lacks besides.
//
// The service has no endpoint for permissions. It works on role assignments through [Client] and knows nothing of Terraform.
package taskmining

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// Client is what this package asks of the server. The methods are those of [uipath.Client].
type Client interface {
	Role(ctx context.Context, id access.GUID) (uipath.Role, error)
	Roles(ctx context.Context) ([]uipath.Role, error)
	RolesNamed(ctx context.Context, name string) ([]uipath.Role, error)
	ServiceAssignments(ctx context.Context, service string, principal access.GUID) ([]uipath.Assignment, error)
	Assignments(ctx context.Context, scope access.Scope, reach uipath.Reach) ([]uipath.Assignment, error)
	HeldAt(ctx context.Context, scope access.Scope, principal access.GUID) ([]uipath.Assignment, error)
	// Holding returns what a principal holds at a scope or above it, and GroupHoldings what groups hold there.
	Holding(ctx context.Context, scope access.Scope, principal access.GUID) ([]uipath.Assignment, error)
	GroupHoldings(ctx context.Context, scope access.Scope) ([]uipath.Assignment, error)
	GroupMembers(ctx context.Context, group access.GUID) (map[access.GUID]access.PrincipalType, error)
	Change(ctx context.Context, add []uipath.Grant, remove []uipath.AssignmentKey) error
}

// Permissions reads and changes the Task Mining permissions of an organization.
type Permissions struct {
	client Client
	// readGroups says whether the members of groups may be asked for.
	readGroups bool
}

// New returns the permissions that a client reaches. Without readGroups it does not ask who is in a group.
func New(client Client, readGroups bool) *Permissions { return &Permissions{client, readGroups} }

// Key says whose permission it is: a principal has one in a tenant.
type Key struct{ Tenant, Principal access.GUID }

// String returns "{tenant}/{principal}".
func (k Key) String() string { return k.Tenant.String() + "/" + k.Principal.String() }

// KeyOf returns the key of the permission that an assignment can be part of. Only one at Task Mining of a tenant can.
func KeyOf(a uipath.Assignment) (Key, bool) {
	at := a.Key.Scope
	service, err := access.ServiceScope(at.TenantID(), access.TaskMiningService)
	return Key{at.TenantID(), a.Key.PrincipalID}, err == nil && service.Contains(at)
}

// Permission is what a principal is to have, or has.
type Permission struct {
	Key
	PrincipalType access.PrincipalType
	// Level is "" where the principal has projects only.
	Level access.TaskMiningPermission
	// Projects are the ids of those that a [access.TaskMiningUser] records for.
	Projects []string
}

// scopes returns the scopes of the service and of the projects, each once.
func scopes(tenant access.GUID, projects []string) ([]access.Scope, error) {
	service, err := access.ServiceScope(tenant, access.TaskMiningService)
	if err != nil {
		return nil, err
	}
	scopes := []access.Scope{service}
	for _, project := range projects {
		scope, err := access.ProjectScope(tenant, access.TaskMiningService, project)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(scopes, scope) {
			scopes = append(scopes, scope)
		}
	}
	return scopes, nil
}

// Of returns what a principal holds. A caller who may not list the organization sees what it holds at the service and at the given
// projects.
func (p *Permissions) Of(ctx context.Context, key Key, projects ...string) (Holding, error) {
	if key.Principal == "" {
		return Holding{}, errors.New("no principal is named")
	}
	holdings, _, err := p.read(ctx, key.Tenant, key.Principal, projects)
	if err != nil || len(holdings) == 0 {
		return Holding{}, err
	}
	return holdings[0], nil
}

// In returns what each principal holds in a tenant, sorted by their ids. A caller who may not list the organization sees the service
// without its projects: then it is not complete.
func (p *Permissions) In(ctx context.Context, tenant access.GUID) (holdings []Holding, complete bool, err error) {
	return p.read(ctx, tenant, "", nil)
}

func (p *Permissions) read(
	ctx context.Context, tenant, principal access.GUID, projects []string,
) (holdings []Holding, complete bool, err error) {
	at, err := scopes(tenant, projects)
	if err != nil {
		return nil, false, err
	}
	carriers, err := p.roles(ctx)
	if err != nil {
		return nil, false, err
	}
	found, err := p.client.ServiceAssignments(ctx, access.TaskMiningService, principal)
	complete = err == nil
	if errors.Is(err, uipath.ErrForbidden) {
		found, err = collect(at, func(scope access.Scope) ([]uipath.Assignment, error) {
			return p.client.Assignments(ctx, scope, uipath.Reach{})
		})
	}
	if err != nil {
		return nil, false, err
	}
	held := map[access.GUID][]uipath.Assignment{}
	for _, a := range found {
		key, ok := KeyOf(a)
		if ok && key.Tenant == tenant && (principal == "" || key.Principal == principal) {
			held[key.Principal] = append(held[key.Principal], a)
		}
	}
	for principal, assignments := range held {
		if holding := carriers.holding(Key{tenant, principal}, assignments); holding.Exists() {
			holdings = append(holdings, holding)
		}
	}
	slices.SortFunc(holdings, func(a, b Holding) int { return cmp.Compare(a.Principal, b.Principal) })
	return holdings, complete, nil
}

// Reread asks the server what a principal holds at the service and at the given projects, whatever is known in this run.
func (p *Permissions) Reread(ctx context.Context, key Key, projects []string) (Holding, error) {
	carriers, err := p.roles(ctx)
	if err != nil {
		return Holding{}, err
	}
	at, err := scopes(key.Tenant, projects)
	if err != nil {
		return Holding{}, err
	}
	found, err := collect(at, func(scope access.Scope) ([]uipath.Assignment, error) {
		return p.client.HeldAt(ctx, scope, key.Principal)
	})
	return carriers.holding(key, found), err
}

func collect(scopes []access.Scope, read func(access.Scope) ([]uipath.Assignment, error)) ([]uipath.Assignment, error) {
	var all []uipath.Assignment
	for _, scope := range scopes {
		found, err := read(scope)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// Change replaces what a principal holds by a permission, in one change that is made whole or not at all.
func (p *Permissions) Change(ctx context.Context, from Holding, to Permission) error {
	carriers, err := p.roles(ctx)
	if err != nil {
		return err
	}
	add, remove, err := carriers.change(from, to)
	if err != nil {
		return err
	}
	return p.client.Change(ctx, add, remove)
}

// Remove takes away all that a principal holds, in one change.
func (p *Permissions) Remove(ctx context.Context, held Holding) error {
	return p.client.Change(ctx, nil, held.keys())
}
