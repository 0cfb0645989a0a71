list "uipath_task_mining_permission" "production" {
  provider = uipath
  limit    = 1000

  config {
    tenant_name = "Production"
  }
}
