# By tenant and role, each by name or by id.
terraform import uipath_orchestrator_role.process_sme 'Production|Task Mining Process SME'
terraform import uipath_orchestrator_role.process_sme '1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90|10005'
