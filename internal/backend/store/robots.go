package store

import (
	"context"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

var robots = table[model.Robot]{
	"robots", "id, name, name_key, display_name",
	func(r *model.Robot) []any { return []any{&r.ID, &r.Name, keyColumn{&r.Name}, &r.DisplayName} },
}

// Robot finds a robot account by id.
func (t *Tx) Robot(ctx context.Context, id access.GUID) (model.Robot, bool, error) {
	return first(robots.find(ctx, t, "WHERE id = $1", id))
}

// Robots returns the robot accounts by name.
func (t *Tx) Robots(ctx context.Context) ([]model.Robot, error) {
	return robots.find(ctx, t, "ORDER BY name_key")
}
