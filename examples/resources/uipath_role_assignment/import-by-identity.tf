import {
  to = uipath_role_assignment.auditors
  identity = {
    scope        = "/tenant/1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90"
    role_id      = "3d000000-0000-4000-8000-000000000002"
    principal_id = "3b000000-0000-4000-8000-000000000005"
  }
}
