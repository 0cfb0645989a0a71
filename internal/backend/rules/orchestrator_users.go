package rules

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// lastUserNumber is the number after which users of Orchestrator are counted (contract 8.6-17).
const lastUserNumber = 1 << 32

// OrchestratorUser is a user of Orchestrator with what it has.
type OrchestratorUser struct {
	model.OrchestratorUser

	Principal model.Principal
	// Roles are those at the tenant, by name.
	Roles []HeldOrchestratorRole
	// Folders are those that the user was added to, by fully qualified name.
	Folders []FolderDetails
}

// HeldOrchestratorRole is a role that somebody has.
type HeldOrchestratorRole struct {
	model.OrchestratorRole

	AssignmentID access.GUID
}

// UserKey names a user of a tenant by its number or by the id of its account.
type UserKey struct {
	OrchestratorKey

	Account access.GUID
}

// details returns users with what they have.
func (o *orchestrator) details(ctx context.Context, users []model.OrchestratorUser) ([]OrchestratorUser, error) {
	ids := make([]access.GUID, len(users))
	for i, u := range users {
		ids[i] = u.PrincipalID
	}
	principals, err := o.tx.PrincipalsWithIDs(ctx, ids)
	held := map[access.GUID][]HeldOrchestratorRole{}
	for _, a := range o.assigned {
		if role, ok := o.roleWithKey(a.RoleID); ok && a.Scope.Container() == "" {
			held[a.PrincipalID] = append(held[a.PrincipalID], HeldOrchestratorRole{role, a.ID})
		}
	}
	all := make([]OrchestratorUser, len(users))
	for i, u := range users {
		roles := held[u.PrincipalID]
		slices.SortFunc(roles, func(a, b HeldOrchestratorRole) int { return cmp.Compare(a.Name, b.Name) })
		all[i] = OrchestratorUser{OrchestratorUser: u, Principal: principals[u.PrincipalID], Roles: roles}
		for _, f := range o.folders {
			if u.In(f.ID) {
				all[i].Folders = append(all[i].Folders, f)
			}
		}
	}
	return all, err
}

// OrchestratorUsers returns a page of the users of a tenant, by number.
func (s *Session) OrchestratorUsers(ctx context.Context, q TenantQuery[OrchestratorUser]) (Page[OrchestratorUser], error) {
	o, err := s.orchestratorOf(ctx, q.Tenant, scopesToReadOrchestratorUsers)
	if err != nil {
		return Page[OrchestratorUser]{}, err
	}
	if err := o.requireOneOf("", viewUsers); err != nil {
		return Page[OrchestratorUser]{}, err
	}
	users, err := o.details(ctx, o.users)
	return q.page(users), err
}

// OrchestratorUser returns one user of a tenant.
func (s *Session) OrchestratorUser(ctx context.Context, key UserKey) (OrchestratorUser, error) {
	o, err := s.orchestratorOf(ctx, key.Tenant, scopesToReadOrchestratorUsers)
	if err != nil {
		return OrchestratorUser{}, err
	}
	if err := o.requireOneOf("", viewUsers); err != nil {
		return OrchestratorUser{}, err
	}
	u, ok := firstWith(o.users, func(u model.OrchestratorUser) bool { return u.ID == key.ID || u.PrincipalID == key.Account })
	if !ok {
		return OrchestratorUser{}, refuse(NotFound, "The user does not exist.")
	}
	return o.userDetails(ctx, u)
}

func (o *orchestrator) userDetails(ctx context.Context, u model.OrchestratorUser) (OrchestratorUser, error) {
	all, err := o.details(ctx, []model.OrchestratorUser{u})
	return all[0], err
}

// NewOrchestratorUser is an account that is to be a user of a tenant.
type NewOrchestratorUser struct {
	Tenant  string
	Account AccountInput
	// Roles are names of roles of the tenant.
	Roles []string
}

// AccountInput names an account of the directory.
type AccountInput struct {
	Type access.PrincipalType
	// Key and Identifier are the account's id; Identifier as the search tells it (contract 8.6-14). Empty where they were not said.
	Key, Identifier access.GUID
	// UserName counts where both are empty.
	UserName string
}

