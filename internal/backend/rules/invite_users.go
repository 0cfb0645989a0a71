package rules

import (
	"context"
	"errors"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// Invitation asks somebody to join the organization.
type Invitation struct {
	Email, Name, Surname string
	// RedirectsHere says whether the invitation leads to the page of this organization where it is accepted.
	RedirectsHere bool
	GroupIDs      []access.GUID
}

// Invited is what became of an invitation.
type Invited struct {
	Email string
	// ID is the id of the new user, or the zero GUID where there is none.
	ID access.GUID
	// Fault is why there is none.
	Fault string
}

// InviteUsers creates a user for each invitation, who has not accepted it. An invitation that fails does not hinder the others
// (contract 7.7-5). No mail is sent.
func (s *Session) InviteUsers(ctx context.Context, invitations []Invitation) ([]Invited, error) {
	if err := s.administers(scopesToWriteUsers); err != nil {
		return nil, err
	}
	known, err := s.knownUsers(ctx)
	if err != nil {
		return nil, err
	}
	results := make([]Invited, len(invitations))
	for i, in := range invitations {
		id, err := s.invite(ctx, known, in)
		results[i] = Invited{Email: in.Email, ID: id}
		if failed, ok := errors.AsType[*RejectedError](err); ok {
			results[i].ID, results[i].Fault, err = access.ZeroGUID, failed.Rejections[0].Description, nil
		}
		if err != nil {
			return nil, err
		}
	}
	return results, nil
}

// invite creates the user of one invitation. It changes nothing if it fails.
func (s *Session) invite(ctx context.Context, known userNames, in Invitation) (access.GUID, error) {
	u := model.User{
		UserName: in.Email, Email: in.Email, Name: in.Name, Surname: in.Surname, Active: true, Source: access.SourceLocal, Added: true,
	}.WithDefaults()
	var reasons []Rejection
	switch {
	case !in.RedirectsHere:
		// The text is the platform's own (contract 7.7-5).
		reasons = append(reasons, Rejection{codeRedirect, "Redirect URL is not valid"})
	case !IsEmail(in.Email):
		reasons = append(reasons, rejectionf(codeEmail, "Email '%s' is invalid.", in.Email))
	default:
		reasons = append(reasons, known.check(u)...)
	}
	moved, err := s.checkMove(ctx, in.GroupIDs)
	if err != nil {
		return "", err
	}
	if err := rejected(append(reasons, moved...)); err != nil {
		return "", err
	}
	u, err = s.addUser(ctx, known, u, in.GroupIDs)
	return u.ID, err
}
