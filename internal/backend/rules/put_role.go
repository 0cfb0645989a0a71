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

// maxPermissions bounds how many permissions a request names, well above what the catalogue has.
const maxPermissions = 2000

// RoleInput is what a caller says of a role (contract 3.5). What was not said is nil or empty.
type RoleInput struct {
	// ID is empty for a new role.
	ID           access.GUID
	Name         string
	Description  string
	Organization access.GUID
	// ScopeType is ORGANIZATION, TENANT or PROJECT in any case. How the platform is asked for a role of shape TenantGlobal is
	// not public; here it is TENANT with the zero GUID as the tenant, or TENANTGLOBAL.
	ScopeType *string
	// Tenant is the tenant's id. Leaving it out never makes a role wider: the zero GUID has to be said. An update without it keeps
	// what the role has.
	Tenant *access.GUID
	// Service is the owner by slug, API name or display name.
	Service     *string
	Permissions []string
}

// PutRole creates a role where the input has no id, and otherwise replaces the one with this id. It returns the id.
func (s *Session) PutRole(ctx context.Context, in RoleInput) (access.GUID, error) {
	permission := createRoles
	if in.ID != "" {
		permission = updateRoles
	}
	if err := s.requireSomewhere(ctx, permission, access.Organization); err != nil {
		return "", err
	}
	var before model.Role
	if in.ID != "" {
		var err error
		if before, err = s.changeableRole(ctx, in.ID); err != nil {
			return "", err
		}
		in.keepTenant(before)
	}
	role, violations, err := s.readRole(ctx, in)
	if err != nil {
		return "", err
	}
	role.Stamp = s.stamp()
	if in.ID == "" {
		role.Service = cmp.Or(role.Service, access.MultiService.Name)
	} else {
		violations = append(violations, checkFixed(before, role)...)
		role.ID, role.Service, role.CreatedBy, role.CreatedOn = before.ID, before.Service, before.CreatedBy, before.CreatedOn
	}
	if len(violations) == 0 {
		if err := s.require(ctx, permission, home(role)); err != nil {
			return "", err
		}
	}
	violations = append(violations, s.Catalogue.CheckRole(role)...)
	if s.Strict {
		violations = append(violations, s.checkAuthoring(role)...)
	}
	if err := invalid(violations); err != nil {
		return "", err
	}
	if err := s.checkOwnRole(role); err != nil {
		return "", err
	}
	if err := s.checkNameFree(ctx, role); err != nil {
		return "", err
	}
	if role.ID == "" {
		if role.ID, err = s.freeID(func(id access.GUID) (bool, error) {
			_, taken, err := s.tx.Role(ctx, id)
			return taken, err
		}); err != nil {
			return "", err
		}
	}
	if before.ID == "" {
		s.tell("role %s created", role.Name)
	} else {
		s.tell("role %s changed", role.Name)
	}
	return role.ID, s.tx.PutRole(ctx, role)
}

// readRole turns the input into a role. Its shape is empty where it cannot be told, its service where none was said.
func (s *Session) readRole(ctx context.Context, in RoleInput) (model.Role, []model.Violation, error) {
	r := model.Role{Name: in.Name, Description: in.Description, Type: access.RoleCustom}
	var found []model.Violation
	switch in.Organization {
	case s.organization.ID:
	case "":
		found = append(found, violationf(model.PartOrganization, "The organization's id is required."))
	default:
		found = append(found, violationf(model.PartOrganization, "The value '%s' is not the id of this organization, which is %s.",
			in.Organization, s.organization.ID))
	}
	if in.Service != nil {
		owner, ok := access.FindService(*in.Service)
		if !ok {
			found = append(found, violationf(model.PartService, "%s",
				model.WithSuggestion(fmt.Sprintf("The service %q does not exist.", *in.Service), *in.Service, serviceNames())))
		}
		r.Service = owner.Name
	}
	if len(in.Permissions) > maxPermissions {
		found = append(found, violationf(model.PartPermissions, "%d actions are named; at most %d are read.", len(in.Permissions), maxPermissions))
	} else {
		for _, name := range in.Permissions {
			r.Permissions = append(r.Permissions, strings.ToUpper(name))
		}
		r.Permissions = model.SortedUnique(r.Permissions)
	}
	tenants, err := s.tx.Tenants(ctx)
	if wrong := in.shape(tenants, &r); wrong.Message != "" {
		found = append(found, wrong)
	}
	return r, found, err
}

