package httpapi

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

// The members of users in a request (contract 7.7).
const (
	memberUserName     = "userName"
	memberEmail        = "email"
	memberAccountName  = "name"
	memberSurname      = "surname"
	memberDisplayName  = "displayName"
	memberActive       = "isActive"
	memberBypass       = "bypassBasicAuthRestriction" //nolint:gosec // It is the name of a member.
	memberAccepted     = "invitationAccepted"
	memberAccountType  = "type"
	memberUsers        = "users"
	memberUserIDs      = "userIds"
	memberGroupIDs     = "groupIDs"
	memberJoin         = "groupIDsToAdd"
	memberLeave        = "groupIDsToRemove"
	memberRedirect     = "redirectUrl"
	memberPassword     = "password"
	memberCheck        = "validatePassword"
	memberLegacyID     = "legacyId"
	memberLogins       = "userLogins"
	memberLanguage     = "language"
	memberMoreToPut    = "extensionUserAttributesToAddOrUpdate"
	memberMoreToRemove = "extensionUserAttributesToRemove"
)

// newUserMembers are the members of a user to create.
var newUserMembers = []string{
	memberID, memberUserName, memberEmail, memberAccountName, memberSurname, memberDisplayName, memberAccountType, memberBypass, memberAccepted,
	memberLegacyID,
}

// identityResult says whether users were written (contract 7.2-15).
type identityResult struct {
	Succeeded bool            `json:"succeeded"`
	Errors    []rejectionBody `json:"errors"`
}

type rejectionBody struct {
	Code        string `json:"code"`
	Description string `json:"description"`
}

func succeeded[O any](O) identityResult {
	return identityResult{Succeeded: true, Errors: []rejectionBody{}}
}

// createdUsersBody is what became of users to create.
type createdUsersBody struct {
	Result identityResult `json:"result"`
	Users  []userBody     `json:"users"`
}

func newCreatedUsersBody(users []rules.UserAccount) createdUsersBody {
	return createdUsersBody{succeeded(users), each(newUserBody)(users)}
}

// invitedUsersBody is what became of invitations.
type invitedUsersBody struct {
	Result identityResult    `json:"result"`
	Users  []invitedUserBody `json:"users"`
}

type invitedUserBody struct {
	Email    string      `json:"email"`
	ID       access.GUID `json:"id"`
	ErrorMsg *string     `json:"errorMsg"`
	Success  bool        `json:"success"`
}

func newInvitedUsersBody(users []rules.Invited) invitedUsersBody {
	return invitedUsersBody{succeeded(users), each(func(u rules.Invited) invitedUserBody {
		return invitedUserBody{u.Email, u.ID, orNull(u.Fault), u.Fault == ""}
	})(users)}
}

// rejecting answers with the identity service's own result where users are rejected.
func rejecting[B any](status int, handle handler, body func(identityResult) B) handler {
	return func(r *http.Request) (reply, error) {
		out, err := handle(r)
		failed, ok := errors.AsType[*rules.RejectedError](err)
		if !ok {
			return out, err
		}
		out, err = jsonReply(body(identityResult{Errors: each(func(r rules.Rejection) rejectionBody { return rejectionBody(r) })(failed.Rejections)}))
		out.status = status
		return out, err
	}
}

func asItIs(result identityResult) identityResult { return result }

func withoutUsers(result identityResult) createdUsersBody {
	return createdUsersBody{result, []userBody{}}
}

// userChange reads what to change in a user. A password is read and not kept, because nobody signs in with one here.
func userChange(r *request) rules.UserChange {
	r.query()
	b := r.body(memberAccountName, memberSurname, memberDisplayName, memberEmail, memberActive, memberBypass, memberAccepted, memberPassword,
		memberJoin, memberLeave, memberMoreToPut, memberMoreToRemove)
	b.unsupported(memberMoreToPut, memberMoreToRemove)
	member[string](b, memberPassword)
	return rules.UserChange{
		ID: r.id(), Name: member[string](b, memberAccountName), Surname: member[string](b, memberSurname),
		DisplayName: member[string](b, memberDisplayName), Email: member[string](b, memberEmail), Active: member[bool](b, memberActive),
		Bypass: member[bool](b, memberBypass), InvitationAccepted: member[bool](b, memberAccepted),
		Join: b.guids(memberJoin), Leave: b.guids(memberLeave),
	}
}

