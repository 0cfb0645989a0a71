package httpapi

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

// The members of a user of Orchestrator and of what is said of one (contract 8.6).
const (
	memberUserKey              = "Key"
	memberOrchestratorUserName = "UserName"
	memberDirectoryID          = "DirectoryIdentifier"
	memberUserRolesList        = "RolesList"
	memberRoleIDs              = "roleIds"
	memberToggledRole          = "role"
	memberToggle               = "toggle"
	externalIdentifier         = "aad|"
	onlyDomain                 = "autogen"
)

// orchestratorUserTypes are the types of users by the types of accounts (contract 8.6-1).
var orchestratorUserTypes = map[access.PrincipalType]string{
	access.PrincipalUser: "DirectoryUser", access.PrincipalGroup: "DirectoryGroup", access.PrincipalRobot: "DirectoryRobot",
	access.PrincipalExternalApplication: "DirectoryExternalApplication",
}

// directoryNumbers are the types of accounts by their numbers in the search (contract 8.6-13).
var directoryNumbers = map[access.PrincipalType]int{
	access.PrincipalUser: 0, access.PrincipalGroup: 1, access.PrincipalRobot: 3, access.PrincipalExternalApplication: 4,
}

// orchestratorUserSet is the users of Orchestrator of a tenant (contract 8.6-16).
var orchestratorUserSet = odataSet[rules.OrchestratorUser]{
	name: "Users",
	entity: odataEntity[rules.OrchestratorUser]{
		{"Id", odataNumber, func(u rules.OrchestratorUser) any { return u.ID }},
		{"Key", odataText, func(u rules.OrchestratorUser) any { return u.PrincipalID.String() }},
		{"UserName", odataText, func(u rules.OrchestratorUser) any { return u.Principal.Name }},
		{"Name", odataText, func(u rules.OrchestratorUser) any { return cmp.Or(u.Principal.FirstName, u.Principal.DisplayName) }},
		{"Surname", odataText, func(u rules.OrchestratorUser) any { return u.Principal.LastName }},
		{"FullName", odataText, func(u rules.OrchestratorUser) any { return u.Principal.DisplayName }},
		{"EmailAddress", odataText, func(u rules.OrchestratorUser) any { return nullable(u.Principal.Email) }},
		{"Type", odataText, func(u rules.OrchestratorUser) any { return orchestratorUserTypes[u.Principal.Type] }},
		{"Domain", odataText, func(u rules.OrchestratorUser) any { return domainOf(u.Principal) }},
		{memberDirectoryID, odataText, func(u rules.OrchestratorUser) any { return identifierOf(u.Principal) }},
		{memberUserRolesList, odataObject, func(u rules.OrchestratorUser) any { return rolesList(u) }},
		{"ProvisionType", odataText, func(rules.OrchestratorUser) any { return "Manual" }},
		{"IsActive", odataFlag, func(u rules.OrchestratorUser) any { return u.Principal.Active }},
		{"CreationTime", odataText, func(u rules.OrchestratorUser) any { return model.FormatTime(u.CreatedOn) }},
		{"TenantKey", odataText, func(u rules.OrchestratorUser) any { return u.TenantID.String() }},
	},
	expanded: odataEntity[rules.OrchestratorUser]{
		{"UserRoles", odataObject, func(u rules.OrchestratorUser) any { return userRoleBodies(u) }},
		{"OrganizationUnits", odataObject, func(u rules.OrchestratorUser) any { return unitBodies(u) }},
	},
}

func domainOf(p model.Principal) string {
	if p.Source == access.SourceDirectory {
		return ""
	}
	return onlyDomain
}

// identifierOf is an account's id as the search tells it (contract 8.6-14).
func identifierOf(p model.Principal) string {
	if p.Source == access.SourceDirectory {
		return externalIdentifier + p.ID.String()
	}
	return p.ID.String()
}

func rolesList(u rules.OrchestratorUser) []string {
	return each(func(r rules.HeldOrchestratorRole) string { return r.Name })(u.Roles)
}

type userRoleBody struct {
	UserID   int64                      `json:"UserId"`
	RoleID   int64                      `json:"RoleId"`
	UserName string                     `json:"UserName"`
	RoleName string                     `json:"RoleName"`
	RoleType model.OrchestratorRoleType `json:"RoleType"`
	ID       int64                      `json:"Id"`
}

func userRoleBodies(u rules.OrchestratorUser) []userRoleBody {
	return each(func(r rules.HeldOrchestratorRole) userRoleBody {
		return userRoleBody{u.ID, r.ID, u.Principal.Name, r.Name, r.Type, model.DerivedNumber(r.AssignmentID)}
	})(u.Roles)
}

type unitBody struct {
	ID          int64  `json:"Id"`
	DisplayName string `json:"DisplayName"`
}

func unitBodies(u rules.OrchestratorUser) []unitBody {
	return each(func(f rules.FolderDetails) unitBody { return unitBody{f.Number, f.Name} })(u.Folders)
}

// orchestratorUserNumber reads the number of a user in the path.
func orchestratorUserNumber(r *request) rules.UserKey {
	return rules.UserKey{OrchestratorKey: numberOf(r)}
}

// orchestratorUserKey reads the account of a user in the path.
func orchestratorUserKey(r *request) rules.UserKey {
	key := arguments(r, argumentIdentifier)[argumentIdentifier]
	found := rules.UserKey{OrchestratorKey: rules.OrchestratorKey{Tenant: r.PathValue("tenant")}}
	if r.failed == nil {
		found.Account = r.parseGUID(argumentIdentifier, key)
	}
	return found
}

