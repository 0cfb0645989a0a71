package httpapi

import (
	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

const (
	groupBuiltIn = 0
	groupCustom  = 1
)

// The members of a group in a request (contract 7.3).
const (
	memberPartition       = "partitionGlobalId"
	memberMembers         = "directoryUserMemberIDs"
	memberMembersToAdd    = "directoryUserIDsToAdd"
	memberMembersToRemove = "directoryUserIDsToRemove"
)

// groupBody is a group (contract 7.3).
type groupBody struct {
	ID                   access.GUID  `json:"id"`
	Name                 string       `json:"name"`
	DisplayName          string       `json:"displayName"`
	Type                 int          `json:"type"`
	CreationTime         string       `json:"creationTime"`
	LastModificationTime *string      `json:"lastModificationTime"`
	Members              []entityBody `json:"members"`
	MappedRole           *string      `json:"mappedRole"`
	Scope                *string      `json:"scope"`
}

// newGroupBody shows a group without its members, as the platform does in a list.
func newGroupBody(g model.Group) groupBody {
	b := groupBody{
		ID: g.ID, Name: g.Name, DisplayName: g.Name, Type: groupCustom, CreationTime: model.FormatAccountTime(g.CreatedOn),
		LastModificationTime: accountTime(g.ModifiedOn), Members: []entityBody{},
	}
	if g.BuiltIn {
		b.Type = groupBuiltIn
	}
	return b
}

func newGroupDetailsBody(g rules.GroupDetails) groupBody {
	b := newGroupBody(g.Group)
	b.Members = each(newEntityBody)(g.Principals)
	return b
}

// memberBody is a member of a group as the paged list shows it.
type memberBody struct {
	ID   access.GUID `json:"id"`
	Type int         `json:"type"`
}

func newMemberBody(p model.Principal) memberBody {
	code := accountUser
	switch {
	case p.Type == access.PrincipalGroup:
		code = accountDirectoryGroup
	case p.Type == access.PrincipalRobot:
		code = accountRobot
	case p.Type == access.PrincipalExternalApplication:
		code = accountApplication
	case p.Source == access.SourceDirectory:
		code = accountDirectoryUser
	}
	return memberBody{p.ID, code}
}

func membersQuery(r *request) rules.MembersQuery {
	return rules.MembersQuery{GroupID: r.id(), Paging: r.query("top", "skip").paging("", defaultAccounts, maxTop)}
}

// newGroupInput reads a group to create, whose id is in the body.
func newGroupInput(r *request) rules.GroupInput {
	r.query()
	b := r.body(memberPartition, memberID, memberAccountName, memberMembers)
	in := b.group(memberMembers)
	in.ID = deref(b.guid(memberID))
	return in
}

// groupChange reads what to change in a group, whose id is in the path.
func groupChange(r *request) rules.GroupInput {
	r.query()
	b := r.body(memberPartition, memberID, memberAccountName, memberMembersToAdd, memberMembersToRemove)
	in := b.group(memberMembersToAdd)
	in.ID, in.Remove = r.id(), b.guids(memberMembersToRemove)
	return in
}

// group reads what both have in common. The member toAdd lists those who are to become members.
func (b body) group(toAdd string) rules.GroupInput {
	b.memberOf = memberNames{
		model.PartID: memberID, model.PartOrganization: memberPartition, model.PartName: memberAccountName, model.PartMembers: toAdd,
	}.of
	return rules.GroupInput{
		Organization: deref(b.guid(memberPartition)), Name: member[string](b, memberAccountName), Add: b.guids(toAdd),
	}
}
