package store

import (
	"context"
	"database/sql"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// Robot finds a robot account by id.
func (t *Tx) Robot(ctx context.Context, id access.GUID) (model.Robot, bool, error) {
	return first(t.robots(ctx, "WHERE id = $1", id))
}

// Robots returns the robot accounts by name.
func (t *Tx) Robots(ctx context.Context) ([]model.Robot, error) {
	return t.robots(ctx, "ORDER BY name_key")
}

func (t *Tx) robots(ctx context.Context, which string, args ...any) ([]model.Robot, error) {
	return collect(ctx, t.tx, func(r *sql.Rows, one *model.Robot) error {
		return r.Scan(&one.ID, &one.Name, &one.DisplayName)
	}, "SELECT id, name, display_name FROM robots "+which, args...)
}

func (t *Tx) addRobot(ctx context.Context, r model.Robot) error {
	return t.exec(ctx, "INSERT INTO robots (id, name, name_key, display_name) VALUES ($1, $2, $3, $4)",
		r.ID, r.Name, strings.ToLower(r.Name), r.DisplayName)
}
