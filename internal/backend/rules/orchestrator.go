package rules

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/catalogue"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// The permissions of Orchestrator that the rules ask for (contract 8.8).
const (
	viewRoles       = "Roles.View"
	editRoles       = "Roles.Edit"
	addRoles        = "Roles.Create"
	removeRoles     = "Roles.Delete"
	viewUsers       = "Users.View"
	editUsers       = "Users.Edit"
	addUsers        = "Users.Create"
	removeUsers     = "Users.Delete"
	viewFolders     = "Units.View"
	editFolders     = "Units.Edit"
	viewFoldersHere = "SubFolders.View"
	editFoldersHere = "SubFolders.Edit"
)

// The OAuth2 scopes of which an external application needs one in Orchestrator (contract 8.8).
var (
	scopesToReadOrchestratorUsers  = []string{"OR.Users", "OR.Users.Read"}
	scopesToWriteOrchestratorUsers = []string{"OR.Users", "OR.Users.Write"}
	scopesToReadFolderUsers        = []string{"OR.Folders", "OR.Folders.Read"}
	scopesToWriteFolderUsers       = []string{"OR.Folders", "OR.Folders.Write"}
)

// rolesDecide is the scope that lets an application do what its roles in Orchestrator allow (contract 2.4-13).
const rolesDecide = "OR.Default"

// TenantQuery asks for rows of one kind of a tenant.
type TenantQuery[T any] struct {
	// Tenant is the tenant's name or id.
	Tenant string
	// Keep narrows the list; nil does not. Compare sorts it; nil leaves its usual order.
	Keep    func(T) bool
	Compare func(a, b T) int
	Paging
}

// page returns the rows that are asked for.
func (q TenantQuery[T]) page(rows []T) Page[T] {
	if q.Keep != nil {
		rows = slices.DeleteFunc(rows, func(one T) bool { return !q.Keep(one) })
	}
	if q.Compare != nil {
		slices.SortStableFunc(rows, q.Compare)
	}
	return cut(rows, q.Paging)
}

// orchestrator is one caller at Orchestrator of one tenant, with what there is.
type orchestrator struct {
	*Session

	tenant model.Tenant
	// byScope says that the caller is an application whose scope alone is enough for what it asks.
	byScope bool
	roles   []model.OrchestratorRole
	users   []model.OrchestratorUser
	// assigned is everything that is assigned of the roles, by principal and scope.
	assigned []model.Assignment
	folders  []FolderDetails
	// selves are the ids of the caller and of the groups that it is in.
	selves []access.GUID
}

// orchestratorOf loads Orchestrator of a tenant. It refuses applications that have none of the given scopes.
func (s *Session) orchestratorOf(ctx context.Context, tenant string, scopes []string) (*orchestrator, error) {
	if err := s.hasScope(append(slices.Clone(scopes), rolesDecide)); err != nil {
		return nil, err
	}
	o := &orchestrator{Session: s, byScope: s.callerType == access.PrincipalExternalApplication && s.hasScope(scopes) == nil}
	var err error
	if o.tenant, err = s.namedTenant(ctx, tenant); err != nil {
		return nil, err
	}
	if !slices.Contains(o.tenant.Services, "orchestrator") {
		return nil, refuse(NotFound, "The tenant %q has no Orchestrator.", o.tenant.Name)
	}
	if o.folders, err = s.foldersIn(ctx, o.tenant.ID); err != nil {
		return nil, err
	}
	if o.roles, err = s.tx.OrchestratorRoles(ctx, o.tenant.ID); err != nil {
		return nil, err
	}
	if o.users, err = s.tx.OrchestratorUsers(ctx, o.tenant.ID); err != nil {
		return nil, err
	}
	if o.assigned, err = s.tx.OrchestratorAssignments(ctx, o.tenant.ID); err != nil {
		return nil, err
	}
	o.selves, err = s.tx.GroupsOf(ctx, s.callerID)
	o.selves = append(o.selves, s.callerID)
	return o, err
}

// requireOneOf refuses a caller who has none of some permissions at a folder. Without a folder, one of a folder counts wherever it is held.
func (o *orchestrator) requireOneOf(folder access.GUID, permissions ...string) error {
	if o.byScope || slices.ContainsFunc(permissions, func(p string) bool { return o.has(p, folder) }) {
		return nil
	}
	where := "Orchestrator of the tenant " + o.tenant.Name
	if i := slices.IndexFunc(o.folders, func(f FolderDetails) bool { return f.ID == folder }); i >= 0 {
		where = "the folder " + o.folders[i].Path + " of " + where
	}
	return refuse(Forbidden, "%s is needed in %s.", strings.Join(permissions, " or "), where)
}

