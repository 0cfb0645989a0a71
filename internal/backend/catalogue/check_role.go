package catalogue

import (
	"fmt"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

const (
	// maxRoleName is the longest name of a role in characters (contract 8.2 states it for Orchestrator's roles).
	maxRoleName = 64
	// maxViolations bounds how many wrong permissions of one role are reported.
	maxViolations = 20
)

// CheckRole returns what is wrong with a custom role by itself, whoever makes it. It does not check the permissions of a role without a
// shape, because the shape decides which are valid.
func (c *Catalogue) CheckRole(r model.Role) []model.Violation {
	var found []model.Violation
	wrong := func(part model.Part, message string) {
		if message != "" {
			found = append(found, model.Violation{Part: part, Message: message})
		}
	}
	wrong(model.PartName, model.CheckName("role", r.Name, maxRoleName))
	if strings.TrimSpace(r.Description) == "" {
		wrong(model.PartDescription, "The description of the role is required.")
	}
	if r.Shape == access.ShapeProject && r.Service == access.MultiService.Name {
		wrong(model.PartService, "A project role needs an owner service.")
	}
	if r.Shape != "" {
		found = append(found, c.checkPermissions(r)...)
	}
	return found
}

func (c *Catalogue) checkPermissions(r model.Role) []model.Violation {
	var found []model.Violation
	fitting := c.Names(r.Shape)
	for _, name := range r.Permissions {
		if len(found) == maxViolations {
			break
		}
		p, ok := c.Permission(name)
		var message string
		switch {
		case !ok:
			message = model.WithSuggestion(fmt.Sprintf("The action %q does not exist.", name), name, fitting)
		case !p.Fits(r.Shape.ScopeType()):
			message = fmt.Sprintf("The action %q belongs to scope type %s and is not valid in a role of scope type %s.",
				name, p.ScopeType, r.Shape.ScopeType())
		default:
			continue
		}
		found = append(found, model.Violation{Part: model.PartPermissions, Message: message, Permission: name})
	}
	return found
}
