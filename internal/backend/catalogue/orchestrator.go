package catalogue

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

//go:embed orchestrator.yaml
var orchestratorYAML []byte

// OrchestratorScope says at which level a permission of Orchestrator counts (contract 8.2-4).
type OrchestratorScope string

const (
	// OrchestratorGlobal permissions count at the tenant.
	OrchestratorGlobal OrchestratorScope = "Global"
	// OrchestratorFolder permissions count at folders.
	OrchestratorFolder OrchestratorScope = "Folder"
)

// OrchestratorPermission is one row of what a role of Orchestrator can grant, or the bare name of a resource, under which its permissions
// stand.
type OrchestratorPermission struct {
	ID    int64
	Name  string
	Scope OrchestratorScope
}

// IsResource reports whether the row is the bare name of a resource.
func (p OrchestratorPermission) IsResource() bool { return !strings.Contains(p.Name, ".") }

// Resource returns the bare name of the resource that the permission is about.
func (p OrchestratorPermission) Resource() string {
	resource, _, _ := strings.Cut(p.Name, ".")
	return resource
}

// Fits reports whether a role of a type can grant the permission.
func (p OrchestratorPermission) Fits(t model.OrchestratorRoleType) bool {
	if p.Scope == OrchestratorGlobal {
		return t.AtTenant()
	}
	return t.AtFolders()
}

// orchestratorActions are the actions that Orchestrator knows of every resource (contract 8.3-7).
var orchestratorActions = []string{"View", "Edit", "Create", "Delete"}

type orchestratorEntries struct {
	Resources map[OrchestratorScope]string `yaml:"resources"`
	Roles     []struct {
		Name        string                     `yaml:"name"`
		Type        model.OrchestratorRoleType `yaml:"type"`
		Permissions []string                   `yaml:"permissions"`
	} `yaml:"roles"`
}

// orchestratorCatalogue is what Orchestrator brings along.
type orchestratorCatalogue struct {
	permissions []OrchestratorPermission
	// byName are the permissions by their names in lower case.
	byName map[string]OrchestratorPermission
	// roles are the default roles, without ids and tenants.
	roles []model.OrchestratorRole
}

func expandOrchestrator(text []byte) (orchestratorCatalogue, error) {
	var entries orchestratorEntries
	if err := decode(text, &entries); err != nil {
		return orchestratorCatalogue{}, err
	}
	c := orchestratorCatalogue{byName: map[string]OrchestratorPermission{}}
	for scope, resources := range entries.Resources {
		for resource := range strings.FieldsSeq(resources) {
			c.permissions = append(c.permissions, OrchestratorPermission{Name: resource, Scope: scope})
			for _, action := range orchestratorActions {
				c.permissions = append(c.permissions, OrchestratorPermission{Name: resource + "." + action, Scope: scope})
			}
		}
	}
	slices.SortFunc(c.permissions, func(a, b OrchestratorPermission) int { return strings.Compare(a.Name, b.Name) })
	for i := range c.permissions {
		c.permissions[i].ID = int64(i) + 1
		c.byName[strings.ToLower(c.permissions[i].Name)] = c.permissions[i]
	}
	for _, e := range entries.Roles {
		granted, err := matchNames(e.Permissions, c.names(e.Type))
		if err != nil {
			return orchestratorCatalogue{}, fmt.Errorf("role %q: %w", e.Name, err)
		}
		c.roles = append(c.roles, model.OrchestratorRole{Name: e.Name, DisplayName: e.Name, Type: e.Type, Static: true, Permissions: granted})
	}
	return c, nil
}

// names returns the names of the permissions that a role of a type can grant, sorted.
func (c orchestratorCatalogue) names(t model.OrchestratorRoleType) []string {
	var names []string
	for _, p := range c.permissions {
		if !p.IsResource() && p.Fits(t) {
			names = append(names, p.Name)
		}
	}
	return names
}

// OrchestratorPermissions returns what roles of Orchestrator can grant, with the bare names of the resources, by name. The slice must not
// be changed.
func (c *Catalogue) OrchestratorPermissions() []OrchestratorPermission {
	return c.orchestrator.permissions
}

// OrchestratorPermission finds a permission of Orchestrator, or a resource, by its name in any case.
func (c *Catalogue) OrchestratorPermission(name string) (OrchestratorPermission, bool) {
	p, ok := c.orchestrator.byName[strings.ToLower(name)]
	return p, ok
}

// OrchestratorRoles returns the roles that Orchestrator brings along to a tenant. Their ids begin after a number.
func (c *Catalogue) OrchestratorRoles(tenantID access.GUID, after int64) []model.OrchestratorRole {
	roles := slices.Clone(c.orchestrator.roles)
	for i := range roles {
		roles[i].ID, roles[i].TenantID = after+int64(i)+1, tenantID
		roles[i].Key = model.DerivedID("orchestrator role", tenantID.String(), roles[i].Name)
	}
	return roles
}

// IsOrchestratorDefault reports whether a role has the name of one that Orchestrator brings along, in any case.
func (c *Catalogue) IsOrchestratorDefault(name string) bool {
	return slices.ContainsFunc(c.orchestrator.roles, func(r model.OrchestratorRole) bool { return strings.EqualFold(r.Name, name) })
}

// CheckOrchestratorRole returns what is wrong with a role of Orchestrator by itself, whoever makes it.
func (c *Catalogue) CheckOrchestratorRole(r model.OrchestratorRole) []model.Violation {
	var found []model.Violation
	wrong := func(part model.Part, message string) {
		if message != "" && len(found) < maxViolations {
			found = append(found, model.Violation{Part: part, Message: message})
		}
	}
	wrong(model.PartName, model.CheckName("role", r.Name, maxRoleName))
	if r.DisplayName != r.Name {
		wrong(model.PartDisplayName, model.CheckName("role", r.DisplayName, maxRoleName))
	}
	for _, name := range r.Permissions {
		p, ok := c.OrchestratorPermission(name)
		switch {
		case !ok || p.IsResource():
			wrong(model.PartPermissions, model.WithSuggestion(
				fmt.Sprintf("The permission %q does not exist.", name), name, c.orchestrator.names(r.Type)))
		case !p.Fits(r.Type):
			wrong(model.PartPermissions, fmt.Sprintf("The permission %q has the scope %s: a role of type %s cannot grant it.", name, p.Scope, r.Type))
		}
	}
	return found
}
