# The vendor's page on Task Mining: a tenant role that is made in Orchestrator, for a user and for a group.
resource "uipath_orchestrator_role" "process_sme" {
  name        = "Task Mining Process SME"
  type        = "Tenant"
  permissions = ["MLLogs.View", "MLPackages.View", "MLSkills.View"]
}

resource "uipath_orchestrator_role_assignment" "grace" {
  role_name      = uipath_orchestrator_role.process_sme.name
  principal_name = "grace.hopper@acme.example"
}

resource "uipath_orchestrator_role_assignment" "automation_users" {
  role_name      = uipath_orchestrator_role.process_sme.name
  principal_name = "Automation Users"
}

# A role that comes with Orchestrator, at a folder and everything in it.
resource "uipath_orchestrator_role_assignment" "invoices" {
  role_name      = "Folder Administrator"
  principal_name = "grace.hopper@acme.example"
  folder_name    = "Finance/Invoices"
}
