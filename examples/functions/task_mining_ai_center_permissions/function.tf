resource "uipath_tenant_role" "experts" {
  name        = "AI Center for process experts"
  permissions = provider::uipath::task_mining_ai_center_permissions("Process SME")
}
