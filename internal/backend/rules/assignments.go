package rules

import (
	"context"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/store"
)

// AssignmentQuery narrows and pages the list of role assignments (contract 4.1). Empty filters do not narrow it.
type AssignmentQuery struct {
	// Scope is where to look. It is required.
	Scope access.Scope
	// Exact keeps what is assigned at exactly the scope. Otherwise what is assigned above it is listed too; and at the
	// organization everything in it (contract 4.2).
	Exact bool
	// ServiceName is the API name, in any case, of the service that owns the role.
	ServiceName string
	PrincipalID access.GUID
	RoleIDs     []access.GUID
	// Top is how many principals a page has, after Skip principals.
	Top, Skip int
}

// AssignmentPage is a page of a list of role assignments.
type AssignmentPage struct {
	// Total is how many principals the query has on all pages.
	Total   int
	Holders []Holder
}

// Holder is a principal with what it holds, by scope and role. Of one that does not exist any more, or was never added, only
// id and kind are known.
type Holder struct {
	store.Principal

	Assignments []HeldRole
}

// HeldRole is an assignment as it is seen from the scope that was asked for.
type HeldRole struct {
	model.Assignment

	// Role is without its permissions. Its id is empty where the role does not exist any more.
	Role model.Role
	// Inherited assignments were made above the scope.
	Inherited bool
	// Mutable assignments can be removed at the scope: the platform's own nowhere, inherited ones where they were made.
	Mutable bool
}

// RoleAssignments returns a page of the role assignments that a query asks for, by principal id.
func (s *Session) RoleAssignments(ctx context.Context, q AssignmentQuery) (AssignmentPage, error) {
	if !s.canSomewhere(readAssignments) {
		return AssignmentPage{}, s.forbid(ctx, readAssignments, q.Scope)
	}
	tenants, err := s.tenantIDs(ctx)
	if err != nil {
		return AssignmentPage{}, err
	}
	if wrong := missingTenant(q.Scope.TenantID(), tenants); q.Scope.TenantID() != "" && wrong != "" {
		return AssignmentPage{}, Invalidate(Violation{Field: FieldScope, Message: wrong})
	}
	if !s.can(readAssignments, q.Scope) {
		return AssignmentPage{}, s.forbid(ctx, readAssignments, q.Scope)
	}
	filter, none := s.assignmentFilter(q)
	if none {
		return AssignmentPage{}, nil
	}
	ids, total, err := s.tx.Holders(ctx, filter, q.Top, q.Skip)
	if err != nil {
		return AssignmentPage{}, err
	}
	page := AssignmentPage{Total: total}
	page.Holders, err = s.holders(ctx, q, filter, ids)
	return page, err
}

// assignmentFilter turns a query into the store's words, or says that nothing can be found.
func (s *Session) assignmentFilter(q AssignmentQuery) (filter store.AssignmentFilter, none bool) {
	filter = store.AssignmentFilter{PrincipalID: q.PrincipalID, RoleIDs: q.RoleIDs}
	switch {
	case q.Exact:
		filter.Scopes = []access.Scope{q.Scope}
	case q.Scope != access.Organization:
		filter.Scopes = q.Scope.Lineage()
	}
	if q.ServiceName == "" {
		return filter, false
	}
	for _, owner := range append(access.Services(), access.MultiService) {
		if strings.EqualFold(owner.Name, q.ServiceName) {
			filter.Owner = owner.Name
		}
	}
	for _, r := range s.Catalogue.Roles() {
		if r.Service == filter.Owner {
			filter.OwnerRoles = append(filter.OwnerRoles, r.ID)
		}
	}
	return filter, filter.Owner == ""
}

// holders returns the given principals with what the filter keeps of what they hold.
func (s *Session) holders(ctx context.Context, q AssignmentQuery, filter store.AssignmentFilter, ids []access.GUID) ([]Holder, error) {
	held, err := s.tx.AssignmentsHeld(ctx, filter, ids)
	if err != nil {
		return nil, err
	}
	principals, err := s.tx.Principals(ctx, ids)
	if err != nil {
		return nil, err
	}
	var roleIDs []access.GUID
	for _, a := range held {
		roleIDs = append(roleIDs, a.RoleID)
	}
	roles, err := s.rolesByID(ctx, sortedUnique(roleIDs))
	if err != nil {
		return nil, err
	}
	holders := make([]Holder, 0, len(ids))
	for _, a := range held {
		if len(holders) == 0 || holders[len(holders)-1].ID != a.PrincipalID {
			p, ok := principals[a.PrincipalID]
			if !ok {
				p = store.Principal{ID: a.PrincipalID, Kind: a.PrincipalType}
			}
			holders = append(holders, Holder{Principal: p})
		}
		inherited := a.Scope != q.Scope && a.Scope.Contains(q.Scope)
		holder := &holders[len(holders)-1]
		holder.Assignments = append(holder.Assignments, HeldRole{
			Assignment: a, Role: roles[a.RoleID], Inherited: inherited, Mutable: !inherited && a.Type == access.AssignmentCustom,
		})
	}
	return holders, nil
}

// rolesByID finds roles of every type, without the permissions of custom ones. What does not exist is not among them.
func (s *Session) rolesByID(ctx context.Context, ids []access.GUID) (map[access.GUID]model.Role, error) {
	found := make(map[access.GUID]model.Role, len(ids))
	var custom []access.GUID
	for _, id := range ids {
		if role, ok := s.Catalogue.Role(id); ok {
			found[id] = role
		} else {
			custom = append(custom, id)
		}
	}
	stored, err := s.tx.RolesWithIDs(ctx, custom)
	for _, role := range stored {
		found[role.ID] = role
	}
	return found, err
}
