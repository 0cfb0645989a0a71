data "uipath_tenant" "production" {
  name = "Production"
}

# "/tenant/1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90/orchestrator/folder/4a000000-0000-4000-8000-000000000002"
output "scope" {
  value = provider::uipath::folder_scope(data.uipath_tenant.production.id, "4a000000-0000-4000-8000-000000000002")
}
