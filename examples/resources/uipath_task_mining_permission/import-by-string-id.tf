import {
  to = uipath_task_mining_permission.experts
  id = "1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90/3b000000-0000-4000-8000-000000000005"
}
