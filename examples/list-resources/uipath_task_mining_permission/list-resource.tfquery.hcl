list "uipath_task_mining_permission" "production" {
  provider = uipath

  config {
    tenant = "1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90"
  }
}
