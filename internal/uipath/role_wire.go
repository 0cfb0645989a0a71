package uipath

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// roleAnswer is a role as lists and single reads give it (contract 3.1); they differ in the case of enumerations.
type roleAnswer struct {
	ID               string `json:"id"`
	Name             string `json:"name"`
	Description      string `json:"description"`
	Type             string `json:"type"`
	ScopeType        string `json:"scopeType"`
	TenantID         string `json:"tenantId"`
	OwnerServiceName string `json:"ownerServiceName"`
	CreatedBy        string `json:"createdBy"`
	CreatedOn        string `json:"createdOn"`
	ActionDetails    []struct {
		Name string `json:"name"`
	} `json:"actionDetails"`
}

// role converts to the package's own terms.
func (a roleAnswer) role() Role {
	r := Role{
		ID: access.CanonicalGUID(a.ID), Name: a.Name, Description: a.Description,
		Type: readRoleType(a.Type), Shape: access.ShapeOf(a.ScopeType, access.GUID(a.TenantID)), Service: a.OwnerServiceName,
		CreatedBy: access.CanonicalGUID(a.CreatedBy), CreatedOn: readTime(a.CreatedOn),
	}
	if a.TenantID != string(access.ZeroGUID) {
		r.TenantID = access.CanonicalGUID(a.TenantID)
	}
	names := make([]string, len(a.ActionDetails))
	for i, action := range a.ActionDetails {
		names[i] = action.Name
	}
	r.Permissions = canonicalPermissions(names)
	return r
}

// readRoleType reads a type in any case; the server's own word where it is none of the known ones.
func readRoleType(word string) access.RoleType {
	if known, err := access.ParseRoleType(word); err == nil {
		return known
	}
	return access.RoleType(word)
}

// canonicalPermissions returns names in upper case, sorted, each once.
func canonicalPermissions(names []string) []string {
	upper := make([]string, len(names))
	for i, name := range names {
		upper[i] = strings.ToUpper(name)
	}
	slices.Sort(upper)
	return slices.Compact(upper)
}

// rolePut is the body that creates or replaces a role (contract 3.5). What it omits, the server wipes.
type rolePut struct {
	ID             string   `json:"id,omitempty"`
	Name           string   `json:"roleName"`
	Description    string   `json:"roleDescription"`
	ScopeType      string   `json:"roleScopeType"`
	OrganizationID string   `json:"organizationId"`
	Service        string   `json:"roleService,omitempty"`
	TenantID       string   `json:"tenantId,omitempty"`
	Actions        []string `json:"actionsGrantedByRole"`
}

// roleBody is the body for a role that is to be as spec says; id is empty for a new one.
func (c *Client) roleBody(id string, spec RoleSpec) ([]byte, error) {
	body := rolePut{
		ID: id, Name: spec.Name, Description: spec.Description, ScopeType: spec.Shape.ScopeType(),
		OrganizationID: c.organization.ID, TenantID: access.CanonicalGUID(spec.TenantID), Actions: canonicalPermissions(spec.Permissions),
	}
	if owner := ownerOf(spec.Service); owner != access.MultiService.Name {
		body.Service = owner
	}
	return json.Marshal(body)
}

// ownerOf returns the owner of a role as the server spells it. A role that names no service is a multi-service one.
func ownerOf(service string) string {
	if service == "" {
		return access.MultiService.Name
	}
	if known, ok := access.FindService(service); ok {
		return known.Name
	}
	return service
}

// roleCreated is the answer to both creation and update.
type roleCreated struct {
	ID string `json:"createdRoleId"`
}

func readCreatedID(body []byte) (string, error) {
	var created roleCreated
	if err := json.Unmarshal(body, &created); err != nil {
		return "", err
	}
	if !access.IsGUID(created.ID) {
		return "", errors.New("createdRoleId is no GUID")
	}
	return access.CanonicalGUID(created.ID), nil
}

// readRole reads a single role.
func readRole(body []byte) (Role, error) {
	var answer roleAnswer
	if err := json.Unmarshal(body, &answer); err != nil {
		return Role{}, err
	}
	if answer.ID == "" {
		return Role{}, errors.New("it is a role without id")
	}
	return answer.role(), nil
}

// readRolePage reads a page of a list of roles.
func readRolePage(body []byte) (page[Role], error) {
	var answer page[roleAnswer]
	if err := json.Unmarshal(body, &answer); err != nil {
		return page[Role]{}, err
	}
	if answer.TotalCount == nil && answer.Results == nil {
		return page[Role]{}, errors.New("it is no page of a list")
	}
	roles := make([]Role, len(answer.Results))
	for i, row := range answer.Results {
		if row.ID == "" {
			return page[Role]{}, errors.New("it lists a role without id")
		}
		roles[i] = row.role()
	}
	return page[Role]{TotalCount: answer.TotalCount, Results: roles}, nil
}

// matches reports whether the role is what spec asks for.
func (r Role) matches(spec RoleSpec) bool {
	return r.Name == spec.Name && r.Description == spec.Description && r.Shape == spec.Shape &&
		r.TenantID == access.CanonicalGUID(spec.TenantID) && strings.EqualFold(r.Service, ownerOf(spec.Service)) &&
		slices.Equal(r.Permissions, canonicalPermissions(spec.Permissions))
}
