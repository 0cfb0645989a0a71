package store

import (
	"context"
	"database/sql"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// User finds a user by id. One that was not added to the organization is not found.
func (t *Tx) User(ctx context.Context, id access.GUID) (model.User, bool, error) {
	return first(t.users(ctx, "WHERE id = $1 AND added = 1", id))
}

// Users returns the users that were added to the organization, by user name.
func (t *Tx) Users(ctx context.Context) ([]model.User, error) {
	return t.users(ctx, "WHERE added = 1 ORDER BY user_name_key")
}

// AllUsers returns the users by user name, those included that only the external directory has.
func (t *Tx) AllUsers(ctx context.Context) ([]model.User, error) {
	return t.users(ctx, "ORDER BY user_name_key")
}

func (t *Tx) users(ctx context.Context, which string, args ...any) ([]model.User, error) {
	return collect(ctx, t.tx, func(r *sql.Rows, u *model.User) error {
		return r.Scan(&u.ID, &u.UserName, &u.Email, &u.Name, &u.Surname, &u.DisplayName, &u.Active, &u.InvitationAccepted, &u.Source, &u.Added)
	}, "SELECT id, user_name, email, name, surname, display_name, active, invitation_accepted, source, added FROM users "+which, args...)
}

// DeleteUser deletes a user with its tokens and takes it out of the groups that it is in. What was assigned to it stays. Where
// it was the default caller, there is none afterwards.
func (t *Tx) DeleteUser(ctx context.Context, id access.GUID) error {
	if err := t.exec(ctx, "DELETE FROM group_members WHERE member_id = $1", id); err != nil {
		return err
	}
	if err := t.exec(ctx, "UPDATE organization SET default_caller = '' WHERE default_caller = $1", id); err != nil {
		return err
	}
	return t.exec(ctx, "DELETE FROM users WHERE id = $1", id)
}
