package httpapi

import (
	"encoding/json"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

// The parameters and members of settings (contract 7.9).
const (
	memberUserID       = "userId"
	memberKey          = "key"
	memberSettings     = "settings"
	memberSettingValue = "value"

	// maxSettings bounds how many settings one request names. The platform's own limit is not public.
	maxSettings = 1000
)

// settingBody is a setting (contract 7.9).
type settingBody struct {
	ID           int64        `json:"id"`
	Key          string       `json:"key"`
	Value        string       `json:"value"`
	Organization access.GUID  `json:"partitionGlobalId"`
	UserID       *access.GUID `json:"userId"`
}

func newSettingBody(s rules.Setting) settingBody {
	return settingBody{s.ID, s.Key, s.Value, s.OrganizationID, orNull(s.UserID)}
}

var settingMembers = memberNames{model.PartOrganization: memberPartition, model.PartKey: memberSettings}

func settingsQuery(r *request) rules.SettingsQuery {
	q := r.query(memberKey, memberUserID, memberPartition)
	r.memberOf = settingMembers.of
	if len(q.values[memberKey]) > maxSettings {
		q.wrongf(memberKey, "The parameter is given %d times; at most %d are read.", len(q.values[memberKey]), maxSettings)
	}
	return rules.SettingsQuery{Organization: q.guid(memberPartition), UserID: q.guid(memberUserID), Keys: q.values[memberKey]}
}

func settingsInput(r *request) rules.SettingsInput {
	r.query()
	b := r.body(memberSettings, memberPartition, memberUserID)
	b.memberOf = settingMembers.of
	b.required(memberSettings)
	in := rules.SettingsInput{Organization: deref(b.guid(memberPartition)), UserID: deref(b.guid(memberUserID))}
	settings := deref(member[[]map[string]json.RawMessage](b, memberSettings))
	for _, item := range b.items(memberSettings, settings, maxSettings, memberKey, memberSettingValue) {
		item.required(memberKey)
		in.Settings = append(in.Settings, rules.KeyValue{
			Key: deref(member[string](item, memberKey)), Value: deref(member[string](item, memberSettingValue)),
		})
	}
	return in
}
