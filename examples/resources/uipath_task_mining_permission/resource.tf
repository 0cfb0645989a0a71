data "uipath_principal" "experts" {
  name = "Process Discovery"
  type = "Group"
}

# Task Mining keeps its data in AI Center, so the permission also needs a tenant role with permissions there.
resource "uipath_tenant_role" "experts" {
  name        = "AI Center for process experts"
  description = "What a Process SME of Task Mining needs of AI Center."
  permissions = provider::uipath::task_mining_ai_center_permissions("Process SME")
}

resource "uipath_role_assignment" "experts" {
  role_id        = uipath_tenant_role.experts.id
  principal_id   = data.uipath_principal.experts.id
  principal_type = "Group"
  scope          = provider::uipath::tenant_scope(uipath_tenant_role.experts.tenant)
}

resource "uipath_task_mining_permission" "experts" {
  principal_id   = data.uipath_principal.experts.id
  principal_type = "Group"
  permission     = "Process SME"

  # The provider checks this just before it gives the permission, so the role assignment must come first.
  require_ai_center_permissions = true
  depends_on                    = [uipath_role_assignment.experts]
}
