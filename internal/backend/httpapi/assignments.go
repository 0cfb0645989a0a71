package httpapi

import (
	"math"
	"net/http"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

const (
	// maxHolders is the largest page of role assignments that any public source shows, and attestedHolders the one that they
	// agree on, which is also the page where top is left out (contract 4.1).
	maxHolders      = 100
	attestedHolders = 10
	// maxRoleIDs bounds how many roles a listing filters by.
	maxRoleIDs = 200
)

// holderBody is a principal with what it holds (contract 4.1).
type holderBody struct {
	SecurityPrincipalID access.GUID      `json:"securityPrincipalId"`
	RoleAssignments     []assignmentBody `json:"roleAssignmentDtos"`
	DisplayName         *string          `json:"displayName"`
	Email               *string          `json:"email"`
	Type                string           `json:"type"`
	Source              *string          `json:"source"`
}

// assignmentBody is a role assignment. The type of the role is spelt as in a list of roles, that of the assignment is not
// (contract 3.3, 4.1).
type assignmentBody struct {
	ID                    access.GUID `json:"id"`
	SecurityPrincipalID   access.GUID `json:"securityPrincipalId"`
	SecurityPrincipalType string      `json:"securityPrincipalType"`
	Type                  string      `json:"type"`
	Scope                 string      `json:"scope"`
	RoleID                access.GUID `json:"roleId"`
	RoleName              *string     `json:"roleName"`
	RoleType              *string     `json:"roleType"`
	CreatedBy             access.GUID `json:"createdBy"`
	CreatedOn             string      `json:"createdOn"`
	Inherited             bool        `json:"inherited"`
	Mutable               bool        `json:"mutable"`
}

type holdersBody struct {
	TotalCount int          `json:"totalCount"`
	Results    []holderBody `json:"results"`
}

func newHolderBody(h rules.Holder) holderBody {
	b := holderBody{
		SecurityPrincipalID: h.ID, RoleAssignments: make([]assignmentBody, len(h.Assignments)),
		DisplayName: orNull(h.DisplayName), Email: orNull(h.Email), Type: objectTypes[h.Kind], Source: orNull(string(h.Source)),
	}
	for i, a := range h.Assignments {
		b.RoleAssignments[i] = assignmentBody{
			ID: a.ID, SecurityPrincipalID: a.PrincipalID, SecurityPrincipalType: string(a.PrincipalType), Type: string(a.Type),
			Scope: a.Scope.String(), RoleID: a.RoleID, RoleName: orNull(a.Role.Name), RoleType: orNull(strings.ToUpper(string(a.Role.Type))),
			CreatedBy: a.CreatedBy, CreatedOn: model.FormatTime(a.CreatedOn), Inherited: a.Inherited, Mutable: a.Mutable,
		}
	}
	return b
}

// orNull turns what is not known into a null.
func orNull[T ~string](value T) *T {
	if value == "" {
		return nil
	}
	return &value
}

func (a *API) listAssignments(r *http.Request) (reply, error) {
	var out holdersBody
	err := a.read(r, func(s *rules.Session) error {
		wanted, err := a.assignmentQuery(r)
		if err != nil {
			return err
		}
		page, err := s.RoleAssignments(r.Context(), wanted)
		if err != nil {
			return err
		}
		out = holdersBody{page.Total, make([]holderBody, len(page.Holders))}
		for i, h := range page.Holders {
			out.Results[i] = newHolderBody(h)
		}
		return nil
	})
	if err != nil {
		return reply{}, err
	}
	return jsonReply(out)
}

func (a *API) assignmentQuery(r *http.Request) (rules.AssignmentQuery, error) {
	q := a.query(r, string(rules.FieldScope), "serviceName", "securityPrincipalId", "roleIds", "noInheritance", "top", "skip")
	most := maxHolders
	if a.rules.Strict {
		most = attestedHolders
	}
	wanted := rules.AssignmentQuery{
		Exact:       q.oneOf("noInheritance", []string{"true", "false"}) == "true",
		ServiceName: a.service(q), PrincipalID: q.guid("securityPrincipalId"), RoleIDs: q.guids("roleIds", maxRoleIDs),
		Top: q.number("top", attestedHolders, most), Skip: q.number("skip", 0, math.MaxInt32),
	}
	if wanted.Top == 0 && q.text("top") == "0" {
		q.wrongf("top", "The value 0 is out of range: it is from 1 to %d.", most)
	}
	if path := q.text(string(rules.FieldScope)); path == "" {
		q.wrongf(string(rules.FieldScope), "The scope is required, such as / or /tenant/{tenant}.")
	} else if scope, err := access.ParseScope(path); err != nil {
		q.wrongf(string(rules.FieldScope), "The value is not valid: %s.", err)
	} else {
		wanted.Scope = scope
	}
	return wanted, q.err()
}

func (a *API) patchAssignments(r *http.Request) (reply, error) {
	text, err := readBody(r)
	if err != nil {
		return reply{}, err
	}
	err = a.change(r, func(s *rules.Session) error {
		if err := a.query(r).err(); err != nil {
			return err
		}
		in, err := a.assignmentsInput(r, text)
		if err != nil {
			return err
		}
		return s.ChangeAssignments(r.Context(), in)
	})
	return reply{status: http.StatusNoContent}, err
}
