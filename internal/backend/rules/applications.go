package rules

import (
	"context"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// Applications returns the external applications by name.
func (s *Session) Applications(ctx context.Context) ([]model.Application, error) {
	if err := s.administers(scopesToReadClients); err != nil {
		return nil, err
	}
	return s.tx.Applications(ctx)
}

// APIScopes returns the OAuth2 scopes that an external application can have, sorted. Every caller may ask.
func (s *Session) APIScopes(context.Context) ([]string, error) { return apiScopes(), nil }

// Application returns one external application.
func (s *Session) Application(ctx context.Context, id access.GUID) (model.Application, error) {
	if err := s.administers(scopesToReadClients); err != nil {
		return model.Application{}, err
	}
	return existing(s.tx.Application(ctx, id))
}
