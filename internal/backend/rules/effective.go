package rules

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/store"
)

// EffectiveQuery asks what somebody can do (contract 6).
type EffectiveQuery struct {
	PrincipalID access.GUID
	// Kind is what the caller says of the principal, or empty; KindField names the member that says it. Robot accounts may be
	// called users.
	Kind      access.PrincipalType
	KindField Field
	// Scope is a tenant or a folder, and is not read where the whole organization is asked for. TenantField and FolderField name the
	// members that say which.
	Scope                    access.Scope
	TenantField, FolderField Field
	// RoleNameStartsWith is the beginning of a role's name in any case; empty does not narrow.
	RoleNameStartsWith string
	// ServiceName is the owner of the roles by any of its names; empty does not narrow.
	ServiceName string
	// Top is how many roles a page has, after Skip roles.
	Top, Skip int
}

// EffectiveAccess is a page of what somebody can do, by role name, owner and id.
type EffectiveAccess struct {
	// Total is how many roles the query has on all pages.
	Total int
	Roles []EffectiveRole
	// Granted are the roles on all pages, without their permissions.
	Granted []model.Role
}

// EffectiveRole is a role with the assignments that it comes from, by scope and holder.
type EffectiveRole struct {
	model.Role

	Assignments []EffectiveAssignment
}

// EffectiveAssignment is an assignment that has an effect. Its holder is the one who was asked about, or a group that this one
// is in, itself or through other groups.
type EffectiveAssignment struct {
	model.Assignment

	// FolderName is the fully qualified name of the folder where it was made; empty where it was made elsewhere, where the folder is
	// gone, and for the organization.
	FolderName string
}

// reach is the part of the organization that is asked for.
type reach struct {
	holds   func(access.Scope) bool
	folders map[access.GUID]string
}

// EffectiveAccess returns what somebody can do in a tenant or a folder: what was assigned above it, at it and below it. Who asks
// needs the permission to read role assignments at the tenant.
func (s *Session) EffectiveAccess(ctx context.Context, q EffectiveQuery) (EffectiveAccess, error) {
	tenant := access.TenantScope(q.Scope.TenantID())
	if !s.canSomewhere(readAssignments) {
		return EffectiveAccess{}, s.forbid(ctx, readAssignments, tenant)
	}
	tenants, err := s.tenantIDs(ctx)
	if err != nil {
		return EffectiveAccess{}, err
	}
	if wrong := missingTenant(q.Scope.TenantID(), tenants); wrong != "" {
		return EffectiveAccess{}, Invalidate(Violation{Field: q.TenantField, Message: wrong})
	}
	if !s.can(readAssignments, tenant) {
		return EffectiveAccess{}, s.forbid(ctx, readAssignments, tenant)
	}
	within, err := s.reachOf(ctx, q)
	if err != nil {
		return EffectiveAccess{}, err
	}
	return s.effectiveAccess(ctx, q, within)
}

// EffectiveAccessOfOrganization returns what somebody can do in the organization and in all of its tenants. Users who ask must be
// organization administrators (contract 2.5); external applications need the permission to read role assignments there.
func (s *Session) EffectiveAccessOfOrganization(ctx context.Context, q EffectiveQuery) (EffectiveAccess, error) {
	if s.callerKind == access.PrincipalExternalApplication && !s.can(readAssignments, access.Organization) {
		return EffectiveAccess{}, s.forbid(ctx, readAssignments, access.Organization)
	}
	if s.callerKind != access.PrincipalExternalApplication && !s.isOrganizationAdministrator() {
		return EffectiveAccess{}, refuse(Forbidden, "Only organization administrators may read the effective access in the whole organization. "+
			"What somebody can do in one tenant is told by pap_/api/geteffectiveaccess, also to administrators of the tenant.")
	}
	return s.effectiveAccess(ctx, q, reach{holds: func(access.Scope) bool { return true }})
}

// reachOf returns what belongs to a tenant or a folder, whose parents and subfolders count as above and below it.
func (s *Session) reachOf(ctx context.Context, q EffectiveQuery) (reach, error) {
	all, err := s.tx.Folders(ctx)
	if err != nil {
		return reach{}, err
	}
	folders := model.FolderPaths(all)
	if q.Scope.Kind() != access.ScopeFolder {
		return reach{func(at access.Scope) bool { return at.Contains(q.Scope) || q.Scope.Contains(at) }, folders}, nil
	}
	var known []string
	here := map[access.GUID]string{}
	for _, f := range all {
		if f.TenantID == q.Scope.TenantID() {
			here[f.ID] = folders[f.ID] + "/"
			known = append(known, f.ID.String(), folders[f.ID])
		}
	}
	asked, ok := here[access.GUID(q.Scope.Container())]
	if !ok {
		return reach{}, Invalidate(Violation{Field: q.FolderField, Message: fmt.Sprintf("The folder '%s' does not exist in the tenant %s%s.",
			q.Scope.Container(), q.Scope.TenantID(), didYouMean(q.Scope.Container(), known))})
	}
	return reach{func(at access.Scope) bool {
		path, ok := here[access.GUID(at.Container())]
		related := ok && at.Kind() == access.ScopeFolder && at.TenantID() == q.Scope.TenantID() &&
			(strings.HasPrefix(asked, path) || strings.HasPrefix(path, asked))
		return related || at.Contains(q.Scope)
	}, folders}, nil
}

