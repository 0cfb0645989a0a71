package store

import (
	"context"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

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
