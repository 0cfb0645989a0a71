package rules

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// EffectiveQuery asks what somebody can do (contract 6).
type EffectiveQuery struct {
	PrincipalID access.GUID
	// PrincipalType is what the caller says of the principal, or empty. Robot accounts may be called users.
	PrincipalType access.PrincipalType
	// Scope is a tenant or a folder. It is not read where the whole organization is asked for.
	Scope access.Scope
	// RoleNameStartsWith is the beginning of a role's name in any case; empty does not narrow.
	RoleNameStartsWith string
	// ServiceName is the owner of the roles by any of its names; empty does not narrow.
	ServiceName string
	Paging
}

// EffectiveAccess is a page of what somebody can do, by role name, owner and id.
type EffectiveAccess struct {
	Page[EffectiveRole]

	OrganizationID access.GUID
	// Granted are the roles on all pages, without their permissions.
	Granted []model.Role
}

// EffectiveRole is a role with the assignments that it comes from, by scope and holder.
type EffectiveRole struct {
	model.Role

	Assignments []EffectiveAssignment
}

// EffectiveAssignment is an assignment that has an effect. Its holder is the principal that was asked about, or a group that this
// principal is in, itself or through other groups.
type EffectiveAssignment struct {
	model.Assignment

	// FolderName is the fully qualified name of the folder where the assignment was made. It is empty where it was made elsewhere, where
	// the folder is gone, and for the organization.
	FolderName string
}

// reach is the part of the organization that is asked for.
type reach struct {
	holds   func(access.Scope) bool
	folders map[access.GUID]string
}

// EffectiveAccess returns what somebody can do in a tenant or a folder: what was assigned above it, at it and below it. The caller
// needs the permission to read role assignments at the tenant.
func (s *Session) EffectiveAccess(ctx context.Context, q EffectiveQuery) (EffectiveAccess, error) {
	tenant := access.TenantScope(q.Scope.TenantID())
	if err := s.requireSomewhere(ctx, readAssignments, tenant); err != nil {
		return EffectiveAccess{}, err
	}
	if err := s.checkTenant(ctx, q.Scope.TenantID(), model.PartTenant); err != nil {
		return EffectiveAccess{}, err
	}
	if err := s.require(ctx, readAssignments, tenant); err != nil {
		return EffectiveAccess{}, err
	}
	within, err := s.reachOf(ctx, q.Scope)
	if err != nil {
		return EffectiveAccess{}, err
	}
	return s.effectiveAccess(ctx, q, within)
}

// EffectiveAccessOfOrganization returns what somebody can do in the organization and in all of its tenants. Users who ask must be
// organization administrators (contract 2.5); external applications need the permission to read role assignments there.
func (s *Session) EffectiveAccessOfOrganization(ctx context.Context, q EffectiveQuery) (EffectiveAccess, error) {
	if s.callerType == access.PrincipalExternalApplication {
		if err := s.require(ctx, readAssignments, access.Organization); err != nil {
			return EffectiveAccess{}, err
		}
	} else if !s.isOrganizationAdministrator() {
		return EffectiveAccess{}, refuse(Forbidden, "Only organization administrators may read the effective access in the whole organization. "+
			"Administrators of a tenant may ask what somebody can do in that tenant.")
	}
	return s.effectiveAccess(ctx, q, reach{holds: func(access.Scope) bool { return true }})
}

// reachOf returns what belongs to a tenant or a folder, whose parents and subfolders count as above and below it.
func (s *Session) reachOf(ctx context.Context, asked access.Scope) (reach, error) {
	all, err := s.tx.Folders(ctx)
	if err != nil {
		return reach{}, err
	}
	folders := model.FolderPaths(all)
	if asked.Kind() != access.ScopeFolder {
		return reach{func(at access.Scope) bool { return at.Contains(asked) || asked.Contains(at) }, folders}, nil
	}
	var known []string
	here := map[string]string{}
	for _, f := range all {
		if f.TenantID == asked.TenantID() {
			here[f.ID.String()] = folders[f.ID] + "/"
			known = append(known, f.ID.String(), folders[f.ID])
		}
	}
	askedPath, ok := here[asked.Container()]
	if !ok {
		sentence := fmt.Sprintf("The folder '%s' does not exist in the tenant %s.", asked.Container(), asked.TenantID())
		return reach{}, invalid([]model.Violation{violationf(model.PartFolder, "%s", model.WithSuggestion(sentence, asked.Container(), known))})
	}
	return reach{func(at access.Scope) bool {
		path, ok := here[at.Container()]
		related := ok && at.Kind() == access.ScopeFolder && at.TenantID() == asked.TenantID() &&
			(strings.HasPrefix(askedPath, path) || strings.HasPrefix(path, askedPath))
		return related || at.Contains(asked)
	}, folders}, nil
}

