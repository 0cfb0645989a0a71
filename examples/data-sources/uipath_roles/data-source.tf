# The roles that administrators of Production made.
data "uipath_roles" "custom" {
  type        = "Custom"
  tenant_name = "Production"
}

output "custom_roles" {
  value = { for name, role in data.uipath_roles.custom.roles : name => role.description }
}
