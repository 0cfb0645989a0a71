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

// memberRobotIDs lists robot accounts to delete.
const memberRobotIDs = "robotAccountIDs"

// robotInput reads a robot account to create. An id is in the documentation only (contract 7.8-1).
func robotInput(r *request) rules.RobotInput {
	r.query()
	b := r.body(memberPartition, memberID, memberAccountName, memberDisplayName, memberJoin)
	in := b.robot()
	in.ID = deref(b.guid(memberID))
	return in
}

// robotChange reads what to change in a robot account, whose id is in the path.
func robotChange(r *request) rules.RobotInput {
	r.query()
	b := r.body(memberPartition, memberAccountName, memberDisplayName, memberJoin, memberLeave)
	in := b.robot()
	in.ID, in.Leave = r.id(), b.guids(memberLeave)
	return in
}

// robot reads what both have in common.
func (b body) robot() rules.RobotInput {
	b.memberOf = memberNames{
		model.PartOrganization: memberPartition, model.PartName: memberAccountName, model.PartDisplayName: memberDisplayName, model.PartGroups: memberJoin,
	}.of
	return rules.RobotInput{
		Organization: b.guid(memberPartition), Name: member[string](b, memberAccountName), DisplayName: member[string](b, memberDisplayName),
		Join: b.guids(memberJoin),
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
