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

// readAdditions finds what the inputs name and refuses what does not exist or does not fit together.
func (s *Session) readAdditions(ctx context.Context, inputs []AssignmentInput) ([]addition, error) {
	added := make([]addition, len(inputs))
	for i, in := range inputs {
		added[i].RoleID, added[i].PrincipalID, added[i].PrincipalKind = in.RoleID, in.PrincipalID, in.Kind
	}
	if err := s.findRoles(ctx, added); err != nil {
		return nil, err
	}
	if err := s.findScopes(ctx, inputs, added); err != nil {
		return nil, err
	}
	return added, s.findPrincipals(ctx, added)
}

func (s *Session) findRoles(ctx context.Context, added []addition) error {
	var ids []string
	for _, a := range added {
		ids = append(ids, a.RoleID)
	}
	ids = sortedUnique(ids)
	roles, err := s.rolesByID(ctx, ids)
	if err != nil {
		return err
	}
	var missing []string
	for _, id := range ids {
		if _, ok := roles[id]; !ok {
			missing = append(missing, id)
		}
	}
	if len(missing) > 0 {
		return refuse(NotFound, "Role with given ID does not exist: %s.", strings.Join(missing[:min(len(missing), maxViolations)], ", "))
	}
	for i := range added {
		added[i].role = roles[added[i].RoleID]
	}
	return nil
}

func (s *Session) findScopes(ctx context.Context, inputs []AssignmentInput, added []addition) error {
	tenants, err := s.tenantIDs(ctx)
	if err != nil {
		return err
	}
	var found []Violation
	for i, in := range inputs {
		at, wrong := placeOf(in, added[i].role)
		switch tenant := at.TenantID(); {
		case wrong != "":
		case tenant != "" && !slices.Contains(tenants, tenant):
			wrong = missingTenant(tenant, tenants)
		case tenant != "" && in.TenantID != "" && in.TenantID != access.ZeroGUID && in.TenantID != tenant:
			wrong = fmt.Sprintf("The scope %s does not stand in the tenant %s that tenantId names.", at, in.TenantID)
		case s.Strict:
			wrong = withoutEffect(added[i].role, at)
		}
		if wrong != "" && len(found) < maxViolations {
			found = append(found, Violation{Field: addedField(i, "scope"), Message: wrong})
		}
		added[i].Scope = at
	}
	if len(found) > 0 {
		return Invalidate(found...)
	}
	return nil
}

// placeOf returns where a role is to be assigned: the scope that was said, or the widest where the role has an
// effect.
func placeOf(in AssignmentInput, role model.Role) (at access.Scope, wrong string) {
	if in.Scope != nil {
		return *in.Scope, ""
	}
	needed := access.PathNeeded(role.Shape, role.Service, role.TenantID)
	path := needed
	if in.TenantID != access.ZeroGUID && in.TenantID != "" {
		path = strings.ReplaceAll(path, "{tenant}", in.TenantID)
	}
	at, err := access.ParseScope(path)
	if err != nil {
		return at, fmt.Sprintf("The scope is required: the role %q has an effect at %s.", role.Name, needed)
	}
	return at, ""
}

// withoutEffect says why a role does nothing at a scope, or nothing where it does something.
func withoutEffect(role model.Role, at access.Scope) string {
	if access.HasEffect(role.Shape, role.Service, role.TenantID, at) {
		return ""
	}
	return fmt.Sprintf("The role %q of %s has no effect at %s: assign it at %s.", role.Name, access.ServiceDisplayName(role.Service), at,
		access.PathNeeded(role.Shape, role.Service, role.TenantID))
}

func (s *Session) findPrincipals(ctx context.Context, added []addition) error {
	var ids []string
	for _, a := range added {
		ids = append(ids, a.PrincipalID)
	}
	principals, err := s.tx.Principals(ctx, sortedUnique(ids))
	if err != nil {
		return err
	}
	var missing []string
	var found []Violation
	for i := range added {
		a := &added[i]
		p, ok := principals[a.PrincipalID]
		a.holder = cmp.Or(p.DisplayName, a.PrincipalID)
		switch {
		case !ok && !s.provisions(a.PrincipalKind):
			missing = append(missing, a.PrincipalID)
		case ok && !answersTo(p, a.PrincipalKind) && len(found) < maxViolations:
			found = append(found, Violation{Field: addedField(i, "securityPrincipalType"), Message: fmt.Sprintf(
				"The principal %s (%s) is of type %s, not %s.", a.holder, p.ID, p.Kind, a.PrincipalKind)})
		case ok:
			a.PrincipalKind = p.Kind
		}
	}
	if len(missing) > 0 {
		missing = sortedUnique(missing)
		return &UnknownPrincipalsError{missing[:min(len(missing), maxViolations)]}
	}
	if len(found) > 0 {
		return Invalidate(found...)
	}
	return nil
}

// provisions reports whether a principal that nobody has added may come from the external directory, which has users and groups.
func (s *Session) provisions(kind model.PrincipalKind) bool {
	fromDirectory := kind == model.KindUser || kind == model.KindGroup
	return s.organization.ExternalDirectory && s.organization.AutoProvisioning && fromDirectory
}

// answersTo reports whether a principal may be called by a kind. Clients call robot accounts users (contract 4.3).
func answersTo(p store.Principal, kind model.PrincipalKind) bool {
	return kind == p.Kind || kind == model.KindUser && p.Kind == model.KindRobot
}

// addedField names a member of the n-th assignment to add.
func addedField(n int, member string) Field {
	return Field(fmt.Sprintf("%s[%d].%s", FieldAdd, n, member))
}

func sortedUnique(ids []string) []string {
	slices.Sort(ids)
	return slices.Compact(ids)
}
