package rules

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// maxTold is how many changes of one request are told one by one.
const maxTold = 20

// Caller is the name of the caller.
func (s *Session) Caller() string { return s.callerName }

// Changes says what the caller has changed, with names where a rule tells them.
func (s *Session) Changes() []string {
	if len(s.told) > 0 {
		return s.told
	}
	return s.tx.Changes()
}

func (s *Session) tell(format string, args ...any) {
	s.told = append(s.told, fmt.Sprintf(format, args...))
}

// tellAssignments says which assignments were added and removed, as far as they can be listed.
func (s *Session) tellAssignments(ctx context.Context, added []addition, removed []model.Assignment) error {
	more := len(added) + len(removed) - maxTold
	removed = removed[:min(len(removed), maxTold)]
	added = added[:min(len(added), maxTold-len(removed))]
	roles, err := s.rolesOf(ctx, removed)
	if err != nil {
		return err
	}
	ids := make([]access.GUID, len(removed))
	for i, a := range removed {
		ids[i] = a.PrincipalID
	}
	principals, err := s.tx.PrincipalsWithIDs(ctx, model.SortedUnique(ids))
	if err != nil {
		return err
	}
	tenants, err := s.tx.Tenants(ctx)
	if err != nil {
		return err
	}
	for _, a := range removed {
		role, holder := cmp.Or(roles[a.RoleID].Name, a.RoleID.String()), cmp.Or(principals[a.PrincipalID].DisplayName, a.PrincipalID.String())
		s.tell("%s taken from %s at %s", role, holder, namedPath(a.Scope, tenants))
	}
	for _, a := range added {
		s.tell("%s assigned to %s at %s", a.role.Name, cmp.Or(a.principal.DisplayName, a.PrincipalID.String()), namedPath(a.Scope, tenants))
	}
	if more > 0 {
		s.tell("%d more assignments changed", more)
	}
	return nil
}

// namedPath is the path of a scope with the name of its tenant.
func namedPath(at access.Scope, tenants []model.Tenant) string {
	if i := indexOfTenant(tenants, at.TenantID()); i >= 0 {
		return strings.Replace(at.String(), tenants[i].ID.String(), tenants[i].Name, 1)
	}
	return at.String()
}
