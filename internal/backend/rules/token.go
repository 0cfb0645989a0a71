package rules

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/store"
)

// SigningKey is the setting under which the key that signs access tokens is kept.
const SigningKey = "signing key"

// The kinds of subjects in a token (contract 2.3).
const (
	subjectUser        = "user"
	subjectApplication = "service.external"
)

// The refusals of a token (contract 2.2).
var (
	ErrInvalidClient = errors.New("no external application has this client id and secret")
	ErrInvalidScope  = errors.New("the external application may not ask for this scope")
)

// AccessToken is what the token endpoint gives out.
type AccessToken struct {
	Value   string
	Expires time.Duration
	Scopes  []string
}

type claims struct {
	jwt.RegisteredClaims

	SubjectType  string      `json:"sub_type"`
	Organization access.GUID `json:"prt_id"`
	ClientID     access.GUID `json:"client_id,omitempty"`
	Scope        string      `json:"scope,omitempty"`
}

// IssueToken gives an external application an access token for the scopes that it asks for: all of its own where it names
// none. The issuer is the URL of the token service.
func (r *Rules) IssueToken(ctx context.Context, tx *store.Tx, issuer, clientID, secret string, scopes []string) (AccessToken, error) {
	if clientID == "" || secret == "" {
		return AccessToken{}, ErrInvalidClient
	}
	application, ok, err := tx.Application(ctx, access.OptionalGUID(clientID))
	if err != nil {
		return AccessToken{}, err
	}
	if !ok || !r.hasSecret(application, model.HashSecret(secret)) {
		return AccessToken{}, ErrInvalidClient
	}
	for _, scope := range scopes {
		if !slices.Contains(application.Scopes, scope) {
			return AccessToken{}, ErrInvalidScope
		}
	}
	if len(scopes) == 0 {
		scopes = application.Scopes
	}
	return r.sign(ctx, tx, applicationClaims(issuer, application, scopes))
}

// hasSecret reports whether an application has a secret with the given hash that has not expired.
func (r *Rules) hasSecret(a model.Application, sha256 string) bool {
	return slices.ContainsFunc(a.Secrets, func(s model.Secret) bool {
		return subtle.ConstantTimeCompare([]byte(sha256), []byte(s.SHA256)) == 1 && (s.Expires.IsZero() || r.Now().Before(s.Expires))
	})
}

func applicationClaims(issuer string, a model.Application, scopes []string) claims {
	return claims{
		RegisteredClaims: jwt.RegisteredClaims{Issuer: issuer, Subject: a.ID.String()},
		SubjectType:      subjectApplication, ClientID: a.ID, Scope: strings.Join(scopes, " "),
	}
}

// TokenFor gives an access token to a user, named by user name or email, or an external application, named by name or client
// id. An empty name is the organization's default caller.
func (r *Rules) TokenFor(ctx context.Context, tx *store.Tx, issuer, caller string) (AccessToken, error) {
	users, err := tx.Users(ctx)
	if err != nil {
		return AccessToken{}, err
	}
	applications, err := tx.Applications(ctx)
	if err != nil {
		return AccessToken{}, err
	}
	o, err := tx.Organization(ctx)
	if err != nil {
		return AccessToken{}, err
	}
	known := callerNames(users, applications)
	if caller = cmp.Or(caller, o.DefaultCaller.String()); caller == "" {
		return AccessToken{}, fmt.Errorf("no caller is named and the organization has no default caller: name one of %s", some(known))
	}
	var found []claims
	isNamed := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, caller) })
	}
	for _, u := range users {
		if !isNamed(u.ID.String(), u.UserName, u.Email) {
			continue
		}
		if err := checkActive(u); err != nil {
			return AccessToken{}, err
		}
		found = append(found, claims{RegisteredClaims: jwt.RegisteredClaims{Issuer: issuer, Subject: u.ID.String()}, SubjectType: subjectUser})
	}
	for _, a := range applications {
		if a.Confidential && isNamed(a.ID.String(), a.Name) {
			found = append(found, applicationClaims(issuer, a, a.Scopes))
		}
	}
	switch len(found) {
	case 1:
		return r.sign(ctx, tx, found[0])
	case 0:
		return AccessToken{}, errors.New(model.WithSuggestion(fmt.Sprintf("unknown caller %q: known are %s.", caller, some(known)), caller, known))
	}
	return AccessToken{}, fmt.Errorf("caller %q names %d users and applications: use a user name or a client id", caller, len(found))
}

func callerNames(users []model.User, applications []model.Application) []string {
	var names []string
	for _, u := range users {
		names = append(names, u.UserName)
	}
	for _, a := range applications {
		names = append(names, a.Name)
	}
	return names
}

// some lists the first names, and says how many more there are.
func some(names []string) string {
	const most = 20
	if more := len(names) - most; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), more)
	}
	return strings.Join(names, ", ")
}

func (r *Rules) sign(ctx context.Context, tx *store.Tx, c claims) (AccessToken, error) {
	o, err := tx.Organization(ctx)
	if err != nil {
		return AccessToken{}, err
	}
	key, err := tx.Setting(ctx, SigningKey)
	if err != nil {
		return AccessToken{}, err
	}
	now := r.Now()
	c.Organization = o.ID
	c.IssuedAt, c.ExpiresAt = jwt.NewNumericDate(now), jwt.NewNumericDate(now.Add(r.TokenLifetime))
	value, err := jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString([]byte(key))
	return AccessToken{value, r.TokenLifetime, strings.Fields(c.Scope)}, err
}
