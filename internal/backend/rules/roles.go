package rules

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/catalogue"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// Tenants returns all tenants of the organization. Public sources show it for user tokens only: strict mode refuses
// applications.
func (s *Session) Tenants(ctx context.Context) ([]model.Tenant, error) {
	if s.Strict && s.callerKind != access.PrincipalUser {
		return nil, refuse(Forbidden,
			"No public source shows that an external application may list tenants: use a user's token, or give the ids of organization and tenant.")
	}
	return s.tx.Tenants(ctx)
}

// ActionQuery narrows the catalogue of permissions. Empty members do not narrow it.
type ActionQuery struct {
	// ServiceName is the API name of a service in any case.
	ServiceName string
	// ScopeType is in upper case.
	ScopeType string
}

// Actions returns the permissions that a query asks for, by name.
func (s *Session) Actions(ctx context.Context, q ActionQuery) ([]catalogue.Permission, error) {
	if !s.canSomewhere(readActions) {
		return nil, s.forbid(ctx, readActions, access.Organization)
	}
	found := []catalogue.Permission{}
	for _, p := range s.Catalogue.Permissions() {
		// The namespace of multi-service permissions has no usable filter (contract 5.3).
		named := strings.EqualFold(q.ServiceName, p.Namespace) && p.Namespace != access.MultiService.Namespace
		if (q.ServiceName == "" || named) && (q.ScopeType == "" || p.Fits(q.ScopeType)) {
			found = append(found, p)
		}
	}
	return found, nil
}

// home is the scope at which a role is managed: its tenant, or the organization.
func home(r model.Role) access.Scope {
	if r.TenantID == "" {
		return access.Organization
	}
	return access.TenantScope(r.TenantID)
}

// canRead reports whether the caller may see a role. Roles of the platform are no secret to anybody who may see roles at all,
// nor are those that any tenant can assign.
func (s *Session) canRead(r model.Role) bool {
	if r.Type != access.RoleCustom || r.Shape == access.ShapeTenantGlobal {
		return s.canSomewhere(readRoles)
	}
	return s.can(readRoles, home(r))
}

// Role returns one role.
func (s *Session) Role(ctx context.Context, id string) (model.Role, error) {
	if !s.canSomewhere(readRoles) {
		return model.Role{}, s.forbid(ctx, readRoles, access.Organization)
	}
	role, err := s.find(ctx, id)
	if err != nil {
		return model.Role{}, err
	}
	if !s.canRead(role) {
		return model.Role{}, s.forbid(ctx, readRoles, home(role))
	}
	return role, nil
}

func (s *Session) find(ctx context.Context, text string) (model.Role, error) {
	id, err := access.ParseGUID(text)
	if err != nil {
		return model.Role{}, Invalidate(Violation{Field: FieldID, Message: fmt.Sprintf("The value '%s' is not valid.", text)})
	}
	if role, ok := s.Catalogue.Role(id); ok {
		return role, nil
	}
	role, ok, err := s.tx.Role(ctx, id)
	if err == nil && !ok {
		err = refuse(NotFound, "Role with given ID does not exist.")
	}
	return role, err
}

// PutRole creates a role where the input has no id, and otherwise replaces the one with this id. It returns the id.
func (s *Session) PutRole(ctx context.Context, in RoleInput) (access.GUID, error) {
	permission := createRoles
	if in.ID != nil {
		permission = updateRoles
	}
	if !s.canSomewhere(permission) {
		return "", s.forbid(ctx, permission, access.Organization)
	}
	role, violations, err := s.read(ctx, in)
	if err != nil {
		return "", err
	}
	if in.ID == nil {
		role.Service = cmp.Or(role.Service, access.MultiService.Name)
	} else {
		changed, err := s.follow(ctx, *in.ID, &role)
		if err != nil {
			return "", err
		}
		violations = append(violations, changed...)
	}
	if len(violations) == 0 && !s.can(permission, home(role)) {
		return "", s.forbid(ctx, permission, home(role))
	}
	violations = append(violations, withFields(s.Catalogue.CheckRole(role))...)
	if s.Strict {
		violations = append(violations, withFields(checkAuthoring(s.Catalogue, role))...)
	}
	if len(violations) > 0 {
		return "", Invalidate(violations...)
	}
	if err := s.nameFree(ctx, role); err != nil {
		return "", err
	}
	if err := s.stamp(ctx, &role); err != nil {
		return "", err
	}
	return role.ID, s.tx.PutRole(ctx, role)
}

