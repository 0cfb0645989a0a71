package access

import "slices"

// ExportRecord is a line of the export of role assignments: one assignment, or with group expansion one member of a group that holds
// it. The fields stand in the order of the file's columns, which the vendor's page on exporting role assignments lists.
type ExportRecord struct {
	// ID is the GUID of the assignment.
	ID              string
	RoleName        string
	RoleID          string
	RoleDescription string
	// RoleType says who made the role, in upper case: BUILTIN (contract 3.3-5) and, as far as one can tell, PLATFORM or CUSTOM (3.3-6).
	RoleType string
	// RoleAssignmentType says who made the assignment: BuiltIn or Custom.
	RoleAssignmentType string
	// Scope is the path with ids.
	Scope string
	// ScopeWithDisplayNames is the path with names in place of ids, as far as there are any.
	ScopeWithDisplayNames string
	// ServiceName is the display name of the service that owns the role.
	ServiceName           string
	SecurityPrincipalID   string
	SecurityPrincipalType string
	// SecurityPrincipalEmail is blank unless the principal is a user.
	SecurityPrincipalEmail string
	// SecurityPrincipalDisplayName is blank for users of an external directory.
	SecurityPrincipalDisplayName string
	// InheritedFromGroupName and InheritedFromGroupID are blank unless the line is that of a member of a group.
	InheritedFromGroupName string
	InheritedFromGroupID   string
	// TenantName is blank at organization level, and so is TenantID.
	TenantName       string
	OrganizationName string
	OrganizationID   string
	TenantID         string
	// CreatedBy is the GUID of who made the assignment.
	CreatedBy            string
	CreatedByDisplayName string
	// CreatedOn is a time in the API's own format (contract 3.2).
	CreatedOn string
	// FolderName and FolderKey are blank unless the scope is a folder.
	FolderName string
	FolderKey  string
	// ProjectID is blank unless the scope is a project.
	ProjectID string
}

// exportHeader is the first line of the file.
var exportHeader = [...]string{
	"Id", "RoleName", "RoleId", "RoleDescription", "RoleType", "RoleAssignmentType", "Scope", "ScopeWithDisplayNames", "ServiceName",
	"SecurityPrincipalId", "SecurityPrincipalType", "SecurityPrincipalEmail", "SecurityPrincipalDisplayName", "InheritedFromGroupName",
	"InheritedFromGroupId", "TenantName", "OrganizationName", "OrganizationId", "TenantId", "CreatedBy", "CreatedByDisplayName", "CreatedOn",
	"FolderName", "FolderKey", "ProjectId",
}

// Columns returns where the record's values are kept, in the order of the file.
func (r *ExportRecord) Columns() [len(exportHeader)]*string {
	return [...]*string{
		&r.ID, &r.RoleName, &r.RoleID, &r.RoleDescription, &r.RoleType, &r.RoleAssignmentType, &r.Scope, &r.ScopeWithDisplayNames, &r.ServiceName,
		&r.SecurityPrincipalID, &r.SecurityPrincipalType, &r.SecurityPrincipalEmail, &r.SecurityPrincipalDisplayName, &r.InheritedFromGroupName,
		&r.InheritedFromGroupID, &r.TenantName, &r.OrganizationName, &r.OrganizationID, &r.TenantID, &r.CreatedBy, &r.CreatedByDisplayName,
		&r.CreatedOn, &r.FolderName, &r.FolderKey, &r.ProjectID,
	}
}

// Cells returns the record's values in the order of the file.
func (r ExportRecord) Cells() []string {
	cells := make([]string, 0, len(exportHeader))
	for _, column := range r.Columns() {
		cells = append(cells, *column)
	}
	return cells
}

// ExportHeader returns the first line of the file.
func ExportHeader() []string { return slices.Clone(exportHeader[:]) }
