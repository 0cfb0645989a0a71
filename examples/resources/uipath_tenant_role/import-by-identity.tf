import {
  to = uipath_tenant_role.process_sme
  identity = {
    id = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
  }
}