// AddOrchestratorUser adds an account to a tenant, with roles.
func (s *Session) AddOrchestratorUser(ctx context.Context, in NewOrchestratorUser) (OrchestratorUser, error) {
	o, err := s.orchestratorOf(ctx, in.Tenant, scopesToWriteOrchestratorUsers)
	if err != nil {
		return OrchestratorUser{}, err
	}
	if err := o.requireOneOf("", addUsers); err != nil {
		return OrchestratorUser{}, err
	}
	account, err := o.account(ctx, in.Account)
	if err != nil {
		return OrchestratorUser{}, err
	}
	if _, taken := o.userOf(account.ID); taken {
		return OrchestratorUser{}, &NameTakenError{account.Name}
	}
	roles, err := o.rolesNamed(in.Roles)
	if err != nil {
		return OrchestratorUser{}, err
	}
	if err := o.checkGrants("", roles...); err != nil {
		return OrchestratorUser{}, err
	}
	u, err := o.addUser(ctx, account)
	if err != nil {
		return OrchestratorUser{}, err
	}
	for _, role := range roles {
		if err := o.giveRole(ctx, role, "", u); err != nil {
			return OrchestratorUser{}, err
		}
	}
	if o.assigned, err = s.tx.OrchestratorAssignments(ctx, o.tenant.ID); err != nil {
		return OrchestratorUser{}, err
	}
	return o.userDetails(ctx, u)
}

// rolesNamed finds roles that can be assigned at the tenant, each once.
func (o *orchestrator) rolesNamed(names []string) ([]model.OrchestratorRole, error) {
	var roles []model.OrchestratorRole
	for _, name := range names {
		role, ok := o.roleNamed(name)
		if !ok {
			return nil, refuse(NotFound, "Role %s does not exist.", name)
		}
		if err := checkLevel("", role); err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(roles, func(r model.OrchestratorRole) bool { return r.Key == role.Key }) {
			roles = append(roles, role)
		}
	}
	return roles, nil
}

func (o *orchestrator) userOf(account access.GUID) (model.OrchestratorUser, bool) {
	return firstWith(o.users, func(u model.OrchestratorUser) bool { return u.PrincipalID == account })
}

// account finds an account of the directory, and refuses one that is not there or cannot be added.
func (o *orchestrator) account(ctx context.Context, in AccountInput) (model.Principal, error) {
	if in.Key != "" && in.Identifier != "" && in.Key != in.Identifier {
		return model.Principal{}, badAccount("The value '%s' is not the account '%s' that the key names.", in.Identifier, in.Key)
	}
	if o.Strict && in.Key == "" && (in.Type == access.PrincipalRobot || in.Type == access.PrincipalExternalApplication) {
		return model.Principal{}, badAccount("A robot account and an external application need their id as the key.")
	}
	id := cmp.Or(in.Key, in.Identifier)
	everybody, err := o.everybody(ctx)
	if err != nil {
		return model.Principal{}, err
	}
	found, ok := firstWith(everybody, func(p model.Principal) bool {
		return p.Type == in.Type && (p.ID == id || id == "" && in.UserName != "" && isNamed(p, in.UserName))
	})
	switch {
	case !ok:
		return found, badAccount("The directory has no account of this type with the id or name '%s'.", cmp.Or(id.String(), in.UserName))
	case !found.Added && !o.provisions():
		return found, badAccount("%s", onlyOutsideText(found))
	}
	return found, nil
}

func badAccount(format string, args ...any) error {
	return invalid([]model.Violation{violationf(model.PartPrincipal, format, args...)})
}

// onlyOutsideText says that only the external directory has an account.
func onlyOutsideText(p model.Principal) string {
	return "The external directory has " + p.String() + ", but accounts of the external directory must be added to the organization first: " +
		"it does not provision them automatically."
}

// addUser adds an account to the tenant, and to the organization where only the external directory has it.
func (o *orchestrator) addUser(ctx context.Context, account model.Principal) (model.OrchestratorUser, error) {
	u := model.OrchestratorUser{TenantID: o.tenant.ID, PrincipalID: account.ID, CreatedOn: o.now()}
	if !account.Added {
		if err := o.tx.AddAccount(ctx, account.ID); err != nil {
			return u, err
		}
	}
	var err error
	if u.ID, err = o.tx.NextOrchestratorUser(ctx, lastUserNumber); err != nil {
		return u, err
	}
	o.users = append(o.users, u)
	return u, o.tx.AddOrchestratorUser(ctx, u)
}

