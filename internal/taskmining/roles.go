package taskmining

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// PermissionOf returns the permission that a role carries. Of the roles that Task Mining brings along those do that have the name of
// one; newer generations of the service have others (contract 9.2).
func PermissionOf(role uipath.Role) (access.TaskMiningPermission, bool) {
	permission, err := access.ParseTaskMiningPermission(role.Name)
	return permission, err == nil && role.Type != access.RoleCustom && ofTaskMining(role)
}

func ofTaskMining(role uipath.Role) bool {
	owner, _ := access.FindService(role.Service)
	return owner.Name == access.TaskMiningService
}

// ErrOtherRoles says that Task Mining has roles, but not those that carry permissions.
var ErrOtherRoles = errors.New("the service has other roles")

// roles are the ids of the roles that carry the permissions.
type roles map[access.TaskMiningPermission]access.GUID

func (p *Permissions) roles(ctx context.Context) (roles, error) {
	carriers := roles{}
	for _, permission := range access.TaskMiningPermissions() {
		named, err := p.client.RolesNamed(ctx, string(permission))
		if err != nil {
			return nil, err
		}
		for _, role := range named {
			if carried, ok := PermissionOf(role); ok && carried == permission {
				carriers[permission] = role.ID
			}
		}
		if carriers[permission] == "" {
			return nil, p.missingRole(ctx, permission)
		}
	}
	return carriers, nil
}

func (p *Permissions) missingRole(ctx context.Context, permission access.TaskMiningPermission) error {
	all, err := p.client.Roles(ctx)
	if err != nil {
		return err
	}
	var others []string
	for _, role := range all {
		if _, carries := PermissionOf(role); !carries && ofTaskMining(role) {
			others = append(others, role.Name)
		}
	}
	err = fmt.Errorf("these credentials see no built-in role %q of Task Mining", permission)
	if len(others) > 0 {
		err = fmt.Errorf("%w: %w: %s", err, ErrOtherRoles, strings.Join(others, ", "))
	}
	return err
}

// change returns the assignments to make and to remove.
func (r roles) change(from Holding, to Permission) (add []uipath.Grant, remove []uipath.AssignmentKey, err error) {
	at, err := scopes(to.Tenant, to.Projects)
	if err != nil {
		return nil, nil, err
	}
	held := from.keys()
	for _, scope := range at {
		key := uipath.AssignmentKey{RoleID: r[to.Level], PrincipalID: to.Principal, Scope: scope}
		if i := slices.Index(held, key); i >= 0 {
			held = slices.Delete(held, i, i+1)
		} else {
			add = append(add, uipath.Grant{Key: key, PrincipalType: to.PrincipalType})
		}
	}
	return add, held, nil
}
