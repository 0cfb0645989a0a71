package rules

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/catalogue"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

const (
	// maxNameLength is the longest name of a role in characters (contract 8.2 states it for Orchestrator's roles).
	maxNameLength = 64
	// maxViolations bounds how many wrong permissions one refusal names.
	maxViolations = 20
)

// CheckRole returns what is wrong with a custom role by itself, whoever makes it. Permissions are not checked where the shape is
// empty, because it decides which are valid.
func CheckRole(c *catalogue.Catalogue, r model.Role) []Violation {
	var found []Violation
	wrong := func(f Field, format string, args ...any) {
		found = append(found, Violation{Field: f, Message: fmt.Sprintf(format, args...)})
	}
	if message := checkName("role", r.Name, maxNameLength); message != "" {
		wrong(FieldName, "%s", message)
	}
	if strings.TrimSpace(r.Description) == "" {
		wrong(FieldDescription, "The description of the role is required.")
	}
	if r.Shape == access.ShapeProject && r.Service == access.MultiService.Name {
		wrong(FieldService, "A project role needs an owner service.")
	}
	if r.Shape == "" {
		return found
	}
	return append(found, checkPermissions(c, r)...)
}

// checkName says what is wrong with the name of something, or nothing.
func checkName(what, name string, most int) string {
	switch {
	case strings.TrimSpace(name) == "":
		return fmt.Sprintf("The name of the %s is required.", what)
	case utf8.RuneCountInString(name) > most:
		return fmt.Sprintf("The name %q has %d characters; at most %d are allowed.", name, utf8.RuneCountInString(name), most)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return fmt.Sprintf("The name %q contains control characters.", name)
	}
	return ""
}

func checkPermissions(c *catalogue.Catalogue, r model.Role) []Violation {
	var found []Violation
	fitting := c.Names(r.Shape)
	for _, name := range r.Permissions {
		if len(found) == maxViolations {
			break
		}
		p, ok := c.Permission(name)
		var message string
		switch {
		case !ok:
			message = fmt.Sprintf("The action %q does not exist%s.", name, didYouMean(name, fitting))
		case !p.Fits(r.Shape.ScopeType()):
			message = fmt.Sprintf("The action %q belongs to scope type %s and is not valid in a role of scope type %s.",
				name, p.ScopeType, r.Shape.ScopeType())
		default:
			continue
		}
		found = append(found, Violation{Field: FieldPermissions, Message: message, Value: name})
	}
	return found
}

// checkAuthoring returns what no public source shows to work with a role of this owner: strict mode refuses it.
func checkAuthoring(c *catalogue.Catalogue, r model.Role) []Violation {
	owner, ok := access.FindService(r.Service)
	if !ok || owner == access.MultiService {
		return nil
	}
	var found []Violation
	if owner.Authoring != access.AuthoringOpen {
		found = append(found, Violation{Field: FieldService, Message: fmt.Sprintf(
			"Cannot create roles for service %s, which brings its own: grant its permissions in a role without roleService.", owner.Name)})
	}
	for _, name := range r.Permissions {
		if p, ok := c.Permission(name); ok && p.Namespace != owner.Namespace && p.ScopeType != catalogue.ScopeAny {
			found = append(found, Violation{Field: FieldPermissions, Value: name, Message: fmt.Sprintf(
				"The action %q does not belong to %s, which owns the role.", name, owner.Name)})
		}
	}
	return found
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
