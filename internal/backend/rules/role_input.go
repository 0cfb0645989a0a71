package rules

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// maxPermissions bounds how many permissions a request names, well above what the catalogue has.
const maxPermissions = 2000

// RoleInput is what a caller says of a role (contract 3.5). Members that were not said are nil.
type RoleInput struct {
	ID           *string
	Name         *string
	Description  *string
	Organization *string
	// ScopeType is ORGANIZATION, TENANT or PROJECT in any case. How the platform is asked for a role of shape TenantGlobal is
	// not public; here it is TENANT with the zero GUID as the tenant, or TENANTGLOBAL.
	ScopeType *string
	// Tenant is the tenant's id. Leaving it out never makes a role wider: the zero GUID has to be said.
	Tenant *string
	// Service is the owner by slug, API name or display name.
	Service     *string
	Permissions []string
}

// read turns the input into a role. Its shape is empty where it cannot be told, its service where none was said.
func (s *Session) read(ctx context.Context, in RoleInput) (model.Role, []Violation, error) {
	r := model.Role{Name: deref(in.Name), Description: deref(in.Description), Type: access.RoleCustom}
	var found []Violation
	wrong := func(f Field, format string, args ...any) {
		found = append(found, Violation{Field: f, Message: fmt.Sprintf(format, args...)})
	}
	switch {
	case in.Organization == nil:
		wrong(FieldOrganization, "The organization's id is required.")
	case !strings.EqualFold(*in.Organization, s.organization.ID.String()):
		wrong(FieldOrganization, "The value '%s' is not the id of this organization, which is %s.", *in.Organization, s.organization.ID)
	}
	if in.Service != nil {
		owner, ok := access.FindService(*in.Service)
		if !ok {
			wrong(FieldService, "The service %q does not exist%s.", *in.Service, didYouMean(*in.Service, serviceNames()))
		}
		r.Service = owner.Name
	}
	if len(in.Permissions) > maxPermissions {
		wrong(FieldPermissions, "%d actions are named; at most %d are read.", len(in.Permissions), maxPermissions)
	} else {
		for _, name := range in.Permissions {
			r.Permissions = append(r.Permissions, strings.ToUpper(name))
		}
		slices.Sort(r.Permissions)
		r.Permissions = slices.Compact(r.Permissions)
	}
	shaped, err := s.readShape(ctx, in, &r)
	return r, append(found, shaped...), err
}

// readShape reads scope type and tenant.
func (s *Session) readShape(ctx context.Context, in RoleInput, r *model.Role) ([]Violation, error) {
	if in.ScopeType == nil {
		return []Violation{{Field: FieldScopeType, Message: "The scope type of the role is required."}}, nil
	}
	tenant := access.GUID(strings.ToLower(deref(in.Tenant)))
	unbound := tenant == access.ZeroGUID
	switch scopeType := strings.ToUpper(*in.ScopeType); scopeType {
	case "ORGANIZATION", "TENANTGLOBAL":
		if in.Tenant != nil && !unbound {
			return []Violation{{Field: FieldTenant, Message: "A role of scope type " + scopeType + " belongs to no tenant: leave tenantId out."}}, nil
		}
		r.Shape = access.ShapeOrganization
		if scopeType == "TENANTGLOBAL" {
			r.Shape = access.ShapeTenantGlobal
		}
		return nil, nil
	case "TENANT", "PROJECT":
		if in.Tenant == nil {
			return []Violation{{Field: FieldTenant, Message: "A role of scope type " + scopeType +
				" needs tenantId: the tenant's id, or the zero GUID for a role of every tenant."}}, nil
		}
		switch {
		case scopeType == "PROJECT":
			r.Shape = access.ShapeProject
		case unbound:
			r.Shape = access.ShapeTenantGlobal
		default:
			r.Shape = access.ShapeTenant
		}
	default:
		return []Violation{{Field: FieldScopeType, Message: fmt.Sprintf(
			"The scope type %q is not valid for a role: it is ORGANIZATION, TENANT or PROJECT.", *in.ScopeType)}}, nil
	}
	if unbound {
		return nil, nil
	}
	return s.readTenant(ctx, tenant, r)
}

func (s *Session) readTenant(ctx context.Context, id access.GUID, r *model.Role) ([]Violation, error) {
	known, err := s.tenantIDs(ctx)
	if err != nil {
		return nil, err
	}
	if wrong := missingTenant(id, known); wrong != "" {
		return []Violation{{Field: FieldTenant, Message: wrong}}, nil
	}
	r.TenantID = id
	return nil, nil
}

func (s *Session) tenantIDs(ctx context.Context) ([]access.GUID, error) {
	tenants, err := s.tx.Tenants(ctx)
	ids := make([]access.GUID, len(tenants))
	for i, t := range tenants {
		ids[i] = t.ID
	}
	return ids, err
}

// missingTenant says that a tenant does not exist, or nothing where it does.
func missingTenant(id access.GUID, known []access.GUID) string {
	if slices.Contains(known, id) {
		return ""
	}
	names := make([]string, len(known))
	for i, one := range known {
		names[i] = one.String()
	}
	return fmt.Sprintf("The tenant '%s' does not exist%s.", id, didYouMean(id.String(), names))
}

func serviceNames() []string {
	var names []string
	for _, service := range access.Services() {
		names = append(names, service.Name)
	}
	return names
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
