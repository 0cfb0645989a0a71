import {
  to = uipath_task_mining_permission.experts
  id = "Production/Process Discovery"
}
