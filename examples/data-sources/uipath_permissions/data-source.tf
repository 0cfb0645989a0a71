# What a uipath_tenant_role can grant on machine-learning packages.
data "uipath_permissions" "packages" {
  service    = "Orchestrator"
  scope_type = "Tenant"
  contains   = "MLPACKAGES"
}

output "package_permissions" {
  value = data.uipath_permissions.packages.names
}
