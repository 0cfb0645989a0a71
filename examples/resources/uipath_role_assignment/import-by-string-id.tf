import {
  to = uipath_role_assignment.auditors
  id = "Production|Automation Auditor|Process Discovery"
}
