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

// addition is an assignment to add, with what it is about.
type addition struct {
	model.Assignment

	role      model.Role
	principal model.Principal
}

// additionFaults collects what is wrong with the assignments to add, up to a bound.
type additionFaults []model.Violation

func (f *additionFaults) add(index int, part model.Part, message string) {
	if message != "" && !f.full() {
		*f = append(*f, model.Violation{Part: part, Index: index, Message: message})
	}
}

func (f *additionFaults) full() bool { return len(*f) >= maxViolations }

// readAdditions finds what the inputs name and refuses what does not exist or does not fit together.
func (s *Session) readAdditions(ctx context.Context, inputs []AssignmentInput) ([]addition, error) {
	added := make([]addition, len(inputs))
	for i, in := range inputs {
		added[i].RoleID, added[i].PrincipalID, added[i].PrincipalType = in.RoleID, in.PrincipalID, in.PrincipalType
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
	ids := make([]access.GUID, len(added))
	for i, a := range added {
		ids[i] = a.RoleID
	}
	roles, err := s.rolesByID(ctx, ids)
	if err != nil {
		return err
	}
	var missing []access.GUID
	for i := range added {
		role, ok := roles[added[i].RoleID]
		if !ok {
			missing = append(missing, added[i].RoleID)
		}
		added[i].role = role
	}
	if len(missing) > 0 {
		return refuse(NotFound, "Role with given ID does not exist: %s.", joined(firstUnique(missing), ", "))
	}
	return nil
}

// firstUnique returns the first of some ids, sorted and each once, as many as a refusal names.
func firstUnique(ids []access.GUID) []access.GUID {
	ids = model.SortedUnique(ids)
	return ids[:min(len(ids), maxViolations)]
}

func (s *Session) findScopes(ctx context.Context, inputs []AssignmentInput, added []addition) error {
	tenants, err := s.tx.Tenants(ctx)
	if err != nil {
		return err
	}
	var found additionFaults
	for i, in := range inputs {
		at, wrong := scopeToAssign(in, added[i].role)
		tenant := at.TenantID()
		if wrong == "" && tenant != "" {
			wrong = missingTenant(tenant, tenants)
		}
		if wrong == "" && tenant != "" && in.namesTenant() && in.TenantID != tenant {
			wrong = fmt.Sprintf("The scope %s does not stand in the tenant %s that is named beside it.", at, in.TenantID)
		}
		if wrong == "" && s.Strict {
			wrong = misplaced(added[i].role, at)
		}
		found.add(i, model.PartScope, wrong)
		added[i].Scope = at
	}
	return invalid(found)
}

func (in AssignmentInput) namesTenant() bool {
	return in.TenantID != "" && in.TenantID != access.ZeroGUID
}

// scopeToAssign returns where a role is to be assigned: the scope that was said, or the widest where the role has an
// effect.
func scopeToAssign(in AssignmentInput, role model.Role) (at access.Scope, wrong string) {
	if in.Scope != nil {
		return *in.Scope, ""
	}
	needed := access.PathNeeded(role.Shape, role.Service, role.TenantID)
	path := needed
	if in.namesTenant() {
		path = strings.ReplaceAll(path, "{tenant}", in.TenantID.String())
	}
	at, err := access.ParseScope(path)
	if err != nil {
		return at, fmt.Sprintf("The scope is required: the role %q has an effect at %s.", role.Name, needed)
	}
	return at, ""
}

// misplaced says why a role has no effect at a scope. It returns "" if it has one, and if only the service in the path is not the owner's:
// the platform is known to accept that (contract 4.5-9).
func misplaced(role model.Role, at access.Scope) string {
	ownerThere := cmp.Or(at.ServiceSlug(), access.MultiService.Slug)
	if access.HasEffect(role.Shape, role.Service, role.TenantID, at) || access.HasEffect(role.Shape, ownerThere, role.TenantID, at) {
		return ""
	}
	return fmt.Sprintf("The role %q of %s has no effect at %s: assign it at %s.", role.Name, access.ServiceDisplayName(role.Service), at,
		access.PathNeeded(role.Shape, role.Service, role.TenantID))
}

// principalIDs returns the ids of those who are to get something, each once.
func principalIDs(added []addition) []access.GUID {
	ids := make([]access.GUID, len(added))
	for i, a := range added {
		ids[i] = a.PrincipalID
	}
	return model.SortedUnique(ids)
}

func (s *Session) findPrincipals(ctx context.Context, added []addition) error {
	principals, err := s.tx.PrincipalsWithIDs(ctx, principalIDs(added))
	if err != nil {
		return err
	}
	var missing []access.GUID
	var found additionFaults
	for i := range added {
		a := &added[i]
		p, ok := principals[a.PrincipalID]
		if !ok {
			missing = append(missing, a.PrincipalID)
		} else {
			found.add(i, model.PartPrincipalType, otherType(p, a.PrincipalType))
		}
		a.principal, a.PrincipalType = p, p.Type
	}
	if len(missing) > 0 {
		return &UnknownPrincipalsError{IDs: firstUnique(missing)}
	}
	return invalid(found)
}

// otherType says that a principal is of another type than was said. It returns "" if it is of that type: clients call robot accounts
// users (contract 4.3).
func otherType(p model.Principal, said access.PrincipalType) string {
	if said == p.Type || said == access.PrincipalUser && p.Type == access.PrincipalRobot {
		return ""
	}
	return fmt.Sprintf("The principal %s is of type %s, not %s.", p, p.Type, said)
}

// checkAdded refuses accounts that only the external directory has, where an assignment does not add them.
func (s *Session) checkAdded(added []addition) error {
	if s.provisions() {
		return nil
	}
	var found []model.Principal
	for _, a := range added {
		if !a.principal.Added && len(found) < maxViolations && !slices.Contains(found, a.principal) {
			found = append(found, a.principal)
		}
	}
	if len(found) == 0 {
		return nil
	}
	return onlyOutside(found...)
}
