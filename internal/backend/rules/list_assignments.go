package rules

import (
	"context"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/store"
)

// AssignmentQuery narrows and pages the list of role assignments by principals (contract 4.1). Empty filters do not narrow it.
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
	Paging
}

// Holder is a principal with what it holds, by scope and role. Only id and type are known of one that does not exist any more.
type Holder struct {
	model.Principal

	Assignments []HeldRole
}

// HeldRole is an assignment as it is seen from the scope that was asked for.
type HeldRole struct {
	model.Assignment

	// Role is without its permissions. Its id is empty where the role does not exist any more.
	Role model.Role
	// Inherited assignments were made above the scope.
	Inherited bool
	// Mutable assignments can be removed at the scope: the platform's own nowhere, inherited ones where they were made, and those of
	// Orchestrator in Orchestrator.
	Mutable bool
	// Effective assignments give what the role grants. The others were made at a scope where the role does nothing.
	Effective bool
}

// RoleAssignments returns a page of the role assignments that a query asks for, by principal id.
func (s *Session) RoleAssignments(ctx context.Context, q AssignmentQuery) (Page[Holder], error) {
	if err := s.requireSomewhere(ctx, readAssignments, q.Scope); err != nil {
		return Page[Holder]{}, err
	}
	if q.Scope.TenantID() != "" {
		if err := s.checkTenant(ctx, q.Scope.TenantID(), model.PartScope); err != nil {
			return Page[Holder]{}, err
		}
	}
	if err := s.require(ctx, readAssignments, q.Scope); err != nil {
		return Page[Holder]{}, err
	}
	filter, none := s.assignmentFilter(q)
	if none {
		return Page[Holder]{}, nil
	}
	ids, total, err := s.tx.Holders(ctx, filter, q.Top, q.Skip)
	if err != nil {
		return Page[Holder]{}, err
	}
	holders, err := s.holders(ctx, q.Scope, filter, ids)
	return Page[Holder]{total, holders}, err
}

// checkTenant refuses an input that names a tenant that does not exist.
func (s *Session) checkTenant(ctx context.Context, id access.GUID, part model.Part) error {
	tenants, err := s.tx.Tenants(ctx)
	if err != nil {
		return err
	}
	if wrong := missingTenant(id, tenants); wrong != "" {
		return invalid([]model.Violation{violationf(part, "%s", wrong)})
	}
	return nil
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

// holders returns the given principals with what the filter keeps of what they hold, as it is seen from a scope.
func (s *Session) holders(ctx context.Context, from access.Scope, filter store.AssignmentFilter, ids []access.GUID) ([]Holder, error) {
	held, err := s.tx.AssignmentsHeld(ctx, filter, ids)
	if err != nil {
		return nil, err
	}
	principals, err := s.tx.PrincipalsWithIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	roles, err := s.rolesOf(ctx, held)
	if err != nil {
		return nil, err
	}
	holders := make([]Holder, 0, len(ids))
	for _, a := range held {
		if len(holders) == 0 || holders[len(holders)-1].ID != a.PrincipalID {
			holders = append(holders, Holder{Principal: holderOf(a, principals)})
		}
		holder := &holders[len(holders)-1]
		holder.Assignments = append(holder.Assignments, seenFrom(from, a, roles))
	}
	return holders, nil
}

// holderOf returns the principal of an assignment. Only id and type are known of one that does not exist any more.
func holderOf(a model.Assignment, principals map[access.GUID]model.Principal) model.Principal {
	if p, ok := principals[a.PrincipalID]; ok {
		return p
	}
	return model.Principal{ID: a.PrincipalID, Type: a.PrincipalType}
}

// seenFrom returns an assignment as it is seen from a scope.
func seenFrom(from access.Scope, a model.Assignment, roles map[access.GUID]model.Role) HeldRole {
	inherited := a.Scope != from && a.Scope.Contains(from)
	return HeldRole{
		Assignment: a, Role: roles[a.RoleID], Inherited: inherited,
		Mutable:   !inherited && a.Type == access.AssignmentCustom && !roles[a.RoleID].OfOrchestrator,
		Effective: effective(roles[a.RoleID], a),
	}
}
