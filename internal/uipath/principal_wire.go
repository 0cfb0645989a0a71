package uipath

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

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
	accountCategories = []string{SourceLocal, SourceLinkedLocal, SourceDirectory}
)

// principal converts to the package's own terms. It reports false for an account that is none of the type: lists of users may hold
// accounts of another kind.
func (a principalAnswer) principal(t access.PrincipalType) (Principal, bool) {
	p := Principal{ID: access.CanonicalGUID(a.ID), Type: t, Source: SourceLocal, Active: true, InvitationAccepted: true}
	if t != access.PrincipalUser {
		p.Name = visible(a.DisplayName, a.Name, p.ID)
		return p, true
	}
	account := readCode(a.Type, accountTypes)
	if account != "" && !strings.EqualFold(account, "user") && !strings.EqualFold(account, "directoryUser") {
		return Principal{}, false
	}
	p.Email = strings.TrimSpace(a.Email)
	p.Name = visible(a.DisplayName, a.Email, strings.TrimSpace(a.Name)+" "+strings.TrimSpace(a.Surname), a.UserName, p.ID)
	if category := readCode(a.Category, accountCategories); category != "" {
		p.Source = category
	} else if strings.EqualFold(account, "directoryUser") {
		p.Source = SourceDirectory
	}
	p.Active = a.IsActive == nil || *a.IsActive
	p.InvitationAccepted = a.InvitationAccepted == nil || *a.InvitationAccepted
	return p, true
}

// visible returns the first name in which something can be seen, trimmed.
func visible(names ...string) string {
	for _, name := range names {
		if trimmed := oneLine(name); trimmed != "" {
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

// readPrincipalPage reads a list of principals: a page, or a bare array, which is all of them.
func readPrincipalPage(body []byte) (page[principalAnswer], error) {
	var answer page[principalAnswer]
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("[")) {
		if err := json.Unmarshal(body, &answer.Results); err != nil {
			return page[principalAnswer]{}, err
		}
		total := len(answer.Results)
		answer.TotalCount = &total
	} else if err := json.Unmarshal(body, &answer); err != nil {
		return page[principalAnswer]{}, err
	}
	if answer.TotalCount == nil && answer.Results == nil {
		return page[principalAnswer]{}, errors.New("it is no list")
	}
	for _, row := range answer.Results {
		if row.ID == "" {
			return page[principalAnswer]{}, errors.New("it lists an account without id")
		}
	}
	return answer, nil
}
