import {
  to = uipath_tenant_role.process_sme
  id = "Task Mining Process SME"
}
