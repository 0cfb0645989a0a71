package rules

import (
	"context"
	"slices"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// home is the scope at which a role is managed: its tenant, or the organization.
func home(r model.Role) access.Scope {
	if r.TenantID == "" {
		return access.Organization
	}
	return access.TenantScope(r.TenantID)
}

// canRead reports whether the caller may see a role. Everybody who may see roles at all sees those of the platform and those that
// any tenant can assign.
func (s *Session) canRead(r model.Role) bool {
	if r.Type != access.RoleCustom || r.Shape == access.ShapeTenantGlobal {
		return s.canSomewhere(readRoles)
	}
	return s.can(readRoles, home(r))
}

// Role returns one role.
func (s *Session) Role(ctx context.Context, id access.GUID) (model.Role, error) {
	if err := s.requireSomewhere(ctx, readRoles, access.Organization); err != nil {
		return model.Role{}, err
	}
	role, err := s.findRole(ctx, id)
	if err != nil {
		return model.Role{}, err
	}
	if !s.canRead(role) {
		return model.Role{}, s.forbid(ctx, readRoles, home(role))
	}
	return role, nil
}

// findRole finds a role of any type by its id.
func (s *Session) findRole(ctx context.Context, id access.GUID) (model.Role, error) {
	if role, ok := s.Catalogue.Role(id); ok {
		return role, nil
	}
	role, ok, err := s.tx.Role(ctx, id)
	if err == nil && !ok {
		err = refuse(NotFound, "Role with given ID does not exist.")
	}
	return role, err
}

// rolesByID finds roles of every type, without the permissions of custom ones. What does not exist is not among them.
func (s *Session) rolesByID(ctx context.Context, ids []access.GUID) (map[access.GUID]model.Role, error) {
	found := make(map[access.GUID]model.Role, len(ids))
	var custom []access.GUID
	for _, id := range model.SortedUnique(ids) {
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

// rolesOf returns the roles of assignments by id, those of Orchestrator included.
func (s *Session) rolesOf(ctx context.Context, assignments []model.Assignment) (map[access.GUID]model.Role, error) {
	ids := make([]access.GUID, len(assignments))
	for i, a := range assignments {
		ids[i] = a.RoleID
	}
	found, err := s.rolesByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	made, err := s.tx.OrchestratorRolesWithKeys(ctx, slices.DeleteFunc(model.SortedUnique(ids), func(id access.GUID) bool {
		return found[id].ID != ""
	}))
	for _, r := range made {
		found[r.Key] = r.PlatformRole()
	}
	return found, err
}

// checkChangeable refuses to change or delete a role that belongs to the platform, or that the caller may not touch.
func (s *Session) checkChangeable(ctx context.Context, r model.Role, permission string) error {
	if err := s.require(ctx, permission, home(r)); err != nil {
		return err
	}
	if r.Type != access.RoleCustom {
		return refuse(Forbidden, "The role %q is of type %s and cannot be changed or deleted: create a custom role.", r.Name, r.Type)
	}
	return nil
}

// DeleteRole deletes a custom role and its assignments.
func (s *Session) DeleteRole(ctx context.Context, id access.GUID) error {
	if err := s.requireSomewhere(ctx, deleteRoles, access.Organization); err != nil {
		return err
	}
	role, err := s.findRole(ctx, id)
	if err != nil {
		return err
	}
	if err := s.checkChangeable(ctx, role, deleteRoles); err != nil {
		return err
	}
	s.tell("role %s deleted, with its assignments", role.Name)
	return s.tx.DeleteRole(ctx, role.ID)
}
