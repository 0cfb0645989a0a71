package httpapi

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

// anyPath is the pattern of requests that no route serves.
const anyPath = "/"

// route is one operation. The backend's own operations are not in the journal and have no name.
type route struct {
	operation string
	pattern   string
	handle    handler
}

// routes are all operations. The segment {org} is the organization's name or id, {partition} its id.
func (a *API) routes() []route { return slices.Concat(a.platformRoutes(), a.orchestratorRoutes()) }

// platformRoutes are the operations of identity and of access management, and the backend's own.
func (a *API) platformRoutes() []route {
	const (
		identity    = organizationIdentity
		portal      = "/{org}/portal_/api/filtering/leftnav/tenantsAndOrganizationInfo"
		roles       = "/{org}/pap_/api/roles"
		actions     = "/{org}/pap_/api/actions"
		assignments = "/{org}/pap_/api/userroleassignments"
	)
	return slices.Concat(a.projectRoutes(), []route{
		{"Token", "POST /identity_/connect/token", a.token},
		{"Token", "POST /{org}/identity_/connect/token", a.token},
		{"Authorize", "GET /identity_/connect/authorize", a.authorize},
		{"TenantsAndOrganizationInfo", "GET " + portal, read(a, noInput, withoutInput((*rules.Session).Tenants), newTenantsBody)},

		{"SearchDirectory", "GET " + identity + "Directory/Search/{partition}", read(a, directoryQuery, (*rules.Session).Search, each(newSearchBody))},
		{"BulkResolveByName", "POST " + identity + "Directory/BulkResolveByName/{partition}",
			read(a, namesQuery, (*rules.Session).ResolveNames, newResolvedBody)},
		{"DirectoryScopes", "GET " + identity + "Directory/Scopes/{partition}",
			read(a, noInput, withoutInput((*rules.Session).DirectorySources), each(newSourceBody))},
		{"GroupMembership", "POST " + identity + "Directory/GroupMembership/{partition}",
			read(a, membershipQuery, (*rules.Session).GroupMembership, each(newPrincipalBody))},
		{"ResolveEntity", "POST " + identity + "Directory/Resolve/{partition}", read(a, entityQuery, (*rules.Session).Resolve, newEntityBody)},
		{"ResolveEntityByName", "POST " + identity + "Directory/ResolveByName/{partition}",
			read(a, namedEntityQuery, (*rules.Session).Resolve, newEntityBody)},
		{"BulkResolve", "POST " + identity + "Directory/BulkResolve/{partition}",
			read(a, entitiesQuery, (*rules.Session).ResolveAll, newResolvedBody)},
		{"ListUsers", "GET " + identity + "User/users/{partition}", read(a, userQuery, (*rules.Session).Users, page(newUserBody))},
		{"GetUser", "GET " + identity + "User/{id}", read(a, pathID, (*rules.Session).User, newUserBody)},
		{"DeleteUser", "DELETE " + identity + "User/{id}", change(a, pathID, (*rules.Session).DeleteUser)},
		{"CreateUser", "POST " + identity + "User",
			rejecting(http.StatusBadRequest, write(a, newUser, (*rules.Session).CreateUsers, succeeded), asItIs)},
		{"BulkCreateUsers", "POST " + identity + "User/BulkCreate",
			rejecting(http.StatusOK, write(a, newUsers, (*rules.Session).CreateUsers, newCreatedUsersBody), withoutUsers)},
		{"InviteUsers", "POST " + identity + "User/InviteUsers", write(a, invitations, (*rules.Session).InviteUsers, newInvitedUsersBody)},
		{"UpdateUser", "PUT " + identity + "User/{id}",
			rejecting(http.StatusOK, write(a, userChange, withoutOutput((*rules.Session).UpdateUser), succeeded), asItIs)},
		{"DeleteUsers", "DELETE " + identity + "User", change(a, userDeletion, (*rules.Session).DeleteUsers)},
		{"ListGroups", "GET " + identity + "Group/{partition}", read(a, noInput, withoutInput((*rules.Session).Groups), each(newGroupBody))},
		{"CreateGroup", "POST " + identity + "Group", created(write(a, newGroupInput, (*rules.Session).CreateGroup, newGroupDetailsBody))},
		{"UpdateGroup", "PUT " + identity + "Group/{id}", write(a, groupChange, (*rules.Session).UpdateGroup, newGroupDetailsBody)},
		{"GetGroup", "GET " + identity + "Group/{partition}/{id}", read(a, pathID, (*rules.Session).Group, newGroupDetailsBody)},
		{"DeleteGroup", "DELETE " + identity + "Group/{partition}/{id}", change(a, pathID, (*rules.Session).DeleteGroup)},
		{"DeleteGroups", "DELETE " + identity + "Group/{partition}", change(a, deletion(memberGroupIDs), (*rules.Session).DeleteGroups)},
		{"ListGroupMembers", "GET " + identity + "Group/{partition}/{id}/Members",
			read(a, membersQuery, (*rules.Session).GroupMembers, page(newMemberBody))},
		{"ListRobotAccounts", "GET " + identity + "RobotAccount/{partition}", read(a, robotQuery, (*rules.Session).Robots, page(newRobotBody))},
		{"GetRobotAccount", "GET " + identity + "RobotAccount/{partition}/{id}", read(a, pathID, (*rules.Session).Robot, newRobotBody)},
		{"CreateRobotAccount", "POST " + identity + "RobotAccount", created(write(a, robotInput, (*rules.Session).CreateRobot, newRobotBody))},
		{"UpdateRobotAccount", "PUT " + identity + "RobotAccount/{id}", write(a, robotChange, (*rules.Session).UpdateRobot, newRobotBody)},
		{"DeleteRobotAccount", "DELETE " + identity + "RobotAccount/{partition}/{id}", change(a, pathID, (*rules.Session).DeleteRobot)},
		{"DeleteRobotAccounts", "DELETE " + identity + "RobotAccount/{partition}",
			change(a, deletion(memberRobotIDs), (*rules.Session).DeleteRobots)},
		{"ListExternalClients", "GET " + identity + "ExternalClient/{partition}",
			read(a, noInput, withoutInput((*rules.Session).Applications), each(newClientBody))},
		{"GetExternalClient", "GET " + identity + "ExternalClient/{partition}/{id}", read(a, pathID, (*rules.Session).Application, newClientBody)},
		{"CreateExternalClient", "POST " + identity + "ExternalClient",
			created(write(a, clientInput, (*rules.Session).CreateApplication, newCreatedClientBody))},
		{"UpdateExternalClient", "PUT " + identity + "ExternalClient/{partition}/{id}",
			write(a, clientChange, (*rules.Session).UpdateApplication, newClientBody)},
		{"DeleteExternalClient", "DELETE " + identity + "ExternalClient/{partition}/{id}", change(a, pathID, (*rules.Session).DeleteApplication)},
		{"CreateClientSecret", "POST " + identity + "ExternalClient/GenerateSecret",
			write(a, secretInput, (*rules.Session).CreateSecret, newToldSecretBody)},
		{"GenerateClientSecret", "GET " + identity + "ExternalClient/{partition}/{id}/GenerateSecret",
			write(a, secretOfPath, (*rules.Session).CreateSecret, secretText)},
		{"DeleteClientSecret", "DELETE " + identity + "ExternalClient/{partition}/secrets/{secret}",
			change(a, secretID, (*rules.Session).DeleteSecret)},
		{"ListExternalApiResources", "GET " + identity + "ExternalApiResource",
			read(a, noInput, withoutInput((*rules.Session).APIScopes), newAPIResourceBodies)},
		{"GetSettings", "GET " + identity + "Setting", read(a, settingsQuery, (*rules.Session).Settings, each(newSettingBody))},
		{"PutSettings", "PUT " + identity + "Setting", write(a, settingsInput, (*rules.Session).PutSettings, each(newSettingBody))},

		{"ListRoles", "GET " + roles, read(a, roleQuery, (*rules.Session).Roles, page(a.newListedRoleBody))},
		{"PutRole", "PUT " + roles, write(a, roleInput, (*rules.Session).PutRole, newCreatedRoleBody)},
		{"GetRole", "GET " + roles + "/{id}", read(a, pathID, (*rules.Session).Role, a.newRoleBody)},
		{"DeleteRole", "DELETE " + roles + "/{id}", change(a, pathID, (*rules.Session).DeleteRole)},
		{"ListActions", "GET " + actions, read(a, actionQuery, (*rules.Session).Actions, each(newActionBody))},
		{"ListAssignments", "GET " + assignments, read(a, assignmentQuery, (*rules.Session).RoleAssignments, page(newHolderBody))},
		{"PatchAssignments", "PATCH " + assignments, change(a, assignmentsInput, (*rules.Session).ChangeAssignments)},
		{"ExportAssignments", "GET " + assignments + "/export", a.exportAssignments},
		{"EffectiveAccess", "POST /{org}/pap_/api/geteffectiveaccess",
			read(a, effectiveQuery, (*rules.Session).EffectiveAccess, newEffectiveBody)},
		{"EffectiveAccessOfOrganization", "POST /{org}/pdp_/api/geteffectiveaccess",
			read(a, organizationEffectiveQuery, (*rules.Session).EffectiveAccessOfOrganization, newEffectiveBody)},

		{"", "GET /_reference/health", a.health},
		{"", "POST /_reference/reset", a.private(a.reset)},
		{"", "GET /_reference/snapshot", a.private(a.snapshot)},
		{"", "GET /_reference/journal", a.private(a.readJournal)},
		{"", "DELETE /_reference/journal", a.private(a.clearJournal)},
		{"", "GET /_reference/faults", a.private(a.readFaults)},
		{"", "POST /_reference/faults", a.private(a.addFaults)},
		{"", "DELETE /_reference/faults", a.private(a.clearFaults)},
	})
}

