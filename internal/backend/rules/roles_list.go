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

// RoleQuery narrows, sorts and pages the list of roles (contract 3.1). Empty filters do not narrow it.
type RoleQuery struct {
	// ScopeType is in upper case.
	ScopeType string
	// ServiceName is the API name of the owner service in any case.
	ServiceName string
	// Contains is part of the name in any case.
	Contains string
	// TenantID is the tenant that owns the role; the zero GUID asks for roles that no tenant owns.
	TenantID access.GUID
	// Type is empty for every type.
	Type access.RoleType
	// SortBy is one of [RoleSortKeys]; rows that are equal there stand by id.
	SortBy     string
	Descending bool
	// Top is how many rows a page has, after Skip rows.
	Top, Skip int
}

// RolePage is a page of a list of roles.
type RolePage struct {
	// Total is how many roles the query has on all pages.
	Total int
	Roles []model.Role
}

// RoleSortKeys are the fields that a list can be sorted by (contract 3.1).
var RoleSortKeys = []string{
	"Id", "OriginalRoleName", "UniqueName", "Description", "Type", "ScopeType", "OrganizationId", "TenantId", "OwnerService",
	"OwnerServiceId", "CreatedBy", "CreatedOn", "UpdatedBy", "UpdatedOn",
}

// Roles returns a page of the roles that a query asks for and that the caller may see.
func (s *Session) Roles(ctx context.Context, q RoleQuery) (RolePage, error) {
	if !s.canSomewhere(readRoles) {
		return RolePage{}, s.forbid(ctx, readRoles, access.Organization)
	}
	custom, err := s.tx.Roles(ctx)
	if err != nil {
		return RolePage{}, err
	}
	var found []model.Role
	for _, r := range slices.Concat(s.Catalogue.Roles(), custom) {
		if q.matches(r) && s.canRead(r) {
			found = append(found, r)
		}
	}
	slices.SortFunc(found, q.compare)
	page := RolePage{Total: len(found)}
	from := min(q.Skip, len(found))
	page.Roles = found[from:min(from+q.Top, len(found))]
	return page, s.loadPermissions(ctx, page.Roles)
}

// loadPermissions fills in the permissions of custom roles.
func (s *Session) loadPermissions(ctx context.Context, roles []model.Role) error {
	var ids []access.GUID
	for _, r := range roles {
		if r.Type == access.RoleCustom {
			ids = append(ids, r.ID)
		}
	}
	permissions, err := s.tx.Permissions(ctx, ids)
	if err != nil {
		return err
	}
	for i, r := range roles {
		if r.Type == access.RoleCustom {
			roles[i].Permissions = permissions[r.ID]
		}
	}
	return nil
}

func (q RoleQuery) matches(r model.Role) bool {
	return (q.ScopeType == "" || q.ScopeType == r.Shape.ScopeType()) &&
		(q.ServiceName == "" || strings.EqualFold(q.ServiceName, r.Service)) &&
		(q.Contains == "" || strings.Contains(strings.ToLower(r.Name), strings.ToLower(q.Contains))) &&
		(q.TenantID == "" || q.TenantID == cmp.Or(r.TenantID, access.ZeroGUID)) &&
		(q.Type == "" || q.Type == r.Type)
}

func (q RoleQuery) compare(a, b model.Role) int {
	order := q.compareKeys(a, b)
	if q.Descending {
		order = -order
	}
	return cmp.Or(order, cmp.Compare(a.ID, b.ID))
}

func (q RoleQuery) compareKeys(a, b model.Role) int {
	switch q.SortBy {
	case "CreatedOn":
		return a.CreatedOn.Compare(b.CreatedOn)
	case "UpdatedOn":
		return a.UpdatedOn.Compare(b.UpdatedOn)
	}
	return cmp.Compare(q.key(a), q.key(b))
}

// key returns the field that a role is sorted by. All roles are of one organization, so its id sorts nothing.
func (q RoleQuery) key(r model.Role) string {
	switch q.SortBy {
	case "Id":
		return r.ID.String()
	case "OriginalRoleName":
		return strings.ToLower(r.Name)
	case "UniqueName":
		return r.UniqueName()
	case "Description":
		return strings.ToLower(r.Description)
	case "Type":
		return string(r.Type)
	case "ScopeType":
		return r.Shape.ScopeType()
	case "TenantId":
		return cmp.Or(r.TenantID, access.ZeroGUID).String()
	case "OwnerService":
		return strings.ToLower(r.Service)
	case "OwnerServiceId":
		return catalogue.ServiceID(r.Service).String()
	case "CreatedBy":
		return r.CreatedBy.String()
	case "UpdatedBy":
		return r.UpdatedBy.String()
	}
	return ""
}
