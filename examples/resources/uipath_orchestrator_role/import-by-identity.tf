import {
  to = uipath_orchestrator_role.process_sme
  identity = {
    tenant_id = "1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90"
    id        = "10005"
  }
}
