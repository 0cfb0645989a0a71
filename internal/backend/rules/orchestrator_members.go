package rules

import (
	"context"
	"slices"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// MembersInput changes who has a role at the tenant.
type MembersInput struct {
	Role OrchestratorKey
	// Added and Removed are numbers of users.
	Added, Removed []int64
}

// SetMembers gives a role to users of the tenant and takes it from others. All of it is done, or nothing.
func (s *Session) SetMembers(ctx context.Context, in MembersInput) error {
	o, err := s.orchestratorOf(ctx, in.Role.Tenant, scopesToWriteOrchestratorUsers)
	if err != nil {
		return err
	}
	for _, needed := range []string{editRoles, viewUsers} {
		if err := o.requireOneOf("", needed); err != nil {
			return err
		}
	}
	role, err := o.role(in.Role.ID)
	if err != nil {
		return err
	}
	if err := checkLevel("", role); err != nil {
		return err
	}
	var added []model.OrchestratorUser
	for _, id := range model.SortedUnique(slices.Clone(in.Added)) {
		u, err := o.user(id)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(o.assignedTo(u.PrincipalID, ""), func(a model.Assignment) bool { return a.RoleID == role.Key }) {
			added = append(added, u)
		}
	}
	if len(added) > 0 {
		if err := o.checkGrants("", role); err != nil {
			return err
		}
	}
	for _, id := range in.Removed {
		if u, err := o.user(id); err == nil && !slices.Contains(in.Added, id) {
			if err := o.takeRoles(ctx, u, "", func(a model.Assignment) bool { return a.RoleID == role.Key }); err != nil {
				return err
			}
		}
	}
	return o.giveRole(ctx, role, "", added...)
}

// checkLevel refuses a role that cannot be assigned at a folder or, where the folder is empty, at the tenant.
func checkLevel(folder access.GUID, role model.OrchestratorRole) error {
	switch {
	case folder == "" && !role.Type.AtTenant():
		return invalid([]model.Violation{violationf(model.PartRoles, "The role %q has the type Folder: assign it at a folder.", role.Name)})
	case folder != "" && !role.Type.AtFolders():
		return invalid([]model.Violation{violationf(model.PartRoles, "The role %q has the type Tenant: assign it at the tenant.", role.Name)})
	}
	return nil
}

// giveRole assigns a role to users who do not have it at a folder or, where the folder is empty, at the tenant.
func (o *orchestrator) giveRole(ctx context.Context, role model.OrchestratorRole, folder access.GUID, users ...model.OrchestratorUser) error {
	at, err := model.OrchestratorScope(o.tenant.ID, folder)
	if err != nil {
		return err
	}
	ids := make([]access.GUID, len(users))
	for i, u := range users {
		ids[i] = u.PrincipalID
	}
	principals, err := o.tx.PrincipalsWithIDs(ctx, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		given := addition{principal: principals[id], Assignment: model.Assignment{
			RoleID: role.Key, PrincipalID: id, PrincipalType: principals[id].Type, Scope: at,
		}}
		if err := o.assign(ctx, given); err != nil {
			return err
		}
	}
	return nil
}

// takeRoles removes what a user holds at a folder itself or, where the folder is empty, at the tenant.
func (o *orchestrator) takeRoles(ctx context.Context, u model.OrchestratorUser, folder access.GUID, which func(model.Assignment) bool) error {
	for _, a := range o.assignedTo(u.PrincipalID, folder) {
		if !which(a) {
			continue
		}
		if err := o.tx.RemoveAssignment(ctx, a.ID); err != nil {
			return err
		}
	}
	return nil
}

// MembersOf returns the numbers of the users who have a role at the tenant, sorted.
func (s *Session) MembersOf(ctx context.Context, key OrchestratorKey) ([]int64, error) {
	o, err := s.orchestratorOf(ctx, key.Tenant, scopesToReadOrchestratorUsers)
	if err != nil {
		return nil, err
	}
	if err := o.requireOneOf("", viewRoles, viewUsers); err != nil {
		return nil, err
	}
	role, err := o.role(key.ID)
	if err != nil {
		return nil, err
	}
	holders := o.holdersOf(role)
	var ids []int64
	for _, u := range o.users {
		if holders[u.PrincipalID] {
			ids = append(ids, u.ID)
		}
	}
	return ids, nil
}

// holdersOf returns who has a role at the tenant.
func (o *orchestrator) holdersOf(role model.OrchestratorRole) map[access.GUID]bool {
	holders := map[access.GUID]bool{}
	for _, a := range o.assigned {
		if a.RoleID == role.Key && a.Scope.Container() == "" {
			holders[a.PrincipalID] = true
		}
	}
	return holders
}

// RoleUsersQuery asks for the users of a tenant, of whom those stand first who have a role.
type RoleUsersQuery struct {
	TenantQuery[OrchestratorUser]

	RoleID int64
}

// UsersForRole returns a page of all users of a tenant. Those who have the role at the tenant stand first, unless the query sorts them.
func (s *Session) UsersForRole(ctx context.Context, q RoleUsersQuery) (Page[OrchestratorUser], error) {
	o, err := s.orchestratorOf(ctx, q.Tenant, scopesToReadOrchestratorUsers)
	if err != nil {
		return Page[OrchestratorUser]{}, err
	}
	for _, needed := range []string{viewRoles, viewUsers} {
		if err := o.requireOneOf("", needed); err != nil {
			return Page[OrchestratorUser]{}, err
		}
	}
	role, err := o.role(q.RoleID)
	if err != nil {
		return Page[OrchestratorUser]{}, err
	}
	users, err := o.details(ctx, o.users)
	holders := o.holdersOf(role)
	slices.SortStableFunc(users, func(a, b OrchestratorUser) int {
		switch inA, inB := holders[a.PrincipalID], holders[b.PrincipalID]; {
		case inA == inB:
			return 0
		case inA:
			return -1
		}
		return 1
	})
	return q.page(users), err
}