// shape sets the shape and the tenant of a role, or says what is wrong with them.
func (in RoleInput) shape(tenants []model.Tenant, r *model.Role) (wrong model.Violation) {
	if in.ScopeType == nil {
		return violationf(model.PartScopeType, "The scope type of the role is required.")
	}
	scopeType := strings.ToUpper(*in.ScopeType)
	bound := in.Tenant != nil && *in.Tenant != access.ZeroGUID
	switch scopeType {
	case "ORGANIZATION", "TENANTGLOBAL":
		if bound {
			return violationf(model.PartTenant, "A role of scope type %s belongs to no tenant: name none.", scopeType)
		}
		r.Shape = access.ShapeOrganization
		if scopeType == "TENANTGLOBAL" {
			r.Shape = access.ShapeTenantGlobal
		}
		return model.Violation{}
	case "TENANT", "PROJECT":
		if in.Tenant == nil {
			return violationf(model.PartTenant, "A role of scope type %s needs a tenant: its id, or the zero GUID for a role of every tenant.", scopeType)
		}
		r.Shape = access.ShapeOf(scopeType, *in.Tenant)
	default:
		return violationf(model.PartScopeType, "The scope type %q is not valid for a role: it is ORGANIZATION, TENANT or PROJECT.", *in.ScopeType)
	}
	if !bound {
		return model.Violation{}
	}
	if wrong := missingTenant(*in.Tenant, tenants); wrong != "" {
		return violationf(model.PartTenant, "%s", wrong)
	}
	r.TenantID = *in.Tenant
	return model.Violation{}
}

func serviceNames() []string {
	var names []string
	for _, service := range access.Services() {
		names = append(names, service.Name)
	}
	return names
}

// changeableRole returns the role that an update replaces.
func (s *Session) changeableRole(ctx context.Context, id access.GUID) (model.Role, error) {
	role, err := s.findRole(ctx, id)
	if err == nil {
		err = s.checkChangeable(ctx, role, updateRoles)
	}
	return role, err
}

// keepTenant names the tenant that the role has where an update names none: the newest SDK leaves it out (contract 3.5-9). A role of the
// organization has none to keep.
func (in *RoleInput) keepTenant(before model.Role) {
	if in.Tenant == nil && in.ScopeType != nil && before.Shape != access.ShapeOrganization &&
		strings.EqualFold(*in.ScopeType, before.Shape.ScopeType()) {
		in.Tenant = new(cmp.Or(before.TenantID, access.ZeroGUID))
	}
}

// checkFixed returns what an update would change although it is fixed for ever. It does not change what it does not mention.
func checkFixed(before, after model.Role) []model.Violation {
	var found []model.Violation
	if after.Service != "" && after.Service != before.Service {
		found = append(found, violationf(model.PartService, "The role belongs to %s for ever: create another role for %s.", before.Service, after.Service))
	}
	if after.Shape != "" && after.Shape != before.Shape {
		found = append(found, violationf(model.PartScopeType, "The role has the shape %s for ever: create another role of shape %s.",
			before.Shape, after.Shape))
	} else if after.Shape != "" && after.TenantID != before.TenantID {
		found = append(found, violationf(model.PartTenant, "The role belongs to its tenant for ever: create another role."))
	}
	return found
}

// checkNameFree refuses a name that another role of the organization has, in any case.
func (s *Session) checkNameFree(ctx context.Context, r model.Role) error {
	other, taken, err := s.tx.RoleNamed(ctx, r.Name)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(s.Catalogue.Roles(), func(p model.Role) bool { return strings.EqualFold(p.Name, r.Name) }); !taken && i >= 0 {
		other, taken = s.Catalogue.Roles()[i], true
	}
	if !taken || other.ID == r.ID {
		return nil
	}
	return refuse(Conflict, "A role named %q exists already, with the id %s: names are unique in the organization.", other.Name, other.ID)
}

// checkAuthoring returns what no public source shows to work with a role of this owner: strict mode refuses it.
func (s *Session) checkAuthoring(r model.Role) []model.Violation {
	owner, ok := access.FindService(r.Service)
	if !ok || owner == access.MultiService {
		return nil
	}
	var found []model.Violation
	if owner.Authoring != access.AuthoringOpen {
		found = append(found, violationf(model.PartService,
			"Cannot create roles for service %s, which brings its own: grant its permissions in a role without an owner service.", owner.Name))
	}
	for _, name := range r.Permissions {
		if p, ok := s.Catalogue.Permission(name); ok && p.Namespace != owner.Namespace && p.ScopeType != catalogue.ScopeAny {
			found = append(found, violationf(model.PartPermissions, "The action %q does not belong to %s, which owns the role.", name, owner.Name))
		}
	}
	return found
}