// newUser reads the one user of a request to create it.
func newUser(r *request) rules.NewUsers {
	r.query()
	b := r.body(append([]string{memberPartition, memberGroupIDs, memberPassword, memberCheck, memberLogins}, newUserMembers...)...)
	b.unsupported(memberLogins)
	member[string](b, memberPassword)
	member[bool](b, memberCheck)
	return b.newUsers(b.newUser())
}

// newUsers reads users to create at once.
func newUsers(r *request) rules.NewUsers {
	r.query()
	b := r.body(memberUsers, memberPartition, memberGroupIDs)
	b.required(memberUsers)
	var users []rules.NewUser
	for _, item := range b.items(memberUsers, deref(member[[]map[string]json.RawMessage](b, memberUsers)), rules.MaxAccounts, newUserMembers...) {
		users = append(users, item.newUser())
	}
	return b.newUsers(users...)
}

// newUsers reads what is said of all users to create.
func (b body) newUsers(users ...rules.NewUser) rules.NewUsers {
	b.memberOf = memberNames{model.PartOrganization: memberPartition}.of
	return rules.NewUsers{
		Organization: deref(b.guid(memberPartition)), Users: users, GroupIDs: b.guids(memberGroupIDs),
	}
}

// newUser reads a user to create.
func (b body) newUser() rules.NewUser {
	u := rules.NewUser{
		ID: deref(b.guid(memberID)), UserName: deref(member[string](b, memberUserName)), Email: deref(member[string](b, memberEmail)),
		Name: deref(member[string](b, memberAccountName)), Surname: deref(member[string](b, memberSurname)),
		DisplayName: deref(member[string](b, memberDisplayName)), BypassesBasicAuth: deref(member[bool](b, memberBypass)),
	}
	if legacy := member[int64](b, memberLegacyID); legacy != nil {
		if u.LegacyID = *legacy; u.LegacyID <= 0 || u.LegacyID > model.MaxNumber {
			b.wrongf(memberLegacyID, "The value %d is out of range: it is from 1 to %d.", u.LegacyID, model.MaxNumber)
		}
	}
	if accepted := member[bool](b, memberAccepted); accepted != nil {
		u.InvitationNotAccepted = !*accepted
	}
	if u.Email != "" && !rules.IsEmail(u.Email) {
		// The text is the platform's own (contract 7.7-1).
		b.wrongf(memberEmail, "The field Email is invalid.")
	}
	switch kind := strings.ToLower(string(b.members[memberAccountType])); kind {
	case "", `"user"`, "0", `"0"`:
	default:
		b.wrongf(memberAccountType, "The value %s is not valid: only accounts of the type user are created here.", kind)
	}
	return u
}

// invitations reads whom to invite.
func invitations(r *request) []rules.Invitation {
	r.query()
	var all []rules.Invitation
	for _, b := range r.list(rules.MaxAccounts, memberEmail, memberRedirect, memberAccountName, memberSurname, memberLanguage, memberGroupIDs) {
		b.required(memberEmail)
		member[string](b, memberLanguage)
		all = append(all, rules.Invitation{
			Email: deref(member[string](b, memberEmail)), Name: deref(member[string](b, memberAccountName)),
			Surname: deref(member[string](b, memberSurname)), GroupIDs: b.guids(memberGroupIDs),
			RedirectsHere: redirectsHere(r.Host, deref(member[string](b, memberRedirect))),
		})
	}
	return all
}

// redirectsHere reports whether an invitation leads to the page of this server where it is accepted (contract 7.7-5).
func redirectsHere(host, text string) bool {
	to, err := url.Parse(text)
	return err == nil && strings.EqualFold(to.Host, host) && strings.HasSuffix(to.Path, "/portal_/acceptInvite")
}

// userDeletion reads which users to delete.
func userDeletion(r *request) rules.UserDeletion {
	r.query()
	b := r.body(memberPartition, memberUserIDs)
	b.memberOf = memberNames{model.PartOrganization: memberPartition}.of
	b.required(memberUserIDs)
	return rules.UserDeletion{Organization: deref(b.guid(memberPartition)), IDs: b.guids(memberUserIDs)}
}

// deletion reads a body that lists what to delete, where the path names the organization.
func deletion(name string) func(*request) []access.GUID {
	return func(r *request) []access.GUID {
		r.query()
		b := r.body(name)
		b.required(name)
		return b.guids(name)
	}
}
