list "uipath_tenant_role" "task_mining" {
  provider = uipath

  config {
    tenant   = "Production"
    contains = "Task Mining"
  }
}
