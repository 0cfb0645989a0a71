data "uipath_principal" "edsger" {
  name = "Edsger Dijkstra"
  type = "User"
}

data "uipath_effective_access" "edsger" {
  principal_id   = data.uipath_principal.edsger.id
  principal_type = data.uipath_principal.edsger.type
}

output "what_edsger_can_do" {
  value = [
    for grant in data.uipath_effective_access.edsger.grants :
    "${grant.role_name} at ${grant.scope_name}${grant.through_group_name == null ? "" : " through ${grant.through_group_name}"}"
  ]
}
