package store

import (
	"context"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

var users = table[model.User]{
	"users", "id, user_name, user_name_key, email, name, surname, display_name, active, invitation_accepted, source, added",
	func(u *model.User) []any {
		return []any{
			&u.ID, &u.UserName, keyColumn{&u.UserName}, &u.Email, &u.Name, &u.Surname, &u.DisplayName, &u.Active, &u.InvitationAccepted, &u.Source, &u.Added,
		}
	},
}

// User finds a user by id. One that was not added to the organization is not found.
func (t *Tx) User(ctx context.Context, id access.GUID) (model.User, bool, error) {
	return first(users.find(ctx, t, "WHERE id = $1 AND added = 1", id))
}

// Users returns the users that were added to the organization, by user name.
func (t *Tx) Users(ctx context.Context) ([]model.User, error) {
	return users.find(ctx, t, "WHERE added = 1 ORDER BY user_name_key")
}

// AllUsers returns the users by user name, those included that only the external directory has.
func (t *Tx) AllUsers(ctx context.Context) ([]model.User, error) {
	return users.find(ctx, t, "ORDER BY user_name_key")
}

// DeleteUser deletes a user with its tokens and takes it out of the groups that it is in. What was assigned to it stays. Where
// it was the default caller, there is none afterwards.
func (t *Tx) DeleteUser(ctx context.Context, id access.GUID) error {
	return t.execEach(ctx, id,
		"DELETE FROM group_members WHERE member_id = $1",
		"UPDATE organization SET default_caller = '' WHERE default_caller = $1",
		"DELETE FROM users WHERE id = $1")
}
