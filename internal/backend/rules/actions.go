package rules

import (
	"context"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/catalogue"
)

// ActionQuery narrows the catalogue of permissions. Empty members do not narrow it.
type ActionQuery struct {
	// ServiceName is the API name of a service in any case.
	ServiceName string
	// ScopeType is in upper case.
	ScopeType string
}

// Actions returns the permissions that a query asks for, by name.
func (s *Session) Actions(ctx context.Context, q ActionQuery) ([]catalogue.Permission, error) {
	if err := s.requireSomewhere(ctx, readActions, access.Organization); err != nil {
		return nil, err
	}
	var found []catalogue.Permission
	for _, p := range s.Catalogue.Permissions() {
		// The namespace of multi-service permissions has no usable filter (contract 5.3).
		named := strings.EqualFold(q.ServiceName, p.Namespace) && p.Namespace != access.MultiService.Namespace
		if (q.ServiceName == "" || named) && (q.ScopeType == "" || p.Fits(q.ScopeType)) {
			found = append(found, p)
		}
	}
	return found, nil
}
