package rules

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
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
	Type  access.RoleType
	Order Order[model.Role]
	Paging
}

// Roles returns a page of the roles that a query asks for and that the caller may see.
func (s *Session) Roles(ctx context.Context, q RoleQuery) (Page[model.Role], error) {
	if err := s.requireSomewhere(ctx, readRoles, access.Organization); err != nil {
		return Page[model.Role]{}, err
	}
	custom, err := s.tx.Roles(ctx)
	if err != nil {
		return Page[model.Role]{}, err
	}
	var found []model.Role
	for _, r := range slices.Concat(s.Catalogue.Roles(), custom) {
		if q.matches(r) && s.canRead(r) {
			found = append(found, r)
		}
	}
	q.Order.sort(found, func(r model.Role) access.GUID { return r.ID })
	page := cut(found, q.Paging)
	return page, s.loadPermissions(ctx, page.Rows)
}

func (q RoleQuery) matches(r model.Role) bool {
	return (q.ScopeType == "" || q.ScopeType == r.Shape.ScopeType()) &&
		(q.ServiceName == "" || strings.EqualFold(q.ServiceName, r.Service)) &&
		containsFold(r.Name, q.Contains) &&
		(q.TenantID == "" || q.TenantID == cmp.Or(r.TenantID, access.ZeroGUID)) &&
		(q.Type == "" || q.Type == r.Type)
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
	for i, r := range roles {
		if r.Type == access.RoleCustom {
			roles[i].Permissions = permissions[r.ID]
		}
	}
	return err
}
