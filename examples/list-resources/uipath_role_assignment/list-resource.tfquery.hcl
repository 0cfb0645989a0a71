list "uipath_role_assignment" "everything_in_production" {
  provider = uipath

  config {
    scope         = "/tenant/1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90"
    include_below = true
  }
}
