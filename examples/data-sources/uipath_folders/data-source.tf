data "uipath_folders" "production" {
  tenant_name = "Production"
}

# The scopes of the folders below Finance.
output "scopes" {
  value = [for name, folder in data.uipath_folders.production.folders : folder.scope_name if startswith(name, "Finance/")]
}
