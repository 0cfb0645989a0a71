package store

import (
	"context"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

var robots = table[model.Robot]{
	"robots", "id, name, name_key, display_name, created_on",
	func(r *model.Robot) []any {
		return []any{&r.ID, &r.Name, keyColumn{&r.Name}, &r.DisplayName, timeColumn{&r.CreatedOn}}
	},
}

// Robot finds a robot account by id.
func (t *Tx) Robot(ctx context.Context, id access.GUID) (model.Robot, bool, error) {
	return first(robots.find(ctx, t, "WHERE id = $1", id))
}

// Robots returns the robot accounts by name.
func (t *Tx) Robots(ctx context.Context) ([]model.Robot, error) {
	return robots.find(ctx, t, "ORDER BY name_key")
}

// RobotNamed finds a robot account by name, in any case.
func (t *Tx) RobotNamed(ctx context.Context, name string) (model.Robot, bool, error) {
	return first(robots.find(ctx, t, "WHERE name_key = $1", strings.ToLower(name)))
}

// PutRobot creates a robot account, or gives the one with the same id another display name.
func (t *Tx) PutRobot(ctx context.Context, r model.Robot) error {
	return robots.put(ctx, t, r, "ON CONFLICT (id) DO UPDATE SET display_name = excluded.display_name")
}

// DeleteRobot deletes a robot account and takes it out of the groups that it is in. What was assigned to it stays.
func (t *Tx) DeleteRobot(ctx context.Context, id access.GUID) error {
	return t.deleteAccount(ctx, id, "DELETE FROM robots WHERE id = $1")
}
