# A multi-service role is assigned at a scope without a service.
resource "uipath_role_assignment" "auditors" {
  role_name      = "Automation Auditor"
  principal_name = "Process Discovery"
  scope_name     = "Production"
}

# Any other role is assigned at its own service, or at a project or folder of it.
resource "uipath_role_assignment" "document_viewers" {
  role_name      = "DU Viewer"
  principal_name = "Process Discovery"
  scope_name     = "Production / Document Understanding"
}

# The name of a role that this configuration creates is taken from its resource, so that Terraform knows the order.
resource "uipath_tenant_role" "reader" {
  name        = "Log Reader"
  permissions = ["ORCHESTRATOR.MLLOGS.VIEW"]
}

resource "uipath_role_assignment" "readers" {
  role_name      = uipath_tenant_role.reader.name
  principal_name = "grace.hopper@acme.example"
  scope_name     = uipath_tenant_role.reader.tenant_name
}
