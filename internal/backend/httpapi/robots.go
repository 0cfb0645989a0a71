package httpapi

import (
	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

// robotBody is a robot account (contract 7.4).
type robotBody struct {
	ID            access.GUID   `json:"id"`
	Name          string        `json:"name"`
	DisplayName   string        `json:"displayName"`
	CreationTime  string        `json:"creationTime"`
	LastLoginTime *string       `json:"lastLoginTime"`
	GroupIDs      []access.GUID `json:"groupIds"`
}

func newRobotBody(r rules.RobotAccount) robotBody {
	return robotBody{
		ID: r.ID, Name: r.Name, DisplayName: r.DisplayName, CreationTime: model.FormatAccountTime(r.CreatedOn),
		GroupIDs: append([]access.GUID{}, r.GroupIDs...),
	}
}

// robotSortKeys are what a list of robot accounts can be sorted by, as for users.
var robotSortKeys = []choice[func(rules.RobotAccount) string]{
	{"id", func(r rules.RobotAccount) string { return r.ID.String() }},
	{"name", func(r rules.RobotAccount) string { return r.Name }},
	{"displayName", func(r rules.RobotAccount) string { return r.DisplayName }},
	{"creationTime", func(r rules.RobotAccount) string { return model.FormatAccountTime(r.CreatedOn) }},
}

func robotQuery(r *request) rules.AccountQuery[rules.RobotAccount] {
	return accountQuery(r, func(r rules.RobotAccount) string { return r.Name }, robotSortKeys)
}
