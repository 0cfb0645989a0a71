package rules

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/catalogue"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// lastBroughtAlong is the greatest id of a role that Orchestrator may bring along (contract 8.2-20).
const lastBroughtAlong = 10_000

// OrchestratorKey names something of a tenant by its number.
type OrchestratorKey struct {
	// Tenant is the tenant's name or id.
	Tenant string
	ID     int64
}

// OrchestratorRoleInput is what a caller says of a role of Orchestrator (contract 8.2). What was not said is empty.
type OrchestratorRoleInput struct {
	// Key has no id for a new role.
	Key OrchestratorKey
	// SaidID is the id in the body, 0 for none.
	SaidID            int64
	Name, DisplayName string
	Type              model.OrchestratorRoleType
	// Granted are names of permissions.
	Granted []string
}

// OrchestratorRoles returns a page of the roles of Orchestrator, by id.
func (s *Session) OrchestratorRoles(ctx context.Context, q TenantQuery[model.OrchestratorRole]) (Page[model.OrchestratorRole], error) {
	o, err := s.orchestratorOf(ctx, q.Tenant, scopesToReadOrchestratorUsers)
	if err != nil {
		return Page[model.OrchestratorRole]{}, err
	}
	return q.page(o.roles), o.requireOneOf("", viewRoles, editFolders, editFoldersHere)
}

// OrchestratorRole returns one role of Orchestrator.
func (s *Session) OrchestratorRole(ctx context.Context, key OrchestratorKey) (model.OrchestratorRole, error) {
	o, err := s.orchestratorOf(ctx, key.Tenant, scopesToReadOrchestratorUsers)
	if err != nil {
		return model.OrchestratorRole{}, err
	}
	if err := o.requireOneOf("", viewRoles); err != nil {
		return model.OrchestratorRole{}, err
	}
	return o.role(key.ID)
}

// CreateOrchestratorRole creates a role of Orchestrator and returns it.
func (s *Session) CreateOrchestratorRole(ctx context.Context, in OrchestratorRoleInput) (model.OrchestratorRole, error) {
	o, err := s.orchestratorOf(ctx, in.Key.Tenant, scopesToWriteOrchestratorUsers)
	if err != nil {
		return model.OrchestratorRole{}, err
	}
	if err := o.requireOneOf("", addRoles); err != nil {
		return model.OrchestratorRole{}, err
	}
	role := model.OrchestratorRole{TenantID: o.tenant.ID, Type: in.Type, Editable: true}
	if in.Type != model.OrchestratorTenantRole && in.Type != model.OrchestratorFolderRole {
		return role, invalid([]model.Violation{violationf(model.PartType, "The type is Tenant or Folder.")})
	}
	if err := o.describe(&role, in); err != nil {
		return role, err
	}
	if role.Key, err = s.freeID(func(key access.GUID) (bool, error) {
		others, err := s.tx.OrchestratorRolesWithKeys(ctx, []access.GUID{key})
		return len(others) > 0, err
	}); err != nil {
		return role, err
	}
	if role.ID, err = s.tx.NextOrchestratorRole(ctx, lastBroughtAlong); err != nil {
		return role, err
	}
	return role, s.tx.PutOrchestratorRole(ctx, role)
}

// describe gives a role the name and the permissions of an input.
func (o *orchestrator) describe(role *model.OrchestratorRole, in OrchestratorRoleInput) error {
	role.Name, role.DisplayName, role.Permissions = in.Name, cmp.Or(in.DisplayName, in.Name), nil
	for _, name := range in.Granted {
		known, ok := o.Catalogue.OrchestratorPermission(name)
		switch {
		case !ok:
			role.Permissions = append(role.Permissions, name)
		case !known.IsResource():
			role.Permissions = append(role.Permissions, known.Name)
		}
	}
	role.Permissions = model.SortedUnique(role.Permissions)
	if err := invalid(o.Catalogue.CheckOrchestratorRole(*role)); err != nil {
		return err
	}
	if other, taken := o.roleNamed(role.Name); taken && other.Key != role.Key {
		return &NameTakenError{role.Name}
	}
	return nil
}

