package access

import "slices"

// ExportColumn is a column of the export of role assignments. Its value is the column's place in the file, its [ExportColumn.String]
// the header; the vendor's page on exporting role assignments lists them in this order.
type ExportColumn int

// The columns of the export, in the order of the file.
const (
	// ExportID is the GUID of the assignment.
	ExportID ExportColumn = iota
	ExportRoleName
	ExportRoleID
	ExportRoleDescription
	// ExportRoleType says who made the role, in upper case: BUILTIN, PLATFORM or CUSTOM (contract 3.3).
	ExportRoleType
	// ExportRoleAssignmentType says who made the assignment: BuiltIn or Custom.
	ExportRoleAssignmentType
	// ExportScope is the path with ids.
	ExportScope
	// ExportScopeWithDisplayNames is the path with names in place of ids, as far as there are any.
	ExportScopeWithDisplayNames
	// ExportServiceName is the display name of the service that owns the role.
	ExportServiceName
	ExportSecurityPrincipalID
	ExportSecurityPrincipalType
	// ExportSecurityPrincipalEmail is blank unless the principal is a user.
	ExportSecurityPrincipalEmail
	// ExportSecurityPrincipalDisplayName is blank for users of an external directory.
	ExportSecurityPrincipalDisplayName
	// ExportInheritedFromGroupName and ExportInheritedFromGroupID are blank unless the row is that of a member of a group.
	ExportInheritedFromGroupName
	ExportInheritedFromGroupID
	// ExportTenantName is blank at organization level, and so is ExportTenantID.
	ExportTenantName
	ExportOrganizationName
	ExportOrganizationID
	ExportTenantID
	// ExportCreatedBy is the GUID of who made the assignment.
	ExportCreatedBy
	ExportCreatedByDisplayName
	// ExportCreatedOn is a time in the API's own format (contract 3.2).
	ExportCreatedOn
	// ExportFolderName and ExportFolderKey are blank unless the scope is a folder.
	ExportFolderName
	ExportFolderKey
	// ExportProjectID is blank unless the scope is a project.
	ExportProjectID

	exportWidth
)

var exportHeaders = [exportWidth]string{
	"Id", "RoleName", "RoleId", "RoleDescription", "RoleType", "RoleAssignmentType", "Scope", "ScopeWithDisplayNames", "ServiceName",
	"SecurityPrincipalId", "SecurityPrincipalType", "SecurityPrincipalEmail", "SecurityPrincipalDisplayName", "InheritedFromGroupName",
	"InheritedFromGroupId", "TenantName", "OrganizationName", "OrganizationId", "TenantId", "CreatedBy", "CreatedByDisplayName", "CreatedOn",
	"FolderName", "FolderKey", "ProjectId",
}

// String returns the column's header.
func (c ExportColumn) String() string { return exportHeaders[c] }

// ExportHeader returns the first line of the file.
func ExportHeader() []string { return slices.Clone(exportHeaders[:]) }

// ExportRow is a line of the export: one assignment, or with group expansion one member of a group that holds it. Columns index it.
type ExportRow [exportWidth]string
