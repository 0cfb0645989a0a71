# By the name of the role, or by its GUID.
terraform import uipath_tenant_role.process_sme 'Task Mining Process SME'
terraform import uipath_tenant_role.process_sme 3f2504e0-4f89-41d3-9a0c-0305e82c3301
