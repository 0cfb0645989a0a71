import {
  to = uipath_orchestrator_role_assignment.invoices
  id = "Production|Finance/Invoices|Folder Administrator|edsger.dijkstra@acme.example"
}
