package uipath

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// Principal is somebody or something that can hold a role.
type Principal struct {
	ID   access.GUID
	Type access.PrincipalType
	// Name is what people are shown: the display name, else the e-mail address, else the name in the directory, else the user name.
	// It is never blank.
	Name string
	// UniqueName is what a configuration names the principal by: of a user the e-mail address, else the user name, else what people
	// are shown; of others the name. It is spelled as the server spells it and is never blank. External applications may share one.
	UniqueName string
	// UserName and Email are "" for what is no user.
	UserName string
	Email    string
	Source   access.PrincipalSource
	// Active and InvitationAccepted are true for what is no user, and where the server does not tell.
	Active             bool
	InvitationAccepted bool
	// Outside says that the account was found by its name in an external directory and is in no list of the organization: a grant may add it.
	Outside bool
}

// principalAnswer is a user, a group, a robot account or an external client; each has some of the members (contract 7.2 to 7.5).
type principalAnswer struct {
	ID                 string          `json:"id"`
	UserName           string          `json:"userName"`
	Name               string          `json:"name"`
	Surname            string          `json:"surname"`
	DisplayName        string          `json:"displayName"`
	Email              string          `json:"email"`
	Type               json.RawMessage `json:"type"`
	Category           json.RawMessage `json:"category"`
	IsActive           *bool           `json:"isActive"`
	InvitationAccepted *bool           `json:"invitationAccepted"`
}

// accountTypes and accountCategories are the words for which the server sends numbers, in that order (contract 7.2).
var (
	accountTypes      = []string{"user", "robot", "directoryUser", "directoryGroup", "robotAccount", "application"}
	accountCategories = []string{string(access.SourceLocal), string(access.SourceLinkedLocal), string(access.SourceDirectory)}
)

// principal converts to the package's own terms. It reports false for an account that is none of the type, because lists of users may hold
// accounts of another kind, and for one without GUID, which can hold no role.
func (a principalAnswer) principal(t access.PrincipalType) (Principal, bool) {
	p := Principal{ID: access.OptionalGUID(a.ID), Type: t, Source: access.SourceLocal, Active: true, InvitationAccepted: true}
	if p.ID == "" {
		return Principal{}, false
	}
	if t != access.PrincipalUser {
		p.Name = visible(a.DisplayName, a.Name, p.ID.String())
		p.UniqueName = p.Name
		if visible(a.Name) != "" {
			p.UniqueName = a.Name
		}
		return p, true
	}
	account := readCode(a.Type, accountTypes)
	if account != "" && !strings.EqualFold(account, "user") && !strings.EqualFold(account, "directoryUser") {
		return Principal{}, false
	}
	p.Email, p.UserName = strings.TrimSpace(a.Email), strings.TrimSpace(a.UserName)
	p.Name = visible(a.DisplayName, a.Email, strings.TrimSpace(a.Name)+" "+strings.TrimSpace(a.Surname), a.UserName, p.ID.String())
	p.UniqueName = firstOf(p.Email, p.UserName, p.Name)
	if category := readCode(a.Category, accountCategories); category != "" {
		p.Source = access.PrincipalSource(category)
	} else if strings.EqualFold(account, "directoryUser") {
		p.Source = access.SourceDirectory
	}
	p.Active = a.IsActive == nil || *a.IsActive
	p.InvitationAccepted = a.InvitationAccepted == nil || *a.InvitationAccepted
	return p, true
}

// visible returns the first name in which something can be seen, trimmed.
func visible(names ...string) string {
	for _, name := range names {
		if trimmed := rest.OneLine(name); trimmed != "" {
			return trimmed
		}
	}
	return ""
}

// readCode reads a word that the server may write as its number; "" where it is neither.
func readCode(raw json.RawMessage, words []string) string {
	var code *int
	if json.Unmarshal(raw, &code) == nil && code != nil && *code >= 0 && *code < len(words) {
		return words[*code]
	}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return ""
	}
	for _, word := range words {
		if strings.EqualFold(text, word) {
			return word
		}
	}
	return ""
}

// parsePrincipalPage reads a list of principals: a page, or a bare array, which is all of them.
func parsePrincipalPage(body []byte) (rest.Page[principalAnswer], error) {
	check := func(a principalAnswer) (principalAnswer, error) {
		if a.ID == "" {
			return a, errors.New("it lists an account without id")
		}
		return a, nil
	}
	if !bytes.HasPrefix(bytes.TrimSpace(body), []byte("[")) {
		return rest.ParsePage(body, check)
	}
	var all rest.Page[principalAnswer]
	if err := json.Unmarshal(body, &all.Results); err != nil {
		return rest.Page[principalAnswer]{}, err
	}
	total := len(all.Results)
	all.TotalCount = &total
	return rest.ConvertPage(all, check)
}
