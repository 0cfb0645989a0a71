# A multi-service role in the provider's tenant: what a Task Mining Process SME needs in AI Center.
resource "uipath_tenant_role" "process_sme" {
  name        = "Task Mining Process SME"
  description = "Reviews discovery results."

  permissions = [
    "ORCHESTRATOR.MLLOGS.VIEW",
    "ORCHESTRATOR.MLPACKAGES.VIEW",
    "ORCHESTRATOR.MLSKILLS.VIEW",
  ]
}

# A role that Document Understanding owns, in another tenant.
resource "uipath_tenant_role" "project_reader" {
  name        = "Document Project Reader"
  tenant_name = "Staging"
  service     = "Document Understanding"
  permissions = ["DOCUMENTUNDERSTANDING.PROJECTS.READ"]
}
