package access

import (
	"slices"
	"testing"
)

// TestExportHeader holds the columns in the order of the vendor's page on exporting role assignments.
func TestExportHeader(t *testing.T) {
	t.Parallel()
	want := []string{
		"Id", "RoleName", "RoleId", "RoleDescription", "RoleType", "RoleAssignmentType", "Scope", "ScopeWithDisplayNames", "ServiceName",
		"SecurityPrincipalId", "SecurityPrincipalType", "SecurityPrincipalEmail", "SecurityPrincipalDisplayName", "InheritedFromGroupName",
		"InheritedFromGroupId", "TenantName", "OrganizationName", "OrganizationId", "TenantId", "CreatedBy", "CreatedByDisplayName",
		"CreatedOn", "FolderName", "FolderKey", "ProjectId",
	}
	if got := ExportHeader(); !slices.Equal(got, want) {
		t.Errorf("the header is %q, want %q", got, want)
	}
	if width := len(ExportRow{}); width != len(want) {
		t.Errorf("a row has %d columns, want %d", width, len(want))
	}
}

// TestExportColumns holds that each column names its own header: a constant out of place would move the values of a row.
func TestExportColumns(t *testing.T) {
	t.Parallel()
	for column, want := range map[ExportColumn]string{
		ExportID: "Id", ExportRoleName: "RoleName", ExportRoleID: "RoleId", ExportRoleDescription: "RoleDescription", ExportRoleType: "RoleType",
		ExportRoleAssignmentType: "RoleAssignmentType", ExportScope: "Scope", ExportScopeWithDisplayNames: "ScopeWithDisplayNames",
		ExportServiceName: "ServiceName", ExportSecurityPrincipalID: "SecurityPrincipalId", ExportSecurityPrincipalType: "SecurityPrincipalType",
		ExportSecurityPrincipalEmail: "SecurityPrincipalEmail", ExportSecurityPrincipalDisplayName: "SecurityPrincipalDisplayName",
		ExportInheritedFromGroupName: "InheritedFromGroupName", ExportInheritedFromGroupID: "InheritedFromGroupId",
		ExportTenantName: "TenantName", ExportOrganizationName: "OrganizationName", ExportOrganizationID: "OrganizationId",
		ExportTenantID: "TenantId", ExportCreatedBy: "CreatedBy", ExportCreatedByDisplayName: "CreatedByDisplayName",
		ExportCreatedOn: "CreatedOn", ExportFolderName: "FolderName", ExportFolderKey: "FolderKey", ExportProjectID: "ProjectId",
	} {
		if got := column.String(); got != want {
			t.Errorf("column %d is headed %q, want %q", column, got, want)
		}
	}
}