// orchestratorUserFields are the members of a user that real clients send, beside those that are read (contract 8.6-5).
var orchestratorUserFields = []string{
	memberContext, "Id", "Name", "Surname", "FullName", "EmailAddress", "Domain", "IsActive", "ProvisionType", "LicenseType", "UserRoles",
	"OrganizationUnits", "UnattendedRobot", "RobotProvision", "UpdatePolicy", "NotificationSubscription", "MayHaveUserSession", "MayHaveRobotSession",
	"MayHaveUnattendedSession", "MayHavePersonalWorkspace", "RestrictToPersonalWorkspace", "BypassBasicAuthRestriction", "CreationTime",
	"AuthenticationSource", "IsExternalLicensed", "Password", "TenantId", "TenantKey", "TenancyName", "TenantDisplayName", "AccountId",
	"HasOnlyInheritedPrivileges", "ExplicitMayHaveUserSession", "ExplicitMayHaveRobotSession", "ExplicitMayHavePersonalWorkspace",
	"ExplicitRestrictToPersonalWorkspace", "LastLoginTime", "LastModificationTime",
}

// newOrchestratorUser reads an account that is to be a user of the tenant.
func newOrchestratorUser(r *request) rules.NewOrchestratorUser {
	r.query(optionSelect, optionExpand)
	r.memberOf = memberNames{model.PartPrincipal: memberDirectoryID, model.PartRoles: memberUserRolesList}.of
	b := r.body(append([]string{
		memberUserKey, memberOrchestratorUserName, memberDirectoryID, memberRoleType, memberUserRolesList,
	}, orchestratorUserFields...)...)
	b.required(memberRoleType)
	return rules.NewOrchestratorUser{
		Tenant: r.PathValue("tenant"), Roles: deref(member[[]string](b, memberUserRolesList)),
		Account: rules.AccountInput{
			Type: b.orchestratorUserType(memberRoleType), Key: deref(b.guid(memberUserKey)), Identifier: b.identifier(memberDirectoryID),
			UserName: deref(member[string](b, memberOrchestratorUserName)),
		},
	}
}

// orchestratorUserType reads what an account is.
func (b body) orchestratorUserType(name string) access.PrincipalType {
	word := deref(member[string](b, name))
	for kind, known := range orchestratorUserTypes {
		if strings.EqualFold(known, word) {
			return kind
		}
	}
	if word != "" {
		var known []string
		for _, one := range orchestratorUserTypes {
			known = append(known, one)
		}
		slices.Sort(known)
		b.wrongf(name, "The value '%s' is not valid: it is one of %s.", word, strings.Join(known, ", "))
	}
	return ""
}

// identifier reads an account's id as the search tells it.
func (b body) identifier(name string) access.GUID {
	text := deref(member[string](b, name))
	if text == "" {
		return ""
	}
	return b.parseGUID(b.prefix+name, strings.TrimPrefix(text, externalIdentifier))
}

// createOrchestratorUser serves POST /odata/Users.
func (a *API) createOrchestratorUser(r *http.Request) (reply, error) {
	body := func(u rules.OrchestratorUser) map[string]any {
		return orchestratorUserSet.entityBody(r, orchestratorUserSet.entity, u)
	}
	return created(write(a, newOrchestratorUser, (*rules.Session).AddOrchestratorUser, body))(r)
}

func userRolesInput(r *request) rules.UserRolesInput {
	r.query()
	r.memberOf = memberNames{model.PartRoles: memberRoleIDs}.of
	b := r.body(memberRoleIDs)
	b.required(memberRoleIDs)
	return rules.UserRolesInput{User: numberOf(r), RoleIDs: b.numbers(memberRoleIDs)}
}

func toggleInput(r *request) rules.ToggleInput {
	r.query()
	r.memberOf = memberNames{model.PartRoles: memberToggledRole}.of
	b := r.body(memberToggledRole, memberToggle)
	b.required(memberToggledRole, memberToggle)
	return rules.ToggleInput{User: numberOf(r), Role: deref(member[string](b, memberToggledRole)), On: deref(member[bool](b, memberToggle))}
}

// foundAccountBody is an account as the search shows it (contract 8.6-12).
type foundAccountBody struct {
	Type         int    `json:"type"`
	Source       string `json:"source"`
	Domain       string `json:"domain"`
	Identifier   string `json:"identifier"`
	IdentityName string `json:"identityName"`
	DisplayName  string `json:"displayName"`
}

func newFoundAccountBody(p model.Principal) foundAccountBody {
	b := foundAccountBody{directoryNumbers[p.Type], "local", onlyDomain, identifierOf(p), p.Name, p.DisplayName}
	if p.Source == access.SourceDirectory {
		b.Source = "aad"
	}
	return b
}

// searchContexts are what the search can be narrowed to.
var searchContexts = []choice[[]access.PrincipalType]{
	{"All", nil}, {"Users", []access.PrincipalType{access.PrincipalUser}}, {"Groups", []access.PrincipalType{access.PrincipalGroup}},
	{"Robots", []access.PrincipalType{access.PrincipalRobot}},
	{"ExternalApplications", []access.PrincipalType{access.PrincipalExternalApplication}},
}

// accountsQuery reads a search for accounts.
func accountsQuery(r *request) rules.AccountsQuery {
	q := r.query("searchContext", "domain", "prefix")
	if domain := q.text("domain"); !strings.EqualFold(domain, onlyDomain) {
		q.wrongf("domain", "The value '%s' is not valid: the cloud has the domain %s.", domain, onlyDomain)
	}
	return rules.AccountsQuery{
		Tenant: r.PathValue("tenant"), Types: oneOf(q, "searchContext", nil, searchContexts), StartsWith: q.text("prefix"),
	}
}
