# The tenant role that a Process SME of Task Mining needs, made in Orchestrator as the vendor's page says.
resource "uipath_orchestrator_role" "process_sme" {
  name = "Task Mining Process SME"
  type = "Tenant"

  permissions = [
    "MLLogs.View",
    "MLPackages.View",
    "MLSkills.View",
  ]
}

# A role for folders, in another tenant.
resource "uipath_orchestrator_role" "queue_reader" {
  name        = "Queue Reader"
  type        = "Folder"
  tenant_name = "Staging"
  permissions = ["Queues.View", "Transactions.View"]
}
