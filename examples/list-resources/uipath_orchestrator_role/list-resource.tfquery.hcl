list "uipath_orchestrator_role" "task_mining" {
  provider = uipath
  limit    = 1000

  config {
    tenant_name = "Production"
    contains    = "Task Mining"
  }
}