// has reports whether the caller's roles give a permission at a folder.
func (o *orchestrator) has(permission string, folder access.GUID) bool {
	known, _ := o.Catalogue.OrchestratorPermission(permission)
	if o.administersOrchestrator() || known.Scope == catalogue.OrchestratorGlobal && o.hasInPlatform(permission) {
		return true
	}
	above := o.lineage(folder)
	return slices.ContainsFunc(o.assigned, func(a model.Assignment) bool {
		if !slices.Contains(o.selves, a.PrincipalID) {
			return false
		}
		role, ok := o.roleWithKey(a.RoleID)
		if !ok || !slices.Contains(role.Permissions, known.Name) {
			return false
		}
		if known.Scope == catalogue.OrchestratorGlobal {
			return a.Scope.Container() == ""
		}
		return a.Scope.Container() != "" && (folder == "" || slices.Contains(above, access.GUID(a.Scope.Container())))
	})
}

// hasInPlatform reports whether a role of the platform gives a permission of the tenant.
func (o *orchestrator) hasInPlatform(permission string) bool {
	at, err := model.OrchestratorScope(o.tenant.ID, "")
	return err == nil && o.can("ORCHESTRATOR."+strings.ToUpper(permission), at)
}

// administersOrchestrator reports whether a role of the platform lets the caller do everything in Orchestrator.
func (o *orchestrator) administersOrchestrator() bool {
	return o.isOrganizationAdministrator() || slices.ContainsFunc(o.grants, func(g grant) bool {
		return catalogue.IsTenantAdministrator(g.role.ID) && g.scope.Contains(access.TenantScope(o.tenant.ID))
	})
}

// lineage returns a folder and those that it is in.
func (o *orchestrator) lineage(folder access.GUID) []access.GUID {
	var above []access.GUID
	for folder != "" {
		above = append(above, folder)
		i := slices.IndexFunc(o.folders, func(f FolderDetails) bool { return f.ID == folder })
		if i < 0 {
			break
		}
		folder = o.folders[i].ParentID
	}
	return above
}

func (o *orchestrator) roleWithKey(key access.GUID) (model.OrchestratorRole, bool) {
	return firstWith(o.roles, func(r model.OrchestratorRole) bool { return r.Key == key })
}

func (o *orchestrator) roleNamed(name string) (model.OrchestratorRole, bool) {
	return firstWith(o.roles, func(r model.OrchestratorRole) bool { return strings.EqualFold(r.Name, name) })
}

// role finds a role by its number, and refuses one that does not exist.
func (o *orchestrator) role(id int64) (model.OrchestratorRole, error) {
	r, ok := firstWith(o.roles, func(r model.OrchestratorRole) bool { return r.ID == id })
	if !ok {
		return r, refuse(NotFound, "Role %d does not exist.", id)
	}
	return r, nil
}

// user finds a user by its number, and refuses one that does not exist.
func (o *orchestrator) user(id int64) (model.OrchestratorUser, error) {
	u, ok := firstWith(o.users, func(u model.OrchestratorUser) bool { return u.ID == id })
	if !ok {
		return u, refuse(NotFound, "User %d does not exist.", id)
	}
	return u, nil
}

// folder finds a folder by its number, and refuses one that does not exist.
func (o *orchestrator) folder(number int64) (FolderDetails, error) {
	f, ok := firstWith(o.folders, func(f FolderDetails) bool { return f.Number == number })
	if !ok {
		return f, ErrNoFolder
	}
	return f, nil
}

// assignedTo returns what a principal holds at a folder itself or, where the folder is empty, at the tenant.
func (o *orchestrator) assignedTo(principal, folder access.GUID) []model.Assignment {
	var held []model.Assignment
	for _, a := range o.assigned {
		if a.PrincipalID == principal && access.GUID(a.Scope.Container()) == folder {
			held = append(held, a)
		}
	}
	return held
}

// firstWith returns the first of some things for which something holds.
func firstWith[T any](all []T, holds func(T) bool) (T, bool) {
	if i := slices.IndexFunc(all, holds); i >= 0 {
		return all[i], true
	}
	var none T
	return none, false
}

// namedTenant finds a tenant by its name or id, and refuses one that does not exist.
func (s *Session) namedTenant(ctx context.Context, name string) (model.Tenant, error) {
	tenants, err := s.tx.Tenants(ctx)
	if err != nil {
		return model.Tenant{}, err
	}
	t, ok := firstWith(tenants, func(t model.Tenant) bool {
		return strings.EqualFold(t.Name, name) || strings.EqualFold(t.ID.String(), name)
	})
	if ok {
		return t, nil
	}
	names := make([]string, len(tenants))
	for i, t := range tenants {
		names[i] = t.Name
	}
	return t, refuse(NotFound, "%s", model.WithSuggestion(fmt.Sprintf("The tenant %q does not exist.", name), name, names))
}

// NameTakenError refuses a name that another has already, in the words of Orchestrator. It has a code of its own (contract 8.5-9).
type NameTakenError struct{ Name string }

// Error implements error.
func (e *NameTakenError) Error() string { return fmt.Sprintf("The name %s is already used.", e.Name) }

// ActionForbiddenError refuses what Orchestrator does not let this caller do, or nobody. Unlike a missing right it is told in the service's
// usual envelope (contract 8.2-18, 8.5-8).
type ActionForbiddenError struct{ Message string }

// Error implements error.
func (e *ActionForbiddenError) Error() string { return e.Message }
