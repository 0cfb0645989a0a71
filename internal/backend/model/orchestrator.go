package model

import (
	"slices"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// OrchestratorService is the API name of the service that owns the roles that are made in Orchestrator.
const OrchestratorService = "Orchestrator"

// OrchestratorRoleType says where a role of Orchestrator can be assigned (contract 8.2-2).
type OrchestratorRoleType string

const (
	// OrchestratorTenantRole is assigned at the tenant.
	OrchestratorTenantRole OrchestratorRoleType = "Tenant"
	// OrchestratorFolderRole is assigned at folders.
	OrchestratorFolderRole OrchestratorRoleType = "Folder"
	// OrchestratorMixedRole is assigned at both. Nobody can create one any more.
	OrchestratorMixedRole OrchestratorRoleType = "Mixed"
)

// AtTenant reports whether a role of this type can be assigned at the tenant.
func (t OrchestratorRoleType) AtTenant() bool { return t != OrchestratorFolderRole }

// AtFolders reports whether a role of this type can be assigned at folders.
func (t OrchestratorRoleType) AtFolders() bool { return t != OrchestratorTenantRole }

// OrchestratorRole is a role of a tenant that is made in Orchestrator. It is not a [Role], and what is assigned of it names it by its key.
type OrchestratorRole struct {
	// ID is a number that fits into 32 bits, unique in the organization.
	ID int64
	// Key is the id that the platform knows the role by.
	Key         access.GUID
	TenantID    access.GUID
	Name        string
	DisplayName string
	Type        OrchestratorRoleType
	// Static roles come with Orchestrator.
	Static bool
	// Editable roles may be given other permissions.
	Editable bool
	// Permissions are names such as Assets.View, sorted, without duplicates.
	Permissions []string
}

// PlatformRole is the role as the platform shows it where it is assigned, without its permissions.
func (r OrchestratorRole) PlatformRole() Role {
	shown := Role{
		ID: r.Key, Name: r.Name, Type: access.RoleCustom, Shape: access.RoleShape(r.Type), TenantID: r.TenantID, Service: OrchestratorService,
		OfOrchestrator: true,
	}
	if r.Static {
		shown.Type = access.RoleBuiltIn
	}
	return shown
}

// OrchestratorUser is a principal that Orchestrator of a tenant knows, whatever their type. What they hold are assignments of roles.
type OrchestratorUser struct {
	// ID is a number of 64 bits, unique in the organization.
	ID          int64
	TenantID    access.GUID
	PrincipalID access.GUID
	// FolderIDs are the folders that the user was added to, with a role or without, sorted.
	FolderIDs []access.GUID
	CreatedOn time.Time
}

// In reports whether the user was added to a folder.
func (u OrchestratorUser) In(folderID access.GUID) bool {
	return slices.Contains(u.FolderIDs, folderID)
}

// OrchestratorScope is where a role of Orchestrator is assigned: a folder or, where the id is empty, the tenant.
func OrchestratorScope(tenantID, folderID access.GUID) (access.Scope, error) {
	if folderID == "" {
		return access.ServiceScope(tenantID, OrchestratorService)
	}
	return access.FolderScope(tenantID, folderID.String())
}
