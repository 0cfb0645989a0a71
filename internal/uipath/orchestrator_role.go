package uipath

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// OrchestratorRoleType says where a role of Orchestrator can be assigned (contract 8.2-2).
type OrchestratorRoleType string

const (
	// OrchestratorTenantRole is assigned at the tenant.
	OrchestratorTenantRole OrchestratorRoleType = "Tenant"
	// OrchestratorFolderRole is assigned at folders.
	OrchestratorFolderRole OrchestratorRoleType = "Folder"
	// OrchestratorMixedRole is assigned at both. Nobody can create one any more.
	OrchestratorMixedRole OrchestratorRoleType = "Mixed"
)

// OrchestratorRole is a role of a tenant that is made in Orchestrator.
type OrchestratorRole struct {
	TenantID access.GUID
	// ID is unique in the tenant at least.
	ID int32
	// Key is the role's GUID, "" where the server does not tell it.
	Key  access.GUID
	Name string
	// Type is one of the three known types, or the server's own word where it is none of them.
	Type OrchestratorRoleType
	// Static roles come with Orchestrator and cannot be deleted. Editable ones may be given other permissions.
	Static, Editable bool
	// Permissions are the names of what the role grants, such as Assets.View, as the server spells them: sorted, each once.
	Permissions []string
}

// clone returns a role that its receiver may change.
func (r OrchestratorRole) clone() OrchestratorRole {
	r.Permissions = slices.Clone(r.Permissions)
	return r
}

// AtTenant reports whether the role can be assigned at the tenant, and AtFolders whether it can be assigned at folders. A type that is not
// known is left to the server.
func (r OrchestratorRole) AtTenant() bool { return r.Type != OrchestratorFolderRole }

// AtFolders is the other half of [OrchestratorRole.AtTenant].
func (r OrchestratorRole) AtFolders() bool { return r.Type != OrchestratorTenantRole }

// OrchestratorRoleSpec is what an administrator decides about a role of Orchestrator.
type OrchestratorRoleSpec struct {
	TenantID access.GUID
	Name     string
	// Type is Tenant or Folder. It cannot change.
	Type OrchestratorRoleType
	// Permissions are names such as Assets.View.
	Permissions []string
}

// matches reports whether a role is what the spec asks for. Names of permissions are compared without case.
func (s OrchestratorRoleSpec) matches(r OrchestratorRole) bool {
	return r.Name == s.Name && r.Type == s.Type && !r.Static && slices.Equal(lowered(r.Permissions), lowered(s.Permissions))
}

// lowered returns names in lower case, sorted, each once.
func lowered(names []string) []string {
	lower := make([]string, len(names))
	for i, name := range names {
		lower[i] = strings.ToLower(name)
	}
	slices.Sort(lower)
	return slices.Compact(lower)
}

// OrchestratorPermission is something that a role of Orchestrator can grant.
type OrchestratorPermission struct {
	// Name is such as Assets.View.
	Name string
	// Scope is Global, Folder or GlobalOrFolder, or the server's own word.
	Scope string
}

// Fits reports whether a role of a type can grant the permission, as far as its scope tells.
func (p OrchestratorPermission) Fits(t OrchestratorRoleType) bool { return scopeFits(p.Scope, t) }

// scopeFits reports whether a permission of a scope counts in a role of a type. A server shows permissions of both scopes (contract 8.2-4).
func scopeFits(scope string, t OrchestratorRoleType) bool {
	switch t {
	case OrchestratorTenantRole:
		return scope != "Folder"
	case OrchestratorFolderRole:
		return scope != "Global"
	case OrchestratorMixedRole:
	}
	return true
}

// orchestratorPermissionAnswer is a permission of a role, or one that roles can grant (contract 8.2-4). Without a dot it is the bare name
// of a resource.
type orchestratorPermissionAnswer struct {
	Name      string `json:"Name"`
	IsGranted bool   `json:"IsGranted"`
	Scope     string `json:"Scope,omitempty"`
}

// orchestratorRoleAnswer is a role as Orchestrator gives it (contract 8.2).
type orchestratorRoleAnswer struct {
	ID          int32                          `json:"Id"`
	Key         string                         `json:"Key"`
	Name        string                         `json:"Name"`
	Type        string                         `json:"Type"`
	IsStatic    bool                           `json:"IsStatic"`
	IsEditable  bool                           `json:"IsEditable"`
	Permissions []orchestratorPermissionAnswer `json:"Permissions"`
}

