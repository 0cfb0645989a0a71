# By the GUID of the role; the data source uipath_role finds it by name.
terraform import uipath_tenant_role.process_sme 3f2504e0-4f89-41d3-9a0c-0305e82c3301
