package rules

import (
	"context"
	"slices"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// FolderRoles are the roles that somebody is to have at a folder, by their numbers.
type FolderRoles struct {
	FolderID int64
	RoleIDs  []int64
}

// FolderUsersInput says which roles users are to have at folders. Folders that are not named stay as they are.
type FolderUsersInput struct {
	Tenant  string
	UserIDs []int64
	Folders []FolderRoles
}

// AssignFolderUsers gives users exactly some roles at folders. All of it is done, or nothing.
func (s *Session) AssignFolderUsers(ctx context.Context, in FolderUsersInput) error {
	o, err := s.orchestratorOf(ctx, in.Tenant, scopesToWriteFolderUsers)
	if err != nil {
		return err
	}
	wanted, err := o.folderRoles(in.Folders)
	if err != nil {
		return err
	}
	for _, id := range model.SortedUnique(slices.Clone(in.UserIDs)) {
		u, err := o.user(id)
		if err != nil {
			return err
		}
		if err := o.setFolderRoles(ctx, u, wanted); err != nil {
			return err
		}
	}
	return nil
}

// rolesAt are the roles that somebody is to have at a folder.
type rolesAt struct {
	folder access.GUID
	roles  []model.OrchestratorRole
}

// folderRoles finds folders with roles, and refuses folders whose users the caller may not change. A folder that is named twice has the roles
// of both.
func (o *orchestrator) folderRoles(in []FolderRoles) ([]rolesAt, error) {
	var wanted []rolesAt
	for _, one := range in {
		f, err := o.folder(one.FolderID)
		if err != nil {
			return nil, err
		}
		if err := o.requireOneOf(f.ID, editFolders, editFoldersHere); err != nil {
			return nil, err
		}
		roles, err := o.rolesNumbered(f.ID, one.RoleIDs)
		if err != nil {
			return nil, err
		}
		wanted = append(wanted, rolesAt{f.ID, roles})
	}
	return wanted, nil
}

func (o *orchestrator) setFolderRoles(ctx context.Context, u model.OrchestratorUser, wanted []rolesAt) error {
	for _, at := range wanted {
		if err := o.setRoles(ctx, u, at.folder, at.roles); err != nil {
			return err
		}
		if err := o.tx.AddToFolder(ctx, u, at.folder); err != nil {
			return err
		}
	}
	return nil
}

// FolderAccountInput says which roles an account is to have at folders, whether it is a user of the tenant already or not.
type FolderAccountInput struct {
	Tenant  string
	Account AccountInput
	Folders []FolderRoles
}

// AssignFolderAccount gives an account of the directory exactly some roles at folders, and adds it to the tenant. All of it is done, or
// nothing.
func (s *Session) AssignFolderAccount(ctx context.Context, in FolderAccountInput) error {
	o, err := s.orchestratorOf(ctx, in.Tenant, scopesToWriteFolderUsers)
	if err != nil {
		return err
	}
	wanted, err := o.folderRoles(in.Folders)
	if err != nil {
		return err
	}
	if len(wanted) == 0 {
		if err := o.requireOneOf("", editFolders, editFoldersHere); err != nil {
			return err
		}
	}
	account, err := o.account(ctx, in.Account)
	if err != nil {
		return err
	}
	u, ok := o.userOf(account.ID)
	if !ok {
		if u, err = o.addUser(ctx, account); err != nil {
			return err
		}
	}
	return o.setFolderRoles(ctx, u, wanted)
}

// FolderUserKey names a user at a folder.
type FolderUserKey struct {
	Tenant           string
	FolderID, UserID int64
}

// RemoveFolderUser takes a user out of a folder, with the roles that were assigned there.
func (s *Session) RemoveFolderUser(ctx context.Context, key FolderUserKey) error {
	o, err := s.orchestratorOf(ctx, key.Tenant, scopesToWriteFolderUsers)
	if err != nil {
		return err
	}
	f, err := o.folder(key.FolderID)
	if err != nil {
		return err
	}
	if err := o.requireOneOf(f.ID, editFolders, editFoldersHere); err != nil {
		return err
	}
	u, err := o.user(key.UserID)
	if err != nil {
		return err
	}
	if !u.In(f.ID) {
		return refuse(NotFound, "User %d does not exist in the folder %s itself.", u.ID, f.Path)
	}
	if err := o.takeRoles(ctx, u, f.ID, func(model.Assignment) bool { return true }); err != nil {
		return err
	}
	return s.tx.RemoveFromFolder(ctx, u, f.ID)
}

// FolderUsersQuery asks who has a place in a folder.
type FolderUsersQuery struct {
	TenantQuery[FolderUser]

	FolderID int64
	// Inherited asks also for those who have a place in a folder above.
	Inherited bool
}

// FolderUser is a user as a folder sees it.
type FolderUser struct {
	OrchestratorUser

	// Inherited is true for a user who has a place in folders above only.
	Inherited bool
	// RolesHere are the roles that count in the folder.
	RolesHere []FolderRole
}

// FolderRole is a role that somebody has in a folder.
type FolderRole struct {
	model.OrchestratorRole

	// From is the folder above where the role was assigned, nil for the folder itself.
	From *FolderDetails
}

// FolderUsers returns a page of the users that have a place in a folder, by number.
func (s *Session) FolderUsers(ctx context.Context, q FolderUsersQuery) (Page[FolderUser], error) {
	o, err := s.orchestratorOf(ctx, q.Tenant, scopesToReadFolderUsers)
	if err != nil {
		return Page[FolderUser]{}, err
	}
	f, err := o.folder(q.FolderID)
	if err != nil {
		return Page[FolderUser]{}, err
	}
	if err := o.requireOneOf(f.ID, viewFolders, viewFoldersHere); err != nil {
		return Page[FolderUser]{}, err
	}
	places := []access.GUID{f.ID}
	if q.Inherited {
		places = o.lineage(f.ID)
	}
	var here []model.OrchestratorUser
	for _, u := range o.users {
		if slices.ContainsFunc(places, u.In) {
			here = append(here, u)
		}
	}
	details, err := o.details(ctx, here)
	users := make([]FolderUser, len(details))
	for i, u := range details {
		users[i] = FolderUser{OrchestratorUser: u, Inherited: !u.In(f.ID), RolesHere: o.rolesOfUserAt(u.PrincipalID, places)}
	}
	return q.page(users), err
}

// rolesOfUserAt returns what somebody holds at a folder, which is the first of some, and at the others, which are above it.
func (o *orchestrator) rolesOfUserAt(principal access.GUID, places []access.GUID) []FolderRole {
	var held []FolderRole
	for i, place := range places {
		var from *FolderDetails
		if i > 0 {
			if f, ok := firstWith(o.folders, func(f FolderDetails) bool { return f.ID == place }); ok {
				from = &f
			}
		}
		for _, a := range o.assignedTo(principal, place) {
			if role, ok := o.roleWithKey(a.RoleID); ok {
				held = append(held, FolderRole{role, from})
			}
		}
	}
	return held
}

// AccountsQuery asks for accounts of the directory.
type AccountsQuery struct {
	Tenant string
	// Types narrow the search; none do not.
	Types []access.PrincipalType
	// StartsWith is the beginning of a name in any case.
	StartsWith string
}

// SearchAccounts returns the accounts of the directory that a query asks for, by display name.
func (s *Session) SearchAccounts(ctx context.Context, q AccountsQuery) ([]model.Principal, error) {
	o, err := s.orchestratorOf(ctx, q.Tenant, scopesToReadOrchestratorUsers)
	if err != nil {
		return nil, err
	}
	if err := o.requireOneOf("", viewUsers, editFolders, editFoldersHere); err != nil {
		return nil, err
	}
	return s.Search(ctx, DirectoryQuery{StartsWith: q.StartsWith, Types: q.Types})
}
