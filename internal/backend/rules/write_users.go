package rules

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// The codes of rejected users. The first three are the platform's (contract 7.7-3).
const (
	codeUserName          = "InvalidUserName"
	codeDuplicateUserName = "DuplicateUserName"
	codeDuplicateEmail    = "DuplicateEmail"
	codeEmail             = "InvalidEmail"
	codeName              = "InvalidName"
	codeGroup             = "InvalidGroup"
	codeID                = "DuplicateId"
	codeRedirect          = "InvalidRedirectUrl"
)

// UserChange says what to change in a user. What is nil does not change.
type UserChange struct {
	ID                                 access.GUID
	Name, Surname, DisplayName, Email  *string
	Active, Bypass, InvitationAccepted *bool
	Join, Leave                        []access.GUID
}

// NewUser is a user to create.
type NewUser struct {
	// ID is empty for a new one.
	ID                                          access.GUID
	UserName, Email, Name, Surname, DisplayName string
	BypassesBasicAuth, InvitationNotAccepted    bool
	// LegacyID is 0 for the number that follows from the id.
	LegacyID int64
}

// NewUsers are users to create, all of them or none.
type NewUsers struct {
	Organization access.GUID
	Users        []NewUser
	// GroupIDs are groups for each of the users.
	GroupIDs []access.GUID
}

// UpdateUser changes a user. A name or email that is cleared becomes what it is for a user that was created without one.
func (s *Session) UpdateUser(ctx context.Context, in UserChange) error {
	if err := s.administers(scopesToWriteUsers); err != nil {
		return err
	}
	u, err := existing(s.tx.User(ctx, in.ID))
	if err != nil {
		return err
	}
	if u.Source == access.SourceDirectory && (in.Name != nil || in.Surname != nil || in.DisplayName != nil || in.Email != nil) {
		return refuse(Forbidden, "The user %s (%s) is kept in the external directory: change names and email there.", u.DisplayName, u.ID)
	}
	in.apply(&u)
	u.ModifiedOn = s.now()
	known, err := s.knownUsers(ctx)
	if err != nil {
		return err
	}
	reasons := checkNames(u)
	if in.Email != nil {
		reasons = append(reasons, known.checkEmail(u)...)
	}
	moved, err := s.checkMove(ctx, slices.Concat(in.Join, in.Leave))
	if err != nil {
		return err
	}
	if err := rejected(append(reasons, moved...)); err != nil {
		return err
	}
	return s.keepAdministrator(ctx, func() error {
		if err := s.tx.PutUser(ctx, u); err != nil {
			return err
		}
		return s.move(ctx, u.ID, in.Join, in.Leave)
	})
}

func (in UserChange) apply(u *model.User) {
	set(&u.Name, in.Name)
	set(&u.Surname, in.Surname)
	set(&u.DisplayName, in.DisplayName)
	set(&u.Email, in.Email)
	set(&u.Active, in.Active)
	set(&u.BypassesBasicAuth, in.Bypass)
	set(&u.InvitationAccepted, in.InvitationAccepted)
	*u = u.WithDefaults()
}

// set changes a value, unless it shall not change.
func set[T any](value, to *T) {
	if to != nil {
		*value = *to
	}
}

// CreateUsers creates users. One that is rejected fails all.
func (s *Session) CreateUsers(ctx context.Context, in NewUsers) ([]UserAccount, error) {
	if err := s.administers(scopesToWriteUsers); err != nil {
		return nil, err
	}
	if err := s.checkOrganization(in.Organization); err != nil {
		return nil, err
	}
	known, err := s.knownUsers(ctx)
	if err != nil {
		return nil, err
	}
	reasons, err := s.checkMove(ctx, in.GroupIDs)
	if err != nil {
		return nil, err
	}
	created := make([]UserAccount, len(in.Users))
	for i, one := range in.Users {
		u := one.user()
		reasons = append(reasons, known.check(u)...)
		holder, taken, err := s.holderOf(ctx, u.ID)
		if err != nil {
			return nil, err
		}
		if taken {
			reasons = append(reasons, rejectionf(codeID, "The id %s belongs to %s already.", u.ID, holder))
		}
		if len(reasons) > 0 {
			continue
		}
		if u, err = s.addUser(ctx, known, u, in.GroupIDs); err != nil {
			return nil, err
		}
		created[i] = UserAccount{u, model.SortedUnique(slices.Clone(in.GroupIDs))}
	}
	return created, rejected(reasons)
}

