package access

import (
	"reflect"
	"slices"
	"strings"
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
	if cells := (ExportRecord{}).Cells(); len(cells) != len(want) {
		t.Errorf("a record has %d cells, want %d", len(cells), len(want))
	}
}

// TestExportColumns holds that each field of a record is the column of its own name: one out of place would move the values.
func TestExportColumns(t *testing.T) {
	t.Parallel()
	var record ExportRecord
	for i, column := range record.Columns() {
		*column = exportHeader[i]
	}
	fields := reflect.ValueOf(record)
	for i := range fields.NumField() {
		name := fields.Type().Field(i).Name
		if got := fields.Field(i).String(); !strings.EqualFold(got, name) || got != record.Cells()[i] {
			t.Errorf("column %d is the field %s and headed %q", i, name, got)
		}
	}
}