// wrongMethodError refuses a method at a path that has others.
type wrongMethodError struct {
	method  string
	allowed []string
}

// Error implements error.
func (e *wrongMethodError) Error() string {
	return fmt.Sprintf("%s is not allowed at this path; allowed are %s.", e.method, strings.Join(e.allowed, ", "))
}

// noRoute refuses a request that no route serves: its path does not exist, or not with its method.
func (a *API) noRoute(r *http.Request) (reply, error) {
	var methods, paths []string
	for pattern := range a.operations {
		method, path, _ := strings.Cut(pattern, " ")
		methods, paths = append(methods, method), append(paths, path)
	}
	var allowed []string
	for _, method := range slices.Compact(slices.Sorted(slices.Values(methods))) {
		other := r.WithContext(r.Context())
		other.Method = method
		if _, pattern := a.mux.Handler(other); pattern != anyPath {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) > 0 {
		return reply{}, &wrongMethodError{method: r.Method, allowed: allowed}
	}
	organization, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	tenant, _, _ := strings.Cut(rest, "/")
	for i, path := range paths {
		paths[i] = strings.NewReplacer("{org}", organization, "{tenant}", tenant).Replace(path)
	}
	if near := access.Nearest(r.URL.Path, paths, 1); len(near) > 0 {
		return reply{}, notFound("The path %q does not exist; the nearest is %s.", asRequested(r.URL.Path), near[0])
	}
	return reply{}, notFound("The path %q does not exist.", shortened(asRequested(r.URL.Path)))
}

// shortened returns the beginning of a path, which has any length.
func shortened(path string) string {
	const quoted = 300
	return path[:min(len(path), quoted)]
}
