package uipath

import (
	"encoding/json"
	"fmt"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
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
func (a roleAnswer) role() (Role, error) {
	id, err := access.ParseGUID(a.ID)
	if err != nil {
		return Role{}, fmt.Errorf("it has a role whose id %w", err)
	}
	tenant := access.OptionalGUID(a.TenantID)
	r := Role{
		ID: id, Name: a.Name, Description: a.Description, Type: readRoleType(a.Type), Shape: access.ShapeOf(a.ScopeType, tenant),
		TenantID: tenant, Service: a.OwnerServiceName, CreatedBy: access.OptionalGUID(a.CreatedBy), CreatedOn: readTime(a.CreatedOn),
	}
	names := make([]string, len(a.ActionDetails))
	for i, action := range a.ActionDetails {
		names[i] = action.Name
	}
	r.Permissions = canonicalPermissions(names)
	return r, nil
}

// readRoleType reads a type in any case; the server's own word where it is none of the known ones.
func readRoleType(word string) access.RoleType {
	if known, err := access.ParseRoleType(word); err == nil {
		return known
	}
	return access.RoleType(word)
}

// rolePut is the body that creates or replaces a role (contract 3.5). What it omits, the server wipes.
type rolePut struct {
	ID             access.GUID `json:"id,omitempty"`
	Name           string      `json:"roleName"`
	Description    string      `json:"roleDescription"`
	ScopeType      string      `json:"roleScopeType"`
	OrganizationID access.GUID `json:"organizationId"`
	Service        string      `json:"roleService,omitempty"`
	TenantID       access.GUID `json:"tenantId,omitempty"`
	Actions        []string    `json:"actionsGrantedByRole"`
}

// roleBody is the body for a role that is to be as spec says; id is empty for a new one.
func (a *api) roleBody(id access.GUID, spec RoleSpec) ([]byte, error) {
	body := rolePut{
		ID: id, Name: spec.Name, Description: spec.Description, ScopeType: spec.Shape.ScopeType(),
		OrganizationID: a.organization.ID, TenantID: spec.TenantID, Actions: canonicalPermissions(spec.Permissions),
	}
	if owner := spec.owner(); owner != access.MultiService.Name {
		body.Service = owner
	}
	return json.Marshal(body)
}

// roleCreated is the answer to both creation and update.
type roleCreated struct {
	ID string `json:"createdRoleId"`
}

func parseCreatedID(body []byte) (access.GUID, error) {
	var created roleCreated
	if err := json.Unmarshal(body, &created); err != nil {
		return "", err
	}
	id, err := access.ParseGUID(created.ID)
	if err != nil {
		return "", fmt.Errorf("createdRoleId: %w", err)
	}
	return id, nil
}

// parseRole reads a single role.
func parseRole(body []byte) (Role, error) {
	var answer roleAnswer
	if err := json.Unmarshal(body, &answer); err != nil {
		return Role{}, err
	}
	return answer.role()
}

// parseRolePage reads a page of a list of roles.
func parseRolePage(body []byte) (rest.Page[Role], error) {
	return rest.ParsePage(body, roleAnswer.role)
}
