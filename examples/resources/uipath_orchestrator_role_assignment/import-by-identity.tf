import {
  to = uipath_orchestrator_role_assignment.invoices
  identity = {
    tenant_id    = "1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90"
    folder_key   = "4a000000-0000-4000-8000-000000000002"
    role_id      = "6"
    principal_id = "3a000000-0000-4000-8000-000000000002"
  }
}
