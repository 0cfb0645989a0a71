package rules

import (
	"context"
	"slices"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// AccountQuery narrows, sorts and pages a list of accounts (contract 7.2, 7.4).
type AccountQuery[T any] struct {
	// SearchTerm is part of a name or an email in any case; empty for all.
	SearchTerm string
	Order      Order[T]
	Paging
}

// UserAccount is a user and the groups that it is in itself.
type UserAccount struct {
	model.User

	GroupIDs []access.GUID
}

// Users returns a page of the users, those of an external directory included.
func (s *Session) Users(ctx context.Context, q AccountQuery[UserAccount]) (Page[UserAccount], error) {
	if err := s.administers(scopesToReadUsers); err != nil {
		return Page[UserAccount]{}, err
	}
	users, err := s.tx.Users(ctx)
	if err != nil {
		return Page[UserAccount]{}, err
	}
	groups, err := s.tx.DirectGroups(ctx)
	var found []UserAccount
	for _, u := range users {
		if matches(q.SearchTerm, u.UserName, u.Email, u.Name, u.Surname, u.DisplayName) {
			found = append(found, UserAccount{u, groups[u.ID]})
		}
	}
	q.Order.sort(found, func(u UserAccount) access.GUID { return u.ID })
	return cut(found, q.Paging), err
}

// matches reports whether one of the texts contains a search term.
func matches(term string, texts ...string) bool {
	return slices.ContainsFunc(texts, func(text string) bool { return containsFold(text, term) })
}

// User returns one user.
func (s *Session) User(ctx context.Context, id access.GUID) (UserAccount, error) {
	if err := s.administers(scopesToReadUsers); err != nil {
		return UserAccount{}, err
	}
	u, err := existing(s.tx.User(ctx, id))
	if err != nil {
		return UserAccount{}, err
	}
	groups, err := s.tx.DirectGroups(ctx)
	return UserAccount{u, groups[id]}, err
}

// UserDeletion names users to delete.
type UserDeletion struct {
	Organization access.GUID
	IDs          []access.GUID
}

// DeleteUsers deletes users as [Session.DeleteUser] does, all of them or none.
func (s *Session) DeleteUsers(ctx context.Context, in UserDeletion) error {
	if err := s.administers(scopesToWriteUsers); err != nil {
		return err
	}
	if err := s.checkOrganization(in.Organization); err != nil {
		return err
	}
	return deleteAll(ctx, in.IDs, s.DeleteUser)
}

// DeleteUser deletes a user other than the caller. The user leaves all groups, its tokens become invalid, and what is assigned to
// it stays assigned.
func (s *Session) DeleteUser(ctx context.Context, id access.GUID) error {
	if err := s.administers(scopesToWriteUsers); err != nil {
		return err
	}
	u, err := existing(s.tx.User(ctx, id))
	if err != nil {
		return err
	}
	if u.ID == s.callerID {
		return refuse(Forbidden, "Nobody can delete their own account: another administrator may delete %s (%s).", u.DisplayName, u.ID)
	}
	return s.keepAdministrator(ctx, func() error { return s.tx.DeleteUser(ctx, id) })
}
