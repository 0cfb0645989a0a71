# kind = "Project", service_name = "IXP", project = "4b0000000000000a", ...
output "parts" {
  value = provider::uipath::parse_scope("/tenant/1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90/Reinfer/project/4b0000000000000a")
}
