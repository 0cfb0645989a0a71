package catalogue

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// ScopeAny is the scope type of a permission that fits every role (contract 5.2).
const ScopeAny = "ANY"

// Permission is one row of the platform's catalogue (contract 5.1).
type Permission struct {
	ID access.GUID
	// Name is NAMESPACE.RESOURCE.ACTION in upper case.
	Name               string
	Namespace          string
	ServiceDisplayName string
	ResourceType       string
	ResourceAction     string
	ResourceGroup      string
	Description        string
	// ScopeType is ANY, NONE, ORGANIZATION, TENANT, FOLDER, PROJECT or PROCESS.
	ScopeType string
}

// Fits reports whether the permission belongs to the given scope type, which is written in upper case.
func (p Permission) Fits(scopeType string) bool {
	return p.ScopeType == scopeType || p.ScopeType == ScopeAny
}

// actionReadID is the only id of a permission that a public source shows (contract 3.2).
const actionReadID access.GUID = "2aa62290-e290-4478-807e-c94bb8aa2fc1"

type permissionGroup struct {
	Namespace   string            `yaml:"namespace"`
	ScopeType   string            `yaml:"scopeType"`
	Group       string            `yaml:"group"`
	Description string            `yaml:"description"`
	Note        string            `yaml:"note"`
	Resources   map[string]string `yaml:"resources"`
}

func expandPermissions(text []byte) ([]Permission, error) {
	var groups []permissionGroup
	if err := decode(text, &groups); err != nil {
		return nil, err
	}
	var permissions []Permission
	for _, g := range groups {
		service, ok := access.FindService(g.Namespace)
		if !ok {
			return nil, fmt.Errorf("namespace %q belongs to no service", g.Namespace)
		}
		for resource, actions := range g.Resources {
			for action := range strings.FieldsSeq(actions) {
				permissions = append(permissions, g.permission(service, resource, action))
			}
		}
	}
	slices.SortFunc(permissions, func(a, b Permission) int { return cmp.Compare(a.Name, b.Name) })
	return permissions, nil
}

func (g permissionGroup) permission(service access.Service, resource, action string) Permission {
	name := strings.ToUpper(g.Namespace + "." + resource + "." + action)
	id := model.DerivedID("permission", name)
	if name == "AUTHZ.ACTION.READ" {
		id = actionReadID
	}
	description := cmp.Or(g.Description, action+" "+words(resource))
	if g.Note != "" {
		description += ". " + g.Note
	}
	return Permission{
		ID: id, Name: name, Namespace: g.Namespace, ServiceDisplayName: service.DisplayName,
		ResourceType: resource, ResourceAction: action, ResourceGroup: cmp.Or(g.Group, service.DisplayName),
		Description: description, ScopeType: g.ScopeType,
	}
}

// words writes a resource as people would: "TestDataQueues" as "test data queues", "MLLogs" as "ML logs".
func words(resource string) string {
	runes := []rune(resource)
	var b strings.Builder
	for i, r := range runes {
		lowerNext := i+1 < len(runes) && unicode.IsLower(runes[i+1])
		starts := unicode.IsUpper(r) && (lowerNext || i > 0 && unicode.IsLower(runes[i-1]))
		if starts && i > 0 {
			b.WriteRune(' ')
		}
		if starts && lowerNext {
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}
