package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// taskMiningKey says whose permission it is: a principal has one in a tenant.
type taskMiningKey struct {
	// tenantID and principalID are GUIDs in lower case.
	tenantID    string
	principalID string
}

func (k taskMiningKey) String() string { return k.tenantID + "/" + k.principalID }

func taskMiningScope(tenantID string) access.Scope {
	// Tenant ids were validated, and the service is in the table.
	scope, _ := access.ServiceScope(access.GUID(tenantID), access.TaskMiningService)
	return scope
}

// taskMiningRoles are the built-in roles that carry the permissions.
type taskMiningRoles map[access.TaskMiningPermission]uipath.Role

// taskMiningRoles finds the roles in the shared list.
func (s *session) taskMiningRoles(ctx context.Context) (taskMiningRoles, error) {
	all, err := s.client.Roles(ctx)
	if err != nil {
		return nil, err
	}
	return findTaskMiningRoles(all)
}

func findTaskMiningRoles(all []uipath.Role) (taskMiningRoles, error) {
	roles := taskMiningRoles{}
	var others []string
	for _, role := range all {
		switch permission, carries := taskMiningPermission(role); {
		case carries:
			roles[permission] = role
		case serviceForm.same(role.Service, access.TaskMiningService):
			others = append(others, role.Name)
		}
	}
	for _, permission := range access.TaskMiningPermissions() {
		if _, ok := roles[permission]; ok {
			continue
		}
		err := fmt.Errorf("these credentials see no built-in role %q of Task Mining", permission)
		if len(others) > 0 {
			// Newer generations of the service have other roles (contract 9.2).
			err = fmt.Errorf("%w; the service has %s, which uipath_role_assignment assigns", err, strings.Join(others, ", "))
		}
		return nil, err
	}
	return roles, nil
}

// taskMiningPermission is the permission that a role carries, if it is one of those that do.
func taskMiningPermission(role uipath.Role) (access.TaskMiningPermission, bool) {
	permission, err := access.ParseTaskMiningPermission(role.Name)
	return permission, err == nil && role.Type != access.RoleCustom && serviceForm.same(role.Service, access.TaskMiningService)
}

// taskMiningScopes are the scopes of the service and of projects, each once.
func taskMiningScopes(tenantID string, projects []string) ([]access.Scope, error) {
	scopes := []access.Scope{taskMiningScope(tenantID)}
	for _, project := range projects {
		scope, err := access.ProjectScope(access.GUID(tenantID), access.TaskMiningService, project)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(scopes, scope) {
			scopes = append(scopes, scope)
		}
	}
	return scopes, nil
}

// grants are the assignments that make up a permission: at the service and, for a recorder, at each project.
func (roles taskMiningRoles) grants(
	key taskMiningKey, kind access.PrincipalType, permission access.TaskMiningPermission, projects []string,
) ([]uipath.Grant, error) {
	scopes, err := taskMiningScopes(key.tenantID, projects)
	grants := make([]uipath.Grant, len(scopes))
	for i, scope := range scopes {
		grants[i] = uipath.Grant{PrincipalType: kind, Key: uipath.AssignmentKey{
			RoleID: roles[permission].ID, PrincipalID: key.principalID, Scope: scope,
		}}
	}
	return grants, err
}

// taskMiningHolding is what a principal holds of Task Mining's roles in a tenant.
type taskMiningHolding struct {
	kind access.PrincipalType
	name string
	// permission is the strongest at the service, "" where there is none.
	permission access.TaskMiningPermission
	// projects are those of a recorder, sorted.
	projects []string
	// extra are assignments that are not part of the permission.
	extra []uipath.Assignment
	all   []uipath.Assignment
}

// keys are the assignments that the principal holds.
func (h taskMiningHolding) keys() []uipath.AssignmentKey {
	keys := make([]uipath.AssignmentKey, len(h.all))
	for i, a := range h.all {
		keys[i] = a.Key
	}
	return keys
}

// holding makes sense of what one principal holds.
func (roles taskMiningRoles) holding(held []uipath.Assignment) taskMiningHolding {
	h := taskMiningHolding{all: held}
	named := map[string]access.TaskMiningPermission{}
	for permission, role := range roles {
		named[role.ID] = permission
	}
	for _, a := range held {
		h.kind, h.name = a.PrincipalType, a.PrincipalName
		if p := named[a.Key.RoleID]; a.Key.Scope.Kind() == access.ScopeService && (h.permission == "" || p.StrongerThan(h.permission)) {
			h.permission = p
		}
	}
	for _, a := range held {
		permission, project := named[a.Key.RoleID], a.Key.Scope.Container()
		switch {
		case project == "" && permission == h.permission:
		case project != "" && permission == access.TaskMiningUser && (h.permission == "" || h.permission == access.TaskMiningUser):
			h.projects = append(h.projects, project)
		default:
			h.extra = append(h.extra, a)
		}
	}
	slices.Sort(h.projects)
	return h
}

// taskMiningHeld returns what is held of Task Mining's roles in a tenant, by principal: what one of them holds or, where principalID is
// empty, all. Who may not list the organization sees the service and the projects that are given; complete says that all projects were
// seen.
func (s *session) taskMiningHeld(
	ctx context.Context, roles taskMiningRoles, tenantID, principalID string, projects ...string,
) (held map[string][]uipath.Assignment, complete bool, err error) {
	found, err := s.client.ServiceAssignments(ctx, access.TaskMiningService, principalID)
	complete = err == nil
	if errors.Is(err, uipath.ErrForbidden) {
		found, err = s.taskMiningListed(ctx, tenantID, projects)
	}
	if err != nil {
		return nil, false, err
	}
	service := taskMiningScope(tenantID)
	held = map[string][]uipath.Assignment{}
	for _, a := range roles.among(found) {
		if service.Contains(a.Key.Scope) {
			held[a.Key.PrincipalID] = append(held[a.Key.PrincipalID], a)
		}
	}
	return held, complete, nil
}