func (s *Session) effectiveAccess(ctx context.Context, q EffectiveQuery, within reach) (EffectiveAccess, error) {
	if err := s.findAsked(ctx, q); err != nil {
		return EffectiveAccess{}, err
	}
	groups, err := s.tx.GroupsOf(ctx, q.PrincipalID)
	if err != nil {
		return EffectiveAccess{}, err
	}
	held, err := s.tx.AssignmentsHeld(ctx, store.AssignmentFilter{}, sortedUnique(append(groups, q.PrincipalID)))
	if err != nil {
		return EffectiveAccess{}, err
	}
	held = slices.DeleteFunc(held, func(a model.Assignment) bool { return !within.holds(a.Scope) })
	granted, err := s.rolesHeld(ctx, held)
	if err != nil {
		return EffectiveAccess{}, err
	}
	return q.page(held, granted, within), nil
}

// findAsked refuses to tell of a principal that does not exist, or is not what the caller says. One that only the external
// directory has counts where it is added on the first occasion: then it gets what its groups hold.
func (s *Session) findAsked(ctx context.Context, q EffectiveQuery) error {
	found, err := s.tx.Principals(ctx, []access.GUID{q.PrincipalID})
	if err != nil {
		return err
	}
	p, ok := found[q.PrincipalID]
	switch {
	case !ok:
		return &UnknownPrincipalsError{IDs: []access.GUID{q.PrincipalID}}
	case !p.Added && !s.provisions():
		return outside(p)
	case q.Kind != "" && !answersTo(p, q.Kind):
		return Invalidate(Violation{Field: q.KindField, Message: fmt.Sprintf("The principal %s (%s) is of type %s, not %s.",
			p.DisplayName, p.ID, p.Kind, q.Kind)})
	}
	return nil
}

// rolesHeld returns the roles of assignments by id.
func (s *Session) rolesHeld(ctx context.Context, held []model.Assignment) (map[access.GUID]model.Role, error) {
	ids := make([]access.GUID, len(held))
	for i, a := range held {
		ids[i] = a.RoleID
	}
	return s.rolesByID(ctx, sortedUnique(ids))
}

// page groups assignments by role, in a stable order, and cuts the list.
func (q EffectiveQuery) page(held []model.Assignment, roles map[access.GUID]model.Role, within reach) EffectiveAccess {
	byRole := map[access.GUID][]EffectiveAssignment{}
	for _, a := range held {
		role, ok := roles[a.RoleID]
		if !ok || !effective(role, a) || !q.keeps(role) {
			continue
		}
		one := EffectiveAssignment{Assignment: a}
		if a.Scope.Kind() == access.ScopeFolder {
			one.FolderName = within.folders[access.GUID(a.Scope.Container())]
		}
		byRole[role.ID] = append(byRole[role.ID], one)
	}
	result := EffectiveAccess{Total: len(byRole)}
	for id := range byRole {
		result.Granted = append(result.Granted, roles[id])
	}
	slices.SortFunc(result.Granted, func(a, b model.Role) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.Service, b.Service), cmp.Compare(a.ID, b.ID))
	})
	from := min(q.Skip, result.Total)
	for _, role := range result.Granted[from : from+min(q.Top, result.Total-from)] {
		assignments := byRole[role.ID]
		slices.SortFunc(assignments, func(a, b EffectiveAssignment) int {
			return cmp.Or(cmp.Compare(a.Scope.String(), b.Scope.String()), cmp.Compare(a.PrincipalID, b.PrincipalID))
		})
		result.Roles = append(result.Roles, EffectiveRole{role, assignments})
	}
	return result
}

func (q EffectiveQuery) keeps(role model.Role) bool {
	if !strings.HasPrefix(strings.ToLower(role.Name), strings.ToLower(q.RoleNameStartsWith)) {
		return false
	}
	if q.ServiceName == "" {
		return true
	}
	service, ok := access.FindService(q.ServiceName)
	return ok && service.Name == role.Service
}
