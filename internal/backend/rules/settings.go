package rules

import (
	"context"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// SettingsQuery asks for settings of a user, or of the organization where it names no user. Those that are not set are left out.
type SettingsQuery struct {
	Organization access.GUID
	UserID       access.GUID
	Keys         []string
}

// SettingsInput are the settings of a user to keep, or of the organization where it names no user. Others stay.
type SettingsInput struct {
	Organization access.GUID
	UserID       access.GUID
	Settings     []KeyValue
}

// Setting is a setting and the organization that it is kept in.
type Setting struct {
	model.Setting

	OrganizationID access.GUID
}

// KeyValue is a setting to keep.
type KeyValue struct{ Key, Value string }

// Settings returns the settings that a query asks for, by id.
func (s *Session) Settings(ctx context.Context, q SettingsQuery) ([]Setting, error) {
	if err := s.mayUseSettings(ctx, q.Organization, q.UserID, scopesToReadSettings); err != nil {
		return nil, err
	}
	return s.settings(ctx, q.UserID, q.Keys)
}

func (s *Session) settings(ctx context.Context, user access.GUID, keys []string) ([]Setting, error) {
	all, err := s.tx.SettingsOf(ctx, user)
	var found []Setting
	for _, one := range all {
		if slices.Contains(keys, one.Key) {
			found = append(found, Setting{one, s.organization.ID})
		}
	}
	return found, err
}

// PutSettings keeps settings, and returns what is kept under their keys.
func (s *Session) PutSettings(ctx context.Context, in SettingsInput) ([]Setting, error) {
	if err := s.mayUseSettings(ctx, in.Organization, in.UserID, scopesToWriteSettings); err != nil {
		return nil, err
	}
	keys := make([]string, len(in.Settings))
	for i, one := range in.Settings {
		keys[i] = one.Key
		if fault := textFault("key", one.Key); fault != "" || strings.TrimSpace(one.Key) == "" {
			return nil, invalid([]model.Violation{violationf(model.PartKey, "The value '%s' is not the key of a setting.", one.Key)})
		}
		if err := s.tx.PutIdentitySetting(ctx, model.Setting{UserID: in.UserID, Key: one.Key, Value: one.Value}); err != nil {
			return nil, err
		}
	}
	return s.settings(ctx, in.UserID, keys)
}

// mayUseSettings refuses callers who have nothing to do with some settings. Users look after their own. Those of others and of the
// organization are for those who administer it.
func (s *Session) mayUseSettings(ctx context.Context, organization, user access.GUID, scopes []string) error {
	if user == "" || user != s.callerID {
		if err := s.administers(scopes); err != nil {
			return err
		}
	}
	if err := s.checkOrganization(organization); err != nil || user == "" {
		return err
	}
	_, err := existing(s.tx.User(ctx, user))
	return err
}
