# By scope, role and principal, each by name or by id ...
terraform import uipath_role_assignment.auditors 'Production|Automation Auditor|Process Discovery'
terraform import uipath_role_assignment.auditors '/tenant/1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90|3d000000-0000-4000-8000-000000000002|3b000000-0000-4000-8000-000000000005'

# ... by the GUID of the assignment that the export shows, or by scope and GUID where you may not list the whole organization.
terraform import uipath_role_assignment.auditors 3f2504e0-4f89-41d3-9a0c-0305e82c3301
terraform import uipath_role_assignment.auditors 'Production|3f2504e0-4f89-41d3-9a0c-0305e82c3301'