// follow gives an update what it takes over from the role that it replaces, and returns what it may not change.
func (s *Session) follow(ctx context.Context, id string, r *model.Role) ([]Violation, error) {
	before, err := s.find(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := s.changeable(ctx, before, updateRoles); err != nil {
		return nil, err
	}
	changed := immovable(before, *r)
	r.ID, r.Stamp, r.Service = before.ID, before.Stamp, before.Service
	return changed, nil
}

// stamp records who puts a role and when, and gives a new one an id that is free.
func (s *Session) stamp(ctx context.Context, r *model.Role) error {
	r.UpdatedBy, r.UpdatedOn = s.callerID, s.Now().UTC().Truncate(model.Tick)
	if r.ID != "" {
		return nil
	}
	r.CreatedBy, r.CreatedOn = r.UpdatedBy, r.UpdatedOn
	// An id source that starts anew with each process gives out ids again that the file has already.
	for taken := true; taken; {
		r.ID = s.NewID()
		var err error
		if _, taken, err = s.tx.Role(ctx, r.ID); err != nil {
			return err
		}
	}
	return nil
}

// changeable refuses to change or delete a role that belongs to the platform, or that the caller may not touch.
func (s *Session) changeable(ctx context.Context, r model.Role, permission string) error {
	if at := home(r); !s.can(permission, at) {
		return s.forbid(ctx, permission, at)
	}
	if r.Type != access.RoleCustom {
		return refuse(Forbidden, "The role %q is of type %s and cannot be changed or deleted: create a custom role.", r.Name, r.Type)
	}
	return nil
}

// immovable returns what an update would change although it is fixed for ever. What it says nothing of, it does not change.
func immovable(before, after model.Role) []Violation {
	var found []Violation
	if after.Service != "" && after.Service != before.Service {
		found = append(found, Violation{Field: FieldService, Message: fmt.Sprintf(
			"The role belongs to %s for ever: create another role for %s.", before.Service, after.Service)})
	}
	if after.Shape != "" && after.Shape != before.Shape {
		found = append(found, Violation{Field: FieldScopeType, Message: fmt.Sprintf(
			"The role has the shape %s for ever: create another role of shape %s.", before.Shape, after.Shape)})
	} else if after.Shape != "" && after.TenantID != before.TenantID {
		found = append(found, Violation{Field: FieldTenant, Message: "The role belongs to its tenant for ever: create another role."})
	}
	return found
}

// nameFree refuses a name that another role of the organization has, in any case.
func (s *Session) nameFree(ctx context.Context, r model.Role) error {
	other, taken, err := s.tx.RoleNamed(ctx, r.Name)
	if err != nil {
		return err
	}
	if !taken {
		i := slices.IndexFunc(s.Catalogue.Roles(), func(p model.Role) bool { return strings.EqualFold(p.Name, r.Name) })
		if taken = i >= 0; taken {
			other = s.Catalogue.Roles()[i]
		}
	}
	if !taken || other.ID == r.ID {
		return nil
	}
	return refuse(Conflict, "A role named %q exists already, with the id %s: names are unique in the organization.", other.Name, other.ID)
}

// DeleteRole deletes a custom role and its assignments.
func (s *Session) DeleteRole(ctx context.Context, id string) error {
	if !s.canSomewhere(deleteRoles) {
		return s.forbid(ctx, deleteRoles, access.Organization)
	}
	role, err := s.find(ctx, id)
	if err != nil {
		return err
	}
	if err := s.changeable(ctx, role, deleteRoles); err != nil {
		return err
	}
	return s.tx.DeleteRole(ctx, role.ID)
}
