package uipath

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// heldAnswer is a row of a listing: a principal and what it holds (contract 4.1).
type heldAnswer struct {
	PrincipalID string             `json:"securityPrincipalId"`
	Type        string             `json:"type"`
	DisplayName string             `json:"displayName"`
	Email       string             `json:"email"`
	Source      string             `json:"source"`
	Assignments []assignmentAnswer `json:"roleAssignmentDtos"`
}

// assignmentAnswer is one assignment in a listing.
type assignmentAnswer struct {
	ID            string          `json:"id"`
	PrincipalID   string          `json:"securityPrincipalId"`
	PrincipalType json.RawMessage `json:"securityPrincipalType"`
	Type          string          `json:"type"`
	Scope         string          `json:"scope"`
	RoleID        string          `json:"roleId"`
	RoleName      string          `json:"roleName"`
	RoleType      string          `json:"roleType"`
	CreatedBy     string          `json:"createdBy"`
	CreatedOn     string          `json:"createdOn"`
	Inherited     bool            `json:"inherited"`
	Mutable       *bool           `json:"mutable"`
}

// directoryTypes are the words of the listing for what a principal is (contract 4.1).
var directoryTypes = map[string]access.PrincipalType{
	"directoryuser": access.PrincipalUser, "directorygroup": access.PrincipalGroup,
	"directoryrobotuser": access.PrincipalRobot, "directoryapplication": access.PrincipalExternalApplication,
}

// principalCodes are the numbers that may stand for a principal type (contract 4.3).
var principalCodes = []access.PrincipalType{
	access.PrincipalUser, access.PrincipalGroup, access.PrincipalExternalApplication, access.PrincipalRobot,
}

// heldRoles is a principal and what it holds.
type heldRoles struct {
	principalID string
	assignments []Assignment
}

// merge joins two rows of the same principal; an assignment that both have is kept once.
func (h heldRoles) merge(again heldRoles) heldRoles {
	for _, a := range again.assignments {
		if !slices.ContainsFunc(h.assignments, func(known Assignment) bool { return known.ID == a.ID }) {
			h.assignments = append(h.assignments, a)
		}
	}
	return h
}

// readAssignmentPage reads a page of a listing.
func readAssignmentPage(body []byte) (page[heldRoles], error) {
	var answer page[heldAnswer]
	if err := json.Unmarshal(body, &answer); err != nil {
		return page[heldRoles]{}, err
	}
	if answer.TotalCount == nil && answer.Results == nil {
		return page[heldRoles]{}, errors.New("it is no page of a list")
	}
	rows := make([]heldRoles, len(answer.Results))
	for i, row := range answer.Results {
		held, err := row.held()
		if err != nil {
			return page[heldRoles]{}, err
		}
		rows[i] = held
	}
	return page[heldRoles]{TotalCount: answer.TotalCount, Results: rows}, nil
}

// held converts to the package's own terms. An assignment at a scope that cannot be read, such as that of an app, is left out:
// it is none of those that can be asked for.
func (a heldAnswer) held() (heldRoles, error) {
	if !access.IsGUID(a.PrincipalID) {
		return heldRoles{}, fmt.Errorf("it lists a principal with the id %q, which is no GUID", oneLine(a.PrincipalID))
	}
	row := heldRoles{principalID: access.CanonicalGUID(a.PrincipalID)}
	for _, answer := range a.Assignments {
		if !access.IsGUID(answer.ID) || !access.IsGUID(answer.RoleID) {
			return heldRoles{}, fmt.Errorf("it lists an assignment with the id %q of the role %q, which are not two GUIDs",
				oneLine(answer.ID), oneLine(answer.RoleID))
		}
		scope, err := access.ParseScope(answer.Scope)
		if err != nil {
			continue
		}
		held := answer.assignment()
		held.Key = AssignmentKey{access.CanonicalGUID(answer.RoleID), row.principalID, scope}
		held.PrincipalName, held.PrincipalEmail, held.PrincipalSource = a.DisplayName, a.Email, a.Source
		// The directory's word is the better one: robots may be written as users (contract 4.3).
		if known, ok := directoryTypes[strings.ToLower(a.Type)]; ok {
			held.PrincipalType = known
		}
		row.assignments = append(row.assignments, held)
	}
	return row, nil
}

// assignment converts all but the key.
func (a assignmentAnswer) assignment() Assignment {
	return Assignment{
		ID: access.CanonicalGUID(a.ID), PrincipalType: readPrincipalType(a.PrincipalType), RoleName: a.RoleName,
		RoleType: readRoleType(a.RoleType), Type: string(readRoleType(a.Type)), Mutable: a.Mutable == nil || *a.Mutable, Inherited: a.Inherited,
		CreatedBy: access.CanonicalGUID(a.CreatedBy), CreatedOn: readTime(a.CreatedOn),
	}
}

// readPrincipalType reads a principal type, a word or a number; the server's own where it is neither.
func readPrincipalType(raw json.RawMessage) access.PrincipalType {
	var code *int
	if json.Unmarshal(raw, &code) == nil && code != nil && *code >= 0 && *code < len(principalCodes) {
		return principalCodes[*code]
	}
	var word string
	if json.Unmarshal(raw, &word) != nil {
		return access.PrincipalType(oneLine(string(raw)))
	}
	if known, err := access.ParsePrincipalType(word); err == nil {
		return known
	}
	return access.PrincipalType(oneLine(word))
}

// readTime reads a time as the server writes it (contract 3.2). A time in another form counts as not told: it is no reason to
// refuse a whole list.
func readTime(text string) time.Time {
	read, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}
	}
	return read.UTC()
}

// assignmentsPatch is the body of a change. Both arrays must be there, even if empty (contract 4.3).
type assignmentsPatch struct {
	Add    []assignmentAdd `json:"roleAssignmentsToAdd"`
	Delete []string        `json:"roleAssignmentsToDelete"`
}

type assignmentAdd struct {
	RoleID        string `json:"roleId"`
	PrincipalID   string `json:"securityPrincipalId"`
	PrincipalType string `json:"securityPrincipalType"`
	Scope         string `json:"scope"`
}

// changesBody is the body that carries out several changes.
func changesBody(items []*change) ([]byte, error) {
	body := assignmentsPatch{Add: []assignmentAdd{}, Delete: []string{}}
	for _, item := range items {
		for _, g := range item.add {
			body.Add = append(body.Add, assignmentAdd{g.Key.RoleID, g.Key.PrincipalID, string(g.PrincipalType), g.Key.Scope.String()})
		}
		for _, a := range item.remove {
			body.Delete = append(body.Delete, a.ID)
		}
	}
	return json.Marshal(body)
}
