package catalogue

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// rolesMadeOn is when the platform made its roles: the time that the one public sample shows (contract 3.1).
var rolesMadeOn = time.Date(2025, 12, 9, 8, 20, 56, 770363300, time.UTC)

var (
	organizationAdministratorID = roleID(access.MultiService.Name, "Organization Administrator")
	tenantAdministratorID       = roleID(access.MultiService.Name, "Tenant Administrator")
)

// accessAdministratorID is the only id of a role that a public source shows (contract 3.2).
const accessAdministratorID access.GUID = "587d79d6-85de-4ee7-819b-1eb19b85009b"

type roleEntry struct {
	ID          access.GUID      `yaml:"id"`
	Name        string           `yaml:"name"`
	Description string           `yaml:"description"`
	Type        access.RoleType  `yaml:"type"`
	Shape       access.RoleShape `yaml:"shape"`
	Service     string           `yaml:"service"`
	Permissions []string         `yaml:"permissions"`
}

func roleID(service, name string) access.GUID { return model.DerivedID("platform role", service, name) }

func (c *Catalogue) expandRoles(text []byte) ([]model.Role, error) {
	var entries []roleEntry
	if err := decode(text, &entries); err != nil {
		return nil, err
	}
	roles := make([]model.Role, 0, len(entries))
	for _, e := range entries {
		permissions, err := matchNames(e.Permissions, c.Names(e.Shape))
		if err != nil {
			return nil, fmt.Errorf("role %q of %s: %w", e.Name, e.Service, err)
		}
		roles = append(roles, model.Role{
			ID: cmp.Or(e.ID, roleID(e.Service, e.Name)), Name: e.Name, Description: e.Description,
			Type: e.Type, Shape: e.Shape, Service: e.Service, Permissions: permissions,
			Stamp: model.Stamp{
				CreatedBy: model.SystemID, CreatedOn: rolesMadeOn, UpdatedBy: model.SystemID, UpdatedOn: rolesMadeOn,
			},
		})
	}
	slices.SortFunc(roles, func(a, b model.Role) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(strings.ToLower(a.Service), strings.ToLower(b.Service)))
	})
	return roles, nil
}

// matchNames returns the names that a pattern matches. A pattern that matches none is a mistake in the catalogue.
func matchNames(patterns, names []string) ([]string, error) {
	var matched []string
	for _, pattern := range patterns {
		before := len(matched)
		for _, name := range names {
			ok, err := path.Match(pattern, name)
			if err != nil {
				return nil, fmt.Errorf("pattern %q: %w", pattern, err)
			}
			if ok {
				matched = append(matched, name)
			}
		}
		if len(matched) == before {
			return nil, fmt.Errorf("pattern %q matches no permission that fits the role's shape", pattern)
		}
	}
	return model.SortedUnique(matched), nil
}
