data "uipath_tenant" "production" {
  name = "Production"
}

data "uipath_role" "auditor" {
  name = "Automation Auditor"
}

data "uipath_principal" "process_discovery" {
  name = "Process Discovery"
  type = "Group"
}

# A multi-service role is assigned at a path without a service.
resource "uipath_role_assignment" "auditors" {
  role_id        = data.uipath_role.auditor.id
  principal_id   = data.uipath_principal.process_discovery.id
  principal_type = data.uipath_principal.process_discovery.type
  scope          = "/tenant/${data.uipath_tenant.production.id}"
}

# Any other role is assigned at its own service.
data "uipath_role" "document_viewer" {
  name    = "DU Viewer"
  service = "Document Understanding"
}

resource "uipath_role_assignment" "document_viewers" {
  role_id        = data.uipath_role.document_viewer.id
  principal_id   = data.uipath_principal.process_discovery.id
  principal_type = data.uipath_principal.process_discovery.type
  scope          = "/tenant/${data.uipath_tenant.production.id}/documentunderstanding"
}
