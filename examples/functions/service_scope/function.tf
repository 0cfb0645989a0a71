data "uipath_tenant" "production" {
  name = "Production"
}

# "/tenant/1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90/reinfer": IXP is called Reinfer in paths.
output "scope" {
  value = provider::uipath::service_scope(data.uipath_tenant.production.id, "IXP")
}
