import {
  to = uipath_orchestrator_role_assignment.invoices
  id = "Production|Finance/Invoices|Folder Administrator|grace.hopper@acme.example"
}
