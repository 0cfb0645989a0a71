package httpapi

import (
	"strconv"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

// Codes of accounts (contract 7.2). The platform sends numbers where its own description has names.
const (
	accountUser           = 0
	accountDirectoryUser  = 2
	accountDirectoryGroup = 3
	accountRobot          = 4
	accountApplication    = 5

	categoryLocal     = 0
	categoryDirectory = 2
)

// defaultAccounts is the page of users, robot accounts and members where top is left out (contract 7.2).
const defaultAccounts = 10

// userBody is a user (contract 7.2). Nobody signs in here with a page, so the last login is null.
type userBody struct {
	ID                   access.GUID   `json:"id"`
	UserName             string        `json:"userName"`
	Email                string        `json:"email"`
	EmailConfirmed       bool          `json:"emailConfirmed"`
	Name                 string        `json:"name"`
	Surname              string        `json:"surname"`
	DisplayName          string        `json:"displayName"`
	CreationTime         string        `json:"creationTime"`
	LastModificationTime *string       `json:"lastModificationTime"`
	LastLoginTime        *string       `json:"lastLoginTime"`
	GroupIDs             []access.GUID `json:"groupIDs"`
	LegacyID             int64         `json:"legacyId"`
	IsActive             bool          `json:"isActive"`
	BypassRestriction    bool          `json:"bypassBasicAuthRestriction"`
	Type                 int           `json:"type"`
	Category             int           `json:"category"`
	InvitationAccepted   bool          `json:"invitationAccepted"`
}

func newUserBody(u rules.UserAccount) userBody {
	b := userBody{
		ID: u.ID, UserName: u.UserName, Email: u.Email, EmailConfirmed: u.InvitationAccepted, Name: u.Name, Surname: u.Surname,
		DisplayName: u.DisplayName, CreationTime: model.FormatAccountTime(u.CreatedOn), LastModificationTime: accountTime(u.ModifiedOn),
		GroupIDs: u.GroupIDs, LegacyID: u.LegacyID, IsActive: u.Active, BypassRestriction: u.BypassesBasicAuth,
		InvitationAccepted: u.InvitationAccepted, Type: accountUser, Category: categoryLocal,
	}
	if len(u.GroupIDs) == 0 {
		b.GroupIDs = nil // In no group is null, also for a user that was just made (contract 7.2-5).
	}
	if u.Source == access.SourceDirectory {
		b.Type, b.Category = accountDirectoryUser, categoryDirectory
	}
	return b
}

// accountTime spells a time of an account, and is null for what never happened.
func accountTime(at time.Time) *string {
	if at.IsZero() {
		return nil
	}
	text := model.FormatAccountTime(at)
	return &text
}

// userSortKeys are what a list of users can be sorted by (contract 7.2-9).
var userSortKeys = []choice[func(rules.UserAccount) string]{
	{"Id", func(u rules.UserAccount) string { return u.ID.String() }},
	{"UserName", func(u rules.UserAccount) string { return u.UserName }},
	{"Email", func(u rules.UserAccount) string { return u.Email }},
	{"EmailConfirmed", func(u rules.UserAccount) string { return strconv.FormatBool(newUserBody(u).EmailConfirmed) }},
	{"Name", func(u rules.UserAccount) string { return u.Name }},
	{"Surname", func(u rules.UserAccount) string { return u.Surname }},
	{"DisplayName", func(u rules.UserAccount) string { return u.DisplayName }},
	{"CreationTime", func(u rules.UserAccount) string { return model.FormatAccountTime(u.CreatedOn) }},
	{"LastModificationTime", func(u rules.UserAccount) string { return deref(accountTime(u.ModifiedOn)) }},
	{"LastLoginTime", func(u rules.UserAccount) string { return deref(newUserBody(u).LastLoginTime) }},
	{"IsActive", func(u rules.UserAccount) string { return strconv.FormatBool(u.Active) }},
	{"Type", func(u rules.UserAccount) string { return strconv.Itoa(newUserBody(u).Type) }},
	{"Category", func(u rules.UserAccount) string { return strconv.Itoa(newUserBody(u).Category) }},
	{"InvitationAccepted", func(u rules.UserAccount) string { return strconv.FormatBool(u.InvitationAccepted) }},
}

func userQuery(r *request) rules.AccountQuery[rules.UserAccount] {
	return accountQuery(r, func(u rules.UserAccount) string { return u.UserName }, userSortKeys)
}

// accountQuery reads what lists of accounts are asked for with. Without another wish they are sorted by name.
func accountQuery[T any](r *request, byName func(T) string, keys []choice[func(T) string]) rules.AccountQuery[T] {
	q := r.query("searchTerm", "top", "skip", "sortBy", "sortOrder")
	return rules.AccountQuery[T]{
		SearchTerm: q.text("searchTerm"),
		Order:      rules.Order[T]{By: oneOf(q, "sortBy", byName, keys), Descending: oneOf(q, "sortOrder", false, descending)},
		Paging:     q.paging("", defaultAccounts, maxTop),
	}
}
