// Package model is what an organization consists of, as plain values: who is in it, which tenants and roles it has, who
// holds which role where. The seed is read into it, the store keeps it, the rules judge it.
//
// What belongs here is data and its spelling. Decisions belong in rules, SQL in store, YAML in seed.
package model

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// SystemID is the principal that the platform names as the creator of what it made itself (contract 3.2).
const SystemID access.GUID = "7f36fcc2-b822-430b-ae30-5ecfbacac186"

// State is a whole organization with everything in it.
type State struct {
	Organization Organization
	Tenants      []Tenant
	Users        []User
	Groups       []Group
	Robots       []Robot
	Applications []Application
	Tokens       []Token
	Settings     []Setting
	// Folders stand after the folder that they are in.
	Folders  []Folder
	Projects []Project
	Roles    []Role
	// OrchestratorRoles are those of all tenants, with the ones that come with Orchestrator.
	OrchestratorRoles []OrchestratorRole
	OrchestratorUsers []OrchestratorUser
	Assignments       []Assignment
}

// Organization is the account.
type Organization struct {
	ID   access.GUID
	Name string
	// DefaultCaller is the principal on whose behalf a caller that names nobody acts; empty where there is none.
	DefaultCaller access.GUID
	// ExternalDirectory says whether accounts also come from an external identity provider.
	ExternalDirectory bool
	// AutoProvisioning says whether an account of the external directory can be given access before it was added.
	AutoProvisioning bool
}

// Tenant is an isolated part of the organization.
type Tenant struct {
	ID   access.GUID
	Name string
	// Services are the slugs of the services that run in the tenant, sorted.
	Services []string
}

// Principal is somebody who can hold a role, whatever their type.
type Principal struct {
	ID   access.GUID
	Type access.PrincipalType
	// Name is the user name of a user, and the name of everything else.
	Name        string
	DisplayName string
	// Email is empty for everything but users.
	Email string
	// FirstName and LastName are empty for everything but users.
	FirstName, LastName string
	Source              access.PrincipalSource
	// Added is false for an account that only the external directory has.
	Added bool
	// Invited is true for a user who was invited and has not accepted yet.
	Invited bool
	// Active is false for a user who cannot sign in.
	Active bool
	// CreatedOn is zero for external applications.
	CreatedOn time.Time
}

// String names the principal in messages.
func (p Principal) String() string { return fmt.Sprintf("%s (%s)", p.DisplayName, p.ID) }

// User is a person's account.
type User struct {
	ID          access.GUID
	UserName    string
	Email       string
	Name        string
	Surname     string
	DisplayName string
	Active      bool
	// InvitationAccepted is false for somebody who was invited and has not joined yet.
	InvitationAccepted bool
	// BypassesBasicAuth says whether the user may sign in with a password where the organization restricts that. It has no effect here.
	BypassesBasicAuth bool
	Source            access.PrincipalSource
	// Added is false for an account of the external directory that the organization does not have yet.
	Added     bool
	CreatedOn time.Time
	// ModifiedOn is zero for a user that was never changed.
	ModifiedOn time.Time
	// LegacyID is a number that the user has beside the id.
	LegacyID int64
}

// WithDefaults fills in what may be left out: the display name, the email where the user name is one, and the number where there is
// an id.
func (u User) WithDefaults() User {
	u.DisplayName = cmp.Or(u.DisplayName, strings.TrimSpace(u.Name+" "+u.Surname), u.UserName)
	if u.Email == "" && strings.Contains(u.UserName, "@") {
		u.Email = u.UserName
	}
	if u.LegacyID == 0 && u.ID != "" {
		u.LegacyID = DerivedNumber(u.ID)
	}
	return u
}

// Group is a set of principals, which may be groups.
type Group struct {
	ID   access.GUID
	Name string
	// BuiltIn groups come with every organization.
	BuiltIn bool
	Source  access.PrincipalSource
	// Added is false for a group of the external directory that the organization does not have yet.
	Added bool
	// Members are the ids of users, groups, robot accounts and applications, sorted.
	Members   []access.GUID
	CreatedOn time.Time
	// ModifiedOn is zero for a group that was never changed.
	ModifiedOn time.Time
}

// Robot is a robot account: what unattended robots run as.
type Robot struct {
	ID          access.GUID
	Name        string
	DisplayName string
	CreatedOn   time.Time
}

// Application is an external application.
type Application struct {
	// ID is the OAuth2 client id.
	ID access.GUID
	// Name may be that of another application too.
	Name string
	// Confidential says whether the application can keep a secret. Only then it can sign in for itself, hold roles and be in groups.
	Confidential bool
	// RedirectURI is where users who sign in are sent, or empty.
	RedirectURI string
	// Secrets are in the order of their ids.
	Secrets []Secret
	// Scopes are the OAuth2 scopes that the application may ask for by itself, sorted.
	Scopes []string
	// UserScopes are those that it may ask for when a user signs in, sorted.
	UserScopes []string
}

// Secret is a client secret of an external application.
type Secret struct {
	// ID is unique in the organization.
	ID int64
	// ApplicationID is the application that the secret belongs to.
	ApplicationID access.GUID
	Description   string
	// SHA256 is the hash of the secret, 64 hexadecimal digits; the secret itself is kept nowhere.
	SHA256    string
	CreatedOn time.Time
	// Expires is zero for a secret that never does.
	Expires time.Time
}

// Setting is a value that is kept under a key, for a user or for the organization.
type Setting struct {
	// ID is unique in the organization.
	ID int64
	// UserID is empty for a setting of the organization.
	UserID access.GUID
	Key    string
	Value  string
}

// Token is a personal access token.
type Token struct {
	// SHA256 is the hash of the token, 64 hexadecimal digits; the token itself is kept nowhere.
	SHA256  string
	UserID  access.GUID
	Expires time.Time
}

// Folder is a part of Orchestrator in a tenant.
type Folder struct {
	// ID is the folder's key.
	ID       access.GUID
	TenantID access.GUID
	// ParentID is the folder that it is in, or empty.
	ParentID access.GUID
	// Name is unique beside the other folders in the same place.
	Name string
}

// Project is a container of a service in a tenant.
type Project struct {
	// ID is a segment of scope paths: a GUID, or with IXP a hexadecimal number (contract 4.5).
	ID       string
	TenantID access.GUID
	// Service is the slug of the service.
	Service string
	Name    string
}

// Stamp says who made something and who changed it last, and when.
type Stamp struct {
	CreatedBy access.GUID
	CreatedOn time.Time
	UpdatedBy access.GUID
	UpdatedOn time.Time
}

// Role is a named set of permissions.
type Role struct {
	ID          access.GUID
	Name        string
	Description string
	Type        access.RoleType
	// Shape says where the role can be assigned.
	Shape access.RoleShape
	// TenantID is the tenant that owns the role, or empty.
	TenantID access.GUID
	// Service is the API name of the owner service.
	Service string
	// Permissions are names in upper case, sorted, without duplicates.
	Permissions []string
	// OfOrchestrator says that it is an [OrchestratorRole] as the platform shows it.
	OfOrchestrator bool
	Stamp
}

// UniqueName is the key that the platform shows for a role in its export (contract 3.5): namespace and name in upper case.
func (r Role) UniqueName() string { return strings.ToUpper(r.Service + "." + r.Name) }

// Assignment is the triple of principal, role and scope.
type Assignment struct {
	ID            access.GUID
	RoleID        access.GUID
	PrincipalID   access.GUID
	PrincipalType access.PrincipalType
	Scope         access.Scope
	Type          access.AssignmentType
	Stamp
}
