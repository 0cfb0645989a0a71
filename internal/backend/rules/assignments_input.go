package rules

import (
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
		added[i].RoleID, added[i].PrincipalID, added[i].PrincipalType = in.RoleID, in.PrincipalID, in.Kind
	}
	if err := s.findRoles(ctx, added); err != nil {
		return nil, err
	}
	if err := s.findScopes(ctx, inputs, added); err != nil {
		return nil, err
	}
	if err := s.findPrincipals(ctx, added); err != nil {
		return nil, err
	}
	if err := s.checkTaskMining(ctx, added); err != nil {
		return nil, err
	}
	return added, s.checkAdded(added)
}

func (s *Session) findRoles(ctx context.Context, added []addition) error {
	var ids []access.GUID
	for _, a := range added {
		ids = append(ids, a.RoleID)
	}
	ids = sortedUnique(ids)
	roles, err := s.rolesByID(ctx, ids)
	if err != nil {
		return err
	}
	var missing []access.GUID
	for _, id := range ids {
		if _, ok := roles[id]; !ok {
			missing = append(missing, id)
		}
	}
	if len(missing) > 0 {
		return refuse(NotFound, "Role with given ID does not exist: %s.", joined(missing[:min(len(missing), maxViolations)], ", "))
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
		path = strings.ReplaceAll(path, "{tenant}", in.TenantID.String())
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
	var ids []access.GUID
	for _, a := range added {
		ids = append(ids, a.PrincipalID)
	}
	principals, err := s.tx.Principals(ctx, sortedUnique(ids))
	if err != nil {
		return err
	}
	var missing []access.GUID
	var found []Violation
	for i := range added {
		a := &added[i]
		p, ok := principals[a.PrincipalID]
		switch {
		case !ok:
			missing = append(missing, a.PrincipalID)
		case !answersTo(p, a.PrincipalType) && len(found) < maxViolations:
			found = append(found, Violation{Field: addedField(i, "securityPrincipalType"), Message: fmt.Sprintf(
				"The principal %s (%s) is of type %s, not %s.", p.DisplayName, p.ID, p.Kind, a.PrincipalType)})
		}
		a.principal, a.PrincipalType = p, p.Kind
	}
	if len(missing) > 0 {
		missing = sortedUnique(missing)
		return &UnknownPrincipalsError{IDs: missing[:min(len(missing), maxViolations)]}
	}
	if len(found) > 0 {
		return Invalidate(found...)
	}
	return nil
}

// checkAdded refuses accounts that only the external directory has, where an assignment does not add them.
func (s *Session) checkAdded(added []addition) error {
	if s.provisions() {
		return nil
	}
	var found []store.Principal
	for _, a := range added {
		if !a.principal.Added && len(found) < maxViolations && !slices.Contains(found, a.principal) {
			found = append(found, a.principal)
		}
	}
	if len(found) == 0 {
		return nil
	}
	return outside(found...)
}

// provisions reports whether an account that only the external directory has is added on the first occasion.
func (s *Session) provisions() bool {
	return s.organization.ExternalDirectory && s.organization.AutoProvisioning
}

// outside refuses accounts that only the external directory has.
func outside(accounts ...store.Principal) error {
	var ids []access.GUID
	var names []string
	for _, p := range accounts {
		ids, names = append(ids, p.ID), append(names, fmt.Sprintf("%s (%s)", p.DisplayName, p.ID))
	}
	return &UnknownPrincipalsError{IDs: ids, Outside: "The external directory has " + strings.Join(names, ", ") +
		", but accounts of the external directory must be added first: this organization does not provision them automatically."}
}

// answersTo reports whether a principal may be called by a kind. Clients call robot accounts users (contract 4.3).
func answersTo(p store.Principal, kind access.PrincipalType) bool {
	return kind == p.Kind || kind == access.PrincipalUser && p.Kind == access.PrincipalRobot
}

// addedField names a member of the n-th assignment to add.
func addedField(n int, member string) Field {
	return Field(fmt.Sprintf("%s[%d].%s", FieldAdd, n, member))
}

func sortedUnique(ids []access.GUID) []access.GUID {
	slices.Sort(ids)
	return slices.Compact(ids)
}

func joined(ids []access.GUID, separator string) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = id.String()
	}
	return strings.Join(texts, separator)
}
