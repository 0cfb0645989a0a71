data "uipath_role" "tenant_administrator" {
  name = "Tenant Administrator"
}

# Several services have a role called Viewer, so the service tells which one is meant.
data "uipath_role" "viewer" {
  name    = "Viewer"
  service = "Insights"
}

output "what_an_administrator_may" {
  value = data.uipath_role.tenant_administrator.permissions
}
