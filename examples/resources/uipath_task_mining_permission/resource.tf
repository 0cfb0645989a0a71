# Task Mining keeps its data in AI Center, so the permission also needs a tenant role with permissions there.
resource "uipath_tenant_role" "experts" {
  name        = "AI Center for process experts"
  description = "What a Process SME of Task Mining needs of AI Center."
  permissions = provider::uipath::task_mining_ai_center_permissions("Process SME")
}

resource "uipath_role_assignment" "experts" {
  role_name      = uipath_tenant_role.experts.name
  principal_name = "Process Discovery"
  scope_name     = uipath_tenant_role.experts.tenant_name
}

resource "uipath_task_mining_permission" "experts" {
  principal_name = "Process Discovery"
  permission     = "Process SME"

  # The provider checks this just before it gives the permission, so the role assignment must come first.
  require_ai_center_permissions = true
  depends_on                    = [uipath_role_assignment.experts]
}
