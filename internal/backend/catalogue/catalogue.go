// Package catalogue holds what the platform brings along and no administrator can change: the permissions and the built-in
// and platform roles, which are the same in every organization. It also checks what a custom role may be made of.
//
// Both are written compactly in YAML beside this file and expanded once. What an organization itself has belongs in model;
// who may do what with it, in rules.
package catalogue

import (
	"bytes"
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

//go:embed permissions.yaml
var permissionsYAML []byte

//go:embed roles.yaml
var rolesYAML []byte

// decode reads YAML and refuses keys that are not known: an unquoted comma in a text makes one.
func decode(text []byte, into any) error {
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	return d.Decode(into)
}

// Catalogue is the platform's permissions and roles. It must not be changed.
type Catalogue struct {
	permissions []Permission
	byName      map[string]Permission
	roles       []model.Role
	byID        map[access.GUID]model.Role
	// orchestrator is what Orchestrator brings along.
	orchestrator orchestratorCatalogue
}

// Load returns the catalogue, which is expanded on the first call.
var Load = sync.OnceValues(func() (*Catalogue, error) {
	permissions, err := expandPermissions(permissionsYAML)
	if err != nil {
		return nil, fmt.Errorf("catalogue of permissions: %w", err)
	}
	c := &Catalogue{permissions: permissions, byName: map[string]Permission{}, byID: map[access.GUID]model.Role{}}
	for _, p := range permissions {
		c.byName[p.Name] = p
	}
	if len(c.byName) != len(c.permissions) {
		return nil, fmt.Errorf("catalogue of permissions: %d names for %d rows", len(c.byName), len(c.permissions))
	}
	if c.roles, err = c.expandRoles(rolesYAML); err != nil {
		return nil, fmt.Errorf("catalogue of roles: %w", err)
	}
	if c.orchestrator, err = expandOrchestrator(orchestratorYAML); err != nil {
		return nil, fmt.Errorf("catalogue of Orchestrator: %w", err)
	}
	for _, r := range c.roles {
		c.byID[r.ID] = r
	}
	if len(c.byID) != len(c.roles) {
		return nil, fmt.Errorf("catalogue of roles: %d ids for %d roles", len(c.byID), len(c.roles))
	}
	return c, nil
})

// Permissions returns all permissions, by name. The slice must not be changed.
func (c *Catalogue) Permissions() []Permission { return c.permissions }

// Permission finds a permission by its name in upper case.
func (c *Catalogue) Permission(name string) (Permission, bool) {
	p, ok := c.byName[name]
	return p, ok
}

// Names returns the names of the permissions that a role of the given shape may grant, sorted.
func (c *Catalogue) Names(shape access.RoleShape) []string {
	var names []string
	for _, p := range c.permissions {
		if p.Fits(shape.ScopeType()) {
			names = append(names, p.Name)
		}
	}
	return names
}

// Roles returns the built-in and platform roles. The slice must not be changed.
func (c *Catalogue) Roles() []model.Role { return c.roles }

// Role finds a built-in or platform role by its id.
func (c *Catalogue) Role(id access.GUID) (model.Role, bool) {
	r, ok := c.byID[id]
	return r, ok
}

// IsOrganizationAdministrator reports whether a role is the one that grants everything everywhere (contract 3.8).
func IsOrganizationAdministrator(roleID access.GUID) bool {
	return roleID == organizationAdministratorID
}

// OrganizationAdministratorID returns the id of the role that grants everything everywhere.
func OrganizationAdministratorID() access.GUID { return organizationAdministratorID }

// IsTenantAdministrator reports whether a role is the one that manages all access in a tenant (contract 3.8).
func IsTenantAdministrator(roleID access.GUID) bool { return roleID == tenantAdministratorID }

// IsAccessAdministrator reports whether a role is the one that manages roles and assignments in the whole organization (contract 3.8).
func IsAccessAdministrator(roleID access.GUID) bool { return roleID == accessAdministratorID }

// authzServiceID is the only id of a service that a public source shows (contract 3.2).
const authzServiceID access.GUID = "225374a7-f966-4e77-ba9e-588d18c51b76"

// ServiceID returns the id under which a service is named as the owner of a role.
func ServiceID(service string) access.GUID {
	if strings.EqualFold(service, "AuthZ") {
		return authzServiceID
	}
	return model.DerivedID("service", service)
}
