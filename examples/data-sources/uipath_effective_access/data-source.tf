data "uipath_effective_access" "edsger" {
  principal_name = "edsger.dijkstra@acme.example"
}

output "what_edsger_can_do" {
  value = [
    for grant in data.uipath_effective_access.edsger.grants :
    "${grant.role_name} at ${grant.scope_name}${grant.through_group_name == null ? "" : " through ${grant.through_group_name}"}"
  ]
}
