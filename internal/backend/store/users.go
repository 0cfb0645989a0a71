package store

import (
	"context"
	"slices"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

var users = table[model.User]{
	"users", "id, user_name, user_name_key, email, name, surname, display_name, active, invitation_accepted, bypasses_basic_auth, source, added, " +
		"created_on, modified_on, legacy_id",
	func(u *model.User) []any {
		return []any{
			&u.ID, &u.UserName, keyColumn{&u.UserName}, &u.Email, &u.Name, &u.Surname, &u.DisplayName, &u.Active, &u.InvitationAccepted,
			&u.BypassesBasicAuth, &u.Source, &u.Added, timeColumn{&u.CreatedOn}, timeColumn{&u.ModifiedOn}, &u.LegacyID,
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

// PutUser creates a user, or replaces the one with the same id, whose user name, number, source and time of creation stay.
func (t *Tx) PutUser(ctx context.Context, u model.User) error {
	return users.put(ctx, t, u, `ON CONFLICT (id) DO UPDATE SET email = excluded.email, name = excluded.name, surname = excluded.surname,
    display_name = excluded.display_name, active = excluded.active, invitation_accepted = excluded.invitation_accepted,
    bypasses_basic_auth = excluded.bypasses_basic_auth, modified_on = excluded.modified_on`)
}

// DeleteUser deletes a user with its tokens and settings and takes it out of the groups that it is in and out of Orchestrator. What else was
// assigned to it stays. Where it was the default caller, there is none afterwards.
func (t *Tx) DeleteUser(ctx context.Context, id access.GUID) error {
	return t.deleteAccount(ctx, id, "DELETE FROM identity_settings WHERE user_id = $1", "DELETE FROM users WHERE id = $1")
}

// deleteAccount takes an account out of the groups that it is in and out of Orchestrator, and then runs the statements that delete it.
func (t *Tx) deleteAccount(ctx context.Context, id access.GUID, statements ...string) error {
	return t.execEach(ctx, id, slices.Concat([]string{
		"DELETE FROM group_members WHERE member_id = $1",
		"UPDATE organization SET default_caller = '' WHERE default_caller = $1",
	}, leaveOrchestrator(), statements)...)
}
