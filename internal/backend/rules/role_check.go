package rules

import (
	"fmt"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/catalogue"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

const (
	// maxViolations bounds how many wrong permissions one refusal names.
	maxViolations = 20
)

// checkAuthoring returns what no public source shows to work with a role of this owner: strict mode refuses it.
func checkAuthoring(c *catalogue.Catalogue, r model.Role) []model.Violation {
	owner, ok := access.FindService(r.Service)
	if !ok || owner == access.MultiService {
		return nil
	}
	var found []model.Violation
	if owner.Authoring != access.AuthoringOpen {
		found = append(found, model.Violation{Part: model.PartService, Message: fmt.Sprintf(
			"Cannot create roles for service %s, which brings its own: grant its permissions in a role without roleService.", owner.Name)})
	}
	for _, name := range r.Permissions {
		if p, ok := c.Permission(name); ok && p.Namespace != owner.Namespace && p.ScopeType != catalogue.ScopeAny {
			found = append(found, model.Violation{Part: model.PartPermissions, Permission: name, Message: fmt.Sprintf(
				"The action %q does not belong to %s, which owns the role.", name, owner.Name)})
		}
	}
	return found
}

var fieldOf = map[model.Part]Field{
	model.PartName: FieldName, model.PartDescription: FieldDescription, model.PartService: FieldService, model.PartPermissions: FieldPermissions,
}

func withFields(found []model.Violation) []Violation {
	violations := make([]Violation, len(found))
	for i, v := range found {
		violations[i] = Violation{Field: fieldOf[v.Part], Message: v.Message, Value: v.Permission}
	}
	return violations
}

func didYouMean(name string, candidates []string) string {
	const offered, long = 3, 200
	if len(name) > long {
		return ""
	}
	near := access.Nearest(name, candidates, offered)
	if len(near) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(near, ", ")
}
