data "uipath_tenant" "production" {
  name = "Production"
}

output "production_id" {
  value = data.uipath_tenant.production.id
}
