package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// stringRule is a validator of known strings that explains what is wrong with one.
type stringRule struct {
	description string
	title       string
	// objection returns "" for a good value, else what is wrong with it and what to do.
	objection func(string) string
}

var _ validator.String = stringRule{}

func (r stringRule) Description(context.Context) string { return r.description }

func (r stringRule) MarkdownDescription(ctx context.Context) string { return r.Description(ctx) }

func (r stringRule) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if objection := r.objection(req.ConfigValue.ValueString()); objection != "" {
		resp.Diagnostics.AddAttributeError(req.Path, r.title, objection)
	}
}

// noSuch says that a text is not one of those there are, and which of them may have been meant.
func noSuch(what, text, heading string, there []string) string {
	return sentences(fmt.Sprintf("%q is not %s.", text, what), access.DidYouMean(text, there), heading+": "+strings.Join(there, ", ")+".")
}

func durationAtLeast(least time.Duration) stringRule {
	return stringRule{
		description: fmt.Sprintf("at least %s", least),
		title:       "Invalid duration",
		objection: func(s string) string {
			if d, err := time.ParseDuration(s); err == nil && d < least {
				return fmt.Sprintf("%q is too short: give at least %s.", s, least)
			}
			return ""
		},
	}
}

var guidRule = stringRule{
	description: "a GUID",
	title:       "Not a GUID",
	objection: func(s string) string {
		if _, err := access.ParseGUID(s); err == nil {
			return ""
		}
		return fmt.Sprintf("%q is not a GUID such as 3f2504e0-4f89-41d3-9a0c-0305e82c3301. "+
			"A name stands in the attribute of that kind, such as role_name or principal_name.", s)
	},
}

var scopeRule = stringRule{
	description: "a scope path",
	title:       "Invalid scope",
	objection: func(s string) string {
		scope, err := access.ParseScope(s)
		if err != nil {
			return err.Error() + ". Scopes are \"/\", \"/tenant/{id}\", \"/tenant/{id}/{service}\", \"/tenant/{id}/orchestrator/folder/{key}\" and " +
				"\"/tenant/{id}/{service}/project/{id}\"."
		}
		if slug := scope.ServiceSlug(); slug != "" {
			if _, known := access.FindService(slug); !known {
				slugs := namesOf(access.Services(), func(s access.Service) string { return s.Slug })
				return sentences(fmt.Sprintf("The scope %q names the service %q, which does not exist.", s, slug), access.DidYouMean(slug, slugs))
			}
		}
		return ""
	},
}

// scopeNameRule refuses a path: it belongs into scope.
var scopeNameRule = stringRule{
	description: "a scope in names",
	title:       "Invalid name of a scope",
	objection: func(s string) string {
		if strings.HasPrefix(s, "/") && s != access.Organization.String() && !strings.HasPrefix(s, organizationService) {
			return fmt.Sprintf("%q is a path: give it as scope. %s", s, scopeForms)
		}
		return nameRule.objection(s)
	},
}

// nameRule is for the name of something that exists, which may have white space around it.
var nameRule = stringRule{
	description: "not blank",
	title:       plainTextRule.title,
	objection: func(s string) string {
		if strings.TrimSpace(s) == "" {
			return "It is empty. Give a name, or leave the attribute out."
		}
		return ""
	},
}

func canOwnRoles(s access.Service) bool { return s.Authoring == access.AuthoringOpen }

func displayName(s access.Service) string { return s.DisplayName }

// containerRule is for the key of a folder and the id of a project, which the server takes as they are.
var containerRule = stringRule{
	description: "the key of a folder or the id of a project",
	title:       "Invalid key or id",
	objection: func(s string) string {
		if access.IsContainerID(s) {
			return ""
		}
		return fmt.Sprintf("%q is neither the key of a folder nor the id of a project: those are letters, digits and hyphens, such as a GUID.", s)
	},
}

// projectRule is for the id of a project in a set, whose elements are compared as they are written.
var projectRule = stringRule{
	description: "the id of a project, in lower case",
	title:       "Invalid id of a project",
	objection: func(s string) string {
		if lower := strings.ToLower(s); lower != s && access.IsContainerID(s) {
			return fmt.Sprintf("The id of a project is in lower case. Write %q in place of %q.", lower, s)
		}
		return containerRule.objection(s)
	},
}

