data "uipath_services" "all" {}

# Where somebody goes to manage the roles of AI Center: Orchestrator.
output "ai_center_is_managed_from" {
  value = data.uipath_services.all.services["AI Center"].managed_from
}
