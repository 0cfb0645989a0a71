list "uipath_orchestrator_role_assignment" "finance" {
  provider = uipath
  limit    = 1000

  config {
    tenant_name = "Production"
    folder_name = "Finance"
  }
}