// ReplaceOrchestratorRole makes a role of Orchestrator be as the input says.
func (s *Session) ReplaceOrchestratorRole(ctx context.Context, in OrchestratorRoleInput) error {
	o, err := s.orchestratorOf(ctx, in.Key.Tenant, scopesToWriteOrchestratorUsers)
	if err != nil {
		return err
	}
	if err := o.requireOneOf("", editRoles); err != nil {
		return err
	}
	role, err := o.role(in.Key.ID)
	if err != nil {
		return err
	}
	if !role.Editable {
		return &ActionForbiddenError{"The role " + role.Name + " is not editable: its name and permissions cannot be changed."}
	}
	switch {
	case in.SaidID != 0 && in.SaidID != role.ID:
		return invalid([]model.Violation{violationf(model.PartID, "The value %d is not the id in the path, %d.", in.SaidID, role.ID)})
	case in.Type != "" && in.Type != role.Type:
		return invalid([]model.Violation{violationf(model.PartType, "The type of a role cannot change: it is %s.", role.Type)})
	}
	if err := o.describe(&role, in); err != nil {
		return err
	}
	if err := o.checkHeld(role); err != nil {
		return err
	}
	return s.tx.PutOrchestratorRole(ctx, role)
}

// DeleteOrchestratorRole deletes a role of Orchestrator and takes it from everybody.
func (s *Session) DeleteOrchestratorRole(ctx context.Context, key OrchestratorKey) error {
	o, err := s.orchestratorOf(ctx, key.Tenant, scopesToWriteOrchestratorUsers)
	if err != nil {
		return err
	}
	if err := o.requireOneOf("", removeRoles); err != nil {
		return err
	}
	role, err := o.role(key.ID)
	if err != nil {
		return err
	}
	if role.Static {
		return &ActionForbiddenError{"The role " + role.Name + " comes with Orchestrator and cannot be deleted."}
	}
	return s.tx.DeleteOrchestratorRole(ctx, role.Key)
}

// OrchestratorPermissions returns a page of what the caller may grant, by name, with the bare names of the resources.
func (s *Session) OrchestratorPermissions(
	ctx context.Context, q TenantQuery[catalogue.OrchestratorPermission],
) (Page[catalogue.OrchestratorPermission], error) {
	o, err := s.orchestratorOf(ctx, q.Tenant, slices.Concat(scopesToReadOrchestratorUsers, scopesToWriteOrchestratorUsers))
	if err != nil {
		return Page[catalogue.OrchestratorPermission]{}, err
	}
	all := slices.Clone(s.Catalogue.OrchestratorPermissions())
	if !o.grantsEverything() {
		held := map[string]bool{}
		for _, p := range all {
			if !p.IsResource() && o.has(p.Name, "") {
				held[p.Name], held[p.Resource()] = true, true
			}
		}
		all = slices.DeleteFunc(all, func(p catalogue.OrchestratorPermission) bool { return !held[p.Name] })
	}
	return q.page(all), nil
}

// grantsEverything reports whether the caller may give more than it has: who may edit and create roles may (contract 8.5-7).
func (o *orchestrator) grantsEverything() bool {
	byScope := o.callerType == access.PrincipalExternalApplication && o.hasScope(scopesToWriteOrchestratorUsers) == nil
	return byScope || o.has(editRoles, "") && o.has(addRoles, "")
}

// checkGrants refuses to give roles at a folder or, where the folder is empty, at the tenant that grant more than the caller has there.
func (o *orchestrator) checkGrants(folder access.GUID, roles ...model.OrchestratorRole) error {
	if len(roles) == 0 || o.grantsEverything() {
		return nil
	}
	var exceeding []string
	for _, role := range roles {
		if o.exceeds(role, folder) {
			exceeding = append(exceeding, role.Name)
		}
	}
	if len(exceeding) == 0 {
		return nil
	}
	slices.Sort(exceeding)
	return &ActionForbiddenError{"Action forbidden: You selected at least one role that grants more than your set of permissions. " +
		"Please remove the following role(s): " + strings.Join(exceeding, ", ") + " to continue"}
}

// exceeds reports whether a role grants at a folder or at the tenant what the caller does not have there.
func (o *orchestrator) exceeds(role model.OrchestratorRole, folder access.GUID) bool {
	scope := catalogue.OrchestratorGlobal
	if folder != "" {
		scope = catalogue.OrchestratorFolder
	}
	return slices.ContainsFunc(role.Permissions, func(name string) bool {
		known, _ := o.Catalogue.OrchestratorPermission(name)
		return known.Scope == scope && !o.has(name, folder)
	})
}

// checkHeld refuses to give a role more than the caller has where somebody holds it.
func (o *orchestrator) checkHeld(role model.OrchestratorRole) error {
	for _, a := range o.assigned {
		if a.RoleID != role.Key {
			continue
		}
		if err := o.checkGrants(access.GUID(a.Scope.Container()), role); err != nil {
			return err
		}
	}
	return nil
}