func (s *Session) effectiveAccess(ctx context.Context, q EffectiveQuery, within reach) (EffectiveAccess, error) {
	if err := s.checkAsked(ctx, q); err != nil {
		return EffectiveAccess{}, err
	}
	held, err := s.heldBy(ctx, q.PrincipalID)
	if err != nil {
		return EffectiveAccess{}, err
	}
	held = slices.DeleteFunc(held, func(a model.Assignment) bool { return !within.holds(a.Scope) })
	roles, err := s.rolesOf(ctx, held)
	if err != nil {
		return EffectiveAccess{}, err
	}
	found := q.page(held, roles, within)
	found.OrganizationID = s.organization.ID
	return found, nil
}

// checkAsked refuses to tell of a principal that does not exist, or is not of the type that the caller says. One that only the
// external directory has is accepted where it is added on the first occasion: then it gets what its groups hold.
func (s *Session) checkAsked(ctx context.Context, q EffectiveQuery) error {
	found, err := s.tx.PrincipalsWithIDs(ctx, []access.GUID{q.PrincipalID})
	if err != nil {
		return err
	}
	p, ok := found[q.PrincipalID]
	switch {
	case !ok:
		return &UnknownPrincipalsError{IDs: []access.GUID{q.PrincipalID}}
	case !p.Added && !s.provisions():
		return onlyOutside(p)
	case q.PrincipalType == "":
		return nil
	}
	if wrong := otherType(p, q.PrincipalType); wrong != "" {
		return invalid([]model.Violation{violationf(model.PartPrincipalType, "%s", wrong)})
	}
	return nil
}

// page groups assignments by role, in a stable order, and cuts the list.
func (q EffectiveQuery) page(held []model.Assignment, roles map[access.GUID]model.Role, within reach) EffectiveAccess {
	byRole := map[access.GUID][]EffectiveAssignment{}
	var result EffectiveAccess
	for _, a := range held {
		role, ok := roles[a.RoleID]
		if !ok || !effective(role, a) || !q.keeps(role) {
			continue
		}
		one := EffectiveAssignment{Assignment: a}
		if a.Scope.Kind() == access.ScopeFolder {
			one.FolderName = within.folders[access.GUID(a.Scope.Container())]
		}
		if len(byRole[role.ID]) == 0 {
			result.Granted = append(result.Granted, role)
		}
		byRole[role.ID] = append(byRole[role.ID], one)
	}
	slices.SortFunc(result.Granted, func(a, b model.Role) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.Service, b.Service), cmp.Compare(a.ID, b.ID))
	})
	shown := cut(result.Granted, q.Paging)
	result.Total = shown.Total
	for _, role := range shown.Rows {
		assignments := byRole[role.ID]
		slices.SortFunc(assignments, func(a, b EffectiveAssignment) int {
			return cmp.Or(cmp.Compare(a.Scope.String(), b.Scope.String()), cmp.Compare(a.PrincipalID, b.PrincipalID))
		})
		result.Rows = append(result.Rows, EffectiveRole{role, assignments})
	}
	return result
}

func (q EffectiveQuery) keeps(role model.Role) bool {
	if !beginsFold(role.Name, q.RoleNameStartsWith) {
		return false
	}
	if q.ServiceName == "" {
		return true
	}
	service, ok := access.FindService(q.ServiceName)
	return ok && service.Name == role.Service
}
