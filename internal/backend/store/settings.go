package store

import (
	"context"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// identitySettings are the settings of users and of the organization. What the backend itself keeps is in another table.
var identitySettings = table[model.Setting]{
	"identity_settings", "id, user_id, setting_key, value",
	func(s *model.Setting) []any { return []any{&s.ID, &s.UserID, &s.Key, &s.Value} },
}

// SettingsOf returns the settings of a user, or those of the organization where the id is empty, by id.
func (t *Tx) SettingsOf(ctx context.Context, userID access.GUID) ([]model.Setting, error) {
	return identitySettings.find(ctx, t, "WHERE user_id = $1 ORDER BY id", userID)
}

// AllSettings returns the settings of everybody and of the organization, by id.
func (t *Tx) AllSettings(ctx context.Context) ([]model.Setting, error) {
	return identitySettings.find(ctx, t, "ORDER BY id")
}

// PutIdentitySetting keeps a value under a key. A new setting gets an id: one more than the greatest of all settings.
func (t *Tx) PutIdentitySetting(ctx context.Context, s model.Setting) error {
	var err error
	if s.ID, err = t.nextNumber(ctx, identitySettings.name); err != nil {
		return err
	}
	return identitySettings.put(ctx, t, s, "ON CONFLICT (user_id, setting_key) DO UPDATE SET value = excluded.value")
}

// nextNumber returns one more than the greatest id of a table.
func (t *Tx) nextNumber(ctx context.Context, table string) (int64, error) {
	next, _, err := first(column[int64](ctx, t, "SELECT COALESCE(MAX(id), 0) + 1 FROM "+table))
	return next, err
}
