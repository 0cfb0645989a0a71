package rules

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// AccountQuery narrows, sorts and pages a list of accounts (contract 7.2, 7.4).
type AccountQuery struct {
	// SearchTerm is part of a name or an email in any case; empty for all.
	SearchTerm string
	// SortBy is one of [UserSortKeys] or [RobotSortKeys], or empty for the name; rows that are equal there stand by id.
	SortBy     string
	Descending bool
	// Top is how many rows a page has, after Skip rows.
	Top, Skip int
}

// The fields that lists of accounts can be sorted by. No public source names them: these are the names in the answers.
var (
	UserSortKeys  = []string{"id", "userName", "email", "name", "surname", "displayName"}
	RobotSortKeys = []string{"id", "name", "displayName"}
)

// scopesToWriteUsers are the OAuth2 scopes that an external application needs one of (contract 2.4).
var scopesToWriteUsers = []string{"PM.User", "PM.User.Write"}

// AccountPage is a page of a list of accounts.
type AccountPage[T any] struct {
	// Total is how many rows the query has on all pages.
	Total   int
	Results []T
}

// UserAccount is a user and the groups that it is in itself.
type UserAccount struct {
	model.User

	GroupIDs []access.GUID
}

// RobotAccount is a robot account and the groups that it is in itself.
type RobotAccount struct {
	model.Robot

	GroupIDs []access.GUID
}

// Users returns a page of the users, those of an external directory included.
func (s *Session) Users(ctx context.Context, q AccountQuery) (AccountPage[UserAccount], error) {
	if err := s.administers(scopesToReadUsers); err != nil {
		return AccountPage[UserAccount]{}, err
	}
	users, err := s.tx.Users(ctx)
	if err != nil {
		return AccountPage[UserAccount]{}, err
	}
	found := pageOf(q, users, func(u model.User) []string {
		return []string{u.ID.String(), u.UserName, u.Email, u.Name, u.Surname, u.DisplayName}
	}, UserSortKeys)
	groups, err := s.tx.DirectGroups(ctx)
	page := AccountPage[UserAccount]{Total: found.Total}
	for _, u := range found.Results {
		page.Results = append(page.Results, UserAccount{u, groups[u.ID]})
	}
	return page, err
}

// User returns one user.
func (s *Session) User(ctx context.Context, id string) (UserAccount, error) {
	if err := s.administers(scopesToReadUsers); err != nil {
		return UserAccount{}, err
	}
	u, err := byID(id, func(id access.GUID) (model.User, bool, error) { return s.tx.User(ctx, id) })
	if err != nil {
		return UserAccount{}, err
	}
	groups, err := s.tx.DirectGroups(ctx)
	return UserAccount{u, groups[u.ID]}, err
}

// DeleteUser deletes a user other than the caller: it leaves its groups, and its tokens count no more. What is assigned to it
// stays assigned.
func (s *Session) DeleteUser(ctx context.Context, id string) error {
	if err := s.administers(scopesToWriteUsers); err != nil {
		return err
	}
	u, err := byID(id, func(id access.GUID) (model.User, bool, error) { return s.tx.User(ctx, id) })
	if err != nil {
		return err
	}
	if u.ID == s.callerID {
		return refuse(Forbidden, "Nobody can delete their own account: another administrator may delete %s (%s).", u.DisplayName, u.ID)
	}
	return s.tx.DeleteUser(ctx, u.ID)
}

// Robots returns a page of the robot accounts.
func (s *Session) Robots(ctx context.Context, q AccountQuery) (AccountPage[RobotAccount], error) {
	if err := s.administers(scopesToReadRobots); err != nil {
		return AccountPage[RobotAccount]{}, err
	}
	robots, err := s.tx.Robots(ctx)
	if err != nil {
		return AccountPage[RobotAccount]{}, err
	}
	found := pageOf(q, robots, func(r model.Robot) []string { return []string{r.ID.String(), r.Name, r.DisplayName} }, RobotSortKeys)
	groups, err := s.tx.DirectGroups(ctx)
	page := AccountPage[RobotAccount]{Total: found.Total}
	for _, r := range found.Results {
		page.Results = append(page.Results, RobotAccount{r, groups[r.ID]})
	}
	return page, err
}

// Robot returns one robot account.
func (s *Session) Robot(ctx context.Context, id string) (RobotAccount, error) {
	if err := s.administers(scopesToReadRobots); err != nil {
		return RobotAccount{}, err
	}
	r, err := byID(id, func(id access.GUID) (model.Robot, bool, error) { return s.tx.Robot(ctx, id) })
	if err != nil {
		return RobotAccount{}, err
	}
	groups, err := s.tx.DirectGroups(ctx)
	return RobotAccount{r, groups[r.ID]}, err
}

// Clients returns the external applications by name.
func (s *Session) Clients(ctx context.Context) ([]model.Application, error) {
	if err := s.administers(scopesToReadClients); err != nil {
		return nil, err
	}
	return s.tx.Applications(ctx)
}

// Client returns one external application.
func (s *Session) Client(ctx context.Context, id string) (model.Application, error) {
	if err := s.administers(scopesToReadClients); err != nil {
		return model.Application{}, err
	}
	return byID(id, func(id access.GUID) (model.Application, bool, error) { return s.tx.Application(ctx, id) })
}

// byID reads one thing of the directory.
func byID[T any](text string, read func(id access.GUID) (T, bool, error)) (T, error) {
	id, err := access.ParseGUID(text)
	if err != nil {
		var none T
		return none, Invalidate(Violation{Field: FieldID, Message: fmt.Sprintf("The value '%s' is not valid.", text)})
	}
	one, ok, err := read(id)
	if err == nil && !ok {
		err = refuse(NotFound, "The entity was not found.")
	}
	return one, err
}

// pageOf narrows, sorts and cuts a list. The texts of a row are its id, its name, and what else is searched; keys name them in
// this order.
func pageOf[T any](q AccountQuery, all []T, texts func(T) []string, keys []string) AccountPage[T] {
	term := strings.ToLower(q.SearchTerm)
	rows := slices.DeleteFunc(all, func(one T) bool {
		// The id is no search term.
		return !slices.ContainsFunc(texts(one)[1:], func(text string) bool { return strings.Contains(strings.ToLower(text), term) })
	})
	by := slices.Index(keys, cmp.Or(q.SortBy, keys[1]))
	slices.SortFunc(rows, func(a, b T) int {
		left, right := texts(a), texts(b)
		order := cmp.Compare(strings.ToLower(left[by]), strings.ToLower(right[by]))
		if q.Descending {
			order = -order
		}
		return cmp.Or(order, cmp.Compare(left[0], right[0]))
	})
	from := min(q.Skip, len(rows))
	return AccountPage[T]{len(rows), rows[from:min(from+q.Top, len(rows))]}
}