// DeleteOrchestratorUser takes an account out of a tenant, with all its roles there.
func (s *Session) DeleteOrchestratorUser(ctx context.Context, key OrchestratorKey) error {
	o, err := s.orchestratorOf(ctx, key.Tenant, scopesToWriteOrchestratorUsers)
	if err != nil {
		return err
	}
	if err := o.requireOneOf("", removeUsers); err != nil {
		return err
	}
	u, err := o.user(key.ID)
	if err != nil {
		return err
	}
	return s.tx.DeleteOrchestratorUser(ctx, u)
}

// UserRolesInput says which roles a user is to have at the tenant.
type UserRolesInput struct {
	User OrchestratorKey
	// RoleIDs are numbers of roles.
	RoleIDs []int64
}

// AssignOrchestratorRoles gives a user exactly some roles at the tenant.
func (s *Session) AssignOrchestratorRoles(ctx context.Context, in UserRolesInput) error {
	o, err := s.orchestratorOf(ctx, in.User.Tenant, scopesToWriteOrchestratorUsers)
	if err != nil {
		return err
	}
	if err := o.requireOneOf("", editUsers, addUsers); err != nil {
		return err
	}
	u, err := o.user(in.User.ID)
	if err != nil {
		return err
	}
	roles, err := o.rolesNumbered("", in.RoleIDs)
	if err != nil {
		return err
	}
	return o.setRoles(ctx, u, "", roles)
}

// rolesNumbered finds roles that can be assigned at a folder or, where the folder is empty, at the tenant, each once.
func (o *orchestrator) rolesNumbered(folder access.GUID, ids []int64) ([]model.OrchestratorRole, error) {
	var roles []model.OrchestratorRole
	for _, id := range model.SortedUnique(slices.Clone(ids)) {
		role, err := o.role(id)
		if err != nil {
			return nil, err
		}
		if err := checkLevel(folder, role); err != nil {
			return nil, err
		}
		roles = append(roles, role)
	}
	return roles, nil
}

// setRoles gives a user exactly some roles at a folder itself or, where the folder is empty, at the tenant.
func (o *orchestrator) setRoles(ctx context.Context, u model.OrchestratorUser, folder access.GUID, roles []model.OrchestratorRole) error {
	had := o.assignedTo(u.PrincipalID, folder)
	added := slices.DeleteFunc(slices.Clone(roles), func(r model.OrchestratorRole) bool {
		return slices.ContainsFunc(had, func(a model.Assignment) bool { return a.RoleID == r.Key })
	})
	if err := o.checkGrants(folder, added...); err != nil {
		return err
	}
	err := o.takeRoles(ctx, u, folder, func(a model.Assignment) bool {
		return !slices.ContainsFunc(roles, func(r model.OrchestratorRole) bool { return r.Key == a.RoleID })
	})
	if err != nil {
		return err
	}
	for _, role := range added {
		if err := o.giveRole(ctx, role, folder, u); err != nil {
			return err
		}
	}
	return nil
}

// ToggleInput switches a role of a user on or off.
type ToggleInput struct {
	User OrchestratorKey
	Role string
	On   bool
}

// ToggleOrchestratorRole gives a user a role at the tenant, or takes it.
func (s *Session) ToggleOrchestratorRole(ctx context.Context, in ToggleInput) error {
	o, err := s.orchestratorOf(ctx, in.User.Tenant, scopesToWriteOrchestratorUsers)
	if err != nil {
		return err
	}
	if err := o.requireOneOf("", editUsers); err != nil {
		return err
	}
	u, err := o.user(in.User.ID)
	if err != nil {
		return err
	}
	toggled, err := o.rolesNamed([]string{strings.TrimSpace(in.Role)})
	if err != nil {
		return err
	}
	var roles []model.OrchestratorRole
	for _, a := range o.assignedTo(u.PrincipalID, "") {
		if role, ok := o.roleWithKey(a.RoleID); ok && role.Key != toggled[0].Key {
			roles = append(roles, role)
		}
	}
	if in.On {
		roles = append(roles, toggled...)
	}
	return o.setRoles(ctx, u, "", roles)
}
