# At the tenant: tenant, role and principal. At a folder: tenant, folder, role and principal. Each by name or by id.
terraform import uipath_orchestrator_role_assignment.grace 'Production|Task Mining Process SME|grace.hopper@acme.example'
terraform import uipath_orchestrator_role_assignment.invoices 'Production|Finance/Invoices|Folder Administrator|grace.hopper@acme.example'
