import {
  to = uipath_orchestrator_role.process_sme
  id = "Production|Task Mining Process SME"
}
