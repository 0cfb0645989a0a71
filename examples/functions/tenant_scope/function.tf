data "uipath_tenant" "production" {
  name = "Production"
}

# "/tenant/1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90"
output "scope" {
  value = provider::uipath::tenant_scope(data.uipath_tenant.production.id)
}