func (n NewUser) user() model.User {
	if n.ID == access.ZeroGUID {
		n.ID = ""
	}
	return model.User{
		ID: n.ID, UserName: n.UserName, Email: n.Email, Name: n.Name, Surname: n.Surname, DisplayName: n.DisplayName, Active: true,
		BypassesBasicAuth: n.BypassesBasicAuth, InvitationAccepted: !n.InvitationNotAccepted, Source: access.SourceLocal, Added: true,
		LegacyID: n.LegacyID,
	}.WithDefaults()
}

// addUser adds a user whose names are free.
func (s *Session) addUser(ctx context.Context, known userNames, u model.User, groupIDs []access.GUID) (model.User, error) {
	var err error
	if u.ID, err = s.newID(ctx, u.ID); err != nil {
		return u, err
	}
	u.CreatedOn = s.now()
	u = u.WithDefaults()
	known.add(u)
	if err := s.tx.PutUser(ctx, u); err != nil {
		return u, err
	}
	return u, s.tx.Join(ctx, u.ID, groupIDs)
}

// checkMove says why accounts cannot be put into or taken out of groups. Beside the right to write users that needs the rights of an
// organization administrator (contract 7.7-9).
func (s *Session) checkMove(ctx context.Context, groupIDs []access.GUID) ([]Rejection, error) {
	if len(groupIDs) == 0 {
		return nil, nil
	}
	if !s.isOrganizationAdministrator() {
		return nil, refuse(Forbidden, "Only organization administrators may change the groups of a user.")
	}
	fault, err := s.groupsFault(ctx, groupIDs)
	if err != nil || fault == "" {
		return nil, err
	}
	return []Rejection{{codeGroup, fault}}, nil
}

// userNames are the ids of users by user name and email in lower case. What one user has as either, no other has as either.
type userNames map[string]access.GUID

func (s *Session) knownUsers(ctx context.Context) (userNames, error) {
	// Accounts that only the external directory has keep their names.
	all, err := s.tx.AllUsers(ctx)
	known := userNames{}
	for _, u := range all {
		known.add(u)
	}
	return known, err
}

func (k userNames) add(u model.User) {
	for _, name := range []string{u.UserName, u.Email} {
		if name != "" {
			k[strings.ToLower(name)] = u.ID
		}
	}
}

func (k userNames) takenByOther(name string, u model.User) bool {
	id, taken := k[strings.ToLower(name)]
	return name != "" && taken && (u.ID == "" || id != u.ID)
}

// check says what is wrong with a new user.
func (k userNames) check(u model.User) []Rejection {
	reasons := checkNames(u)
	if u.UserName == "" || textFault("user name", u.UserName) != "" || strings.ContainsFunc(u.UserName, isForbiddenInUserName) {
		reasons = append(reasons, rejectionf(codeUserName, "User name '%s' is invalid, can only contain letters or digits.", u.UserName))
	}
	u.ID = ""
	if k.takenByOther(u.UserName, u) {
		reasons = append(reasons, rejectionf(codeDuplicateUserName, "User name '%s' is already taken.", u.UserName))
	}
	return append(reasons, k.checkEmail(u)...)
}

func (k userNames) checkEmail(u model.User) []Rejection {
	switch {
	case u.Email != "" && u.Email != u.UserName && !IsEmail(u.Email):
		return []Rejection{rejectionf(codeEmail, "Email '%s' is invalid.", u.Email)}
	case k.takenByOther(u.Email, u):
		return []Rejection{rejectionf(codeDuplicateEmail, "Email '%s' is already taken.", u.Email)}
	}
	return nil
}

// isForbiddenInUserName reports whether a user name must not contain a character. Names that are addresses are allowed (contract 7.7-11).
func isForbiddenInUserName(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-._@+", r)
}

// checkNames says what is wrong with the names that people read.
func checkNames(u model.User) []Rejection {
	var reasons []Rejection
	for _, fault := range []string{textFault("name", u.Name), textFault("surname", u.Surname), textFault("display name", u.DisplayName)} {
		if fault != "" {
			reasons = append(reasons, Rejection{codeName, fault})
		}
	}
	return reasons
}
