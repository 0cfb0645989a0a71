# By tenant and principal, each by name or by id ...
terraform import uipath_task_mining_permission.experts 'Production/Process Discovery'
terraform import uipath_task_mining_permission.experts '1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90/3b000000-0000-4000-8000-000000000005'

# ... by the GUID of its role assignment that the export shows, or by scope and GUID where you may not list the whole organization.
terraform import uipath_task_mining_permission.experts 3f2504e0-4f89-41d3-9a0c-0305e82c3301
terraform import uipath_task_mining_permission.experts '/tenant/1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90/taskmining|3f2504e0-4f89-41d3-9a0c-0305e82c3301'
