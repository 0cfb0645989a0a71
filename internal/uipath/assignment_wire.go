package uipath

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

const (
	// largePage and smallPage are numbers of principals on a page: what the newest public client asks for, and what every source
	// agrees that the server gives (contract 4.1).
	largePage, smallPage = 100, 10
	// parallelPages is how many pages of a listing are asked for at the same time.
	parallelPages = 4
)

// listAssignments asks the server, whose rows are principals with all that they hold (contract 4.1). What is asked for at exactly a
// scope is not filtered by service: that would hide assignments without effect (contract 4.2). Large pages are asked for until the
// server refuses one and gives a small one.
func (a *api) listAssignments(ctx context.Context, q assignmentQuestion) ([]Assignment, error) {
	if a.smallPages.Load() {
		return a.listAssignmentPages(ctx, q, smallPage)
	}
	found, err := a.listAssignmentPages(ctx, q, largePage)
	if refused, ok := errors.AsType[*Error](err); ok && refused.Status == http.StatusBadRequest {
		// Perhaps for the size of its pages.
		if found, err := a.listAssignmentPages(ctx, q, smallPage); err == nil {
			a.smallPages.Store(true)
			return found, nil
		}
	}
	return found, err
}

func (a *api) listAssignmentPages(ctx context.Context, q assignmentQuestion, size int) ([]Assignment, error) {
	operation := "list role assignments at " + q.scope.String()
	filter := url.Values{"scope": {q.scope.String()}, "noInheritance": {strconv.FormatBool(!q.wide)}, "top": {strconv.Itoa(size)}}
	if q.principal != "" {
		filter.Set("securityPrincipalId", q.principal.String())
	}
	if q.service != "" {
		filter.Set("serviceName", q.service)
	}
	rows, err := rest.Listing[heldRoles]{
		Operation: operation, Parallel: parallelPages, Hint: !q.wide,
		ID: func(h heldRoles) string { return h.principalID.String() }, Merge: heldRoles.merge,
		Read: func(ctx context.Context, skip int) (rest.Page[heldRoles], error) {
			query := maps.Clone(filter)
			query.Set("skip", strconv.Itoa(skip))
			return rest.FetchPage(ctx, a.rest, rest.Request{
				Operation: operation, Method: http.MethodGet, Path: a.path("/userroleassignments"), Query: query,
			}, parseHeldPage)
		},
	}.All(ctx)
	if rows == nil {
		return nil, err
	}
	assignments := []Assignment{}
	for _, row := range rows {
		assignments = append(assignments, row.assignments...)
	}
	return assignments, err
}

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

// principalCodes are the numbers that may stand for a principal type. 0, 1 and 2 are in use (contract 4.3-4); 3 for a robot follows from the
// order of an enumeration in the SDK (4.3-5).
var principalCodes = []access.PrincipalType{
	access.PrincipalUser, access.PrincipalGroup, access.PrincipalExternalApplication, access.PrincipalRobot,
}

// heldRoles is a principal and what it holds.
type heldRoles struct {
	principalID access.GUID
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

// parseHeldPage reads a page of a listing.
func parseHeldPage(body []byte) (rest.Page[heldRoles], error) {
	return rest.ParsePage(body, heldAnswer.held)
}

// held converts to the package's own terms. An assignment at a scope that cannot be read, such as that of an app, is left out:
// it is none of those that can be asked for.
func (a heldAnswer) held() (heldRoles, error) {
	principal, err := access.ParseGUID(a.PrincipalID)
	if err != nil {
		return heldRoles{}, fmt.Errorf("it lists a principal whose id %w", err)
	}
	row := heldRoles{principalID: principal}
	for _, answer := range a.Assignments {
		held, err := answer.assignment()
		if err != nil {
			return heldRoles{}, err
		}
		if held.Key.Scope, err = access.ParseScope(answer.Scope); err != nil {
			continue
		}
		held.Key.PrincipalID = principal
		held.PrincipalName, held.PrincipalEmail, held.PrincipalSource = a.DisplayName, a.Email, access.PrincipalSource(a.Source)
		// The directory's word is the better one: robots may be written as users (contract 4.3).
		if known, ok := directoryTypes[strings.ToLower(a.Type)]; ok {
			held.PrincipalType = known
		}
		row.assignments = append(row.assignments, held)
	}
	return row, nil
}

// assignment converts all but principal and scope. What is inherited cannot be removed where it was asked for; whether it can be where
// it was made follows from who made it.
func (a assignmentAnswer) assignment() (Assignment, error) {
	id, err := access.ParseGUID(a.ID)
	if err != nil {
		return Assignment{}, fmt.Errorf("it lists an assignment whose id %w", err)
	}
	role, err := access.ParseGUID(a.RoleID)
	if err != nil {
		return Assignment{}, fmt.Errorf("it lists an assignment of a role whose id %w", err)
	}
	made := Assignment{
		Key: AssignmentKey{RoleID: role}, ID: id, PrincipalType: readPrincipalType(a.PrincipalType), RoleName: a.RoleName,
		RoleType: readRoleType(a.RoleType), Type: access.ReadAssignmentType(a.Type), Mutable: a.Mutable == nil || *a.Mutable,
		CreatedBy: access.OptionalGUID(a.CreatedBy), CreatedOn: readTime(a.CreatedOn),
	}
	if a.Inherited {
		made.Mutable = made.Type != access.AssignmentBuiltIn
	}
	return made, nil
}

// readPrincipalType reads a principal type, a word or a number; the server's own where it is neither.
func readPrincipalType(raw json.RawMessage) access.PrincipalType {
	var code *int
	if json.Unmarshal(raw, &code) == nil && code != nil && *code >= 0 && *code < len(principalCodes) {
		return principalCodes[*code]
	}
	var word string
	if json.Unmarshal(raw, &word) != nil {
		return access.PrincipalType(rest.OneLine(string(raw)))
	}
	if known, err := access.ParsePrincipalType(word); err == nil {
		return known
	}
	return access.PrincipalType(rest.OneLine(word))
}

// assignmentsPatch is the body of a change. Both arrays must be there, even if empty (contract 4.3).
type assignmentsPatch struct {
	Add    []assignmentAdd `json:"roleAssignmentsToAdd"`
	Delete []access.GUID   `json:"roleAssignmentsToDelete"`
}

type assignmentAdd struct {
	RoleID        access.GUID          `json:"roleId"`
	PrincipalID   access.GUID          `json:"securityPrincipalId"`
	PrincipalType access.PrincipalType `json:"securityPrincipalType"`
	Scope         string               `json:"scope"`
}

// changesBody is the body that carries out several changes.
func changesBody(items []*change) ([]byte, error) {
	body := assignmentsPatch{Add: []assignmentAdd{}, Delete: []access.GUID{}}
	for _, item := range items {
		for _, g := range item.add {
			body.Add = append(body.Add, assignmentAdd{g.Key.RoleID, g.Key.PrincipalID, g.PrincipalType, g.Key.Scope.String()})
		}
		for _, a := range item.remove {
			body.Delete = append(body.Delete, a.ID)
		}
	}
	return json.Marshal(body)
}