// scopeServiceRule is for a service as a part of a scope.
var scopeServiceRule = stringRule{
	description: "a service",
	title:       knownServiceRule.title,
	objection: func(s string) string {
		if service, known := access.FindService(s); known && service == access.MultiService {
			return fmt.Sprintf("%q has no scope of its own: what belongs to several services is assigned at the tenant.", s)
		}
		return knownServiceRule.objection(s)
	},
}

var projectServiceRule = stringRule{
	description: "a service with projects",
	title:       "Service without projects",
	objection: func(s string) string {
		if service, known := access.FindService(s); known && service.HasProjects() {
			return ""
		}
		return noSuch("a service with projects", s, "Services with projects", namesOf(access.ServicesWithProjects(), displayName))
	},
}

var taskMiningPermissionRule = stringRule{
	description: "a Task Mining permission",
	title:       "Unknown Task Mining permission",
	objection: func(s string) string {
		if _, err := access.ParseTaskMiningPermission(s); err != nil {
			return err.Error()
		}
		return ""
	},
}

var principalTypeRule = stringRule{
	description: "a type of principal",
	title:       "Unknown principal type",
	objection: func(s string) string {
		if slices.Contains(access.PrincipalTypes(), access.PrincipalType(s)) {
			return ""
		}
		known := namesOf(access.PrincipalTypes(), func(t access.PrincipalType) string { return string(t) })
		return noSuch("a type of principal", s, "Types", known)
	},
}

var plainTextRule = stringRule{
	description: "not blank, without white space around it",
	title:       "Invalid text",
	objection: func(s string) string {
		if s == "" {
			return "It is empty. Give a value, or leave the attribute out."
		}
		if trimmed := strings.TrimSpace(s); trimmed != s {
			return fmt.Sprintf("%q has white space around it. Write %q.", s, trimmed)
		}
		return ""
	},
}

var permissionSpellingRule = stringRule{
	description: "the name of a permission, in upper case",
	title:       "Permission in another spelling",
	objection: func(s string) string {
		canonical := strings.ToUpper(strings.TrimSpace(s))
		if strings.Count(s, ".") == 1 && canonical != s {
			return fmt.Sprintf("%q is a permission of a role that is made in Orchestrator: that is a uipath_orchestrator_role. Here it is %q, if the "+
				"platform "+
				"has it.", s, platformPrefix+canonical)
		}
		if canonical != s {
			return fmt.Sprintf("The name of a permission is in upper case. Write %q in place of %q.", canonical, s)
		}
		return ""
	},
}

var roleServiceRule = stringRule{
	description: "a service that lets administrators create roles",
	title:       "Service cannot own a role",
	objection: func(s string) string {
		service, known := access.FindService(s)
		switch {
		case !known && managedFromOrchestrator(s) != "":
			return managedFromOrchestrator(s)
		case !known:
			owning := slices.DeleteFunc(access.Services(), func(s access.Service) bool { return !canOwnRoles(s) })
			return noSuch("a service that can own a role", s, "Services that can", namesOf(owning, displayName))
		case service == access.MultiService:
			return "A multi-service role is one without a service: leave service out."
		case !canOwnRoles(service):
			return fmt.Sprintf("%s (%s) brings its own roles and owns none that administrators create. "+
				"Its permissions can be granted by a multi-service role: leave service out.", service.DisplayName, service.Name) + madeInOrchestrator(service)
		}
		return ""
	},
}

// managedFromOrchestrator says of something that is managed from Orchestrator which resource makes its roles, "" of everything else.
func managedFromOrchestrator(name string) string {
	managed, ok := access.FindManagedService(name)
	if !ok || managed.Makers != access.MadeInOrchestrator {
		return ""
	}
	return managed.String() + ": its roles are made there, with uipath_orchestrator_role."
}

// madeInOrchestrator tells of the other kind of roles where the service is Orchestrator.
func madeInOrchestrator(service access.Service) string {
	if !strings.EqualFold(service.Slug+".", platformPrefix) {
		return ""
	}
	return " The roles that administrators make in Orchestrator are another kind: uipath_orchestrator_role."
}

var knownServiceRule = stringRule{
	description: "a service",
	title:       "Unknown service",
	objection: func(s string) string {
		if _, known := access.FindService(s); known {
			return ""
		}
		return noSuch("a service", s, "Services", append([]string{access.MultiService.Name}, namesOf(access.Services(), displayName)...))
	},
}
