package rules

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// ApplicationInput is what a caller says of an external application.
type ApplicationInput struct {
	// ID is the application to change.
	ID           access.GUID
	Organization access.GUID
	// Name is nil if it was not said.
	Name *string
	// Confidential is nil if it was not said. It never changes.
	Confidential *bool
	// RedirectURI is nil if it was not said.
	RedirectURI *string
	// Scopes replace those that the application has. It is nil if they were not said.
	Scopes *ScopesInput
}

// ScopesInput are OAuth2 scopes by who uses them: the application for itself, or on behalf of a user.
type ScopesInput struct{ Application, User []string }

// SecretInput asks for a secret of an external application.
type SecretInput struct {
	ApplicationID access.GUID
	// Organization is empty where the path has named it.
	Organization access.GUID
	Description  string
	// Expires is zero for a secret that never does.
	Expires time.Time
}

// NewSecret is a secret with its text, which is told only once.
type NewSecret struct {
	model.Secret

	Text string
}

// NewApplication is an external application with its first secret, whose text is empty where there is none.
type NewApplication struct {
	model.Application

	SecretText string
}

// CreateApplication creates an external application, with a secret if it is confidential. Several may have one name.
func (s *Session) CreateApplication(ctx context.Context, in ApplicationInput) (NewApplication, error) {
	if err := s.administers(scopesToWriteClients); err != nil {
		return NewApplication{}, err
	}
	if err := s.checkOrganization(in.Organization); err != nil {
		return NewApplication{}, err
	}
	var a model.Application
	a.Confidential = in.Confidential != nil && *in.Confidential
	in.apply(&a)
	if err := s.checkApplication(a, ""); err != nil {
		return NewApplication{}, err
	}
	var err error
	if a.ID, err = s.newID(ctx, ""); err != nil {
		return NewApplication{}, err
	}
	if err := s.tx.PutApplication(ctx, a); err != nil || !a.Confidential {
		return NewApplication{Application: a}, err
	}
	secret, err := s.addSecret(ctx, model.Secret{ApplicationID: a.ID})
	a.Secrets = []model.Secret{secret.Secret}
	return NewApplication{a, secret.Text}, err
}

// UpdateApplication changes an external application. What was not said stays.
func (s *Session) UpdateApplication(ctx context.Context, in ApplicationInput) (model.Application, error) {
	if err := s.administers(scopesToWriteClients); err != nil {
		return model.Application{}, err
	}
	if in.Organization != "" {
		if err := s.checkOrganization(in.Organization); err != nil {
			return model.Application{}, err
		}
	}
	a, err := existing(s.tx.Application(ctx, in.ID))
	if err != nil {
		return model.Application{}, err
	}
	changed := ""
	if in.Confidential != nil && *in.Confidential != a.Confidential {
		changed = fmt.Sprintf("Whether an external application is confidential cannot change: it stays %t.", a.Confidential)
	}
	in.apply(&a)
	if err := s.checkApplication(a, changed); err != nil {
		return model.Application{}, err
	}
	return a, s.tx.PutApplication(ctx, a)
}

func (in ApplicationInput) apply(a *model.Application) {
	set(&a.Name, in.Name)
	set(&a.RedirectURI, in.RedirectURI)
	if in.Scopes != nil {
		a.Scopes = model.SortedUnique(slices.Clone(in.Scopes.Application))
		a.UserScopes = model.SortedUnique(slices.Clone(in.Scopes.User))
	}
}

// checkApplication refuses an external application for what is wrong with it.
func (s *Session) checkApplication(a model.Application, confidential string) error {
	scopes := ""
	for _, scope := range slices.Concat(a.Scopes, a.UserScopes) {
		if scope == "" || textFault("scope", scope) != "" || strings.Contains(scope, " ") {
			scopes = fmt.Sprintf("The value '%s' is not the name of a scope.", scope)
		}
	}
	if !a.Confidential && len(a.Scopes) > 0 {
		scopes = "An application that is not confidential has scopes of the type user only."
	}
	return invalid(violationsOf(map[model.Part]string{
		model.PartName:     model.CheckName("external application", a.Name, maxAccountText),
		model.PartRedirect: textFault("redirect URI", a.RedirectURI), model.PartScopes: scopes, model.PartConfidential: confidential,
	}))
}

// DeleteApplication deletes an external application other than the caller. It leaves all groups, its tokens become invalid, and what
// is assigned to it stays assigned.
func (s *Session) DeleteApplication(ctx context.Context, id access.GUID) error {
	if err := s.administers(scopesToWriteClients); err != nil {
		return err
	}
	a, err := existing(s.tx.Application(ctx, id))
	if err != nil {
		return err
	}
	if a.ID == s.callerID {
		return refuse(Forbidden, "Nobody can delete their own account: somebody else may delete %s (%s).", a.Name, a.ID)
	}
	return s.keepAdministrator(ctx, func() error { return s.tx.DeleteApplication(ctx, id) })
}

// CreateSecret gives a confidential external application another secret.
func (s *Session) CreateSecret(ctx context.Context, in SecretInput) (NewSecret, error) {
	if err := s.administersSecrets(); err != nil {
		return NewSecret{}, err
	}
	if in.Organization != "" {
		if err := s.checkOrganization(in.Organization); err != nil {
			return NewSecret{}, err
		}
	}
	a, err := existing(s.tx.Application(ctx, in.ApplicationID))
	if err != nil {
		return NewSecret{}, err
	}
	faults := map[model.Part]string{model.PartDescription: textFault("description", in.Description)}
	if !a.Confidential {
		faults[model.PartConfidential] = "An application that is not confidential has no secrets."
	}
	if !in.Expires.IsZero() && !in.Expires.After(s.now()) {
		faults[model.PartExpiry] = "The time is past: a secret expires later than now."
	}
	if err := invalid(violationsOf(faults)); err != nil {
		return NewSecret{}, err
	}
	if err := s.checkJoins(ctx, a.ID); err != nil {
		return NewSecret{}, err
	}
	return s.addSecret(ctx, model.Secret{ApplicationID: a.ID, Description: in.Description, Expires: in.Expires})
}

func (s *Session) addSecret(ctx context.Context, secret model.Secret) (NewSecret, error) {
	text := rand.Text()
	secret.SHA256, secret.CreatedOn = model.HashSecret(text), s.now()
	secret, err := s.tx.AddSecret(ctx, secret)
	return NewSecret{secret, text}, err
}

// DeleteSecret deletes a secret of an external application by its number.
func (s *Session) DeleteSecret(ctx context.Context, id int64) error {
	if err := s.administersSecrets(); err != nil {
		return err
	}
	if _, err := existing(s.tx.Secret(ctx, id)); err != nil {
		return err
	}
	return s.tx.DeleteSecret(ctx, id)
}

// administersSecrets refuses callers who may not write the secrets of external applications. An application needs two scopes for it
// (contract 2.4-4).
func (s *Session) administersSecrets() error {
	if err := s.administers(scopesToWriteClients); err != nil {
		return err
	}
	return s.administers(scopesToWriteSecrets)
}
