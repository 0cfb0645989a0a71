list "uipath_role_assignment" "everything_in_production" {
  provider = uipath
  limit    = 1000

  config {
    scope_name    = "Production"
    include_below = true
  }
}
