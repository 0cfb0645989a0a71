package httpapi

import "github.com/accessascode/terraform-provider-uipath/internal/backend/rules"

// orchestratorRoutes are the operations of Orchestrator of a tenant (contract 8).
func (a *API) orchestratorRoutes() []route {
	const (
		folders     = orchestrator + "Folders"
		roles       = orchestrator + "Roles"
		users       = orchestrator + "Users"
		permissions = orchestrator + "Permissions"
		search      = orchestratorAPI + "DirectoryService/SearchForUsersAndGroups"
		key         = "/{key}"
	)
	roleSet := a.orchestratorRoleSet()
	return []route{
		{"ListFolders", "GET " + folders, listEntities(a, folderSet, (*rules.Session).Folders, asAsked)},
		{"GetFolder", "GET " + folders + key, oneEntity(a, folderSet, (*rules.Session).Folder, numberOfFolder)},
		{"GetFolderByKey", "GET " + folders + "/" + odataAction + "GetByKey" + key, oneEntity(a, folderSet, (*rules.Session).Folder, keyOfFolder)},
		{"AssignUsers", "POST " + folders + "/" + odataAction + "AssignUsers", change(a, folderUsersInput, (*rules.Session).AssignFolderUsers)},
		{"AssignDirectoryUser", "POST " + folders + "/" + odataAction + "AssignDirectoryUser",
			change(a, folderAccountInput, (*rules.Session).AssignFolderAccount)},
		{"AssignDomainUser", "POST " + folders + "/" + odataAction + "AssignDomainUser", a.assignDomainUser},
		{"RemoveUserFromFolder", "POST " + folders + key + "/" + odataAction + "RemoveUserFromFolder",
			change(a, folderUserKey, (*rules.Session).RemoveFolderUser)},
		{"GetUsersForFolder", "GET " + folders + "/" + odataAction + "GetUsersForFolder" + key,
			listEntities(a, folderUserSet, (*rules.Session).FolderUsers, usersOfFolder, "includeAlertsEnabled")},

		{"ListOrchestratorRoles", "GET " + roles, listEntities(a, roleSet, (*rules.Session).OrchestratorRoles, asAsked)},
		{"GetOrchestratorRole", "GET " + roles + key, oneEntity(a, roleSet, (*rules.Session).OrchestratorRole, numberOf)},
		{"CreateOrchestratorRole", "POST " + roles, a.createOrchestratorRole},
		{"UpdateOrchestratorRole", "PUT " + roles + key, done(change(a, orchestratorRoleChange, (*rules.Session).ReplaceOrchestratorRole))},
		{"DeleteOrchestratorRole", "DELETE " + roles + key, change(a, numberAlone, (*rules.Session).DeleteOrchestratorRole)},
		{"SetUsers", "POST " + roles + key + "/" + odataAction + "SetUsers", change(a, membersInput, (*rules.Session).SetMembers)},
		{"GetUserIdsForRole", "GET " + roles + "/" + odataAction + "GetUserIdsForRole" + key, a.listMembers},
		{"GetUsersForRole", "GET " + roles + "/" + odataAction + "GetUsersForRole" + key,
			listEntities(a, orchestratorUserSet, (*rules.Session).UsersForRole, usersOfRole)},
		{"ListOrchestratorPermissions", "GET " + permissions,
			listEntities(a, orchestratorPermissionSet, (*rules.Session).OrchestratorPermissions, asAsked)},

		{"ListOrchestratorUsers", "GET " + users, listEntities(a, orchestratorUserSet, (*rules.Session).OrchestratorUsers, asAsked)},
		{"GetOrchestratorUser", "GET " + users + key, oneEntity(a, orchestratorUserSet, (*rules.Session).OrchestratorUser, orchestratorUserNumber)},
		{"GetOrchestratorUserByKey", "GET " + users + "/" + odataAction + "GetByKey" + key,
			oneEntity(a, orchestratorUserSet, (*rules.Session).OrchestratorUser, orchestratorUserKey)},
		{"CreateOrchestratorUser", "POST " + users, a.createOrchestratorUser},
		{"DeleteOrchestratorUser", "DELETE " + users + key, change(a, numberAlone, (*rules.Session).DeleteOrchestratorUser)},
		{"AssignRoles", "POST " + users + key + "/" + odataAction + "AssignRoles",
			done(change(a, userRolesInput, (*rules.Session).AssignOrchestratorRoles))},
		{"ToggleRole", "POST " + users + key + "/" + odataAction + "ToggleRole",
			done(change(a, toggleInput, (*rules.Session).ToggleOrchestratorRole))},
		{"SearchForUsersAndGroups", "GET " + search, read(a, accountsQuery, (*rules.Session).SearchAccounts, each(newFoundAccountBody))},
	}
}
