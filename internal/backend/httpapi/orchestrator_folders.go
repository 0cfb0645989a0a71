package httpapi

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

// The members of what is assigned at folders (contract 8.7).
const (
	memberAssignments    = "assignments"
	memberAssignment     = "assignment"
	memberFolderUserIDs  = "UserIds"
	memberRolesPerFolder = "RolesPerFolder"
	memberFolderID       = "FolderId"
	memberFolderRoles    = "RoleIds"
	memberUserType       = "UserType"
	memberRemovedUser    = "userId"
)

// folderUserSet is the users of a folder (contract 8.7-14). Both objects come without $expand too.
var folderUserSet = odataSet[rules.FolderUser]{
	name: "Collection(UiPath.Server.Configuration.OData.UserRolesDto)",
	entity: odataEntity[rules.FolderUser]{
		{"Id", odataNumber, func(u rules.FolderUser) any { return u.ID }},
		{"HasAlertsEnabled", odataFlag, func(rules.FolderUser) any { return false }},
		{"UserEntity", odataObject, func(u rules.FolderUser) any { return newUserEntityBody(u) }},
		{"Roles", odataObject, func(u rules.FolderUser) any { return each(newFolderRoleBody)(u.RolesHere) }},
	},
}

type userEntityBody struct {
	ID                   int64       `json:"Id"`
	Key                  access.GUID `json:"Key"`
	UserName             string      `json:"UserName"`
	FullName             string      `json:"FullName"`
	AuthenticationSource string      `json:"AuthenticationSource"`
	Type                 string      `json:"Type"`
	Source               string      `json:"Source"`
	IsInherited          bool        `json:"IsInherited"`
	AssignedToFolderIDs  []int64     `json:"AssignedToFolderIds"`
	MayHaveAttended      bool        `json:"MayHaveAttended"`
	MayHaveUnattended    bool        `json:"MayHaveUnattended"`
	IsActive             bool        `json:"IsActive"`
}

func newUserEntityBody(u rules.FolderUser) userEntityBody {
	return userEntityBody{
		ID: u.ID, Key: u.PrincipalID, UserName: u.Principal.Name, FullName: u.Principal.DisplayName,
		AuthenticationSource: newFoundAccountBody(u.Principal).Source, Type: orchestratorUserTypes[u.Principal.Type],
		Source: "Orchestrator", IsInherited: u.Inherited,
		AssignedToFolderIDs: each(func(f rules.FolderDetails) int64 { return f.Number })(u.Folders), IsActive: u.Principal.Active,
	}
}

type folderRoleBody struct {
	ID       int64                      `json:"Id"`
	Name     string                     `json:"Name"`
	RoleType model.OrchestratorRoleType `json:"RoleType"`
	Origin   string                     `json:"Origin"`
	From     *inheritedFromBody         `json:"InheritedFromFolder"`
}

type inheritedFromBody struct {
	DisplayName        string `json:"DisplayName"`
	FullyQualifiedName string `json:"FullyQualifiedName"`
	ID                 int64  `json:"Id"`
}

func newFolderRoleBody(r rules.FolderRole) folderRoleBody {
	b := folderRoleBody{ID: r.ID, Name: r.Name, RoleType: r.Type, Origin: "Assigned"}
	if r.From != nil {
		b.Origin, b.From = "Inherited", &inheritedFromBody{r.From.Name, r.From.Path, r.From.Number}
	}
	return b
}

// usersOfFolder narrows a list of users to the folder in the path.
func usersOfFolder(q query, asked rules.TenantQuery[rules.FolderUser]) rules.FolderUsersQuery {
	named := arguments(q.request, argumentKey, argumentInherited)
	return rules.FolderUsersQuery{
		TenantQuery: asked, FolderID: named.number(q.request, argumentKey), Inherited: named.flag(q.request, argumentInherited),
	}
}

// wrapped reads the one member of a body, which is an object with the known members.
func (r *request) wrapped(name string, known ...string) body {
	outer := r.body(name)
	outer.required(name)
	return outer.item(name, deref(member[map[string]json.RawMessage](outer, name)), known...)
}

func folderUsersInput(r *request) rules.FolderUsersInput {
	r.query()
	b := r.wrapped(memberAssignments, memberFolderUserIDs, memberRolesPerFolder)
	b.required(memberFolderUserIDs, memberRolesPerFolder)
	r.memberOf = memberNames{model.PartRoles: b.prefix + memberRolesPerFolder}.of
	return rules.FolderUsersInput{Tenant: r.PathValue("tenant"), UserIDs: b.numbers(memberFolderUserIDs), Folders: b.rolesPerFolder()}
}

func (b body) rolesPerFolder() []rules.FolderRoles {
	all := deref(member[[]map[string]json.RawMessage](b, memberRolesPerFolder))
	var folders []rules.FolderRoles
	for _, one := range b.items(memberRolesPerFolder, all, maxOrchestratorNumbers, memberFolderID, memberFolderRoles) {
		one.required(memberFolderID, memberFolderRoles)
		folders = append(folders, rules.FolderRoles{FolderID: deref(member[int64](one, memberFolderID)), RoleIDs: one.numbers(memberFolderRoles)})
	}
	return folders
}

func folderAccountInput(r *request) rules.FolderAccountInput {
	r.query()
	b := r.wrapped(memberAssignment, "Domain", memberOrchestratorUserName, memberDirectoryID, memberUserType, memberRolesPerFolder)
	b.required(memberUserType, memberRolesPerFolder)
	r.memberOf = memberNames{model.PartRoles: b.prefix + memberRolesPerFolder, model.PartPrincipal: b.prefix + memberDirectoryID}.of
	id := b.identifier(memberDirectoryID)
	return rules.FolderAccountInput{
		Tenant: r.PathValue("tenant"), Folders: b.rolesPerFolder(),
		Account: rules.AccountInput{
			Type: b.orchestratorUserType(memberUserType), Key: id, Identifier: id, UserName: deref(member[string](b, memberOrchestratorUserName)),
		},
	}
}

// assignDomainUser refuses what only servers on premises take (contract 8.7-7).
func (a *API) assignDomainUser(r *http.Request) (reply, error) {
	parse := func(r *request) struct{} {
		r.wrongf("AssignDomainUser", "The cloud takes AssignDirectoryUser.")
		return struct{}{}
	}
	return change(a, parse, func(*rules.Session, context.Context, struct{}) error { return nil })(r)
}

func folderUserKey(r *request) rules.FolderUserKey {
	r.query()
	b := r.body(memberRemovedUser)
	b.required(memberRemovedUser)
	return rules.FolderUserKey{
		Tenant: r.PathValue("tenant"), FolderID: arguments(r, "").number(r, ""), UserID: deref(member[int64](b, memberRemovedUser)),
	}
}
