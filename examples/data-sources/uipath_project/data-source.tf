data "uipath_project" "contracts" {
  service = "Document Understanding"
  name    = "Contracts"
}

output "scope" {
  value = data.uipath_project.contracts.scope_name
}
