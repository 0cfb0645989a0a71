package rules

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/golang-jwt/jwt/v5"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/store"
)

// SignIn finds out who carries a bearer token, which is an access token or a personal access token.
func (r *Rules) SignIn(ctx context.Context, tx *store.Tx, bearer string) (*Session, error) {
	if bearer == "" {
		return nil, refuse(Unauthenticated, "The request carries no bearer token.")
	}
	pat, ok, err := tx.Token(ctx, model.HashSecret(bearer))
	switch {
	case err != nil:
		return nil, err
	case ok && !r.Now().Before(pat.Expires):
		return nil, refuse(Unauthenticated, "The personal access token has expired.")
	case ok:
		return r.signInUser(ctx, tx, pat.UserID)
	}
	c, err := r.verify(ctx, tx, bearer)
	if err != nil {
		return nil, err
	}
	subject := access.OptionalGUID(c.Subject)
	if c.SubjectType == subjectUser {
		return r.signInUser(ctx, tx, subject)
	}
	application, ok, err := tx.Application(ctx, subject)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, refuse(Unauthenticated, "The external application %s does not exist any more.", c.Subject)
	}
	s, err := r.session(ctx, tx, subject, access.PrincipalExternalApplication)
	if err == nil {
		s.oauthScopes, s.callerName = strings.Fields(c.Scope), application.Name
	}
	return s, err
}

func (r *Rules) verify(ctx context.Context, tx *store.Tx, bearer string) (claims, error) {
	key, err := tx.Setting(ctx, SigningKey)
	if err != nil {
		return claims{}, err
	}
	o, err := tx.Organization(ctx)
	if err != nil {
		return claims{}, err
	}
	var c claims
	_, err = jwt.ParseWithClaims(bearer, &c, func(*jwt.Token) (any, error) { return []byte(key), nil },
		jwt.WithTimeFunc(r.Now), jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithExpirationRequired())
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return c, refuse(Unauthenticated, "The access token has expired.")
	case err != nil:
		return c, refuse(Unauthenticated, "The bearer token is not one of this organization.")
	case c.Organization != o.ID:
		return c, refuse(Unauthenticated, "The access token belongs to the organization %s.", c.Organization)
	}
	return c, nil
}

func (r *Rules) signInUser(ctx context.Context, tx *store.Tx, id access.GUID) (*Session, error) {
	u, ok, err := tx.User(ctx, id)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, refuse(Unauthenticated, "The user %s does not exist any more.", id)
	}
	if err := checkActive(u); err != nil {
		return nil, err
	}
	s, err := r.session(ctx, tx, u.ID, access.PrincipalUser)
	if err == nil {
		s.callerName = cmp.Or(u.DisplayName, u.UserName)
	}
	return s, err
}

// checkActive refuses users who cannot use the platform.
func checkActive(u model.User) error {
	who := cmp.Or(u.DisplayName, u.UserName)
	switch {
	case !u.Active:
		return refuse(Unauthenticated, "The user %s is not active.", who)
	case !u.InvitationAccepted:
		return refuse(Unauthenticated, "The user %s has not accepted the invitation yet.", who)
	}
	return nil
}