// among keeps the assignments of these roles.
func (roles taskMiningRoles) among(found []uipath.Assignment) []uipath.Assignment {
	var kept []uipath.Assignment
	for _, a := range found {
		for _, role := range roles {
			if role.ID == a.Key.RoleID {
				kept = append(kept, a)
			}
		}
	}
	return kept
}

func (s *session) taskMiningListed(ctx context.Context, tenantID string, projects []string) ([]uipath.Assignment, error) {
	scopes, err := taskMiningScopes(tenantID, projects)
	var found []uipath.Assignment
	for i := 0; err == nil && i < len(scopes); i++ {
		var more []uipath.Assignment
		more, err = s.client.Assignments(ctx, scopes[i], uipath.Reach{})
		found = append(found, more...)
	}
	return found, err
}

// aiCenterLacks is what a principal lacks of the AI Center permissions that it needs.
type aiCenterLacks struct {
	missing []string
	// unknown says why it cannot be told, "" where it can.
	unknown string
}

// value is null where it cannot be told.
func (l aiCenterLacks) value(ctx context.Context) (types.Set, diag.Diagnostics) {
	if l.unknown != "" {
		return types.SetNull(types.StringType), nil
	}
	return types.SetValueFrom(ctx, types.StringType, l.missing)
}

// aiCenterLacks computes what a principal does not hold of what a permission needs, from what the run shares: the assignments that
// hold in Orchestrator of the tenant, the roles, and the members of the groups that matter.
func (s *session) aiCenterLacks(
	ctx context.Context, key taskMiningKey, permission access.TaskMiningPermission,
) (aiCenterLacks, diag.Diagnostics) {
	var diags diag.Diagnostics
	attempted := fmt.Sprintf("Looking whether %s holds the AI Center permissions that a Task Mining %s needs.", key.principalID, permission)
	orchestrator, err := access.ServiceScope(access.GUID(key.tenantID), "orchestrator")
	if err != nil {
		diags.Append(failure("Reading AI Center permissions failed", attempted, err))
		return aiCenterLacks{}, diags
	}
	needed := permission.AICenterPermissions()
	found, err := s.client.AssignmentsHolding(ctx, orchestrator)
	lacks := aiCenterLacks{missing: needed}
	// What the principal holds itself is looked at first: then hardly anybody's groups have to be read.
	for _, direct := range []bool{true, false} {
		for i := 0; err == nil && i < len(found) && len(lacks.missing) > 0; i++ {
			a := found[i]
			if (a.Key.PrincipalID == key.principalID) == direct {
				err = s.subtract(ctx, &lacks, key, a)
			}
		}
	}
	switch {
	case len(lacks.missing) == 0:
		lacks.unknown = ""
	case errors.Is(err, uipath.ErrForbidden):
		lacks.unknown = err.Error()
	case err != nil:
		diags.Append(failure("Reading AI Center permissions failed", attempted, err))
	}
	return lacks, diags
}

// subtract takes away what an assignment gives the principal, itself or through the group that holds it.
func (s *session) subtract(ctx context.Context, lacks *aiCenterLacks, key taskMiningKey, a uipath.Assignment) error {
	role, err := s.client.Role(ctx, a.Key.RoleID)
	if errors.Is(err, uipath.ErrNotFound) {
		return nil
	}
	if err != nil || !hasEffect(a.Type, role, a.Key.Scope) {
		return err
	}
	left := slices.DeleteFunc(slices.Clone(lacks.missing), func(p string) bool {
		return isOrganizationAdministrator(role) || slices.Contains(role.Permissions, p)
	})
	if len(left) == len(lacks.missing) {
		return nil
	}
	holds := a.Key.PrincipalID == key.principalID
	switch {
	case holds || a.PrincipalType != access.PrincipalGroup:
	case !s.resolvePrincipals:
		lacks.unknown = "Groups were not looked into, because of resolve_principals = false."
	default:
		members, err := s.client.GroupMembers(ctx, a.Key.PrincipalID)
		if errors.Is(err, uipath.ErrNotFound) && a.PrincipalName != "" {
			lacks.unknown = fmt.Sprintf("The group %s, which holds some of them, belongs to an external directory, whose members cannot be read.",
				label(a.PrincipalName, a.Key.PrincipalID))
		}
		if err != nil && !errors.Is(err, uipath.ErrNotFound) {
			return err
		}
		_, holds = members[key.principalID]
	}
	if holds {
		lacks.missing = left
	}
	return nil
}

// isOrganizationAdministrator reports whether a role grants everything (contract 3.8).
func isOrganizationAdministrator(role uipath.Role) bool {
	return role.Type != access.RoleCustom && role.Shape == access.ShapeOrganization && role.Name == "Organization Administrator"
}

// checkMember refuses who cannot have a Task Mining permission, and returns the name of who can. It depends on the directory only.
func (s *session) checkMember(ctx context.Context, id string, kind access.PrincipalType) (string, diag.Diagnostics) {
	name, diags := s.checkPrincipal(ctx, id, kind)
	if diags.HasError() || !s.resolvePrincipals || kind != access.PrincipalUser {
		return name, diags
	}
	user, err := s.client.Principal(ctx, id, kind)
	if err == nil && !user.InvitationAccepted {
		diags.AddAttributeError(path.Root("principal_id"), "Invitation not accepted", fmt.Sprintf("The user %s was invited to the organization and "+
			"has not accepted yet. A Task Mining permission is for members only: ask them to accept the invitation, then apply again.", label(name, id)))
	}
	return name, diags
}