// role converts to the package's own terms.
func (t *orchestratorTenant) role(a orchestratorRoleAnswer) (OrchestratorRole, error) {
	if a.ID <= 0 {
		return OrchestratorRole{}, errors.New("it has a role without an id")
	}
	r := OrchestratorRole{
		TenantID: t.id, ID: a.ID, Key: access.OptionalGUID(a.Key), Name: a.Name, Type: OrchestratorRoleType(a.Type), Static: a.IsStatic,
		Editable: a.IsEditable, Permissions: []string{},
	}
	for _, p := range a.Permissions {
		if p.IsGranted && strings.Contains(p.Name, ".") && scopeFits(p.Scope, r.Type) {
			r.Permissions = append(r.Permissions, p.Name)
		}
	}
	slices.Sort(r.Permissions)
	r.Permissions = slices.Compact(r.Permissions)
	return r, nil
}

// orchestratorRoleBody is the body that creates or replaces a role. What the server owns is left out, as some of its clients do
// (contract 8.2-6).
type orchestratorRoleBody struct {
	ID          int32                          `json:"Id,omitempty"`
	Name        string                         `json:"Name"`
	DisplayName string                         `json:"DisplayName"`
	Type        OrchestratorRoleType           `json:"Type"`
	Permissions []orchestratorPermissionAnswer `json:"Permissions"`
}

// roleBody is the body for a role that is to be as spec says. What it does not grant any more is named too: whether leaving it out is enough
// is not certain (contract 8.2-14).
func roleBody(id int32, spec OrchestratorRoleSpec, before []string) ([]byte, error) {
	body := orchestratorRoleBody{ID: id, Name: spec.Name, DisplayName: spec.Name, Type: spec.Type, Permissions: []orchestratorPermissionAnswer{}}
	for _, name := range spec.Permissions {
		body.Permissions = append(body.Permissions, orchestratorPermissionAnswer{Name: name, IsGranted: true})
	}
	granted := lowered(spec.Permissions)
	for _, name := range before {
		if !slices.Contains(granted, strings.ToLower(name)) {
			body.Permissions = append(body.Permissions, orchestratorPermissionAnswer{Name: name})
		}
	}
	return json.Marshal(body)
}

// OrchestratorRoleExistsError is a name that another role of the tenant has already.
type OrchestratorRoleExistsError struct {
	// Existing is the role that has the name.
	Existing OrchestratorRole
	// Err is the server's refusal.
	Err error
}

// Error names the existing role.
func (e *OrchestratorRoleExistsError) Error() string {
	return fmt.Sprintf("A role named %q exists already in Orchestrator of the tenant: id %d, type %s. The server said: %v",
		e.Existing.Name, e.Existing.ID, e.Existing.Type, e.Err)
}

// Unwrap returns the server's refusal.
func (e *OrchestratorRoleExistsError) Unwrap() error { return e.Err }

// OrchestratorRoleOutcomeUnknownError is the creation of a role of Orchestrator of which it could not be found out whether it happened.
type OrchestratorRoleOutcomeUnknownError struct {
	// Name is that of the role that was to be created.
	Name string
	// Existing is the role that has the name now. Its ID is 0 where none was seen or none could be looked for.
	Existing OrchestratorRole
	// Err is what happened to the request, and to the look-up after it.
	Err error
}

// Error says what may exist.
func (e *OrchestratorRoleOutcomeUnknownError) Error() string {
	text := fmt.Sprintf("The request to create the role %q of Orchestrator was interrupted and the server may have carried it out. ", e.Name)
	if e.Existing.ID == 0 {
		text += "Look whether the role exists before trying again. "
	} else {
		text += fmt.Sprintf("A role of that name exists, with id %d, but it cannot be told whether this request made it. ", e.Existing.ID)
	}
	return text + fmt.Sprintf("What happened: %v", e.Err)
}

// Unwrap returns what happened.
func (e *OrchestratorRoleOutcomeUnknownError) Unwrap() error { return e.Err }

// byNameAndID sorts roles.
func byNameAndID(a, b OrchestratorRole) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
}
