package httpapi

import (
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

// folderSet is the folders of a tenant (contract 8.1, FolderDto of the vendor's OpenAPI). What the backend does not keep has the value of an
// ordinary folder. They have nothing to expand.
var folderSet = odataSet[rules.FolderDetails]{name: "Folders", entity: odataEntity[rules.FolderDetails]{
	{"Key", odataText, func(f rules.FolderDetails) any { return f.ID.String() }},
	{"DisplayName", odataText, func(f rules.FolderDetails) any { return f.Name }},
	{"FullyQualifiedName", odataText, func(f rules.FolderDetails) any { return f.Path }},
	{"Description", odataText, func(rules.FolderDetails) any { return nil }},
	{"FolderType", odataText, func(rules.FolderDetails) any { return "Standard" }},
	{"IsPersonal", odataFlag, func(rules.FolderDetails) any { return false }},
	{"ProvisionType", odataText, func(rules.FolderDetails) any { return "Automatic" }},
	{"PermissionModel", odataText, func(rules.FolderDetails) any { return "FineGrained" }},
	{"ParentId", odataNumber, func(f rules.FolderDetails) any { return nullable(f.ParentNumber) }},
	{"ParentKey", odataText, func(f rules.FolderDetails) any { return nullable(f.ParentID.String()) }},
	{"FeedType", odataText, func(rules.FolderDetails) any { return "Processes" }},
	{"Id", odataNumber, func(f rules.FolderDetails) any { return f.Number }},
}}

func numberOfFolder(r *request) rules.FolderKey {
	return rules.FolderKey{Tenant: r.PathValue("tenant"), Number: arguments(r, "").number(r, "")}
}

func keyOfFolder(r *request) rules.FolderKey {
	key := arguments(r, argumentIdentifier)[argumentIdentifier]
	if r.failed != nil {
		return rules.FolderKey{}
	}
	return rules.FolderKey{Tenant: r.PathValue("tenant"), ID: r.parseGUID(argumentIdentifier, key)}
}
